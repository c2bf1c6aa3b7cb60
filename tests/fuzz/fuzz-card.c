/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What lies on a stick before anybody is trusted: cards and the trust lists in them; and lists of crossings. */

#include "config.h"

#include <sodium.h>

#include "fuzz.h"
#include "sync/card.h"
#include "sync/dispatch.h"
#include "sync/trust.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

/* No signature fits, so nothing may be taken; a list of crossings has none of its own. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GBytes) signature = g_bytes_new_static ("", 0);
  g_autoptr (MereCard) card = mere_card_open (text, signature, NULL);
  g_autoptr (MereTrust) trust = mere_trust_open (text, signature, NULL, NULL);
  g_autoptr (GPtrArray) crossings = mere_dispatch_parse_crossings (text, NULL, NULL);

  g_assert (card == NULL && trust == NULL);
  if (crossings != NULL)
    {
      g_autoptr (GBytes) written = mere_dispatch_write_crossings (crossings);
      g_autoptr (GPtrArray) again = mere_dispatch_parse_crossings (written, NULL, NULL);

      g_assert (again != NULL && again->len == crossings->len);
    }

  return 0;
}
