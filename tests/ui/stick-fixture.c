/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Stick page as a person meets it, with a folder in the place of a stick. */

#include "config.h"
#include "tests/ui/stick-fixture.h"

#include <glib/gstdio.h>

#include "tests/ui/sample.h"
#include "tests/ui/walk.h"

static MereStore *
open_store (StickFixture *self,
            const char   *vault)
{
  g_autofree char *path = vault != NULL ? g_build_filename (self->folder, vault, NULL) : NULL;

  return path != NULL ? mere_sample_vault_new (path) : mere_sample_store_new ();
}

void
stick_fixture_set_up (StickFixture *self,
                      gconstpointer vault)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("merestone-stick-XXXXXX", &error);
  g_assert_no_error (error);
  self->stick = g_build_filename (self->folder, "STICK", NULL);
  g_assert_cmpint (g_mkdir (self->stick, 0700), ==, 0);
  self->store = open_store (self, vault);
  self->window = GTK_WINDOW (gtk_window_new ());
  self->page = GTK_WIDGET (mere_stick_page_new (self->store));
  gtk_window_set_child (self->window, self->page);
  gtk_window_present (self->window);
  mere_walk_settle ();
}

static gboolean
is_gone (gpointer user_data)
{
  return *(gpointer *) user_data == NULL;
}

void
stick_fixture_tear_down (StickFixture *self,
                         gconstpointer vault)
{
  gpointer gone = self->page;

  g_object_add_weak_pointer (G_OBJECT (self->page), &gone);
  gtk_window_destroy (self->window);
  /* A look at the stick may still be on its way in a thread. */
  mere_walk_until (is_gone, &gone, "the end of the page");

  mere_store_close (self->store);
  mere_walk_remove_folder (self->folder);
  g_free (self->stick);
  g_free (self->folder);
}

gboolean
stick_fixture_says (StickFixture *self,
                    const char   *text)
{
  return mere_walk_find (self->page, GTK_TYPE_LABEL, text) != NULL;
}
