/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What one thread reads is told in another, in order, to the last byte, and whichever of the two fails. */

#include "config.h"

#include "sync/bundle-relay.h"

/* Sizes of the entries that are read, around those of a batch. More events than a batch holds, too. */
static const gsize sizes[] = {
  1,
  4600,
  MERE_RELAY_BATCH - 1,
  MERE_RELAY_BATCH,
  MERE_RELAY_BATCH + 1,
  17,
  3 * MERE_RELAY_BATCH,
  3 * MERE_RELAY_BATCH + 5,
  4600,
};

#define N_SMALL 2000
#define N_ENTRIES (G_N_ELEMENTS (sizes) + N_SMALL)

static gsize
size_of (guint index)
{
  return index < G_N_ELEMENTS (sizes) ? sizes[index] : index % 700;
}

/* What entry @index holds at @at. */
static guint8
byte_at (guint index,
         gsize at)
{
  return (guint8) (index * 31 + at * 7 + at / 251);
}

typedef struct
{
  guint    fail_reading_at; /* event; 0: never */
  guint    fail_telling_at;
  guint    n_read;
  guint    n_told;
  GThread *own;
  guint    index; /* of the entry that was told of */
  gsize    at;
  gboolean whole_pieces;
} Case;

static gboolean
fail (GError    **error,
      const char *who)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, who);
  return FALSE;
}

static gboolean
reads_on (Case    *self,
          GError **error)
{
  return ++self->n_read != self->fail_reading_at || fail (error, "reading");
}

static gboolean
tells_on (Case    *self,
          GError **error)
{
  g_assert_true (g_thread_self () == self->own);
  return ++self->n_told != self->fail_telling_at || fail (error, "telling");
}

/* In pieces as a decompressor gives them. */
static gboolean
read_content (Case                    *self,
              guint                    index,
              const MereBundleHandler *handler,
              gpointer                 handler_data,
              GError                 **error)
{
  guint8 piece[10007];
  gsize  size = size_of (index);

  for (gsize from = 0; from < size; from += sizeof piece)
    {
      gsize n = MIN (sizeof piece, size - from);

      for (gsize i = 0; i < n; i++)
        piece[i] = byte_at (index, from + i);
      if (!reads_on (self, error) || !handler->data (handler_data, piece, n, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_all (gpointer                 data,
          const MereBundleHandler *handler,
          gpointer                 handler_data,
          GError                 **error)
{
  Case *self = data;

  g_assert_true (g_thread_self () != self->own);
  if (!reads_on (self, error) || !handler->begin (handler_data, NULL, error))
    return FALSE;
  for (guint i = 0; i < N_ENTRIES; i++)
    {
      g_autofree char *name = g_strdup_printf ("entry %u", i);
      MereEntry        entry = { .size = size_of (i), .name = name };

      if (!reads_on (self, error) || !handler->entry (handler_data, i, &entry, error) ||
          !read_content (self, i, handler, handler_data, error) || !reads_on (self, error) ||
          !handler->entry_done (handler_data, i, &entry, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
on_begin (gpointer            data,
          const MereManifest *manifest,
          GError            **error)
{
  return tells_on (data, error);
}

static gboolean
on_entry (gpointer         data,
          guint            index,
          const MereEntry *entry,
          GError         **error)
{
  Case            *self = data;
  g_autofree char *name = g_strdup_printf ("entry %u", index);

  g_assert_cmpuint (index, ==, self->index);
  g_assert_cmpstr (entry->name, ==, name);
  self->at = 0;
  return tells_on (self, error);
}

static gboolean
on_data (gpointer      data,
         const guint8 *bytes,
         gsize         size,
         GError      **error)
{
  Case *self = data;

  for (gsize i = 0; i < size; i++)
    g_assert_cmpuint (bytes[i], ==, byte_at (self->index, self->at + i));
  if (size_of (self->index) >= MERE_RELAY_BATCH && size != MERE_RELAY_BATCH && self->at + size != size_of (self->index))
    self->whole_pieces = FALSE;
  self->at += size;
  return tells_on (self, error);
}

static gboolean
on_done (gpointer         data,
         guint            index,
         const MereEntry *entry,
         GError         **error)
{
  Case            *self = data;
  g_autofree char *name = g_strdup_printf ("entry %u", index);

  g_assert_cmpuint (index, ==, self->index);
  g_assert_cmpstr (entry->name, ==, name);
  g_assert_cmpuint (self->at, ==, size_of (index));
  self->index++;
  return tells_on (self, error);
}

static const MereBundleHandler handler = { on_begin, on_entry, on_data, on_done };

static void
test_all_is_told_in_order (void)
{
  Case self = { .own = g_thread_self (), .whole_pieces = TRUE };
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_relay_run (read_all, &self, &handler, &self, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (self.index, ==, N_ENTRIES);
  g_assert_true (self.whole_pieces);
}

static void
test_who_wants_nothing_is_told_nothing (void)
{
  const MereBundleHandler deaf = { NULL, NULL, NULL, NULL };
  Case                    self = { .own = g_thread_self () };

  g_assert_true (mere_relay_run (read_all, &self, &deaf, &self, NULL));
  g_assert_cmpuint (self.n_told, ==, 0);
}

static guint
count_events (void)
{
  Case self = { .own = g_thread_self () };

  g_assert_true (mere_relay_run (read_all, &self, &handler, &self, NULL));
  return self.n_told;
}

/* Early, late, and somewhere between. */
static guint
place_of (guint i,
          guint n)
{
  return i < 6 ? i + 1 : n - (i - 6) * (n / 7);
}

static void
test_a_failure_of_the_handler_ends_it (void)
{
  guint n = count_events ();

  for (guint i = 0; i < 12; i++)
    {
      Case self = { .own = g_thread_self (), .fail_telling_at = place_of (i, n) };
      g_autoptr (GError) error = NULL;

      g_assert_false (mere_relay_run (read_all, &self, &handler, &self, &error));
      g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
      g_assert_cmpstr (error->message, ==, "telling");
      g_assert_cmpuint (self.n_told, ==, self.fail_telling_at);
    }
}

static void
test_a_failure_of_the_reader_is_told_last (void)
{
  Case all = { .own = g_thread_self () };

  g_assert_true (mere_relay_run (read_all, &all, &handler, &all, NULL));
  for (guint i = 0; i < 12; i++)
    {
      Case self = { .own = g_thread_self (), .fail_reading_at = place_of (i, all.n_read) };
      g_autoptr (GError) error = NULL;

      g_assert_false (mere_relay_run (read_all, &self, &handler, &self, &error));
      g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
      g_assert_cmpstr (error->message, ==, "reading");
      g_assert_cmpuint (self.n_read, ==, self.fail_reading_at);
      g_assert_cmpuint (self.n_told, <, self.fail_reading_at);
    }
}

/* The handler fails on something that was read long before the reader fails: as if there were one thread. */
static void
test_the_earlier_failure_counts (void)
{
  Case self = { .own = g_thread_self (), .fail_telling_at = 5, .fail_reading_at = 40 };
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_relay_run (read_all, &self, &handler, &self, &error));
  g_assert_cmpstr (error->message, ==, "telling");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/all-is-told-in-order", test_all_is_told_in_order);
  g_test_add_func ("/relay/who-wants-nothing-is-told-nothing", test_who_wants_nothing_is_told_nothing);
  g_test_add_func ("/relay/a-failure-of-the-handler-ends-it", test_a_failure_of_the_handler_ends_it);
  g_test_add_func ("/relay/a-failure-of-the-reader-is-told-last", test_a_failure_of_the_reader_is_told_last);
  g_test_add_func ("/relay/the-earlier-failure-counts", test_the_earlier_failure_counts);
  return g_test_run ();
}
