/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The same forms, the same steps, the same states as ODK's own engine: tests/corpus/odk. Cases in which the
 * specification decides against that engine are listed in tests/corpus/odk-differences.md and left out of the count. */

#include "app/forms/run.h"

#include <string.h>

#define LEAST_SHARE 0.60

typedef struct
{
  GHashTable *differences; /* case/seed or case, to be left out */
  guint       n;
  guint       agree;
  guint       left_out;
} Tally;

static char *
fold (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text != NULL ? text : "", " \t\r\n", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_ptr_array_add (kept, words[i]);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv (" ", (char **) kept->pdata);
}

static gboolean
same_text (const char *a, const char *b)
{
  g_autofree char *left = fold (a), *right = fold (b);

  return strcmp (left, right) == 0;
}

static gboolean
is_ignored (JsonObject *expected, const char *ref)
{
  JsonArray *ignore = json_object_has_member (expected, "ignore") ? json_object_get_array_member (expected, "ignore") : NULL;

  for (guint i = 0; ignore != NULL && i < json_array_get_length (ignore); i++)
    if (g_strcmp0 (json_array_get_string_element (ignore, i), ref) == 0)
      return TRUE;
  return FALSE;
}

/* The name of the first member that differs, or NULL. */
static const char *
compare_members (JsonObject *ours, JsonObject *theirs)
{
  static const char *const names[] = { "ref", "relevant", "readonly", "required", "valid", "violation", "value", NULL };

  for (guint i = 0; names[i] != NULL; i++)
    {
      JsonNode *a = json_object_get_member (ours, names[i]), *b = json_object_get_member (theirs, names[i]);

      if ((a == NULL) != (b == NULL) || (a != NULL && !json_node_equal (a, b)))
        return names[i];
    }
  if (json_object_has_member (ours, "label") != json_object_has_member (theirs, "label"))
    return "label";
  if (json_object_has_member (ours, "label") && !same_text (json_object_get_string_member (ours, "label"), json_object_get_string_member (theirs, "label")))
    return "label";
  return NULL;
}

static gboolean
same_choices (JsonObject *ours, JsonObject *theirs)
{
  JsonArray *a, *b;

  if (json_object_has_member (ours, "choices") != json_object_has_member (theirs, "choices"))
    return FALSE;
  if (!json_object_has_member (ours, "choices"))
    return TRUE;
  a = json_object_get_array_member (ours, "choices");
  b = json_object_get_array_member (theirs, "choices");
  if (json_array_get_length (a) != json_array_get_length (b))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (a); i++)
    {
      JsonArray *x = json_array_get_array_element (a, i), *y = json_array_get_array_element (b, i);

      if (strcmp (json_array_get_string_element (x, 0), json_array_get_string_element (y, 0)) != 0 ||
          !same_text (json_array_get_string_element (x, 1), json_array_get_string_element (y, 1)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
compare_states (const char *name, JsonObject *ours, JsonObject *expected)
{
  JsonArray *a = json_object_get_array_member (ours, "nodes"), *b = json_object_get_array_member (expected, "nodes");

  for (guint i = 0; i < MIN (json_array_get_length (a), json_array_get_length (b)); i++)
    {
      JsonObject *x = json_array_get_object_element (a, i), *y = json_array_get_object_element (b, i);
      const char *ref = json_object_get_string_member (y, "ref"), *member;

      if (is_ignored (expected, ref))
        continue;
      member = compare_members (x, y);
      if (member == NULL && !same_choices (x, y))
        member = "choices";
      if (member != NULL)
        {
          g_autofree char *mine = json_to_string (json_object_get_member (x, member), FALSE);
          g_autofree char *other = json_object_has_member (y, member) ? json_to_string (json_object_get_member (y, member), FALSE) : g_strdup ("nothing");

          g_test_message ("%s: %s: %s is %s, expected %s", name, ref, member, json_object_has_member (x, member) ? mine : "nothing", other);
          return FALSE;
        }
    }
  if (json_array_get_length (a) != json_array_get_length (b))
    g_test_message ("%s: %u nodes, expected %u", name, json_array_get_length (a), json_array_get_length (b));
  return json_array_get_length (a) == json_array_get_length (b);
}

static JsonNode *
read_json (const char *folder, const char *seed, const char *what)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *name = g_strconcat (seed, what, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static gboolean
run_case (const char *name, const char *folder, const char *seed, MereForm *form)
{
  g_autoptr (JsonNode) steps = read_json (folder, seed, ".steps.json");
  g_autoptr (JsonNode) expected = read_json (folder, seed, ".expected.json");
  g_autoptr (MereFormSession) session = mere_form_session_new (form);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) state = NULL;

  mere_form_session_set_property (session, "deviceid", "device");
  mere_form_session_set_property (session, "username", "user");
  if (!mere_form_run_steps (session, json_node_get_array (steps), &error))
    {
      g_test_message ("%s: %s", name, error->message);
      return FALSE;
    }
  state = mere_form_run_state (session);
  return compare_states (name, json_node_get_object (state), json_node_get_object (expected));
}

static MereForm *
load (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "form.xml", NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  char     *contents;
  gsize     length;
  MereForm *form;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (contents, length);
  form = mere_form_load (bytes, mere_form_media_from_folder, (gpointer) folder, NULL, &error);
  if (form == NULL)
    g_test_message ("%s: %s", folder, error->message);
  return form;
}

static void
run_folder (Tally *tally, const char *folder, const char *name)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (MereForm) form = load (folder);
  const char *file;

  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *seed = NULL, *full = NULL;

      if (!g_str_has_suffix (file, ".steps.json"))
        continue;
      seed = g_strndup (file, strlen (file) - strlen (".steps.json"));
      full = g_strdup_printf ("%s/%s", name, seed);
      if (g_hash_table_contains (tally->differences, name) || g_hash_table_contains (tally->differences, full))
        {
          tally->left_out++;
          continue;
        }
      tally->n++;
      tally->agree += form != NULL && run_case (full, folder, seed, form);
    }
}

/* Lines of a list that begin with "- `NAME`". */
static GHashTable *
read_differences (const char *corpus)
{
  GHashTable      *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *path = g_build_filename (corpus, "odk-differences.md", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return table;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "- `"))
      g_hash_table_add (table, g_strndup (lines[i] + 3, strcspn (lines[i] + 3, "`")));
  return table;
}

static void
test_agrees_with_odk (void)
{
  g_autofree char *corpus = g_test_build_filename (G_TEST_DIST, "..", "..", "corpus", NULL);
  g_autofree char *cases = g_build_filename (corpus, "odk", NULL);
  g_autoptr (GDir) dir = g_dir_open (cases, 0, NULL);
  Tally       tally = { .differences = read_differences (corpus) };
  const char *name;
  const char *only = g_getenv ("MERESTONE_CASE");

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (cases, name, NULL);

      if (g_file_test (folder, G_FILE_TEST_IS_DIR) && (only == NULL || strcmp (only, name) == 0))
        run_folder (&tally, folder, name);
    }
  g_test_message ("%u of %u cases agree (%.1f %%), %u left out by the specification", tally.agree, tally.n, 100.0 * tally.agree / MAX (tally.n, 1), tally.left_out);
  g_hash_table_unref (tally.differences);
  g_assert_cmpfloat (tally.agree, >=, LEAST_SHARE * tally.n);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/oracle/agrees-with-odk", test_agrees_with_odk);
  return g_test_run ();
}
