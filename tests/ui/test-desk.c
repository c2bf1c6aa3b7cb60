/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The desk: its places, what they say while there is nothing, what is begun, and what locking leaves. */

#include "config.h"

#include <adwaita.h>

#include "app/capture/intake.h"
#include "app/store/crossing.h"
#include "app/store/draft.h"
#include "app/store/media.h"
#include "app/store/terms.h"
#include "sync/put-back.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"
#include "ui/crossing-dialog.h"
#include "ui/desk.h"
#include "ui/form-page.h"
#include "ui/observe-page.h"
#include "ui/stick-page.h"
#include "ui/window.h"

typedef struct
{
  MereStore  *store;
  MereWindow *window;
  GtkWidget  *desk;
} Fixture;

static GtkWidget *
find_type (GtkWidget *root,
           GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return gtk_widget_get_mapped (root) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
set_up (Fixture      *self,
        gconstpointer filled)
{
  self->store = mere_sample_store_new ();
  if (GPOINTER_TO_INT (filled))
    mere_sample_fill (self->store, 3, 1);

  self->window = g_object_new (MERE_TYPE_WINDOW, NULL);
  gtk_window_present (GTK_WINDOW (self->window));
  mere_window_take_store (self->window, self->store);
  mere_walk_settle ();
  self->desk = find_type (GTK_WIDGET (self->window), MERE_TYPE_DESK);
  g_assert_nonnull (self->desk);
}

static void
tear_down (Fixture      *self,
           gconstpointer filled)
{
  gpointer gone = self->window;

  g_object_add_weak_pointer (G_OBJECT (self->window), &gone);
  gtk_window_destroy (GTK_WINDOW (self->window));
  mere_walk_settle ();
  g_assert_null (gone);
}

static void
act (Fixture    *self,
     const char *action,
     GVariant   *parameter)
{
  g_autoptr (GVariant) owned = parameter != NULL ? g_variant_ref_sink (parameter) : NULL;

  g_assert_true (gtk_widget_activate_action_variant (self->desk, action, parameter));
  mere_walk_settle ();
}

static void
go (Fixture    *self,
    const char *place)
{
  act (self, "desk.go", g_variant_new_string (place));
}

static gboolean
says (Fixture    *self,
      const char *text)
{
  return mere_walk_find (self->desk, GTK_TYPE_LABEL, text) != NULL;
}

static gint64
get_draft (Fixture           *self,
           MereInstrumentKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drafts = mere_draft_list (self->store, kind, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (drafts->len, >, 0);

  return ((MereDraft *) g_ptr_array_index (drafts, 0))->id;
}

static void
test_every_place_is_named (Fixture      *self,
                           gconstpointer filled)
{
  for (guint place = 0; place < MERE_N_PLACES; place++)
    {
      go (self, mere_place_get_info (place)->name);
      mere_walk_assert_named (GTK_WIDGET (self->window));
    }
}

/* What was learned while reading a stick stays on the screen, also after locking, until somebody says that he read it. */
static void
test_a_vault_that_was_put_back_says_so (Fixture      *self,
                                        gconstpointer filled)
{
  const char *const button = "I have told headquarters";
  g_autoptr (GError) error = NULL;

  g_assert_null (mere_walk_find (self->desk, GTK_TYPE_BUTTON, button));
  g_assert_true (mere_put_back_note (self->store, &error));
  mere_walk_settle ();
  mere_walk_assert_named (GTK_WIDGET (self->window));
  g_assert_nonnull (mere_walk_find (self->desk, GTK_TYPE_BUTTON, button));
  mere_walk_click (self->desk, button);
  mere_walk_settle ();
  g_assert_null (mere_walk_find (self->desk, GTK_TYPE_BUTTON, button));
  g_assert_cmpint (mere_put_back_get_time_us (self->store), ==, 0);
}

static void
test_an_empty_place_says_what_to_do (Fixture      *self,
                                     gconstpointer filled)
{
  go (self, "observe");
  g_assert_true (says (self, "No instruments yet"));
  go (self, "crossings");
  mere_walk_get (self->desk, GTK_TYPE_BUTTON, "Add a crossing");
  go (self, "records");
  g_assert_true (says (self, "No records yet"));
  go (self, "stick");
  g_assert_true (says (self, "No stick chosen"));
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (MERE_IS_CROSSING_DIALOG (window))
        return window;
    }

  return NULL;
}

static void
test_a_crossing_is_added_and_chosen (Fixture      *self,
                                     gconstpointer filled)
{
  g_autofree char *chosen = NULL;
  g_autoptr (MereCrossing) crossing = NULL;
  GtkWidget *dialog;

  go (self, "crossings");
  mere_walk_click (self->desk, "Add a crossing");
  mere_walk_settle ();
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  mere_walk_assert_named (dialog);
  mere_walk_type (dialog, "Name", "Salt Gate");
  mere_walk_type (dialog, "Latitude", "95");
  mere_walk_click (dialog, "Add");
  g_assert_nonnull (find_dialog ());
  mere_walk_type (dialog, "Latitude", "47,5");
  mere_walk_type (dialog, "Longitude", "9.25");
  mere_walk_click (dialog, "Add");
  mere_walk_settle ();
  g_assert_null (find_dialog ());

  g_object_get (self->desk, "crossing", &chosen, NULL);
  crossing = mere_crossing_load (self->store, chosen, NULL);
  g_assert_nonnull (crossing);
  g_assert_cmpstr (crossing->name, ==, "Salt Gate");
  g_assert_cmpfloat (crossing->latitude, ==, 47.5);
}

static void
test_each_kind_opens_its_page (Fixture      *self,
                               gconstpointer filled)
{
  act (self, "desk.begin", g_variant_new_int64 (mere_sample_get_instrument (self->store, "passenger-processing")));
  g_assert_nonnull (find_type (self->desk, MERE_TYPE_OBSERVE_PAGE));
  act (self, "desk.back", NULL);
  g_assert_null (find_type (self->desk, MERE_TYPE_OBSERVE_PAGE));

  act (self, "desk.begin", g_variant_new_int64 (mere_sample_get_instrument (self->store, "officer-interview")));
  g_assert_nonnull (find_type (self->desk, MERE_TYPE_FORM_PAGE));
  act (self, "desk.back", NULL);

  act (self, "desk.continue", g_variant_new_int64 (get_draft (self, MERE_INSTRUMENT_OBSERVATION)));
  g_assert_nonnull (find_type (self->desk, MERE_TYPE_OBSERVE_PAGE));
}

static void
test_a_deleted_draft_comes_back (Fixture      *self,
                                 gconstpointer filled)
{
  gint64 draft = get_draft (self, MERE_INSTRUMENT_INTERVIEW);
  gint64 before = mere_draft_count (self->store, MERE_INSTRUMENT_INTERVIEW, NULL);

  act (self, "desk.delete-draft", g_variant_new_int64 (draft));
  g_assert_cmpint (mere_draft_count (self->store, MERE_INSTRUMENT_INTERVIEW, NULL), ==, before - 1);
  mere_walk_click (GTK_WIDGET (self->window), "Undo");
  g_assert_cmpint (mere_draft_count (self->store, MERE_INSTRUMENT_INTERVIEW, NULL), ==, before);
}

/* What other tools make says nothing of its kind. */
static void
test_a_form_of_any_origin_is_offered (Fixture      *self,
                                      gconstpointer filled)
{
  static const char form[] =
    "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' "
    "xmlns:jr='http://openrosa.org/javarosa'><h:head>"
    "<h:title>Port questions</h:title><model><instance><data id='port' version='1'><berth/><meta><instanceID/></meta></data>"
    "</instance><bind nodeset='/data/berth' type='string'/><bind nodeset='/data/meta/instanceID' type='string' jr:preload='uid'/>"
    "</model></h:head>"
    "<h:body><input ref='/data/berth'><label>Berth</label></input></h:body></h:html>";
  g_autoptr (GBytes) xml = g_bytes_new_static (form, sizeof form - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_intake_instrument (self->store, xml, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (instrument->kind, ==, MERE_INSTRUMENT_OTHER);
  mere_walk_settle ();

  go (self, "interviews");
  g_assert_true (says (self, "Port questions"));
  act (self, "desk.begin", g_variant_new_int64 (instrument->row));
  g_assert_nonnull (find_type (self->desk, MERE_TYPE_FORM_PAGE));
  act (self, "desk.back", NULL);
  g_assert_true (says (self, "Continue"));
}

/* On its row, on the record's page, and beside the question when it is corrected. */
static void
test_what_headquarters_sends_back_is_shown (Fixture      *self,
                                            gconstpointer filled)
{
  g_autofree char *record = mere_sample_send_back (self->store);

  mere_walk_settle ();
  go (self, "today");
  g_assert_true (says (self, "Sent back by headquarters"));
  g_assert_true (says (self, "Sent back"));
  mere_walk_assert_named (GTK_WIDGET (self->window));

  act (self, "desk.show", g_variant_new_string (record));
  g_assert_true (says (self, "Headquarters: " MERE_SAMPLE_WORD));
  g_assert_true (says (self, "Headquarters: " MERE_SAMPLE_REMARK));
  mere_walk_assert_named (GTK_WIDGET (self->window));

  act (self, "desk.edit", g_variant_new_string (record));
  g_assert_nonnull (find_type (self->desk, MERE_TYPE_FORM_PAGE));
  g_assert_true (says (self, "Headquarters: " MERE_SAMPLE_WORD));
  g_assert_true (says (self, "Headquarters: " MERE_SAMPLE_REMARK));
  mere_walk_assert_named (GTK_WIDGET (self->window));
}

static void
test_a_pack_that_is_old_says_so (Fixture      *self,
                                 gconstpointer filled)
{
  g_autoptr (MereTransaction) work = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (says (self, "The mission pack was meant for the time until 2000-01-01. Work on; read a newer one when a stick brings it."));
  work = mere_transaction_begin (self->store, &error);
  g_assert_true (mere_terms_save (self->store, "2000-01-01", NULL, NULL, &error));
  g_assert_true (mere_transaction_commit (g_steal_pointer (&work), &error));
  mere_walk_settle ();
  g_assert_true (says (self, "The mission pack was meant for the time until 2000-01-01. Work on; read a newer one when a stick brings it."));
  mere_walk_assert_named (GTK_WIDGET (self->window));
  act (self, "desk.begin", g_variant_new_int64 (mere_sample_get_instrument (self->store, "officer-interview"))); /* nothing is blocked */
  g_assert_nonnull (find_type (self->desk, MERE_TYPE_FORM_PAGE));
}

static gboolean
has_picture (gpointer root)
{
  GtkWidget *picture = find_type (root, GTK_TYPE_PICTURE);

  return picture != NULL && gtk_picture_get_paintable (GTK_PICTURE (picture)) != NULL;
}

/* A file that came beside the form. */
static void
test_a_picture_of_a_label_is_shown (Fixture      *self,
                                    gconstpointer filled)
{
  static const char form[] =
    "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:jr='http://openrosa.org/javarosa'>"
    "<h:head><h:title>Gate</h:title><model><itext><translation lang='English (en)'><text id='gate'><value>Which gate?</value>"
    "<value form='image'>jr://images/gate.png</value></text></translation></itext>"
    "<instance><data id='pictured' version='1'><gate/><meta><instanceID/></meta></data></instance>"
    "<bind nodeset='/data/gate' type='string'/><bind nodeset='/data/meta/instanceID' type='string' jr:preload='uid'/></model></h:head>"
    "<h:body><input ref='/data/gate'><label ref=\"jr:itext('gate')\"/></input></h:body></h:html>";
  g_autoptr (GBytes) xml = g_bytes_new_static (form, sizeof form - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_intake_instrument (self->store, xml, -1, NULL, &error);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 24, 16);
  g_autoptr (GBytes) png = NULL;
  char *bytes;
  gsize size;

  g_assert_no_error (error);
  gdk_pixbuf_fill (pixbuf, 0x204060ff);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &size, "png", &error, NULL));
  png = g_bytes_new_take (bytes, size);
  g_assert_true (mere_media_save (self->store, instrument->row, "gate.png", png, &error));
  act (self, "desk.begin", g_variant_new_int64 (instrument->row));
  mere_walk_until (has_picture, self->desk, "the picture of the label");
}

static void
test_locking_leaves_nothing (Fixture      *self,
                             gconstpointer filled)
{
  GtkWidget *page, *desk = self->desk;

  act (self, "desk.continue", g_variant_new_int64 (get_draft (self, MERE_INSTRUMENT_INTERVIEW)));
  page = find_type (self->desk, MERE_TYPE_FORM_PAGE);
  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
  g_object_add_weak_pointer (G_OBJECT (desk), (gpointer *) &desk);

  mere_window_lock (self->window);
  mere_walk_settle ();
  g_assert_null (page);
  g_assert_null (desk);
  g_assert_false (mere_window_is_unlocked (self->window));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (self->window)), ==, "Merestone");
}

#define ADD(name, function, filled) g_test_add ("/ui/desk/" name, Fixture, GINT_TO_POINTER (filled), set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  ADD ("every-place-is-named", test_every_place_is_named, TRUE);
  ADD ("every-empty-place-is-named", test_every_place_is_named, FALSE);
  ADD ("a-vault-that-was-put-back-says-so", test_a_vault_that_was_put_back_says_so, FALSE);
  ADD ("an-empty-place-says-what-to-do", test_an_empty_place_says_what_to_do, FALSE);
  ADD ("a-crossing-is-added-and-chosen", test_a_crossing_is_added_and_chosen, FALSE);
  ADD ("each-kind-opens-its-page", test_each_kind_opens_its_page, TRUE);
  ADD ("a-deleted-draft-comes-back", test_a_deleted_draft_comes_back, TRUE);
  ADD ("a-form-of-any-origin-is-offered", test_a_form_of_any_origin_is_offered, TRUE);
  ADD ("what-headquarters-sends-back-is-shown", test_what_headquarters_sends_back_is_shown, TRUE);
  ADD ("a-pack-that-is-old-says-so", test_a_pack_that_is_old_says_so, TRUE);
  ADD ("a-picture-of-a-label-is-shown", test_a_picture_of_a_label_is_shown, TRUE);
  ADD ("locking-leaves-nothing", test_locking_leaves_nothing, TRUE);

  return g_test_run ();
}
