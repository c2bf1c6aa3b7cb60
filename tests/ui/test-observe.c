/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The observe page: keys become events, events are kept before they are shown. */

#include "config.h"

#include <adwaita.h>
#include <linux/input-event-codes.h>

#include "app/capture/observation.h"
#include "app/store/draft.h"
#include "app/store/record.h"
#include "app/store/study-event.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"
#include "ui/observe-keys.h"
#include "ui/observe-page.h"
#include "ui/observe-watch.h"

#define EVDEV_OFFSET 8

/* A window with the page, and what the page told the desk. */
typedef struct
{
  MereStore       *store;
  GtkWindow       *window;
  MereObservePage *page;
  GtkWidget       *watch;
  char            *study; /* instanceID */
  char            *trouble;
  char            *done;
} Fixture;

static void
on_trouble_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  Fixture *self = user_data;

  g_free (self->trouble);
  self->trouble = g_variant_dup_string (parameter, NULL);
}

static void
on_done_cb (Fixture    *self,
            const char *record)
{
  self->done = g_strdup (record);
}

static void
show_page (Fixture         *self,
           MereObservation *observation)
{
  const GActionEntry entries[] = { { .name = "trouble", .activate = on_trouble_cb, .parameter_type = "s" } };
  g_autoptr (GSimpleActionGroup) desk = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (desk), entries, G_N_ELEMENTS (entries), self);
  self->study = g_strdup (mere_form_session_get_instance_id (mere_capture_get_session (mere_observation_get_capture (observation))));
  self->window = GTK_WINDOW (gtk_window_new ());
  self->page = mere_observe_page_new (observation);
  self->watch = GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (self->page), MERE_TYPE_OBSERVE_PAGE, "watch"));
  g_signal_connect_swapped (self->page, "done", G_CALLBACK (on_done_cb), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "desk", G_ACTION_GROUP (desk));
  gtk_window_set_child (self->window, GTK_WIDGET (self->page));
  gtk_window_present (self->window);
  mere_walk_settle ();
}

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MereObservation *observation;

  self->store = mere_sample_store_new ();
  mere_sample_add_instruments (self->store, "passenger-processing");
  observation = mere_observation_new (self->store, mere_sample_get_instrument (self->store, "passenger-processing"), NULL,
                                      MERE_STUDY_SIGHT_DEFAULT, &error);
  g_assert_no_error (error);
  show_page (self, observation);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  gpointer gone = self->page;

  g_object_add_weak_pointer (G_OBJECT (self->page), &gone);
  gtk_window_destroy (self->window);
  mere_walk_settle ();
  g_assert_null (gone);

  mere_store_close (self->store);
  g_free (self->study);
  g_free (self->trouble);
  g_free (self->done);
}

static void
press (Fixture    *self,
       const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->page), action, NULL));
}

static void
pass (Fixture *self,
      guint    passengers)
{
  for (guint i = 0; i < 3 * passengers; i++)
    press (self, "observe.next");
}

static gboolean
says (Fixture    *self,
      const char *text)
{
  return mere_walk_find (GTK_WIDGET (self->page), GTK_TYPE_LABEL, text) != NULL;
}

static guint
count_kept (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = mere_study_row_list (self->store, self->study, 0, &error);

  g_assert_no_error (error);

  return rows->len;
}

static void
test_begins_with_the_head (Fixture      *self,
                           gconstpointer data)
{
  mere_walk_assert_named (GTK_WIDGET (self->page));
  g_assert_false (gtk_widget_get_mapped (self->watch));

  mere_walk_click (GTK_WIDGET (self->page), "Start timing");
  g_assert_true (gtk_widget_get_mapped (self->watch));
  g_assert_true (says (self, "Reaches the booth"));
  g_assert_true (says (self, "Nothing was observed yet"));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == self->watch);
  mere_walk_assert_named (GTK_WIDGET (self->page));
}

static void
test_an_event_is_kept_when_it_is_shown (Fixture      *self,
                                        gconstpointer data)
{
  press (self, "observe.watch");
  press (self, "observe.next");
  g_assert_cmpuint (count_kept (self), ==, 1);
  g_assert_true (says (self, "Passenger 1, next:"));
  g_assert_true (says (self, "Documents presented"));

  press (self, "observe.undo");
  g_assert_cmpuint (count_kept (self), ==, 2);
  g_assert_true (says (self, "Nothing was observed yet"));
}

static void
test_what_was_not_kept_is_not_shown (Fixture      *self,
                                     gconstpointer data)
{
  press (self, "observe.watch");
  mere_store_close (mere_store_ref (self->store));
  press (self, "observe.next");

  g_assert_cmpstr (self->trouble, !=, "");
  g_assert_nonnull (self->trouble);
  g_assert_true (says (self, "Nothing was observed yet"));
}

static void
test_a_key_without_sense_says_why (Fixture      *self,
                                   gconstpointer data)
{
  press (self, "observe.watch");
  press (self, "observe.refuse");
  g_assert_cmpuint (count_kept (self), ==, 0);
  g_assert_true (says (self, "Nobody is at the booth"));
  g_assert_null (self->trouble);

  press (self, "observe.next");
  g_assert_false (says (self, "Nobody is at the booth"));
}

static void
test_a_key_turns_with_the_board (Fixture      *self,
                                 gconstpointer data)
{
  press (self, "observe.watch");
  g_assert_nonnull (mere_walk_find (self->watch, GTK_TYPE_BUTTON, "System down"));
  press (self, "observe.outage");
  g_assert_nonnull (mere_walk_find (self->watch, GTK_TYPE_BUTTON, "System up"));

  press (self, "observe.marker");
  mere_walk_click (self->watch, "Marker arrives");
  g_assert_nonnull (mere_walk_find (self->watch, GTK_TYPE_BUTTON, "Marker"));
}

static void
test_figures_wait_for_enough_data (Fixture      *self,
                                   gconstpointer data)
{
  press (self, "observe.watch");
  pass (self, MERE_FIGURES_MEDIAN_MIN_N - 1);
  g_assert_true (says (self, "not enough data: 5 of 6"));
  g_assert_true (says (self, "not enough data: 5 of 36"));

  pass (self, 1);
  g_assert_false (says (self, "not enough data: 6 of 6"));
  g_assert_true (says (self, "not enough data: 6 of 36"));
}

static void
test_note_and_count_are_asked_without_a_dialog (Fixture      *self,
                                                gconstpointer data)
{
  press (self, "observe.watch");
  press (self, "observe.next");
  press (self, "observe.note");
  mere_walk_type (self->watch, "Note to the last event; no names", "reader was wiped");
  mere_walk_click (self->watch, "Keep");

  press (self, "observe.count");
  mere_walk_type (self->watch, "How many wait, and how many booths are staffed, as 14/3", "many");
  mere_walk_click (self->watch, "Keep");
  g_assert_cmpuint (count_kept (self), ==, 2);

  press (self, "observe.count");
  mere_walk_type (self->watch, "How many wait, and how many booths are staffed, as 14/3", "14 / 3");
  mere_walk_click (self->watch, "Keep");
  g_assert_cmpuint (count_kept (self), ==, 3);
  g_assert_true (says (self, "Queue counted"));
}

static void
test_opened_again_it_is_as_it_was (Fixture      *self,
                                   gconstpointer data)
{
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GError) error = NULL;

  press (self, "observe.watch");
  pass (self, 2);
  press (self, "observe.next");

  gtk_window_destroy (self->window);
  mere_walk_settle ();
  g_clear_pointer (&self->study, g_free);
  drafts = mere_draft_list (self->store, -1, NULL, &error);
  g_assert_no_error (error);
  show_page (self, mere_observation_open (self->store, ((MereDraft *) g_ptr_array_index (drafts, 0))->id, &error));
  g_assert_no_error (error);

  g_assert_true (gtk_widget_get_mapped (self->watch));
  g_assert_true (says (self, "Passenger 3, next:"));
}

static void
test_ends_as_a_record (Fixture      *self,
                       gconstpointer data)
{
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (MereRecord) record = NULL;
  g_autoptr (MereObservation) other = NULL;
  g_autoptr (GError) error = NULL;

  press (self, "observe.watch");
  pass (self, 2);

  /* The head is filled on the other side of the same draft. */
  gtk_window_destroy (self->window);
  mere_walk_settle ();
  g_clear_pointer (&self->study, g_free);
  drafts = mere_draft_list (self->store, -1, NULL, &error);
  g_assert_no_error (error);
  other = mere_observation_open (self->store, ((MereDraft *) g_ptr_array_index (drafts, 0))->id, &error);
  g_assert_no_error (error);
  mere_sample_answer (mere_observation_get_capture (other), G_MAXUINT);
  show_page (self, g_steal_pointer (&other));

  press (self, "observe.finish");
  g_assert_false (gtk_widget_get_mapped (self->watch));
  mere_walk_click (GTK_WIDGET (self->page), "Finalise");
  g_assert_nonnull (self->done);
  record = mere_record_load (self->store, self->done, &error);
  g_assert_no_error (error);
  g_assert_cmpint (record->kind, ==, MERE_INSTRUMENT_OBSERVATION);
}

static void
test_keys_are_places_on_the_keyboard (void)
{
  static const struct
  {
    guint       code;
    const char *action;
  } cases[] = {
    { KEY_SPACE, "observe.next" },
    { KEY_BACKSPACE, "observe.undo" },
    { KEY_F, "observe.second-line" },
    { KEY_J, "observe.refuse" },
    { KEY_N, "observe.outage" },
    { KEY_O, "observe.open" },
    { KEY_W, "observe.idle" },
    { KEY_I, "observe.interrupt" },
    { KEY_M, "observe.marker" },
    { KEY_ENTER, "observe.note" },
    { KEY_KPENTER, "observe.note" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const MereObserveKey *key = mere_observe_key_find_code (cases[i].code + EVDEV_OFFSET);

      g_assert_nonnull (key);
      g_assert_cmpstr (key->action, ==, cases[i].action);
    }

  g_assert_null (mere_observe_key_find_code (KEY_TAB + EVDEV_OFFSET));
}

#define ADD(name, function) g_test_add ("/ui/observe/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  g_test_add_func ("/ui/observe/keys-are-places-on-the-keyboard", test_keys_are_places_on_the_keyboard);
  ADD ("begins-with-the-head", test_begins_with_the_head);
  ADD ("an-event-is-kept-when-it-is-shown", test_an_event_is_kept_when_it_is_shown);
  ADD ("what-was-not-kept-is-not-shown", test_what_was_not_kept_is_not_shown);
  ADD ("a-key-without-sense-says-why", test_a_key_without_sense_says_why);
  ADD ("a-key-turns-with-the-board", test_a_key_turns_with_the_board);
  ADD ("figures-wait-for-enough-data", test_figures_wait_for_enough_data);
  ADD ("note-and-count-are-asked-without-a-dialog", test_note_and_count_are_asked_without_a_dialog);
  ADD ("opened-again-it-is-as-it-was", test_opened_again_it_is_as_it_was);
  ADD ("ends-as-a-record", test_ends_as_a_record);

  return g_test_run ();
}
