/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the window's tests share: finding widgets by what a person sees, and waiting for conditions. */

/* The name that assistive technology gets: the accessible label, what labels it, or the text within. (transfer full) */
char *mere_walk_dup_name (GtkWidget *widget);

/* The first widget of @type below @root with that name; NULL where there is none. */
GtkWidget *mere_walk_find (GtkWidget *root, GType type, const char *name);

/* The same; the test fails where there is none. */
GtkWidget *mere_walk_get (GtkWidget *root, GType type, const char *name);

/* Fails the test, and names the widget, where a control below @root that may be seen has no name. */
void mere_walk_assert_named (GtkWidget *root);

void mere_walk_click (GtkWidget *root, const char *button);
void mere_walk_type (GtkWidget *root, const char *field, const char *text);

typedef gboolean (*MereWalkCondition) (gpointer user_data);

/* Runs the main loop until it holds; fails the test after two minutes. */
void mere_walk_until (MereWalkCondition condition, gpointer user_data, const char *what);

/* Until nothing is left to do. */
void mere_walk_settle (void);

/* With all that is in it. */
void mere_walk_remove_folder (const char *path);

G_END_DECLS
