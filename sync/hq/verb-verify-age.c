/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `verify --age`: any age file, decrypted to stdout. What is printed before a failure was sound, chunk by chunk, and is not
 * the whole: the exit status says so, as that of age itself does. */

#include "config.h"

#include "sync/hq/verb.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "sync/age.h"

static gboolean
fail (const char *path,
      GError    **error)
{
  int failure = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failure), "%s: %s", path, g_strerror (failure));
  return FALSE;
}

static gboolean
print_all (MereAgeReader *reader,
           GError       **error)
{
  const guint8 *bytes;
  gsize         size;

  for (;;)
    {
      if (!mere_age_reader_next (reader, &bytes, &size, error))
        return FALSE;
      if (size == 0)
        return fflush (stdout) == 0 || fail ("stdout", error);
      if (fwrite (bytes, 1, size, stdout) != size)
        return fail ("stdout", error);
    }
}

int
mere_verify_age (const char *path,
                 GPtrArray  *identities)
{
  int file = g_open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr (MereAgeReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  gboolean whole = FALSE;

  if (file < 0)
    fail (path, &error);
  else
    {
      reader = mere_age_reader_new (identities, mere_read_from_fd, GINT_TO_POINTER (file), &error);
      whole = reader != NULL && print_all (reader, &error);
      close (file);
    }
  return whole ? MERE_HQ_DONE : mere_hq_fail (error);
}
