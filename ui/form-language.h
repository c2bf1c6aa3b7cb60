/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Languages as forms name them: "العربية (ar)", "ar" or "ar-EG". */

/* How a language is written; that of the window for a form without languages. */
GtkTextDirection mere_form_language_get_direction (const char *language);

/**
 * mere_form_language_pick:
 * @languages: (nullable) (array zero-terminated=1): those of a form
 *
 * Returns: (nullable): the one that the window speaks, or %NULL: leave it to the form
 */
const char *mere_form_language_pick (const char *const *languages);

G_END_DECLS
