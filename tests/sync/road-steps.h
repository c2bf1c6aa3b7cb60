/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "road-fixture.h"

G_BEGIN_DECLS

/* Steps of a day that several tests take, and what they look at after them. */

/* Headquarters reads what the laptop left on the stick: MereTestReceived. */
GPtrArray *mere_test_day_receive (MereTestDay *day);

/* The same, then a receipt for all of it, which the laptop reads. */
void mere_test_day_acknowledge_all (MereTestDay *day);

/* Seals without writing: what a stick that was pulled at once leaves. */
void mere_test_day_pack (MereTestDay *day);

/* Returns: (transfer full): the name of the bundle */
char *mere_test_day_send_receipt (MereTestDay *day, MereReceiptDocument *receipt);

/* Reads, and nothing in the vault is changed by it. */
MereCourierRead *mere_test_day_read_in_vain (MereTestDay *day);

/* Rows of a table. */
void mere_test_day_assert_count (MereTestDay *day, const char *table, gint64 expected);

/* Nothing is written to @folder. @code: -1 for any of the domain. */
void mere_test_day_assert_write_fails (MereTestDay *day, const char *folder, GQuark domain, int code);

/* One bundle was refused, for this reason, in words. */
void mere_test_assert_refusal (const MereCourierRead *read, const char *code);

/* Bytes that do not get smaller, the same each time. */
GBytes *mere_test_make_noise (gsize size);

G_END_DECLS
