/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @text as the name of a file on any system: without what no name may hold, at most @max bytes, not hidden, one line. */
char *mere_file_name_clean (const char *text, gsize max) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
