/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/trust.h"

G_BEGIN_DECLS

/* The text alone, without signature: hq, text and signature stay empty. %MERE_TRUST_ERROR_FORMAT. */
MereTrust *mere_trust_parse_text (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes    *mere_trust_write_text (const MereTrust *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
