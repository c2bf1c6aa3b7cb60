/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sync/put-back.h"

#include <string.h>

#include "app/store/log.h"
#include "app/store/settings.h"

#define KEY_NOTED "road.put-back"

static gboolean
save (MereStore *store,
      gint64     time_us,
      GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !mere_settings_save_int (store, KEY_NOTED, time_us, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_BUNDLES);

  return mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_put_back_note (MereStore *store,
                    GError   **error)
{
  return mere_put_back_get_time_us (store) != 0 || save (store, g_get_real_time (), error);
}

gint64
mere_put_back_get_time_us (MereStore *store)
{
  return mere_settings_load_int (store, KEY_NOTED, 0);
}

gboolean
mere_put_back_forget (MereStore *store,
                      GError   **error)
{
  return save (store, 0, error);
}

gboolean
mere_put_back_is_in_log (MereStore  *store,
                         gint64      seq,
                         const char *hash,
                         gboolean   *there,
                         GError    **error)
{
  g_autoptr (GPtrArray) lines = mere_log_list (store, seq - 1, 1, error);
  const MereLogLine *line = lines != NULL && lines->len > 0 ? lines->pdata[0] : NULL;

  *there = line != NULL && line->seq == seq && strcmp (line->hash, hash) == 0;

  return lines != NULL;
}
