/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mere_words_find:
 * @words: what the values of an enumeration are called in the store and on the road, in their order
 * @n: how many
 * @word: (nullable): one of them, or not
 *
 * Returns: the value that is called @word; -1: none is
 */
static inline int
mere_words_find (const char *const *words,
                 guint              n,
                 const char        *word)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (words[i], word) == 0)
      return (int) i;
  return -1;
}

G_END_DECLS
