/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows come over as they are (app/vault/rescue.h); what they mean together is put in order here, and what is missing is told in the words
 * of the work: records, not rows. */

#include "config.h"

#include "app/store/rescue.h"

#include "app/store/clock.h"
#include "app/store/migration.h"
#include "app/store/regain.h"
#include "app/store/statement.h"
#include "app/vault/content-copy.h"
#include "app/vault/vault-private.h"

/* Bytes of an attachment that are here; 262,144 is MERE_BLOCK_SIZE. */
#define SIZE_OF(row)                                                                             \
  "((SELECT coalesce (sum (length (data)), 0) FROM attachment_chunk WHERE attachment = " row ")" \
  " + (SELECT 262144 * count (*) FROM attachment_block WHERE attachment = " row "))"

G_STATIC_ASSERT (MERE_BLOCK_SIZE == 262144);

static void
loss_free (gpointer data)
{
  MereLoss *self = data;

  g_free (self->record);
  g_free (self->title);
  g_free (self->crossing);
  g_free (self->attachment);
  g_free (self);
}

void
mere_salvage_free (MereSalvage *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->losses);
  mere_rescue_clear (&self->rescue);
  g_free (self);
}

static MereSalvage *
salvage_new (void)
{
  MereSalvage *self = g_new0 (MereSalvage, 1);

  self->losses = g_ptr_array_new_with_free_func (loss_free);
  return self;
}

/* Of drafts in the journal: the step at which the journal ends, where one is missing, where one takes back what is not there any more, or where
 * one goes back to what is not there. Steps that the snapshot holds are there for undo alone, all of them or none. */
static const char drafts[] =
  "CREATE TEMP TABLE draft_cut AS SELECT c.draft AS draft, min (c.seq) AS seq FROM"
  " (SELECT d.row AS draft, d.snapshot_seq + 1 AS seq FROM draft AS d WHERE d.snapshot_seq < d.last_seq"
  "   AND NOT EXISTS (SELECT 1 FROM draft_step AS n WHERE n.draft = d.row AND n.seq = d.snapshot_seq + 1)"
  "  UNION ALL SELECT s.draft, s.seq + 1 FROM draft_step AS s JOIN draft AS d ON d.row = s.draft"
  "   WHERE s.seq > d.snapshot_seq AND s.seq < d.last_seq"
  "   AND NOT EXISTS (SELECT 1 FROM draft_step AS n WHERE n.draft = s.draft AND n.seq = s.seq + 1)"
  "  UNION ALL SELECT s.draft, s.seq FROM draft_step AS s JOIN draft AS d ON d.row = s.draft"
  "   WHERE s.seq > d.snapshot_seq AND s.turn <> 'do' AND s.of <= d.snapshot_seq AND d.snapshot_seq >"
  "    (SELECT count (*) FROM draft_step AS n WHERE n.draft = d.row AND n.seq <= d.snapshot_seq)"
  "  UNION ALL SELECT s.draft, s.seq FROM draft_step AS s JOIN draft AS d ON d.row = s.draft"
  "   WHERE s.seq > d.snapshot_seq AND s.op = 'restore'"
  "   AND NOT EXISTS (SELECT 1 FROM draft_before AS b WHERE b.draft = s.draft AND b.seq = s.of)) AS c GROUP BY c.draft;";

static const char there[] = "CREATE TEMP TABLE draft_there AS SELECT row FROM draft;";

static const char cut_drafts[] =
  "DELETE FROM draft_step WHERE draft NOT IN (SELECT row FROM draft_there);"
  "DELETE FROM draft_step WHERE seq >= (SELECT c.seq FROM draft_cut AS c WHERE c.draft = draft_step.draft);"
  "DELETE FROM draft_step WHERE EXISTS (SELECT 1 FROM draft AS d WHERE d.row = draft_step.draft AND draft_step.seq <= d.snapshot_seq"
  " AND d.snapshot_seq > (SELECT count (*) FROM draft_step AS n WHERE n.draft = d.row AND n.seq <= d.snapshot_seq));"
  "UPDATE draft SET last_seq = (SELECT c.seq - 1 FROM draft_cut AS c WHERE c.draft = draft.row)"
  " WHERE row IN (SELECT draft FROM draft_cut);"
  "DROP TABLE draft_cut; DROP TABLE draft_there;";

/* The log tells which attachments a record has. */
static const char attachments[] =
  "INSERT INTO record_attachment (record, name, b2)"
  " SELECT r.id, substr (l.object, length (r.id) + 2), l.b2 FROM log AS l"
  " JOIN record AS r ON r.id = substr (l.object, 1, instr (l.object, '/') - 1) WHERE l.kind = 'attachment' ON CONFLICT DO NOTHING;";

/* What refers to what is not there, children of children last. */
static const char orphans[] =
  "DELETE FROM record_xml WHERE record NOT IN (SELECT row FROM record);"
  "DELETE FROM record_attachment WHERE record NOT IN (SELECT id FROM record);"
  "DELETE FROM attachment_chunk WHERE attachment NOT IN (SELECT row FROM attachment);"
  "DELETE FROM attachment_block WHERE attachment NOT IN (SELECT row FROM attachment);"
  "DELETE FROM bundle_record WHERE bundle NOT IN (SELECT row FROM bundle) OR record NOT IN (SELECT id FROM record);"
  "DELETE FROM placement WHERE bundle NOT IN (SELECT row FROM bundle);"
  "DELETE FROM receipt_bundle WHERE receipt NOT IN (SELECT row FROM receipt);"
  "DELETE FROM receipt_refusal WHERE receipt NOT IN (SELECT row FROM receipt);"
  "DELETE FROM draft WHERE instrument NOT IN (SELECT instrument FROM instrument_xml)"
  "                     OR instrument NOT IN (SELECT row FROM instrument)"
  "                     OR row NOT IN (SELECT draft FROM draft_snapshot);"
  "DELETE FROM instrument_xml WHERE instrument NOT IN (SELECT row FROM instrument);"
  "DELETE FROM instrument WHERE row NOT IN (SELECT instrument FROM instrument_xml);"
  "DELETE FROM draft_snapshot WHERE draft NOT IN (SELECT row FROM draft);"
  "DELETE FROM draft_step WHERE draft NOT IN (SELECT row FROM draft);"
  "DELETE FROM draft_before WHERE draft NOT IN (SELECT row FROM draft);"
  "DELETE FROM draft_attachment WHERE draft NOT IN (SELECT row FROM draft)"
  " OR b2 NOT IN (SELECT b2 FROM attachment WHERE b2 IS NOT NULL);"
  "DELETE FROM colleague_xml WHERE record NOT IN (SELECT record FROM colleague_record);";

/* The columns of a #MereLoss. */
typedef struct
{
  MereLossKind kind;
  const char  *sql;
} LossQuestion;

/* Before drafts are put in order. */
static const LossQuestion draft_questions[] = {
  { MERE_LOSS_DRAFT,
    "SELECT d.instance_id, coalesce (d.title, i.title), c.name, NULL FROM draft AS d LEFT JOIN instrument AS i ON i.row = d.instrument"
    " LEFT JOIN crossing AS c ON c.id = d.crossing WHERE d.deleted_us IS NULL AND (i.row IS NULL"
    " OR d.instrument NOT IN (SELECT instrument FROM instrument_xml) OR d.row NOT IN (SELECT draft FROM draft_snapshot)) ORDER BY d.row" },
  { MERE_LOSS_DRAFT,
    "SELECT NULL, NULL, NULL, NULL FROM (SELECT draft FROM draft_snapshot UNION SELECT draft FROM draft_step) AS s"
    " WHERE s.draft NOT IN (SELECT row FROM draft) ORDER BY s.draft" },
  { MERE_LOSS_STEPS,
    "SELECT d.instance_id, coalesce (d.title, i.title), c.name, NULL FROM draft AS d JOIN instrument AS i ON i.row = d.instrument"
    " LEFT JOIN crossing AS c ON c.id = d.crossing WHERE d.deleted_us IS NULL"
    " AND (d.row IN (SELECT draft FROM draft_cut) OR d.row NOT IN (SELECT row FROM draft_there))"
    " AND d.instrument IN (SELECT instrument FROM instrument_xml) AND d.row IN (SELECT draft FROM draft_snapshot) ORDER BY d.row" },
  { MERE_LOSS_ATTACHMENT,
    "SELECT d.instance_id, coalesce (d.title, i.title), c.name, a.name FROM draft_attachment AS a JOIN draft AS d ON d.row = a.draft"
    " JOIN instrument AS i ON i.row = d.instrument LEFT JOIN crossing AS c ON c.id = d.crossing"
    " WHERE d.deleted_us IS NULL AND a.b2 NOT IN (SELECT k.b2 FROM attachment AS k WHERE k.b2 IS NOT NULL AND k.size ="
    " " SIZE_OF ("k.row") ") ORDER BY d.row, a.name" },
};

static const LossQuestion record_questions[] = {
  { MERE_LOSS_RECORD,
    "SELECT DISTINCT l.object, NULL, NULL, NULL FROM log AS l"
    " WHERE l.kind = 'record' AND l.object NOT IN (SELECT id FROM record) ORDER BY 1" },
  { MERE_LOSS_CONTENT,
    "SELECT r.id, r.title, c.name, NULL FROM record AS r LEFT JOIN crossing AS c ON c.id = r.crossing"
    " WHERE r.erased_us IS NULL AND r.row NOT IN (SELECT record FROM record_xml) ORDER BY r.row" },
  { MERE_LOSS_ATTACHMENT,
    "SELECT r.id, r.title, c.name, a.name FROM record_attachment AS a JOIN record AS r ON r.id = a.record"
    " LEFT JOIN crossing AS c ON c.id = r.crossing"
    " WHERE r.erased_us IS NULL AND a.b2 NOT IN (SELECT b2 FROM attachment WHERE b2 IS NOT NULL) ORDER BY r.row, a.name" },
};

static gboolean
ask (MereSalvage *self, MereStore *store, MereLossKind kind, const char *sql, GError **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row = FALSE;

  if (query == NULL)
    return FALSE;
  while (mere_statement_step (query, &row, error) && row)
    {
      MereLoss *loss = g_new0 (MereLoss, 1);

      loss->kind = kind;
      loss->record = mere_statement_dup_text (query, 0);
      loss->title = mere_statement_dup_text (query, 1);
      loss->crossing = mere_statement_dup_text (query, 2);
      loss->attachment = mere_statement_dup_text (query, 3);
      g_ptr_array_add (self->losses, loss);
    }
  return !row;
}

static gboolean
ask_all (MereSalvage *self, MereStore *store, const LossQuestion *questions, guint n_questions, GError **error)
{
  for (guint i = 0; i < n_questions; i++)
    if (!ask (self, store, questions[i].kind, questions[i].sql, error))
      return FALSE;
  return TRUE;
}

static gboolean
count (MereStore *store, const char *sql, gint64 *n, GError **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row = FALSE;

  if (query == NULL || !mere_statement_step (query, &row, error))
    return FALSE;
  *n = mere_statement_get_int (query, 0);
  return TRUE;
}

static gboolean
mark_erased (MereStore *store, GError **error)
{
  g_autoptr (MereStatement) update = NULL;
  gint64 now_us;
  gint32 offset_s;

  mere_clock_read (&now_us, &offset_s);
  update = mere_statement_new (store,
                               "UPDATE record SET erased_us = ?1"
                               " WHERE erased_us IS NULL AND row NOT IN (SELECT record FROM record_xml)",
                               error);
  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, now_us);
  return mere_statement_run (update, error);
}

/* Half an attachment is none. */
static gboolean
drop_halves (MereStore *store, GError **error)
{
  return mere_store_execute (store,
                             "DELETE FROM draft_attachment WHERE b2 IN (SELECT a.b2 FROM attachment AS a WHERE a.size <>"
                             " " SIZE_OF ("a.row") ");"
                                                   "DELETE FROM attachment WHERE size <>"
                                                   " " SIZE_OF ("attachment.row") ";",
                             error);
}

static gboolean
judge (MereSalvage *self, MereStore *store, GError **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !mere_store_execute (store, there, error) || !mere_regain (store, error) || !mere_store_execute (store, drafts, error) ||
      !ask_all (self, store, draft_questions, G_N_ELEMENTS (draft_questions), error) || !mere_store_execute (store, cut_drafts, error) ||
      !mere_store_execute (store, orphans, error) || !drop_halves (store, error) || !mere_store_execute (store, attachments, error) ||
      !ask_all (self, store, record_questions, G_N_ELEMENTS (record_questions), error))
    return FALSE;
  return mark_erased (store, error) &&
         count (store, "SELECT count (*) FROM record WHERE erased_us IS NULL", &self->n_records, error) &&
         count (store, "SELECT count (*) FROM draft WHERE deleted_us IS NULL", &self->n_drafts, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

/* Which parts of the schema it has */

static gint64
ask_number (sqlite3 *database, const char *sql)
{
  sqlite3_stmt *statement;
  gint64        number = 0;

  if (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

static sqlite3 *
describe (guint last, GError **error)
{
  sqlite3 *database;

  if (sqlite3_open (":memory:", &database) == SQLITE_OK && mere_migration_describe (database, last, error))
    return database;
  sqlite3_close (database);
  return NULL;
}

/* Whether @database has each line of the schema that @known has. */
static gboolean
has_all (sqlite3 *database, sqlite3 *known)
{
  static const char find[] = "SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2 AND sql IS ?3";
  sqlite3_stmt     *lines = NULL, *one = NULL;
  gboolean          all = sqlite3_prepare_v2 (known, "SELECT type, name, sql FROM sqlite_schema", -1, &lines, NULL) == SQLITE_OK &&
                 sqlite3_prepare_v2 (database, find, -1, &one, NULL) == SQLITE_OK;

  while (all && sqlite3_step (lines) == SQLITE_ROW)
    {
      for (int i = 0; i < 3; i++)
        sqlite3_bind_value (one, i + 1, sqlite3_column_value (lines, i));
      all = sqlite3_step (one) == SQLITE_ROW;
      sqlite3_reset (one);
    }
  sqlite3_finalize (lines);
  sqlite3_finalize (one);
  return all;
}

/* Which migrations a database has is seen by what it is like, where the lines that say so do not open. */
static gboolean
mend_migrations (sqlite3 *database, GError **error)
{
  g_autoptr (GArray) numbers = mere_migration_list ();
  gboolean found = ask_number (database, "SELECT count (*) > 0 AND count (*) = max (number) FROM migration") != 0;

  for (guint i = numbers->len; i > 0 && !found; i--)
    {
      sqlite3 *known = describe (g_array_index (numbers, guint, i - 1), error);

      if (known == NULL)
        return FALSE;
      found = has_all (database, known);
      for (guint k = 0; found && k < i; k++)
        {
          g_autofree char *line = g_strdup_printf ("INSERT INTO migration VALUES (%u, '', 0) ON CONFLICT DO NOTHING", g_array_index (numbers, guint, k));

          sqlite3_exec (database, line, NULL, NULL, NULL);
        }
      sqlite3_close (known);
    }
  return TRUE; /* or opening the store says what is wrong with it */
}

/* Into a vault of its own */

typedef struct
{
  const char        *path;
  const char        *folder;
  const MereSecret  *passphrase;
  const MereKeyCost *cost;
  MereVaultProgress  progress;
  gpointer           data;
  GCancellable      *cancellable;
} Order;

/* @last: the migrations of which what does not say itself what it is like is taken to be */
static MereVault *
copy_rows (MereSalvage *self, const Order *order, guint last, GError **error)
{
  g_autoptr (MereWreck) from = mere_wreck_open (order->path, order->passphrase, error);
  MereVault *to = from != NULL ? mere_vault_create_with_cost (order->folder, order->passphrase, order->cost, error) : NULL;
  sqlite3   *known = to != NULL ? describe (last, error) : NULL;
  gboolean   done;

  mere_rescue_clear (&self->rescue);
  done = known != NULL && mere_rescue_rows (from, mere_vault_get_database (to), known, &self->rescue, order->progress, order->data, order->cancellable, error) &&
         mere_content_rescue (mere_vault_get_database (to), mere_wreck_get_content (from), mere_vault_get_content (to), error);
  sqlite3_close (known);
  if (done)
    return to;
  if (to != NULL)
    {
      mere_vault_close (to);
      mere_vault_destroy (order->folder, NULL);
    }
  return NULL;
}

/* Where descriptions were missing and the vault turns out to be an older one, once more, with those of its own time. */
static MereVault *
copy_all (MereSalvage *self, const Order *order, GError **error)
{
  g_autoptr (GArray) numbers = mere_migration_list ();
  guint      newest = g_array_index (numbers, guint, numbers->len - 1);
  MereVault *to = copy_rows (self, order, newest, error);
  gint64     number = to != NULL ? ask_number (mere_vault_get_database (to), "SELECT max (number) FROM migration") : 0;

  if (number <= 0 || number >= newest || self->rescue.described == 0)
    return to;
  mere_vault_close (to);
  mere_vault_destroy (order->folder, NULL);
  return copy_rows (self, order, (guint) number, error);
}

MereSalvage *
mere_salvage_run (const char        *path,
                  const MereSecret  *passphrase,
                  const char        *folder,
                  const MereKeyCost *cost,
                  MereVaultProgress  progress,
                  gpointer           data,
                  GCancellable      *cancellable,
                  GError           **error)
{
  g_autoptr (MereSalvage) self = salvage_new ();
  MereKeyCost measured = { 0 };
  Order       order = { path, folder, passphrase, cost != NULL ? cost : &measured, progress, data, cancellable };
  MereStore  *store = NULL;
  MereVault  *to;
  gboolean    done;

  if (cost == NULL)
    measured = mere_key_cost_calibrate ();
  to = copy_all (self, &order, error);
  if (to == NULL)
    return NULL;
  if (mend_migrations (mere_vault_get_database (to), error))
    store = mere_store_open (g_steal_pointer (&to), error);
  done = store != NULL && judge (self, store, error);
  mere_store_close (store);
  if (done)
    return g_steal_pointer (&self);
  mere_vault_close (to);
  mere_vault_destroy (folder, NULL);
  return NULL;
}
