/* SPDX-License-Identifier: GPL-3.0-or-later */

/* jr://instance/last-saved: the filling of the same form that was worked on last, draft or record. ODK XForms, section
 * "Virtual Endpoints". A draft is read as of its snapshot, which is written when its page is left. */

#include "config.h"

#include "app/capture/capture-private.h"

#include "app/store/media.h"
#include "app/store/record.h"

#include <string.h>

static MereRecord *
find_record (const MereLastSaved *self)
{
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  g_autoptr (GPtrArray) list = NULL;

  filter.form = self->form;
  filter.limit = 1;
  list = mere_record_list (self->store, &filter, NULL);
  return list != NULL && list->len > 0 ? mere_record_copy (list->pdata[0]) : NULL;
}

static MereDraft *
find_draft (const MereLastSaved *self)
{
  g_autoptr (GPtrArray) list = mere_draft_list (self->store, -1, NULL, NULL);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereDraft *draft = list->pdata[i];

      if (draft->id != self->draft && strcmp (draft->form, self->form) == 0)
        return mere_draft_copy (draft);
    }
  return NULL;
}

/* Without one, or where it cannot be read, the instance is empty, and the form goes on without. */
GBytes *
mere_last_saved_load (const char *name,
                      gpointer    last_saved)
{
  const MereLastSaved *self = last_saved;
  g_autoptr (MereRecord) record = NULL;
  g_autoptr (MereDraft) draft = NULL;
  gint64 seq;

  if (strcmp (name, "last-saved") != 0)
    return mere_media_load (self->store, self->instrument, name, NULL);
  record = find_record (self);
  draft = find_draft (self);
  if (draft != NULL && (record == NULL || draft->updated_us > record->finalised_us))
    return mere_draft_load_snapshot (self->store, draft->id, &seq, NULL);
  return record != NULL ? mere_record_load_xml (self->store, record->id, NULL) : NULL;
}
