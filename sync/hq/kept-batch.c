/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records as they come in. A laptop adds versions in their order; here they come as sticks come, so which version is the
 * newest and which the first is derived anew from what is here, whenever a relative arrives. Most have none: those are rows
 * and nothing else, and go in by hundreds. */

#include "config.h"

#include "sync/hq/kept-batch.h"

#include "app/store/bulk.h"
#include "app/store/log.h"
#include "app/store/statement.h"
#include "sync/hq/file-name.h"
#include "sync/hq/kept.h"

#define MOST_RECORDS 512
#define MOST_BYTES (8 * 1024 * 1024) /* of XML */
#define WORDS (64 * 1024)            /* bytes of texts of records, taken at once */
#define MOST_ASKED 64                /* ids that are looked for at once */

typedef struct
{
  const char        *id; /* this one and the other texts lie in the batch's words */
  const char        *supersedes;
  const char        *form;
  const char        *form_version;
  const char        *form_b2;
  const char        *title;
  const char        *assessment;
  const char        *crossing;
  const char        *b2;
  char             **blobs;
  GBytes            *xml;
  MereInstrumentKind kind;
  MereMoment         finalised;
  gint64             row;
  MereKeptResult     result;
  gboolean           related; /* another version of it is here */
} Item;

struct _MereKeptBatch
{
  MereStore    *store;
  char         *device;
  gint64        bundle;
  MereKeptTold  told;
  gpointer      user_data;
  GPtrArray    *items;
  GStringChunk *words; /* of them */
  GHashTable   *by_id; /* of them */
  gsize         size;  /* bytes of their XML */
  GPtrArray    *lines; /* MereLogLine */
};

static void
item_free (gpointer data)
{
  Item *self = data;

  g_strfreev (self->blobs);
  g_bytes_unref (self->xml);
  g_free (self);
}

static const char *
keep (GStringChunk *words,
      const char   *text)
{
  return text != NULL ? g_string_chunk_insert (words, text) : NULL;
}

static Item *
item_new (const MereKeptNew *from,
          GStringChunk      *words)
{
  const MereRecordNew *record = &from->record;
  Item                *self = g_new0 (Item, 1);

  self->id = keep (words, record->id);
  self->supersedes = keep (words, record->deprecated_id);
  self->form = keep (words, record->form);
  self->form_version = keep (words, record->form_version);
  self->form_b2 = keep (words, record->form_b2);
  self->title = keep (words, record->title);
  self->assessment = keep (words, record->assessment);
  self->crossing = keep (words, record->crossing);
  self->b2 = keep (words, from->b2);
  self->blobs = g_strdupv ((char **) from->blobs);
  self->xml = g_bytes_ref (record->xml);
  self->kind = record->kind;
  self->finalised = record->created;
  return self;
}

MereKeptBatch *
mere_kept_batch_new (MereStore   *store,
                     const char  *device,
                     gint64       bundle,
                     MereKeptTold told,
                     gpointer     user_data)
{
  MereKeptBatch *self = g_new0 (MereKeptBatch, 1);

  self->store = store;
  self->device = g_strdup (device);
  self->bundle = bundle;
  self->told = told;
  self->user_data = user_data;
  self->items = g_ptr_array_new_with_free_func (item_free);
  self->words = g_string_chunk_new (WORDS);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_log_line_free);
  return self;
}

void
mere_kept_batch_free (MereKeptBatch *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->items);
  g_string_chunk_free (self->words);
  g_ptr_array_unref (self->lines);
  g_free (self->device);
  g_free (self);
}

static gboolean
run_with (MereStore  *store,
          const char *sql,
          const char *first,
          const char *second,
          GError    **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (store, sql, error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_text (statement, 1, first);
  if (second != NULL)
    mere_statement_bind_text (statement, 2, second);
  return mere_statement_run (statement, error);
}

/* The first column of the first row; %NULL without an error where there is none. */
static char *
find_text (MereStore  *store,
           const char *sql,
           const char *parameter,
           GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, parameter);
  return mere_statement_step (query, &row, error) && row ? mere_statement_dup_text (query, 0) : NULL;
}

/* Of a database elsewhere, where each question is a journey. SQLite is faster with one id: of several it makes a table first. */
static guint
count_asked (MereStore *store)
{
  return mere_store_is_shared (store) ? MOST_ASKED : 1;
}

/* "?1, ?2 …" for the ids that are asked for at once. */
static char *
build_query (const char *begin,
             guint       asked)
{
  GString *sql = g_string_new (begin);

  g_string_append (sql, " IN (");
  for (guint i = 1; i <= asked; i++)
    g_string_append_printf (sql, i == 1 ? "?%u" : ", ?%u", i);
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

typedef void (*Found) (Item *item, MereStatement *query);

/* Calls for each row that @begin IN (ids of the batch) gives; its first column is the id. */
static gboolean
look_up (MereKeptBatch *self,
         const char    *begin,
         Found          found,
         GError       **error)
{
  guint            asked = count_asked (self->store);
  g_autofree char *sql = build_query (begin, asked);
  g_autoptr (MereStatement) query = mere_statement_new (self->store, sql, error);
  gboolean row;

  for (guint from = 0; query != NULL && from < self->items->len; from += asked)
    {
      for (guint i = 0; i < asked; i++)
        mere_statement_bind_text (
          query, (int) i + 1, from + i < self->items->len ? ((Item *) self->items->pdata[from + i])->id : NULL);
      while (TRUE)
        {
          if (!mere_statement_step (query, &row, error))
            return FALSE;
          if (!row)
            break;
          found (g_hash_table_lookup (self->by_id, mere_statement_get_text (query, 0)), query);
        }
      mere_statement_reset (query);
    }
  return query != NULL;
}

static void
found_record (Item          *item,
              MereStatement *query)
{
  item->result = g_strcmp0 (mere_statement_get_text (query, 1), item->b2) == 0 ? MERE_KEPT_SAME : MERE_KEPT_OTHER;
}

static void
found_newer (Item          *item,
             MereStatement *query)
{
  item->related = TRUE;
}

static gboolean
take_rows (MereKeptBatch *self,
           GError       **error)
{
  gint64 rows[MOST_RECORDS];
  guint  n = 0;

  for (guint i = 0; i < self->items->len; i++)
    n += ((Item *) self->items->pdata[i])->result == MERE_KEPT_NEW;
  if (!mere_bulk_take_rows (self->store, "record", n, rows, error))
    return FALSE;
  n = 0;
  for (guint i = 0; i < self->items->len; i++)
    if (((Item *) self->items->pdata[i])->result == MERE_KEPT_NEW)
      ((Item *) self->items->pdata[i])->row = rows[n++];
  return TRUE;
}

typedef gboolean (*AddRow) (MereKeptBatch *self, const Item *item, GError **error);

static gboolean
add_record (MereKeptBatch *self,
            const Item    *item,
            GError       **error)
{
  const MereValue values[] = {
    mere_value_int (item->row),
    mere_value_text (item->id),
    mere_value_text (item->id),
    mere_value_text (item->form),
    mere_value_text (item->form_version),
    mere_value_text (item->form_b2),
    mere_value_text (item->title),
    mere_value_text (mere_instrument_kind_to_string (item->kind)),
    mere_value_text (item->assessment),
    mere_value_text (item->crossing),
    mere_value_text (item->b2),
    mere_value_int ((gint64) g_bytes_get_size (item->xml)),
    mere_value_int (item->finalised.utc_us),
    mere_value_int (item->finalised.offset_s),
    mere_value_int (item->finalised.utc_us),
    mere_value_int (item->finalised.offset_s),
  };

  return mere_bulk_add (self->store, values, error);
}

static gboolean
add_xml (MereKeptBatch *self,
         const Item    *item,
         GError       **error)
{
  const MereValue values[] = { mere_value_int (item->row), mere_value_bytes (item->xml) };

  return mere_bulk_add (self->store, values, error);
}

static gboolean
add_origin (MereKeptBatch *self,
            const Item    *item,
            GError       **error)
{
  const MereValue values[] = {
    mere_value_int (item->row),
    mere_value_int (self->bundle),
    mere_value_text (self->device),
    mere_value_text (item->supersedes),
    mere_value_int (g_get_real_time ()),
  };

  return mere_bulk_add (self->store, values, error);
}

static const struct
{
  const char *table;
  const char *columns[18];
  AddRow      add;
} tables[] = {
  { "record",
    { "row", "id", "first_id", "form", "form_version", "form_b2", "title", "kind", "assessment", "crossing", "b2", "size",
      "created_us", "created_offset_s", "finalised_us", "finalised_offset_s" },
    add_record },
  { "record_xml", { "record", "xml" }, add_xml },
  { "hq_record", { "row", "bundle", "device", "supersedes", "received_us" }, add_origin },
};

static gboolean
add_rows (MereKeptBatch *self,
          AddRow         add,
          GError       **error)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = self->items->pdata[i];

      if (item->result == MERE_KEPT_NEW && !add (self, item, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_tables (MereKeptBatch *self,
              GError       **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      gboolean added;

      if (!mere_bulk_begin (self->store, tables[i].table, tables[i].columns, error))
        return FALSE;
      added = add_rows (self, tables[i].add, error);
      if (!mere_bulk_end (self->store, added ? error : NULL) || !added)
        return FALSE;
    }
  return TRUE;
}

/* Its line in the log is of a kind of its own, by hash: the name may come later. */
static gboolean
insert_attachment (MereKeptBatch *self,
                   const char    *record,
                   const char    *name,
                   const char    *b2,
                   GError       **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    self->store, "INSERT INTO record_attachment (record, name, b2) VALUES (?1, ?2, ?3)", error);
  g_autofree char *object = g_strconcat (record, "/", b2, NULL);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, record);
  mere_statement_bind_text (insert, 2, name);
  mere_statement_bind_text (insert, 3, b2);
  g_ptr_array_add (self->lines, mere_log_line_new ("attached", object, b2));
  return mere_statement_run (insert, error);
}

/* Two attachments of one name keep apart by their hashes. */
static gboolean
insert_attachments (MereKeptBatch *self,
                    const Item    *item,
                    GError       **error)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (const char *const *b2 = (const char *const *) item->blobs; b2 != NULL && *b2 != NULL; b2++)
    {
      g_autofree char *told = find_text (self->store, "SELECT name FROM hq_blob_name WHERE b2 = ?1", *b2, NULL);
      g_autofree char *name = mere_file_name_clean (told != NULL && *told != '\0' ? told : *b2, MERE_KEPT_MAX_NAME);

      if (g_hash_table_contains (taken, *b2))
        continue;
      if (g_hash_table_contains (taken, name))
        {
          g_free (name);
          name = g_strdup (*b2);
        }
      if (!insert_attachment (self, item->id, name, *b2, error) ||
          !run_with (self->store, "INSERT INTO hq_record_blob (record, b2) VALUES (?1, ?2)", item->id, *b2, error))
        return FALSE;
      g_hash_table_add (taken, g_strdup (*b2));
      g_hash_table_add (taken, g_steal_pointer (&name));
    }
  return TRUE;
}

/* The oldest ancestor that is here. */
#define FIRST                                                                                \
  "WITH RECURSIVE up (id, supersedes, depth) AS ("                                           \
  "  SELECT d.id, h.supersedes, 0 FROM record AS d JOIN hq_record AS h ON h.row = d.row"     \
  "   WHERE d.id = ?1"                                                                       \
  "  UNION SELECT d.id, h.supersedes, up.depth + 1 FROM up JOIN record AS d"                 \
  "     ON d.id = up.supersedes JOIN hq_record AS h ON h.row = d.row WHERE up.depth < 1000)" \
  " SELECT id FROM up ORDER BY depth DESC LIMIT 1"

/* The record and all that came of it. */
#define SET_FIRST                                                                                  \
  "WITH RECURSIVE down (row, id) AS ("                                                             \
  "  SELECT row, id FROM record WHERE id = ?1"                                                     \
  "  UNION SELECT d.row, d.id FROM down JOIN hq_record AS h ON h.supersedes = down.id JOIN record" \
  "     AS d ON d.row = h.row)"                                                                    \
  " UPDATE record SET first_id = ?2 WHERE row IN (SELECT row FROM down)"

/* The column is unique: where two versions replace one, that with the lower id has it, whichever came first. */
#define CLEAR_DEPRECATED "UPDATE record SET deprecated_id = NULL WHERE deprecated_id = ?1"
#define SET_DEPRECATED                              \
  "UPDATE record SET deprecated_id = ?1 WHERE id =" \
  " (SELECT min (d.id) FROM hq_record AS h JOIN record AS d ON d.row = h.row WHERE h.supersedes = ?1)"

#define SUPERSEDE                                                                                     \
  "UPDATE record SET superseded ="                                                                    \
  " CASE WHEN EXISTS (SELECT 1 FROM hq_record AS h WHERE h.supersedes = record.id) THEN 1 ELSE 0 END" \
  " WHERE id IN (?1, ?2)"

/* Ties a new record to the versions before and after it that are here. */
static gboolean
join_versions (MereStore  *store,
               const char *id,
               const char *supersedes,
               GError    **error)
{
  g_autofree char *first = find_text (store, FIRST, id, error);

  return first != NULL && run_with (store, SET_FIRST, id, first, error) &&
         (supersedes == NULL ||
          (run_with (store, CLEAR_DEPRECATED, supersedes, NULL, error) && run_with (store, SET_DEPRECATED, supersedes, NULL, error))) &&
         run_with (store, SUPERSEDE, id, supersedes != NULL ? supersedes : id, error);
}

/* What of a new record is more than a row, and its line of the log. */
static gboolean
settle (MereKeptBatch *self,
        const Item    *item,
        GError       **error)
{
  g_ptr_array_add (self->lines, mere_log_line_new ("record", item->id, item->b2));
  return insert_attachments (self, item, error) &&
         ((item->supersedes == NULL && !item->related) || join_versions (self->store, item->id, item->supersedes, error));
}

static gboolean
settle_all (MereKeptBatch *self,
            GError       **error)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = self->items->pdata[i];

      if ((item->result == MERE_KEPT_NEW && !settle (self, item, error)) ||
          !self->told (self->user_data, item->id, item->b2, item->xml, item->result, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mere_kept_batch_flush (MereKeptBatch *self,
                       GError       **error)
{
  gboolean done;

  if (self->items->len == 0)
    return TRUE;
  done = look_up (self, "SELECT id, b2 FROM record WHERE id", found_record, error) && take_rows (self, error) &&
         write_tables (self, error) &&
         look_up (self, "SELECT DISTINCT supersedes FROM hq_record WHERE supersedes", found_newer, error) && settle_all (self, error);
  if (done)
    mere_store_touch (self->store, MERE_STORE_RECORDS);
  g_hash_table_remove_all (self->by_id);
  g_ptr_array_set_size (self->items, 0);
  g_string_chunk_clear (self->words);
  self->size = 0;
  return done;
}

gboolean
mere_kept_batch_add (MereKeptBatch     *self,
                     const MereKeptNew *record,
                     GError           **error)
{
  Item *item;

  if ((g_hash_table_contains (self->by_id, record->record.id) || self->items->len == MOST_RECORDS || self->size >= MOST_BYTES) &&
      !mere_kept_batch_flush (self, error))
    return FALSE;
  item = item_new (record, self->words);
  g_ptr_array_add (self->items, item);
  g_hash_table_insert (self->by_id, (char *) item->id, item);
  self->size += g_bytes_get_size (item->xml);
  return TRUE;
}

gboolean
mere_kept_batch_finish (MereKeptBatch *self,
                        GError       **error)
{
  if (!mere_kept_batch_flush (self, error) || (self->lines->len > 0 && !mere_log_append_all (self->store, self->lines, error)))
    return FALSE;
  g_ptr_array_set_size (self->lines, 0);
  return TRUE;
}
