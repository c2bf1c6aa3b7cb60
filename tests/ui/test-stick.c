/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Stick page: what it says before there is a stick, and how the laptop is enrolled. The whole road is driven from
 * outside: tests/drive. */

#include "config.h"

#include <adwaita.h>
#include <string.h>

#include "app/store/record.h"
#include "app/store/settings.h"
#include "sync/enrol.h"
#include "tests/ui/sample-road.h"
#include "tests/ui/sample.h"
#include "tests/ui/stick-fixture.h"
#include "tests/ui/walk.h"
#include "ui/erasure-dialog.h"
#include "ui/stick-words.h"

static gboolean
is_sensitive (StickFixture *self,
              const char   *button)
{
  return gtk_widget_is_sensitive (mere_walk_get (self->page, GTK_TYPE_BUTTON, button));
}

static void
test_nothing_is_written_before_headquarters_is_known (StickFixture *self,
                                                      gconstpointer data)
{
  mere_walk_assert_named (self->page);
  g_assert_false (is_sensitive (self, "Read from stick"));

  mere_walk_type (self->page, "Folder of the stick", self->stick);
  g_assert_true (is_sensitive (self, "Read from stick"));
  g_assert_false (is_sensitive (self, "Write to stick"));
  g_assert_true (stick_fixture_says (self, "Before anything is written, this laptop and headquarters must know each other: see “Enrolment”."));
}

static void
test_a_folder_that_is_not_there_is_said (StickFixture *self,
                                         gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (self->folder, "nowhere", NULL);

  mere_walk_type (self->page, "Folder of the stick", nowhere);
  g_assert_true (stick_fixture_says (self, "No such folder. Is the stick plugged in?"));
  g_assert_false (is_sensitive (self, "Read from stick"));
  g_assert_false (is_sensitive (self, "Write our card"));
}

static gboolean
is_offered (gpointer user_data)
{
  StickFixture *self = user_data;

  return stick_fixture_says (self, "The card of this laptop is on the stick.");
}

static void
test_our_card_is_written (StickFixture *self,
                          gconstpointer data)
{
  g_autoptr (MereEnrolStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  mere_walk_type (self->page, "Folder of the stick", self->stick);
  mere_walk_type (self->page, "What you call this laptop", "Laptop 1");
  mere_walk_click (self->page, "Write our card");
  mere_walk_until (is_offered, self, "the card");

  status = mere_enrol_load_status (self->store, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, MERE_ENROL_OFFERED);
  g_assert_cmpstr (status->label, ==, "Laptop 1");
  g_assert_true (stick_fixture_says (self, status->code));
}

static void
test_mistyped_digits_cannot_be_confirmed (StickFixture *self,
                                          gconstpointer data)
{
  mere_walk_type (self->page, "Folder of the stick", self->stick);
  mere_walk_type (self->page, "The digits of headquarters", "12345 67890");
  g_assert_false (is_sensitive (self, "Confirm"));

  mere_walk_type (self->page, "The digits of headquarters", "12345 67890 12345 67890 1234x");
  g_assert_false (is_sensitive (self, "Confirm"));
  g_assert_true (stick_fixture_says (self, "A code has digits only; “x” is none."));
}

static gboolean
shows_colleague (gpointer user_data)
{
  return stick_fixture_says (user_data, "1 of Laptop 2");
}

static void
test_the_leader_sees_what_the_team_has (StickFixture *self,
                                        gconstpointer data)
{
  g_assert_false (stick_fixture_says (self, "The team"));
  mere_sample_lead (self->store);
  mere_walk_until (shows_colleague, self, "the team");
  g_assert_true (stick_fixture_says (self, "Without a crossing"));
  mere_walk_assert_named (self->page);
}

static gboolean
is_told_of_copies (gpointer user_data)
{
  return stick_fixture_says (user_data, "There are two copies of this vault");
}

static gboolean
is_not_told_of_copies (gpointer user_data)
{
  return !is_told_of_copies (user_data);
}

/* As after a receipt: whoever knows that there is one copy only says so, and is asked no more. */
static void
test_a_copied_vault_is_told_until_it_is_settled (StickFixture *self,
                                                 gconstpointer data)
{
  mere_sample_enrol (self->store);
  g_assert_true (mere_settings_save_int (self->store, "road.copied", MERE_ENROL_COPIED_YES, NULL));
  mere_store_touch (self->store, MERE_STORE_OTHER);
  mere_walk_until (is_told_of_copies, self, "the two copies");
  mere_walk_click (self->page, "This is the only copy");
  mere_walk_until (is_not_told_of_copies, self, "the end of it");
  g_assert_cmpint (mere_enrol_get_copied (self->store), ==, MERE_ENROL_COPIED_SETTLED);
}

static GtkWidget *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *item = windows; item != NULL; item = item->next)
    if (MERE_IS_ERASURE_DIALOG (item->data))
      return item->data;

  return NULL;
}

static gboolean
is_asked (gpointer user_data)
{
  return find_dialog () != NULL;
}

static gboolean
is_erased (gpointer user_data)
{
  return stick_fixture_says (user_data, "2 records were erased from this laptop; headquarters has them.");
}

static gboolean
may_erase (gpointer user_data)
{
  StickFixture *self = user_data;

  return mere_walk_find (self->page, GTK_TYPE_BUTTON, "Erase what headquarters has…") != NULL;
}

static void
test_what_headquarters_has_is_erased_after_asking (StickFixture *self,
                                                   gconstpointer data)
{
  gint64     counts[MERE_RECORD_N_STATES];
  GtkWidget *dialog;

  mere_sample_fill (self->store, 0, 3);
  g_assert_false (may_erase (self));
  mere_sample_acknowledge (self->store, 2);
  mere_walk_until (may_erase, self, "the button");

  mere_walk_click (self->page, "Erase what headquarters has…");
  mere_walk_until (is_asked, NULL, "the question");
  dialog = find_dialog ();
  mere_walk_assert_named (dialog);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "2 records with their attachments"));
  mere_walk_click (dialog, "Erase");
  mere_walk_until (is_erased, self, "the erasure");

  g_assert_true (mere_record_count (self->store, counts, NULL));
  g_assert_cmpint (counts[MERE_RECORD_ERASED], ==, 2);
  g_assert_cmpint (counts[MERE_RECORD_FINAL], ==, 1);
  g_assert_true (stick_fixture_says (self, "records are at headquarters")); /* they count as before */
  g_assert_false (may_erase (self));
}

static gboolean
is_cancelled (gpointer user_data)
{
  return stick_fixture_says (user_data, "Cancelled. The laptop still holds everything.");
}

static gboolean
is_delivered (gpointer user_data)
{
  StickFixture *self = user_data;
  gint64        counts[MERE_RECORD_N_STATES];

  return mere_record_count (self->store, counts, NULL) && counts[MERE_RECORD_DELIVERED] == 2;
}

static gboolean
is_shown (StickFixture *self,
          GType         type,
          const char   *name)
{
  GtkWidget *found = mere_walk_find (self->page, type, name);

  return found != NULL && gtk_widget_is_sensitive (found);
}

/* The errand waits for the store, which the test holds, until it is called off. */
static void
test_writing_can_be_called_off_and_done_later (StickFixture *self,
                                               gconstpointer data)
{
  g_autoptr (MereTransaction) work = NULL;
  gint64 counts[MERE_RECORD_N_STATES];

  mere_sample_enrol (self->store);
  mere_sample_fill (self->store, 0, 2);
  mere_walk_settle ();
  mere_walk_type (self->page, "Folder of the stick", self->stick);
  g_assert_false (is_shown (self, GTK_TYPE_BUTTON, "Cancel"));
  work = mere_transaction_begin (self->store, NULL);
  mere_walk_click (self->page, "Write to stick");
  g_assert_true (is_shown (self, GTK_TYPE_PROGRESS_BAR, "Progress"));
  g_assert_false (is_sensitive (self, "Write to stick"));
  mere_walk_click (self->page, "Cancel");
  g_clear_pointer (&work, mere_transaction_free);
  mere_walk_until (is_cancelled, self, "the end of writing");
  g_assert_true (mere_record_count (self->store, counts, NULL));
  g_assert_cmpint (counts[MERE_RECORD_FINAL], ==, 2);

  mere_walk_click (self->page, "Write to stick");
  mere_walk_until (is_delivered, self, "the bundle on the stick");
}

static void
test_progress_says_how_far_and_how_fast (void)
{
  g_autofree char *begun = mere_stick_words_progress (MERE_COURIER_WRITING, 0, 0, 0);
  g_autofree char *slow = mere_stick_words_progress (MERE_COURIER_WRITING, 12300000, 256000000, 0);
  g_autofree char *fast = mere_stick_words_progress (MERE_COURIER_WRITING, 12300000, 256000000, 4100000);

  g_assert_true (g_str_has_prefix (slow, begun));
  g_assert_nonnull (strstr (slow, "12.3"));
  g_assert_nonnull (strstr (slow, "256.0"));
  g_assert_true (g_str_has_prefix (fast, slow));
  g_assert_nonnull (strstr (fast, "4.1"));
  g_assert_true (g_str_has_suffix (fast, "/s"));
}

static void
test_what_was_written_is_said_in_a_sentence (void)
{
  const MereCourierWritten written = { .n_records = 3, .n_bundles = 1, .n_bytes = 4839 };
  const MereCourierWritten nothing = { 0 };
  g_autofree char         *on_folder = mere_stick_words_written (&written, FALSE);
  g_autofree char         *on_medium = mere_stick_words_written (&written, TRUE);
  g_autofree char         *idle = mere_stick_words_written (&nothing, TRUE);

  g_assert_true (g_str_has_prefix (on_folder, "Written and read back: 3 records in 1 bundle, 4.8"));
  g_assert_true (g_str_has_prefix (on_medium, "Checked: 3 records in 1 bundle, 4.8"));
  g_assert_true (g_str_has_suffix (on_medium, "Eject the stick before you pull it."));
  g_assert_cmpstr (idle, ==, "Nothing had to be written: headquarters has all that is final.");
}

static void
test_what_was_refused_is_said_with_its_reason (void)
{
  g_autofree char   *name = g_strdup ("k7q2m9xd-01-000042.age");
  g_autofree char   *code = g_strdup ("E_SIGNATURE");
  g_autofree char   *message = g_strdup ("It was changed.");
  MereCourierRefusal refusal = { name, code, message };
  g_autoptr (GPtrArray) refusals = g_ptr_array_new ();
  MereCourierRead  read = { .refusals = refusals };
  g_autofree char *sentence = NULL;
  g_autofree char *details = NULL;

  g_ptr_array_add (refusals, &refusal);
  sentence = mere_stick_words_read (&read);
  details = mere_stick_words_read_details (&read);
  g_assert_cmpstr (sentence, ==, "Nothing on this stick could be taken in.");
  g_assert_cmpstr (details, ==, "Not taken: k7q2m9xd-01-000042.age. It was changed. (E_SIGNATURE)");
}

#define ADD(name, function) g_test_add ("/ui/stick/" name, StickFixture, "Utopia.vault", stick_fixture_set_up, function, stick_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  ADD ("nothing-is-written-before-headquarters-is-known", test_nothing_is_written_before_headquarters_is_known);
  ADD ("a-folder-that-is-not-there-is-said", test_a_folder_that_is_not_there_is_said);
  ADD ("our-card-is-written", test_our_card_is_written);
  ADD ("mistyped-digits-cannot-be-confirmed", test_mistyped_digits_cannot_be_confirmed);
  ADD ("the-leader-sees-what-the-team-has", test_the_leader_sees_what_the_team_has);
  ADD ("a-copied-vault-is-told-until-it-is-settled", test_a_copied_vault_is_told_until_it_is_settled);
  ADD ("what-headquarters-has-is-erased-after-asking", test_what_headquarters_has_is_erased_after_asking);
  ADD ("writing-can-be-called-off-and-done-later", test_writing_can_be_called_off_and_done_later);
  g_test_add_func ("/ui/stick/progress-says-how-far-and-how-fast", test_progress_says_how_far_and_how_fast);
  g_test_add_func ("/ui/stick/what-was-written-is-said-in-a-sentence", test_what_was_written_is_said_in_a_sentence);
  g_test_add_func ("/ui/stick/what-was-refused-is-said-with-its-reason", test_what_was_refused_is_said_with_its_reason);

  return g_test_run ();
}
