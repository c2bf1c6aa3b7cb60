/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/receive.h"
#include "sync/hq/verb.h"

G_BEGIN_DECLS

/* A #MereReceiveReport: one line a bundle on stdout, unless JSON is wanted; why something was not taken on stderr. */
void mere_received_tell_result (gpointer hq, const MereInboxResult *result);

JsonNode *mere_received_to_json (const MereReceived *received) G_GNUC_WARN_UNUSED_RESULT;

/* The sum of it on stderr. Returns: the exit status. */
int mere_received_sum_up (const MereReceived *received);

G_END_DECLS
