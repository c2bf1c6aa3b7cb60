/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/sync/stick-fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static guint descriptors_before;

void
mere_test_stick_set_up (MereTestStick *self,
                        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  descriptors_before = count_descriptors ();
  self->road = mere_test_road_new ();
  self->bundle = mere_test_road_seal (self->road);
  self->name = g_path_get_basename (self->bundle);
  self->mount = g_build_filename (self->road->folder, "stick", NULL);
  self->inbox = g_build_filename (self->road->folder, "inbox", NULL);
  g_assert_cmpint (g_mkdir (self->mount, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (self->inbox, 0700), ==, 0);
  self->stick = mere_stick_open (self->mount, &error);
  g_assert_no_error (error);
}

/* Whatever was done, no folder or file stays open. */
void
mere_test_stick_tear_down (MereTestStick *self,
                           gconstpointer  data)
{
  mere_stick_free (self->stick);
  mere_test_road_free (self->road);
  g_free (self->bundle);
  g_free (self->name);
  g_free (self->mount);
  g_free (self->inbox);
  g_free (self->placed);
  g_assert_cmpuint (count_descriptors (), ==, descriptors_before);
}

gboolean
mere_test_stick_publish (MereTestStick *self,
                         GError       **error)
{
  const char *const paths[] = { self->bundle, NULL };

  g_clear_pointer (&self->placed, g_free);

  return mere_stick_publish (self->stick, MERE_STICK_TO_HQ, self->road->device, "s000001", paths, NULL, NULL, NULL, &self->placed, error);
}

void
mere_test_stick_publish_well (MereTestStick *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_test_stick_publish (self, &error));
  g_assert_no_error (error);
}

char *
mere_test_stick_path (MereTestStick *self,
                      const char    *suffix)
{
  return g_strdup_printf ("%s/" MERE_STICK_ROOT "/TO-HQ/%s/s000001/%s%s", self->mount, self->road->device, self->name, suffix);
}

void
mere_test_stick_put (MereTestStick *self,
                     const char    *path)
{
  g_autofree char *full = g_build_filename (self->mount, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  mere_test_save (full, "x", 1);
}

void
mere_test_stick_see (gpointer data,
                     guint64  done,
                     guint64  total)
{
  MereTestSeen *seen = data;

  g_assert_cmpuint (done, >=, seen->done);
  g_assert_cmpuint (done, <=, total);
  *seen = (MereTestSeen){ done, total, seen->n + 1 };
}
