/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/support/memory-search.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MASK 0xa5
#define PART (256 * 1024) /* of memory, looked at at once */

static guint8 needles[MERE_MOST_NEEDLES][MERE_NEEDLE];
static guint  n_needles;

void
mere_needle_set (guint which, const guint8 *bytes)
{
  g_assert_cmpuint (which, <, MERE_MOST_NEEDLES);
  n_needles = MAX (n_needles, which + 1);
  for (guint i = 0; i < MERE_NEEDLE; i++)
    needles[which][i] = bytes[i] ^ MASK;
}

void
mere_needle_make_text (guint which, char text[MERE_NEEDLE + 1])
{
  for (guint i = 0; i < MERE_NEEDLE; i++)
    text[i] = (char) ('a' + randombytes_uniform (26));
  text[MERE_NEEDLE] = '\0';
  mere_needle_set (which, (const guint8 *) text);
}

static gboolean
is_needle (const guint8 *bytes, guint which)
{
  for (guint i = 0; i < MERE_NEEDLE; i++)
    if ((bytes[i] ^ MASK) != needles[which][i])
      return FALSE;
  return TRUE;
}

/* One pass over the part for all needles, by their first byte. */
static void
search_part (const guint8 *bytes, gsize size, guint *found)
{
  for (gsize at = 0; at + MERE_NEEDLE <= size; at++)
    for (guint which = 0; which < n_needles; which++)
      if ((bytes[at] ^ MASK) == needles[which][0] && is_needle (bytes + at, which))
        found[which]++;
}

static void
search_region (int memory, guint8 *part, guint64 start, guint64 end, guint *found)
{
  for (guint64 at = start; at < end; at += PART - MERE_NEEDLE)
    {
      gssize got = pread (memory, part, MIN (end - at, PART), (off_t) at);

      if (got > 0)
        search_part (part, (gsize) got, found);
    }
  sodium_memzero (part, PART);
}

/* All that is mapped and readable, but the part that is looked at. */
void
mere_needles_count (guint found[MERE_MOST_NEEDLES])
{
  int              memory = g_open ("/proc/self/mem", O_RDONLY | O_CLOEXEC, 0);
  FILE            *maps = fopen ("/proc/self/maps", "re");
  g_autofree char *line = g_malloc (4096);
  guint8          *part = sodium_malloc (PART);

  g_assert_true (memory >= 0 && maps != NULL && part != NULL);
  memset (found, 0, MERE_MOST_NEEDLES * sizeof *found);
  while (fgets (line, 4096, maps) != NULL)
    {
      unsigned long start, end;
      char          readable;

      g_assert_cmpint (sscanf (line, "%lx-%lx %c", &start, &end, &readable), ==, 3);
      if (readable == 'r' && !((gulong) part >= start && (gulong) part < end))
        search_region (memory, part, start, end, found);
    }
  sodium_free (part);
  fclose (maps);
  close (memory);
}
