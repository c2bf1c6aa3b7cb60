/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changes of headquarters' root, as a card on a stick carries them; trust lists that wait for a signature. */

#include "config.h"

#include <sodium.h>

#include "fuzz.h"
#include "sync/handover.h"
#include "sync/trust-private.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

/* No signature fits, so no hand-over may be taken; a draft has none, and says the same when it is written again. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GBytes) signature = g_bytes_new_static ("", 0);
  g_autoptr (MereHandover) handover = mere_handover_open (text, signature, NULL);
  g_autoptr (MereTrust) draft = mere_trust_parse_text (text, NULL);

  g_assert (handover == NULL);
  if (draft != NULL)
    {
      g_autoptr (GBytes) written = mere_trust_write_text (draft);
      g_autoptr (MereTrust) again = mere_trust_parse_text (written, NULL);

      g_assert (again != NULL && again->version == draft->version && again->signers->len == draft->signers->len);
    }

  return 0;
}
