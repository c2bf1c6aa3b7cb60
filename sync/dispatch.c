/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dispatch as a structure, and its installation. Its text is in dispatch-text.c. */

#include "config.h"

#include "sync/dispatch.h"
#include "sync/team.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/capture/intake.h"
#include "app/store/instrument.h"
#include "app/store/terms.h"

G_DEFINE_QUARK (mere_dispatch_error, mere_dispatch_error)

static void
instrument_free (gpointer data)
{
  MereDispatchInstrument *self = data;

  g_free (self->id);
  g_free (self->version);
  g_free (self->b2);
  g_ptr_array_unref (self->media);
  g_free (self);
}

static void
list_free (gpointer data)
{
  MereDispatchList *self = data;

  g_free (self->id);
  g_free (self->b2);
  g_free (self);
}

MereDispatch *
mere_dispatch_new (void)
{
  MereDispatch *self = g_new0 (MereDispatch, 1);

  self->instruments = g_ptr_array_new_with_free_func (instrument_free);
  self->lists = g_ptr_array_new_with_free_func (list_free);

  return self;
}

void
mere_dispatch_free (MereDispatch *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->to);
  g_free (self->issued);
  mere_assessment_free (self->assessment);
  g_ptr_array_unref (self->instruments);
  g_ptr_array_unref (self->lists);
  g_free (self->app_min);
  g_free (self->stale_after);
  g_free (self->message);
  g_free (self);
}

MereDispatchInstrument *
mere_dispatch_add_instrument (MereDispatch *self,
                              const char   *id,
                              const char   *version,
                              const char   *b2,
                              gboolean      active)
{
  MereDispatchInstrument *instrument = g_new (MereDispatchInstrument, 1);

  instrument->id = g_strdup (id);
  instrument->version = g_strdup (version);
  instrument->b2 = g_strdup (b2);
  instrument->active = active;
  instrument->media = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_media_free);
  g_ptr_array_add (self->instruments, instrument);

  return instrument;
}

void
mere_dispatch_add_list (MereDispatch *self,
                        const char   *id,
                        guint         version,
                        const char   *b2)
{
  MereDispatchList *list = g_new (MereDispatchList, 1);

  list->id = g_strdup (id);
  list->version = version;
  list->b2 = g_strdup (b2);
  g_ptr_array_add (self->lists, list);
}

const MereDispatchList *
mere_dispatch_find_list (const MereDispatch *self,
                         const char         *id)
{
  for (guint i = 0; i < self->lists->len; i++)
    {
      const MereDispatchList *list = self->lists->pdata[i];

      if (strcmp (list->id, id) == 0)
        return list;
    }

  return NULL;
}

/* One installation, within its transaction. */
typedef struct
{
  MereStore            *store;
  const MereDispatch   *dispatch;
  MereDispatchContent   content;
  gpointer              user_data;
  MereDispatchInstalled installed;
} Install;

static gboolean
install_assessment (Install *self,
                    GError **error)
{
  const MereAssessment *assessment = self->dispatch->assessment;

  return assessment == NULL ||
         (mere_assessment_save (self->store, assessment, error) &&
          mere_assessment_set_current (self->store, assessment->id, error));
}

static const MereInstrument *
find_held (GPtrArray                    *held,
           const MereDispatchInstrument *wanted)
{
  for (guint i = 0; i < held->len; i++)
    {
      const MereInstrument *instrument = held->pdata[i];

      if (strcmp (instrument->form, wanted->id) == 0 && strcmp (instrument->version, wanted->version) == 0)
        return instrument;
    }

  return NULL;
}

static gboolean
refuse_incomplete (GError    **error,
                   const char *id)
{
  g_set_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_INCOMPLETE,
               _ ("The dispatch speaks of “%s”, which is neither in it nor held here. Nothing of it was installed; ask headquarters for a whole one."), id);

  return FALSE;
}

/* What came with the dispatch, or is held already. */
static GBytes *
find_media (Install         *self,
            const MereMedia *media,
            GError         **error)
{
  GBytes *content = self->content (self->user_data, media->b2);
  GError *failure = NULL;

  if (content != NULL)
    return g_bytes_ref (content);
  content = mere_media_load_content (self->store, media->b2, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  else if (content == NULL)
    refuse_incomplete (error, media->name);

  return content;
}

static gboolean
is_same_media (GPtrArray *held,
               GPtrArray *wanted)
{
  for (guint i = 0; i < wanted->len && held->len == wanted->len; i++)
    {
      const MereMedia *a = held->pdata[i], *b = wanted->pdata[i];

      if (strcmp (a->name, b->name) != 0 || strcmp (a->b2, b->b2) != 0)
        return FALSE;
    }

  return held->len == wanted->len;
}

/* The files beside an instrument: all of them anew, where they are not the same. */
static gboolean
install_media (Install                      *self,
               const MereDispatchInstrument *wanted,
               gint64                        row,
               GError                      **error)
{
  g_autoptr (GPtrArray) held = mere_media_list (self->store, row, error);
  g_autoptr (GPtrArray) contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (held == NULL)
    return FALSE;
  if (is_same_media (held, wanted->media))
    return TRUE;
  for (guint i = 0; i < wanted->media->len; i++)
    {
      GBytes *content = find_media (self, wanted->media->pdata[i], error);

      if (content == NULL)
        return FALSE;
      g_ptr_array_add (contents, content);
    }
  if (!mere_media_clear (self->store, row, error))
    return FALSE;
  for (guint i = 0; i < wanted->media->len; i++)
    if (!mere_media_save (self->store, row, ((MereMedia *) wanted->media->pdata[i])->name, contents->pdata[i], error))
      return FALSE;

  return TRUE;
}

/* Takes in an instrument that came with the dispatch. */
static gboolean
add_instrument (Install                      *self,
                const MereDispatchInstrument *wanted,
                GError                      **error)
{
  GBytes *xml = self->content (self->user_data, wanted->b2);
  g_autoptr (MereInstrument) kept = NULL;

  if (xml == NULL)
    return refuse_incomplete (error, wanted->id);
  kept = mere_intake_instrument (self->store, xml, -1, NULL, error);
  if (kept == NULL)
    return FALSE;
  if (strcmp (kept->form, wanted->id) != 0 || strcmp (kept->version, wanted->version) != 0 || strcmp (kept->b2, wanted->b2) != 0)
    {
      g_set_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_INSTRUMENT,
                   _ ("The instrument “%s” in the dispatch calls itself “%s”, version “%s”. Nothing of it was installed."),
                   wanted->id, kept->form, kept->version);
      return FALSE;
    }
  self->installed.n_instruments++;

  return install_media (self, wanted, kept->row, error) &&
         mere_instrument_set_active (self->store, kept->row, wanted->active, error);
}

static gboolean
refuse_changed (GError                      **error,
                const MereDispatchInstrument *wanted)
{
  g_set_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_INSTRUMENT,
               _ ("The instrument “%s” has the same version as the one held here, but other content. Nothing was installed; headquarters must give it a new version."),
               wanted->id);

  return FALSE;
}

static gboolean
install_instrument (Install                      *self,
                    GPtrArray                    *held,
                    const MereDispatchInstrument *wanted,
                    GError                      **error)
{
  const MereInstrument *instrument = find_held (held, wanted);

  if (instrument == NULL)
    return add_instrument (self, wanted, error);
  if (strcmp (instrument->b2, wanted->b2) != 0)
    return refuse_changed (error, wanted);

  return install_media (self, wanted, instrument->row, error) &&
         (instrument->active == wanted->active || mere_instrument_set_active (self->store, instrument->row, wanted->active, error));
}

static gboolean
is_in_snapshot (const Install        *self,
                const MereInstrument *instrument)
{
  for (guint i = 0; i < self->dispatch->instruments->len; i++)
    {
      const MereDispatchInstrument *wanted = self->dispatch->instruments->pdata[i];

      if (strcmp (instrument->form, wanted->id) == 0 && strcmp (instrument->version, wanted->version) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
install_instruments (Install *self,
                     GError **error)
{
  g_autoptr (GPtrArray) held = mere_instrument_list (self->store, error);

  if (held == NULL)
    return FALSE;
  for (guint i = 0; i < self->dispatch->instruments->len; i++)
    if (!install_instrument (self, held, self->dispatch->instruments->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < held->len; i++)
    {
      const MereInstrument *instrument = held->pdata[i];

      if (instrument->active && !is_in_snapshot (self, instrument) &&
          !mere_instrument_set_active (self->store, instrument->row, FALSE, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
has_crossing (GPtrArray          *crossings,
              const MereCrossing *crossing)
{
  for (guint i = 0; i < crossings->len; i++)
    if (strcmp (((const MereCrossing *) crossings->pdata[i])->id, crossing->id) == 0)
      return TRUE;

  return FALSE;
}

/* Those that came with an earlier pack and are no more in the list. */
static gboolean
hide_dropped (Install   *self,
              GPtrArray *crossings,
              GError   **error)
{
  g_autoptr (GPtrArray) held = mere_crossing_list (self->store, FALSE, error);

  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      MereCrossing *crossing = held->pdata[i];

      if (crossing->origin != MERE_CROSSING_PACK || has_crossing (crossings, crossing))
        continue;
      crossing->active = FALSE;
      if (!mere_crossing_save (self->store, crossing, error))
        return FALSE;
    }

  return held != NULL;
}

static gboolean
install_crossings (Install *self,
                   GError **error)
{
  const MereDispatchList *list = mere_dispatch_find_list (self->dispatch, MERE_DISPATCH_CROSSINGS);
  const MereAssessment   *assessment = self->dispatch->assessment;
  GBytes                 *text = list != NULL ? self->content (self->user_data, list->b2) : NULL;
  g_autoptr (GPtrArray) crossings = NULL;

  if (list == NULL)
    return TRUE;
  if (text == NULL)
    return refuse_incomplete (error, list->id);
  crossings = mere_dispatch_parse_crossings (text, assessment != NULL ? assessment->id : NULL, error);
  if (crossings == NULL)
    return FALSE;
  for (guint i = 0; i < crossings->len; i++)
    if (!mere_crossing_save (self->store, crossings->pdata[i], error))
      return FALSE;
  self->installed.n_crossings = crossings->len;

  return hide_dropped (self, crossings, error);
}

/* A pack without that list has no team. */
static gboolean
install_team (Install *self,
              GError **error)
{
  const MereDispatchList *list = mere_dispatch_find_list (self->dispatch, MERE_TEAM_LIST);
  GBytes                 *text = list != NULL ? self->content (self->user_data, list->b2) : NULL;
  g_autoptr (GPtrArray) members = NULL;

  if (list != NULL && text == NULL)
    return refuse_incomplete (error, list->id);
  members = text != NULL ? mere_team_parse (text, error) : g_ptr_array_new ();

  return members != NULL && mere_team_save (self->store, members, error);
}

gboolean
mere_dispatch_install (MereStore             *store,
                       const MereDispatch    *self,
                       MereDispatchContent    content,
                       gpointer               user_data,
                       MereDispatchInstalled *installed,
                       GError               **error)
{
  Install install = { .store = store, .dispatch = self, .content = content, .user_data = user_data };
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL ||
      !install_assessment (&install, error) ||
      !install_instruments (&install, error) ||
      !install_crossings (&install, error) ||
      !install_team (&install, error) ||
      !mere_terms_save (store, self->stale_after, self->app_min, self->message, error) ||
      !mere_transaction_commit (g_steal_pointer (&work), error))
    return FALSE;
  if (installed != NULL)
    *installed = install.installed;

  return TRUE;
}
