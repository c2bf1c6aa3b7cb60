/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sodium.h>

G_BEGIN_DECLS

/* Base64 with one text for any bytes: RFC 4648, canonical, ASCII only. */

#define MERE_BASE64_PADDED sodium_base64_VARIANT_ORIGINAL              /* minisign's */
#define MERE_BASE64_UNPADDED sodium_base64_VARIANT_ORIGINAL_NO_PADDING /* age's */

/**
 * mere_base64_decode:
 * @text: any bytes, not NUL-terminated
 * @bytes: (array length=most): room for what is decoded
 * @size: (out): how much that was
 *
 * Returns: %FALSE unless @text is the one canonical form of at most @most bytes
 */
gboolean mere_base64_decode (gconstpointer text, gsize length, int variant, gpointer bytes, gsize most, gsize *size);

/* The same for exactly @size bytes. */
gboolean mere_base64_decode_exactly (gconstpointer text, gsize length, int variant, gpointer bytes, gsize size);

/* (transfer full) */
char *mere_base64_encode (gconstpointer bytes, gsize size, int variant);

G_END_DECLS
