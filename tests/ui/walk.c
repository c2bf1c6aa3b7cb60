/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "tests/ui/walk.h"

#include <glib/gstdio.h>

static const guint deadline_s = 120;

static void
collect_text (GtkWidget *widget,
              GString   *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget))
    {
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, gtk_label_get_text (GTK_LABEL (widget)));
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_text (child, text);
}

/* GTK 4.8 has no getter for an accessible property: its check says, as text, what it found instead. */
static char *
dup_accessible_label (GtkWidget *widget)
{
  g_autofree char *found = NULL;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    return NULL;

  found = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, "\001");

  return g_steal_pointer (&found);
}

static gboolean
needs_name (GtkWidget *widget)
{
  switch ((int) gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)))
    {
    case GTK_ACCESSIBLE_ROLE_BUTTON:
    case GTK_ACCESSIBLE_ROLE_CHECKBOX:
    case GTK_ACCESSIBLE_ROLE_RADIO:
    case GTK_ACCESSIBLE_ROLE_SWITCH:
    case GTK_ACCESSIBLE_ROLE_TEXT_BOX:
    case GTK_ACCESSIBLE_ROLE_SEARCH_BOX:
    case GTK_ACCESSIBLE_ROLE_COMBO_BOX:
    case GTK_ACCESSIBLE_ROLE_SPIN_BUTTON:
    case GTK_ACCESSIBLE_ROLE_SLIDER:
    case GTK_ACCESSIBLE_ROLE_METER:
    case GTK_ACCESSIBLE_ROLE_PROGRESS_BAR:
    case GTK_ACCESSIBLE_ROLE_LIST:
      return TRUE;

    default:
      return FALSE;
    }
}

/* A control is not named by the text within it: a screen reader would say “GtkButton”. */
char *
mere_walk_dup_name (GtkWidget *widget)
{
  g_autofree char *label = dup_accessible_label (widget);
  GString         *text;

  if (label != NULL)
    return g_steal_pointer (&label);

  text = g_string_new (NULL);
  if (!needs_name (widget) || gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    collect_text (widget, text);

  return g_string_free (text, FALSE);
}

GtkWidget *
mere_walk_find (GtkWidget  *root,
                GType       type,
                const char *name)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    {
      g_autofree char *own = mere_walk_dup_name (root);

      if (g_strcmp0 (own, name) == 0)
        return root;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = gtk_widget_get_visible (child) ? mere_walk_find (child, type, name) : NULL;

      if (found != NULL)
        return found;
    }

  return NULL;
}

GtkWidget *
mere_walk_get (GtkWidget  *root,
               GType       type,
               const char *name)
{
  GtkWidget *found = mere_walk_find (root, type, name);

  if (found == NULL)
    g_error ("no %s called “%s”", g_type_name (type), name);

  return found;
}

/* The inner parts of GTK's own compound widgets: the entry's text, the button of a drop-down, title buttons. */
static gboolean
is_part_of_toolkit (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (GTK_IS_TEXT (widget) || gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) != NULL)
    return TRUE;

  return GTK_IS_MENU_BUTTON (parent) || GTK_IS_DROP_DOWN (parent) || GTK_IS_SPIN_BUTTON (parent) || GTK_IS_PASSWORD_ENTRY (parent) || gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER) != NULL;
}

void
mere_walk_assert_named (GtkWidget *root)
{
  if (needs_name (root) && !is_part_of_toolkit (root))
    {
      g_autofree char *name = mere_walk_dup_name (root);
      gboolean         labelled = gtk_test_accessible_has_relation (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_RELATION_LABELLED_BY);

      if (*name == '\0' && !labelled)
        g_error ("a %s below %s has no name", G_OBJECT_TYPE_NAME (root), G_OBJECT_TYPE_NAME (gtk_widget_get_parent (root)));
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (gtk_widget_get_visible (child))
        mere_walk_assert_named (child);
    }
}

void
mere_walk_click (GtkWidget  *root,
                 const char *button)
{
  GtkWidget *widget = mere_walk_get (root, GTK_TYPE_BUTTON, button);

  g_assert_true (gtk_widget_is_sensitive (widget));
  g_signal_emit_by_name (widget, "clicked");
}

void
mere_walk_type (GtkWidget  *root,
                const char *field,
                const char *text)
{
  GtkWidget *widget = mere_walk_get (root, GTK_TYPE_EDITABLE, field);

  gtk_editable_set_text (GTK_EDITABLE (widget), text);
}

static gboolean
on_deadline_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

void
mere_walk_until (MereWalkCondition condition,
                 gpointer          user_data,
                 const char       *what)
{
  gboolean late = FALSE;
  guint    timer = g_timeout_add_seconds (deadline_s, on_deadline_cb, &late);

  while (!condition (user_data) && !late)
    g_main_context_iteration (NULL, TRUE);

  if (late)
    g_error ("%s did not happen", what);

  g_source_remove (timer);
}

void
mere_walk_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
mere_walk_remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        mere_walk_remove_folder (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}
