/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "mock-monitor.h"

#define POINT "gio-native-volume-monitor"

static GList          *mounts; /* MockMount */
static gboolean        is_busy;
static GVolumeMonitor *monitor; /* the only one, borrowed */

/* --- A stick ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  GObject parent_instance;
  GFile  *root;
  char   *name;
} MockMount;

typedef GObjectClass MockMountClass;

static void mock_mount_iface_init (GMountIface *iface);

static GType mock_mount_get_type (void);
G_DEFINE_TYPE_WITH_CODE (MockMount, mock_mount, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_MOUNT, mock_mount_iface_init))

static GFile *
get_root (GMount *mount)
{
  return g_object_ref (((MockMount *) mount)->root);
}

static char *
get_name (GMount *mount)
{
  return g_strdup (((MockMount *) mount)->name);
}

static gboolean
can_eject (GMount *mount)
{
  return TRUE;
}

static void
eject (GMount             *mount,
       GMountUnmountFlags  flags,
       GMountOperation    *operation,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (mount, cancellable, callback, user_data);

  if (is_busy)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "target is busy");
      return;
    }
  mounts = g_list_remove (mounts, mount);
  g_signal_emit_by_name (monitor, "mount-removed", mount);
  g_signal_emit_by_name (mount, "unmounted");
  g_task_return_boolean (task, TRUE);
  g_object_unref (mount);
}

static gboolean
eject_finish (GMount       *mount,
              GAsyncResult *result,
              GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
mock_mount_iface_init (GMountIface *iface)
{
  iface->get_root = get_root;
  iface->get_name = get_name;
  iface->can_eject = can_eject;
  iface->can_unmount = can_eject;
  iface->eject_with_operation = eject;
  iface->eject_with_operation_finish = eject_finish;
}

static void
mock_mount_finalize (GObject *object)
{
  MockMount *self = (MockMount *) object;

  g_object_unref (self->root);
  g_free (self->name);
  G_OBJECT_CLASS (mock_mount_parent_class)->finalize (object);
}

static void
mock_mount_class_init (MockMountClass *klass)
{
  klass->finalize = mock_mount_finalize;
}

static void
mock_mount_init (MockMount *self)
{
}

/* --- The monitor -------------------------------------------------------------------------------------------------- */

typedef GNativeVolumeMonitor      MockMonitor;
typedef GNativeVolumeMonitorClass MockMonitorClass;

static GType mock_monitor_get_type (void);
G_DEFINE_TYPE (MockMonitor, mock_monitor, G_TYPE_NATIVE_VOLUME_MONITOR)

static GList *
list_mounts (GVolumeMonitor *self)
{
  return g_list_copy_deep (mounts, (GCopyFunc) (GCallback) g_object_ref, NULL);
}

static GList *
list_none (GVolumeMonitor *self)
{
  return NULL;
}

static gboolean
is_supported (void)
{
  return TRUE;
}

static GMount *
find_by_path (const char   *path,
              GCancellable *cancellable)
{
  return NULL;
}

static void
mock_monitor_class_init (MockMonitorClass *klass)
{
  GVolumeMonitorClass *monitor_class = G_VOLUME_MONITOR_CLASS (klass);

  monitor_class->is_supported = is_supported;
  monitor_class->get_mounts = list_mounts;
  monitor_class->get_volumes = list_none;
  monitor_class->get_connected_drives = list_none;
  klass->get_mount_for_mount_path = find_by_path;
}

static void
mock_monitor_init (MockMonitor *self)
{
  monitor = G_VOLUME_MONITOR (self);
}

void
mere_mock_monitor_install (void)
{
  g_io_extension_point_register (POINT);
  g_setenv ("GIO_USE_VOLUME_MONITOR", "mock", TRUE);
  g_io_extension_point_implement (POINT, mock_monitor_get_type (), "mock", 1000);
}

void
mere_mock_monitor_add (const char *folder,
                       const char *name)
{
  MockMount *mount = g_object_new (mock_mount_get_type (), NULL);

  mount->root = g_file_new_for_path (folder);
  mount->name = g_strdup (name);
  mounts = g_list_append (mounts, mount);
  g_signal_emit_by_name (monitor, "mount-added", mount);
}

void
mere_mock_monitor_remove (const char *folder)
{
  g_autoptr (GFile) root = g_file_new_for_path (folder);

  for (GList *item = mounts; item != NULL; item = item->next)
    {
      MockMount *mount = item->data;

      if (!g_file_equal (mount->root, root))
        continue;
      mounts = g_list_delete_link (mounts, item);
      g_signal_emit_by_name (monitor, "mount-removed", mount);
      g_object_unref (mount);
      return;
    }
}

void
mere_mock_monitor_set_busy (gboolean busy)
{
  is_busy = busy;
}

guint
mere_mock_monitor_count (void)
{
  return g_list_length (mounts);
}
