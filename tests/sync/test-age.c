/* SPDX-License-Identifier: GPL-3.0-or-later */

/* age against the community's vectors, against itself at the edges of its chunks, and its keys. */

#include "config.h"

#include <gio/gio.h>
#include <sodium.h>
#include <string.h>

#include "sync/age-private.h"
#include "sync/bech32.h"

typedef struct
{
  char      *expect;
  char      *payload;
  char      *identity;
  gboolean   foreign; /* armour, passphrases, hybrid keys */
  GBytes    *file;
  GPtrArray *identities;
} Vector;

static void
vector_clear (Vector *self)
{
  g_free (self->expect);
  g_free (self->payload);
  g_free (self->identity);
  g_clear_pointer (&self->file, g_bytes_unref);
  g_clear_pointer (&self->identities, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Vector, vector_clear)

static GBytes *
inflate (const char *bytes,
         gsize       size)
{
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  g_autoptr (GInputStream) compressed = g_memory_input_stream_new_from_data (bytes, (gssize) size, NULL);
  g_autoptr (GInputStream) plain = g_converter_input_stream_new (compressed, converter);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_output_stream_splice (out, plain, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static void
take_line (Vector     *self,
           const char *line,
           gboolean   *compressed)
{
  const char *value = strstr (line, ": ");

  g_assert_nonnull (value);
  value += 2;
  if (g_str_has_prefix (line, "expect:"))
    self->expect = g_strdup (value);
  else if (g_str_has_prefix (line, "payload:"))
    self->payload = g_strdup (value);
  else if (g_str_has_prefix (line, "identity: AGE-SECRET-KEY-1"))
    self->identity = g_strdup (value);
  else if (g_str_has_prefix (line, "compressed:"))
    *compressed = TRUE;
  else if (g_str_has_prefix (line, "armored:") || g_str_has_prefix (line, "passphrase:") || g_str_has_prefix (line, "identity:"))
    self->foreign = TRUE;
}

static void
vector_load (Vector     *self,
             const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "corpus", "age", name, NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gboolean compressed = FALSE;
  char    *at;
  gsize    size;

  g_file_get_contents (path, &content, &size, &error);
  g_assert_no_error (error);
  for (at = content; *at != '\n'; at += strlen (at) + 1)
    {
      *strchr (at, '\n') = '\0';
      take_line (self, at, &compressed);
    }
  at++;
  size -= at - content;
  self->file = compressed ? inflate (at, size) : g_bytes_new (at, size);
  self->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_secret_free);
  if (self->identity != NULL)
    g_ptr_array_add (self->identities, mere_age_identity_parse (self->identity, &error));
  g_assert_no_error (error);
}

/* Reads to the end or to the first failure; @released is all that came out. */
static gboolean
read_all (GBytes     *file,
          GPtrArray  *identities,
          GByteArray *released,
          GError    **error)
{
  MereSpan      span = { g_bytes_get_data (file, NULL), g_bytes_get_size (file) };
  const guint8 *bytes;
  gsize         size;
  g_autoptr (MereAgeReader) reader = mere_age_reader_new (identities, mere_read_from_span, &span, error);

  while (reader != NULL && mere_age_reader_next (reader, &bytes, &size, error))
    {
      if (size == 0)
        return TRUE;
      g_byte_array_append (released, bytes, size);
    }

  return FALSE;
}

static const struct
{
  const char *expect;
  int         code; /* 0: opens */
} verdicts[] = {
  { "success", 0 },
  { "header failure", MERE_AGE_ERROR_HEADER },
  { "no match", MERE_AGE_ERROR_NO_MATCH },
  { "HMAC failure", MERE_AGE_ERROR_MAC },
  { "payload failure", MERE_AGE_ERROR_PAYLOAD },
};

static int
find_verdict (const char *expect)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (strcmp (verdicts[i].expect, expect) == 0)
      return verdicts[i].code;

  g_error ("a vector expects “%s”", expect);
}

static void
assert_payload (const Vector     *vector,
                const GByteArray *released)
{
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, released->data, released->len);

  if (vector->payload != NULL)
    g_assert_cmpstr (sum, ==, vector->payload);
  else
    g_assert_cmpuint (released->len, ==, 0);
}

static void
test_vector (gconstpointer name)
{
  g_auto (Vector) vector = { 0 };
  g_autoptr (GByteArray) released = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  gboolean opened;

  vector_load (&vector, name);
  opened = read_all (vector.file, vector.identities, released, &error);
  if (vector.foreign)
    {
      g_assert_false (opened);
      g_assert_cmpuint (released->len, ==, 0);
      return;
    }

  g_assert_cmpint (opened ? 0 : error->code, ==, find_verdict (vector.expect));
  assert_payload (&vector, released);
}

static void
add_vectors (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "corpus", "age", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;
  guint       n = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *test_path = g_strconcat ("/age/vector/", name, NULL);

      if (strcmp (name, "NOTICE") == 0)
        continue;
      g_test_add_data_func_full (test_path, g_strdup (name), test_vector, g_free);
      n++;
    }
  g_assert_cmpuint (n, >, 70);
}

static GBytes *
seal (const char *const *recipients,
      const guint8      *bytes,
      gsize              size,
      gsize              step)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereAgeWriter) writer = mere_age_writer_new (recipients, mere_write_to_bytes, out, &error);

  g_assert_no_error (error);
  for (gsize at = 0; at < size; at += step)
    g_assert_true (mere_age_writer_write (writer, bytes + at, MIN (step, size - at), &error));
  g_assert_true (mere_age_writer_finish (writer, &error));

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

typedef struct
{
  GPtrArray *identities;
  char      *recipients[MERE_AGE_MAX_RECIPIENTS + 2];
} Keys;

static void
keys_init (Keys *self,
           guint n)
{
  memset (self, 0, sizeof *self);
  self->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_secret_free);
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (self->identities, mere_age_identity_new ());
      self->recipients[i] = mere_age_identity_dup_recipient (self->identities->pdata[i]);
    }
}

static void
keys_clear (Keys *self)
{
  g_clear_pointer (&self->identities, g_ptr_array_unref);
  for (char **recipient = self->recipients; *recipient != NULL; recipient++)
    g_free (*recipient);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keys, keys_clear)

static void
assert_round_trip (gsize size,
                   gsize step)
{
  g_autofree guint8 *plain = g_malloc (size + 1);
  g_auto (Keys) keys;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GByteArray) released = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  keys_init (&keys, 1);
  randombytes_buf (plain, size);
  file = seal ((const char *const *) keys.recipients, plain, size, step);
  g_assert_true (read_all (file, keys.identities, released, &error));
  g_assert_cmpmem (released->data, released->len, plain, size);
}

static void
test_round_trips_at_the_edges_of_chunks (void)
{
  static const gsize sizes[] = { 0, 1, MERE_AGE_CHUNK_SIZE - 1, MERE_AGE_CHUNK_SIZE, MERE_AGE_CHUNK_SIZE + 1,
                                 2 * MERE_AGE_CHUNK_SIZE, 3 * MERE_AGE_CHUNK_SIZE, 3 * MERE_AGE_CHUNK_SIZE - 7 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      assert_round_trip (sizes[i], MERE_AGE_CHUNK_SIZE * 4);
      assert_round_trip (sizes[i], 4099);
    }
}

static void
test_every_recipient_opens_and_a_stranger_does_not (void)
{
  g_auto (Keys) keys;
  g_auto (Keys) stranger;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GByteArray) released = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  keys_init (&keys, MERE_AGE_MAX_RECIPIENTS);
  keys_init (&stranger, 1);
  file = seal ((const char *const *) keys.recipients, (const guint8 *) "Eriksson", 8, 8);
  for (guint i = 0; i < MERE_AGE_MAX_RECIPIENTS; i++)
    {
      g_autoptr (GPtrArray) both = g_ptr_array_new ();
      MereSpan span = { g_bytes_get_data (file, NULL), g_bytes_get_size (file) };
      g_autoptr (MereAgeReader) reader = NULL;

      g_ptr_array_add (both, stranger.identities->pdata[0]);
      g_ptr_array_add (both, keys.identities->pdata[i]);
      reader = mere_age_reader_new (both, mere_read_from_span, &span, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (mere_age_reader_get_n_recipients (reader), ==, MERE_AGE_MAX_RECIPIENTS);
      g_assert_cmpuint (mere_age_reader_get_identity (reader), ==, 1);
    }

  g_assert_false (read_all (file, stranger.identities, released, &error));
  g_assert_error (error, MERE_AGE_ERROR, MERE_AGE_ERROR_NO_MATCH);
}

static void
test_no_recipient_and_too_many_are_refused (void)
{
  g_auto (Keys) keys;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) many = NULL;

  keys_init (&keys, MERE_AGE_MAX_RECIPIENTS + 1);
  g_assert_null (mere_age_writer_new ((const char *const *) keys.recipients, mere_write_to_bytes, out, &many));
  g_assert_error (many, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY);
  g_assert_null (mere_age_writer_new ((const char *const[]){ NULL }, mere_write_to_bytes, out, &none));
  g_assert_error (none, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY);
  g_assert_cmpuint (out->len, ==, 0);
}

static void
test_every_changed_byte_and_every_cut_is_noticed (void)
{
  const char *plain = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
  g_auto (Keys) keys;
  g_autoptr (GBytes) file = NULL;
  g_autofree guint8 *changed = NULL;
  gsize              size;

  keys_init (&keys, 1);
  file = seal ((const char *const *) keys.recipients, (const guint8 *) plain, strlen (plain), 10);
  changed = g_memdup2 (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  size = g_bytes_get_size (file);
  for (gsize i = 0; i < size; i++)
    {
      g_autoptr (GByteArray) released = g_byte_array_new ();
      g_autoptr (GBytes) flipped = NULL;
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (file, 0, i);

      changed[i] ^= 1u << i % 8;
      flipped = g_bytes_new (changed, size);
      changed[i] ^= 1u << i % 8;
      g_assert_false (read_all (flipped, keys.identities, released, NULL));
      g_assert_false (read_all (cut, keys.identities, released, NULL));
      g_assert_cmpuint (released->len, ==, 0);
    }
}

static void
test_a_header_has_its_limits (void)
{
  g_autoptr (GString) crowded = g_string_new ("age-encryption.org/v1\n");
  g_autoptr (GString) endless = g_string_new ("age-encryption.org/v1\n-> X\n");
  g_autofree MereAgeHeader *header = g_new (MereAgeHeader, 1);
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;
  const char *share = "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc";

  for (int i = 0; i < MERE_AGE_MAX_STANZAS + 1; i++)
    g_string_append_printf (crowded, "-> X25519 %s\n%s\n", share, share);
  g_string_append_printf (crowded, "--- %s\n", share);
  g_assert_false (mere_age_header_parse (header, (const guint8 *) crowded->str, crowded->len, &first));
  g_assert_error (first, MERE_AGE_ERROR, MERE_AGE_ERROR_HEADER);

  while (endless->len < MERE_AGE_MAX_HEADER)
    g_string_append (endless, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
  g_string_append_printf (endless, "\n--- %s\n", share);
  g_assert_false (mere_age_header_parse (header, (const guint8 *) endless->str, endless->len, &second));
  g_assert_error (second, MERE_AGE_ERROR, MERE_AGE_ERROR_HEADER);
}

static void
test_keys_survive_their_texts (void)
{
  for (int i = 0; i < 50; i++)
    {
      g_autoptr (MereSecret) identity = mere_age_identity_new ();
      g_autoptr (MereSecret) text = mere_age_identity_to_text (identity);
      g_autofree char *recipient = mere_age_identity_dup_recipient (identity);
      g_autofree char *file = g_strdup_printf ("# created: 2026-07-31T09:12:44Z\r\n# public key: %s\n\n%s\r\n", recipient,
                                               (const char *) mere_secret_get_data (text));
      g_autoptr (MereSecret) again = NULL;
      g_autofree char *recipient_again = NULL;
      g_autoptr (GError) error = NULL;
      guint8 key[MERE_AGE_KEY_SIZE];

      again = mere_age_identity_parse (file, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (mere_secret_get_data (again), MERE_AGE_KEY_SIZE, mere_secret_get_data (identity), MERE_AGE_KEY_SIZE);
      g_assert_true (mere_age_recipient_parse (recipient, key, &error));
      recipient_again = mere_age_recipient_to_text (key);
      g_assert_cmpstr (recipient, ==, recipient_again);
      g_assert_cmpuint (strlen (recipient), ==, 62);
    }
}

/* Bech32 finds every wrong character, and any case but one. */
static void
test_mistyped_keys_are_refused (void)
{
  g_autoptr (MereSecret) identity = mere_age_identity_new ();
  g_autofree char *recipient = mere_age_identity_dup_recipient (identity);
  g_autofree char *upper = g_ascii_strup (recipient, -1);
  g_autofree char *longer = g_strconcat (recipient, "q", NULL);
  guint8           key[MERE_AGE_KEY_SIZE];

  for (gsize i = 0; recipient[i] != '\0'; i++)
    {
      char right = recipient[i];

      for (const char *wrong = "qpzry9x8gf2tvdw0s3jn54khce6mua7lbio1 "; *wrong != '\0'; wrong++)
        {
          recipient[i] = *wrong;
          g_assert_true (*wrong == right || !mere_age_recipient_parse (recipient, key, NULL));
        }
      recipient[i] = g_ascii_toupper (right);
      g_assert_true (recipient[i] == right || !mere_age_recipient_parse (recipient, key, NULL));
      recipient[i] = '\0';
      g_assert_false (mere_age_recipient_parse (recipient, key, NULL));
      recipient[i] = right;
    }
  g_assert_true (mere_age_recipient_parse (recipient, key, NULL));
  g_assert_false (mere_age_recipient_parse (upper, key, NULL));
  g_assert_false (mere_age_recipient_parse (longer, key, NULL));
  g_assert_false (mere_age_recipient_parse ("age1a/../evil1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", key, NULL));
}

static void
test_identity_files_hold_exactly_one_key (void)
{
  g_autoptr (MereSecret) identity = mere_age_identity_new ();
  g_autoptr (MereSecret) text = mere_age_identity_to_text (identity);
  const char       *line = (const char *) mere_secret_get_data (text);
  g_autofree char  *two = g_strconcat (line, "\n", line, "\n", NULL);
  g_autofree char  *lower = g_ascii_strdown (line, -1);
  const char *const wrong[] = { "", "# only a comment\n", two, lower, "AGE-SECRET-KEY-1", "AGE-PLUGIN-YUBIKEY-1QQQQQQ" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_age_identity_parse (wrong[i], &error));
      g_assert_error (error, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY);
    }
}

/* Bits behind the key that are not zero would make two texts of one key; BIP 173 forbids it. */
static void
test_bech32_has_one_text_for_a_key (void)
{
  const guint8 zero[MERE_BECH32_KEY_SIZE] = { 0 };
  char         text[MERE_BECH32_LENGTH (3) + 1];
  guint8       key[MERE_BECH32_KEY_SIZE];

  mere_bech32_encode ("age", zero, text);
  g_assert_true (mere_bech32_decode ("age", text, key));
  g_assert_cmpmem (key, sizeof key, zero, sizeof zero);
  g_assert_false (mere_bech32_decode ("age", "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpxxxxxx", key));
  g_assert_false (mere_bech32_decode ("agf", text, key));
  g_assert_false (mere_bech32_decode ("age", "", key));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  add_vectors ();
  g_test_add_func ("/age/round-trips-at-the-edges-of-chunks", test_round_trips_at_the_edges_of_chunks);
  g_test_add_func ("/age/every-recipient-opens-and-a-stranger-does-not", test_every_recipient_opens_and_a_stranger_does_not);
  g_test_add_func ("/age/no-recipient-and-too-many-are-refused", test_no_recipient_and_too_many_are_refused);
  g_test_add_func ("/age/every-changed-byte-and-every-cut-is-noticed", test_every_changed_byte_and_every_cut_is_noticed);
  g_test_add_func ("/age/a-header-has-its-limits", test_a_header_has_its_limits);
  g_test_add_func ("/age/keys-survive-their-texts", test_keys_survive_their_texts);
  g_test_add_func ("/age/mistyped-keys-are-refused", test_mistyped_keys_are_refused);
  g_test_add_func ("/age/identity-files-hold-exactly-one-key", test_identity_files_hold_exactly_one_key);
  g_test_add_func ("/age/bech32-has-one-text-for-a-key", test_bech32_has_one_text_for_a_key);

  return g_test_run ();
}
