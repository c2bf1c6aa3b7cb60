/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON from others: whoever pulls it value by value, and whoever passes over it, agree on whether it is sound. */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "sync/ijson.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return 0;
}

static char
peek (const MereJson *json)
{
  gsize at = json->at;

  while (at < json->size && strchr (" \t\r\n", json->text[at]) != NULL && json->text[at] != '\0')
    at++;

  return at < json->size ? json->text[at] : '\0';
}

/* A value that is no container. */
static gboolean
pull_plain (MereJson *json)
{
  g_autofree char *text = NULL;
  gboolean         truth;
  char             first = peek (json);

  if (first == '"')
    {
      gboolean read = mere_json_read_string (json, &text);

      g_assert (!read || g_utf8_validate (text, -1, NULL));
      return read;
    }
  if (first == 't' || first == 'f')
    return mere_json_read_bool (json, &truth);
  if (first == 'n' && mere_json_take_null (json))
    return TRUE;

  return mere_json_skip (json); /* numbers that are not whole are passed over only */
}

/* Opens what begins here, or takes a plain value. */
static gboolean
pull (MereJson *json,
      GString  *open)
{
  char first = peek (json);

  if (first != '{' && first != '[')
    return pull_plain (json);
  g_string_append_c (open, first);

  return first == '{' ? mere_json_begin_object (json) : mere_json_begin_array (json);
}

static gboolean
pull_all (MereJson *json)
{
  g_autoptr (GString) open = g_string_new (NULL);
  char key[MERE_JSON_KEY_SIZE];

  if (!pull (json, open))
    return FALSE;
  while (open->len > 0)
    {
      gboolean more = open->str[open->len - 1] == '{' ? mere_json_next_key (json, key) : mere_json_next_item (json);

      if (json->problem != NULL)
        return FALSE;
      if (!more)
        g_string_truncate (open, open->len - 1);
      else if (!pull (json, open))
        return FALSE;
      g_assert (open->len <= MERE_JSON_MAX_DEPTH);
    }

  return mere_json_end (json);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  MereJson pulled, skipped;
  gboolean sound;

  mere_json_init (&pulled, (const char *) data, size);
  mere_json_init (&skipped, (const char *) data, size);
  sound = mere_json_skip (&skipped) && mere_json_end (&skipped);
  g_assert (sound == (skipped.problem == NULL));
  g_assert (!pull_all (&pulled) || sound);

  return 0;
}
