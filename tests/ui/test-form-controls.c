/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The appearances of a form's questions: each is there as the form asks for it, and keeps what it is given. */

#include "config.h"

#include <adwaita.h>

#include "app/store/attachment.h"
#include "tests/ui/form-fixture.h"
#include "tests/ui/walk.h"
#include "ui/drawing-pad.h"

#define EVERY_CONTROL "every-control.xml"

/* --- Drawing ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  FormFixture *fixture;
  const char  *ref;
  char        *was;
} Answer;

static gboolean
is_another (gpointer user_data)
{
  Answer     *answer = user_data;
  const char *value = mere_form_node_get_value (form_fixture_get_node (answer->fixture, answer->ref));

  return *value != '\0' && g_strcmp0 (value, answer->was) != 0;
}

static void
draw_stroke (FormFixture *self,
             const char  *ref,
             double       x)
{
  MereDrawingPad  *pad = form_fixture_get_part (self, ref, MERE_TYPE_DRAWING_PAD, 0);
  g_autofree char *was = g_strdup (mere_form_node_get_value (form_fixture_get_node (self, ref)));
  Answer           answer = { self, ref, was };

  mere_drawing_pad_begin (pad, x, 20);
  mere_drawing_pad_go (pad, x + 30, 60);
  mere_drawing_pad_end (pad);
  g_assert_true (gtk_widget_is_sensitive (gtk_root_get_focus (GTK_ROOT (self->window)))); /* keys are not lost meanwhile */
  mere_walk_until (is_another, &answer, "the stroke is in the vault");
}

static GdkPixbuf *
load_picture (FormFixture *self,
              const char  *ref)
{
  const char *name = mere_form_node_get_value (form_fixture_get_node (self, ref));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attachments = mere_attachment_list_of_draft (self->store, mere_capture_get_draft (self->capture), &error);

  g_assert_no_error (error);
  for (guint i = 0; i < attachments->len; i++)
    {
      MereAttachment *attachment = g_ptr_array_index (attachments, i);

      if (g_str_equal (attachment->name, name))
        {
          g_autoptr (GInputStream) stream = mere_attachment_open (self->store, attachment->b2, 0, &error);
          GdkPixbuf *picture;

          g_assert_no_error (error);
          g_assert_cmpstr (attachment->mime, ==, "image/png");
          picture = gdk_pixbuf_new_from_stream (stream, NULL, &error);
          g_assert_no_error (error);
          return picture;
        }
    }

  g_error ("no attachment “%s”", name);
}

/* How many pixels are not paper. */
static guint
count_ink (GdkPixbuf *picture)
{
  guint n = 0;

  for (int y = 0; y < gdk_pixbuf_get_height (picture); y++)
    {
      const guchar *row = gdk_pixbuf_read_pixels (picture) + y * gdk_pixbuf_get_rowstride (picture);

      for (int x = 0; x < gdk_pixbuf_get_width (picture); x++)
        n += row[x * gdk_pixbuf_get_n_channels (picture)] < 128;
    }

  return n;
}

static void
test_strokes_become_a_picture (FormFixture  *self,
                               gconstpointer form)
{
  g_autoptr (GdkPixbuf) one = NULL;
  g_autoptr (GdkPixbuf) two = NULL;

  g_assert_true (mere_form_page_show_node (self->page, form_fixture_get_node (self, "/data/signature")));
  form_fixture_await_focus (self, "/data/signature");
  draw_stroke (self, "/data/signature", 20);
  g_assert_true (g_str_has_prefix (mere_form_node_get_value (form_fixture_get_node (self, "/data/signature")), "signature"));
  one = load_picture (self, "/data/signature");
  g_assert_cmpuint (count_ink (one), >, 0);

  draw_stroke (self, "/data/signature", 90);
  two = load_picture (self, "/data/signature");
  g_assert_cmpuint (count_ink (two), >, count_ink (one) * 3 / 2);
}

static void
test_strokes_are_taken_back (FormFixture  *self,
                             gconstpointer form)
{
  GtkWidget      *row = GTK_WIDGET (form_fixture_get_row (self, "/data/drawing"));
  MereDrawingPad *pad = form_fixture_get_part (self, "/data/drawing", MERE_TYPE_DRAWING_PAD, 0);

  draw_stroke (self, "/data/drawing", 20);
  mere_walk_click (row, "Undo the last stroke");
  form_fixture_assert_value (self, "/data/drawing", "");
  g_assert_true (mere_drawing_pad_is_empty (pad));

  draw_stroke (self, "/data/drawing", 20);
  mere_walk_click (row, "Clear");
  form_fixture_assert_value (self, "/data/drawing", "");
  g_assert_true (mere_drawing_pad_is_empty (pad));
}

static void
test_drawing_is_undone_with_the_answers (FormFixture  *self,
                                         gconstpointer form)
{
  MereDrawingPad *pad = form_fixture_get_part (self, "/data/drawing", MERE_TYPE_DRAWING_PAD, 0);

  draw_stroke (self, "/data/drawing", 20);
  form_fixture_act (self, "form.undo");
  form_fixture_assert_value (self, "/data/drawing", "");
  g_assert_true (mere_drawing_pad_is_empty (pad));
  form_fixture_act (self, "form.redo");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (pad)));
  form_fixture_assert_says (self, "/data/drawing", "drawing.png");
}

/* --- Choices ------------------------------------------------------------------------------------------------------ */

static gboolean
is_laid_out (gpointer button)
{
  return gtk_widget_get_width (button) > 0;
}

/* Within the row. */
static void
locate (FormFixture *self,
        const char  *ref,
        const char  *label,
        double      *x,
        double      *y)
{
  GtkWidget      *row;
  graphene_rect_t bounds;

  g_assert_true (mere_form_page_show_node (self->page, form_fixture_get_node (self, ref)));
  form_fixture_await_focus (self, ref);
  row = GTK_WIDGET (form_fixture_get_row (self, ref));
  mere_walk_until (is_laid_out, mere_walk_get (row, GTK_TYPE_CHECK_BUTTON, label), "the choice is laid out");
  g_assert_true (gtk_widget_compute_bounds (mere_walk_get (row, GTK_TYPE_CHECK_BUTTON, label), row, &bounds));
  *x = bounds.origin.x + bounds.size.width / 2;
  *y = bounds.origin.y;
}

static void
test_lines_of_a_table_stand_in_columns (FormFixture  *self,
                                        gconstpointer form)
{
  static const char *const lines[] = { "/data/table/table_hall", "/data/table/table_yard" };
  double                   head_x, x, best_x, y, best_y;
  graphene_rect_t          bounds;
  GtkWidget               *head;

  locate (self, lines[0], "Good", &x, &y);
  head = GTK_WIDGET (form_fixture_get_row (self, "/data/table/table_head"));
  g_assert_null (mere_walk_find (head, GTK_TYPE_CHECK_BUTTON, "Good"));
  g_assert_true (gtk_widget_compute_bounds (mere_walk_get (head, GTK_TYPE_LABEL, "Good"), head, &bounds));
  head_x = bounds.origin.x + bounds.size.width / 2;
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      locate (self, lines[i], "Good", &x, &y);
      locate (self, lines[i], "Very good", &best_x, &best_y);
      g_assert_cmpfloat_with_epsilon (x, head_x, 1);
      g_assert_cmpfloat (x, <, best_x);
      g_assert_cmpfloat (y, ==, best_y);
    }

  form_fixture_assert_says (self, "/data/list/list_road", "Very good");
  form_fixture_assert_silent (self, "/data/table/table_hall", "Very good");
  form_fixture_choose (self, "/data/table/table_hall", "Good");
  form_fixture_assert_value (self, "/data/table/table_hall", "good");
  form_fixture_choose (self, "/data/list/list_gate", "Bad");
  form_fixture_assert_value (self, "/data/list/list_gate", "bad");
}

static void
test_columns_are_as_many_as_asked_for (FormFixture  *self,
                                       gconstpointer form)
{
  double x, y, other_x, other_y;

  locate (self, "/data/columns", "Document scanner", &x, &y);
  locate (self, "/data/columns", "Magnifying glass", &other_x, &other_y);
  g_assert_cmpfloat_with_epsilon (x, other_x, 1);
  g_assert_cmpfloat (y, <, other_y);
}

static void
test_quick_goes_on (FormFixture  *self,
                    gconstpointer form)
{
  g_assert_true (mere_form_page_show_node (self->page, form_fixture_get_node (self, "/data/quick")));
  form_fixture_await_focus (self, "/data/quick");
  form_fixture_choose (self, "/data/quick", "No");
  form_fixture_assert_value (self, "/data/quick", "no");
  form_fixture_await_focus (self, "/data/minimal");
}

/* --- Orders ------------------------------------------------------------------------------------------------------- */

static GtkWidget *
get_rank_line (FormFixture *self,
               const char  *text)
{
  GtkWidget *label = mere_walk_get (GTK_WIDGET (form_fixture_get_row (self, "/data/rank")), GTK_TYPE_LABEL, text);

  return gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW);
}

/* The controller of a type that a widget has; borrowed. */
static gpointer
get_controller (GtkWidget *widget,
                GType      type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }

  g_error ("no %s", g_type_name (type));
}

static void
press_in_rank (FormFixture    *self,
               const char     *text,
               guint           key,
               GdkModifierType modifiers)
{
  gboolean taken = FALSE;

  g_signal_emit_by_name (get_controller (get_rank_line (self, text), GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed", key, 0, modifiers, &taken);
  g_assert_true (taken);
  mere_walk_settle ();
}

static void
assert_rank_focus (FormFixture *self,
                   const char  *text)
{
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == get_rank_line (self, text));
}

static void
go_to_rank (FormFixture *self)
{
  g_assert_true (mere_form_page_show_node (self->page, form_fixture_get_node (self, "/data/rank")));
  form_fixture_await_focus (self, "/data/rank");
  assert_rank_focus (self, "Document scanner");
}

static void
test_order_is_made_by_keys (FormFixture  *self,
                            gconstpointer form)
{
  go_to_rank (self);
  press_in_rank (self, "Document scanner", GDK_KEY_Down, GDK_ALT_MASK);
  form_fixture_assert_value (self, "/data/rank", "lamp scanner glass");
  assert_rank_focus (self, "Document scanner");

  press_in_rank (self, "Document scanner", GDK_KEY_Down, GDK_ALT_MASK);
  form_fixture_assert_value (self, "/data/rank", "lamp glass scanner");
  assert_rank_focus (self, "Document scanner");

  form_fixture_act (self, "form.undo");
  form_fixture_assert_value (self, "/data/rank", "lamp scanner glass");
  form_fixture_await_focus (self, "/data/rank");
}

static void
test_order_is_made_by_dragging (FormFixture  *self,
                                gconstpointer form)
{
  g_auto (GValue) dragged = G_VALUE_INIT;
  g_autoptr (GdkContentProvider) content = NULL;
  g_autoptr (GError) error = NULL;
  gboolean taken = FALSE;

  go_to_rank (self);
  g_signal_emit_by_name (get_controller (get_rank_line (self, "Magnifying glass"), GTK_TYPE_DRAG_SOURCE), "prepare", 0.0, 0.0, &content);
  g_value_init (&dragged, G_TYPE_OBJECT);
  gdk_content_provider_get_value (content, &dragged, &error);
  g_assert_no_error (error);
  g_signal_emit_by_name (get_controller (get_rank_line (self, "Document scanner"), GTK_TYPE_DROP_TARGET), "drop", &dragged, 0.0, 0.0, &taken);
  g_assert_true (taken);
  form_fixture_assert_value (self, "/data/rank", "glass scanner lamp");
  assert_rank_focus (self, "Magnifying glass");
}

static void
test_order_may_stay_as_it_is (FormFixture  *self,
                              gconstpointer form)
{
  go_to_rank (self);
  mere_walk_click (GTK_WIDGET (form_fixture_get_row (self, "/data/rank")), "This order is right");
  form_fixture_assert_value (self, "/data/rank", "scanner lamp glass");
  assert_rank_focus (self, "Document scanner");
}

/* --- Texts -------------------------------------------------------------------------------------------------------- */

static void
test_parts_of_dates_are_enough (FormFixture  *self,
                                gconstpointer form)
{
  form_fixture_type (self, "/data/month", "2026-11");
  form_fixture_type (self, "/data/year", "1998");
  form_fixture_assert_value (self, "/data/month", "2026-11-01");
  form_fixture_assert_value (self, "/data/year", "1998-01-01");
}

static void
test_places_are_checked (FormFixture  *self,
                         gconstpointer form)
{
  form_fixture_type (self, "/data/grid", "15PYS6708213693");
  form_fixture_assert_says (self, "/data/grid", "14°35′00″ N 90°31′16″ W · 15P YS 67082 13693");
  form_fixture_type (self, "/data/grid", "15PYS670821369");
  form_fixture_assert_value (self, "/data/grid", "");
  form_fixture_assert_says (self, "/data/grid", "or a grid reference");
  form_fixture_assert_silent (self, "/data/grid", "·");
}

static void
test_thousands_are_parted (FormFixture  *self,
                           gconstpointer form)
{
  GtkEditable *crossings = form_fixture_get_part (self, "/data/crossings", GTK_TYPE_ENTRY, 0);

  g_assert_true (mere_form_page_show_node (self->page, form_fixture_get_node (self, "/data/crossings")));
  form_fixture_await_focus (self, "/data/crossings");
  form_fixture_type (self, "/data/crossings", "1234567");
  form_fixture_assert_value (self, "/data/crossings", "1234567");
  form_fixture_act (self, "form.next");
  form_fixture_await_focus (self, "/data/width");
  g_assert_cmpstr (gtk_editable_get_text (crossings), ==, "1\u202f234\u202f567");
}

/* --- The page ----------------------------------------------------------------------------------------------------- */

static void
test_what_is_wrong_is_led_to (FormFixture  *self,
                              gconstpointer form)
{
  form_fixture_type (self, "/data/width", "wide");
  form_fixture_type (self, "/data/grid", "nowhere");
  g_assert_true (mere_form_page_show_node (self->page, form_fixture_get_node (self, "/data/line")));
  form_fixture_await_focus (self, "/data/line");

  form_fixture_act (self, "form.next-invalid");
  form_fixture_await_focus (self, "/data/width");
  form_fixture_act (self, "form.next-invalid");
  form_fixture_await_focus (self, "/data/grid");
  form_fixture_act (self, "form.next-invalid");
  form_fixture_await_focus (self, "/data/width");
}

static void
test_search_does_not_lag_behind_the_keys (FormFixture  *self,
                                          gconstpointer form)
{
  GtkWidget *entry;

  form_fixture_act (self, "form.find");
  entry = mere_walk_get (GTK_WIDGET (self->page), GTK_TYPE_SEARCH_ENTRY, "Find in the form");
  gtk_editable_set_text (GTK_EDITABLE (entry), "hall");
  g_signal_emit_by_name (entry, "activate");
  g_assert_nonnull (mere_walk_find (GTK_WIDGET (self->page), GTK_TYPE_LABEL, "1 of 2"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "booths in");
  g_signal_emit_by_name (entry, "stop-search");
  form_fixture_await_focus (self, "/data/booths");
}

static gboolean
is_within_focus (gpointer entry)
{
  return gtk_widget_get_state_flags (entry) & GTK_STATE_FLAG_FOCUS_WITHIN;
}

static void
test_search_keeps_the_focus (FormFixture  *self,
                             gconstpointer form)
{
  GtkWidget *entry;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->page), "form.next-missing", NULL));
  form_fixture_act (self, "form.find");
  entry = mere_walk_get (GTK_WIDGET (self->page), GTK_TYPE_SEARCH_ENTRY, "Find in the form");
  mere_walk_until (is_within_focus, entry, "the search has the focus");
  for (guint i = 0; i < 10; i++)
    mere_walk_settle ();
  g_assert_true (is_within_focus (entry));
}

static void
test_lists_open_in_the_forms_direction (FormFixture  *self,
                                        gconstpointer form)
{
  GtkDropDown *languages = GTK_DROP_DOWN (mere_walk_get (GTK_WIDGET (self->page), GTK_TYPE_DROP_DOWN, "Language"));

  gtk_drop_down_set_selected (languages, 1);
  mere_walk_settle ();
  gtk_menu_button_popup (form_fixture_get_part (self, "/data/minimal", GTK_TYPE_MENU_BUTTON, 0));
  mere_walk_settle ();
  g_assert_cmpint (gtk_widget_get_direction (form_fixture_get_part (self, "/data/minimal", GTK_TYPE_SEARCH_ENTRY, 0)), ==, GTK_TEXT_DIR_RTL);
  g_assert_cmpint (gtk_widget_get_direction (form_fixture_get_part (self, "/data/minimal", GTK_TYPE_LIST_VIEW, 0)), ==, GTK_TEXT_DIR_RTL);
  gtk_menu_button_popdown (form_fixture_get_part (self, "/data/minimal", GTK_TYPE_MENU_BUTTON, 0));
  mere_walk_settle ();
}

static void
test_all_are_named (FormFixture  *self,
                    gconstpointer form)
{
  draw_stroke (self, "/data/signature", 20);
  mere_walk_assert_named (GTK_WIDGET (self->page));
}

typedef void (*FormTest) (FormFixture *self, gconstpointer form);

static const struct
{
  const char *name;
  FormTest    test;
} tests[] = {
  { "strokes-become-a-picture", test_strokes_become_a_picture },
  { "strokes-are-taken-back", test_strokes_are_taken_back },
  { "drawing-is-undone-with-the-answers", test_drawing_is_undone_with_the_answers },
  { "lines-of-a-table-stand-in-columns", test_lines_of_a_table_stand_in_columns },
  { "columns-are-as-many-as-asked-for", test_columns_are_as_many_as_asked_for },
  { "quick-goes-on", test_quick_goes_on },
  { "order-is-made-by-keys", test_order_is_made_by_keys },
  { "order-is-made-by-dragging", test_order_is_made_by_dragging },
  { "order-may-stay-as-it-is", test_order_may_stay_as_it_is },
  { "parts-of-dates-are-enough", test_parts_of_dates_are_enough },
  { "places-are-checked", test_places_are_checked },
  { "thousands-are-parted", test_thousands_are_parted },
  { "what-is-wrong-is-led-to", test_what_is_wrong_is_led_to },
  { "search-does-not-lag-behind-the-keys", test_search_does_not_lag_behind_the_keys },
  { "search-keeps-the-focus", test_search_keeps_the_focus },
  { "lists-open-in-the-forms-direction", test_lists_open_in_the_forms_direction },
  { "all-are-named", test_all_are_named },
};

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/form-controls/", tests[i].name, NULL);

      g_test_add (path, FormFixture, EVERY_CONTROL, form_fixture_set_up, tests[i].test, form_fixture_tear_down);
    }

  return g_test_run ();
}
