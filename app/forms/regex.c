/* SPDX-License-Identifier: GPL-3.0-or-later */

/* regex(), on PCRE2. Not GLib's wrapper of it, which has \d take the digits of all scripts and leaves a pattern that
 * goes back and forth ten million steps. A pattern is read, tried once and thrown away: forms have few. */

#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include "app/forms/regex.h"
#include "app/forms/bounds.h"

#include <glib/gi18n-lib.h>
#include <pcre2.h>
#include <string.h>

#define OPTIONS (PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_NEVER_BACKSLASH_C)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (pcre2_code, pcre2_code_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (pcre2_match_data, pcre2_match_data_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (pcre2_match_context, pcre2_match_context_free)

static pcre2_code *
compile (const char *pattern, int *error)
{
  gsize      length = strlen (pattern);
  PCRE2_SIZE offset;

  *error = PCRE2_ERROR_NOMEMORY;
  if (length > MERE_LIMIT_REGEX_BYTES)
    return NULL;
  return pcre2_compile ((PCRE2_SPTR) pattern, length, OPTIONS, error, &offset, NULL);
}

gboolean
mere_regex_matches (const char *pattern, const char *text)
{
  int error;
  g_autoptr (pcre2_code) code = compile (pattern, &error);
  g_autoptr (pcre2_match_data) match = NULL;
  g_autoptr (pcre2_match_context) limits = NULL;

  if (code == NULL)
    return FALSE;
  match = pcre2_match_data_create (1, NULL);
  limits = pcre2_match_context_create (NULL);
  if (match == NULL || limits == NULL)
    return FALSE;
  pcre2_set_match_limit (limits, MERE_LIMIT_REGEX_STEPS);
  pcre2_set_heap_limit (limits, MERE_LIMIT_REGEX_HEAP_KIB);
  return pcre2_match (code, (PCRE2_SPTR) text, strlen (text), 0, 0, match, limits) >= 0;
}

char *
mere_regex_check (const char *pattern)
{
  int error;
  g_autoptr (pcre2_code) code = compile (pattern, &error);
  PCRE2_UCHAR message[256];

  if (code != NULL)
    return NULL;
  if (strlen (pattern) > MERE_LIMIT_REGEX_BYTES)
    return g_strdup (_ ("it is too long"));
  pcre2_get_error_message (error, message, sizeof message);
  return g_strdup ((const char *) message);
}
