/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A form page as a person meets it: questions are found by their node, answered through their widgets. */

#include "config.h"
#include "tests/ui/form-fixture.h"

#include <string.h>

#include "app/store/instrument.h"
#include "app/store/media.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"

static void
on_toast_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  FormFixture *self = user_data;

  g_free (self->toast);
  self->toast = g_variant_dup_string (parameter, NULL);
}

static void
on_trouble_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  FormFixture *self = user_data;

  g_free (self->trouble);
  self->trouble = g_variant_dup_string (parameter, NULL);
}

static void
on_done_cb (FormFixture *self,
            const char  *record)
{
  self->done = g_strdup (record);
}

/* @name: (nullable): of a file beside the form */
static MereCapture *
begin (MereStore  *store,
       const char *text,
       const char *name,
       GBytes     *content)
{
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  const char *const languages[] = { "English (en)", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_add (store, "form", "1", "Form", MERE_INSTRUMENT_INTERVIEW, languages, xml, &error);
  MereCapture *capture;

  g_assert_no_error (error);
  if (name != NULL)
    mere_media_save (store, instrument->row, name, content, &error);
  g_assert_no_error (error);
  capture = mere_capture_new (store, instrument->row, NULL, &error);
  g_assert_no_error (error);

  return capture;
}

static void
add_window (FormFixture *self)
{
  const GActionEntry entries[] = {
    { .name = "toast", .activate = on_toast_cb, .parameter_type = "s" },
    { .name = "trouble", .activate = on_trouble_cb, .parameter_type = "s" },
  };
  g_autoptr (GSimpleActionGroup) desk = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (desk), entries, G_N_ELEMENTS (entries), self);
  self->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (self->window, 1200, 700);
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "desk", G_ACTION_GROUP (desk));
  self->page = mere_form_page_new (self->capture);
  g_signal_connect_swapped (self->page, "done", G_CALLBACK (on_done_cb), self);
  gtk_window_set_child (self->window, GTK_WIDGET (self->page));
  gtk_window_present (self->window);
  gtk_widget_child_focus (GTK_WIDGET (self->page), GTK_DIR_TAB_FORWARD);
  mere_walk_settle ();
}

void
form_fixture_show_with (FormFixture *self,
                        const char  *xml,
                        const char  *name,
                        GBytes      *content)
{
  self->store = mere_sample_store_new ();
  self->capture = begin (self->store, xml, name, content);
  add_window (self);
}

void
form_fixture_show (FormFixture *self,
                   const char  *xml)
{
  form_fixture_show_with (self, xml, NULL, NULL);
}

void
form_fixture_set_up (FormFixture  *self,
                     gconstpointer form)
{
  g_autofree char *path = g_build_filename (FORMS_FOLDER, form, NULL);
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  form_fixture_show (self, xml);
}

void
form_fixture_hide (FormFixture *self)
{
  gpointer page = self->page;

  g_object_add_weak_pointer (G_OBJECT (self->page), &page);
  gtk_window_destroy (self->window);
  mere_walk_settle ();
  g_assert_null (page);
  self->window = NULL;
}

/* What is taken in or drawn in a thread ends by itself. */
static gboolean
is_ours_alone (gpointer capture)
{
  return g_atomic_int_get (&G_OBJECT (capture)->ref_count) == 1;
}

void
form_fixture_tear_down (FormFixture  *self,
                        gconstpointer form)
{
  if (self->window != NULL)
    form_fixture_hide (self);
  mere_walk_until (is_ours_alone, self->capture, "nothing holds the capture");
  g_assert_finalize_object (self->capture);
  mere_store_close (self->store);
  g_free (self->toast);
  g_free (self->trouble);
  g_free (self->done);
}

MereFormNode *
form_fixture_get_node (FormFixture *self,
                       const char  *ref)
{
  MereFormNode *node = mere_form_session_find (mere_capture_get_session (self->capture), ref);

  if (node == NULL)
    g_error ("no node %s", ref);

  return node;
}

void
form_fixture_assert_value (FormFixture *self,
                           const char  *ref,
                           const char  *value)
{
  g_assert_cmpstr (mere_form_node_get_value (form_fixture_get_node (self, ref)), ==, value);
}

static MereQuestionRow *
find_row (GtkWidget    *widget,
          MereFormNode *node)
{
  MereQuestionRow *found = NULL;

  if (MERE_IS_QUESTION_ROW (widget))
    {
      MereQuestionItem *item = mere_question_row_get_item (MERE_QUESTION_ROW (widget));

      if (item != NULL && mere_question_item_get_node (item) == node && mere_question_item_get_role (item) != MERE_QUESTION_MORE)
        return MERE_QUESTION_ROW (widget);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_row (child, node);

  return found;
}

MereQuestionRow *
form_fixture_find_row (FormFixture *self,
                       const char  *ref)
{
  MereFormNode *node = mere_form_session_find (mere_capture_get_session (self->capture), ref);

  return node != NULL ? find_row (GTK_WIDGET (self->page), node) : NULL;
}

MereQuestionRow *
form_fixture_get_row (FormFixture *self,
                      const char  *ref)
{
  MereQuestionRow *row = form_fixture_find_row (self, ref);

  if (row == NULL)
    g_error ("no row shows %s", ref);

  return row;
}

static GtkWidget *
find_part (GtkWidget *widget,
           GType      type,
           guint     *n)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type) && (*n)-- == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_part (child, type, n);

      if (found != NULL)
        return found;
    }

  return NULL;
}

gpointer
form_fixture_get_part (FormFixture *self,
                       const char  *ref,
                       GType        type,
                       guint        n)
{
  GtkWidget *found = find_part (GTK_WIDGET (form_fixture_get_row (self, ref)), type, &n);

  if (found == NULL)
    g_error ("no %s in the row of %s", g_type_name (type), ref);

  return found;
}

void
form_fixture_type (FormFixture *self,
                   const char  *ref,
                   const char  *text)
{
  gtk_editable_set_text (form_fixture_get_part (self, ref, GTK_TYPE_ENTRY, 0), text);
}

void
form_fixture_choose (FormFixture *self,
                     const char  *ref,
                     const char  *label)
{
  GtkWidget *choice = mere_walk_get (GTK_WIDGET (form_fixture_get_row (self, ref)), GTK_TYPE_CHECK_BUTTON, label);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (choice), !gtk_check_button_get_active (GTK_CHECK_BUTTON (choice)));
}

void
form_fixture_act (FormFixture *self,
                  const char  *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->page), action, NULL));
  mere_walk_settle ();
}

typedef struct
{
  FormFixture *fixture;
  const char  *ref;
} Place;

static gboolean
is_focused (gpointer user_data)
{
  Place           *place = user_data;
  GtkWidget       *focus = gtk_root_get_focus (GTK_ROOT (place->fixture->window));
  MereQuestionRow *row = form_fixture_find_row (place->fixture, place->ref);

  return focus != NULL && row != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (row));
}

void
form_fixture_await_focus (FormFixture *self,
                          const char  *ref)
{
  Place place = { self, ref };

  mere_walk_until (is_focused, &place, ref);
}

static guint
count_rows (GtkWidget *widget)
{
  guint n = MERE_IS_QUESTION_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_rows (child);

  return n;
}

guint
form_fixture_count_rows (FormFixture *self)
{
  return count_rows (GTK_WIDGET (self->page));
}

static void
collect_text (GtkWidget *widget,
              GString   *text)
{
  if (!gtk_widget_get_visible (widget))
    return;
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", gtk_label_get_text (GTK_LABEL (widget)));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_text (child, text);
}

static char *
dup_text (FormFixture *self,
          const char  *ref)
{
  GString *text = g_string_new (NULL);

  collect_text (GTK_WIDGET (form_fixture_get_row (self, ref)), text);

  return g_string_free (text, FALSE);
}

void
form_fixture_assert_says (FormFixture *self,
                          const char  *ref,
                          const char  *words)
{
  g_autofree char *text = dup_text (self, ref);

  if (strstr (text, words) == NULL)
    g_error ("the row of %s says “%s”, not “%s”", ref, text, words);
}

void
form_fixture_assert_silent (FormFixture *self,
                            const char  *ref,
                            const char  *words)
{
  g_autofree char *text = dup_text (self, ref);

  if (strstr (text, words) != NULL)
    g_error ("the row of %s says “%s”", ref, text);
}
