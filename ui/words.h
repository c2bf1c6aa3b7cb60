/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/crossing.h"
#include "app/store/record.h"

G_BEGIN_DECLS

/* What things of the store are called on the screen; borrowed, translated. */

const char *mere_words_crossing_kind (MereCrossingKind kind); /* "land" */
const char *mere_words_crossing_icon (MereCrossingKind kind);
const char *mere_words_kind_icon (MereInstrumentKind kind);
const char *mere_words_record_state (MereRecordState state); /* "Final" */
const char *mere_words_record_story (MereRecordState state); /* what that means, a sentence */
const char *mere_words_record_style (MereRecordState state); /* CSS class of the chip */

/* (transfer full) A line under a title: the parts that are there, with a dot between; NULL-terminated. */
char *mere_words_join (const char *first,
                       ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
