/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bech32: five bits a character, a checksum of thirty bits over prefix and data. Secret keys pass through here, so no
 * copy of the data is left behind on the stack. */

#include "config.h"

#include "sync/bech32.h"

#include <sodium.h>
#include <string.h>

#define N_DATA 52 /* ceil (256 / 5) */
#define N_CHECKSUM 6

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static guint32
step (guint32 checksum,
      guint8  value)
{
  static const guint32 generator[] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
  guint32              top = checksum >> 25;

  checksum = (checksum & 0x1ffffff) << 5 ^ value;
  for (int i = 0; i < 5; i++)
    if (top >> i & 1)
      checksum ^= generator[i];

  return checksum;
}

static guint32
checksum_of (const char   *prefix,
             const guint8 *values,
             gsize         n_values)
{
  guint32 checksum = 1;

  for (const char *c = prefix; *c; c++)
    checksum = step (checksum, *c >> 5);
  checksum = step (checksum, 0);
  for (const char *c = prefix; *c; c++)
    checksum = step (checksum, *c & 31);
  for (gsize i = 0; i < n_values; i++)
    checksum = step (checksum, values[i]);

  return checksum;
}

static void
spread (const guint8 key[MERE_BECH32_KEY_SIZE],
        guint8       values[N_DATA])
{
  guint32 held = 0;
  int     n_held = 0;
  gsize   n = 0;

  for (gsize i = 0; i < MERE_BECH32_KEY_SIZE; i++)
    {
      held = held << 8 | key[i];
      for (n_held += 8; n_held >= 5; n_held -= 5)
        values[n++] = held >> (n_held - 5) & 31;
    }
  values[n] = held << (5 - n_held) & 31;
}

/* FALSE where the bits after the key are not zero: then another text would be the same key. */
static gboolean
gather (const guint8 values[N_DATA],
        guint8       key[MERE_BECH32_KEY_SIZE])
{
  guint32 held = 0;
  int     n_held = 0;
  gsize   n = 0;

  for (gsize i = 0; i < N_DATA; i++)
    {
      held = held << 5 | values[i];
      n_held += 5;
      if (n_held >= 8)
        {
          key[n++] = held >> (n_held - 8);
          n_held -= 8;
        }
    }

  return (held & ((1u << n_held) - 1)) == 0;
}

void
mere_bech32_encode (const char  *prefix,
                    const guint8 key[MERE_BECH32_KEY_SIZE],
                    char        *text)
{
  guint8  values[N_DATA + N_CHECKSUM] = { 0 };
  guint32 checksum;

  spread (key, values);
  checksum = checksum_of (prefix, values, sizeof values) ^ 1;
  for (int i = 0; i < N_CHECKSUM; i++)
    values[N_DATA + i] = checksum >> 5 * (N_CHECKSUM - 1 - i) & 31;

  text = g_stpcpy (text, prefix);
  *text++ = '1';
  for (gsize i = 0; i < sizeof values; i++)
    *text++ = alphabet[values[i]];
  *text = '\0';
  sodium_memzero (values, sizeof values);
}

/* Position in the alphabet of a character in one case; -1 for any other. */
static int
value_of (char     c,
          gboolean upper)
{
  const char *at;

  if (upper ? g_ascii_islower (c) : g_ascii_isupper (c))
    return -1;
  at = c != '\0' ? strchr (alphabet, g_ascii_tolower (c)) : NULL;

  return at != NULL ? at - alphabet : -1;
}

gboolean
mere_bech32_decode (const char *prefix,
                    const char *text,
                    guint8      key[MERE_BECH32_KEY_SIZE])
{
  gsize    n_prefix = strlen (prefix);
  gboolean upper = g_ascii_isupper (text[0]);
  gboolean sound = strlen (text) == MERE_BECH32_LENGTH (n_prefix);
  guint8   values[N_DATA + N_CHECKSUM];
  guint8   found[MERE_BECH32_KEY_SIZE];

  for (gsize i = 0; sound && i < n_prefix; i++)
    sound = text[i] == (upper ? g_ascii_toupper (prefix[i]) : prefix[i]);
  sound = sound && text[n_prefix] == '1';
  for (gsize i = 0; sound && i < sizeof values; i++)
    {
      int value = value_of (text[n_prefix + 1 + i], upper);

      sound = value >= 0;
      values[i] = value;
    }
  sound = sound && checksum_of (prefix, values, sizeof values) == 1 && gather (values, found);
  if (sound)
    memcpy (key, found, sizeof found);
  sodium_memzero (values, sizeof values);
  sodium_memzero (found, sizeof found);

  return sound;
}
