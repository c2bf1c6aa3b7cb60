/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/form-page.h"
#include "ui/question-row.h"

G_BEGIN_DECLS

/* A form page in a window, and what it told the desk. */
typedef struct
{
  MereStore    *store;
  MereCapture  *capture;
  GtkWindow    *window;
  MereFormPage *page;
  char         *toast;
  char         *trouble;
  char         *done; /* instanceID */
} FormFixture;

/* @form: a file in tests/ui/forms; for g_test_add(). */
void form_fixture_set_up (FormFixture *self, gconstpointer form);
void form_fixture_tear_down (FormFixture *self, gconstpointer form);

/* The same with a form's text. */
void form_fixture_show (FormFixture *self, const char *xml);
/* And with a file beside the form. */
void form_fixture_show_with (FormFixture *self, const char *xml, const char *name, GBytes *content);
/* Closes the window; fails where the page stays in memory. */
void form_fixture_hide (FormFixture *self);

MereFormNode *form_fixture_get_node (FormFixture *self, const char *ref);
void          form_fixture_assert_value (FormFixture *self, const char *ref, const char *value);

/* The row that shows a node now, or NULL; the test fails where there is none. */
MereQuestionRow *form_fixture_find_row (FormFixture *self, const char *ref);
MereQuestionRow *form_fixture_get_row (FormFixture *self, const char *ref);
/* The nth widget of a type in it, from 0. */
gpointer form_fixture_get_part (FormFixture *self, const char *ref, GType type, guint n);

void form_fixture_type (FormFixture *self, const char *ref, const char *text);
void form_fixture_choose (FormFixture *self, const char *ref, const char *label);
void form_fixture_act (FormFixture *self, const char *action);
/* Waits until the focus is in the row of @ref: a line that is far away takes a frame to be there. */
void  form_fixture_await_focus (FormFixture *self, const char *ref);
guint form_fixture_count_rows (FormFixture *self);
/* Whether the words can be read on the row of a node; or cannot. */
void form_fixture_assert_says (FormFixture *self, const char *ref, const char *words);
void form_fixture_assert_silent (FormFixture *self, const char *ref, const char *words);

G_END_DECLS
