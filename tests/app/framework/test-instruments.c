/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The instruments that come with the program: they load without a word, say everything in each of their languages, and
 * name items that the framework knows. */

#include "app/framework/framework.h"
#include "tests/app/framework/filling.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef struct
{
  const char *form;
  const char *version;
  const char *kind;
  const char *file;
} Instrument;

/* Calls @test for each instrument of the index; there are three or more. */
static void
for_each_instrument (void (*test) (const Instrument *instrument))
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resources_lookup_data (MERE_FILLING_FOLDER "index.json", G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_autoptr (JsonNode) index = NULL;
  JsonArray *entries;

  g_assert_no_error (error);
  index = json_from_string (g_bytes_get_data (bytes, NULL), &error);
  g_assert_no_error (error);
  entries = json_node_get_array (index);
  g_assert_cmpuint (json_array_get_length (entries), >=, 3);
  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);
      Instrument  instrument = {
         json_object_get_string_member (entry, "form"),
         json_object_get_string_member (entry, "version"),
         json_object_get_string_member (entry, "kind"),
         json_object_get_string_member (entry, "file"),
      };

      g_test_message ("%s", instrument.file);
      test (&instrument);
    }
}

/* What a form says and what it asks its texts for, by GMarkup: apart from the engine that is tested. */
typedef struct
{
  char       *kind;
  GPtrArray  *languages; /* names */
  GPtrArray  *texts;     /* for each language a set of ids */
  GHashTable *wanted;    /* ids */
} Texts;

static void
want_itext_of (Texts *self, const char *value)
{
  const char *start = strstr (value, "jr:itext('");

  if (start != NULL)
    g_hash_table_add (self->wanted, g_strndup (start + strlen ("jr:itext('"), strcspn (start + strlen ("jr:itext('"), "'")));
}

static void
start_element (GMarkupParseContext *context,
               const char          *element,
               const char         **names,
               const char         **values,
               gpointer             user_data,
               GError             **error)
{
  Texts *self = user_data;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (strcmp (names[i], "mere:kind") == 0)
        self->kind = g_strdup (values[i]);
      else if (strcmp (element, "translation") == 0 && strcmp (names[i], "lang") == 0)
        {
          g_ptr_array_add (self->languages, g_strdup (values[i]));
          g_ptr_array_add (self->texts, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL));
        }
      else if (strcmp (element, "text") == 0)
        g_assert_true (g_hash_table_add (g_ptr_array_index (self->texts, self->texts->len - 1), g_strdup (values[i])));
      want_itext_of (self, values[i]);
    }
}

static void
take_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
  Texts           *self = user_data;
  const char      *element = g_markup_parse_context_get_element (context);
  g_autofree char *words = g_strndup (text, length);

  if (g_strcmp0 (element, "itextId") == 0)
    g_hash_table_add (self->wanted, g_steal_pointer (&words));
  else if (g_strcmp0 (element, "value") == 0)
    g_assert_cmpuint (strlen (g_strstrip (words)), >, 0);
}

static void
read_texts (Texts *self, const char *file)
{
  const GMarkupParser parser = { .start_element = start_element, .text = take_text };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, self, NULL);
  g_autoptr (GBytes) xml = mere_filling_read_xml (file);
  g_autoptr (GError) error = NULL;

  self->languages = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  self->wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_markup_parse_context_parse (context, g_bytes_get_data (xml, NULL), (gssize) g_bytes_get_size (xml), &error);
  g_assert_no_error (error);
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
}

static void
clear_texts (Texts *self)
{
  g_free (self->kind);
  g_ptr_array_unref (self->languages);
  g_ptr_array_unref (self->texts);
  g_hash_table_unref (self->wanted);
}

static void
assert_same_ids (GHashTable *left, GHashTable *right)
{
  GHashTableIter iter;
  gpointer       id;

  g_hash_table_iter_init (&iter, left);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (right, id))
      {
        g_test_message ("%s is on one side only", (char *) id);
        g_test_fail ();
      }
  g_assert_cmpuint (g_hash_table_size (left), ==, g_hash_table_size (right));
}

static void
check_identity (const Instrument *instrument)
{
  g_autoptr (MereForm) form = mere_filling_load (instrument->file);
  Texts texts = { 0 };

  read_texts (&texts, instrument->file);
  g_assert_cmpstr (mere_form_get_id (form), ==, instrument->form);
  g_assert_cmpstr (mere_form_get_version (form), ==, instrument->version);
  g_assert_cmpuint (strlen (instrument->version), ==, strlen ("YYYYMMDDNN"));
  g_assert_cmpstr (texts.kind, ==, instrument->kind);
  clear_texts (&texts);
}

static void
test_load_without_a_word (void)
{
  for_each_instrument (check_identity);
}

static void
check_texts (const Instrument *instrument)
{
  Texts texts = { 0 };

  read_texts (&texts, instrument->file);
  g_assert_true (g_ptr_array_find_with_equal_func (texts.languages, "English (en)", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (texts.languages, "Français (fr)", g_str_equal, NULL));
  for (guint i = 0; i < texts.texts->len; i++)
    assert_same_ids (texts.wanted, g_ptr_array_index (texts.texts, i));
  clear_texts (&texts);
}

static void
test_say_everything_in_each_language (void)
{
  for_each_instrument (check_texts);
}

static void
check_question (MereFormNode *node, gpointer user_data)
{
  const char      *item = mere_form_node_get_attribute (node, "item");
  const char      *method = mere_form_node_get_attribute (node, "method");
  const char      *role = mere_form_node_get_attribute (node, "role");
  g_autofree char *ref = mere_form_node_dup_ref (node);

  if (!mere_filling_is_asked (node))
    return;
  if (role == NULL && item == NULL)
    g_test_message ("%s has no item", ref);
  g_assert_true (role != NULL || item != NULL);
  g_assert_true (role == NULL || strcmp (role, "header") == 0);
  if (item != NULL && !mere_framework_find (mere_framework_get_default (), item, NULL, NULL))
    g_error ("%s: the framework has no %s", ref, item);
  g_assert_nonnull (method);
  g_assert_cmpuint (strspn (method, "OSID "), ==, strlen (method));
  g_assert_nonnull (mere_form_node_get_label (node));
  ++*(guint *) user_data;
}

static void
check_items (const Instrument *instrument)
{
  g_autoptr (MereFormSession) session = mere_filling_begin (instrument->file);
  guint n_asked = 0;

  mere_filling_walk (session, mere_form_session_get_root (session), check_question, &n_asked);
  g_test_message ("%u questions", n_asked);
  g_assert_cmpuint (n_asked, >, 40);
}

static void
test_questions_name_items_of_the_framework (void)
{
  for_each_instrument (check_items);
}

static void
test_a_study_needs_five_answers (void)
{
  static const char *const answers[][2] = {
    { "/data/study/crossing", "Salt Gate" },
    { "/data/study/direction", "entry" },
    { "/data/study/lane", "mixed" },
    { "/data/study/agreed", "yes" },
  };
  g_autoptr (MereFormSession) session = mere_filling_begin ("passenger-processing.xml");

  g_assert_cmpuint (strlen (mere_filling_get (session, "/data/study/date")), ==, strlen ("2026-11-24"));
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer_all (session, answers, G_N_ELEMENTS (answers));
  mere_filling_assert_complete (session);
  mere_filling_answer (session, "/data/study/booth", "Booth of Eriksson");
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer (session, "/data/study/booth", "B-3");
  mere_filling_assert_complete (session);
  mere_filling_answer (session, "/data/study/agreed", "no");
  g_assert_false (mere_form_session_validate (session, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/instruments/load-without-a-word", test_load_without_a_word);
  g_test_add_func ("/instruments/say-everything-in-each-language", test_say_everything_in_each_language);
  g_test_add_func ("/instruments/questions-name-items-of-the-framework", test_questions_name_items_of_the_framework);
  g_test_add_func ("/instruments/passengers/a-study-needs-five-answers", test_a_study_needs_five_answers);
  return g_test_run ();
}
