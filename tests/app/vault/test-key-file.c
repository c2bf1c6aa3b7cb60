/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keys as bytes: slots, the file, its two copies. */

#include "config.h"

#include "app/vault/key-copies.h"
#include "tests/app/vault/fixture.h"

#include <string.h>

static const guint8 id[MERE_VFS_ID] = "0123456789abcde";

typedef struct
{
  MereSecret *passphrase;
  MereSecret *other;
  MereSecret *data_key;
  GBytes     *text; /* of a file that the passphrase opens */
} Keys;

static GBytes *
make_file (Keys *self, const MereSecret *passphrase)
{
  g_autoptr (MereKeyFile) file = mere_key_file_new (id);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) slot = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, id, self->data_key, passphrase, &mere_test_cost, &error);

  g_assert_no_error (error);
  mere_key_file_add_slot (file, slot);
  return mere_key_file_seal (file, self->data_key);
}

static void
set_up (Keys *self, gconstpointer data)
{
  self->passphrase = mere_secret_new_from_text (MERE_TEST_PASSPHRASE);
  self->other = mere_secret_new_from_text ("another");
  self->data_key = mere_secret_new_from_text ("the key that seals all the pages");
  self->text = make_file (self, self->passphrase);
}

static void
tear_down (Keys *self, gconstpointer data)
{
  mere_secret_free (self->passphrase);
  mere_secret_free (self->other);
  mere_secret_free (self->data_key);
  g_bytes_unref (self->text);
}

static MereSecret *
unlock (const char *text, gsize size, const MereSecret *passphrase, GError **error)
{
  g_autoptr (MereKeyFile) file = mere_key_file_parse (text, size, error);

  return file != NULL ? mere_key_file_unlock (file, MERE_KEY_SLOT_PASSPHRASE, passphrase, NULL, error) : NULL;
}

static void
assert_opens (GBytes *text, const MereSecret *passphrase, const MereSecret *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereSecret) key = unlock (g_bytes_get_data (text, NULL), g_bytes_get_size (text), passphrase, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (mere_secret_get_data (key), mere_secret_get_size (key), mere_secret_get_data (expected),
                   mere_secret_get_size (expected));
}

static void
assert_refused (const char *text, gsize size, const MereSecret *passphrase, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereSecret) key = unlock (text, size, passphrase, &error);

  g_assert_null (key);
  g_assert_nonnull (error);
  if (code != 0)
    g_assert_error (error, MERE_VAULT_ERROR, code);
  else if (!g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE) &&
           !g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED) &&
           !g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_NOT_A_VAULT))
    g_error ("An unexpected error: %s", error->message);
}

static void
test_the_passphrase_gives_the_key_back (Keys *self, gconstpointer data)
{
  assert_opens (self->text, self->passphrase, self->data_key);
}

static void
test_another_passphrase_does_not (Keys *self, gconstpointer data)
{
  assert_refused (g_bytes_get_data (self->text, NULL), g_bytes_get_size (self->text), self->other, MERE_VAULT_ERROR_PASSPHRASE);
}

static void
test_no_flipped_bit_opens (Keys *self, gconstpointer data)
{
  gsize            size;
  const char      *text = g_bytes_get_data (self->text, &size);
  g_autofree char *changed = g_memdup2 (text, size);

  for (gsize bit = 0; bit < 8 * size; bit++)
    {
      changed[bit / 8] ^= (char) (1 << bit % 8);
      assert_refused (changed, size, self->passphrase, 0);
      changed[bit / 8] ^= (char) (1 << bit % 8);
    }
}

static void
test_no_truncated_file_opens (Keys *self, gconstpointer data)
{
  gsize       size;
  const char *text = g_bytes_get_data (self->text, &size);

  for (gsize left = 0; left < size; left++)
    {
      g_autofree char *shorter = g_memdup2 (text, MAX (left, 1));

      assert_refused (shorter, left, self->passphrase, MERE_VAULT_ERROR_DAMAGED);
    }
}

static char *
replace_text (GBytes *text, const char *what, const char *with)
{
  g_autofree char *copy = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  g_autoptr (GString) changed = g_string_new (copy);

  g_assert_cmpuint (g_string_replace (changed, what, with, 1), ==, 1);
  return g_string_free (g_steal_pointer (&changed), FALSE);
}

static void
assert_replaced_is_refused (Keys *self, const char *what, const char *with, int code)
{
  g_autofree char *text = replace_text (self->text, what, with);

  assert_refused (text, strlen (text), self->passphrase, code);
}

static void
test_a_file_cannot_ask_for_absurd_work (Keys *self, gconstpointer data)
{
  const char *const memory[] = { "1073741825", "1099511627776", "9223372036854775807", "-1", "0", "1e9", "\"8192\"", "null", "[]" };
  const char *const passes[] = { "65", "4294967296", "9223372036854775807", "-1", "0", "1.5", "{}" };

  for (guint i = 0; i < G_N_ELEMENTS (memory); i++)
    {
      g_autofree char *with = g_strconcat ("\"memory\" : ", memory[i], NULL);

      assert_replaced_is_refused (self, "\"memory\" : 8192", with, MERE_VAULT_ERROR_DAMAGED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (passes); i++)
    {
      g_autofree char *with = g_strconcat ("\"passes\" : ", passes[i], NULL);

      assert_replaced_is_refused (self, "\"passes\" : 1", with, MERE_VAULT_ERROR_DAMAGED);
    }
}

static void
test_depth_and_size_are_bounded (Keys *self, gconstpointer data)
{
  g_autofree char *brackets = g_strnfill (30000, '[');
  g_autofree char *spaces = g_strnfill (MERE_KEY_FILE_MOST_BYTES, ' ');

  assert_replaced_is_refused (self, "\"slots\" : [", brackets, MERE_VAULT_ERROR_DAMAGED);
  assert_replaced_is_refused (self, "{", spaces, MERE_VAULT_ERROR_DAMAGED);
}

static void
test_a_newer_version_is_told_from_damage (Keys *self, gconstpointer data)
{
  assert_replaced_is_refused (self, "\"version\" : 1", "\"version\" : 2", MERE_VAULT_ERROR_NOT_A_VAULT);
  assert_replaced_is_refused (self, "merestone-keys", "something-else", MERE_VAULT_ERROR_NOT_A_VAULT);
}

/* A slot that this version does not know survives a change of the passphrase. */
static void
test_slots_of_other_kinds_are_kept (Keys *self, gconstpointer data)
{
  g_autoptr (MereKeyFile) file = mere_key_file_new (id);
  g_autoptr (JsonObject) recovery = json_object_new ();
  g_autoptr (JsonObject) slot = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, id, self->data_key, self->passphrase, &mere_test_cost, NULL);
  g_autoptr (JsonObject) changed = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, id, self->data_key, self->other, &mere_test_cost, NULL);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (MereSecret) key = NULL;
  g_autoptr (GError) error = NULL;
  guint index;

  json_object_set_string_member (recovery, "kind", "a later kind");
  mere_key_file_add_slot (file, recovery);
  mere_key_file_add_slot (file, slot);
  text = mere_key_file_seal (file, self->data_key);
  mere_key_file_free (file);

  file = mere_key_file_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), &error);
  g_assert_no_error (error);
  key = mere_key_file_unlock (file, MERE_KEY_SLOT_PASSPHRASE, self->passphrase, &index, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (index, ==, 1);
  mere_key_file_replace_slot (file, index, changed);
  g_bytes_unref (text);
  text = mere_key_file_seal (file, key);

  assert_opens (text, self->other, self->data_key);
  assert_refused (g_bytes_get_data (text, NULL), g_bytes_get_size (text), self->passphrase, MERE_VAULT_ERROR_PASSPHRASE);
  g_assert_nonnull (memmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), "a later kind", 12));
}

/* Somebody who knows one passphrase cannot add a slot by hand: the file would no longer be what the key's owner wrote. */
static void
test_an_added_slot_is_noticed (Keys *self, gconstpointer data)
{
  assert_replaced_is_refused (self, "\"slots\" : [", "\"slots\" : [ { \"kind\" : \"recovery\" },", MERE_VAULT_ERROR_DAMAGED);
}

/* The two copies */

typedef struct
{
  Keys  keys;
  char *folder;
} Copies;

static void
copies_set_up (Copies *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  set_up (&self->keys, NULL);
  self->folder = g_dir_make_tmp ("merestone-keys-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_true (mere_key_copies_save (self->folder, self->keys.text, &error));
  g_assert_no_error (error);
}

static void
copies_tear_down (Copies *self, gconstpointer data)
{
  mere_test_remove_tree (self->folder);
  g_free (self->folder);
  tear_down (&self->keys, NULL);
}

static void
put (Copies *self, const char *name, const char *text, gssize size)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, size, NULL));
}

static void
assert_copies (Copies *self, const MereSecret *passphrase, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereSecret) key = NULL;
  guint slot;
  g_autoptr (MereKeyFile) file = mere_key_copies_unlock (self->folder, MERE_KEY_SLOT_PASSPHRASE, passphrase, &key, &slot, &error);

  if (code == 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, MERE_VAULT_ERROR, code);
  g_assert_true ((file != NULL) == (code == 0));
}

static void
test_either_copy_is_enough (Copies *self, gconstpointer data)
{
  const char *const names[] = { "keys.json", "keys-spare.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      put (self, names[i], "not keys", -1);
      assert_copies (self, self->keys.passphrase, 0);
      assert_copies (self, self->keys.other, MERE_VAULT_ERROR_PASSPHRASE);
      g_assert_true (mere_key_copies_save (self->folder, self->keys.text, &error));
    }
}

static void
test_without_copies_there_is_no_vault (Copies *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put (self, "keys.json", "", 0);
  put (self, "keys-spare.json", "{", -1);
  assert_copies (self, self->keys.passphrase, MERE_VAULT_ERROR_DAMAGED);
  g_assert_true (mere_key_copies_shred (self->folder, &error));
  g_assert_false (mere_key_copies_exist (self->folder));
  assert_copies (self, self->keys.passphrase, MERE_VAULT_ERROR_NOT_A_VAULT);
}

/* A crash between the two replacements. */
static void
test_each_passphrase_opens_its_own_copy (Copies *self, gconstpointer data)
{
  g_autoptr (GBytes) changed = make_file (&self->keys, self->keys.other);

  put (self, "keys.json", g_bytes_get_data (changed, NULL), (gssize) g_bytes_get_size (changed));
  assert_copies (self, self->keys.other, 0);
  assert_copies (self, self->keys.passphrase, 0);
}

static void
test_an_endless_file_is_not_read (Copies *self, gconstpointer data)
{
  g_autofree char *spaces = g_strnfill (10 * MERE_KEY_FILE_MOST_BYTES, ' ');

  put (self, "keys.json", spaces, -1);
  put (self, "keys-spare.json", spaces, -1);
  assert_copies (self, self->keys.passphrase, MERE_VAULT_ERROR_DAMAGED);
}

static void
test_a_real_slot_costs_what_was_promised (void)
{
  MereKeyCost cost = mere_key_cost_calibrate ();

  g_assert_cmpuint (cost.memory, >=, 256 * 1024 * 1024);
  g_assert_cmpuint (cost.memory, <=, MERE_KEY_COST_MOST_MEMORY);
  g_assert_cmpuint (cost.passes, >=, 3);
  g_assert_cmpuint (cost.passes, <=, MERE_KEY_COST_MOST_PASSES);
}

#define ADD_KEYS(name, test) g_test_add ("/vault/keys/" name, Keys, NULL, set_up, test, tear_down)
#define ADD_COPIES(name, test) g_test_add ("/vault/keys/copies/" name, Copies, NULL, copies_set_up, test, copies_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_KEYS ("the-passphrase-gives-the-key-back", test_the_passphrase_gives_the_key_back);
  ADD_KEYS ("another-passphrase-does-not", test_another_passphrase_does_not);
  ADD_KEYS ("no-flipped-bit-opens", test_no_flipped_bit_opens);
  ADD_KEYS ("no-truncated-file-opens", test_no_truncated_file_opens);
  ADD_KEYS ("a-file-cannot-ask-for-absurd-work", test_a_file_cannot_ask_for_absurd_work);
  ADD_KEYS ("depth-and-size-are-bounded", test_depth_and_size_are_bounded);
  ADD_KEYS ("a-newer-version-is-told-from-damage", test_a_newer_version_is_told_from_damage);
  ADD_KEYS ("slots-of-other-kinds-are-kept", test_slots_of_other_kinds_are_kept);
  ADD_KEYS ("an-added-slot-is-noticed", test_an_added_slot_is_noticed);
  ADD_COPIES ("either-is-enough", test_either_copy_is_enough);
  ADD_COPIES ("without-them-there-is-no-vault", test_without_copies_there_is_no_vault);
  ADD_COPIES ("each-passphrase-opens-its-own", test_each_passphrase_opens_its_own_copy);
  ADD_COPIES ("an-endless-file-is-not-read", test_an_endless_file_is_not_read);
  g_test_add_func ("/vault/keys/a-real-slot-costs-what-was-promised", test_a_real_slot_costs_what_was_promised);
  return g_test_run ();
}
