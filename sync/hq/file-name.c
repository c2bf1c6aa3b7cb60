/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of files, out of names that came from elsewhere. */

#include "config.h"

#include "sync/hq/file-name.h"

#include <string.h>

/* Windows and FAT allow least. */
static gboolean
is_allowed (gunichar c,
            gboolean first)
{
  return g_unichar_isprint (c) && !(c < 128 && strchr ("/\\:*?\"<>|", (int) c) != NULL) && !(first && c == '.');
}

char *
mere_file_name_clean (const char *text,
                      gsize       max)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *clean = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gsize    size = clean->len;

      g_string_append_unichar (clean, is_allowed (c, size == 0) ? c : '_');
      if (clean->len <= max)
        continue;
      g_string_truncate (clean, size);
      break;
    }
  return g_string_free (clean, FALSE);
}
