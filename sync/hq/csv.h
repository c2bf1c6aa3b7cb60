/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/sheet.h"

G_BEGIN_DECLS

/**
 * mere_csv_new:
 * @path: a new file, for its owner's eyes only
 * @error: return location, domain %G_FILE_ERROR
 *
 * A CSV file that is being written (RFC 4180; lines end in LF, as ODK Central's): quotes where they are needed, values as
 * they are. A value that a spreadsheet would take for a formula is not changed: analysts need what was answered.
 */
MereSheet *mere_csv_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
