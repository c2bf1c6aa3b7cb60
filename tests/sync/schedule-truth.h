/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tests/sync/schedule-world.h"

G_BEGIN_DECLS

/* What must be so, kept by counting alone: which records were finalised, which bundle holds which of them, and which bundles
 * have lain before headquarters. */

typedef struct _MereTestTruth MereTestTruth;

MereTestTruth *mere_test_truth_new (void);
void           mere_test_truth_free (MereTestTruth *self);

/* A laptop has sealed: its bundles and what is in them. */
void mere_test_truth_note_sealed (MereTestTruth *self, MereTestWorld *world, guint laptop);

/* Headquarters has received what lies there. */
void mere_test_truth_note_received (MereTestTruth *self, const char *stick);

/* Headquarters' records are just those of the bundles that came, each once, byte for byte; its chains name just the gaps
 * and forks that there are; its receipts promise nothing more. */
void mere_test_truth_check_hq (MereTestTruth *self, MereTestWorld *world);

/* What a laptop takes for acknowledged has come, and is never less than before: @n_acknowledged is of the last time. */
void mere_test_truth_check_laptop (MereTestTruth *self, MereTestWorld *world, guint laptop, gint64 *n_acknowledged);

/* Nothing is open any more: each laptop's records are all at headquarters, and acknowledged. */
void mere_test_truth_check_healed (MereTestTruth *self, MereTestWorld *world, gboolean without_gaps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestTruth, mere_test_truth_free)

G_END_DECLS
