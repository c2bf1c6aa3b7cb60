/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bundles of as many files as one may hold, each of a few bytes, from a laptop that is enrolled: headquarters takes them all in,
 * and holds no more of them at a time than the lists of one bundle. With MERESTONE_TEST_DEEP there are a million of each kind. */

#include "config.h"

#include "hq-fixture.h"

#include <string.h>

#include "app/store/statement.h"
#include "tests/support/peak.h"

#define N_FILES 5000
#define N_BUNDLES 3
#define MOST_FILES (MERE_BUNDLE_MAX_ENTRIES - 2) /* besides the manifest and its signature */
#define N_FILES_DEEP (5 * MOST_FILES)            /* a million less ten */
#define MOST_RECORDS 150000                      /* whose lines are longer: 64 MiB of manifest hold few more */
#define MOST_MEMORY (32 * 1024)                  /* KiB more than before, besides the manifests */
#define N_MANIFESTS 3                            /* as it came, bound to the row's statement, and in the row that the database makes of it */
#define LOG_LINE 256                             /* bytes: of each record, until they are all written at the end */

/* A kind of tiny file: how it is announced, the table where it ends, and how many of them a bundle holds. */
typedef struct
{
  char *(*make) (guint number);
  void (*announce) (MereBundleWriter *writer, guint number, const char *content);
  const char *count;
  guint       most;
} Kind;

static void
announce (MereBundleWriter *writer,
          MereEntry        *entry,
          const char       *content)
{
  g_autofree char *b2 = mere_test_b2 (content, strlen (content));
  g_autoptr (GError) error = NULL;

  entry->b2 = b2;
  entry->size = strlen (content);
  mere_bundle_writer_add (writer, entry, &error);
  g_assert_no_error (error);
}

static char *
make_blob (guint number)
{
  return g_strdup_printf ("%u", number);
}

static void
announce_blob (MereBundleWriter *writer,
               guint             number,
               const char       *content)
{
  g_autofree char *name = g_strdup_printf ("%u.txt", number);
  MereEntry        entry = { .type = MERE_ENTRY_BLOB, .mime = (char *) "text/plain", .name = name };

  announce (writer, &entry, content);
}

static char *
make_uuid (guint number)
{
  return g_strdup_printf ("0a000000-0000-4000-8000-%012u", number);
}

static char *
make_record (guint number)
{
  g_autofree char *uuid = make_uuid (number);

  return mere_test_record_xml (uuid, NULL, NULL, "");
}

static void
announce_record (MereBundleWriter *writer,
                 guint             number,
                 const char       *content)
{
  g_autofree char *uuid = make_uuid (number);
  g_autofree char *record = g_strconcat ("uuid:", uuid, NULL);
  g_autofree char *form_b2 = mere_test_b2 ("form", 4);
  MereEntry        entry = {
           .type = MERE_ENTRY_RECORD,
           .record = record,
           .form = (char *) "gate",
           .form_version = (char *) "1",
           .form_b2 = form_b2,
           .finalised = (char *) "2026-07-31T11:12:44+02:00",
  };

  announce (writer, &entry, content);
}

/* Not XML, so each of them is rejected by itself. */
static char *
make_rubbish (guint number)
{
  return g_strdup_printf ("<%u", number);
}

static const Kind blobs = { make_blob, announce_blob, "SELECT count (*) FROM attachment", MOST_FILES };
static const Kind records = { make_record, announce_record, "SELECT count (*) FROM record", MOST_RECORDS };
static const Kind rubbish = { make_rubbish, announce_record, "SELECT count (*) FROM hq_rejection", MOST_RECORDS };

typedef struct
{
  const Kind *kind;
  guint       first;
} Contents;

static gboolean
write_content (gpointer         user_data,
               guint            index,
               const MereEntry *entry,
               MereWriteFunc    write,
               gpointer         sink,
               GError         **error)
{
  const Contents  *self = user_data;
  g_autofree char *content = self->kind->make (self->first + index);

  return write (sink, (const guint8 *) content, strlen (content), error);
}

/* The @seq-th bundle of a laptop. */
static MereSealed *
seal (MereTestRoad     *laptop,
      const Kind       *kind,
      guint             seq,
      guint             n,
      const MereSealed *previous)
{
  g_autoptr (MereManifest) head = mere_test_road_new_head (laptop);
  g_autoptr (MereBundleWriter) writer = NULL;
  g_autoptr (GError) error = NULL;
  Contents    contents = { kind, (seq - 1) * n };
  MereSealed *sealed;

  head->trust = head->seen_trust = 1;
  head->seq = seq;
  head->prev = previous != NULL ? g_strdup (previous->b2) : NULL;
  writer = mere_bundle_writer_new (head);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *content = kind->make (contents.first + i);

      kind->announce (writer, contents.first + i, content);
    }
  sealed = mere_bundle_writer_seal (writer, laptop->sign, laptop->folder, write_content, &contents, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return sealed;
}

static gint64
query (MereTestHq *hq,
       const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) statement = mere_statement_new (hq->store, sql, &error);
  gboolean found;

  g_assert_no_error (error);
  mere_statement_step (statement, &found, &error);
  g_assert_no_error (error);
  return mere_statement_get_int (statement, 0);
}

static void
test_tiny_files_cost_little_memory (gconstpointer data)
{
  const Kind *kind = data;
  gboolean    deep = g_getenv ("MERESTONE_TEST_DEEP") != NULL;
  guint       n = deep ? kind->most : N_FILES;
  guint       n_bundles = deep ? (N_FILES_DEEP + n - 1) / n : N_BUNDLES;
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) previous = NULL;
  gint64 before, manifest;

  for (guint seq = 1; seq <= n_bundles; seq++)
    {
      g_autoptr (MereSealed) sealed = seal (laptop, kind, seq, n, previous);
      g_autoptr (MereInboxResult) result = NULL;

      before = mere_test_peak_begin ();
      result = mere_test_take (hq, sealed->path);
      g_assert_cmpint (result->verdict, ==, kind == &rubbish ? MERE_INBOX_PARTIAL : MERE_INBOX_ACCEPTED);
      g_assert_cmpint (query (hq, kind->count), ==, seq * n);
      manifest = query (hq, "SELECT max (length (manifest)) FROM hq_bundle") / 1024;
      mere_test_peak_end (before, MOST_MEMORY + N_MANIFESTS * manifest + n * LOG_LINE / 1024);
      g_clear_pointer (&previous, mere_sealed_free);
      previous = g_steal_pointer (&sealed);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/hq-many/tiny-attachments-cost-little-memory", &blobs, test_tiny_files_cost_little_memory);
  g_test_add_data_func ("/hq-many/tiny-records-cost-little-memory", &records, test_tiny_files_cost_little_memory);
  g_test_add_data_func ("/hq-many/tiny-files-that-are-no-records-cost-little-memory", &rubbish, test_tiny_files_cost_little_memory);
  return g_test_run ();
}
