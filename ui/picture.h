/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define MERE_PICTURE_MOST_SIDE 12000 /* px; larger than any camera of today, and less than 600 MB in memory */

/**
 * mere_picture_load:
 * @stream: of any format that the system reads
 * @most_pixels: longest side of the result; larger pictures are made smaller while they are read
 * @error: return location, domain #GIOErrorEnum or #GdkPixbufError
 *
 * Reads a picture upright, as its camera noted it. Memory is bounded by @most_pixels. Any thread.
 */
GdkPixbuf *mere_picture_load (GInputStream *stream,
                              int           most_pixels,
                              GCancellable *cancellable,
                              GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_picture_clean:
 * @most_pixels: longest side, or 0 for as it is, up to %MERE_PICTURE_MOST_SIDE
 * @mime: (out) (transfer none): what was written
 *
 * Writes a picture anew: what a camera puts into the file beside it (place, time, serial number) stays behind. A
 * picture with transparent parts becomes a PNG, any other a JPEG. Any thread.
 */
GBytes *mere_picture_clean (GInputStream *stream,
                            int           most_pixels,
                            const char  **mime,
                            GCancellable *cancellable,
                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
