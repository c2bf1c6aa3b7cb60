/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/clock.h"

void
mere_clock_read (gint64 *utc_us,
                 gint32 *offset_s)
{
  g_autoptr (GDateTime) now = NULL;

  *utc_us = g_get_real_time ();
  now = g_date_time_new_from_unix_local (*utc_us / G_USEC_PER_SEC);
  *offset_s = (gint32) (g_date_time_get_utc_offset (now) / G_USEC_PER_SEC);
}
