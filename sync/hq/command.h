/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/verb.h"

G_BEGIN_DECLS

/**
 * mere_command_run:
 * @verbs: the table
 *
 * Reads the global options, finds the verb and runs it; closes the vault at the end.
 *
 * Returns: the exit status of the program
 */
int mere_command_run (const MereVerb *verbs, gsize n_verbs, int argc, char **argv);

G_END_DECLS
