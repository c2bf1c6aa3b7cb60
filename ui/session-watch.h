/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef void (*MereSessionCallback) (gpointer user_data);

/**
 * MereSessionWatch:
 *
 * Calls back when the computer is about to sleep, and when the session's screen is locked, as systemd-logind says on the system bus. Sleep
 * waits for the callback to return: a delay inhibitor is held for that, for as long as logind allows (5 seconds by default). Where
 * there is no logind nothing happens. https://www.freedesktop.org/software/systemd/man/org.freedesktop.login1.html
 */
typedef struct _MereSessionWatch MereSessionWatch;

MereSessionWatch *mere_session_watch_new (MereSessionCallback callback,
                                          gpointer            user_data) G_GNUC_WARN_UNUSED_RESULT;
void              mere_session_watch_free (MereSessionWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereSessionWatch, mere_session_watch_free)

G_END_DECLS
