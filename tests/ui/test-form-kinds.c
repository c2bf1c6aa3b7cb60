/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each kind of question: what is given in its widgets is in the vault. */

#include "config.h"

#include <adwaita.h>

#include "app/store/attachment.h"
#include "tests/ui/form-fixture.h"
#include "tests/ui/walk.h"

#define EVERY_QUESTION "every-question.xml"

static void
test_texts_and_numbers_are_kept (FormFixture  *self,
                                 gconstpointer form)
{
  GtkTextView *remarks = form_fixture_get_part (self, "/data/remarks", GTK_TYPE_TEXT_VIEW, 0);

  form_fixture_type (self, "/data/post/booth", "7b");
  form_fixture_type (self, "/data/post/waiting", "٢٥");
  form_fixture_type (self, "/data/post/width", "2,5");
  form_fixture_type (self, "/data/post/place", "14.5833 -90.5211");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (remarks), "Two lines,\nboth kept.", -1);

  form_fixture_assert_value (self, "/data/post/booth", "7b");
  form_fixture_assert_value (self, "/data/post/waiting", "25");
  form_fixture_assert_value (self, "/data/post/width", "2.5");
  form_fixture_assert_value (self, "/data/post/place", "14.5833 -90.5211 0.0 0.0");
  form_fixture_assert_value (self, "/data/remarks", "Two lines,\nboth kept.");
}

/* Whether the text of a field begins at its left: its first letter lies left of its last. */
static gboolean
begins_left (GtkEditable *field)
{
  GtkText        *text = GTK_TEXT (gtk_editable_get_delegate (field));
  graphene_rect_t first, last;

  gtk_text_compute_cursor_extents (text, 0, &first, NULL);
  gtk_text_compute_cursor_extents (text, g_utf8_strlen (gtk_editable_get_text (field), -1), &last, NULL);

  return first.origin.x < last.origin.x;
}

/* The form's language says on which side things stand; what is in a field is read as it is written. */
static void
test_each_field_runs_as_it_is_written (FormFixture  *self,
                                       gconstpointer form)
{
  GtkEditable *field = form_fixture_get_part (self, "/data/post/booth", GTK_TYPE_ENTRY, 0);

  gtk_editable_set_text (field, "كشك الحدود");
  mere_walk_settle ();
  g_assert_cmpint (gtk_widget_get_direction (GTK_WIDGET (field)), ==, GTK_TEXT_DIR_LTR);
  g_assert_false (begins_left (field));

  mere_capture_set_language (self->capture, "العربية (ar)", NULL);
  mere_walk_settle ();
  field = form_fixture_get_part (self, "/data/post/booth", GTK_TYPE_ENTRY, 0);
  g_assert_cmpint (gtk_widget_get_direction (GTK_WIDGET (field)), ==, GTK_TEXT_DIR_RTL);
  g_assert_false (begins_left (field));

  gtk_editable_set_text (field, "Salt Gate 7b");
  mere_walk_settle ();
  g_assert_true (begins_left (field));
  form_fixture_assert_value (self, "/data/post/booth", "Salt Gate 7b");
}

static void
test_dates_and_times_are_kept (FormFixture  *self,
                               gconstpointer form)
{
  GtkEditable *time = form_fixture_get_part (self, "/data/post/seen", GTK_TYPE_ENTRY, 1);
  const char  *seen, *shift;

  form_fixture_type (self, "/data/post/opened", "24.11.2026");
  form_fixture_type (self, "/data/post/shift", "1405");
  form_fixture_type (self, "/data/post/seen", "2026-11-24");
  form_fixture_assert_value (self, "/data/post/seen", "");
  form_fixture_assert_says (self, "/data/post/seen", "The time is missing, so this is not saved.");
  gtk_editable_set_text (time, "9:30");

  shift = mere_form_node_get_value (form_fixture_get_node (self, "/data/post/shift"));
  seen = mere_form_node_get_value (form_fixture_get_node (self, "/data/post/seen"));
  form_fixture_assert_value (self, "/data/post/opened", "2026-11-24");
  g_assert_true (g_str_has_prefix (shift, "14:05:00.000"));
  g_assert_true (g_str_has_prefix (seen, "2026-11-24T09:30:00.000"));
  form_fixture_assert_silent (self, "/data/post/seen", "not saved");
}

static void
test_choices_are_kept (FormFixture  *self,
                       gconstpointer form)
{
  form_fixture_choose (self, "/data/consent", "Yes");
  form_fixture_choose (self, "/data/officer/trained", "Yes");
  form_fixture_choose (self, "/data/officer/topics", "Rights of travellers");
  form_fixture_choose (self, "/data/officer/topics", "Travel documents");
  form_fixture_choose (self, "/data/officer/read", "Done");

  form_fixture_assert_value (self, "/data/consent", "yes");
  form_fixture_assert_value (self, "/data/officer/topics", "documents rights");
  form_fixture_assert_value (self, "/data/officer/read", "OK");

  form_fixture_choose (self, "/data/officer/topics", "Travel documents");
  form_fixture_assert_value (self, "/data/officer/topics", "rights");
}

static void
test_digits_and_letters_choose (FormFixture  *self,
                                gconstpointer form)
{
  MereQuestionControl *choices = form_fixture_get_part (self, "/data/officer/trained", MERE_TYPE_QUESTION_CONTROL, 0);

  g_assert_true (mere_question_control_pick (choices, '2'));
  form_fixture_assert_value (self, "/data/officer/trained", "no");
  g_assert_false (mere_question_control_pick (choices, '9'));

  g_assert_true (mere_question_control_pick (choices, 'y'));
  g_assert_true (gtk_widget_is_focus (mere_walk_get (GTK_WIDGET (choices), GTK_TYPE_CHECK_BUTTON, "Yes")));
  form_fixture_assert_value (self, "/data/officer/trained", "no");
}

static void
test_long_lists_are_searched (FormFixture  *self,
                              gconstpointer form)
{
  MereQuestionControl *picker = form_fixture_get_part (self, "/data/officer/office", MERE_TYPE_QUESTION_CONTROL, 0);
  GtkListView         *list;

  g_assert_true (mere_question_control_pick (picker, 's'));
  mere_walk_settle ();
  list = form_fixture_get_part (self, "/data/officer/office", GTK_TYPE_LIST_VIEW, 0);
  gtk_editable_set_text (form_fixture_get_part (self, "/data/officer/office", GTK_TYPE_SEARCH_ENTRY, 0), "gate");
  g_signal_emit_by_name (form_fixture_get_part (self, "/data/officer/office", GTK_TYPE_SEARCH_ENTRY, 0), "search-changed");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (list))), ==, 1);
  g_signal_emit_by_name (list, "activate", 0);

  form_fixture_assert_value (self, "/data/officer/office", "salt");
  form_fixture_assert_says (self, "/data/officer/office", "Salt Gate");
}

static void
test_ranges_and_ranks_are_kept (FormFixture  *self,
                                gconstpointer form)
{
  GtkRange *load = form_fixture_get_part (self, "/data/officer/load", GTK_TYPE_RANGE, 0);

  form_fixture_assert_says (self, "/data/officer/load", "No answer");
  gtk_range_set_value (load, 7);
  form_fixture_assert_value (self, "/data/officer/load", "7");

  form_fixture_choose (self, "/data/officer/satisfied", "4 of 5");
  form_fixture_assert_value (self, "/data/officer/satisfied", "4");

  form_fixture_assert_value (self, "/data/officer/needs", "");
  mere_walk_click (GTK_WIDGET (form_fixture_get_row (self, "/data/officer/needs")), "Move down");
  form_fixture_assert_value (self, "/data/officer/needs", "systems documents safety");
}

static GFile *
make_picture (const char *folder)
{
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 1600, 400);
  g_autofree char *path = g_build_filename (folder, "booth.jpeg", NULL);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (picture, 0x336699ff);
  gdk_pixbuf_save (picture, path, "png", &error, "tEXt::Author", "Anna Maria Eriksson", NULL);
  g_assert_no_error (error);

  return g_file_new_for_path (path);
}

static void
drop (GtkWidget *upload,
      GFile     *file)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (upload);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, G_TYPE_FILE);
  g_value_set_object (&value, file);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 0.0, 0.0, &taken);
    }
  g_assert_true (taken);
}

static gboolean
has_photo (gpointer user_data)
{
  return *mere_form_node_get_value (form_fixture_get_node (user_data, "/data/photo")) != '\0';
}

/* The larger side is what the form allows at most, and nothing of what stood beside the picture is there. */
static void
assert_clean_picture (FormFixture          *self,
                      const MereAttachment *attachment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = mere_attachment_open (self->store, attachment->b2, 0, &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GInputStream) copy = NULL;
  g_autoptr (GdkPixbuf) picture = NULL;

  g_assert_no_error (error);
  bytes = g_input_stream_read_bytes (stream, (gsize) attachment->size, NULL, &error);
  g_assert_no_error (error);
  copy = g_memory_input_stream_new_from_bytes (bytes);
  picture = gdk_pixbuf_new_from_stream (copy, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_pixbuf_get_width (picture), ==, 1024);
  g_assert_cmpint (gdk_pixbuf_get_height (picture), ==, 256);
  g_assert_null (g_strstr_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), "Eriksson"));
}

static void
test_pictures_are_taken_in_clean (FormFixture  *self,
                                  gconstpointer form)
{
  g_autofree char *folder = g_dir_make_tmp ("merestone-form-XXXXXX", NULL);
  g_autoptr (GFile) file = make_picture (folder);
  g_autoptr (GPtrArray) attachments = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *upload = form_fixture_get_part (self, "/data/photo", MERE_TYPE_QUESTION_CONTROL, 0);

  drop (upload, file);
  mere_walk_until (has_photo, self, "the picture is taken in");

  form_fixture_assert_value (self, "/data/photo", "booth.jpg");
  form_fixture_assert_says (self, "/data/photo", "booth.jpg");
  attachments = mere_attachment_list_of_draft (self->store, mere_capture_get_draft (self->capture), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (attachments->len, ==, 1);
  assert_clean_picture (self, g_ptr_array_index (attachments, 0));

  mere_walk_click (upload, "Remove the file");
  form_fixture_assert_value (self, "/data/photo", "");
  mere_walk_remove_folder (folder);
}

/* Ctrl+V, as the control binds it. */
static void
paste (GtkWidget *upload)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (upload);
  gboolean pasted = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller))
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), 0);
          g_autofree char *keys = gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));

          g_assert_cmpstr (keys, ==, "<Control>v");
          pasted = gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, upload, NULL);
        }
    }
  g_assert_true (pasted);
}

static GtkWidget *
get_thumbnail (FormFixture *self)
{
  return form_fixture_get_part (self, "/data/photo", GTK_TYPE_PICTURE, 0);
}

static gboolean
has_thumbnail (gpointer self)
{
  return gtk_widget_get_visible (get_thumbnail (self));
}

static void
test_a_picture_is_pasted (FormFixture  *self,
                          gconstpointer form)
{
  GtkWidget *upload = form_fixture_get_part (self, "/data/photo", MERE_TYPE_QUESTION_CONTROL, 0);
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 1600, 400);
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GPtrArray) attachments = NULL;
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (picture, 0x336699ff);
  texture = gdk_texture_new_for_pixbuf (picture);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (upload), texture);
  paste (upload);
  mere_walk_until (has_photo, self, "the picture is pasted");

  attachments = mere_attachment_list_of_draft (self->store, mere_capture_get_draft (self->capture), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (attachments->len, ==, 1);
  assert_clean_picture (self, g_ptr_array_index (attachments, 0));
  mere_walk_until (has_thumbnail, self, "the thumbnail");
}

static void
test_a_copied_file_is_pasted (FormFixture  *self,
                              gconstpointer form)
{
  GtkWidget       *upload = form_fixture_get_part (self, "/data/photo", MERE_TYPE_QUESTION_CONTROL, 0);
  g_autofree char *folder = g_dir_make_tmp ("merestone-form-XXXXXX", NULL);
  g_autoptr (GFile) file = make_picture (folder);

  gdk_clipboard_set (gtk_widget_get_clipboard (upload), G_TYPE_FILE, file);
  paste (upload);
  mere_walk_until (has_photo, self, "the file is pasted");
  form_fixture_assert_value (self, "/data/photo", "booth.jpg");
  mere_walk_remove_folder (folder);
}

static void
test_text_is_no_picture (FormFixture  *self,
                         gconstpointer form)
{
  GtkWidget *upload = form_fixture_get_part (self, "/data/photo", MERE_TYPE_QUESTION_CONTROL, 0);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (upload), "booth");
  paste (upload);
  mere_walk_settle ();
  form_fixture_assert_value (self, "/data/photo", "");
  g_assert_false (has_thumbnail (self));
}

/* Small enough to be quick, of the picture's shape, and gone with it. */
static void
test_thumbnails_are_shown (FormFixture  *self,
                           gconstpointer form)
{
  GtkWidget       *upload = form_fixture_get_part (self, "/data/photo", MERE_TYPE_QUESTION_CONTROL, 0);
  g_autofree char *folder = g_dir_make_tmp ("merestone-form-XXXXXX", NULL);
  g_autoptr (GFile) file = make_picture (folder);
  GdkPaintable *thumbnail;

  g_assert_false (has_thumbnail (self));
  drop (upload, file);
  mere_walk_until (has_thumbnail, self, "the thumbnail");
  thumbnail = gtk_picture_get_paintable (GTK_PICTURE (get_thumbnail (self)));
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (thumbnail), ==, 192);
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (thumbnail), ==, 48);

  mere_walk_click (upload, "Remove the file");
  g_assert_false (has_thumbnail (self));
  form_fixture_act (self, "form.undo");
  mere_walk_until (has_thumbnail, self, "the thumbnail again");
  mere_walk_remove_folder (folder);
}

static void
test_every_character_is_durable (FormFixture  *self,
                                 gconstpointer form)
{
  const char *typed[] = { "7", "7b", "7b " };

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MereCapture) again = NULL;
      MereFormNode *booth;

      form_fixture_type (self, "/data/post/booth", typed[i]);
      again = mere_capture_open (self->store, mere_capture_get_draft (self->capture), &error);
      g_assert_no_error (error);
      booth = mere_form_session_find (mere_capture_get_session (again), "/data/post/booth");
      g_assert_cmpstr (mere_form_node_get_value (booth), ==, typed[i]);
    }
}

typedef void (*FormTest) (FormFixture *self, gconstpointer form);

static const struct
{
  const char *name;
  FormTest    test;
} tests[] = {
  { "texts-and-numbers-are-kept", test_texts_and_numbers_are_kept },
  { "fields-run-as-they-are-written", test_each_field_runs_as_it_is_written },
  { "dates-and-times-are-kept", test_dates_and_times_are_kept },
  { "choices-are-kept", test_choices_are_kept },
  { "digits-and-letters-choose", test_digits_and_letters_choose },
  { "long-lists-are-searched", test_long_lists_are_searched },
  { "ranges-and-ranks-are-kept", test_ranges_and_ranks_are_kept },
  { "pictures-are-taken-in-clean", test_pictures_are_taken_in_clean },
  { "a-picture-is-pasted", test_a_picture_is_pasted },
  { "a-copied-file-is-pasted", test_a_copied_file_is_pasted },
  { "text-is-no-picture", test_text_is_no_picture },
  { "thumbnails-are-shown", test_thumbnails_are_shown },
  { "every-character-is-durable", test_every_character_is_durable },
};

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/form-kinds/", tests[i].name, NULL);

      g_test_add (path, FormFixture, EVERY_QUESTION, form_fixture_set_up, tests[i].test, form_fixture_tear_down);
    }

  return g_test_run ();
}
