/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that is wrong with a form, gathered in one run. */

#include "config.h"

#include "app/forms/bounds.h"
#include "app/forms/model.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (mere - form - error - quark, mere_form_error)

void
mere_form_problem_free (MereFormProblem *self)
{
  if (self == NULL)
    return;
  g_free (self->bind);
  g_free (self->expression);
  g_free (self->message);
  g_free (self);
}

void
mere_problems_add (MereProblems *self, gboolean warning, int line, const char *bind, const char *expression, const char *format, ...)
{
  MereFormProblem *problem;
  va_list          args;

  self->n_errors += !warning;
  if (self->list->len >= MERE_LIMIT_PROBLEMS)
    return;
  problem = g_new0 (MereFormProblem, 1);
  problem->warning = warning;
  problem->line = line;
  problem->bind = g_strdup (bind);
  problem->expression = g_strdup (expression);
  va_start (args, format);
  problem->message = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->list, problem);
}
