/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What headquarters writes, as a laptop reads it: receipts and dispatches. */

#include "config.h"

#include <sodium.h>

#include "fuzz.h"
#include "sync/dispatch.h"
#include "sync/receipt.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (MereReceiptDocument) receipt = mere_receipt_document_parse (text, NULL);
  g_autoptr (MereDispatch) dispatch = mere_dispatch_parse (text, NULL);

  g_assert (receipt == NULL || dispatch == NULL);

  return 0;
}
