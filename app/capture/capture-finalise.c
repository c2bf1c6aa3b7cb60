/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a draft to a record: one transaction, after which there is no draft. */

#include "config.h"

#include "app/capture/capture.h"
#include "app/capture/capture-private.h"

#include "app/forms/audit.h"
#include "app/store/record.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
check_valid (MereFormSession *session,
             GPtrArray      **invalid,
             GError         **error)
{
  g_autoptr (GPtrArray) found = NULL;

  if (mere_form_session_validate (session, &found))
    return TRUE;
  g_set_error (error,
               MERE_CAPTURE_ERROR,
               MERE_CAPTURE_ERROR_INVALID,
               g_dngettext (GETTEXT_PACKAGE,
                            "%u answer is missing or not valid. The draft is kept.",
                            "%u answers are missing or not valid. The draft is kept.",
                            found->len),
               found->len);
  if (invalid != NULL)
    *invalid = g_steal_pointer (&found);
  return FALSE;
}

/* The audit log has no control. */
static void
collect_files (MereFormNode *node,
               GHashTable   *names)
{
  if (mere_form_node_get_n_children (node) == 0 && mere_form_node_get_value_type (node) == MERE_FORM_TYPE_BINARY)
    g_hash_table_add (names, g_strdup (mere_form_node_get_value (node)));
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    collect_files (mere_form_node_get_child (node, i), names);
}

/* Files that were answers once and are none any more stay behind. */
static gboolean
detach_unused (MereCapture     *self,
               MereFormSession *session,
               GError         **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) list = mere_attachment_list_of_draft (self->store, self->draft, error);

  if (list == NULL)
    return FALSE;
  collect_files (mere_form_session_get_root (session), names);
  for (guint i = 0; i < list->len; i++)
    {
      const MereAttachment *attachment = list->pdata[i];

      if (!g_hash_table_contains (names, attachment->name) &&
          !mere_attachment_detach (self->store, self->draft, attachment->name, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_record (MereCapture     *self,
            const MereDraft *draft,
            GBytes          *xml,
            GError         **error)
{
  MereRecordNew record = {
    .id = self->instance_id,
    .deprecated_id = self->edits,
    .form = self->instrument->form,
    .form_version = self->instrument->version,
    .form_b2 = self->instrument->b2,
    .title = draft->title,
    .assessment = draft->assessment,
    .crossing = self->crossing,
    .kind = self->instrument->kind,
    .created = { .utc_us = draft->created_us, .offset_s = draft->created_offset_s },
    .xml = xml,
    .draft = self->draft,
  };

  return mere_record_add (self->store, &record, error) && mere_draft_remove (self->store, self->draft, error) &&
         mere_attachment_sweep (self->store, error);
}

/* The draft as it stands, unless it went to the waste basket since it was opened. */
static MereDraft *
load_draft (MereCapture *self,
            GError     **error)
{
  g_autoptr (MereDraft) draft = mere_draft_load (self->store, self->draft, error);

  if (draft == NULL || !draft->deleted)
    return g_steal_pointer (&draft);
  g_set_error_literal (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED, _ ("This draft was deleted; restore it first."));
  return NULL;
}

char *
mere_capture_make_record (MereCapture     *self,
                          MereFormSession *session,
                          MereComments    *comments,
                          GPtrArray      **invalid,
                          GError         **error)
{
  g_autoptr (GBytes) instance = NULL;
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (MereTransaction) work = NULL;
  g_autoptr (MereDraft) draft = NULL;

  if (!mere_capture_check_unfinished (self, error) || !check_valid (session, invalid, error))
    return NULL;
  mere_form_session_finish (session);
  mere_form_session_set_audit (session, MERE_FORM_AUDIT_FILE);
  instance = mere_form_session_serialize (session, TRUE);
  xml = mere_comments_write (comments, instance, session, TRUE);
  work = mere_transaction_begin (self->store, error);
  draft = work != NULL ? load_draft (self, error) : NULL;
  if (draft == NULL || !mere_capture_attach_audit (self, session, draft, error) || !detach_unused (self, session, error) || !add_record (self, draft, xml, error) ||
      !mere_transaction_commit (g_steal_pointer (&work), error))
    return NULL;
  self->finished = TRUE;
  mere_capture_tell_progress (self);
  return g_strdup (self->instance_id);
}

char *
mere_capture_finalise (MereCapture *self,
                       GPtrArray  **invalid,
                       GError     **error)
{
  g_autoptr (GBytes) before = mere_capture_dup_snapshot (self);
  g_autoptr (GError) problem = NULL;
  g_autofree char *record = mere_capture_make_record (self, self->session, self->comments, invalid, &problem);

  /* the end's time was set */
  if (problem != NULL && problem->domain == MERE_STORE_ERROR)
    mere_capture_put_back (self, before);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return g_steal_pointer (&record);
}
