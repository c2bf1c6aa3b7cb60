/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a filling begins, how it is opened again, and what it is. */

#include "config.h"

#include "app/capture/capture.h"
#include "app/capture/capture-private.h"

#include "app/store/assessment.h"
#include "app/store/attachment.h"
#include "app/store/colleague.h"
#include "app/store/record.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (mere_capture_error, mere_capture_error)

G_DEFINE_FINAL_TYPE (MereCapture, mere_capture, G_TYPE_OBJECT)

enum {
  SESSION_REPLACED,
  PROGRESSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
mere_capture_finalize (GObject *object)
{
  MereCapture *self = MERE_CAPTURE (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->former);
  g_hash_table_unref (self->comments);
  g_hash_table_unref (self->remarks);
  g_clear_pointer (&self->returned, g_ptr_array_unref);
  g_hash_table_unref (self->judged);
  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->undone);
  g_free (self->instance_id);
  g_free (self->crossing);
  g_free (self->edits);
  g_free (self->title);
  g_clear_pointer (&self->instrument, mere_instrument_free);
  g_clear_pointer (&self->form, mere_form_unref);
  g_clear_pointer (&self->store, mere_store_unref);
  G_OBJECT_CLASS (mere_capture_parent_class)->finalize (object);
}

static void
mere_capture_class_init (MereCaptureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mere_capture_finalize;
  signals[SESSION_REPLACED] = g_signal_new ("session-replaced", MERE_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROGRESSED] = g_signal_new ("progressed", MERE_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mere_capture_init (MereCapture *self)
{
  self->done = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_step_free);
  self->undone = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_step_free);
  self->judged = g_hash_table_new (NULL, NULL);
  self->comments = mere_comments_new ();
  self->remarks = mere_comments_new ();
}

static void
on_changed (MereFormSession *session,
            GPtrArray       *nodes,
            gboolean         structure,
            gpointer         user_data)
{
  MereCapture *self = user_data;

  self->reshaped |= structure;
  if (structure)
    {
      mere_comments_prune (self->comments, session);
      mere_comments_prune (self->remarks, session);
    }
  for (guint i = 0; nodes != NULL && i < nodes->len; i++)
    self->fleeting |= nodes->pdata[i] != self->target && mere_form_node_is_fleeting (nodes->pdata[i]);
  if (nodes == NULL || (structure && !self->growing))
    {
      mere_capture_count_all (self);
      return;
    }
  for (guint i = 0; i < nodes->len; i++)
    mere_capture_count_changed (self, nodes->pdata[i]);
}

void
mere_capture_put_session (MereCapture     *self,
                          MereFormSession *session,
                          MereComments    *comments)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->former == NULL)
    self->former = g_steal_pointer (&self->session);
  g_clear_object (&self->session);
  g_hash_table_unref (self->comments);
  g_hash_table_unref (self->remarks);
  self->session = session;
  self->comments = comments;
  self->remarks = mere_remarks_match (self->returned, session);
  self->target = NULL;
  self->name = mere_form_node_find_child (mere_form_node_find_child (mere_form_session_get_root (session), "meta"), "instanceName");
  g_signal_connect (session, "changed", G_CALLBACK (on_changed), self);
  mere_capture_count_all (self);
}

void
mere_capture_tell_replaced (MereCapture *self)
{
  g_autoptr (MereFormSession) former = g_steal_pointer (&self->former);

  if (former != NULL)
    g_signal_emit (self, signals[SESSION_REPLACED], 0);
}

void
mere_capture_tell_progress (MereCapture *self)
{
  g_signal_emit (self, signals[PROGRESSED], 0);
}

GBytes *
mere_capture_dup_snapshot (MereCapture *self)
{
  g_autoptr (GBytes) instance = mere_form_session_serialize (self->session, FALSE);
  g_autoptr (GBytes) commented = mere_comments_write (self->comments, instance, self->session, FALSE);

  g_autofree char *digest = self->returned != NULL ? mere_remarks_dup_digest (self->returned) : NULL;

  if (digest == NULL)
    return g_steal_pointer (&commented);
  return mere_comments_write_returned (self->remarks, digest, commented, self->session);
}

/* The same remarks lie in the snapshot, with their questions: entries of repeats may have come and gone since. */
static gboolean
take_remarks (MereCapture *self,
              GBytes      *snapshot,
              GError     **error)
{
  g_autofree char *digest = self->returned != NULL ? mere_remarks_dup_digest (self->returned) : NULL;
  g_autofree char *held = NULL;
  g_autoptr (MereComments) remarks = NULL;

  if (digest == NULL)
    return TRUE;
  remarks = mere_comments_read_returned (snapshot, self->session, &held, error);
  if (remarks == NULL)
    return FALSE;
  if (g_strcmp0 (held, digest) != 0)
    return TRUE;
  g_hash_table_unref (self->remarks);
  self->remarks = g_steal_pointer (&remarks);
  return TRUE;
}

gboolean
mere_capture_take_snapshot (MereCapture *self,
                            GBytes      *snapshot,
                            GError     **error)
{
  g_autoptr (MereFormSession) session = mere_form_session_new_from_instance (self->form, snapshot, FALSE, error);
  MereComments *comments = session != NULL ? mere_comments_read (snapshot, session, error) : NULL;

  if (comments == NULL)
    return FALSE;
  if (self->session != NULL)
    mere_form_session_set_language (session, mere_form_session_get_language (self->session), NULL);
  mere_capture_put_session (self, g_steal_pointer (&session), comments);
  return take_remarks (self, snapshot, error);
}

char *
mere_capture_dup_title (MereCapture *self)
{
  char *title = self->name != NULL ? g_strstrip (g_strdup (mere_form_node_get_value (self->name))) : NULL;

  if (title != NULL && *title == '\0')
    g_clear_pointer (&title, g_free);
  return title;
}

gboolean
mere_capture_check_unfinished (MereCapture *self,
                               GError     **error)
{
  if (!self->finished)
    return TRUE;
  g_set_error_literal (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED, _ ("This has become a record already; edit the record instead."));
  return FALSE;
}

MereForm *
mere_capture_load_form (MereStore            *store,
                        const MereInstrument *instrument,
                        gint64                draft,
                        GError              **error)
{
  MereLastSaved last_saved = { store, instrument->row, instrument->form, draft };
  g_autoptr (GBytes) xml = mere_instrument_load_xml (store, instrument->row, error);
  g_autoptr (GError) problem = NULL;
  MereForm *form = xml != NULL ? mere_form_load (xml, mere_last_saved_load, &last_saved, NULL, &problem) : NULL;

  if (problem != NULL)
    g_set_error (error,
                 MERE_CAPTURE_ERROR,
                 MERE_CAPTURE_ERROR_FORM,
                 /* Translators: the title of a questionnaire, then what is wrong with it */
                 _ ("“%s” cannot be used: %s"),
                 instrument->title,
                 problem->message);
  return form;
}

/* @instrument (transfer full) (nullable): NULL passes an error on. @draft: that will be opened, or 0. */
static MereCapture *
prepare (MereStore      *store,
         MereInstrument *instrument,
         gint64          draft,
         GError        **error)
{
  g_autoptr (MereInstrument) taken = instrument;
  g_autoptr (MereForm) form = taken != NULL ? mere_capture_load_form (store, taken, draft, error) : NULL;
  MereCapture *self;

  if (form == NULL)
    return NULL;
  self = g_object_new (MERE_TYPE_CAPTURE, NULL);
  self->store = mere_store_ref (store);
  self->instrument = g_steal_pointer (&taken);
  self->form = g_steal_pointer (&form);
  self->side_effects = mere_form_has_side_effects (self->form);
  return self;
}

static gboolean
copy_attachments (MereCapture *self,
                  GError     **error)
{
  g_autoptr (GPtrArray) list = mere_attachment_list_of_record (self->store, self->edits, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereAttachment *attachment = list->pdata[i];

      if (!mere_attachment_attach (self->store, self->draft, attachment->name, attachment->b2, error))
        return FALSE;
    }
  return list != NULL;
}

/* Keeps the new draft, which lasts from here on. */
static gboolean
start (MereCapture *self,
       const char  *assessment,
       GError     **error)
{
  g_autoptr (GBytes) snapshot = NULL;
  g_autoptr (MereTransaction) work = NULL;

  mere_form_session_ensure_id (self->session);
  snapshot = mere_capture_dup_snapshot (self);
  self->instance_id = g_strdup (mere_form_session_get_instance_id (self->session));
  if (*self->instance_id == '\0')
    {
      g_set_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FORM, _ ("“%s” cannot be used: nothing gives its meta/instanceID a value"), self->instrument->title);
      return FALSE;
    }
  work = mere_transaction_begin (self->store, error);
  if (work == NULL)
    return FALSE;
  self->draft = mere_draft_add (self->store, self->instance_id, self->edits, self->instrument->row, assessment, self->crossing, snapshot, error);
  self->title = mere_capture_dup_title (self);
  return self->draft != 0 && (self->edits == NULL || copy_attachments (self, error)) &&
         mere_draft_set_progress (self->store, self->draft, self->progress.answered, self->progress.asked, error) &&
         mere_draft_set_title (self->store, self->draft, self->title, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

/* What a form gets to know of the device, if it asks: the vault's random id, which is nobody's name. */
static void
introduce_device (MereCapture     *self,
                  MereFormSession *session)
{
  MereVault       *vault = mere_store_get_vault (self->store);
  g_autofree char *id = vault != NULL ? g_strconcat ("merestone:", mere_vault_get_id (vault), NULL) : NULL;

  if (id != NULL)
    mere_form_session_set_property (session, "deviceid", id);
}

MereCapture *
mere_capture_begin (MereStore         *store,
                    gint64             instrument,
                    const char        *crossing,
                    MereCapturePrefill prefill,
                    GError           **error)
{
  g_autoptr (MereCapture) self = prepare (store, mere_instrument_load_row (store, instrument, error), 0, error);
  g_autoptr (MereAssessment) assessment = NULL;
  g_autoptr (GError) problem = NULL;
  MereFormSession *session;

  if (self == NULL)
    return NULL;
  assessment = mere_assessment_load_current (store, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  session = mere_form_session_new (self->form);
  introduce_device (self, session);
  mere_capture_put_session (self, session, mere_comments_new ());
  self->crossing = g_strdup (crossing);
  if (prefill != NULL && !prefill (self, error))
    return NULL;
  return start (self, assessment != NULL ? assessment->id : NULL, error) ? g_steal_pointer (&self) : NULL;
}

MereCapture *
mere_capture_new (MereStore  *store,
                  gint64      instrument,
                  const char *crossing,
                  GError    **error)
{
  return mere_capture_begin (store, instrument, crossing, NULL, error);
}

/* Why the record that is edited was sent back, if it was. */
static gboolean
load_returned (MereCapture *self,
               GError     **error)
{
  g_autoptr (GPtrArray) list = self->edits != NULL ? mere_returned_list (self->store, self->edits, error) : NULL;

  if (list == NULL)
    return self->edits == NULL;
  if (list->len > 0)
    self->returned = g_steal_pointer (&list);
  return TRUE;
}

MereCapture *
mere_capture_open (MereStore *store,
                   gint64     draft,
                   GError   **error)
{
  g_autoptr (MereDraft) row = mere_draft_load (store, draft, error);
  g_autoptr (MereCapture) self = NULL;

  if (row == NULL)
    return NULL;
  if (row->deleted)
    {
      g_set_error_literal (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED, _ ("This draft was deleted; restore it first."));
      return NULL;
    }
  self = prepare (store, mere_instrument_load_row (store, row->instrument, error), draft, error);
  if (self == NULL)
    return NULL;
  self->draft = draft;
  self->instance_id = g_strdup (row->instance_id);
  self->crossing = g_strdup (row->crossing);
  self->edits = g_strdup (row->edits);
  if (strcmp (row->title, self->instrument->title) != 0)
    self->title = g_strdup (row->title);
  return load_returned (self, error) && mere_capture_replay (self, error) ? g_steal_pointer (&self) : NULL;
}

static MereCapture *
prepare_for_record (MereStore        *store,
                    const MereRecord *record,
                    GError          **error)
{
  return prepare (store, mere_instrument_load (store, record->form, record->form_version, error), 0, error);
}

static MereCapture *
begin_edit (MereStore        *store,
            const MereRecord *record,
            GError          **error)
{
  g_autoptr (MereCapture) self = prepare_for_record (store, record, error);
  g_autoptr (GBytes) xml = self != NULL ? mere_record_load_xml (store, record->id, error) : NULL;
  g_autoptr (MereFormSession) session = NULL;
  MereComments *comments;

  if (xml == NULL)
    return NULL;
  session = mere_form_session_new_from_instance (self->form, xml, TRUE, error);
  comments = session != NULL ? mere_comments_read (xml, session, error) : NULL;
  if (comments == NULL)
    return NULL;
  self->edits = g_strdup (record->id);
  self->crossing = g_strdup (record->crossing);
  if (!load_returned (self, error))
    {
      g_hash_table_unref (comments);
      return NULL;
    }
  mere_capture_put_session (self, g_steal_pointer (&session), comments);
  return start (self, record->assessment, error) ? g_steal_pointer (&self) : NULL;
}

MereCapture *
mere_capture_edit (MereStore  *store,
                   const char *record,
                   GError    **error)
{
  g_autoptr (MereRecord) row = mere_record_load (store, record, error);
  g_autoptr (GError) problem = NULL;
  gint64 draft;

  if (row == NULL)
    return NULL;
  if (!row->latest)
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("This record has a newer version; edit that one."));
      return NULL;
    }
  draft = mere_draft_find_edit (store, record, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (draft == 0)
    return begin_edit (store, row, error);
  return mere_draft_restore (store, draft, error) ? mere_capture_open (store, draft, error) : NULL;
}

MereFormSession *
mere_capture_load_record (MereStore  *store,
                          const char *record,
                          GError    **error)
{
  g_autoptr (MereRecord) row = mere_record_load (store, record, error);
  g_autoptr (MereCapture) self = row != NULL ? prepare_for_record (store, row, error) : NULL;
  g_autoptr (GBytes) xml = self != NULL ? mere_record_load_xml (store, record, error) : NULL;

  return xml != NULL ? mere_form_session_new_from_record (self->form, xml, error) : NULL;
}

MereFormSession *
mere_capture_load_colleague (MereStore  *store,
                             const char *record,
                             GError    **error)
{
  g_autoptr (MereColleagueRecord) row = mere_colleague_load (store, record, error);
  g_autoptr (GBytes) xml = row != NULL ? mere_colleague_load_xml (store, record, error) : NULL;
  g_autoptr (MereInstrument) instrument = xml != NULL ? mere_instrument_load (store, row->form, row->form_version, error) : NULL;
  g_autoptr (MereForm) form = instrument != NULL ? mere_capture_load_form (store, instrument, 0, error) : NULL;

  return form != NULL ? mere_form_session_new_from_record (form, xml, error) : NULL;
}

MereStore *
mere_capture_get_store (MereCapture *self)
{
  return self->store;
}

MereFormSession *
mere_capture_get_session (MereCapture *self)
{
  return self->session;
}

gint64
mere_capture_get_draft (MereCapture *self)
{
  return self->draft;
}

MereInstrument *
mere_capture_get_instrument (MereCapture *self)
{
  return self->instrument;
}

const char *
mere_capture_get_crossing (MereCapture *self)
{
  return self->crossing;
}

const char *
mere_capture_get_edits (MereCapture *self)
{
  return self->edits;
}

GPtrArray *
mere_capture_get_returned (MereCapture *self)
{
  return self->returned;
}

const char *
mere_capture_get_remark (MereCapture  *self,
                         MereFormNode *node)
{
  return g_hash_table_lookup (self->remarks, node);
}
