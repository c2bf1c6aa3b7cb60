/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs merestone-hq. */

#include "config.h"

#include "tests/fieldday/command.h"

#include <gio/gio.h>

static GStrv
build_line (const MereHqCommand *self,
            const char *const   *words,
            gboolean             json)
{
  g_autoptr (GStrvBuilder) line = g_strv_builder_new ();

  g_strv_builder_add (line, self->program);
  if (self->store != NULL)
    g_strv_builder_add_many (line, "--store", self->store, "--folder", self->vault, NULL);
  else
    g_strv_builder_add_many (line, "--vault", self->vault, NULL);
  g_strv_builder_add_many (line, "--passphrase-file", self->passphrase_file, NULL);
  g_strv_builder_addv (line, (const char **) words);
  if (json)
    g_strv_builder_add (line, "--json");
  return g_strv_builder_end (line);
}

static void
say_line (const char *const *words)
{
  g_autofree char *text = g_strjoinv (" ", (char **) words);

  g_print ("   $ merestone-hq %s\n", text);
}

static JsonNode *
read_json (const char *text,
           GError    **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  return json_parser_load_from_data (parser, text, -1, error) ? json_parser_steal_root (parser) : NULL;
}

gboolean
mere_hq_command_run (const MereHqCommand *self,
                     const char *const   *words,
                     JsonNode           **json,
                     GError             **error)
{
  g_auto (GStrv) line = build_line (self, words, json != NULL);
  GSubprocessFlags flags = json != NULL ? G_SUBPROCESS_FLAGS_STDOUT_PIPE : G_SUBPROCESS_FLAGS_NONE;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *printed = NULL;

  say_line (words);
  process = g_subprocess_newv ((const char *const *) line, flags, error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &printed, NULL, error) ||
      !g_subprocess_wait_check (process, NULL, error))
    return FALSE;
  if (json == NULL)
    return TRUE;
  *json = read_json (printed, error);
  return *json != NULL;
}
