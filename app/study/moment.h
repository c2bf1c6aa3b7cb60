/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MereMoment:
 * @utc_us: wall clock, µs since 1970 UTC
 * @offset_s: local time's offset from UTC, seconds east
 * @boot_us: CLOCK_BOOTTIME, µs; durations come from here, so a clock set back in the field breaks none of them
 */
typedef struct
{
  gint64 utc_us;
  gint32 offset_s;
  gint64 boot_us;
} MereMoment;

/* The moment of the call. Cheap: no allocation. */
MereMoment mere_moment_now (void);

G_END_DECLS
