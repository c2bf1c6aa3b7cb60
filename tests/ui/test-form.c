/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The form page: what the form says is on the screen, and the ways through it lead where they should. */

#include "config.h"

#include <adwaita.h>

#include "app/store/record.h"
#include "tests/ui/form-fixture.h"
#include "tests/ui/walk.h"
#include "ui/form-column.h"

#define EVERY_QUESTION "every-question.xml"

/* GTK keeps up to 200 lines of a list around the one it scrolls by, and a few at the edges and at the focus. */
#define MOST_ROWS 220

/* --- What the form says ------------------------------------------------------------------------------------------ */

static void
test_relevance_shows_and_hides (FormFixture  *self,
                                gconstpointer form)
{
  g_assert_null (form_fixture_find_row (self, "/data/officer/topics"));
  form_fixture_choose (self, "/data/officer/trained", "Yes");
  g_assert_nonnull (form_fixture_find_row (self, "/data/officer/topics"));

  form_fixture_choose (self, "/data/consent", "No");
  g_assert_null (form_fixture_find_row (self, "/data/officer"));
  g_assert_null (form_fixture_find_row (self, "/data/officer/topics"));
  g_assert_null (form_fixture_find_row (self, "/data/post/booth"));
  g_assert_nonnull (form_fixture_find_row (self, "/data/remarks"));

  form_fixture_choose (self, "/data/consent", "Yes");
  g_assert_nonnull (form_fixture_find_row (self, "/data/officer/topics"));
}

static void
test_constraint_is_said_under_the_field (FormFixture  *self,
                                         gconstpointer form)
{
  const char *message = "More than 500 do not fit into this hall.";

  form_fixture_assert_silent (self, "/data/post/waiting", message);
  form_fixture_type (self, "/data/post/waiting", "501");
  form_fixture_assert_says (self, "/data/post/waiting", message);
  form_fixture_assert_value (self, "/data/post/waiting", "501");
  gtk_test_accessible_assert_state (form_fixture_get_part (self, "/data/post/waiting", GTK_TYPE_ENTRY, 0),
                                    GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);

  form_fixture_type (self, "/data/post/waiting", "500");
  form_fixture_assert_silent (self, "/data/post/waiting", message);
}

static void
test_required_is_said_when_it_was_left (FormFixture  *self,
                                        gconstpointer form)
{
  const char *message = "Say which booth it is.";

  mere_form_page_show_node (self->page, form_fixture_get_node (self, "/data/post/booth"));
  form_fixture_assert_silent (self, "/data/post/booth", message);
  form_fixture_act (self, "form.next");
  form_fixture_assert_says (self, "/data/post/booth", message);
  gtk_test_accessible_assert_property (form_fixture_get_part (self, "/data/post/booth", GTK_TYPE_ENTRY, 0),
                                       GTK_ACCESSIBLE_PROPERTY_REQUIRED, TRUE);
}

static void
test_what_is_no_answer_is_not_kept (FormFixture  *self,
                                    gconstpointer form)
{
  form_fixture_type (self, "/data/post/waiting", "12");
  form_fixture_type (self, "/data/post/waiting", "12 or so");
  form_fixture_assert_value (self, "/data/post/waiting", "");
  form_fixture_assert_says (self, "/data/post/waiting", "This is not a whole number, so it is not saved.");

  form_fixture_act (self, "form.finalise");
  g_assert_null (self->done);
  form_fixture_await_focus (self, "/data/post/waiting");
}

static void
test_calculations_are_shown (FormFixture  *self,
                             gconstpointer form)
{
  form_fixture_type (self, "/data/passenger[1]/minutes", "2.5");
  form_fixture_assert_says (self, "/data/total", "2.5");
  form_fixture_assert_says (self, "/data/post/lanes", "6");
}

static void
test_language_switches_at_once (FormFixture  *self,
                                gconstpointer form)
{
  GtkDropDown *languages = GTK_DROP_DOWN (mere_walk_get (GTK_WIDGET (self->page), GTK_TYPE_DROP_DOWN, "Language"));

  form_fixture_type (self, "/data/post/waiting", "600");
  gtk_drop_down_set_selected (languages, 1);
  form_fixture_assert_says (self, "/data/post/booth", "Quel guichet ?");
  form_fixture_assert_says (self, "/data/post/waiting", "Plus de 500 ne tiennent pas dans cette salle.");
  form_fixture_choose (self, "/data/officer/trained", "Oui");
  form_fixture_assert_value (self, "/data/officer/trained", "yes");

  gtk_drop_down_set_selected (languages, 2);
  form_fixture_assert_says (self, "/data/post/booth", "أي كشك؟");
  g_assert_cmpint (gtk_widget_get_direction (form_fixture_get_part (self, "/data/post/booth", GTK_TYPE_ENTRY, 0)), ==, GTK_TEXT_DIR_RTL);
  g_assert_cmpint (gtk_widget_get_direction (GTK_WIDGET (self->page)), ==, GTK_TEXT_DIR_LTR);
}

/* --- Repeats ----------------------------------------------------------------------------------------------------- */

static void
test_entries_are_added_and_removed (FormFixture  *self,
                                    gconstpointer form)
{
  GtkWidget *page = GTK_WIDGET (self->page);

  form_fixture_type (self, "/data/passenger[1]/nationality", "UTO");
  mere_walk_click (page, "Add another: Passenger");
  mere_walk_settle ();
  form_fixture_await_focus (self, "/data/passenger[2]/nationality");
  form_fixture_type (self, "/data/passenger[2]/nationality", "D");

  mere_walk_click (page, "Remove Passenger 1");
  mere_walk_settle ();
  g_assert_null (form_fixture_find_row (self, "/data/passenger[2]"));
  form_fixture_assert_value (self, "/data/passenger[1]/nationality", "D");

  mere_walk_click (page, "Undo");
  mere_walk_settle ();
  form_fixture_assert_value (self, "/data/passenger[1]/nationality", "UTO");
  form_fixture_assert_value (self, "/data/passenger[2]/nationality", "D");
}

static void
test_entries_are_told_apart (FormFixture  *self,
                             gconstpointer form)
{
  GtkWidget *first, *second;

  mere_walk_click (GTK_WIDGET (self->page), "Add another: Passenger");
  first = GTK_WIDGET (form_fixture_get_row (self, "/data/passenger[1]/nationality"));
  second = GTK_WIDGET (form_fixture_get_row (self, "/data/passenger[2]/nationality"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (first), GTK_ACCESSIBLE_PROPERTY_LABEL, "Passenger 1: Nationality");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (second), GTK_ACCESSIBLE_PROPERTY_LABEL, "Passenger 2: Nationality");
}

/* --- Ways through the form --------------------------------------------------------------------------------------- */

static void
test_enter_and_tab_go_on (FormFixture  *self,
                          gconstpointer form)
{
  form_fixture_await_focus (self, "/data/consent");
  form_fixture_act (self, "form.next");
  form_fixture_await_focus (self, "/data/post/booth");
  gtk_widget_child_focus (GTK_WIDGET (self->window), GTK_DIR_TAB_FORWARD);
  form_fixture_await_focus (self, "/data/post/waiting");
  gtk_widget_child_focus (GTK_WIDGET (self->window), GTK_DIR_TAB_BACKWARD);
  form_fixture_await_focus (self, "/data/post/booth");
  form_fixture_act (self, "form.previous");
  form_fixture_await_focus (self, "/data/consent");
}

static void
test_missing_answers_are_led_to (FormFixture  *self,
                                 gconstpointer form)
{
  form_fixture_act (self, "form.next-missing");
  form_fixture_await_focus (self, "/data/post/booth");
  form_fixture_act (self, "form.next-missing");
  form_fixture_await_focus (self, "/data/passenger[1]/nationality");
  form_fixture_act (self, "form.next-missing");
  form_fixture_await_focus (self, "/data/consent");
}

static void
test_words_are_found (FormFixture  *self,
                      gconstpointer form)
{
  GtkWidget *field;

  form_fixture_act (self, "form.find");
  field = mere_walk_get (GTK_WIDGET (self->page), GTK_TYPE_SEARCH_ENTRY, "Find in the form");
  gtk_editable_set_text (GTK_EDITABLE (field), "HEAVY");
  g_signal_emit_by_name (field, "search-changed");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (form_fixture_get_row (self, "/data/officer/load")), "found"));
  g_signal_emit_by_name (field, "stop-search");
  mere_walk_settle ();
  form_fixture_await_focus (self, "/data/officer/load");
}

static void
test_answers_are_undone (FormFixture  *self,
                         gconstpointer form)
{
  form_fixture_type (self, "/data/post/booth", "7");
  form_fixture_type (self, "/data/post/booth", "7b");
  form_fixture_type (self, "/data/post/waiting", "12");

  form_fixture_act (self, "form.undo");
  form_fixture_assert_value (self, "/data/post/waiting", "");
  form_fixture_await_focus (self, "/data/post/waiting");
  form_fixture_act (self, "form.undo");
  form_fixture_assert_value (self, "/data/post/booth", "");
  form_fixture_act (self, "form.redo");
  form_fixture_assert_value (self, "/data/post/booth", "7b");
  g_assert_cmpstr (gtk_editable_get_text (form_fixture_get_part (self, "/data/post/booth", GTK_TYPE_ENTRY, 0)), ==, "7b");
}

static void
test_comments_are_kept (FormFixture  *self,
                        gconstpointer form)
{
  MereFormNode *booth = form_fixture_get_node (self, "/data/post/booth");
  GtkTextView  *comment;

  mere_form_page_show_node (self->page, booth);
  form_fixture_act (self, "form.comment");
  comment = form_fixture_get_part (self, "/data/post/booth", GTK_TYPE_TEXT_VIEW, 0);
  g_assert_true (gtk_widget_is_focus (GTK_WIDGET (comment)));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (comment), "The number is hard to read.", -1);
  g_assert_cmpstr (mere_capture_get_comment (self->capture, booth), ==, "The number is hard to read.");
}

/* --- Finalising -------------------------------------------------------------------------------------------------- */

static void
test_holes_are_links (FormFixture  *self,
                      gconstpointer form)
{
  GtkWidget *page = GTK_WIDGET (self->page);

  form_fixture_act (self, "form.finalise");
  g_assert_null (self->done);
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_LABEL, "3 answers are missing or have to be corrected"));
  form_fixture_await_focus (self, "/data/consent");

  mere_walk_click (page, "Which booth? – Say which booth it is.");
  mere_walk_settle ();
  form_fixture_await_focus (self, "/data/post/booth");
  form_fixture_type (self, "/data/post/booth", "7");
  mere_walk_settle ();
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_LABEL, "2 answers are missing or have to be corrected"));
  g_assert_null (mere_walk_find (page, GTK_TYPE_BUTTON, "Which booth? – Say which booth it is."));
}

static void
test_complete_form_becomes_a_record (FormFixture  *self,
                                     gconstpointer form)
{
  g_autoptr (MereRecord) record = NULL;
  g_autoptr (GError) error = NULL;

  form_fixture_choose (self, "/data/consent", "Yes");
  form_fixture_type (self, "/data/post/booth", "7");
  form_fixture_type (self, "/data/passenger[1]/nationality", "UTO");
  mere_walk_click (GTK_WIDGET (self->page), "Finalise");

  g_assert_nonnull (self->done);
  record = mere_record_load (self->store, self->done, &error);
  g_assert_no_error (error);
  g_assert_cmpint (record->state, ==, MERE_RECORD_FINAL);
}

/* --- The page itself --------------------------------------------------------------------------------------------- */

static void
assert_labelled (FormFixture *self,
                 const char  *ref,
                 GType        type)
{
  gtk_test_accessible_assert_relation (form_fixture_get_part (self, ref, type, 0), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                       mere_walk_get (GTK_WIDGET (form_fixture_get_row (self, ref)), GTK_TYPE_LABEL, mere_form_node_get_label (form_fixture_get_node (self, ref))),
                                       NULL);
}

static void
test_every_control_has_its_name (FormFixture  *self,
                                 gconstpointer form)
{
  static const char *const entries[] = { "booth", "waiting", "width", "opened", "shift", "seen", "place" };

  form_fixture_choose (self, "/data/officer/trained", "Yes");
  form_fixture_act (self, "form.comment");
  mere_walk_assert_named (GTK_WIDGET (self->page));

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *ref = g_strconcat ("/data/post/", entries[i], NULL);

      assert_labelled (self, ref, GTK_TYPE_ENTRY);
    }
  assert_labelled (self, "/data/remarks", GTK_TYPE_TEXT_VIEW);
  assert_labelled (self, "/data/officer/load", GTK_TYPE_RANGE);
  assert_labelled (self, "/data/officer/office", GTK_TYPE_MENU_BUTTON);
  assert_labelled (self, "/data/officer/read", GTK_TYPE_CHECK_BUTTON);
}

static void
test_outline_counts (FormFixture  *self,
                     gconstpointer form)
{
  GtkWidget *page = GTK_WIDGET (self->page);

  form_fixture_type (self, "/data/post/booth", "7");
  form_fixture_type (self, "/data/post/waiting", "501");
  mere_walk_settle ();
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_WIDGET, "The post, 2 of 7, 1 needs attention"));
}

static void
test_page_is_freed (FormFixture  *self,
                    gconstpointer form)
{
  form_fixture_choose (self, "/data/officer/trained", "Yes");
  form_fixture_act (self, "form.finalise");
  form_fixture_act (self, "form.find");
  form_fixture_hide (self);
}

static char *
make_long_form (guint n)
{
  GString *nodes = g_string_new (NULL);
  GString *body = g_string_new (NULL);
  char    *xml;

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (nodes, "<q%u/>", i);
      g_string_append_printf (body, "<input ref='/data/q%u'><label>Question %u</label></input>", i, i);
    }

  xml = g_strdup_printf ("<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:jr='http://openrosa.org/javarosa'>"
                         "<h:head><h:title>Long</h:title><model><instance><data id='long' version='1'>%s<meta><instanceID/></meta></data></instance>"
                         "<bind nodeset='/data/meta/instanceID' type='string' jr:preload='uid'/></model></h:head><h:body>%s</h:body></h:html>",
                         nodes->str, body->str);
  g_string_free (nodes, TRUE);
  g_string_free (body, TRUE);

  return xml;
}

static void
test_long_form_has_few_widgets (void)
{
  g_autofree char *xml = make_long_form (2000);
  FormFixture      self = { 0 };

  form_fixture_show (&self, xml);
  g_assert_cmpuint (form_fixture_count_rows (&self), <=, MOST_ROWS);
  g_assert_null (form_fixture_find_row (&self, "/data/q1500"));

  g_assert_true (mere_form_page_show_node (self.page, form_fixture_get_node (&self, "/data/q1500")));
  mere_walk_settle ();
  form_fixture_await_focus (&self, "/data/q1500");
  g_assert_cmpuint (form_fixture_count_rows (&self), <=, MOST_ROWS);
  form_fixture_type (&self, "/data/q1500", "far down");
  form_fixture_assert_value (&self, "/data/q1500", "far down");

  form_fixture_tear_down (&self, NULL);
}

typedef void (*FormTest) (FormFixture *self, gconstpointer form);

static const struct
{
  const char *name;
  FormTest    test;
} tests[] = {
  { "form/relevance-shows-and-hides", test_relevance_shows_and_hides },
  { "form/constraint-is-said-under-the-field", test_constraint_is_said_under_the_field },
  { "form/required-is-said-when-it-was-left", test_required_is_said_when_it_was_left },
  { "form/what-is-no-answer-is-not-kept", test_what_is_no_answer_is_not_kept },
  { "form/calculations-are-shown", test_calculations_are_shown },
  { "form/language-switches-at-once", test_language_switches_at_once },
  { "repeat/entries-are-added-and-removed", test_entries_are_added_and_removed },
  { "repeat/entries-are-told-apart", test_entries_are_told_apart },
  { "way/enter-and-tab-go-on", test_enter_and_tab_go_on },
  { "way/missing-answers-are-led-to", test_missing_answers_are_led_to },
  { "way/words-are-found", test_words_are_found },
  { "way/answers-are-undone", test_answers_are_undone },
  { "way/comments-are-kept", test_comments_are_kept },
  { "end/holes-are-links", test_holes_are_links },
  { "end/complete-form-becomes-a-record", test_complete_form_becomes_a_record },
  { "page/every-control-has-its-name", test_every_control_has_its_name },
  { "page/outline-counts", test_outline_counts },
  { "page/page-is-freed", test_page_is_freed },
};

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/form/", tests[i].name, NULL);

      g_test_add (path, FormFixture, EVERY_QUESTION, form_fixture_set_up, tests[i].test, form_fixture_tear_down);
    }
  g_test_add_func ("/ui/form/page/long-form-has-few-widgets", test_long_form_has_few_widgets);

  return g_test_run ();
}
