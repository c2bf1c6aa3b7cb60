/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The promise to an auditor: what we make, stock tools open without us; what they make, we take. Needs minisign, age, zstd,
 * tar and b2sum; without them it is skipped. */

#include "config.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "sync/code.h"
#include "sync/manifest-private.h"
#include "tests/sync/bundle-fixture.h"

static const char *const tools[] = { "minisign", "age", "age-keygen", "zstd", "tar", "b2sum", "sh", NULL };

static const char *
find_missing_tool (void)
{
  for (const char *const *tool = tools; *tool != NULL; tool++)
    {
      g_autofree char *path = g_find_program_in_path (*tool);

      if (path == NULL)
        return *tool;
    }

  return NULL;
}

/* Runs a script in a folder; its output, or NULL where it failed. Its name is $1. */
static char *
try_run (const char *folder,
         const char *script,
         const char *name)
{
  const char *const argv[] = { "sh", "-euc", script, "sh", name, NULL };
  g_autofree char  *output = NULL;
  g_autofree char  *complaints = NULL;
  int               status;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &complaints, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    {
      g_test_message ("%s", complaints);
      return NULL;
    }

  return g_steal_pointer (&output);
}

static char *
run (const char *folder,
     const char *script,
     const char *name)
{
  char *output = try_run (folder, script, name);

  g_assert_nonnull (output);

  return output;
}

static void
save_text (const char *folder,
           const char *name,
           const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  mere_test_save (path, text, strlen (text));
}

static char *
load_text (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char            *text;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

/* The keys as the tools want them: files. */
static void
save_keys (MereTestRoad *road)
{
  g_autofree char *public = mere_minisign_key_to_file (&road->key);
  g_autoptr (MereSecret) identity = mere_age_identity_to_text (road->identities->pdata[0]);

  save_text (road->folder, "device.pub", public);
  save_text (road->folder, "hq.key", (const char *) mere_secret_get_data (identity));
}

static void
test_stock_tools_open_our_bundle (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *listing = NULL;
  g_autofree char *picture = mere_test_b2 (MERE_TEST_PICTURE, strlen (MERE_TEST_PICTURE));
  g_autofree char *expected = NULL;
  g_autofree char *inside = NULL;
  g_autofree char *b2 = mere_test_b2 (MERE_TEST_XML_1, strlen (MERE_TEST_XML_1));

  save_keys (road);
  listing = run (road->folder, "minisign -VHm \"$1\" -p device.pub >&2 && age -d -i hq.key \"$1\" | zstd -dc | tar t", name);
  expected = g_strdup_printf ("manifest.json\nmanifest.json.minisig\nrecords/%s.xml\nrecords/%s.xml\nblobs/%s\n", MERE_TEST_UUID_1, MERE_TEST_UUID_2, picture);
  g_assert_cmpstr (listing, ==, expected);

  inside = run (road->folder,
                "mkdir out; age -d -i hq.key \"$1\" | zstd -dc | tar xf - -C out; cd out\n"
                "minisign -VHm manifest.json -p ../device.pub >&2; b2sum -l 256 records/0*",
                name);
  g_assert_true (g_str_has_prefix (inside, b2));
}

/* What the tools refuse, too: a changed bundle. */
static void
test_stock_tools_refuse_a_changed_bundle (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GBytes) whole = mere_test_load (path);
  g_autofree guint8 *changed = g_memdup2 (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));

  save_keys (road);
  changed[g_bytes_get_size (whole) / 2] ^= 1;
  mere_test_save (path, changed, g_bytes_get_size (whole));
  g_assert_null (try_run (road->folder, "minisign -VHm \"$1\" -p device.pub", name));
  g_assert_null (try_run (road->folder, "age -d -i hq.key \"$1\" > /dev/null", name));
}

/* Keys of the tools' own making, in the tools' own files. */
static void
take_stock_keys (MereTestRoad *road)
{
  g_autofree char *made = run (road->folder, "minisign -GW -p stock.pub -s stock.key >&2; age-keygen -o stock-hq.key 2>&1", "");
  g_autofree char *public = load_text (road->folder, "stock.pub");
  g_autofree char *identity = load_text (road->folder, "stock-hq.key");
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_minisign_key_parse (public, &road->key, &error));
  g_ptr_array_set_size (road->identities, 0);
  g_ptr_array_add (road->identities, mere_age_identity_parse (identity, &error));
  g_assert_no_error (error);
  g_free (road->hq_recipient);
  road->hq_recipient = mere_age_identity_dup_recipient (road->identities->pdata[0]);
  g_assert_nonnull (strstr (made, road->hq_recipient));
  g_free (road->device);
  road->device = mere_device_code_new (&road->key);
}

static void
save_manifest (MereTestRoad *road,
               guint64       bytes)
{
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *b2 = mere_test_b2 (MERE_TEST_XML_1, strlen (MERE_TEST_XML_1));
  MereEntry        entry = {
           .type = MERE_ENTRY_RECORD,
           .size = strlen (MERE_TEST_XML_1),
           .b2 = b2,
           .record = (char *) "uuid:" MERE_TEST_UUID_1,
           .form = (char *) "passenger-processing",
           .form_version = (char *) "1",
           .form_b2 = b2,
  };

  head->bundle = mere_bundle_name_new (road->device, 1, 1);
  head->sign_key = mere_minisign_key_to_text (&road->key);
  head->entries = 3;
  head->bytes = bytes;
  g_assert_null (mere_entry_complete (&entry));
  mere_manifest_append_head (text, head);
  mere_entry_append (text, &entry);
  g_free (entry.path);
  g_string_append (text, "]}\n");
  save_text (road->folder, "manifest.json", text->str);
}

/* @packing: options of tar. */
static void
assert_stock_bundle_is_taken (const char *packing)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autofree char *records = g_build_filename (road->folder, "records", NULL);
  g_autofree char *script = NULL;
  g_autofree char *size = NULL;
  g_autoptr (GError) error = NULL;

  take_stock_keys (road);
  name = mere_bundle_name_new (road->device, 1, 1);
  path = g_strdup_printf ("%s/%s" MERE_BUNDLE_SUFFIX, road->folder, name);
  g_assert_cmpint (g_mkdir (records, 0700), ==, 0);
  save_text (records, MERE_TEST_UUID_1 ".xml", MERE_TEST_XML_1);
  save_manifest (road, 10240);
  script = g_strdup_printf ("minisign -SWm manifest.json -s stock.key -t \"merestone-manifest/1 b=$1\" >&2\n"
                            "tar cf bundle.tar %s manifest.json manifest.json.minisig records/*.xml\n"
                            "zstd -q bundle.tar; age -r %s -o \"$1.age\" bundle.tar.zst\n"
                            "minisign -SWm \"$1.age\" -s stock.key -t \"merestone-bundle/1 b=$1 k=records r=7 t=10240 e=3\" >&2\n"
                            "wc -c < bundle.tar",
                            packing, road->hq_recipient);
  size = run (road->folder, script, name);
  g_assert_cmpstr (size, ==, "10240\n");
  g_assert_true (mere_test_road_read (road, path, &error));
  g_assert_no_error (error);
}

static void
test_a_bundle_of_stock_tools_is_taken (void)
{
  assert_stock_bundle_is_taken ("");
  assert_stock_bundle_is_taken ("--format=ustar --owner=0 --group=0 --mtime=@0");
}

int
main (int   argc,
      char *argv[])
{
  const char *missing;

  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  missing = find_missing_tool ();
  if (missing != NULL)
    {
      g_print ("1..0 # SKIP %s is not installed\n", missing);
      return 0;
    }
  g_test_add_func ("/stock/tools-open-our-bundle", test_stock_tools_open_our_bundle);
  g_test_add_func ("/stock/tools-refuse-a-changed-bundle", test_stock_tools_refuse_a_changed_bundle);
  g_test_add_func ("/stock/a-bundle-of-tools-is-taken", test_a_bundle_of_stock_tools_is_taken);

  return g_test_run ();
}
