/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A bundle on its way from the stick, beside the work on the one before it. */

#include "config.h"

#include "sync/hq/copying.h"

#include "sync/road.h"

#include <glib/gstdio.h>

void
mere_copy_remove (const char *path)
{
  g_autofree char *signature = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);

  g_unlink (path);
  g_unlink (signature);
}

static gpointer
run (gpointer data)
{
  MereCopying *self = data;

  self->copy = mere_stick_copy_in (self->stick, self->found, self->folder, self->hash, NULL, NULL, self->cancellable, &self->failure);
  return NULL;
}

void
mere_copying_start (MereCopying          *self,
                    MereStick            *stick,
                    const MereStickFound *found,
                    const char           *folder,
                    GCancellable         *cancellable)
{
  *self = (MereCopying){ .stick = stick, .found = found, .folder = folder, .cancellable = cancellable };
  self->thread = g_thread_new ("copy", run, self);
}

void
mere_copying_wait (MereCopying *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
}

char *
mere_copying_finish (MereCopying *self,
                     GError     **error)
{
  mere_copying_wait (self);
  self->found = NULL;
  if (self->copy == NULL)
    g_propagate_error (error, g_steal_pointer (&self->failure));
  return g_steal_pointer (&self->copy);
}

void
mere_copying_clear (MereCopying *self)
{
  mere_copying_wait (self);
  if (self->copy != NULL)
    mere_copy_remove (self->copy);
  g_clear_pointer (&self->copy, g_free);
  g_clear_error (&self->failure);
  self->found = NULL;
}
