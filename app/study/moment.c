/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What time it is, three ways: for people (UTC and offset), for durations (the boot clock), and which boot that was. */

#include "config.h"

#include "app/study/moment.h"

#include <stdlib.h>
#include <time.h>

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"

static gint64
clock_us (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* The first 32 bits of the kernel's random id of this boot; 0 where the system has none. */
static guint32
this_boot (void)
{
  static gsize boot = 0;

  if (g_once_init_enter (&boot))
    {
      g_autofree char *text = NULL;
      guint32          id = 0;

      if (g_file_get_contents (BOOT_ID_PATH, &text, NULL, NULL))
        id = (guint32) strtoul (text, NULL, 16);
      g_once_init_leave (&boot, (gsize) id + 1);
    }
  return (guint32) (boot - 1);
}

static gint32
local_offset_s (time_t seconds)
{
  struct tm local;

  return localtime_r (&seconds, &local) ? (gint32) local.tm_gmtoff : 0;
}

MereMoment
mere_moment_now (void)
{
  gint64 utc_us = clock_us (CLOCK_REALTIME);

  return (MereMoment){
    .utc_us = utc_us,
    .offset_s = local_offset_s ((time_t) (utc_us / G_USEC_PER_SEC)),
    .boot_us = clock_us (CLOCK_BOOTTIME),
    .boot = this_boot (),
  };
}

static gboolean
one_run (const MereMoment *from, const MereMoment *to)
{
  if (from->boot != 0 && to->boot != 0)
    return from->boot == to->boot;
  return to->boot_us >= from->boot_us;
}

gint64
mere_moment_between (const MereMoment *from, const MereMoment *to, gboolean *wall_clock)
{
  gboolean run = one_run (from, to);

  if (wall_clock)
    *wall_clock = !run;
  return run ? to->boot_us - from->boot_us : to->utc_us - from->utc_us;
}

/* Floored, so that moments before 1970 keep positive milliseconds. */
static gint64
floor_div (gint64 value, gint64 by)
{
  return value / by - (value % by < 0);
}

char *
mere_moment_to_iso8601 (const MereMoment *self)
{
  gint64    local_us = self->utc_us + (gint64) self->offset_s * G_USEC_PER_SEC;
  gint64    seconds = floor_div (local_us, G_USEC_PER_SEC);
  int       ms = (int) ((local_us - seconds * G_USEC_PER_SEC) / 1000);
  int       minutes = ABS (self->offset_s) / 60;
  time_t    time = (time_t) seconds;
  struct tm civil = { 0 };

  gmtime_r (&time, &civil);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d",
                          civil.tm_year + 1900, civil.tm_mon + 1, civil.tm_mday,
                          civil.tm_hour, civil.tm_min, civil.tm_sec, ms,
                          self->offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}
