/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How things stand: on a stick, by names only, and without one. */

#include "config.h"

#include "sync/courier-private.h"

#include <string.h>

#include "app/store/row-list.h"
#include "sync/bundle-format.h"
#include "sync/enrol.h"

static gboolean
look_at_own (MereStore       *store,
             const char      *name,
             MereCourierLook *look,
             GError         **error)
{
  GError *failure = NULL;
  g_autoptr (MereBundle) bundle = mere_courier_find_bundle (store, name, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  look->n_ours++;
  if (bundle == NULL || !bundle->acknowledged)
    look->n_ours_open++;

  return TRUE;
}

/* What the laptop must know to sort names. */
typedef struct
{
  MereStore *store;
  char      *device; /* nullable */
  char      *hq;     /* nullable */
  GPtrArray *team;   /* nullable: MereTeamMember */
} Names;

static void
names_clear (Names *self)
{
  g_free (self->device);
  g_free (self->hq);
  g_clear_pointer (&self->team, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Names, names_clear)

static gboolean
look_at_bundle (const Names          *names,
                const MereStickFound *found,
                MereCourierLook      *look,
                GError              **error)
{
  g_autofree char *own = names->device != NULL ? mere_courier_dup_name (found->name, names->device, NULL, NULL) : NULL;
  g_autofree char *hq = names->hq != NULL ? mere_courier_dup_name (found->name, names->hq, NULL, NULL) : NULL;
  MereTeamMember  *colleague = mere_courier_find_colleague (names->team, found->name);
  g_autofree char *team = colleague != NULL ? mere_courier_dup_name (found->name, colleague->device, NULL, NULL) : NULL;
  const char      *known = hq != NULL ? hq : team;
  MereCourierSight sight = known != NULL ? mere_courier_load_sight (names->store, known, NULL) : MERE_COURIER_SEEN_OTHERS;

  if (!found->finished)
    look->n_unfinished++;
  else if (own != NULL)
    return look_at_own (names->store, own, look, error);
  else if (sight == MERE_COURIER_UNSEEN && team != NULL)
    look->n_team++;
  else if (sight == MERE_COURIER_UNSEEN)
    look->n_for_us++;
  else if (sight == MERE_COURIER_SEEN_OTHERS)
    look->n_others++;

  return TRUE;
}

/* "…/ENROL/<device>/<session>" */
static gboolean
is_card_of (const MereStickFound *found,
            const char           *device)
{
  g_auto (GStrv) parts = g_strsplit (found->folder, "/", -1);
  guint n = g_strv_length (parts);

  return device != NULL && n >= 2 && strcmp (parts[n - 2], device) == 0;
}

static gboolean
look_at_all (const Names     *names,
             GPtrArray       *found,
             MereCourierLook *look,
             GError         **error)
{
  for (guint i = 0; i < found->len; i++)
    {
      const MereStickFound *entry = found->pdata[i];

      look->n_bytes += entry->size;
      if (entry->enrolment)
        look->has_enrolment |= entry->finished && is_card_of (entry, names->device);
      else if (!look_at_bundle (names, entry, look, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
mere_courier_look (MereStore       *store,
                   const char      *folder,
                   MereCourierLook *look,
                   GCancellable    *cancellable,
                   GError         **error)
{
  g_autoptr (MereTrust) trust = mere_trust_load (store, 0, NULL);
  g_auto (Names) names = { store, mere_road_load_device (store, NULL), trust != NULL ? g_strdup (trust->hq) : NULL };
  g_autoptr (MereStick) stick = NULL;
  g_autoptr (GPtrArray) found = NULL;
  GError *failure = NULL;

  if (names.device != NULL)
    names.team = mere_team_list_led (store, names.device, NULL);
  *look = (MereCourierLook){ 0 };
  stick = mere_stick_open (folder, &failure);
  if (stick != NULL)
    found = mere_stick_scan (stick, cancellable, &failure);
  if (found == NULL || !look_at_all (&names, found, look, &failure))
    return mere_courier_fail (failure, error);
  look->has_card = mere_enrol_has_card (folder);

  return TRUE;
}

static gboolean
load_receipt (MereStore         *store,
              MereCourierStatus *self,
              GError           **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT received_at, issued FROM receipt ORDER BY row DESC LIMIT 1", error);
  gboolean row;

  if (query == NULL || !mere_statement_step (query, &row, error))
    return FALSE;
  if (row)
    {
      self->last_receipt_us = mere_statement_get_int (query, 0);
      self->last_receipt_issued = mere_statement_dup_text (query, 1);
    }

  return TRUE;
}

MereCourierStatus *
mere_courier_load_status (MereStore *store,
                          GError   **error)
{
  g_autoptr (MereCourierStatus) self = g_new0 (MereCourierStatus, 1);
  gint64 counts[MERE_RECORD_N_STATES];
  gint64 n_open;

  if (!mere_record_count (store, counts, error) ||
      !mere_store_load_number (store, "SELECT count (*) FROM bundle WHERE state = 'sealed'", &n_open, error) ||
      !mere_store_load_number (store, "SELECT coalesce (sum (size), 0) FROM bundle WHERE state = 'sealed'", &self->n_bytes_open, error) ||
      !mere_store_load_number (store, "SELECT coalesce (max (placed_at), 0) FROM placement", &self->last_written_us, error) ||
      !load_receipt (store, self, error))
    return NULL;

  self->n_waiting = counts[MERE_RECORD_FINAL] + counts[MERE_RECORD_PACKED];
  self->n_delivered = counts[MERE_RECORD_DELIVERED];
  self->n_acknowledged = counts[MERE_RECORD_ACKNOWLEDGED];
  self->n_refused = counts[MERE_RECORD_REFUSED];
  self->n_erased = counts[MERE_RECORD_ERASED];
  self->n_bundles_open = (guint) n_open;

  return g_steal_pointer (&self);
}

void
mere_courier_status_free (MereCourierStatus *self)
{
  if (self == NULL)
    return;

  g_free (self->last_receipt_issued);
  g_free (self);
}
