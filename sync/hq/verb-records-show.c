/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `records show`: one record, its answers with the words of its form where that is known. */

#include "config.h"

#include "app/forms/session.h"
#include "app/store/attachment.h"
#include "app/store/instrument.h"
#include "app/store/media.h"
#include "sync/hq/record-json.h"
#include "sync/hq/shape.h"
#include "sync/hq/submission.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>

/* What is shown: the submission, and its form as far as it helps to read it. */
typedef struct
{
  MereKept        *kept;
  GPtrArray       *reviews; /* MereReview, of all its versions */
  GBytes          *xml;
  MereSubmission  *submission;
  MereShape       *shape;   /* of the form; empty where it is not known */
  MereForm        *form;    /* NULL where it is not known */
  MereFormSession *session; /* likewise */
  JsonArray       *answers; /* where JSON is wanted */
} Showing;

static void
showing_clear (Showing *self)
{
  g_clear_pointer (&self->kept, mere_kept_free);
  g_clear_pointer (&self->reviews, g_ptr_array_unref);
  g_clear_pointer (&self->xml, g_bytes_unref);
  g_clear_pointer (&self->submission, mere_submission_free);
  g_clear_pointer (&self->shape, mere_shape_free);
  g_clear_object (&self->session);
  g_clear_pointer (&self->form, mere_form_unref);
  g_clear_pointer (&self->answers, json_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Showing, showing_clear)

static gboolean
is_repeat (gpointer    user_data,
           const char *path)
{
  const MereShape *shape = mere_shape_find_path (((Showing *) user_data)->shape, path);

  return shape != NULL && shape->is_repeat;
}

/* The choice's label for each of the words of a value. */
static char *
dup_choices (MereFormNode *node,
             const char   *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", -1);
  GString *text = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
      {
        MereFormChoice choice = mere_form_node_get_choice (node, i);

        if (!g_str_equal (choice.value, *word) || choice.label == NULL)
          continue;
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", choice.label);
        break;
      }
  return g_string_free (text, text->len == 0);
}

static MereFormNode *
find_node (Showing    *self,
           const char *ref)
{
  return self->session != NULL ? mere_form_session_find (self->session, ref) : NULL;
}

static void
add_answer (gpointer           user_data,
            const char        *ref,
            const MereXmlNode *leaf)
{
  Showing         *self = user_data;
  MereFormNode    *node = find_node (self, ref);
  const char      *label = node != NULL ? mere_form_node_get_label (node) : NULL;
  g_autofree char *text = node != NULL && *leaf->text != '\0' ? dup_choices (node, leaf->text) : NULL;
  JsonObject      *object;

  if (self->answers == NULL)
    {
      if (*leaf->text != '\0')
        mere_hq_print ("%s\n    %s%s%s%s\n", label != NULL ? label : ref, text != NULL ? text : leaf->text, text != NULL ? " (" : "",
                       text != NULL ? leaf->text : "", text != NULL ? ")" : "");
      return;
    }
  object = json_object_new ();
  mere_hq_set_text (object, "ref", ref);
  mere_hq_set_text (object, "value", leaf->text);
  mere_hq_set_text (object, "label", label);
  mere_hq_set_text (object, "text", text);
  json_array_add_object_element (self->answers, object);
}

typedef struct
{
  MereStore *store;
  gint64     instrument;
} Media;

/* A #MereFormMedia: choices may lie in a file beside the form. */
static GBytes *
load_media (const char *name,
            gpointer    user_data)
{
  const Media *self = user_data;

  return mere_media_load (self->store, self->instrument, name, NULL);
}

static gboolean
load_form (MereStore  *store,
           Showing    *self,
           const char *language,
           GError    **error)
{
  const MereRecord *record = self->kept->record;
  g_autoptr (MereInstrument) instrument = mere_instrument_load (store, record->form, record->form_version, NULL);
  g_autoptr (GBytes) xml = instrument != NULL ? mere_instrument_load_xml (store, instrument->row, NULL) : NULL;
  Media media;

  self->shape = mere_shape_new (self->submission->root->name->local);
  if (xml == NULL)
    return TRUE;
  media = (Media){ store, instrument->row };
  self->form = mere_form_load (xml, load_media, &media, NULL, error);
  if (self->form == NULL || !mere_shape_add_form (self->shape, xml, language, error))
    return FALSE;
  self->session = mere_form_session_new_from_instance (self->form, self->xml, FALSE, error);
  return self->session != NULL && (language == NULL || mere_form_session_set_language (self->session, language, error));
}

static JsonArray *
list_attachments (MereStore  *store,
                  const char *record,
                  GError    **error)
{
  g_autoptr (GPtrArray) list = mere_attachment_list_of_record (store, record, error);
  JsonArray *array = list != NULL ? json_array_new () : NULL;

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereAttachment *attachment = list->pdata[i];
      JsonObject           *object = json_object_new ();

      mere_hq_set_text (object, "name", attachment->name);
      mere_hq_set_text (object, "b2", attachment->b2);
      mere_hq_set_text (object, "mime", attachment->mime);
      json_object_set_boolean_member (object, "here", attachment->mime != NULL);
      json_object_set_int_member (object, "size", attachment->size);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
list_versions (MereStore  *store,
               const char *record,
               GError    **error)
{
  g_autoptr (GPtrArray) list = mere_record_list_versions (store, record, error);
  JsonArray *array = list != NULL ? json_array_new () : NULL;

  for (guint i = 0; list != NULL && i < list->len; i++)
    json_array_add_string_element (array, ((MereRecord *) list->pdata[i])->id);
  return array;
}

static JsonArray *
reviews_to_json (GPtrArray *reviews)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < reviews->len; i++)
    {
      const MereReview *review = reviews->pdata[i];
      JsonObject       *object = json_object_new ();

      mere_hq_set_text (object, "record", review->record);
      mere_hq_set_text (object, "verdict", mere_review_verdict_to_string (review->verdict));
      mere_hq_set_text (object, "ref", review->ref);
      mere_hq_set_text (object, "comment", review->comment);
      mere_hq_set_text (object, "reviewer", review->reviewer);
      mere_hq_set_time (object, "said", review->said_us, review->said_offset_s);
      json_array_add_object_element (array, object);
    }
  return array;
}

static int
print_json (MereStore *store,
            Showing   *self)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = mere_record_to_json (self->kept);
  JsonArray  *attachments = list_attachments (store, self->kept->record->id, &error);
  JsonArray  *versions = attachments != NULL ? list_versions (store, self->kept->record->id, &error) : NULL;

  if (versions == NULL)
    {
      g_clear_pointer (&attachments, json_array_unref);
      json_object_unref (object);
      return mere_hq_fail (error);
    }
  self->answers = json_array_new ();
  mere_submission_walk (self->submission, is_repeat, add_answer, self);
  json_object_set_array_member (object, "versions", versions);
  json_object_set_array_member (object, "attachments", attachments);
  json_object_set_array_member (object, "reviews", reviews_to_json (self->reviews));
  json_object_set_array_member (object, "answers", g_steal_pointer (&self->answers));
  mere_hq_print_json (mere_hq_object_node (object));
  return MERE_HQ_DONE;
}

static void
print_review (const MereReview *review)
{
  g_autofree char *said = mere_hq_dup_time (review->said_us, review->said_offset_s);

  if (review->ref != NULL)
    mere_hq_print (_ ("Review:     %s, %s: %s: %s\n"), said, review->reviewer, review->ref, review->comment);
  else
    mere_hq_print (_ ("Review:     %s, %s: %s: %s\n"), said, review->reviewer, mere_review_verdict_to_string (review->verdict), review->comment);
}

static int
print_text (Showing *self)
{
  const MereKept  *kept = self->kept;
  g_autofree char *finalised = mere_hq_dup_time (kept->record->finalised_us, kept->record->finalised_offset_s);
  g_autofree char *received = mere_hq_dup_time (kept->received_us, 0);

  mere_hq_print ("%s\n%s\n", kept->record->title, kept->record->id);
  mere_hq_print (_ ("Form:       %s %s\n"), kept->record->form, kept->record->form_version);
  mere_hq_print (_ ("Crossing:   %s\n"), kept->record->crossing_name != NULL ? kept->record->crossing_name : "–");
  mere_hq_print (_ ("Finalised:  %s\n"), finalised);
  mere_hq_print (_ ("Laptop:     %s %s\n"), kept->device, kept->label);
  mere_hq_print (_ ("Received:   %s UTC, in %s\n"), received, kept->bundle);
  mere_hq_print (_ ("State:      %s\n"), mere_kept_state_to_string (kept->state));
  mere_hq_print (_ ("Reviewed:   %s\n"), mere_reviewed_to_string (kept->reviewed));
  for (guint i = 0; i < self->reviews->len; i++)
    print_review (self->reviews->pdata[i]);
  if (kept->supersedes != NULL)
    mere_hq_print (_ ("Replaces:   %s\n"), kept->supersedes);
  mere_hq_print ("\n");
  mere_submission_walk (self->submission, is_repeat, add_answer, self);
  return MERE_HQ_DONE;
}

static gboolean
load_record (MereStore  *store,
             const char *beginning,
             Showing    *self,
             GError    **error)
{
  g_autofree char *id = mere_kept_find (store, beginning, error);

  self->kept = id != NULL ? mere_kept_load (store, id, error) : NULL;
  self->reviews = self->kept != NULL ? mere_review_list_history (store, id, error) : NULL;
  self->xml = self->reviews != NULL ? mere_record_load_xml (store, id, error) : NULL;
  return self->xml != NULL;
}

static int
print_xml (const Showing *self)
{
  gsize       size;
  const char *bytes = g_bytes_get_data (self->xml, &size);

  mere_hq_print ("%.*s", (int) size, bytes);
  return MERE_HQ_DONE;
}

int
mere_verb_records_show (MereHq *hq,
                        char ***args)
{
  g_autofree char   *language = NULL;
  gboolean           xml = FALSE;
  const GOptionEntry entries[] = {
    { "language", 0, 0, G_OPTION_ARG_STRING, &language, N_ ("Language of the questions, by its name in the form"), N_ ("NAME") },
    { "xml", 0, 0, G_OPTION_ARG_NONE, &xml, N_ ("Print the submission as it was sent"), NULL },
    { NULL },
  };
  g_auto (Showing) self = { 0 };
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  if ((store = mere_hq_open (hq, &error)) == NULL || !load_record (store, (*args)[1], &self, &error))
    return mere_hq_fail (error);
  if (xml)
    return print_xml (&self);
  self.submission = mere_submission_parse (self.xml, &error);
  if (self.submission == NULL || !load_form (store, &self, language, &error))
    return mere_hq_fail (error);
  return mere_hq_wants_json (hq) ? print_json (store, &self) : print_text (&self);
}
