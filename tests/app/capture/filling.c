/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/app/capture/filling.h"

#include "app/forms/document.h"
#include "app/forms/run.h"
#include "app/store/attachment.h"
#include "app/store/crossing.h"
#include "app/store/record.h"

#include <string.h>

static GBytes *
load_form (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".xml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "forms", file, NULL);
  g_autofree char *resource = g_strconcat ("/org/merestone/Merestone/instruments/", file, NULL);
  char            *text;
  gsize            length;

  if (g_file_get_contents (path, &text, &length, NULL))
    return g_bytes_new_take (text, length);
  return g_resources_lookup_data (resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

gint64
mere_filling_take_in (MereStore  *store,
                      const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = load_form (name);
  g_autoptr (MereInstrument) instrument = mere_intake_instrument (store, xml, -1, NULL, &error);

  g_assert_no_error (error);
  return instrument->row;
}

char *
mere_filling_crossing (MereStore *store)
{
  g_autoptr (MereCrossing) crossing = mere_crossing_new ("Utopia Bridge", MERE_CROSSING_LAND, "");

  g_assert_true (mere_crossing_save (store, crossing, NULL));
  return g_strdup (crossing->id);
}

MereFormNode *
mere_filling_node (MereCapture *capture,
                   const char  *ref)
{
  MereFormNode *node = mere_form_session_find (mere_capture_get_session (capture), ref);

  if (node == NULL)
    g_error ("there is no node %s", ref);
  return node;
}

const char *
mere_filling_value (MereCapture *capture,
                    const char  *ref)
{
  return mere_form_node_get_value (mere_filling_node (capture, ref));
}

void
mere_filling_set (MereCapture *capture,
                  const char  *ref,
                  const char  *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_capture_set (capture, mere_filling_node (capture, ref), value, &error) || error != NULL);
  g_assert_no_error (error);
}

void
mere_filling_add (MereCapture *capture,
                  const char  *ref)
{
  g_autoptr (GError) error = NULL;

  mere_capture_add (capture, mere_filling_node (capture, ref), &error);
  g_assert_no_error (error);
}

void
mere_filling_remove (MereCapture *capture,
                     const char  *ref)
{
  g_autoptr (GError) error = NULL;

  mere_capture_remove (capture, mere_filling_node (capture, ref), &error);
  g_assert_no_error (error);
}

void
mere_filling_comment (MereCapture *capture,
                      const char  *ref,
                      const char  *comment)
{
  g_autoptr (GError) error = NULL;

  mere_capture_set_comment (capture, mere_filling_node (capture, ref), comment, &error);
  g_assert_no_error (error);
}

void
mere_filling_undo (MereCapture *capture,
                   const char  *at)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ref = NULL;

  mere_capture_undo (capture, &ref, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ref, ==, at);
}

void
mere_filling_redo (MereCapture *capture,
                   const char  *at)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ref = NULL;

  mere_capture_redo (capture, &ref, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ref, ==, at);
}

static void
write_comments (MereCapture  *capture,
                MereFormNode *node,
                GString      *out)
{
  const char *comment = mere_capture_get_comment (capture, node);

  if (comment != NULL)
    {
      g_autofree char *ref = mere_form_node_dup_ref (node);

      g_string_append_printf (out, "\n%s: %s", ref, comment);
    }
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    write_comments (capture, mere_form_node_get_child (node, i), out);
}

char *
mere_filling_dup_state (MereCapture *capture)
{
  MereFormSession *session = mere_capture_get_session (capture);
  g_autoptr (JsonNode) state = mere_form_run_state (session);
  g_autofree char    *json = json_to_string (state, TRUE);
  GString            *out = g_string_new (json);
  MereCaptureProgress progress;

  mere_capture_get_progress (capture, &progress);
  g_string_append_printf (out, "\n%s, %u of %u, %u missing, %u invalid", mere_form_session_get_language (session),
                          progress.answered, progress.asked, progress.missing, progress.invalid);
  write_comments (capture, mere_form_session_get_root (session), out);
  return g_string_free (out, FALSE);
}

char *
mere_filling_dup_screen (MereCapture *capture)
{
  g_autofree char *state = mere_filling_dup_state (capture);

  return g_strdup_printf ("%s\nundo %d, redo %d", state, mere_capture_can_undo (capture), mere_capture_can_redo (capture));
}

char *
mere_filling_dup_answer (MereStore  *store,
                         const char *record,
                         const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) xml = mere_record_load_xml (store, record, &error);
  g_autoptr (MereArena) arena = mere_arena_new ();
  g_autoptr (MereXmlDocument) document = NULL;
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  const MereXmlNode *node;

  g_assert_no_error (error);
  document = mere_xml_document_parse (arena, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), NULL, &error);
  g_assert_no_error (error);
  node = document->root;
  for (guint i = 0; names[i] != NULL && node != NULL; i++)
    {
      char *open = strchr (names[i], '[');
      guint nth = open != NULL ? (guint) g_ascii_strtoull (open + 1, NULL, 10) : 1;

      if (open != NULL)
        *open = '\0';
      for (node = mere_xml_node_first_child (node); node != NULL; node = mere_xml_node_next_element (node))
        if (strcmp (node->name->local, names[i]) == 0 && --nth == 0)
          break;
    }
  return g_strdup (node != NULL ? node->text : "");
}

char *
mere_filling_content (MereStore  *store,
                      const char *content)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (content, -1, NULL);
  char *b2 = mere_attachment_add (store, stream, "image/jpeg", NULL, &error);

  g_assert_no_error (error);
  return b2;
}

void
mere_filling_set_up (MereFilling  *self,
                     gconstpointer form)
{
  g_autoptr (GError) error = NULL;

  self->plain = mere_plain_store_new ();
  self->crossing = mere_filling_crossing (self->plain->store);
  self->capture = mere_capture_new (self->plain->store, mere_filling_take_in (self->plain->store, form), self->crossing, &error);
  g_assert_no_error (error);
}

void
mere_filling_tear_down (MereFilling  *self,
                        gconstpointer form)
{
  g_clear_object (&self->capture);
  mere_plain_store_free (self->plain);
  g_free (self->crossing);
}

void
mere_filling_crash (MereFilling *self)
{
  g_autoptr (GError) error = NULL;
  gint64           draft = mere_capture_get_draft (self->capture);
  g_autofree char *before = mere_filling_dup_screen (self->capture);
  g_autofree char *after = NULL;

  g_clear_object (&self->capture);
  mere_plain_store_reopen (self->plain);
  self->capture = mere_capture_open (self->plain->store, draft, &error);
  g_assert_no_error (error);
  after = mere_filling_dup_screen (self->capture);
  g_assert_cmpstr (after, ==, before);
}

void
mere_filling_fill_in (MereFilling *self)
{
  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_set (self->capture, "/data/staff", "12");
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_set (self->capture, "/data/lane[1]/name", "citizens");
}

char *
mere_filling_finalise (MereFilling *self)
{
  g_autoptr (GError) error = NULL;
  char *record = mere_capture_finalise (self->capture, NULL, &error);

  g_assert_no_error (error);
  return record;
}
