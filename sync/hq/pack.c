/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The mission onto a stick. */

#include "config.h"

#include "sync/hq/pack.h"

#include "app/store/statement.h"
#include "sync/hq/answer.h"
#include "sync/hq/outbox.h"
#include "sync/hq/review.h"

void
mere_packed_free (MerePacked *self)
{
  if (self == NULL)
    return;
  g_free (self->bundle);
  g_ptr_array_unref (self->receipts);
  g_free (self);
}

/* Mission and dispatch together: where one fails, headquarters is as it was before. */
static GArray *
seal (MereStore               *store,
      MereKeyring             *keys,
      const MereMissionChange *change,
      GError                 **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (GArray) rows = NULL;

  if (work == NULL || !mere_store_lock (store, MERE_OUTBOX_LOCK, error) || !mere_mission_change (store, change, error) || !mere_mission_dispatch (store, keys, &rows, error) ||
      !mere_transaction_commit (g_steal_pointer (&work), error))
    return NULL;
  return g_steal_pointer (&rows);
}

/* What reviewers send back travels in receipts. */
static gboolean
carry_receipts (MereStore   *store,
                MereKeyring *keys,
                MereStick   *stick,
                GPtrArray   *devices,
                GError     **error)
{
  for (guint i = 0; i < devices->len; i++)
    {
      gint64 row = mere_answer_make (store, keys, devices->pdata[i], error);

      if (row == 0 || !mere_outbox_carry (store, stick, row, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
carry (MereStore   *store,
       MereKeyring *keys,
       MereStick   *stick,
       GArray      *rows,
       GPtrArray   *devices,
       GError     **error)
{
  if (!mere_outbox_carry_card (store, keys, stick, NULL, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!mere_outbox_carry (store, stick, g_array_index (rows, gint64, i), NULL, NULL, error))
      return FALSE;
  return carry_receipts (store, keys, stick, devices, error);
}

MerePacked *
mere_pack_write (MereStore               *store,
                 MereKeyring             *keys,
                 const MereMissionChange *change,
                 MereStick               *stick,
                 GError                 **error)
{
  g_autoptr (GArray) rows = seal (store, keys, change, error);
  g_autoptr (GPtrArray) devices = rows != NULL ? mere_review_list_devices (store, error) : NULL;
  g_autoptr (MereOutboxSent) sent = NULL;
  g_autoptr (MerePacked) self = NULL;

  if (devices == NULL || !carry (store, keys, stick, rows, devices, error) || !mere_outbox_clear (store, error))
    return NULL;
  sent = mere_outbox_load_newest (store, MERE_BUNDLE_DISPATCH, MERE_OUTBOX_ALL, error);
  if (sent == NULL)
    return NULL;
  self = g_new0 (MerePacked, 1);
  self->counter = sent->counter;
  self->bundle = g_strdup (sent->name);
  self->receipts = g_steal_pointer (&devices);
  return g_steal_pointer (&self);
}
