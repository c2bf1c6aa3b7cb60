/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What bytes pass through on their way: the second thread, and zstd from elsewhere. */

#include "config.h"

#include <gio/gio.h>
#include <sodium.h>
#include <string.h>
#include <zstd.h>

#include "sync/bundle-format.h"
#include "sync/pipe.h"
#include "sync/unzstd.h"

/* A far end that takes so many bytes, and then has had enough. */
typedef struct
{
  GByteArray *taken;
  gsize       most;
} FarEnd;

static gboolean
take (gpointer      data,
      const guint8 *bytes,
      gsize         size,
      GError      **error)
{
  FarEnd *self = data;

  if (self->taken->len + size > self->most)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "enough");
      return FALSE;
    }
  g_byte_array_append (self->taken, bytes, size);

  return TRUE;
}

static guint8 *
make_noise (gsize size)
{
  guint8 *noise = g_malloc (size + 1);

  randombytes_buf (noise, size);

  return noise;
}

static void
test_the_far_end_gets_all_in_order (void)
{
  static const gsize sizes[] = { 0, 1, 262143, 262144, 262145, 8 * 262144, 8 * 262144 + 1, 5000000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree guint8 *noise = make_noise (sizes[i]);
      g_autoptr (GByteArray) taken = g_byte_array_new ();
      FarEnd far = { taken, G_MAXSIZE };
      g_autoptr (MerePipe) pipe = mere_pipe_new (take, &far);
      g_autoptr (GError) error = NULL;

      for (gsize at = 0; at < sizes[i]; at += 10007)
        g_assert_true (mere_pipe_write (pipe, noise + at, MIN (10007, sizes[i] - at), &error));
      g_assert_true (mere_pipe_finish (pipe, &error));
      g_assert_true (taken->len == sizes[i] && (sizes[i] == 0 || memcmp (taken->data, noise, sizes[i]) == 0));
    }
}

static void
test_a_failure_of_the_far_end_comes_back (void)
{
  static const gsize limits[] = { 0, 1, 300000, 4000000 };
  g_autofree guint8 *noise = make_noise (5000000);

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr (GByteArray) taken = g_byte_array_new ();
      FarEnd far = { taken, limits[i] };
      g_autoptr (MerePipe) pipe = mere_pipe_new (take, &far);
      g_autoptr (GError) error = NULL;
      gboolean good = TRUE;

      for (gsize at = 0; at < 5000000 && good; at += 100000)
        good = mere_pipe_write (pipe, noise + at, 100000, &error);
      good = good && mere_pipe_finish (pipe, &error);
      g_assert_false (good);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      g_assert_cmpuint (taken->len, <=, limits[i]);
    }
}

static void
test_a_pipe_may_be_dropped_half_full (void)
{
  g_autofree guint8 *noise = make_noise (1000000);

  for (gsize size = 0; size <= 1000000; size += 100000)
    {
      g_autoptr (GByteArray) taken = g_byte_array_new ();
      FarEnd far = { taken, G_MAXSIZE };
      g_autoptr (MerePipe) pipe = mere_pipe_new (take, &far);

      g_assert_true (mere_pipe_write (pipe, noise, size, NULL));
    }
}

/* A source in pieces of a given size. */
typedef struct
{
  MereSpan rest;
  gsize    step;
} Source;

static gboolean
give (gpointer       data,
      const guint8 **bytes,
      gsize         *size,
      GError       **error)
{
  Source *self = data;

  *bytes = self->rest.bytes;
  *size = MIN (self->step, self->rest.size);
  self->rest.bytes += *size;
  self->rest.size -= *size;

  return TRUE;
}

/* 0 and @out, or the code of the refusal. */
static int
expand (const GByteArray *compressed,
        gsize             step,
        guint64           limit,
        GByteArray       *out)
{
  Source        source = { { compressed->data, compressed->len }, step };
  const guint8 *bytes;
  gsize         size;
  g_autoptr (MereUnzstd) unzstd = mere_unzstd_new (give, &source, limit);
  g_autoptr (GError) error = NULL;

  while (mere_unzstd_next (unzstd, &bytes, &size, &error))
    {
      if (size == 0)
        return 0;
      g_byte_array_append (out, bytes, size);
    }
  g_assert_true (error->domain == MERE_BUNDLE_ERROR);

  return error->code;
}

/* One frame without a checksum, flushed after each @piece: so large are its blocks. */
static void
add_frame_of_pieces (GByteArray   *compressed,
                     gconstpointer bytes,
                     gsize         size,
                     gsize         piece)
{
  ZSTD_CCtx     *context = ZSTD_createCCtx ();
  gsize          at = compressed->len;
  gsize          bound = ZSTD_compressBound (size) + 64 * (size / piece + 1);
  ZSTD_outBuffer out;

  g_byte_array_set_size (compressed, at + bound);
  out = (ZSTD_outBuffer){ compressed->data + at, bound, 0 };
  for (gsize done = 0; done < size; done += piece)
    {
      ZSTD_inBuffer in = { (const guint8 *) bytes + done, MIN (piece, size - done), 0 };

      g_assert_cmpuint (ZSTD_compressStream2 (context, &out, &in, ZSTD_e_flush), ==, 0);
    }
  g_assert_cmpuint (ZSTD_compressStream2 (context, &out, &(ZSTD_inBuffer){ NULL, 0, 0 }, ZSTD_e_end), ==, 0);
  ZSTD_freeCCtx (context);
  g_byte_array_set_size (compressed, at + out.pos);
}

/* The same in one piece. */
static void
add_frame (GByteArray   *compressed,
           gconstpointer bytes,
           gsize         size)
{
  gsize at = compressed->len;
  gsize n;

  g_byte_array_set_size (compressed, at + ZSTD_compressBound (size));
  n = ZSTD_compress (compressed->data + at, ZSTD_compressBound (size), bytes, size, 3);
  g_assert_false (ZSTD_isError (n));
  g_byte_array_set_size (compressed, at + n);
}

static void
assert_comes_out_whole (const GByteArray *compressed,
                        gconstpointer     bytes,
                        gsize             size)
{
  for (gsize step = 1; step < 10000000; step = step * 37 + 11)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();

      g_assert_cmpint (expand (compressed, step, size, out), ==, 0);
      g_assert_true (out->len == size && (size == 0 || memcmp (out->data, bytes, size) == 0));
    }
}

/* A frame may end just where our buffer does, and more may wait within the decompressor when its input is used up. */
static void
test_frames_of_any_size_come_out_whole (void)
{
  const gsize block = ZSTD_DStreamOutSize ();
  const gsize sizes[] = { 0, 1, block - 1, block, block + 1, 2 * block - 1, 2 * block, 2 * block + 1, 3 * block + 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree guint8 *noise = make_noise (sizes[i]);
      g_autoptr (GByteArray) compressed = g_byte_array_new ();
      g_autoptr (GByteArray) in_pieces = g_byte_array_new ();

      memset (noise, 'x', sizes[i] / 2);
      add_frame (compressed, noise, sizes[i]);
      assert_comes_out_whole (compressed, noise, sizes[i]);
      add_frame_of_pieces (in_pieces, noise, sizes[i], 100000);
      assert_comes_out_whole (in_pieces, noise, sizes[i]);
    }
}

static void
test_several_frames_are_one_stream (void)
{
  g_autoptr (GByteArray) compressed = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const guint8 skippable[] = { 0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c' };

  add_frame (compressed, "alpha ", 6);
  g_byte_array_append (compressed, skippable, sizeof skippable);
  add_frame (compressed, "", 0);
  add_frame (compressed, "beta", 4);
  g_assert_cmpint (expand (compressed, 5, 10, out), ==, 0);
  g_assert_cmpmem (out->data, out->len, "alpha beta", 10);
}

static void
test_no_more_comes_out_than_was_announced (void)
{
  g_autofree guint8 *blank = g_malloc0 (3000000);
  g_autoptr (GByteArray) compressed = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) less = g_byte_array_new ();

  add_frame (compressed, blank, 3000000);
  g_assert_cmpint (expand (compressed, 100, 3000000, out), ==, 0);
  g_assert_cmpint (expand (compressed, 100, 2999999, less), ==, MERE_BUNDLE_ERROR_EXPANDS);
  g_assert_cmpuint (less->len, <=, 2999999);
}

static void
test_every_cut_of_a_frame_is_noticed (void)
{
  g_autofree guint8 *noise = make_noise (2000);
  g_autoptr (GByteArray) compressed = g_byte_array_new ();
  gsize whole;

  add_frame (compressed, noise, 2000);
  whole = compressed->len;
  for (gsize size = 1; size < whole; size++)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();

      compressed->len = size;
      g_assert_cmpint (expand (compressed, 100, 2000, out), ==, MERE_BUNDLE_ERROR_COMPRESSION);
      compressed->len = whole;
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/pipe/the-far-end-gets-all-in-order", test_the_far_end_gets_all_in_order);
  g_test_add_func ("/pipe/a-failure-of-the-far-end-comes-back", test_a_failure_of_the_far_end_comes_back);
  g_test_add_func ("/pipe/one-may-be-dropped-half-full", test_a_pipe_may_be_dropped_half_full);
  g_test_add_func ("/unzstd/frames-of-any-size-come-out-whole", test_frames_of_any_size_come_out_whole);
  g_test_add_func ("/unzstd/several-frames-are-one-stream", test_several_frames_are_one_stream);
  g_test_add_func ("/unzstd/no-more-comes-out-than-was-announced", test_no_more_comes_out_than_was_announced);
  g_test_add_func ("/unzstd/every-cut-of-a-frame-is-noticed", test_every_cut_of_a_frame_is_noticed);

  return g_test_run ();
}
