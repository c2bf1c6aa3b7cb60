/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/study/board.h"
#include "ui/observe-keys.h"

G_BEGIN_DECLS

/**
 * MereObserveWatch:
 *
 * What an observer looks at: the step that comes next, how long the present one takes, the last events, the figures,
 * and the keys, which are buttons too. Shows a board; knows nothing of the vault. Its buttons activate the actions of
 * the keys, and “observe.head” and “observe.finish”.
 *
 * Signal: “answered” (i: #MereObserveDeed, s: text): what was typed when it was asked.
 */
#define MERE_TYPE_OBSERVE_WATCH (mere_observe_watch_get_type ())
G_DECLARE_FINAL_TYPE (MereObserveWatch, mere_observe_watch, MERE, OBSERVE_WATCH, AdwBin)

/* @board: (nullable): borrowed; %NULL before it is freed. */
void mere_observe_watch_set_board (MereObserveWatch *self,
                                   MereStudyBoard   *board);

/* The board has changed. */
void mere_observe_watch_refresh (MereObserveWatch *self);

/* The letters on the keys are those of this layout from now on. */
void mere_observe_watch_set_layout (MereObserveWatch *self,
                                    int               layout);

/* Why a key did nothing; %NULL takes it away. */
void mere_observe_watch_say (MereObserveWatch *self,
                             const char       *sentence);

/* Asks for a note or a count, in a line that covers nothing. */
void mere_observe_watch_ask (MereObserveWatch *self,
                             MereObserveDeed   deed);

/* Whether that line has the focus: then letters are letters. */
gboolean mere_observe_watch_is_asking (MereObserveWatch *self);
void     mere_observe_watch_stop_asking (MereObserveWatch *self);

G_END_DECLS
