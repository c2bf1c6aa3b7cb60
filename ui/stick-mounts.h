/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * MereStickMounts:
 *
 * The sticks that are plugged in, as far as this system tells of them.
 */
typedef struct _MereStickMounts MereStickMounts;

typedef void (*MereStickMountsChanged) (gpointer user_data);

MereStickMounts *mere_stick_mounts_new (MereStickMountsChanged changed,
                                        gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;
void             mere_stick_mounts_free (MereStickMounts *self);

/**
 * mere_stick_mounts_make_menu:
 * @action: what an item activates, with the folder of the stick ("s")
 *
 * Returns: (transfer full): an item for each stick; empty where there is none
 */
GMenu *mere_stick_mounts_make_menu (MereStickMounts *self,
                                    const char      *action);

/* (transfer full) (nullable): folder of the stick where there is exactly one. */
char *mere_stick_mounts_dup_only (MereStickMounts *self);

/* Whether @folder lies on one that can be ejected. */
gboolean mere_stick_mounts_has (MereStickMounts *self,
                                const char      *folder);

/* Ejects the one that @folder lies on; asks over the window of @parent where something still uses it. */
void     mere_stick_mounts_eject_async (MereStickMounts    *self,
                                        const char         *folder,
                                        GtkWidget          *parent,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
gboolean mere_stick_mounts_eject_finish (GAsyncResult *result,
                                         GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStickMounts, mere_stick_mounts_free)

G_END_DECLS
