/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/verb.h"

G_BEGIN_DECLS

/**
 * mere_hq_confine:
 * @sticks: (array zero-terminated=1): what bundles are taken in from
 * @answer_to: (nullable): where receipts go, if not there
 *
 * For a verb that takes bundles in, once its store is open and before it begins a thread or looks at a stick: from now on it reaches the
 * store, the sticks and the libraries, and nothing else; see sync/hq/sandbox.h. Where the kernel does not do that, says so and goes on.
 */
void mere_hq_confine (MereHq *hq, char *const *sticks, const char *answer_to);

G_END_DECLS
