/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * MereHqCommand:
 *
 * Headquarters in the field day: the command merestone-hq, run as a person would run it, on one store.
 */
typedef struct
{
  const char *program; /* path of merestone-hq */
  const char *vault;   /* headquarters' vault; with @store the folder of its bundles */
  const char *store;   /* address of its database, or NULL */
  const char *passphrase_file;
} MereHqCommand;

/**
 * mere_hq_command_run:
 * @words: (array zero-terminated=1): verb and arguments
 * @json: (out) (optional) (transfer full): what it printed; asks for --json. %NULL lets it print to the terminal
 *
 * Prints the command line first. Anything but exit status 0 is an error.
 */
gboolean mere_hq_command_run (const MereHqCommand *self, const char *const *words, JsonNode **json, GError **error);

G_END_DECLS
