/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A field day of an assessment in Utopia, end to end: headquarters by its command, the laptop by the calls of the window,
 * and a folder as the stick between them.
 *
 *     fieldday --hq MERESTONE-HQ [--store ADDRESS] DIR
 *
 * leaves DIR/stick, DIR/field.vault, DIR/hq.vault, DIR/passphrase (of both), DIR/device.pub (the laptop's minisign public
 * key), DIR/hq.key (headquarters' age identity), DIR/export (CSV) and DIR/expected.json (each record as it was typed). */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sodium.h>

#include "tests/fieldday/command.h"
#include "tests/fieldday/laptop.h"

typedef struct
{
  const char   *folder;
  char         *stick;
  char         *passphrase_file;
  JsonObject   *script; /* day.json */
  MereHqCommand hq;
  MereLaptop    laptop;
  char         *hq_code;
  char         *device;
  char         *device_code;
} Day;

static char *
in_folder (Day        *day,
           const char *name)
{
  return g_build_filename (day->folder, name, NULL);
}

/* Random, as headquarters and the laptop of a sample day need no one to remember it. */
static gboolean
make_passphrase (Day     *day,
                 GError **error)
{
  char   text[2 * 16 + 2] = { 0 };
  guint8 random[16];

  randombytes_buf (random, sizeof random);
  sodium_bin2hex (text, 2 * sizeof random + 1, random, sizeof random);
  text[2 * sizeof random] = '\n';
  return g_file_set_contents_full (day->passphrase_file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static gboolean
run_hq (Day        *day,
        JsonNode  **json,
        GError    **error,
        const char *first,
        ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  va_list arguments;

  va_start (arguments, first);
  for (const char *word = first; word != NULL; word = va_arg (arguments, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (arguments);
  g_ptr_array_add (words, NULL);
  return mere_hq_command_run (&day->hq, (const char *const *) words->pdata, json, error);
}

static gboolean
found_headquarters (Day     *day,
                    GError **error)
{
  g_autofree char *identity = in_folder (day, "hq.key");
  g_autoptr (JsonNode) told = NULL;

  if (!run_hq (day, &told, error, "init", "--label", "Headquarters", "--identity-file", identity, NULL))
    return FALSE;
  day->hq_code = g_strdup (json_object_get_string_member (json_node_get_object (told), "code"));
  g_print ("   headquarters' digits: %s\n", day->hq_code);
  return TRUE;
}

static gboolean
make_laptop_vault (Day     *day,
                   GError **error)
{
  g_autofree char *path = in_folder (day, "field.vault");
  g_autoptr (MereSecret) passphrase = mere_secret_load_file (day->passphrase_file, error);

  return passphrase != NULL && mere_laptop_begin (&day->laptop, path, passphrase, error);
}

static gboolean
offer_card (Day     *day,
            GError **error)
{
  g_autofree char *path = in_folder (day, "device.pub");

  if (!mere_laptop_offer (&day->laptop, json_object_get_string_member (day->script, "label"), &day->device, &day->device_code, error))
    return FALSE;
  g_print ("   laptop %s, its digits: %s\n", day->device, day->device_code);
  return mere_laptop_save_public_key (&day->laptop, path, error);
}

static gboolean
approve (Day     *day,
         GError **error)
{
  return run_hq (day, NULL, error, "enrol", "approve", "--code", day->device_code, "--label",
                 json_object_get_string_member (day->script, "label"), day->device, day->stick, NULL);
}

static gboolean
pack (Day     *day,
      GError **error)
{
  JsonObject      *mission = json_object_get_object_member (day->script, "mission");
  g_autofree char *crossings = g_build_filename (FIELDDAY_SOURCE, "crossings.csv", NULL);

  return run_hq (day, NULL, error, "pack", "--title", json_object_get_string_member (mission, "title"), "--country",
                 json_object_get_string_member (mission, "country"), "--starts",
                 json_object_get_string_member (mission, "starts"), "--ends", json_object_get_string_member (mission, "ends"),
                 "--message", json_object_get_string_member (mission, "message"), "--crossings", crossings, day->stick, NULL);
}

static gboolean
read_pack (Day     *day,
           GError **error)
{
  return mere_laptop_trust (&day->laptop, day->hq_code, error) && mere_laptop_read (&day->laptop, error);
}

static gboolean
observe (Day     *day,
         GError **error)
{
  return mere_laptop_observe (&day->laptop,
                              json_object_get_string_member (day->script, "crossing"),
                              json_object_get_object_member (day->script, "observation"),
                              error);
}

static gboolean
fill (Day        *day,
      const char *what,
      GError    **error)
{
  return mere_laptop_fill (&day->laptop,
                           json_object_get_string_member (day->script, "crossing"),
                           json_object_get_object_member (day->script, what),
                           error);
}

static gboolean
check (Day     *day,
       GError **error)
{
  return fill (day, "check", error);
}

static gboolean
interview (Day     *day,
           GError **error)
{
  return fill (day, "interview", error);
}

static gboolean
write_stick (Day     *day,
             GError **error)
{
  return mere_laptop_write (&day->laptop, error);
}

static gboolean
receive (Day     *day,
         GError **error)
{
  return run_hq (day, NULL, error, "receive", day->stick, NULL);
}

static gboolean
look (Day     *day,
      GError **error)
{
  g_autofree char *tables = in_folder (day, "export");

  return run_hq (day, NULL, error, "status", NULL) && run_hq (day, NULL, error, "records", "list", NULL) &&
         run_hq (day, NULL, error, "export", "--csv", tables, NULL);
}

static gboolean
read_receipt (Day     *day,
              GError **error)
{
  return mere_laptop_read (&day->laptop, error) && mere_laptop_tell_states (&day->laptop, error);
}

static gboolean
save_expected (Day     *day,
               GError **error)
{
  g_autofree char *path = in_folder (day, "expected.json");
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_array_member (object, "records", json_array_ref (day->laptop.expected));
  json_node_take_object (root, object);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  return json_generator_to_file (generator, path, error);
}

static const struct
{
  const char *title;
  gboolean (*run) (Day *day, GError **error);
} steps[] = {
  { "A passphrase for both vaults", make_passphrase },
  { "Headquarters makes its vault and keys", found_headquarters },
  { "The assessor makes a vault", make_laptop_vault },
  { "The laptop's card goes to the stick", offer_card },
  { "Headquarters types the laptop's digits", approve },
  { "Headquarters writes the mission pack", pack },
  { "The assessor types headquarters' digits and reads the pack", read_pack },
  { "Passengers are timed at a booth", observe },
  { "A BMIS check sheet is filled", check },
  { "An interview is held", interview },
  { "The bundle goes to the stick", write_stick },
  { "Headquarters takes the stick in and answers with a receipt", receive },
  { "Headquarters looks at what it has", look },
  { "The receipt comes back to the laptop", read_receipt },
  { "What was typed is written down", save_expected },
};

static gboolean
run_day (Day     *day,
         GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_print ("%2u. %s\n", i + 1, steps[i].title);
      if (!steps[i].run (day, error))
        return FALSE;
    }
  return TRUE;
}

static void
tell_where (Day *day)
{
  static const struct
  {
    const char *name;
    const char *what;
  } places[] = {
    { "field.vault", "the laptop's vault" },
    { "hq.vault", "headquarters' vault" },
    { "passphrase", "opens both" },
    { "stick", "bundles both ways" },
    { "export", "tables, as ODK Central makes them" },
    { "device.pub", "the laptop's minisign public key" },
    { "hq.key", "headquarters' age identity" },
    { "expected.json", "each record as it was typed" },
  };

  g_print ("Where things lie in %s:\n", day->folder);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    g_print ("   %-14s %s\n", places[i].name, places[i].what);
}

static gboolean
prepare (Day     *day,
         GError **error)
{
  g_autofree char *path = g_build_filename (FIELDDAY_SOURCE, "day.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_file (parser, path, error))
    return FALSE;
  day->script = json_object_ref (json_node_get_object (json_parser_get_root (parser)));
  day->stick = in_folder (day, "stick");
  day->passphrase_file = in_folder (day, "passphrase");
  day->hq.vault = in_folder (day, "hq.vault");
  day->hq.passphrase_file = day->passphrase_file;
  day->laptop.stick = day->stick;
  day->laptop.expected = json_array_new ();
  if (g_mkdir_with_parents (day->stick, 0700) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", day->stick, g_strerror (errno));
  return FALSE;
}

static void
finish (Day *day)
{
  mere_laptop_end (&day->laptop);
  g_clear_pointer (&day->script, json_object_unref);
  g_clear_pointer (&day->laptop.expected, json_array_unref);
  g_free ((char *) day->hq.vault);
  g_free (day->stick);
  g_free (day->passphrase_file);
  g_free (day->hq_code);
  g_free (day->device);
  g_free (day->device_code);
}

int
main (int    argc,
      char **argv)
{
  Day day = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean done;

  setlocale (LC_ALL, "");
  if ((argc != 4 && argc != 6) || !g_str_equal (argv[1], "--hq") || (argc == 6 && !g_str_equal (argv[3], "--store")) || sodium_init () < 0)
    {
      g_printerr ("Usage: fieldday --hq MERESTONE-HQ [--store ADDRESS] DIR\n");
      return 2;
    }
  day.hq.program = argv[2];
  day.hq.store = argc == 6 ? argv[4] : NULL;
  day.folder = argv[argc - 1];
  done = prepare (&day, &error) && run_day (&day, &error);
  if (done)
    tell_where (&day);
  else
    g_printerr ("fieldday: %s\n", error->message);
  finish (&day);
  return done ? 0 : 1;
}
