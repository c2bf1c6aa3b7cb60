/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bundles of colleagues, on the laptop of their leader: checked to their last byte like any other; then their records are kept, to be
 * read and counted, apart from this laptop's own: nothing of them is packed. Attachments are passed over. */

#include "config.h"

#include "sync/courier-private.h"

#include <string.h>

#include "app/store/colleague.h"
#include "sync/bundle-reader.h"

#define MAX_KEPT (64 * 1048576) /* bytes of submissions of one bundle; of what is beyond that only its line is kept */

/* A record, and what it says; or NULL. */
typedef struct
{
  MereColleagueRecord *record;
  GByteArray          *xml;
} Gathered;

typedef struct
{
  const MereTeamMember *member;
  GPtrArray            *records; /* Gathered */
  const char           *bundle;
  gsize                 size;    /* of all submissions that are kept */
  GByteArray           *current; /* borrowed: where the content of the entry that is being read goes, or NULL */
} Gathering;

static void
gathered_free (gpointer data)
{
  Gathered *self = data;

  mere_colleague_record_free (self->record);
  g_clear_pointer (&self->xml, g_byte_array_unref);
  g_free (self);
}

static gboolean
begin (gpointer            user_data,
       const MereManifest *manifest,
       GError            **error)
{
  Gathering *self = user_data;

  self->bundle = manifest->bundle;
  return (manifest->kind == MERE_BUNDLE_RECORDS && strcmp (manifest->device, self->member->device) == 0) ||
         mere_bundle_refuse (error, MERE_BUNDLE_ERROR_MANIFEST, "manifest");
}

static MereColleagueRecord *
record_new (const Gathering *self,
            const MereEntry *entry)
{
  MereColleagueRecord *record = g_new0 (MereColleagueRecord, 1);

  record->id = g_strdup (entry->record);
  record->device = g_strdup (self->member->device);
  record->supersedes = g_strdup (entry->supersedes);
  record->form = g_strdup (entry->form);
  record->form_version = g_strdup (entry->form_version);
  record->crossing = g_strdup (entry->crossing);
  record->b2 = g_strdup (entry->b2);
  record->bundle = g_strdup (self->bundle);
  record->finalised = g_strdup (entry->finalised);

  return record;
}

static gboolean
begin_entry (gpointer         user_data,
             guint            index,
             const MereEntry *entry,
             GError         **error)
{
  Gathering *self = user_data;
  Gathered  *gathered;

  self->current = NULL;
  if (entry->type != MERE_ENTRY_RECORD)
    return TRUE;
  gathered = g_new0 (Gathered, 1);
  gathered->record = record_new (self, entry);
  g_ptr_array_add (self->records, gathered);
  if (entry->size <= MAX_KEPT - self->size)
    {
      self->size += entry->size;
      gathered->xml = g_byte_array_sized_new ((guint) entry->size);
      self->current = gathered->xml;
    }

  return TRUE;
}

static gboolean
take_data (gpointer      user_data,
           const guint8 *bytes,
           gsize         size,
           GError      **error)
{
  const Gathering *self = user_data;

  if (self->current != NULL)
    g_byte_array_append (self->current, bytes, (guint) size);

  return TRUE;
}

static gboolean
keep (MereCourier     *self,
      const Gathering *gathering,
      MereCourierRead *read,
      GError         **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);

  if (work == NULL)
    return FALSE;
  for (guint i = 0; i < gathering->records->len; i++)
    {
      Gathered *gathered = gathering->records->pdata[i];
      g_autoptr (GBytes) xml = gathered->xml != NULL ? g_byte_array_free_to_bytes (g_steal_pointer (&gathered->xml)) : NULL;

      if (!mere_colleague_add (self->store, gathered->record, xml, &read->n_team_records, error))
        return FALSE;
    }

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
  static const MereBundleHandler handler = { begin, begin_entry, take_data, NULL };
  g_autoptr (GPtrArray) identities = g_ptr_array_new ();
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (gathered_free);
  g_autoptr (MereBundleReader) reader = NULL;
  Gathering       gathering = { .member = member, .records = records };
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
    return keep (self, &gathering, read, error);
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
