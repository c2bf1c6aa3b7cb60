/* SPDX-License-Identifier: GPL-3.0-or-later */

/* age as a stream: a writer that is pushed, a reader that is pulled, one chunk of 64 KiB at a time. */

#include "config.h"

#include "sync/age.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "sync/age-private.h"

#define SEALED_CHUNK_SIZE (MERE_AGE_CHUNK_SIZE + MERE_AGE_TAG_SIZE)

struct _MereAgeWriter
{
  MereAgeCipher *cipher;
  MereWriteFunc  write;
  gpointer       sink;
  gsize          filled;
  guint8         plain[MERE_AGE_CHUNK_SIZE];
  guint8         sealed[SEALED_CHUNK_SIZE];
};

MereAgeWriter *
mere_age_writer_new_fixed (const char *const *recipients,
                           const guint8       file_key[MERE_AGE_FILE_KEY_SIZE],
                           const guint8       nonce[MERE_AGE_NONCE_SIZE],
                           const guint8      *ephemeral,
                           MereWriteFunc      write,
                           gpointer           sink,
                           GError           **error)
{
  g_autoptr (GString) header = NULL;
  g_autoptr (MereAgeWriter) self = NULL;

  header = mere_age_header_new (recipients, file_key, ephemeral, error);
  if (header == NULL)
    return NULL;

  g_string_append_len (header, (const char *) nonce, MERE_AGE_NONCE_SIZE);
  if (!write (sink, (const guint8 *) header->str, header->len, error))
    return NULL;

  self = g_new (MereAgeWriter, 1);
  self->cipher = mere_age_cipher_new (file_key, nonce, TRUE);
  self->write = write;
  self->sink = sink;
  self->filled = 0;

  return g_steal_pointer (&self);
}

MereAgeWriter *
mere_age_writer_new (const char *const *recipients,
                     MereWriteFunc      write,
                     gpointer           sink,
                     GError           **error)
{
  guint8         file_key[MERE_AGE_FILE_KEY_SIZE];
  guint8         nonce[MERE_AGE_NONCE_SIZE];
  gsize          n_recipients = g_strv_length ((char **) recipients);
  MereAgeWriter *self;

  if (n_recipients == 0 || n_recipients > MERE_AGE_MAX_RECIPIENTS)
    {
      g_set_error (error, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY,
                   _ ("A file is encrypted to 1 to %d recipients, not to %zu."), MERE_AGE_MAX_RECIPIENTS, n_recipients);
      return NULL;
    }

  randombytes_buf (file_key, sizeof file_key);
  randombytes_buf (nonce, sizeof nonce);
  self = mere_age_writer_new_fixed (recipients, file_key, nonce, NULL, write, sink, error);
  sodium_memzero (file_key, sizeof file_key);

  return self;
}

static gboolean
write_chunk (MereAgeWriter *self,
             const guint8  *plain,
             gsize          size,
             gboolean       last,
             GError       **error)
{
  mere_age_cipher_seal (self->cipher, plain, size, last, self->sealed);

  return self->write (self->sink, self->sealed, size + MERE_AGE_TAG_SIZE, error);
}

/* A full chunk is held back until more comes: only then is it known not to be the last. */
gboolean
mere_age_writer_write (MereAgeWriter *self,
                       const guint8  *bytes,
                       gsize          size,
                       GError       **error)
{
  while (size > 0)
    {
      gsize n = MIN (size, MERE_AGE_CHUNK_SIZE - self->filled);

      if (n == 0)
        {
          if (!write_chunk (self, self->plain, MERE_AGE_CHUNK_SIZE, FALSE, error))
            return FALSE;
          self->filled = 0;
          continue;
        }
      memcpy (self->plain + self->filled, bytes, n);
      self->filled += n;
      bytes += n;
      size -= n;
    }

  return TRUE;
}

gboolean
mere_age_writer_finish (MereAgeWriter *self,
                        GError       **error)
{
  gsize size = self->filled;

  self->filled = 0;

  return write_chunk (self, self->plain, size, TRUE, error);
}

void
mere_age_writer_free (MereAgeWriter *self)
{
  if (self == NULL)
    return;

  mere_age_cipher_free (self->cipher);
  sodium_memzero (self->plain, sizeof self->plain);
  g_free (self);
}

struct _MereAgeReader
{
  MereAgeCipher *cipher;
  MereReadFunc   read;
  gpointer       source;
  guint          n_recipients;
  guint          identity;
  guint64        n_chunks;
  gboolean       ended;  /* the last chunk was opened */
  gsize          filled; /* of @sealed: bytes read ahead together with the header */
  guint8         sealed[SEALED_CHUNK_SIZE];
  guint8         plain[SEALED_CHUNK_SIZE];
};

static gboolean
fill (MereAgeReader *self,
      GError       **error)
{
  gssize n = mere_read_fully (self->read, self->source, self->sealed + self->filled, SEALED_CHUNK_SIZE - self->filled, error);

  if (n < 0)
    return FALSE;
  self->filled += n;

  return TRUE;
}

static void
consume (MereAgeReader *self,
         gsize          size)
{
  self->filled -= size;
  memmove (self->sealed, self->sealed + size, self->filled);
}

static gboolean
refuse (GError     **error,
        MereAgeError code,
        const char  *message)
{
  g_set_error_literal (error, MERE_AGE_ERROR, code, message);

  return FALSE;
}

static gboolean
refuse_payload (GError    **error,
                const char *message)
{
  return refuse (error, MERE_AGE_ERROR_PAYLOAD, message);
}

static gboolean
read_header (MereAgeReader *self,
             GPtrArray     *identities,
             GError       **error)
{
  g_autofree MereAgeHeader *header = g_new (MereAgeHeader, 1);
  guint8                    file_key[MERE_AGE_FILE_KEY_SIZE];
  gboolean                  whole;

  if (!fill (self, error) ||
      !mere_age_header_parse (header, self->sealed, self->filled, error) ||
      !mere_age_header_open (header, self->sealed, identities, file_key, &self->identity, error))
    return FALSE;

  self->n_recipients = header->n_stanzas;
  consume (self, header->size);
  whole = fill (self, error) && (self->filled >= MERE_AGE_NONCE_SIZE ||
                                 refuse (error, MERE_AGE_ERROR_HEADER, _ ("The age file ends after its header.")));
  if (whole)
    {
      self->cipher = mere_age_cipher_new (file_key, self->sealed, FALSE);
      consume (self, MERE_AGE_NONCE_SIZE);
    }
  sodium_memzero (file_key, sizeof file_key);

  return whole;
}

MereAgeReader *
mere_age_reader_new (GPtrArray   *identities,
                     MereReadFunc read,
                     gpointer     source,
                     GError     **error)
{
  g_autoptr (MereAgeReader) self = g_new0 (MereAgeReader, 1);

  self->read = read;
  self->source = source;
  if (!read_header (self, identities, error))
    return NULL;

  return g_steal_pointer (&self);
}

guint
mere_age_reader_get_n_recipients (MereAgeReader *self)
{
  return self->n_recipients;
}

guint
mere_age_reader_get_identity (MereAgeReader *self)
{
  return self->identity;
}

/* A full chunk may or may not be the last one: it is tried as one of many first, as the format's vectors have it. */
static gboolean
open_chunk (MereAgeReader *self,
            GError       **error)
{
  gsize size = self->filled;

  if (size == SEALED_CHUNK_SIZE && mere_age_cipher_open (self->cipher, self->sealed, size, FALSE, self->plain))
    return TRUE;
  if (size == 0)
    return refuse_payload (error, _ ("The age file was cut: its last chunk is missing."));
  if (!mere_age_cipher_open (self->cipher, self->sealed, size, TRUE, self->plain))
    return refuse_payload (error, _ ("The age file was changed or cut: a chunk does not open."));
  if (size == MERE_AGE_TAG_SIZE && self->n_chunks > 0)
    return refuse_payload (error, _ ("The age file ends in an empty chunk."));
  self->ended = TRUE;

  return TRUE;
}

gboolean
mere_age_reader_next (MereAgeReader *self,
                      const guint8 **bytes,
                      gsize         *size,
                      GError       **error)
{
  if (!fill (self, error))
    return FALSE;

  *bytes = self->plain;
  *size = 0;
  if (self->ended)
    return self->filled == 0 || refuse_payload (error, _ ("Something follows the end of the age file."));
  if (!open_chunk (self, error))
    return FALSE;

  *size = self->filled - MERE_AGE_TAG_SIZE;
  self->filled = 0;
  self->n_chunks++;

  /* An empty payload is its own end; the file may not go on. */
  return *size > 0 || mere_age_reader_next (self, bytes, size, error);
}

void
mere_age_reader_free (MereAgeReader *self)
{
  if (self == NULL)
    return;

  mere_age_cipher_free (self->cipher);
  sodium_memzero (self->plain, sizeof self->plain);
  g_free (self);
}
