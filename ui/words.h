/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/crossing.h"
#include "app/store/record.h"

G_BEGIN_DECLS

/* What things of the store are called on the screen; borrowed, translated. */

const char *mere_words_crossing_kind (MereCrossingKind kind); /* "land" */
const char *mere_words_crossing_icon (MereCrossingKind kind);
const char *mere_words_kind_icon (MereInstrumentKind kind);
const char *mere_words_record_state (const MereRecord *record); /* "Final"; "Sent back" whatever its state, but for "Erased" */
const char *mere_words_record_story (const MereRecord *record); /* what that means, a sentence */
const char *mere_words_record_style (const MereRecord *record); /* CSS class of the chip */

/* (transfer full) What headquarters says of a question: “Headquarters: Count them again.” */
char *mere_words_remark (const char *remark);

/* (transfer full) A line under a title: the parts that are there, with a dot between; NULL-terminated. */
char *mere_words_join (const char *first,
                       ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
