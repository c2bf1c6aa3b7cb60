/* SPDX-License-Identifier: GPL-3.0-or-later */

/* age files, opened with the identity of the community's vectors; and what may not happen whatever comes: plaintext after a
 * failure. */

#include "config.h"

#include <sodium.h>

#include "fuzz.h"
#include "sync/age-private.h"

static GPtrArray *identities;

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  if (sodium_init () < 0)
    return 1;
  identities = g_ptr_array_new ();
  g_ptr_array_add (identities, mere_age_identity_parse ("AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0", NULL));

  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  MereSpan                  span = { data, size };
  const guint8             *bytes;
  gsize                     n = 1;
  g_autofree MereAgeHeader *header = g_new (MereAgeHeader, 1);
  g_autoptr (MereAgeReader) reader = NULL;

  if (mere_age_header_parse (header, data, size, NULL))
    g_assert (header->size <= size && header->mac_size < header->size && header->n_stanzas <= MERE_AGE_MAX_STANZAS);

  reader = mere_age_reader_new (identities, mere_read_from_span, &span, NULL);
  while (reader != NULL && n > 0 && mere_age_reader_next (reader, &bytes, &n, NULL))
    g_assert (n <= MERE_AGE_CHUNK_SIZE);

  return 0;
}
