/* SPDX-License-Identifier: GPL-3.0-or-later */

/* tar, as little of it as will do. An archive library would bring its other formats, and headers of a gigabyte (pax, GNU
 * long names), link targets and owners that we would only have to refuse afterwards; the layout that remains is one
 * block of fixed fields. POSIX.1-2017, pax, "ustar Interchange Format". */

#include "config.h"

#include "sync/ustar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/bundle-format.h"

/* Where the fields lie. */
#define NAME_AT 0
#define NAME_SIZE 100
#define MODE_AT 100
#define UID_AT 108
#define GID_AT 116
#define SIZE_AT 124
#define SIZE_SIZE 12
#define MTIME_AT 136
#define CHECKSUM_AT 148
#define CHECKSUM_SIZE 8
#define TYPE_AT 156
#define LINK_AT 157
#define LINK_SIZE 100
#define MAGIC_AT 257
#define MAGIC_SIZE 8
#define PREFIX_AT 345

static const char magic_posix[MAGIC_SIZE + 1] = "ustar\00000";
static const char magic_gnu[MAGIC_SIZE + 1] = "ustar  ";

static const guint8 zeros[MERE_USTAR_BLOCK];

guint64
mere_ustar_member_size (guint64 size)
{
  return MERE_USTAR_BLOCK + (size + MERE_USTAR_BLOCK - 1) / MERE_USTAR_BLOCK * MERE_USTAR_BLOCK;
}

guint64
mere_ustar_archive_size (guint64 members)
{
  return (members + 2 * MERE_USTAR_BLOCK + MERE_USTAR_RECORD - 1) / MERE_USTAR_RECORD * MERE_USTAR_RECORD;
}

static guint
checksum (const guint8 block[MERE_USTAR_BLOCK])
{
  guint sum = 0;

  for (guint i = 0; i < MERE_USTAR_BLOCK; i++)
    sum += i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_SIZE ? ' ' : block[i];

  return sum;
}

/* @n digits of octal, then a NUL that is there already. */
static void
write_octal (guint8 *field,
             guint   n,
             guint64 value)
{
  for (guint i = n; i-- > 0; value >>= 3)
    field[i] = '0' + (value & 7);
}

void
mere_ustar_write_header (guint8      block[MERE_USTAR_BLOCK],
                         const char *name,
                         guint64     size)
{
  memset (block, 0, MERE_USTAR_BLOCK);
  memcpy (block + NAME_AT, name, strlen (name));
  write_octal (block + MODE_AT, 7, 0644);
  write_octal (block + UID_AT, 7, 0);
  write_octal (block + GID_AT, 7, 0);
  write_octal (block + SIZE_AT, 11, size);
  write_octal (block + MTIME_AT, 11, 0);
  block[TYPE_AT] = '0';
  memcpy (block + MAGIC_AT, magic_posix, MAGIC_SIZE);
  write_octal (block + CHECKSUM_AT, 6, checksum (block));
  block[CHECKSUM_AT + 7] = ' ';
}

/* Octal digits, then NUL or space to the end of the field. */
static gboolean
read_octal (const guint8 *field,
            gsize         size,
            guint64      *value)
{
  gsize   i;
  guint64 sum = 0;

  for (i = 0; i < size && field[i] >= '0' && field[i] <= '7'; i++)
    sum = sum << 3 | (guint64) (field[i] - '0');
  if (i == 0 || i == size)
    return FALSE;
  for (; i < size; i++)
    if (field[i] != '\0' && field[i] != ' ')
      return FALSE;
  *value = sum;

  return TRUE;
}

static gboolean
refuse_archive (GError **error)
{
  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_ARCHIVE,
                             _ ("The archive in the bundle is damaged or ends too early. Nothing was taken from it."));
}

static gboolean
check_type (const guint8 block[MERE_USTAR_BLOCK],
            GError     **error)
{
  guint8 type = block[TYPE_AT];

  if (type == '0')
    return TRUE;
  if (type != '\0' && strchr ("xgXLKSVMDNA", type) != NULL)
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_EXTENSION,
                               _ ("The archive in the bundle uses extensions that bundles never need. Nothing was taken from it."));

  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_LINK,
                             _ ("The archive in the bundle holds a link, a folder or a device instead of a plain file. Nothing was taken from it."));
}

/* The name ends at its first NUL; nothing may hide behind it. */
static gboolean
read_name (const guint8 block[MERE_USTAR_BLOCK],
           char         name[MERE_USTAR_NAME_SIZE])
{
  gsize length = strnlen ((const char *) block + NAME_AT, NAME_SIZE);

  if (length == 0 || memcmp (block + NAME_AT + length, zeros, NAME_SIZE - length) != 0)
    return FALSE;
  memcpy (name, block + NAME_AT, length);
  name[length] = '\0';

  return TRUE;
}

gboolean
mere_ustar_read_header (const guint8 block[MERE_USTAR_BLOCK],
                        char         name[MERE_USTAR_NAME_SIZE],
                        guint64     *size,
                        GError     **error)
{
  guint64 sum;

  if (!read_octal (block + CHECKSUM_AT, CHECKSUM_SIZE, &sum) || sum != checksum (block))
    return refuse_archive (error);
  if (memcmp (block + MAGIC_AT, magic_posix, MAGIC_SIZE) != 0 && memcmp (block + MAGIC_AT, magic_gnu, MAGIC_SIZE) != 0)
    return refuse_archive (error);
  if (!check_type (block, error))
    return FALSE;
  if (block[SIZE_AT] & 0x80)
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_EXTENSION,
                               _ ("The archive in the bundle uses extensions that bundles never need. Nothing was taken from it."));
  if (!read_octal (block + SIZE_AT, SIZE_SIZE, size) || !read_name (block, name) ||
      memcmp (block + LINK_AT, zeros, LINK_SIZE) != 0 ||
      memcmp (block + PREFIX_AT, zeros, MERE_USTAR_BLOCK - PREFIX_AT) != 0)
    return refuse_archive (error);

  return TRUE;
}

struct _MereUstarReader
{
  MereNextFunc next;
  gpointer     source;
  MereSpan     ahead;   /* given by the source, not yet used */
  guint64      left;    /* of the member's content */
  guint        padding; /* zeros after it */
  gboolean     ended;   /* the first zero block was read */
  char         name[MERE_USTAR_NAME_SIZE];
};

MereUstarReader *
mere_ustar_reader_new (MereNextFunc next,
                       gpointer     source)
{
  MereUstarReader *self = g_new0 (MereUstarReader, 1);

  self->next = next;
  self->source = source;

  return self;
}

/* Up to @most bytes, none at the end of the source. */
static gboolean
take (MereUstarReader *self,
      guint64          most,
      MereSpan        *span,
      GError         **error)
{
  if (self->ahead.size == 0 && !self->next (self->source, &self->ahead.bytes, &self->ahead.size, error))
    return FALSE;

  *span = (MereSpan){ self->ahead.bytes, MIN (most, self->ahead.size) };
  self->ahead.bytes += span->size;
  self->ahead.size -= span->size;

  return TRUE;
}

static gboolean
take_exactly (MereUstarReader *self,
              guint8          *buffer,
              gsize            size,
              GError         **error)
{
  while (size > 0)
    {
      MereSpan span;

      if (!take (self, size, &span, error))
        return FALSE;
      if (span.size == 0)
        return refuse_archive (error);
      memcpy (buffer, span.bytes, span.size);
      buffer += span.size;
      size -= span.size;
    }

  return TRUE;
}

gboolean
mere_ustar_reader_next (MereUstarReader *self,
                        const char     **name,
                        guint64         *size,
                        GError         **error)
{
  guint8 block[MERE_USTAR_BLOCK];

  g_return_val_if_fail (self->left == 0 && !self->ended, FALSE);

  if (!take_exactly (self, block, self->padding, error))
    return FALSE;
  if (memcmp (block, zeros, self->padding) != 0)
    return refuse_archive (error);
  self->padding = 0;

  if (!take_exactly (self, block, sizeof block, error))
    return FALSE;
  if (memcmp (block, zeros, sizeof block) == 0)
    {
      self->ended = TRUE;
      *name = NULL;
      return TRUE;
    }
  if (!mere_ustar_read_header (block, self->name, &self->left, error))
    return FALSE;
  self->padding = (MERE_USTAR_BLOCK - self->left % MERE_USTAR_BLOCK) % MERE_USTAR_BLOCK;
  *name = self->name;
  *size = self->left;

  return TRUE;
}

gboolean
mere_ustar_reader_data (gpointer       reader,
                        const guint8 **bytes,
                        gsize         *size,
                        GError       **error)
{
  MereUstarReader *self = reader;
  MereSpan         span = { NULL, 0 };

  if (self->left > 0)
    {
      if (!take (self, self->left, &span, error))
        return FALSE;
      if (span.size == 0)
        return refuse_archive (error);
      self->left -= span.size;
    }
  *bytes = span.bytes;
  *size = span.size;

  return TRUE;
}

gboolean
mere_ustar_reader_finish (MereUstarReader *self,
                          GError         **error)
{
  guint8   block[MERE_USTAR_BLOCK];
  MereSpan span;

  g_return_val_if_fail (self->ended, FALSE);

  if (!take_exactly (self, block, sizeof block, error))
    return FALSE;
  if (memcmp (block, zeros, sizeof block) != 0)
    return refuse_archive (error);
  do
    {
      if (!take (self, MERE_USTAR_BLOCK, &span, error))
        return FALSE;
      if (memcmp (span.bytes != NULL ? span.bytes : zeros, zeros, span.size) != 0)
        return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_ARCHIVE, _ ("Something follows the end of the archive in the bundle. Nothing was taken from it."));
    }
  while (span.size > 0);

  return TRUE;
}

void
mere_ustar_reader_free (MereUstarReader *self)
{
  g_free (self);
}
