/* SPDX-License-Identifier: GPL-3.0-or-later */

/* receipt.json: written and read the same, and refused where it breaks its format. */

#include "config.h"

#include <string.h>

#include "sync/receipt.h"

#define CHAIN "0123456789abcdef0123456789abcdef"

static char *
make_b2 (char digit)
{
  return g_strnfill (128, digit);
}

static MereReceiptDocument *
make_receipt (void)
{
  MereReceiptDocument *self = mere_receipt_document_new ();
  MereReceiptChain    *chain = mere_receipt_document_add_chain (self, CHAIN, 1);
  g_autofree char     *a = make_b2 ('a');
  g_autofree char     *b = make_b2 ('b');
  const char *const    both[] = { a, b, NULL };
  const char *const    notices[] = { "E_CLONE", NULL };
  const guint          missing = 40, beyond = 44;
  const MereChainPlace place = { 1, 40 };
  MereReceiptLine     *line;

  self->hq = g_strdup ("9d3kq0vz");
  self->to = g_strdup ("k7q2m9xd");
  self->counter = 19;
  self->trust = 7;
  self->issued = g_strdup ("2026-07-31T09:12:44Z");
  self->notices = g_strdupv ((char **) notices);
  self->n_records = 10233;
  self->n_bundles = 57;
  g_array_append_val (self->resend, place);
  chain->through = 42;
  chain->head = g_strdup (b);
  chain->log_seq = 512;
  chain->log_hash = g_strndup (a, 64);
  g_array_append_val (chain->missing, missing);
  g_array_append_val (chain->beyond, beyond);
  mere_receipt_chain_add_fork (chain, 17, both);
  mere_receipt_chain_add_line (chain, 41, a, MERE_RECEIPT_ACCEPTED, 311);
  line = mere_receipt_chain_add_line (chain, 42, b, MERE_RECEIPT_ACCEPTED, 310);
  mere_receipt_line_reject (line, "uuid:0c1f2e3d-4b5a-4697-8879-6a5b4c3d2e1f", "E_FORM_UNKNOWN");
  mere_receipt_chain_add_line (chain, 44, a, MERE_RECEIPT_QUARANTINED, 0);
  mere_receipt_document_return (self, "uuid:7a1b2c3d-0000-4000-8000-00005f6a7b8c", "/data/booth", "Which booth?\n“North” or south?");

  return self;
}

static void
test_a_receipt_reads_as_it_was_written (void)
{
  g_autoptr (MereReceiptDocument) made = make_receipt ();
  g_autoptr (GBytes) text = mere_receipt_document_write (made);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereReceiptDocument) read = mere_receipt_document_parse (text, &error);
  g_autoptr (GBytes) again = NULL;
  const MereReceiptChain *chain;
  const MereReceiptLine  *line;

  g_assert_no_error (error);
  g_assert_cmpint (read->counter, ==, 19);
  g_assert_cmpstr (read->to, ==, "k7q2m9xd");
  chain = read->chains->pdata[0];
  g_assert_cmpstr (chain->id, ==, CHAIN);
  g_assert_cmpuint (chain->through, ==, 42);
  g_assert_cmpint (chain->log_seq, ==, 512);
  line = chain->bundles->pdata[1];
  g_assert_cmpint (line->status, ==, MERE_RECEIPT_PARTIAL);
  g_assert_cmpstr (((MereReceiptRejection *) line->rejected->pdata[0])->code, ==, "E_FORM_UNKNOWN");
  g_assert_cmpstr (((MereReceiptReturn *) read->returned->pdata[0])->comment, ==, "Which booth?\n“North” or south?");
  g_assert_cmpstr (((MereReceiptReturn *) read->returned->pdata[0])->ref, ==, "/data/booth");

  /* And every other part, too. */
  again = mere_receipt_document_write (read);
  g_assert_true (g_bytes_equal (text, again));
}

static void
assert_refused (const char *find,
                const char *replace)
{
  g_autoptr (MereReceiptDocument) made = make_receipt ();
  g_autoptr (GBytes) bytes = mere_receipt_document_write (made);
  g_autoptr (GString) text = g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_string_replace (text, find, replace, 1), ==, 1);
  changed = g_string_free_to_bytes (g_steal_pointer (&text));
  g_assert_null (mere_receipt_document_parse (changed, &error));
  g_assert_error (error, MERE_RECEIPT_ERROR, MERE_RECEIPT_ERROR_FORMAT);
}

static void
test_broken_receipts_are_refused (void)
{
  static const char *const changes[][2] = {
    { "merestone-receipt", "merestone-recipe" },
    { "\"version\":1", "\"version\":2" },
    { "\"receipt\":19", "\"receipt\":0" },
    { "\"receipt\":19", "\"receipt\":-1" },
    { "\"receipt\":19", "\"receipt\":1.9e1" },
    { "\"to\":\"k7q2m9xd\"", "\"to\":\"K7Q2M9XD\"" },
    { "\"to\":\"k7q2m9xd\"", "\"to\":\"\"" },
    { "\"id\":\"0123", "\"id\":\"012X" },
    { "\"no\":1,", "\"no\":0," },
    { "\"no\":1,", "\"no\":100," },
    { "\"seq\":41", "\"seq\":0" },
    { "\"seq\":41", "\"seq\":1000000" },
    { "\"status\":\"accepted\"", "\"status\":\"liked\"" },
    { "\"b2\":\"aa", "\"b2\":\"AA" },
    { "[40]", "[0]" },
    { "[[1,40]]", "[[1]]" },
    { "[[1,40]]", "[[100,40]]" },
    { "[[1,40]]", "[[1,40,1]]" },
    { "\"code\":\"E_FORM_UNKNOWN\"", "\"code\":7" },
    { "\"hq\":", "\"hg\":" },
    { "}}\n", "}}}\n" },
    { "}}\n", "}\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    assert_refused (changes[i][0], changes[i][1]);
}

static void
test_a_cut_receipt_is_refused (void)
{
  g_autoptr (MereReceiptDocument) made = make_receipt ();
  g_autoptr (GBytes) text = mere_receipt_document_write (made);

  for (gsize n = 0; n + 1 < g_bytes_get_size (text); n++)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (text, 0, n);
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_receipt_document_parse (cut, &error));
      g_assert_error (error, MERE_RECEIPT_ERROR, MERE_RECEIPT_ERROR_FORMAT);
    }
}

/* What a newer headquarters may add without harm. */
static void
test_unknown_keys_are_passed_over (void)
{
  static const char text[] = "{\"format\":\"merestone-receipt\",\"version\":1,\"hq\":\"9d3kq0vz\",\"to\":\"k7q2m9xd\",\"receipt\":1,"
                             "\"trust\":1,\"issued\":\"\",\"weather\":{\"rain\":[1.5,null,{}]},"
                             "\"chains\":[{\"id\":\"" CHAIN "\",\"no\":1,\"bundles\":[],\"mood\":true}]}";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (MereReceiptDocument) read = mere_receipt_document_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (read->chains->len, ==, 1);
  g_assert_cmpuint (((MereReceiptChain *) read->chains->pdata[0])->through, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/receipt/a-receipt-reads-as-it-was-written", test_a_receipt_reads_as_it_was_written);
  g_test_add_func ("/receipt/broken-receipts-are-refused", test_broken_receipts_are_refused);
  g_test_add_func ("/receipt/a-cut-receipt-is-refused", test_a_cut_receipt_is_refused);
  g_test_add_func ("/receipt/unknown-keys-are-passed-over", test_unknown_keys_are_passed_over);

  return g_test_run ();
}
