/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Entries of a repeat as rows of a table: where all their questions are short and there is room for them. */

#include "config.h"

#include <adwaita.h>

#include "tests/ui/form-fixture.h"
#include "tests/ui/walk.h"

#define EVERY_CONTROL "every-control.xml"
#define EVERY_QUESTION "every-question.xml"

static void
add (FormFixture *self,
     const char  *ref)
{
  gtk_widget_activate_action (GTK_WIDGET (self->page), "form.add", "s", ref);
  mere_walk_settle ();
}

static void
show (FormFixture *self,
      const char  *ref)
{
  g_assert_true (mere_form_page_show_node (self->page, form_fixture_get_node (self, ref)));
  form_fixture_await_focus (self, ref);
}

static gboolean
is_cell (FormFixture *self,
         const char  *ref)
{
  GtkWidget *row = GTK_WIDGET (form_fixture_get_row (self, ref));

  return gtk_widget_get_ancestor (gtk_widget_get_parent (row), MERE_TYPE_QUESTION_ROW) != NULL;
}

static void
press (FormFixture *self,
       guint        key)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self->window));
  gboolean   taken = FALSE;

  for (GtkWidget *widget = focus; widget != NULL && !taken; widget = gtk_widget_get_parent (widget))
    {
      g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

      for (guint i = 0; MERE_IS_QUESTION_ROW (widget) && i < g_list_model_get_n_items (controllers); i++)
        {
          g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

          if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
            g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &taken);
        }
    }
  mere_walk_settle ();
}

static void
test_short_entries_are_rows (FormFixture  *self,
                             gconstpointer form)
{
  GtkWidget *first, *second;

  add (self, "/data/lane");
  form_fixture_await_focus (self, "/data/lane[1]/lane_name");
  add (self, "/data/lane");
  form_fixture_await_focus (self, "/data/lane[2]/lane_name");

  g_assert_true (is_cell (self, "/data/lane[1]/lane_name"));
  g_assert_true (is_cell (self, "/data/lane[2]/lane_open"));
  form_fixture_assert_says (self, "/data/lane[1]", "Name of the lane");
  form_fixture_assert_silent (self, "/data/lane[2]", "Name of the lane");
  first = GTK_WIDGET (form_fixture_get_row (self, "/data/lane[1]/lane_width"));
  second = GTK_WIDGET (form_fixture_get_row (self, "/data/lane[2]/lane_width"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (first), GTK_ACCESSIBLE_PROPERTY_LABEL, "Lane 1: Width");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (second), GTK_ACCESSIBLE_PROPERTY_LABEL, "Lane 2: Width");
  mere_walk_assert_named (GTK_WIDGET (self->page));
}

static void
test_long_entries_are_cards (FormFixture  *self,
                             gconstpointer form)
{
  add (self, "/data/visit");
  form_fixture_await_focus (self, "/data/visit[1]/visit_notes");

  g_assert_false (is_cell (self, "/data/visit[1]/visit_days"));
  form_fixture_assert_says (self, "/data/visit[1]", "Visit 1");
}

static void
test_keys_go_along_rows_and_columns (FormFixture  *self,
                                     gconstpointer form)
{
  add (self, "/data/lane");
  add (self, "/data/lane");
  show (self, "/data/lane[1]/lane_name");

  press (self, GDK_KEY_Return);
  form_fixture_await_focus (self, "/data/lane[1]/lane_width");
  press (self, GDK_KEY_Down);
  form_fixture_await_focus (self, "/data/lane[2]/lane_width");
  press (self, GDK_KEY_Up);
  form_fixture_await_focus (self, "/data/lane[1]/lane_width");
  press (self, GDK_KEY_Return);
  form_fixture_await_focus (self, "/data/lane[1]/lane_open");
  press (self, GDK_KEY_2);
  form_fixture_assert_value (self, "/data/lane[1]/lane_open", "no");
  press (self, GDK_KEY_Return);
  form_fixture_await_focus (self, "/data/lane[2]/lane_name");
  press (self, GDK_KEY_Up);
  form_fixture_await_focus (self, "/data/lane[1]/lane_name");
  press (self, GDK_KEY_Up);
  form_fixture_await_focus (self, "/data/booths");
}

static void
tab (FormFixture     *self,
     GtkDirectionType direction)
{
  gtk_widget_child_focus (GTK_WIDGET (self->window), direction);
  mere_walk_settle ();
}

static gboolean
is_on_button (FormFixture *self,
              const char  *name)
{
  return gtk_root_get_focus (GTK_ROOT (self->window)) == mere_walk_get (GTK_WIDGET (self->page), GTK_TYPE_BUTTON, name);
}

static void
test_tab_reaches_all_of_a_row (FormFixture  *self,
                               gconstpointer form)
{
  add (self, "/data/lane");
  add (self, "/data/lane");
  show (self, "/data/lane[1]/lane_width");

  tab (self, GTK_DIR_TAB_FORWARD);
  form_fixture_await_focus (self, "/data/lane[1]/lane_open");
  tab (self, GTK_DIR_TAB_FORWARD); /* to its other choice */
  tab (self, GTK_DIR_TAB_FORWARD);
  g_assert_true (is_on_button (self, "Remove Lane 2"));
  tab (self, GTK_DIR_TAB_FORWARD);
  form_fixture_await_focus (self, "/data/lane[2]/lane_name");
  tab (self, GTK_DIR_TAB_BACKWARD);
  g_assert_true (is_on_button (self, "Remove Lane 2"));
  tab (self, GTK_DIR_TAB_BACKWARD);
  form_fixture_await_focus (self, "/data/lane[1]/lane_open");
}

static void
test_rows_are_removed_and_come_back (FormFixture  *self,
                                     gconstpointer form)
{
  add (self, "/data/lane");
  form_fixture_type (self, "/data/lane[1]/lane_name", "Buses");
  add (self, "/data/lane");
  form_fixture_type (self, "/data/lane[2]/lane_name", "Cars");

  mere_walk_click (GTK_WIDGET (self->page), "Remove Lane 1");
  mere_walk_settle ();
  form_fixture_assert_value (self, "/data/lane[1]/lane_name", "Cars");
  form_fixture_assert_says (self, "/data/lane[1]", "Name of the lane");
  g_assert_null (form_fixture_find_row (self, "/data/lane[2]"));

  mere_walk_click (GTK_WIDGET (self->page), "Undo");
  mere_walk_settle ();
  form_fixture_assert_value (self, "/data/lane[1]/lane_name", "Buses");
  form_fixture_assert_value (self, "/data/lane[2]/lane_name", "Cars");
  form_fixture_assert_silent (self, "/data/lane[2]", "Name of the lane");
}

static void
test_cells_are_found (FormFixture  *self,
                      gconstpointer form)
{
  GtkWidget *field;

  form_fixture_choose (self, "/data/officer/trained", "Yes");
  form_fixture_type (self, "/data/post/booth", "7");
  add (self, "/data/passenger");
  form_fixture_type (self, "/data/passenger[1]/nationality", "UTO");
  show (self, "/data/passenger[1]/minutes");
  form_fixture_act (self, "form.next-missing");
  form_fixture_await_focus (self, "/data/passenger[2]/nationality");

  form_fixture_act (self, "form.finalise");
  form_fixture_assert_says (self, "/data/passenger[2]/nationality", "This needs an answer.");
  g_assert_nonnull (mere_walk_find (GTK_WIDGET (self->page), GTK_TYPE_BUTTON, "Passenger 2: Nationality – This needs an answer."));

  form_fixture_act (self, "form.find");
  field = mere_walk_get (GTK_WIDGET (self->page), GTK_TYPE_SEARCH_ENTRY, "Find in the form");
  gtk_editable_set_text (GTK_EDITABLE (field), "uto");
  g_signal_emit_by_name (field, "search-changed");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (form_fixture_get_row (self, "/data/passenger[1]/nationality")), "found"));
}

typedef struct
{
  FormFixture *fixture;
  gboolean     table;
} Shape;

static gboolean
has_shape (gpointer user_data)
{
  Shape *shape = user_data;

  return form_fixture_find_row (shape->fixture, "/data/lane[1]/lane_name") != NULL && is_cell (shape->fixture, "/data/lane[1]/lane_name") == shape->table;
}

static void
set_text_size (int percent)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * percent / 100, NULL);
}

static void
test_large_text_makes_cards (FormFixture  *self,
                             gconstpointer form)
{
  Shape cards = { self, FALSE };
  Shape table = { self, TRUE };

  add (self, "/data/lane");
  form_fixture_await_focus (self, "/data/lane[1]/lane_name");
  set_text_size (200);
  mere_walk_until (has_shape, &cards, "cards");
  form_fixture_await_focus (self, "/data/lane[1]/lane_name");
  form_fixture_type (self, "/data/lane[1]/lane_name", "Buses");

  set_text_size (100);
  mere_walk_until (has_shape, &table, "a table");
  form_fixture_await_focus (self, "/data/lane[1]/lane_name");
  form_fixture_assert_value (self, "/data/lane[1]/lane_name", "Buses");
}

static void
test_rows_read_as_the_language_does (FormFixture  *self,
                                     gconstpointer form)
{
  GtkWidget *field;

  add (self, "/data/lane");
  mere_capture_set_language (self->capture, "العربية (ar)", NULL);
  mere_walk_settle ();

  field = form_fixture_get_part (self, "/data/lane[1]/lane_name", GTK_TYPE_ENTRY, 0);
  g_assert_cmpint (gtk_widget_get_direction (field), ==, GTK_TEXT_DIR_RTL);
  form_fixture_assert_says (self, "/data/lane[1]", "اسم الممر");
}

static const char *const changing_form =
  "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:jr='http://openrosa.org/javarosa'>"
  "<h:head><h:title>Booths</h:title><model>"
  "<instance><data id='booths'><place/><booth><name>B1</name><open/><since/></booth><booth><name/><open/><since/></booth></data></instance>"
  "<bind nodeset='/data/booth/name' type='string'/>"
  "<bind nodeset='/data/booth/open' type='string'/>"
  "<bind nodeset='/data/booth/since' type='int' relevant='../open = \"yes\"'/>"
  "</model></h:head><h:body><input ref='/data/place'><label>Place</label></input><group ref='/data/booth'><label>Booth</label><repeat nodeset='/data/booth'>"
  "<input ref='/data/booth/name'><label>Name</label></input>"
  "<input ref='/data/booth/open'><label>Open</label></input>"
  "<input ref='/data/booth/since'><label>Since when is <output value='../name'/> open?</label></input>"
  "</repeat></group></h:body></h:html>";

static void
test_cells_come_and_go (void)
{
  FormFixture self = { 0 };

  form_fixture_show (&self, changing_form);
  form_fixture_type (&self, "/data/booth[2]/name", "B2");
  g_assert_null (form_fixture_find_row (&self, "/data/booth[2]/since"));

  form_fixture_type (&self, "/data/booth[2]/open", "yes");
  mere_walk_settle ();
  g_assert_true (is_cell (&self, "/data/booth[2]/since"));
  form_fixture_assert_says (&self, "/data/booth[2]/since", "Since when is B2 open?"); /* not what the column is called */
  form_fixture_type (&self, "/data/booth[2]/since", "1998");

  form_fixture_type (&self, "/data/booth[2]/open", "no");
  mere_walk_settle ();
  g_assert_null (form_fixture_find_row (&self, "/data/booth[2]/since"));
  form_fixture_tear_down (&self, NULL);
}

/* They are cards until the window has its size. */
static void
test_entries_that_were_there_take_the_focus (void)
{
  FormFixture self = { 0 };

  form_fixture_show (&self, changing_form);
  show (&self, "/data/booth[2]/open");
  g_assert_true (is_cell (&self, "/data/booth[2]/open"));
  show (&self, "/data/booth[1]/name");
  show (&self, "/data/place");
  show (&self, "/data/booth[2]/name");
  form_fixture_tear_down (&self, NULL);
}

#define SHIFTS                                                                                                                         \
  "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:jr='http://openrosa.org/javarosa'>"      \
  "<h:head><h:title>Shifts</h:title><model><instance><data id='shifts' version='1'><shift><day/><from/><on/></shift>"                  \
  "<meta><instanceID/></meta></data></instance><bind nodeset='/data/shift/day' type='date'/>"                                          \
  "<bind nodeset='/data/shift/from' type='time'/><bind nodeset='/data/shift/on' type='string'/>"                                       \
  "<bind nodeset='/data/meta/instanceID' type='string' jr:preload='uid'/></model></h:head><h:body>"                                    \
  "<group ref='/data/shift'><label>Shift</label><repeat nodeset='/data/shift'><input ref='/data/shift/day'><label>Day</label></input>" \
  "<input ref='/data/shift/from'><label>From</label></input><select ref='/data/shift/on'><label>Ways</label>"                          \
  "<item><label>In</label><value>in</value></item><item><label>Out</label><value>out</value></item></select>"                          \
  "</repeat></group></h:body></h:html>"

static void
test_dates_and_several_choices_are_short (void)
{
  FormFixture self = { NULL };

  form_fixture_show (&self, SHIFTS);
  g_assert_true (is_cell (&self, "/data/shift[1]/day"));
  g_assert_true (is_cell (&self, "/data/shift[1]/from"));
  g_assert_true (is_cell (&self, "/data/shift[1]/on"));

  form_fixture_type (&self, "/data/shift[1]/day", "24.11.2026");
  form_fixture_type (&self, "/data/shift[1]/from", "805");
  mere_walk_settle ();
  form_fixture_assert_value (&self, "/data/shift[1]/day", "2026-11-24");
  form_fixture_assert_silent (&self, "/data/shift[1]/day", "November");
  g_assert_true (g_str_has_prefix (mere_form_node_get_value (form_fixture_get_node (&self, "/data/shift[1]/from")), "08:05:00"));
  form_fixture_choose (&self, "/data/shift[1]/on", "In");
  form_fixture_choose (&self, "/data/shift[1]/on", "Out");
  form_fixture_assert_value (&self, "/data/shift[1]/on", "in out");
  form_fixture_tear_down (&self, NULL);
}

#define ADD(form, name, test) g_test_add ("/ui/form-table/" name, FormFixture, form, form_fixture_set_up, test, form_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  ADD (EVERY_CONTROL, "short-entries-are-rows", test_short_entries_are_rows);
  ADD (EVERY_CONTROL, "long-entries-are-cards", test_long_entries_are_cards);
  ADD (EVERY_CONTROL, "keys-go-along-rows-and-columns", test_keys_go_along_rows_and_columns);
  ADD (EVERY_CONTROL, "tab-reaches-all-of-a-row", test_tab_reaches_all_of_a_row);
  ADD (EVERY_CONTROL, "rows-are-removed-and-come-back", test_rows_are_removed_and_come_back);
  g_test_add_func ("/ui/form-table/dates-and-several-choices", test_dates_and_several_choices_are_short);
  ADD (EVERY_QUESTION, "cells-are-found", test_cells_are_found);
  ADD (EVERY_CONTROL, "large-text-makes-cards", test_large_text_makes_cards);
  ADD (EVERY_CONTROL, "rows-read-as-the-language-does", test_rows_read_as_the_language_does);
  g_test_add_func ("/ui/form-table/cells-come-and-go", test_cells_come_and_go);
  g_test_add_func ("/ui/form-table/entries-that-were-there-take-the-focus", test_entries_that_were_there_take_the_focus);

  return g_test_run ();
}
