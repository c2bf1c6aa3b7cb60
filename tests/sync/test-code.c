/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The digits that two people compare over a telephone. */

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "sync/code.h"

/* A code of known keys: all bytes of the signing key @byte, and an age key made of 32 times @byte. */
static char *
make_code (const char *role,
           guint8      byte)
{
  MereMinisignKey  key;
  guint8           box[MERE_AGE_KEY_SIZE];
  g_autofree char *recipient = NULL;
  g_autoptr (GError) error = NULL;
  char *code;

  memset (&key, byte, sizeof key);
  memset (box, byte, sizeof box);
  recipient = mere_age_recipient_to_text (box);
  code = mere_code_new (role, &key, recipient, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (code), ==, MERE_CODE_LENGTH);

  return code;
}

static int
read_code (const char *typed)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *code = mere_code_read (typed, &error);

  g_assert_true (code != NULL || error->domain == MERE_CODE_ERROR);

  return code != NULL ? 0 : error->code;
}

static void
test_the_code_is_that_of_the_format (void)
{
  /* BLAKE2b-256 of "merestone-code/1" "device", 32 bytes of 07, 32 bytes of 07, modulo 10^24, and Damm's digit; computed
   * apart from this code, with Python's hashlib. */
  g_autofree char *device = make_code (MERE_CODE_ROLE_DEVICE, 7);
  g_autofree char *hq = make_code (MERE_CODE_ROLE_HQ, 7);

  g_assert_cmpstr (device, ==, "5510957560549645459943184");
  g_assert_cmpstr (hq, ==, "9739462892023991158818403");
}

static void
test_every_single_wrong_digit_is_noticed (void)
{
  for (guint8 byte = 0; byte < 20; byte++)
    {
      g_autofree char *code = make_code (MERE_CODE_ROLE_DEVICE, byte);

      for (guint i = 0; i < MERE_CODE_LENGTH; i++)
        {
          char right = code[i];

          for (char wrong = '0'; wrong <= '9'; wrong++)
            {
              code[i] = wrong;
              g_assert_cmpint (read_code (code), ==, wrong == right ? 0 : MERE_CODE_ERROR_TYPING);
            }
          code[i] = right;
        }
    }
}

static void
test_every_swap_of_neighbours_is_noticed (void)
{
  for (guint8 byte = 0; byte < 200; byte++)
    {
      g_autofree char *code = make_code (MERE_CODE_ROLE_HQ, byte);

      for (guint i = 0; i + 1 < MERE_CODE_LENGTH; i++)
        {
          char first = code[i], second = code[i + 1];

          code[i] = second;
          code[i + 1] = first;
          g_assert_cmpint (read_code (code), ==, first == second ? 0 : MERE_CODE_ERROR_TYPING);
          code[i] = first;
          code[i + 1] = second;
        }
    }
}

static void
test_a_code_is_shown_in_five_groups (void)
{
  g_autofree char *grouped = mere_code_group ("1234567890123456789012345");

  g_assert_cmpstr (grouped, ==, "12345 67890 12345 67890 12345");
}

/* @code in the digits of another script, in groups. */
static char *
in_script (const char *code,
           gunichar    zero)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; code[i] != '\0'; i++)
    {
      if (i > 0 && i % 5 == 0)
        g_string_append (text, i % 2 == 0 ? " " : "\342\200\223"); /* an en dash */
      g_string_append_unichar (text, zero + (gunichar) (code[i] - '0'));
    }

  return g_string_free (text, FALSE);
}

static void
test_digits_of_every_script_may_be_typed (void)
{
  static const gunichar zeros[] = { '0', 0x0660, 0x06f0, 0x0966, 0xff10 }; /* Latin, Arabic-Indic, Persian, Devanagari, full width */
  g_autofree char      *code = make_code (MERE_CODE_ROLE_DEVICE, 3);

  for (gsize i = 0; i < G_N_ELEMENTS (zeros); i++)
    {
      g_autofree char *typed = in_script (code, zeros[i]);
      g_autofree char *read = NULL;
      g_autoptr (GError) error = NULL;

      read = mere_code_read (typed, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (read, ==, code);
      g_assert_true (mere_code_compare (code, typed, &error));
    }
}

static void
test_what_is_wrong_is_said (void)
{
  g_autofree char *code = make_code (MERE_CODE_ROLE_DEVICE, 1);
  g_autofree char *other = make_code (MERE_CODE_ROLE_DEVICE, 2);
  g_autofree char *longer = g_strconcat (code, "1", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (read_code (""), ==, MERE_CODE_ERROR_LENGTH);
  g_assert_cmpint (read_code ("12345"), ==, MERE_CODE_ERROR_LENGTH);
  g_assert_cmpint (read_code (longer), ==, MERE_CODE_ERROR_LENGTH);
  g_assert_cmpint (read_code ("12345 6789o"), ==, MERE_CODE_ERROR_DIGIT);
  g_assert_cmpint (read_code ("\xff\xfe"), ==, MERE_CODE_ERROR_DIGIT);
  g_assert_false (mere_code_compare (code, other, &error));
  g_assert_error (error, MERE_CODE_ERROR, MERE_CODE_ERROR_DIFFERS);
}

static void
test_roles_and_keys_have_codes_of_their_own (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint byte = 0; byte < 100; byte++)
    {
      g_hash_table_add (seen, make_code (MERE_CODE_ROLE_DEVICE, byte));
      g_hash_table_add (seen, make_code (MERE_CODE_ROLE_HQ, byte));
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 200);
}

static void
test_laptops_have_names_that_read_well (void)
{
  for (guint byte = 0; byte < 100; byte++)
    {
      MereMinisignKey  key;
      g_autofree char *name = NULL;

      memset (&key, (int) byte, sizeof key);
      name = mere_device_code_new (&key);
      g_assert_true (mere_device_code_is (name));
      g_assert_null (strpbrk (name, "ilou"));
    }
  g_assert_false (mere_device_code_is ("k7q2m9x"));
  g_assert_false (mere_device_code_is ("k7q2m9xdd"));
  g_assert_false (mere_device_code_is ("K7Q2M9XD"));
  g_assert_false (mere_device_code_is ("k7q2m9x/"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/code/the-code-is-that-of-the-format", test_the_code_is_that_of_the_format);
  g_test_add_func ("/code/every-single-wrong-digit-is-noticed", test_every_single_wrong_digit_is_noticed);
  g_test_add_func ("/code/every-swap-of-neighbours-is-noticed", test_every_swap_of_neighbours_is_noticed);
  g_test_add_func ("/code/a-code-is-shown-in-five-groups", test_a_code_is_shown_in_five_groups);
  g_test_add_func ("/code/digits-of-every-script-may-be-typed", test_digits_of_every_script_may_be_typed);
  g_test_add_func ("/code/what-is-wrong-is-said", test_what_is_wrong_is_said);
  g_test_add_func ("/code/roles-and-keys-have-codes-of-their-own", test_roles_and_keys_have_codes_of_their_own);
  g_test_add_func ("/code/laptops-have-names-that-read-well", test_laptops_have_names_that_read_well);

  return g_test_run ();
}
