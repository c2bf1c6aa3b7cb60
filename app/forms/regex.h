/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mere_regex_matches:
 *
 * Whether a pattern is found anywhere in a text: ODK XForms, regex(), makes '[0-9]+' into /[0-9]+/, and ODK's clients
 * read it as ECMAScript does, in which \d, \w and \s mean letters of ASCII. A pattern that cannot be read, or that takes
 * more than its share of steps and memory, matches nothing.
 */
gboolean mere_regex_matches (const char *pattern, const char *text);

/* What is wrong with a pattern: (transfer full), NULL where it can be read. */
char *mere_regex_check (const char *pattern);

G_END_DECLS
