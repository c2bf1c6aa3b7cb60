/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The wall clock as rows keep it: UTC in µs, and local time's offset from it in seconds east. */
void mere_clock_read (gint64 *utc_us, gint32 *offset_s);

G_END_DECLS
