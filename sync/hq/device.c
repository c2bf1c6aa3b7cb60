/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The laptops that headquarters knows. */

#include "config.h"

#include "sync/hq/device.h"

#include "app/store/row-list.h"
#include "app/store/statement.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SELECT                                                                                                               \
  "SELECT device, sign_key, box_key, label, state, approved_us, heard_us, seen_trust, seen_receipt, seen_dispatch, replaces" \
  " FROM hq_device"

void
mere_device_free (MereDevice *self)
{
  if (self == NULL)
    return;
  g_free (self->device);
  g_free (self->sign_key);
  g_free (self->box_key);
  g_free (self->label);
  g_free (self->replaces);
  g_free (self);
}

gint64
mere_device_count_silent_days (const MereDevice *self,
                               gint64            now_us)
{
  return self->heard_us > 0 ? MAX (now_us - self->heard_us, 0) / G_TIME_SPAN_DAY : -1;
}

static MereDevice *
read_row (MereStatement *query)
{
  MereDevice *self = g_new0 (MereDevice, 1);

  self->device = mere_statement_dup_text (query, 0);
  self->sign_key = mere_statement_dup_text (query, 1);
  self->box_key = mere_statement_dup_text (query, 2);
  self->label = mere_statement_dup_text (query, 3);
  self->revoked = g_str_equal (mere_statement_get_text (query, 4), "revoked");
  self->approved_us = mere_statement_get_int (query, 5);
  self->heard_us = mere_statement_get_int (query, 6);
  self->seen_trust = mere_statement_get_int (query, 7);
  self->seen_receipt = mere_statement_get_int (query, 8);
  self->seen_dispatch = mere_statement_get_int (query, 9);
  self->replaces = mere_statement_dup_text (query, 10);
  return self;
}

GPtrArray *
mere_device_list (MereStore *store,
                  GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, SELECT " ORDER BY approved_us, device", error);

  if (query == NULL)
    return NULL;
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_device_free, error);
}

MereDevice *
mere_device_load (MereStore  *store,
                  const char *device,
                  GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, SELECT " WHERE device = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, device);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (row)
    return read_row (query);
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no laptop “%s”."), device);
  return NULL;
}

MereDevice *
mere_device_load_by_number (MereStore   *store,
                            const guint8 number[8],
                            GError     **error)
{
  g_autoptr (GPtrArray) list = mere_device_list (store, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      MereDevice     *device = list->pdata[i];
      MereMinisignKey key;

      if (mere_minisign_key_parse (device->sign_key, &key, NULL) && memcmp (key.number, number, sizeof key.number) == 0)
        return g_ptr_array_steal_index (list, i);
    }
  return NULL;
}

gboolean
mere_device_approve (MereStore      *store,
                     const MereCard *card,
                     const char     *label,
                     const char     *replaces,
                     GError        **error)
{
  g_autoptr (MereStatement) save = mere_statement_new (
    store,
    "INSERT INTO hq_device (device, sign_key, box_key, label, state, approved_us, replaces)"
    " VALUES (?1, ?2, ?3, ?4, 'active', ?5, ?6)"
    " ON CONFLICT (device) DO UPDATE SET box_key = excluded.box_key, label = excluded.label, replaces = excluded.replaces"
    " WHERE hq_device.state = 'active' AND hq_device.sign_key = excluded.sign_key",
    error);

  if (save == NULL)
    return FALSE;
  mere_statement_bind_text (save, 1, card->device);
  mere_statement_bind_text (save, 2, card->sign_key);
  mere_statement_bind_text (save, 3, card->box_key);
  mere_statement_bind_text (save, 4, label != NULL ? label : card->label);
  mere_statement_bind_int (save, 5, g_get_real_time ());
  mere_statement_bind_text (save, 6, replaces != NULL ? replaces : card->replaces);
  if (!mere_statement_run (save, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_OTHER);
  if (mere_store_get_changes (store) > 0)
    return TRUE;
  g_set_error (error,
               MERE_STORE_ERROR,
               MERE_STORE_ERROR_CONFLICT,
               _ ("The laptop %s was revoked. Nothing was changed; it can come back with new keys, from a new vault."),
               card->device);
  return FALSE;
}

gboolean
mere_device_set_revoked (MereStore  *store,
                         const char *device,
                         GError    **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE hq_device SET state = 'revoked', revoked_us = ?2 WHERE device = ?1 AND state = 'active'", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_text (update, 1, device);
  mere_statement_bind_int (update, 2, g_get_real_time ());
  mere_store_touch (store, MERE_STORE_OTHER);
  return mere_statement_run (update, error);
}

gboolean
mere_device_count (MereStore  *store,
                   const char *device,
                   guint       n_new,
                   GError    **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE hq_device SET n_records = n_records + ?2 WHERE device = ?1", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_text (update, 1, device);
  mere_statement_bind_int (update, 2, n_new);
  return mere_statement_run (update, error);
}

gboolean
mere_device_hear (MereStore  *store,
                  const char *device,
                  gint64      seen_trust,
                  gint64      seen_receipt,
                  gint64      seen_dispatch,
                  GError    **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store,
    "UPDATE hq_device SET heard_us = ?2, seen_trust = CASE WHEN seen_trust < ?3 THEN ?3 ELSE seen_trust END,"
    " seen_receipt = CASE WHEN seen_receipt < ?4 THEN ?4 ELSE seen_receipt END,"
    " seen_dispatch = CASE WHEN seen_dispatch < ?5 THEN ?5 ELSE seen_dispatch END WHERE device = ?1",
    error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_text (update, 1, device);
  mere_statement_bind_int (update, 2, g_get_real_time ());
  mere_statement_bind_int (update, 3, seen_trust);
  mere_statement_bind_int (update, 4, seen_receipt);
  mere_statement_bind_int (update, 5, seen_dispatch);
  return mere_statement_run (update, error);
}
