/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/sync/schedule-truth.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/store/statement.h"
#include "sync/hash.h"
#include "sync/hq/chain.h"
#include "sync/hq/outbox.h"

/* A sealed bundle, and the records in it. */
typedef struct
{
  char       *device;
  char       *chain;
  guint       seq;
  char       *b2;
  char       *prev;
  GHashTable *records; /* id → BLAKE2b-256 of its XML */
} Sealed;

struct _MereTestTruth
{
  GHashTable *sealed; /* b2 → Sealed */
  GHashTable *held;   /* b2 → Sealed, of the above */
};

static void
sealed_free (gpointer data)
{
  Sealed *self = data;

  g_free (self->device);
  g_free (self->chain);
  g_free (self->b2);
  g_free (self->prev);
  g_hash_table_unref (self->records);
  g_free (self);
}

MereTestTruth *
mere_test_truth_new (void)
{
  MereTestTruth *self = g_new (MereTestTruth, 1);

  self->sealed = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, sealed_free);
  self->held = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

void
mere_test_truth_free (MereTestTruth *self)
{
  g_hash_table_unref (self->held);
  g_hash_table_unref (self->sealed);
  g_free (self);
}

/* Rows of up to five columns, as text. */
static GPtrArray *
ask (MereStore  *store,
     const char *sql,
     int         n_columns)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, &error);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gboolean   row = FALSE;

  g_assert_no_error (error);
  while (mere_statement_step (query, &row, &error) && row)
    {
      char **columns = g_new0 (char *, (gsize) n_columns + 1);

      for (int i = 0; i < n_columns; i++)
        columns[i] = mere_statement_dup_text (query, i);
      g_ptr_array_add (rows, columns);
    }
  g_assert_no_error (error);

  return rows;
}

static GHashTable *
list_records (MereStore  *store,
              const char *bundle)
{
  g_autofree char *sql = g_strdup_printf (
    "SELECT r.id, r.b2 FROM bundle_record AS b JOIN record AS r ON r.id = b.record WHERE b.bundle = %s ORDER BY r.id", bundle);
  g_autoptr (GPtrArray) rows = ask (store, sql, 2);
  GHashTable *records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_insert (records, g_strdup (((char **) rows->pdata[i])[0]), g_strdup (((char **) rows->pdata[i])[1]));

  return records;
}

void
mere_test_truth_note_sealed (MereTestTruth *self,
                             MereTestWorld *world,
                             guint          laptop)
{
  MereStore *store = ((MereTestLaptop *) world->laptops->pdata[laptop])->store;
  g_autoptr (GPtrArray) rows = ask (store, "SELECT row, chain, seq, b2, coalesce (prev, '') FROM bundle ORDER BY row", 5);

  for (guint i = 0; i < rows->len; i++)
    {
      char  **row = rows->pdata[i];
      Sealed *sealed;

      if (g_hash_table_contains (self->sealed, row[3]))
        continue;
      sealed = g_new (Sealed, 1);
      sealed->device = g_strdup (world->devices->pdata[laptop]);
      sealed->chain = g_strdup (row[1]);
      sealed->seq = (guint) g_ascii_strtoull (row[2], NULL, 10);
      sealed->b2 = g_strdup (row[3]);
      sealed->prev = g_strdup (row[4]);
      sealed->records = list_records (store, row[0]);
      g_hash_table_insert (self->sealed, sealed->b2, sealed);
    }
}

#define MAX_SIZE (1 << 20) /* bytes of a bundle of these laptops */

/* Whether it is a file that may be one of them, and the signature beside it was written to its end. */
static gboolean
is_finished (const char *path)
{
  g_autofree char *signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autofree char *text = NULL;
  g_autoptr (MereMinisign) signature = NULL;
  GStatBuf status;
  gsize    size;

  if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size > MAX_SIZE)
    return FALSE;
  if (g_lstat (signature_path, &status) == 0 && status.st_size <= MERE_MINISIGN_MAX_SIZE &&
      g_file_get_contents (signature_path, &text, &size, NULL))
    signature = mere_minisign_parse (text, size, NULL);

  return signature != NULL;
}

void
mere_test_truth_note_received (MereTestTruth *self,
                               const char    *stick)
{
  g_auto (GStrv) paths = mere_test_list_files (stick, MERE_BUNDLE_SUFFIX);

  for (gsize i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GBytes) content = NULL;
      g_autofree char *b2 = NULL;
      MereHash         hash;
      Sealed          *sealed;

      if (!is_finished (paths[i]))
        continue;
      content = mere_test_load (paths[i]);
      mere_hash_init (&hash, MERE_HASH_SIZE);
      mere_hash_update (&hash, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
      b2 = mere_hash_finish_hex (&hash);
      sealed = g_hash_table_lookup (self->sealed, b2);
      if (sealed != NULL)
        g_hash_table_insert (self->held, sealed->b2, sealed);
    }
}

/* The union of all bundles that came: id → b2. */
static GHashTable *
unite_records (MereTestTruth *self)
{
  GHashTable    *all = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter bundles, records;
  gpointer       sealed, id, b2;

  g_hash_table_iter_init (&bundles, self->held);
  while (g_hash_table_iter_next (&bundles, NULL, &sealed))
    {
      g_hash_table_iter_init (&records, ((Sealed *) sealed)->records);
      while (g_hash_table_iter_next (&records, &id, &b2))
        g_hash_table_insert (all, id, b2);
    }

  return all;
}

static void
check_records (MereTestTruth *self,
               MereTestWorld *world)
{
  g_autoptr (GHashTable) expected = unite_records (self);
  g_autoptr (GPtrArray) rows = ask (world->hq, "SELECT r.id, r.b2 FROM record AS r JOIN hq_record AS h ON h.row = r.row ORDER BY r.id", 2);

  g_assert_cmpuint (rows->len, ==, g_hash_table_size (expected));
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = rows->pdata[i];

      g_assert_cmpstr (row[1], ==, g_hash_table_lookup (expected, row[0]));
    }
}

/* What headquarters has of a place in a chain: (element-type Sealed), borrowed. */
static GPtrArray *
list_place (MereTestTruth *self,
            const char    *chain,
            guint          seq)
{
  GPtrArray     *place = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->held);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Sealed *) value)->seq == seq && strcmp (((Sealed *) value)->chain, chain) == 0)
      g_ptr_array_add (place, value);

  return place;
}

static const MereReceiptFork *
find_fork (const MereReceiptChain *chain,
           guint                   seq)
{
  for (guint i = 0; i < chain->forks->len; i++)
    if (((MereReceiptFork *) chain->forks->pdata[i])->seq == seq)
      return chain->forks->pdata[i];

  return NULL;
}

/* Two bundles of one place, or one whose next continues another. */
static void
check_fork (const MereReceiptChain *chain,
            guint                   seq,
            GPtrArray              *place,
            GPtrArray              *next)
{
  g_autoptr (GHashTable) hashes = g_hash_table_new (g_str_hash, g_str_equal);
  const MereReceiptFork *fork = find_fork (chain, seq);

  for (guint i = 0; i < place->len; i++)
    {
      const Sealed *sealed = place->pdata[i];

      g_hash_table_add (hashes, sealed->b2);
      g_assert_true (fork == NULL || g_strv_contains ((const char *const *) fork->b2, sealed->b2));
    }
  for (guint i = 0; place->len > 0 && i < next->len; i++)
    g_hash_table_add (hashes, ((Sealed *) next->pdata[i])->prev);
  g_assert_true ((g_hash_table_size (hashes) > 1) == (fork != NULL));
}

static gboolean
is_missing (const MereReceiptChain *chain,
            guint                   seq)
{
  for (guint i = 0; i < chain->missing->len; i++)
    if (g_array_index (chain->missing, guint, i) == seq)
      return TRUE;

  return FALSE;
}

/* Returns: how many bundles of the chain are there. */
static guint
check_chain (MereTestTruth          *self,
             const MereReceiptChain *chain)
{
  guint n = 0, n_missing = 0, last = 0;

  for (guint seq = 1; seq <= chain->through + chain->missing->len + chain->beyond->len; seq++)
    {
      g_autoptr (GPtrArray) place = list_place (self, chain->id, seq);
      g_autoptr (GPtrArray) next = list_place (self, chain->id, seq + 1);

      n += place->len;
      n_missing += place->len == 0;
      last = place->len > 0 ? seq : last;
      g_assert_true ((place->len == 0) == is_missing (chain, seq));
      check_fork (chain, seq, place, next);
    }
  g_assert_cmpuint (n_missing, ==, chain->missing->len);
  g_assert_cmpuint (last, ==, chain->through + chain->missing->len + chain->beyond->len);

  return n;
}

/* Of the originals; a clone's are those of its original. */
static MereReceiptDocument *
list_chains (MereTestWorld *world,
             guint          laptop)
{
  g_autoptr (GError) error = NULL;
  MereReceiptDocument *document = mere_chain_list (world->hq, world->devices->pdata[laptop], -1, &error);

  g_assert_no_error (error);

  return document;
}

static void
check_chains (MereTestTruth *self,
              MereTestWorld *world)
{
  guint n = 0;

  for (guint i = 0; i < MERE_TEST_N_LAPTOPS; i++)
    {
      g_autoptr (MereReceiptDocument) document = list_chains (world, i);

      for (guint j = 0; j < document->chains->len; j++)
        n += check_chain (self, document->chains->pdata[j]);
    }
  g_assert_cmpuint (n, ==, g_hash_table_size (self->held));
}

static void
check_receipt (MereTestTruth *self,
               MereTestWorld *world,
               guint          laptop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereOutboxSent) sent = mere_outbox_load_newest (world->hq, MERE_BUNDLE_RECEIPT, world->devices->pdata[laptop], &error);
  g_autoptr (MereReceiptDocument) receipt = sent != NULL ? mere_receipt_document_parse (sent->content, &error) : NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < receipt->chains->len; i++)
    {
      const MereReceiptChain *chain = receipt->chains->pdata[i];

      for (guint j = 0; j < chain->bundles->len; j++)
        {
          const MereReceiptLine *line = chain->bundles->pdata[j];
          const Sealed          *held = g_hash_table_lookup (self->held, line->b2);

          g_assert_nonnull (held);
          g_assert_cmpint (line->status, ==, MERE_RECEIPT_ACCEPTED);
          g_assert_cmpuint (line->n_records, ==, g_hash_table_size (held->records));
        }
    }
}

void
mere_test_truth_check_hq (MereTestTruth *self,
                          MereTestWorld *world)
{
  check_records (self, world);
  check_chains (self, world);
  for (guint i = 0; i < MERE_TEST_N_LAPTOPS; i++)
    check_receipt (self, world, i);
}

void
mere_test_truth_check_laptop (MereTestTruth *self,
                              MereTestWorld *world,
                              guint          laptop,
                              gint64        *n_acknowledged)
{
  MereStore *store = ((MereTestLaptop *) world->laptops->pdata[laptop])->store;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = ask (store, "SELECT b2 FROM bundle WHERE state = 'acked' ORDER BY row", 1);
  g_autoptr (MereCourierStatus) status = mere_courier_load_status (store, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_assert_true (g_hash_table_contains (self->held, ((char **) rows->pdata[i])[0]));
  g_assert_cmpint (status->n_acknowledged, >=, *n_acknowledged);
  *n_acknowledged = status->n_acknowledged;
}

static void
check_closed (MereTestTruth *self,
              MereTestWorld *world,
              guint          laptop)
{
  MereStore *store = ((MereTestLaptop *) world->laptops->pdata[laptop])->store;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) records = unite_records (self);
  g_autoptr (GPtrArray) rows = ask (store, "SELECT id FROM record ORDER BY id", 1);
  g_autoptr (MereCourierStatus) status = mere_courier_load_status (store, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_assert_true (g_hash_table_contains (records, ((char **) rows->pdata[i])[0]));
  g_assert_cmpint (status->n_acknowledged, ==, rows->len);
  g_assert_cmpuint (status->n_bundles_open, ==, 0);
}

void
mere_test_truth_check_healed (MereTestTruth *self,
                              MereTestWorld *world,
                              gboolean       without_gaps)
{
  for (guint i = 0; i < world->laptops->len; i++)
    check_closed (self, world, i);
  for (guint i = 0; without_gaps && i < MERE_TEST_N_LAPTOPS; i++)
    {
      g_autoptr (MereReceiptDocument) document = list_chains (world, i);

      g_assert_cmpuint (document->resend->len, ==, 0);
      g_assert_cmpuint (g_strv_length (document->notices), ==, 0);
    }
}
