/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/study/board.h"

#include "app/capture/capture.h"

G_BEGIN_DECLS

/* observation-record.c: the instance @instance with what the board saw in it: passengers, events of the booth,
 * snapshots, and what of the header nobody has answered but the board knows. */
GBytes *mere_observation_write (MereForm *form, GBytes *instance, MereStudyBoard *board, GError **error);

G_END_DECLS
