/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The coverage: what a leader sees of it, where two answers differ, and a colleague's record to read. */

#include "config.h"

#include <adwaita.h>

#include "app/store/crossing.h"
#include "tests/ui/sample-road.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"
#include "ui/desk.h"

typedef struct
{
  MereStore *store;
  GtkWidget *window;
  GtkWidget *desk;
  char      *theirs; /* the colleague's record */
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->store = mere_sample_store_new ();
  mere_sample_fill (self->store, 3, 1);
  mere_sample_lead (self->store);
  self->theirs = mere_sample_compare (self->store);
  self->desk = GTK_WIDGET (mere_desk_new (self->store));
  self->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1024, 700);
  adw_window_set_content (ADW_WINDOW (self->window), self->desk);
  gtk_window_present (GTK_WINDOW (self->window));
  mere_desk_go (MERE_DESK (self->desk), MERE_PLACE_COVERAGE);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  mere_walk_settle ();
  mere_store_close (self->store);
  g_free (self->theirs);
}

static gboolean
shows (GtkWidget  *widget,
       const char *text)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;

  return FALSE;
}

static gboolean
says (Fixture    *self,
      const char *text)
{
  return shows (self->desk, text);
}

/* The button of an item at the crossing that the team has compared, by the beginning of its name. */
static GtkWidget *
find_cell (GtkWidget  *widget,
           const char *words)
{
  if (GTK_IS_BUTTON (widget))
    {
      g_autofree char *name = mere_walk_dup_name (widget);

      return gtk_widget_get_mapped (widget) && g_str_has_prefix (name, words) ? widget : NULL;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_cell (child, words);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
is_summed (gpointer user_data)
{
  return find_cell (((Fixture *) user_data)->desk, "I1 ") != NULL;
}

static void
open_item (Fixture    *self,
           const char *words)
{
  mere_walk_until (is_summed, self, "the coverage");
  g_signal_emit_by_name (find_cell (self->desk, words), "clicked");
  mere_walk_settle ();
}

static void
test_each_item_of_each_crossing_has_a_button (Fixture      *self,
                                              gconstpointer data)
{
  g_autofree char *name = NULL;

  mere_walk_until (is_summed, self, "the coverage");
  mere_walk_assert_named (self->desk);
  g_assert_true (says (self, "Records of this laptop, and of 1 laptop that you lead, as far as its sticks were read here."));
  g_assert_true (says (self, "Eastern Airport"));
  g_assert_true (says (self, "Regulatory framework"));
  name = mere_walk_dup_name (find_cell (self->desk, "I1 "));
  g_assert_cmpstr (name, ==, "I1 Border Management Information System (BMIS): 4 of 5 questions · two answers to 1 question");
  g_assert_nonnull (find_cell (self->desk, "R1 National strategies: nothing yet"));
}

static void
test_two_answers_stand_beside_each_other (Fixture      *self,
                                          gconstpointer data)
{
  open_item (self, "I1 ");
  mere_walk_assert_named (self->desk);
  g_assert_true (says (self, "4 of 5 questions · two answers to 1 question"));
  g_assert_true (says (self, "Pass"));
  g_assert_true (says (self, "Partial"));
  g_assert_true (says (self, "This laptop"));
  g_assert_true (says (self, "Laptop 2"));
  g_assert_true (says (self, "Still missing"));
  g_assert_true (says (self, "I1.2"));
}

/* Back leads to the item that the record was opened from. */
static void
test_a_colleagues_record_is_read_and_not_edited (Fixture      *self,
                                                 gconstpointer data)
{
  open_item (self, "I1 ");
  g_assert_true (gtk_widget_activate_action (self->desk, "desk.show-colleague", "s", self->theirs));
  mere_walk_settle ();
  mere_walk_assert_named (self->desk);
  g_assert_true (says (self, "A record of Laptop 2, to read. Headquarters gets it from there, not from this laptop."));
  g_assert_true (says (self, "Commander of the post"));
  g_assert_null (mere_walk_find (self->desk, GTK_TYPE_BUTTON, "Edit as a new version"));
  gtk_widget_activate_action (self->desk, "desk.back", NULL);
  mere_walk_settle ();
  g_assert_true (says (self, "Still missing"));
  gtk_widget_activate_action (self->desk, "desk.back", NULL);
  mere_walk_settle ();
  g_assert_false (says (self, "Still missing"));
  g_assert_true (says (self, "Eastern Airport"));
}

static void
test_colleagues_records_are_a_list_of_their_own (Fixture      *self,
                                                 gconstpointer data)
{
  GtkWidget *choice;

  mere_desk_go (MERE_DESK (self->desk), MERE_PLACE_RECORDS);
  mere_walk_settle ();
  choice = mere_walk_get (self->desk, GTK_TYPE_DROP_DOWN, "Which records");
  g_assert_false (says (self, "BMIS checks"));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), g_list_model_get_n_items (gtk_drop_down_get_model (GTK_DROP_DOWN (choice))) - 1);
  mere_walk_settle ();
  g_assert_true (says (self, "BMIS checks"));
  g_assert_true (says (self, "Laptop 2"));
  mere_walk_assert_named (self->desk);
}

#define ADD(name, function) g_test_add ("/ui/coverage/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  ADD ("each-item-of-each-crossing-has-a-button", test_each_item_of_each_crossing_has_a_button);
  ADD ("two-answers-stand-beside-each-other", test_two_answers_stand_beside_each_other);
  ADD ("a-colleagues-record-is-read-and-not-edited", test_a_colleagues_record_is_read_and_not_edited);
  ADD ("colleagues-records-are-a-list-of-their-own", test_colleagues_records_are_a_list_of_their_own);

  return g_test_run ();
}
