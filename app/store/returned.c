/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records that headquarters sends back. A receipt says all of them each time; what it says no more is settled. */

#include "config.h"

#include "app/store/returned.h"

#include "app/store/row-list.h"
#include "app/store/statement.h"

MereReturned *
mere_returned_new (const char *record,
                   const char *ref,
                   const char *comment)
{
  MereReturned *self = g_new0 (MereReturned, 1);

  self->record = g_strdup (record);
  self->ref = g_strdup (ref != NULL ? ref : "");
  self->comment = g_strdup (comment);
  return self;
}

void
mere_returned_free (MereReturned *self)
{
  if (self == NULL)
    return;
  g_free (self->record);
  g_free (self->ref);
  g_free (self->comment);
  g_free (self);
}

static gint64
find_time (GPtrArray          *held,
           const MereReturned *returned)
{
  for (guint i = 0; i < held->len; i++)
    {
      const MereReturned *other = held->pdata[i];

      if (g_str_equal (other->record, returned->record) && g_str_equal (other->ref, returned->ref) &&
          g_str_equal (other->comment, returned->comment))
        return other->returned_us;
    }
  return 0;
}

static gboolean
insert (MereStore          *store,
        const MereReturned *returned,
        gint64              returned_us,
        GError            **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (
    store, "INSERT INTO returned (record, ref, comment, returned_us) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_text (statement, 1, returned->record);
  mere_statement_bind_text (statement, 2, returned->ref);
  mere_statement_bind_text (statement, 3, returned->comment);
  mere_statement_bind_int (statement, 4, returned_us);
  return mere_statement_run (statement, error);
}

static gpointer
read_row (MereStatement *query)
{
  MereReturned *returned = mere_returned_new (
    mere_statement_get_text (query, 0), mere_statement_get_text (query, 1), mere_statement_get_text (query, 2));

  returned->returned_us = mere_statement_get_int (query, 3);
  return returned;
}

static GPtrArray *
read_list (MereStatement *query,
           GError       **error)
{
  return mere_statement_read_all (query, read_row, (GDestroyNotify) mere_returned_free, error);
}

static GPtrArray *
list_held (MereStore *store,
           GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT record, ref, comment, returned_us FROM returned", error);

  return query != NULL ? read_list (query, error) : NULL;
}

static gboolean
clear (MereStore *store,
       GError   **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (store, "DELETE FROM returned", error);

  return statement != NULL && mere_statement_run (statement, error);
}

/* Records of this store whose comments came now, and that no newer version answers. */
static gboolean
count_new (MereStore *store,
           gint64     now_us,
           guint     *n,
           GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT count (DISTINCT r.record) FROM returned AS r JOIN record AS d ON d.id = r.record"
    " WHERE d.superseded = 0 AND r.returned_us = ?1",
    error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_int (query, 1, now_us);
  if (!mere_statement_step (query, &row, error))
    return FALSE;
  *n = (guint) mere_statement_get_int (query, 0);
  return TRUE;
}

gboolean
mere_returned_replace (MereStore *store,
                       GPtrArray *returned,
                       guint     *n_new,
                       GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (GPtrArray) held = work != NULL ? list_held (store, error) : NULL;
  gint64 now_us = g_get_real_time ();

  if (held == NULL || !clear (store, error))
    return FALSE;
  for (guint i = 0; i < returned->len; i++)
    {
      const MereReturned *item = returned->pdata[i];
      gint64              returned_us = find_time (held, item);

      if (!insert (store, item, returned_us != 0 ? returned_us : now_us, error))
        return FALSE;
    }
  if (n_new != NULL && !count_new (store, now_us, n_new, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_RECORDS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

GPtrArray *
mere_returned_list (MereStore  *store,
                    const char *record,
                    GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT r.record, r.ref, r.comment, r.returned_us FROM returned AS r JOIN record AS d ON d.id = r.record"
    " WHERE d.superseded = 0 AND (?1 IS NULL OR r.record = ?1)"
    " ORDER BY r.returned_us DESC, d.row DESC, r.ref, r.comment",
    error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, record);
  return read_list (query, error);
}
