/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From submissions to the index of evidence. A form is loaded once for all records of it. */

#include "config.h"

#include "app/capture/gathering.h"

#include "app/capture/capture-private.h"
#include "app/framework/framework.h"
#include "app/store/colleague.h"
#include "app/store/evidence.h"
#include "app/store/record.h"

#include <string.h>

/* Choices by which somebody says that nothing was seen: schemas/instruments/README.md. */
static const char *const nothing_seen[] = { "not-tested", "not-observed", "not_tested", "not_observed", NULL };

/* "/data/lane[2]/kind" → "/data/lane/kind" */
static char *
dup_plain_ref (MereFormNode *node)
{
  g_autofree char *ref = mere_form_node_dup_ref (node);
  GString         *plain = g_string_sized_new (strlen (ref));
  gboolean         inside = FALSE;

  for (const char *c = ref; *c != '\0'; c++)
    {
      inside |= *c == '[';
      if (!inside)
        g_string_append_c (plain, *c);
      inside &= *c != ']';
    }
  return g_string_free (plain, FALSE);
}

static int
compare_words (const void *a,
               const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The order in which several were chosen says nothing. */
static char *
dup_chosen (MereFormNode *node)
{
  MereFormControl control = mere_form_node_get_control (node);
  g_auto (GStrv) words = NULL;

  if (control != MERE_FORM_CONTROL_SELECT_ONE && control != MERE_FORM_CONTROL_SELECT_MANY)
    return NULL;
  words = g_strsplit (mere_form_node_get_value (node), " ", -1);
  qsort (words, g_strv_length (words), sizeof (char *), compare_words);
  return g_strjoinv (" ", words);
}

static gboolean
is_evidence (MereFormNode *node)
{
  const char *value = mere_form_node_get_value (node);

  return mere_form_node_get_kind (node) == MERE_FORM_NODE_QUESTION && mere_form_node_get_control (node) != MERE_FORM_CONTROL_NOTE &&
         mere_form_node_is_relevant (node) && mere_form_node_get_attribute (node, "role") == NULL && *value != '\0' &&
         !g_strv_contains (nothing_seen, value);
}

static void
add (GPtrArray    *evidence,
     MereFormNode *node,
     const char   *id,
     gboolean      comparable)
{
  MereFramework        *framework = mere_framework_get_default ();
  MereFrameworkItem     item;
  MereFrameworkQuestion question;
  MereEvidence         *line;
  guint                 index;
  int                   of;

  if (!mere_framework_find (framework, id, &index, &of) || !mere_framework_get_item (framework, index, NULL, &item))
    return;
  line = g_new (MereEvidence, 1);
  line->item = g_strdup (item.id);
  line->question = g_strdup (of >= 0 && mere_framework_get_question (framework, index, (guint) of, NULL, &question) ? question.id : "");
  line->ref = dup_plain_ref (node);
  line->answer = comparable ? dup_chosen (node) : NULL;
  g_ptr_array_add (evidence, line);
}

static void
find_below (GPtrArray    *evidence,
            MereFormNode *node,
            gboolean      comparable)
{
  const char *items = mere_form_node_get_attribute (node, "item");

  if (items != NULL && is_evidence (node))
    {
      g_auto (GStrv) ids = g_strsplit (items, " ", -1);

      for (char **id = ids; *id != NULL; id++)
        add (evidence, node, *id, comparable);
    }
  comparable &= mere_form_node_get_kind (node) != MERE_FORM_NODE_REPEAT;
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    find_below (evidence, mere_form_node_get_child (node, i), comparable);
}

GPtrArray *
mere_gathering_find (MereFormSession *session)
{
  GPtrArray *evidence = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_evidence_free);

  find_below (evidence, mere_form_session_get_root (session), TRUE);
  return evidence;
}

/* The form of the record before, which most often is that of the next one. */
typedef struct
{
  MereStore *store;
  MereForm  *form; /* or NULL: it cannot be used */
  char      *name;
  char      *version;
} Shelf;

static void
shelf_clear (Shelf *self)
{
  g_clear_pointer (&self->form, mere_form_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->version, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shelf, shelf_clear)

static gboolean
take_form (Shelf                    *self,
           const MereEvidenceSource *source,
           GError                  **error)
{
  g_autoptr (MereInstrument) instrument = NULL;
  g_autoptr (GError) problem = NULL;

  if (g_strcmp0 (self->name, source->form) == 0 && g_strcmp0 (self->version, source->form_version) == 0)
    return TRUE;
  shelf_clear (self);
  self->name = g_strdup (source->form);
  self->version = g_strdup (source->form_version);
  instrument = mere_instrument_load (self->store, source->form, source->form_version, error);
  if (instrument == NULL)
    return FALSE;
  self->form = mere_capture_load_form (self->store, instrument, 0, &problem);
  if (problem == NULL || problem->domain != MERE_STORE_ERROR)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static GBytes *
load_xml (MereStore                *store,
          const MereEvidenceSource *source,
          GError                  **error)
{
  return source->colleague ? mere_colleague_load_xml (store, source->record, error)
                           : mere_record_load_xml (store, source->record, error);
}

/* In one transaction, so that nothing is indexed that is being erased meanwhile. */
static gboolean
look_through (Shelf                    *shelf,
              const MereEvidenceSource *source,
              GError                  **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (shelf->store, error);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) xml = work != NULL ? load_xml (shelf->store, source, &problem) : NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (GPtrArray) evidence = NULL;

  if (g_error_matches (problem, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND))
    return TRUE;
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  if (xml == NULL)
    return FALSE;
  session = shelf->form != NULL ? mere_form_session_new_from_record (shelf->form, xml, NULL) : NULL;
  evidence = session != NULL ? mere_gathering_find (session) : g_ptr_array_new ();
  return mere_evidence_save (shelf->store, source->record, evidence, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_gathering_run (MereStore    *store,
                    GCancellable *cancellable,
                    GError      **error)
{
  g_autoptr (GPtrArray) sources = mere_evidence_list_unread (store, error);
  g_auto (Shelf) shelf = { .store = store };

  for (guint i = 0; sources != NULL && i < sources->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) || !take_form (&shelf, sources->pdata[i], error) ||
        !look_through (&shelf, sources->pdata[i], error))
      return FALSE;
  return sources != NULL;
}
