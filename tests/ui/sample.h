/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/capture/capture.h"

G_BEGIN_DECLS

/* (transfer full): an empty store in memory. */
MereStore *mere_sample_store_new (void);

#define MERE_SAMPLE_PASSPHRASE "seven wet lanterns cross the gate"

/* (transfer full): an empty store in a vault of its own. Costs a key derivation. */
MereStore *mere_sample_vault_new (const char *path);

/* Fills it through the calls of the window: a mission to State Utopia, three crossings, the instruments of the product,
 * drafts, a running time study of @n_passengers, and @n_records interviews. */
void mere_sample_fill (MereStore *store,
                       guint      n_passengers,
                       guint      n_records);

/* The instruments of the product; @only: (nullable): the form of the only one. */
void mere_sample_add_instruments (MereStore  *store,
                                  const char *only);

/* Row of the newest instrument of @form. */
gint64 mere_sample_get_instrument (MereStore  *store,
                                   const char *form);

/* Headquarters sends the newest record back, with a word on the whole and one on its first question, as a receipt would.
 * (transfer full): its instanceID. */
char *mere_sample_send_back (MereStore *store);

#define MERE_SAMPLE_WORD "Please look again."
#define MERE_SAMPLE_REMARK "As the sign at the gate says."

/* Gives an acceptable answer to the first @n questions that have none. */
void mere_sample_answer (MereCapture *capture,
                         guint        n);

G_END_DECLS
