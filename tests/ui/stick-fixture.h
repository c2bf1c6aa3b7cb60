/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/stick-page.h"

G_BEGIN_DECLS

/* The Stick page in a window, and a folder that stands for a stick. */
typedef struct
{
  char      *folder;
  char      *stick; /* in it */
  MereStore *store;
  GtkWindow *window;
  GtkWidget *page;
} StickFixture;

/* @vault: (nullable): the name of a vault in the folder, which an enrolled laptop has; %NULL: a store alone. For g_test_add(). */
void stick_fixture_set_up (StickFixture *self, gconstpointer vault);
/* Fails where the page stays in memory. */
void stick_fixture_tear_down (StickFixture *self, gconstpointer vault);

/* Whether a label of the page says just that. */
gboolean stick_fixture_says (StickFixture *self, const char *text);

G_END_DECLS
