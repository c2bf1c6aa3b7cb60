/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bech32 (BIP 173) for 32-byte keys: the form of age's recipients and identities. */

#define MERE_BECH32_KEY_SIZE 32

/* Characters of a key's text with a prefix of @n characters: "1", 52 of data, 6 of checksum. */
#define MERE_BECH32_LENGTH(n) ((n) + 1 + 52 + 6)

/* Writes MERE_BECH32_LENGTH (strlen (@prefix)) characters and a NUL; all lower case. */
void mere_bech32_encode (const char *prefix, const guint8 key[MERE_BECH32_KEY_SIZE], char *text);

/**
 * mere_bech32_decode:
 * @prefix: lower case
 * @text: NUL-terminated; all lower case or all upper case
 *
 * Returns: %FALSE unless @text is the one canonical form of some key
 */
gboolean mere_bech32_decode (const char *prefix, const char *text, guint8 key[MERE_BECH32_KEY_SIZE]);

G_END_DECLS
