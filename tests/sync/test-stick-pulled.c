/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stick that is pulled at any byte and between any two calls, that is full, write-protected, or lies about its size. What
 * is promised then: docs/formats.md, "Stick", P1 to P6. */

#include "config.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "sync/stick.h"
#include "tests/sync/bundle-fixture.h"
#include "tests/sync/memory-volume.h"

#define EARLIER "s000001"
#define NOW "s000002"

/* A laptop with one bundle to deliver. */
typedef struct
{
  MereTestRoad *road;
  char         *path;
  GBytes       *age;
  GBytes       *signature;
} Laptop;

static void
laptop_init (Laptop *self)
{
  g_autofree char *signature_path = NULL;

  self->road = mere_test_road_new ();
  self->path = mere_test_road_seal (self->road);
  signature_path = g_strconcat (self->path, MERE_MINISIGN_SUFFIX, NULL);
  self->age = mere_test_load (self->path);
  self->signature = mere_test_load (signature_path);
}

static void
laptop_clear (Laptop *self)
{
  mere_test_road_free (self->road);
  g_free (self->path);
  g_bytes_unref (self->age);
  g_bytes_unref (self->signature);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Laptop, laptop_clear)

/* The stick takes the volume over; both live as long. */
static gboolean
publish (const Laptop *laptop,
         MereStick    *stick,
         const char   *session,
         char        **placed,
         GError      **error)
{
  const char *const paths[] = { laptop->path, NULL };

  return mere_stick_publish (stick, MERE_STICK_TO_HQ, laptop->road->device, session, paths, NULL, NULL, NULL, placed, error);
}

static char *
path_on_stick (const Laptop *laptop,
               const char   *session,
               const char   *suffix)
{
  g_autofree char *name = g_path_get_basename (laptop->path);

  return g_strdup_printf (MERE_STICK_ROOT "/TO-HQ/%s/%s/%s%s", laptop->road->device, session, name, suffix);
}

/* Whether a file of a session is there and whole; a part of it is no more than a part. */
static gboolean
holds (const Laptop     *laptop,
       MereMemoryVolume *volume,
       const char       *session,
       const char       *suffix)
{
  g_autofree char *path = path_on_stick (laptop, session, suffix);
  g_autoptr (GBytes) found = mere_memory_volume_load (volume, path);

  return found != NULL && g_bytes_equal (found, *suffix == '\0' ? laptop->age : laptop->signature);
}

static gboolean
holds_pair (const Laptop     *laptop,
            MereMemoryVolume *volume,
            const char       *session)
{
  return holds (laptop, volume, session, "") && holds (laptop, volume, session, MERE_MINISIGN_SUFFIX);
}

/* P6: names that every file system takes, none twice under case folding. */
static void
assert_names (MereMemoryVolume *volume)
{
  g_auto (GStrv) paths = mere_memory_volume_list (volume);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (char **path = paths; *path != NULL; path++)
    {
      g_autofree char *name = g_path_get_basename (*path);

      g_assert_cmpuint (strlen (name), <=, MERE_STICK_MAX_NAME);
      g_assert_cmpuint (strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"), ==, strlen (name));
      g_assert_true (g_hash_table_add (seen, g_ascii_strdown (*path, -1)));
    }
}

/* Another computer looks at what is left of the stick; then the laptop has another try at it. */
static void
assert_survival (const Laptop     *laptop,
                 MereMemoryVolume *pulled,
                 gboolean          only_flushed,
                 gboolean          had_earlier,
                 const char       *delivered)
{
  MereMemoryVolume *after = mere_memory_volume_remount (pulled, only_flushed);
  g_autoptr (MereStick) stick = mere_stick_new (&after->base);
  g_autofree char *placed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (delivered == NULL || holds_pair (laptop, after, delivered));                           /* P1 */
  g_assert_true (!holds (laptop, after, NOW, MERE_MINISIGN_SUFFIX) || holds_pair (laptop, after, NOW)); /* P2 */
  g_assert_true (!had_earlier || holds_pair (laptop, after, EARLIER));                                  /* P3 */
  g_assert_true (publish (laptop, stick, NOW, &placed, &error));                                        /* P4 */
  g_assert_true (holds_pair (laptop, after, placed));
  g_assert_true (!had_earlier || holds_pair (laptop, after, EARLIER));
  assert_names (after);
}

/* One insertion that ends after so many bytes and calls. Whether it was over before. */
static gboolean
pull_at (const Laptop     *laptop,
         MereMemoryVolume *start,
         gboolean          had_earlier,
         gint64            moves)
{
  MereMemoryVolume *volume = mere_memory_volume_remount (start, FALSE);
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  g_autofree char *placed = NULL;
  g_autoptr (GError) error = NULL;
  gboolean delivered;

  volume->moves_left = moves;
  delivered = publish (laptop, stick, NOW, &placed, &error);
  if (!delivered)
    g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_GONE);
  assert_survival (laptop, volume, FALSE, had_earlier, placed);
  assert_survival (laptop, volume, TRUE, had_earlier, placed);

  return delivered;
}

static void
test_pulled_at_every_byte_and_call (void)
{
  g_auto (Laptop) laptop;
  MereMemoryVolume *volume = mere_memory_volume_new ();
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  g_autofree char *placed = NULL;
  g_autoptr (GError) error = NULL;
  gint64 moves = 0;

  laptop_init (&laptop);
  g_assert_true (publish (&laptop, stick, EARLIER, &placed, &error));
  while (!pull_at (&laptop, volume, TRUE, moves))
    moves++;
  g_assert_cmpint (moves, >, (gint64) g_bytes_get_size (laptop.age));
  g_test_message ("%d cuts", (int) moves);
}

static void
test_pulled_at_every_byte_of_the_first_insertion (void)
{
  g_auto (Laptop) laptop;
  MereMemoryVolume *volume = mere_memory_volume_new ();
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  gint64 moves = 0;

  laptop_init (&laptop);
  while (!pull_at (&laptop, volume, FALSE, moves))
    moves++;
  g_test_message ("%d cuts", (int) moves);
}

/* Each name before its content, each content before it is read, all of that before the signature; and all once more. */
static void
test_the_order_of_writing (void)
{
  g_auto (Laptop) laptop;
  MereMemoryVolume *volume = mere_memory_volume_new ();
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  g_autoptr (GString) calls = g_string_new (NULL);
  g_autofree char *name = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *placed = NULL;
  g_autoptr (GError) error = NULL;

  laptop_init (&laptop);
  g_assert_true (publish (&laptop, stick, EARLIER, &placed, &error));
  g_clear_pointer (&placed, g_free);
  volume->calls = calls;
  g_assert_true (publish (&laptop, stick, NOW, &placed, &error));
  name = g_path_get_basename (laptop.path);
  expected = g_strdup_printf ("folder %1$s\nflush %3$s\n"
                              "create %2$s\nflush %2$s\nflush %1$s\nwrite %2$s\nflush %2$s\nflush %1$s\nread %2$s\n"
                              "create %2$s.minisig\nflush %2$s.minisig\nflush %1$s\n"
                              "write %2$s.minisig\nflush %2$s.minisig\nflush %1$s\nread %2$s.minisig\n"
                              "read %2$s\nread %2$s.minisig\n",
                              NOW, name, laptop.road->device);
  g_assert_cmpstr (calls->str, ==, expected);
  volume->calls = NULL;
}

static void
assert_refused (const Laptop     *laptop,
                MereMemoryVolume *volume,
                int               code)
{
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  g_autofree char *placed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (publish (laptop, stick, NOW, &placed, &error));
  g_assert_error (error, MERE_STICK_ERROR, code);
  g_assert_null (placed);
  g_assert_false (holds_pair (laptop, volume, NOW));
}

static void
test_a_full_stick_is_said_to_be_full (void)
{
  static const int refusals[] = { ENOSPC, EDQUOT, EPERM };
  g_auto (Laptop) laptop;

  laptop_init (&laptop);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    for (gint64 room = 0; room < 3000; room += 97)
      {
        MereMemoryVolume *volume = mere_memory_volume_new ();

        volume->room = room;
        volume->full = refusals[i];
        assert_refused (&laptop, volume, MERE_STICK_ERROR_FULL);
      }
}

static void
test_a_stick_that_may_not_be_written_to_says_so (void)
{
  static const int refusals[] = { EROFS, EACCES, EPERM };
  g_auto (Laptop) laptop;

  laptop_init (&laptop);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      MereMemoryVolume *volume = mere_memory_volume_new ();

      volume->fixed = refusals[i];
      assert_refused (&laptop, volume, MERE_STICK_ERROR_READ_ONLY);
    }
}

/* errors=remount-ro: the kernel found the file system broken, and gave it up midway. */
static void
test_a_stick_that_turns_read_only_midway_is_gone (void)
{
  g_auto (Laptop) laptop;
  MereMemoryVolume *volume = mere_memory_volume_new ();

  laptop_init (&laptop);
  volume->room = 2500;
  volume->full = EROFS;
  assert_refused (&laptop, volume, MERE_STICK_ERROR_GONE);
}

/* It takes everything, and keeps less: only reading past the cache tells. */
static void
test_a_stick_of_false_size_is_found_out (void)
{
  g_auto (Laptop) laptop;
  gint64 n_found = 0;

  laptop_init (&laptop);
  for (gint64 kept = 2000; kept < 3500; kept += 13)
    {
      MereMemoryVolume *volume = mere_memory_volume_new ();
      g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
      g_autofree char *placed = NULL;
      g_autoptr (GError) error = NULL;

      volume->true_room = kept;
      if (publish (&laptop, stick, NOW, &placed, &error))
        g_assert_true (holds_pair (&laptop, volume, NOW));
      else
        g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_DIFFERS);
      n_found += error != NULL;
    }
  g_assert_cmpint (n_found, >, 50);
}

/* A FAT driver may refuse one name for ever after a pull within it; another name heals that. */
static void
test_a_session_that_is_taken_gets_another_letter (void)
{
  g_auto (Laptop) laptop;
  MereMemoryVolume *volume = mere_memory_volume_new ();
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  const char *expected[] = { NOW, NOW "a", NOW "b" };

  laptop_init (&laptop);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *placed = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (publish (&laptop, stick, NOW, &placed, &error));
      g_assert_cmpstr (placed, ==, expected[i]);
      g_assert_true (holds_pair (&laptop, volume, placed));
    }
}

/* P5, as far as names go: nothing on the stick says what is in the bundle, or where it was made. */
static void
test_the_stick_tells_nothing (void)
{
  static const char *const secrets[] = { "UTO", MERE_TEST_UUID_1, "passenger", "crossing", "Eriksson" };
  g_auto (Laptop) laptop;
  MereMemoryVolume *volume = mere_memory_volume_new ();
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  g_autofree char *placed = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) paths = NULL;

  laptop_init (&laptop);
  g_assert_true (publish (&laptop, stick, NOW, &placed, &error));
  paths = mere_memory_volume_list (volume);
  for (char **path = paths; *path != NULL; path++)
    {
      g_autoptr (GBytes) content = mere_memory_volume_load (volume, *path);

      for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
        {
          g_assert_null (strstr (*path, secrets[i]));
          g_assert_true (content == NULL || g_bytes_get_size (content) == 0 ||
                         memmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), secrets[i], strlen (secrets[i])) == NULL);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/stick-pulled/at-every-byte-and-call", test_pulled_at_every_byte_and_call);
  g_test_add_func ("/stick-pulled/at-every-byte-of-the-first-insertion", test_pulled_at_every_byte_of_the_first_insertion);
  g_test_add_func ("/stick-pulled/the-order-of-writing", test_the_order_of_writing);
  g_test_add_func ("/stick-pulled/a-full-stick-is-said-to-be-full", test_a_full_stick_is_said_to_be_full);
  g_test_add_func ("/stick-pulled/a-stick-that-may-not-be-written-to-says-so", test_a_stick_that_may_not_be_written_to_says_so);
  g_test_add_func ("/stick-pulled/a-stick-that-turns-read-only-midway-is-gone", test_a_stick_that_turns_read_only_midway_is_gone);
  g_test_add_func ("/stick-pulled/a-stick-of-false-size-is-found-out", test_a_stick_of_false_size_is_found_out);
  g_test_add_func ("/stick-pulled/a-session-that-is-taken-gets-another-letter", test_a_session_that_is_taken_gets_another_letter);
  g_test_add_func ("/stick-pulled/the-stick-tells-nothing", test_the_stick_tells_nothing);

  return g_test_run ();
}
