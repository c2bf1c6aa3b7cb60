/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/stick-mounts.h"

#include <glib/gi18n-lib.h>

#include "ui/text.h"

struct _MereStickMounts
{
  GVolumeMonitor        *monitor;
  MereStickMountsChanged changed;
  gpointer               user_data;
};

static void
on_mounts_changed_cb (MereStickMounts *self)
{
  self->changed (self->user_data);
}

MereStickMounts *
mere_stick_mounts_new (MereStickMountsChanged changed,
                       gpointer               user_data)
{
  MereStickMounts *self = g_new0 (MereStickMounts, 1);

  self->monitor = g_volume_monitor_get ();
  self->changed = changed;
  self->user_data = user_data;
  g_signal_connect_swapped (self->monitor, "mount-added", G_CALLBACK (on_mounts_changed_cb), self);
  g_signal_connect_swapped (self->monitor, "mount-removed", G_CALLBACK (on_mounts_changed_cb), self);

  return self;
}

void
mere_stick_mounts_free (MereStickMounts *self)
{
  g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_object_unref (self->monitor);
  g_free (self);
}

/* (nullable): the folder of a mount that a person plugged in. */
static char *
dup_folder (GMount *mount)
{
  g_autoptr (GFile) root = g_mount_get_root (mount);

  if (g_mount_is_shadowed (mount) || !(g_mount_can_eject (mount) || g_mount_can_unmount (mount)))
    return NULL;

  return g_file_get_path (root);
}

GMenu *
mere_stick_mounts_make_menu (MereStickMounts *self,
                             const char      *action)
{
  g_autolist (GMount) mounts = g_volume_monitor_get_mounts (self->monitor);
  GMenu *menu = g_menu_new ();

  for (GList *item = mounts; item != NULL; item = item->next)
    {
      g_autofree char *folder = dup_folder (item->data);
      g_autofree char *name = g_mount_get_name (item->data);
      g_autofree char *label = mere_text_menu_label (name);
      g_autoptr (GMenuItem) entry = g_menu_item_new (label, NULL);

      if (folder == NULL)
        continue;

      g_menu_item_set_action_and_target (entry, action, "s", folder);
      g_menu_append_item (menu, entry);
    }

  return menu;
}

char *
mere_stick_mounts_dup_only (MereStickMounts *self)
{
  g_autolist (GMount) mounts = g_volume_monitor_get_mounts (self->monitor);
  g_autofree char *only = NULL;

  for (GList *item = mounts; item != NULL; item = item->next)
    {
      g_autofree char *folder = dup_folder (item->data);

      if (folder == NULL)
        continue;
      if (only != NULL)
        return NULL;
      only = g_steal_pointer (&folder);
    }

  return g_steal_pointer (&only);
}

/* (transfer full) (nullable) */
static GMount *
find (MereStickMounts *self,
      const char      *folder)
{
  g_autolist (GMount) mounts = g_volume_monitor_get_mounts (self->monitor);
  g_autoptr (GFile) wanted = g_file_new_for_path (folder);

  for (GList *item = mounts; item != NULL; item = item->next)
    {
      g_autoptr (GFile) root = g_mount_get_root (item->data);
      g_autofree char *path = dup_folder (item->data);

      if (path != NULL && (g_file_equal (wanted, root) || g_file_has_prefix (wanted, root)))
        return g_object_ref (item->data);
    }

  return NULL;
}

gboolean
mere_stick_mounts_has (MereStickMounts *self,
                       const char      *folder)
{
  g_autoptr (GMount) mount = find (self, folder);

  return mount != NULL;
}

static void
on_ejected_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GMount  *mount = G_MOUNT (source);
  gboolean gone;

  /* Not asked again: what is gone can do nothing. */
  if (GPOINTER_TO_INT (g_task_get_task_data (task)))
    gone = g_mount_eject_with_operation_finish (mount, result, &error);
  else
    gone = g_mount_unmount_with_operation_finish (mount, result, &error);

  if (gone)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
mere_stick_mounts_eject_async (MereStickMounts    *self,
                               const char         *folder,
                               GtkWidget          *parent,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr (GMount) mount = find (self, folder);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (GMountOperation) operation = gtk_mount_operation_new (GTK_WINDOW (gtk_widget_get_root (parent)));

  gboolean ejects = mount != NULL && g_mount_can_eject (mount);

  g_task_set_task_data (task, GINT_TO_POINTER (ejects), NULL);
  if (mount == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED, _ ("The stick is gone already."));
  else if (ejects)
    g_mount_eject_with_operation (mount, G_MOUNT_UNMOUNT_NONE, operation, NULL, on_ejected_cb, g_steal_pointer (&task));
  else
    g_mount_unmount_with_operation (mount, G_MOUNT_UNMOUNT_NONE, operation, NULL, on_ejected_cb, g_steal_pointer (&task));
}

gboolean
mere_stick_mounts_eject_finish (GAsyncResult *result,
                                GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
