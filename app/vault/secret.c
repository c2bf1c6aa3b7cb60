/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A secret lies at the end of a sodium_malloc() region: guard pages on both sides, locked against swapping where the
 * system's limit allows it, left out of core dumps, wiped when freed. The record of its size lies in plain memory. */

#include "config.h"

#include "app/vault/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define LONGEST_LINE 1024 /* bytes of a passphrase in a file */

struct _MereSecret
{
  guint8 *data;
  gsize   size;
};

MereSecret *
mere_secret_new (gsize size)
{
  MereSecret *self;

  g_return_val_if_fail (size > 0 && size < G_MAXSSIZE, NULL);

  if (sodium_init () < 0)
    g_error ("libsodium does not start");

  self = g_new0 (MereSecret, 1);
  self->size = size;
  self->data = sodium_malloc (size + 1); /* one more for the NUL that a passphrase is followed by */
  if (self->data == NULL)
    g_error ("No memory for %" G_GSIZE_FORMAT " secret bytes", size);
  sodium_memzero (self->data, size + 1);
  return self;
}

MereSecret *
mere_secret_new_from_bytes (const void *bytes, gsize size)
{
  MereSecret *self;

  g_return_val_if_fail (bytes != NULL, NULL);

  self = mere_secret_new (MAX (size, 1));
  memcpy (self->data, bytes, size);
  self->size = size;
  return self;
}

MereSecret *
mere_secret_new_from_text (const char *text)
{
  return mere_secret_new_from_bytes (text, strlen (text));
}

/* stdio would leave the line in a buffer of its own, so the file is read byte by byte into locked memory. */
MereSecret *
mere_secret_load_file (const char *path, GError **error)
{
  g_autoptr (MereSecret) line = mere_secret_new (LONGEST_LINE);
  gsize  size = 0;
  gssize got;
  char   letter;
  int    fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _ ("“%s” cannot be read: %s"), path,
                   g_strerror (code));
      return NULL;
    }
  while ((got = read (fd, &letter, 1)) == 1 && letter != '\n' && size < LONGEST_LINE)
    line->data[size++] = (guint8) letter;
  close (fd);
  letter = 0;

  if (got < 0 || size == LONGEST_LINE)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _ ("“%s” does not hold a passphrase in its first line"), path);
      return NULL;
    }
  if (size > 0 && line->data[size - 1] == '\r')
    size--;
  return mere_secret_new_from_bytes (line->data, size);
}

MereSecret *
mere_secret_copy (const MereSecret *self)
{
  return mere_secret_new_from_bytes (self->data, self->size);
}

void
mere_secret_free (MereSecret *self)
{
  if (self == NULL)
    return;
  sodium_free (self->data);
  g_free (self);
}

guint8 *
mere_secret_get_data (const MereSecret *self)
{
  return self->data;
}

gsize
mere_secret_get_size (const MereSecret *self)
{
  return self->size;
}

/* One byte, not none: Linux lets a collector of core dumps (core_pattern "|…") have them whatever the limit, except for 1, which
 * it refuses (fs/coredump.c). For a file both are too small. Taking away the dumpable flag does it too, but then the desktop's
 * portals may not look at who asks them for a file. */
void
mere_secret_forbid_dumps (void)
{
  const struct rlimit none = { 1, 1 };

  if (setrlimit (RLIMIT_CORE, &none) != 0) /* the limit was 0 for good */
    prctl (PR_SET_DUMPABLE, 0);
}
