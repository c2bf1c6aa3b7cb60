/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/kept.h"
#include "sync/hq/verb.h"

G_BEGIN_DECLS

/* A record as `records list --json` and `records show --json` have it: all but its answers. */
JsonObject *mere_record_to_json (const MereKept *kept) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
