/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ends of a stream: file descriptors and memory. */

#include "config.h"

#include "sync/stream.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

gssize
mere_read_fully (MereReadFunc read_some,
                 gpointer     source,
                 guint8      *buffer,
                 gsize        size,
                 GError     **error)
{
  gsize filled = 0;

  while (filled < size)
    {
      gssize n = read_some (source, buffer + filled, size - filled, error);

      if (n < 0)
        return -1;
      if (n == 0)
        break;
      filled += n;
    }

  return filled;
}

static void
set_errno (GError    **error,
           int         failure,
           const char *what)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failure), "%s: %s", what, g_strerror (failure));
}

gssize
mere_read_from_fd (gpointer fd,
                   guint8  *buffer,
                   gsize    size,
                   GError **error)
{
  gssize n;

  do
    n = read (GPOINTER_TO_INT (fd), buffer, size);
  while (n < 0 && errno == EINTR);

  if (n < 0)
    set_errno (error, errno, _ ("The file cannot be read"));

  return n;
}

gboolean
mere_write_to_fd (gpointer      fd,
                  const guint8 *bytes,
                  gsize         size,
                  GError      **error)
{
  while (size > 0)
    {
      gssize n = write (GPOINTER_TO_INT (fd), bytes, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          set_errno (error, n < 0 ? errno : EIO, _ ("The file cannot be written"));
          return FALSE;
        }
      bytes += n;
      size -= n;
    }

  return TRUE;
}

gboolean
mere_write_to_bytes (gpointer      byte_array,
                     const guint8 *bytes,
                     gsize         size,
                     GError      **error)
{
  g_byte_array_append (byte_array, bytes, size);

  return TRUE;
}

gssize
mere_read_from_span (gpointer data,
                     guint8  *buffer,
                     gsize    size,
                     GError **error)
{
  MereSpan *span = data;
  gsize     n = MIN (size, span->size);

  if (n > 0)
    memcpy (buffer, span->bytes, n);
  span->bytes += n;
  span->size -= n;

  return n;
}
