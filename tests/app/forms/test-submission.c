/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our submissions against those of ODK's engine, node by node: tests/corpus/odk/NAME/SEED.submission.xml is what it sends
 * after SEED.steps.json. What the clock and chance give is left out, as the case's expected.json lists it. */

#include "config.h"

#include "app/forms/run.h"

#include <libxml/parser.h>
#include <string.h>

typedef struct
{
  const char *name;
  JsonArray  *ignore;
  gboolean    same;
} Comparison;

static gboolean
is_ignored (const Comparison *self,
            const char       *ref)
{
  for (guint i = 0; self->ignore != NULL && i < json_array_get_length (self->ignore); i++)
    if (strcmp (json_array_get_string_element (self->ignore, i), ref) == 0)
      return TRUE;
  return g_str_has_suffix (ref, "instanceID");
}

static void
differ (Comparison *self,
        const char *ref,
        const char *what,
        const char *ours,
        const char *theirs)
{
  g_test_message ("%s: %s: %s is “%s”, expected “%s”", self->name, ref, what, ours != NULL ? ours : "nothing", theirs != NULL ? theirs : "nothing");
  self->same = FALSE;
}

static const char *
namespace_of (const xmlNs *ns)
{
  return ns != NULL && ns->href != NULL ? (const char *) ns->href : "";
}

static guint
count_attributes (const xmlNode *node)
{
  guint n = 0;

  for (const xmlAttr *at = node->properties; at != NULL; at = at->next)
    n++;
  return n;
}

/* Two ids of chance are as good as each other. */
static gboolean
same_value (const xmlChar *ours,
            const xmlChar *theirs)
{
  const char *a = (const char *) ours, *b = (const char *) theirs;

  if (a != NULL && b != NULL && g_str_has_prefix (a, "uuid:") && g_str_has_prefix (b, "uuid:"))
    return TRUE;
  return g_strcmp0 (a, b) == 0 || (a != NULL && b != NULL && g_uuid_string_is_valid (a) && g_uuid_string_is_valid (b));
}

static void
compare_attributes (Comparison *self,
                    xmlNode    *ours,
                    xmlNode    *theirs,
                    const char *ref)
{
  for (const xmlAttr *at = theirs->properties; at != NULL; at = at->next)
    {
      const xmlChar *uri = at->ns != NULL ? at->ns->href : NULL;
      xmlChar       *expected = xmlGetNsProp (theirs, at->name, uri);
      xmlChar       *value = xmlGetNsProp (ours, at->name, uri);

      if (!same_value (value, expected))
        differ (self, ref, (const char *) at->name, (const char *) value, (const char *) expected);
      xmlFree (expected);
      xmlFree (value);
    }
  if (count_attributes (ours) != count_attributes (theirs))
    differ (self, ref, "the number of attributes", "another", "the same");
}

static void
compare_text (Comparison *self,
              xmlNode    *ours,
              xmlNode    *theirs,
              const char *ref)
{
  xmlChar *value = xmlNodeGetContent (ours), *expected = xmlNodeGetContent (theirs);

  if (!is_ignored (self, ref) && !same_value (value, expected))
    differ (self, ref, "the value", (const char *) value, (const char *) expected);
  xmlFree (value);
  xmlFree (expected);
}

/* Which of several neighbours of one name a node is, as refs have it: none for the only one that we know of. */
static char *
make_ref (const char    *parent,
          const xmlNode *node)
{
  const char *prefix = node->ns != NULL ? (const char *) node->ns->prefix : NULL;
  guint       before = 0, after = 0;

  for (const xmlNode *at = node->prev; at != NULL; at = at->prev)
    before += xmlStrcmp (at->name, node->name) == 0;
  for (const xmlNode *at = node->next; at != NULL; at = at->next)
    after += xmlStrcmp (at->name, node->name) == 0;
  if (before + after > 0)
    return g_strdup_printf ("%s/%s%s%s[%u]", parent, prefix != NULL ? prefix : "", prefix != NULL ? ":" : "", node->name, before + 1);
  return g_strdup_printf ("%s/%s%s%s", parent, prefix != NULL ? prefix : "", prefix != NULL ? ":" : "", node->name);
}

static void
compare_nodes (Comparison *self,
               xmlNode    *ours,
               xmlNode    *theirs,
               const char *parent)
{
  g_autofree char *ref = make_ref (parent, theirs);
  xmlNode         *a = xmlFirstElementChild (ours), *b = xmlFirstElementChild (theirs);

  if (xmlStrcmp (ours->name, theirs->name) != 0)
    {
      differ (self, ref, "the name", (const char *) ours->name, (const char *) theirs->name);
      return;
    }
  if (strcmp (namespace_of (ours->ns), namespace_of (theirs->ns)) != 0)
    differ (self, ref, "the namespace", namespace_of (ours->ns), namespace_of (theirs->ns));
  compare_attributes (self, ours, theirs, ref);
  if (a == NULL && b == NULL)
    compare_text (self, ours, theirs, ref);
  for (; a != NULL && b != NULL; a = xmlNextElementSibling (a), b = xmlNextElementSibling (b))
    compare_nodes (self, a, b, ref);
  if (a != NULL || b != NULL)
    differ (self, ref, "a child", a != NULL ? (const char *) a->name : NULL, b != NULL ? (const char *) b->name : NULL);
}

static JsonNode *
read_json (const char *folder,
           const char *seed,
           const char *what)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *name = g_strconcat (seed, what, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static GBytes *
submit (const char *folder,
        const char *seed)
{
  g_autofree char *path = g_build_filename (folder, "form.xml", NULL);
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (MereForm) form = NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (JsonNode) steps = read_json (folder, seed, ".steps.json");
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  xml = g_bytes_new_take (contents, length);
  form = mere_form_load (xml, mere_form_media_from_folder, (gpointer) folder, NULL, &error);
  g_assert_no_error (error);
  session = mere_form_session_new (form);
  mere_form_session_set_property (session, "deviceid", "device");
  mere_form_session_set_property (session, "username", "user");
  mere_form_run_steps (session, json_node_get_array (steps), &error);
  g_assert_no_error (error);
  mere_form_session_finish (session);
  return mere_form_session_serialize (session, TRUE);
}

static gboolean
same_submission (const char *name,
                 const char *folder,
                 const char *seed)
{
  g_autoptr (GBytes) bytes = submit (folder, seed);
  g_autoptr (JsonNode) state = read_json (folder, seed, ".expected.json");
  JsonObject      *object = json_node_get_object (state);
  g_autofree char *file = g_strconcat (seed, ".submission.xml", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  Comparison       comparison = { name, json_object_has_member (object, "ignore") ? json_object_get_array_member (object, "ignore") : NULL, TRUE };
  xmlDoc          *ours = xmlReadMemory (g_bytes_get_data (bytes, NULL), (int) g_bytes_get_size (bytes), NULL, NULL, XML_PARSE_NONET);
  xmlDoc          *theirs = xmlReadFile (path, NULL, XML_PARSE_NONET);

  g_assert_nonnull (ours);
  g_assert_nonnull (theirs);
  compare_nodes (&comparison, xmlDocGetRootElement (ours), xmlDocGetRootElement (theirs), "");
  xmlFreeDoc (ours);
  xmlFreeDoc (theirs);
  return comparison.same;
}

/* Lines of a list that begin with "- `NAME`". */
static gboolean
is_listed (const char *differences,
           const char *name,
           const char *seed)
{
  g_autofree char *whole = g_strdup_printf ("\n- `%s`", name);
  g_autofree char *one = g_strdup_printf ("\n- `%s/%s`", name, seed);

  return strstr (differences, whole) != NULL || strstr (differences, one) != NULL;
}

static void
test_submissions_are_those_of_odk (void)
{
  g_autofree char *corpus = g_test_build_filename (G_TEST_DIST, "..", "..", "corpus", NULL);
  g_autofree char *cases = g_build_filename (corpus, "odk", NULL);
  g_autofree char *list = g_build_filename (corpus, "odk-differences.md", NULL);
  g_autofree char *differences = NULL;
  g_autoptr (GDir) dir = g_dir_open (cases, 0, NULL);
  const char *name;
  guint       n = 0, same = 0;

  g_assert_true (g_file_get_contents (list, &differences, NULL, NULL));
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (cases, name, NULL);
      g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
      const char *file;

      while (files != NULL && (file = g_dir_read_name (files)) != NULL)
        {
          g_autofree char *seed = g_str_has_suffix (file, ".submission.xml") ? g_strndup (file, strcspn (file, ".")) : NULL;

          if (seed == NULL || is_listed (differences, name, seed))
            continue;
          n++;
          same += same_submission (name, folder, seed);
        }
    }
  g_test_message ("%u of %u submissions are the same", same, n);
  g_assert_cmpuint (n, >, 190);
  g_assert_cmpuint (same, ==, n);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/submission/those-of-odk", test_submissions_are_those_of_odk);

  return g_test_run ();
}
