/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*MereIdleCallback) (gpointer user_data);

/**
 * MereIdleWatch:
 *
 * Calls back when nobody has touched a widget for as many minutes as mere_remembered_get_idle_minutes() says, and when
 * the computer is about to sleep or the session is locked (#MereSessionWatch). Time asleep counts: the clock is CLOCK_BOOTTIME.
 */
typedef struct _MereIdleWatch MereIdleWatch;

MereIdleWatch *mere_idle_watch_new (GtkWidget       *widget,
                                    MereIdleCallback callback,
                                    gpointer         user_data) G_GNUC_WARN_UNUSED_RESULT;
void           mere_idle_watch_free (MereIdleWatch *self);
void           mere_idle_watch_touch (MereIdleWatch *self); /* somebody is here */

G_END_DECLS
