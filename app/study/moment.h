/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MereMoment:
 * @utc_us: wall clock, µs since 1970 UTC
 * @offset_s: local time's offset from UTC, seconds east
 * @boot_us: CLOCK_BOOTTIME, µs; durations come from here, so a clock set back in the field breaks none of them
 * @boot: which run of the machine @boot_us counts from, 0 where unknown; keep it with the other three
 */
typedef struct
{
  gint64  utc_us;
  gint32  offset_s;
  gint64  boot_us;
  guint32 boot;
} MereMoment;

/* The moment of the call. Cheap: no allocation. */
MereMoment mere_moment_now (void);

/**
 * mere_moment_between:
 * @wall_clock: (out) (optional): %TRUE where the machine was restarted in between, so that the answer had to come from
 *   the wall clock
 *
 * Moments of unknown boot count as one run of the machine as long as the boot clock did not go back.
 *
 * Returns: µs from @from to @to
 */
gint64 mere_moment_between (const MereMoment *from, const MereMoment *to, gboolean *wall_clock);

/* "2026-11-24T16:05:09.123+01:00", as XForms store a dateTime; local to the moment's own offset. */
char *mere_moment_to_iso8601 (const MereMoment *self);

G_END_DECLS
