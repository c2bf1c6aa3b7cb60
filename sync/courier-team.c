/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bundles of colleagues, on the laptop of their leader: checked to their last byte like any other, then what their records
 * are is kept, so that they are counted. Their answers are not: those are headquarters' and their writer's. */

#include "config.h"

#include "sync/courier-private.h"

#include <string.h>

#include "app/store/statement.h"
#include "sync/bundle-reader.h"

typedef struct
{
  const MereTeamMember *member;
  GPtrArray            *records; /* MereEntry */
} Gathering;

static void
entry_free (gpointer data)
{
  mere_entry_clear (data);
  g_free (data);
}

static gboolean
begin (gpointer            user_data,
       const MereManifest *manifest,
       GError            **error)
{
  const Gathering *self = user_data;

  return (manifest->kind == MERE_BUNDLE_RECORDS && strcmp (manifest->device, self->member->device) == 0) ||
         mere_bundle_refuse (error, MERE_BUNDLE_ERROR_MANIFEST, "manifest");
}

static gboolean
begin_entry (gpointer         user_data,
             guint            index,
             const MereEntry *entry,
             GError         **error)
{
  Gathering *self = user_data;
  MereEntry *copy;

  if (entry->type != MERE_ENTRY_RECORD)
    return TRUE;
  copy = g_new0 (MereEntry, 1);
  copy->record = g_strdup (entry->record);
  copy->supersedes = g_strdup (entry->supersedes);
  copy->form = g_strdup (entry->form);
  copy->form_version = g_strdup (entry->form_version);
  copy->crossing = g_strdup (entry->crossing);
  copy->b2 = g_strdup (entry->b2);
  g_ptr_array_add (self->records, copy);

  return TRUE;
}

static gboolean
keep_record (MereCourier          *self,
             const MereTeamMember *member,
             const MereEntry      *entry,
             const char           *bundle,
             MereCourierRead      *read,
             GError              **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    self->store,
    "INSERT INTO colleague_record (record, device, supersedes, form, form_version, crossing, b2, bundle, received_us)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, entry->record);
  mere_statement_bind_text (insert, 2, member->device);
  mere_statement_bind_text (insert, 3, entry->supersedes);
  mere_statement_bind_text (insert, 4, entry->form);
  mere_statement_bind_text (insert, 5, entry->form_version);
  mere_statement_bind_text (insert, 6, entry->crossing);
  mere_statement_bind_text (insert, 7, entry->b2);
  mere_statement_bind_text (insert, 8, bundle);
  mere_statement_bind_int (insert, 9, g_get_real_time ());
  if (!mere_statement_run (insert, error))
    return FALSE;
  read->n_team_records += (guint) mere_store_get_changes (self->store);

  return TRUE;
}

static gboolean
keep (MereCourier     *self,
      const Gathering *gathering,
      const char      *bundle,
      MereCourierRead *read,
      GError         **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);

  if (work == NULL)
    return FALSE;
  for (guint i = 0; i < gathering->records->len; i++)
    if (!keep_record (self, gathering->member, gathering->records->pdata[i], bundle, read, error))
      return FALSE;
  mere_store_touch (self->store, MERE_STORE_OTHER);

  return mere_transaction_commit (g_steal_pointer (&work), error);
}

MereTeamMember *
mere_courier_find_colleague (GPtrArray  *team,
                             const char *file)
{
  for (guint i = 0; team != NULL && i < team->len; i++)
    {
      MereTeamMember  *member = team->pdata[i];
      g_autofree char *name = mere_courier_dup_name (file, member->device, NULL, NULL);

      if (name != NULL)
        return member;
    }

  return NULL;
}

gboolean
mere_courier_take_colleague (MereCourier          *self,
                             const MereTeamMember *member,
                             const char           *path,
                             MereCourierRead      *read,
                             MereCourierTaking    *taking,
                             GError              **error)
{
  static const MereBundleHandler handler = { begin, begin_entry, NULL, NULL };
  g_autoptr (GPtrArray) identities = g_ptr_array_new ();
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (MereBundleReader) reader = NULL;
  Gathering       gathering = { member, records };
  MereMinisignKey key;
  GError         *failure = NULL;

  if (!mere_minisign_key_parse (member->sign_key, &key, error))
    return FALSE;
  reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &key, self->cancellable, error);
  if (reader == NULL)
    return FALSE;
  g_ptr_array_add (identities, self->keys->box);
  *taking = MERE_COURIER_TAKEN;
  if (mere_bundle_reader_read (reader, identities, &handler, &gathering, NULL, NULL, self->cancellable, &failure))
    return keep (self, &gathering, mere_bundle_reader_get_manifest (reader)->bundle, read, error);
  if (!g_error_matches (failure, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_NOT_FOR_US))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  /* Sealed before the pack made us its reader. */
  g_error_free (failure);
  *taking = MERE_COURIER_OTHERS;

  return TRUE;
}
