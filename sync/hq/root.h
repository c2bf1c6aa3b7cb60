/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/keyring.h"
#include "sync/hq/verb.h"

G_BEGIN_DECLS

/* Headquarters' keys for a verb; with --root together with the root out of its file. */
MereKeyring *mere_root_open_keys (MereHq *hq, MereStore **store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
