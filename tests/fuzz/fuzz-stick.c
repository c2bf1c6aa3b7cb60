/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stick as anybody may have made it, in memory: names and contents by the input, a line each ("path", tab, content; without a tab a
 * link). What is found on it is called like ours, and looking leaves it as it was. */

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "fuzz.h"
#include "sync/card.h"
#include "tests/sync/memory-volume.h"

#define MAX_FILES 64

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

/* No volume has names that are empty, or the two dots. */
static char *
dup_path (const char *line)
{
  g_auto (GStrv) names = g_strsplit (line, "/", -1);
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  g_auto (GStrv) path = NULL;

  for (char **name = names; *name != NULL; name++)
    if (**name != '\0' && strcmp (*name, ".") != 0 && strcmp (*name, "..") != 0)
      g_strv_builder_add (kept, *name);
  path = g_strv_builder_end (kept);

  return g_strjoinv ("/", path);
}

/* Whether a path lies below, or above, one that is there: a file is no folder. */
static gboolean
is_in_the_way (MereMemoryVolume *volume,
               const char       *path)
{
  g_auto (GStrv) there = mere_memory_volume_list (volume);

  for (char **one = there; *one != NULL; one++)
    {
      gboolean folder = g_str_has_suffix (*one, "/");
      gsize    length = strlen (*one) - folder;

      if (strncmp (path, *one, length) == 0 && (path[length] == '\0' || (path[length] == '/' && !folder)))
        return TRUE;
    }

  return FALSE;
}

static void
put (MereMemoryVolume *volume,
     char             *line)
{
  char            *tab = strchr (line, '\t');
  g_autofree char *path = NULL;

  if (tab != NULL)
    *tab = '\0';
  path = dup_path (line);
  if (*path != '\0' && !is_in_the_way (volume, path))
    mere_memory_volume_put (volume, path, tab != NULL ? tab + 1 : NULL);
}

static void
check (const MereStickFound *found)
{
  g_assert (found->enrolment || g_str_has_suffix (found->name, ".age"));
  g_assert (strchr (found->name, '/') == NULL && strlen (found->name) <= 40);
  g_assert (!found->enrolment || strcmp (found->name, "enrol.json") == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", MAX_FILES);
  MereMemoryVolume *volume = mere_memory_volume_new ();
  MereStick        *stick;
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) after = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) cards = NULL;

  for (char **line = lines; *line != NULL; line++)
    put (volume, *line);
  before = mere_memory_volume_list (volume);
  stick = mere_stick_new ((MereVolume *) volume);
  found = mere_stick_scan (stick, NULL, NULL);
  g_assert (found != NULL);
  for (guint i = 0; i < found->len; i++)
    check (found->pdata[i]);
  cards = mere_card_scan (stick, found, NULL, NULL, NULL);
  g_assert (cards != NULL);
  after = mere_memory_volume_list (volume);
  g_assert (g_strv_equal ((const char *const *) before, (const char *const *) after));
  mere_stick_free (stick);

  return 0;
}
