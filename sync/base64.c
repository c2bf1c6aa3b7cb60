/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libsodium's base64, which refuses what is not canonical, but takes some bytes above ASCII for "/": its comparisons are
 * made for characters, and such a byte is a negative one. Two texts would then be one signature. */

#include "config.h"

#include "sync/base64.h"

static gboolean
is_ascii (const guint8 *text,
          gsize         length)
{
  guint8 bits = 0;

  for (gsize i = 0; i < length; i++)
    bits |= text[i];

  return bits < 0x80;
}

gboolean
mere_base64_decode (gconstpointer text,
                    gsize         length,
                    int           variant,
                    gpointer      bytes,
                    gsize         most,
                    gsize        *size)
{
  return is_ascii (text, length) && sodium_base642bin (bytes, most, text, length, NULL, size, NULL, variant) == 0;
}

gboolean
mere_base64_decode_exactly (gconstpointer text,
                            gsize         length,
                            int           variant,
                            gpointer      bytes,
                            gsize         size)
{
  gsize n;

  return length == sodium_base64_encoded_len (size, variant) - 1 &&
         mere_base64_decode (text, length, variant, bytes, size, &n) && n == size;
}

char *
mere_base64_encode (gconstpointer bytes,
                    gsize         size,
                    int           variant)
{
  gsize length = sodium_base64_encoded_len (size, variant);

  return sodium_bin2base64 (g_malloc (length), length, bytes, size, variant);
}
