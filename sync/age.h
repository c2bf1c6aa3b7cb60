/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/secret.h"
#include "sync/stream.h"

G_BEGIN_DECLS

/* age v1 (C2SP, "The age file encryption format") as far as bundles use it: X25519 recipients, no passphrases, no armour,
 * no plugins. Other tools open what is written here, and what they write for X25519 is read here. An age file says
 * nothing about who made it: see sync/minisign.h. */

#define MERE_AGE_KEY_SIZE 32
#define MERE_AGE_CHUNK_SIZE 65536  /* plaintext of a full chunk */
#define MERE_AGE_MAX_HEADER 65536  /* bytes; longer headers are refused */
#define MERE_AGE_MAX_STANZAS 64    /* more are refused */
#define MERE_AGE_MAX_RECIPIENTS 16 /* of files written here */

#define MERE_AGE_ERROR (mere_age_error_quark ())
GQuark mere_age_error_quark (void);

/**
 * MereAgeError:
 * @MERE_AGE_ERROR_KEY: a text is no age recipient or identity
 * @MERE_AGE_ERROR_HEADER: not an age file, or its header breaks the format
 * @MERE_AGE_ERROR_NO_MATCH: a sound header, but none of the identities opens it
 * @MERE_AGE_ERROR_MAC: the header was changed after it was made
 * @MERE_AGE_ERROR_PAYLOAD: a chunk was changed, moved or cut, or something follows the last one
 */
typedef enum {
  MERE_AGE_ERROR_KEY = 1,
  MERE_AGE_ERROR_HEADER,
  MERE_AGE_ERROR_NO_MATCH,
  MERE_AGE_ERROR_MAC,
  MERE_AGE_ERROR_PAYLOAD,
} MereAgeError;

/**
 * mere_age_identity_new:
 *
 * Returns: (transfer full): a new X25519 secret, 32 bytes
 */
MereSecret *mere_age_identity_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_age_identity_parse:
 * @text: "AGE-SECRET-KEY-1…", alone or in an identity file (comments, empty lines and exactly one key)
 * @error: return location, domain %MERE_AGE_ERROR
 *
 * Returns: (transfer full): the secret, 32 bytes
 */
MereSecret *mere_age_identity_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "AGE-SECRET-KEY-1…", NUL-terminated: its data can be used as a string. */
MereSecret *mere_age_identity_to_text (const MereSecret *identity) G_GNUC_WARN_UNUSED_RESULT;

/* "age1…", the public half; free with g_free(). */
char *mere_age_identity_dup_recipient (const MereSecret *identity) G_GNUC_WARN_UNUSED_RESULT;

/* The strict reading of "age1…": 62 lower-case characters, canonical. %MERE_AGE_ERROR_KEY. */
gboolean mere_age_recipient_parse (const char *text, guint8 key[MERE_AGE_KEY_SIZE], GError **error);
char    *mere_age_recipient_to_text (const guint8 key[MERE_AGE_KEY_SIZE]) G_GNUC_WARN_UNUSED_RESULT;

/**
 * MereAgeWriter:
 *
 * Encrypts a stream. What was written is a whole age file only after mere_age_writer_finish().
 */
typedef struct _MereAgeWriter MereAgeWriter;

/**
 * mere_age_writer_new:
 * @recipients: %NULL-terminated "age1…", 1 to %MERE_AGE_MAX_RECIPIENTS
 * @write: takes the ciphertext in pieces
 * @error: return location, domain %MERE_AGE_ERROR or that of @write
 *
 * Makes a fresh file key and writes the header.
 */
MereAgeWriter *mere_age_writer_new (const char *const *recipients,
                                    MereWriteFunc      write,
                                    gpointer           sink,
                                    GError           **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean mere_age_writer_write (MereAgeWriter *self, const guint8 *bytes, gsize size, GError **error);
gboolean mere_age_writer_finish (MereAgeWriter *self, GError **error);
void     mere_age_writer_free (MereAgeWriter *self);

/**
 * MereAgeReader:
 *
 * Decrypts a stream. Gives authenticated plaintext only, chunk by chunk; that the file is whole is known when a read
 * returns its end.
 */
typedef struct _MereAgeReader MereAgeReader;

/**
 * mere_age_reader_new:
 * @identities: (element-type MereSecret): those to try, in this order; borrowed, not needed afterwards
 * @read: gives the age file
 * @error: return location, domain %MERE_AGE_ERROR or that of @read
 *
 * Reads and checks the header and opens the file key.
 */
MereAgeReader *mere_age_reader_new (GPtrArray   *identities,
                                    MereReadFunc read,
                                    gpointer     source,
                                    GError     **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many X25519 stanzas the header has: so many recipients were told to us. Others are not counted. */
guint mere_age_reader_get_n_recipients (MereAgeReader *self);

/* Which of the identities opened it: an index. */
guint mere_age_reader_get_identity (MereAgeReader *self);

/**
 * mere_age_reader_next:
 * @bytes: (out) (transfer none): the next chunk, good until the next call
 * @size: (out): its size; 0 at the end of a whole file
 * @error: return location, domain %MERE_AGE_ERROR or that of the source
 *
 * Returns: %FALSE on failure; the chunks before it were sound, the file is not
 */
gboolean mere_age_reader_next (MereAgeReader *self, const guint8 **bytes, gsize *size, GError **error);

void mere_age_reader_free (MereAgeReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereAgeWriter, mere_age_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereAgeReader, mere_age_reader_free)

G_END_DECLS
