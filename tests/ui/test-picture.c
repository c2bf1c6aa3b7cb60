/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures are taken in without what a camera puts into the file beside them. */

#include "config.h"

#include <string.h>

#include "ui/picture.h"

/* TIFF, big-endian: an IFD with Orientation 6 (turned by 90°) and a pointer to a GPS IFD, and that one with a latitude
 * reference and a latitude of 14° 35′ 0″ (Exif 2.3, 4.6). */
static const guint8 exif[] = {
  'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
  0, 2,                                      /* at 8: two entries */
  0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0,  /* Orientation, SHORT */
  0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, /* GPS IFD, LONG */
  0, 0, 0, 0,
  0, 2,                                 /* at 38: two entries */
  0, 1, 0, 2, 0, 0, 0, 2, 'N', 0, 0, 0, /* GPSLatitudeRef, ASCII */
  0, 2, 0, 5, 0, 0, 0, 3, 0, 0, 0, 68,  /* GPSLatitude, three RATIONAL */
  0, 0, 0, 0,
  0, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 35, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1
};

/* As a camera writes it: the segment stands right behind the start of the image. */
static GBytes *
make_photo (int width,
            int height)
{
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autofree char *jpeg = NULL;
  gsize            size;
  guint            length = sizeof exif + 2;
  const guint8     head[] = { 0xff, 0xd8, 0xff, 0xe1, (guint8) (length >> 8), (guint8) length };
  GByteArray      *photo = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (picture, 0x336699ff);
  gdk_pixbuf_save_to_buffer (picture, &jpeg, &size, "jpeg", &error, NULL);
  g_assert_no_error (error);

  g_byte_array_append (photo, head, sizeof head);
  g_byte_array_append (photo, exif, sizeof exif);
  g_byte_array_append (photo, (const guint8 *) jpeg + 2, (guint) size - 2);

  return g_byte_array_free_to_bytes (photo);
}

static gboolean
holds (GBytes     *bytes,
       const void *wanted,
       gsize       size)
{
  return memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), wanted, size) != NULL;
}

static GBytes *
clean (GBytes *photo,
       int     most_pixels)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (photo);
  const char *mime = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *cleaned = mere_picture_clean (stream, most_pixels, &mime, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (mime, ==, "image/jpeg");

  return cleaned;
}

static void
assert_size (GBytes *picture,
             int     width,
             int     height)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (picture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbuf) read = gdk_pixbuf_new_from_stream (stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (gdk_pixbuf_get_width (read), ==, width);
  g_assert_cmpint (gdk_pixbuf_get_height (read), ==, height);
  g_assert_null (gdk_pixbuf_get_option (read, "orientation"));
}

static void
test_the_place_of_a_photo_stays_behind (void)
{
  g_autoptr (GBytes) photo = make_photo (800, 200);
  g_autoptr (GBytes) cleaned = clean (photo, 0);

  g_assert_true (holds (photo, exif, sizeof exif));
  g_assert_false (holds (cleaned, "Exif", 4));
  g_assert_false (holds (cleaned, "\xff\xe1", 2)); /* no segment for applications but JFIF's */
}

static void
test_a_turned_photo_is_upright (void)
{
  g_autoptr (GBytes) photo = make_photo (800, 200);
  g_autoptr (GBytes) cleaned = clean (photo, 0);

  assert_size (cleaned, 200, 800);
}

static void
test_a_large_photo_is_made_smaller (void)
{
  g_autoptr (GBytes) photo = make_photo (800, 200);
  g_autoptr (GBytes) small = clean (photo, 400);
  g_autoptr (GBytes) same = clean (photo, 4000);

  assert_size (small, 100, 400);
  assert_size (same, 200, 800);
}

static void
test_what_is_no_picture_is_refused (void)
{
  g_autoptr (GBytes) whole = make_photo (80, 20);
  g_autoptr (GBytes) torn = g_bytes_new_from_bytes (whole, 0, 60);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (torn);
  const char *mime;
  g_autoptr (GError) error = NULL;

  g_assert_null (mere_picture_clean (stream, 0, &mime, NULL, &error));
  g_assert_true (error->domain == GDK_PIXBUF_ERROR);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL); /* with the system's folders: its types tell what a JPEG is */

  g_test_add_func ("/ui/picture/the-place-of-a-photo-stays-behind", test_the_place_of_a_photo_stays_behind);
  g_test_add_func ("/ui/picture/a-turned-photo-is-upright", test_a_turned_photo_is_upright);
  g_test_add_func ("/ui/picture/a-large-photo-is-made-smaller", test_a_large_photo_is_made_smaller);
  g_test_add_func ("/ui/picture/what-is-no-picture-is-refused", test_what_is_no_picture_is_refused);

  return g_test_run ();
}
