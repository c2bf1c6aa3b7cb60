/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of every page, over sample data: `gallery FOLDER LOOK PERCENT` writes FOLDER/PAGE-LOOK.png, with text of
 * PERCENT of the normal size. Theme and language come from the environment; tests/drive/shots sets it. */

#include "config.h"

#include <glib/gstdio.h>

#include "app/store/crossing.h"
#include "app/store/draft.h"
#include "app/store/record.h"
#include "app/store/settings.h"
#include "sync/enrol.h"
#include "tests/ui/sample-road.h"
#include "app/vault/recovery.h"
#include "tests/drive/take.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"
#include "ui/application.h"
#include "ui/crossing-dialog.h"
#include "ui/desk.h"
#include "ui/erasure-dialog.h"
#include "ui/erase-dialog.h"
#include "ui/language.h"
#include "ui/new-vault-page.h"
#include "ui/passphrase-dialog.h"
#include "ui/preferences-window.h"
#include "ui/vault-window.h"
#include "ui/window.h"

#define WIDTH 1024
#define HEIGHT 700

typedef struct
{
  MereWindow *window;
  MereStore  *store;
  const char *vault;
  const char *folder;
  const char *look;
} Gallery;

static void
take (const Gallery *self,
      GtkWidget     *window,
      const char    *name)
{
  mere_take_picture (window, self->folder, name, self->look);
}

static void
take_dialog (const Gallery *self,
             GtkWindow     *dialog,
             const char    *name)
{
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self->window));
  gtk_window_present (dialog);
  take (self, GTK_WIDGET (dialog), name);
  gtk_window_destroy (dialog);
}

/* --- Finding ------------------------------------------------------------------------------------------------------ */

static GtkWidget *
find (GtkWidget  *root,
      const char *type)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (root), type))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
get (const Gallery *self,
     const char    *type)
{
  GtkWidget *found = find (GTK_WIDGET (self->window), type);

  if (found == NULL)
    g_error ("there is no %s in the window", type);

  return found;
}

static void
act (const Gallery *self,
     const char    *widget,
     const char    *action,
     GVariant      *parameter)
{
  g_autoptr (GVariant) owned = parameter != NULL ? g_variant_ref_sink (parameter) : NULL;

  if (!gtk_widget_activate_action_variant (get (self, widget), action, parameter))
    g_error ("%s cannot be done", action);
}

static void
type (const Gallery *self,
      const char    *page,
      const char    *field,
      const char    *text)
{
  GtkWidget *widget = get (self, page);

  gtk_editable_set_text (GTK_EDITABLE (gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), field)), text);
}

/* The last draft of @kind. */
static void
continue_draft (const Gallery     *self,
                MereInstrumentKind kind)
{
  g_autoptr (GPtrArray) drafts = mere_draft_list (self->store, kind, NULL, NULL);

  g_assert_cmpuint (drafts->len, >, 0);
  act (self, "MereDesk", "desk.continue", g_variant_new_int64 (((MereDraft *) g_ptr_array_index (drafts, 0))->id));
}

/* --- The pages ---------------------------------------------------------------------------------------------------- */

static void
take_front (const Gallery *self)
{
  take (self, GTK_WIDGET (self->window), "welcome");

  act (self, "MereWindow", "win.new-vault", NULL);
  type (self, "MereNewVaultPage", "folder_entry", "/home/assessor/Merestone");
  type (self, "MereNewPassphrase", "passphrase_entry", MERE_SAMPLE_PASSPHRASE);
  type (self, "MereNewPassphrase", "again_entry", "seven wet lanterns");
  take (self, GTK_WIDGET (self->window), "new-vault");

  mere_window_show_vault (self->window, self->vault);
  take (self, GTK_WIDGET (self->window), "unlock");

  act (self, "MereWindow", "win.recover", g_variant_new_string (self->vault));
  take (self, GTK_WIDGET (self->window), "forgotten");
  act (self, "MereWindow", "win.rescue", g_variant_new_string (self->vault));
  take (self, GTK_WIDGET (self->window), "rescue");
}

static void
take_places (const Gallery *self,
             const char    *prefix)
{
  for (guint place = 0; place < MERE_N_PLACES; place++)
    {
      g_autofree char *name = g_strdup_printf ("%s%s", prefix, mere_place_get_info (place)->name);

      mere_desk_go (MERE_DESK (get (self, "MereDesk")), place);
      take (self, GTK_WIDGET (self->window), name);
    }
}

static void
take_work (const Gallery *self)
{
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  g_autoptr (GPtrArray) records = mere_record_list (self->store, &filter, NULL);

  continue_draft (self, MERE_INSTRUMENT_OBSERVATION);
  take (self, GTK_WIDGET (self->window), "observe-watch");
  act (self, "MereObservePage", "observe.head", NULL);
  take (self, GTK_WIDGET (self->window), "observe-head");
  act (self, "MereDesk", "desk.back", NULL);

  continue_draft (self, MERE_INSTRUMENT_INTERVIEW);
  take (self, GTK_WIDGET (self->window), "form");
  act (self, "MereDesk", "desk.back", NULL);

  act (self, "MereDesk", "desk.show", g_variant_new_string (((MereRecord *) g_ptr_array_index (records, 0))->id));
  take (self, GTK_WIDGET (self->window), "record");
  act (self, "MereDesk", "desk.back", NULL);
}

static void
take_returned (const Gallery *self)
{
  g_autofree char *record = mere_sample_send_back (self->store);

  mere_desk_go (MERE_DESK (get (self, "MereDesk")), MERE_PLACE_TODAY);
  take (self, GTK_WIDGET (self->window), "returned-today");
  act (self, "MereDesk", "desk.show", g_variant_new_string (record));
  take (self, GTK_WIDGET (self->window), "returned-record");
  act (self, "MereDesk", "desk.edit", g_variant_new_string (record));
  take (self, GTK_WIDGET (self->window), "returned-form");
  act (self, "MereDesk", "desk.back", NULL);
}

/* The leader's evening: the coverage, an item on which two answers differ, and the colleague's record. */
static void
take_team (const Gallery *self)
{
  g_autofree char *record = mere_sample_compare (self->store);
  g_autoptr (GPtrArray) crossings = mere_crossing_list (self->store, FALSE, NULL);
  const char *crossing = ((MereCrossing *) crossings->pdata[0])->id;

  mere_desk_go (MERE_DESK (get (self, "MereDesk")), MERE_PLACE_COVERAGE);
  take (self, GTK_WIDGET (self->window), "coverage-team");
  act (self, "MereDesk", "desk.show-item", g_variant_new ("(ss)", crossing, "I1"));
  take (self, GTK_WIDGET (self->window), "coverage-item");
  act (self, "MereDesk", "desk.show-colleague", g_variant_new_string (record));
  take (self, GTK_WIDGET (self->window), "colleague-record");
  act (self, "MereDesk", "desk.back", NULL);
  act (self, "MereDesk", "desk.back", NULL);
}

/* A laptop that leads a team, and whose headquarters has something. */
static void
take_road (const Gallery *self)
{
  MereDesk *desk = MERE_DESK (get (self, "MereDesk"));
  g_autoptr (MereErasurePlan) plan = NULL;

  mere_sample_enrol (self->store);
  mere_sample_acknowledge (self->store, 2);
  mere_sample_lead (self->store);
  mere_settings_save_int (self->store, "road.copied", MERE_ENROL_COPIED_YES, NULL);
  mere_desk_go (desk, MERE_PLACE_TODAY);
  mere_desk_go (desk, MERE_PLACE_STICK);
  take (self, GTK_WIDGET (self->window), "stick-road");
  gtk_window_set_default_size (GTK_WINDOW (self->window), WIDTH, 2 * HEIGHT);
  take (self, GTK_WIDGET (self->window), "stick-whole");
  gtk_window_set_default_size (GTK_WINDOW (self->window), WIDTH, HEIGHT);
  take_team (self);
  plan = mere_erasure_plan (self->store, NULL);
  take_dialog (self, GTK_WINDOW (mere_erasure_dialog_new (GTK_WINDOW (self->window), plan)), "erasure");
}

static void
take_dialogs (const Gallery *self)
{
  take_dialog (self, GTK_WINDOW (mere_crossing_dialog_new (self->store, NULL)), "crossing");
  take_dialog (self, GTK_WINDOW (mere_preferences_window_new ()), "preferences");
  take_dialog (self, GTK_WINDOW (mere_vault_window_new (GTK_WINDOW (self->window), self->store)), "vault");
  take_dialog (self, GTK_WINDOW (mere_passphrase_dialog_new (self->store, MERE_VAULT_WORK_ADD, NULL)), "passphrase");
  take_dialog (self, GTK_WINDOW (mere_erase_dialog_new (GTK_WINDOW (self->window), self->store, NULL)), "erase-vault");
}

static void
open_store (Gallery   *self,
            MereStore *store)
{
  self->store = store;
  mere_window_take_store (self->window, store);
}

/* So that the locked vault has something to show. */
static void
arm_recovery (MereStore *store)
{
  g_autoptr (MereSecret) answer = mere_secret_new_from_text ("9523333396035116418953153");
  g_autoptr (GError) error = NULL;

  mere_vault_arm_recovery (mere_store_get_vault (store), "ggps4rcy7k2m9qxd04fz", answer, &error);
  g_assert_no_error (error);
}

static void
take_all (Gallery *self)
{
  g_autofree char *home = g_path_get_dirname (self->vault);
  g_autofree char *stick = g_build_filename (home, "STICK", NULL);
  MereStore       *filled = mere_sample_vault_new (self->vault);

  mere_sample_fill (filled, 41, 3);
  arm_recovery (filled);
  g_mkdir (stick, 0700);
  mere_settings_save_text (filled, "stick.folder", stick, NULL);
  take_front (self);
  open_store (self, mere_sample_store_new ());
  take_places (self, "empty-");
  open_store (self, filled);
  take_places (self, "");
  take_work (self);
  take_returned (self);
  take_road (self);
  take_dialogs (self);
  act (self, "MereWindow", "win.rekey", NULL);
  take (self, GTK_WIDGET (self->window), "encrypt-anew");
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (MereApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *home = NULL;
  g_autofree char *vault = NULL;
  Gallery          self = { 0 };

  if (argc != 4)
    g_error ("usage: gallery FOLDER LOOK PERCENT");

  mere_language_choose ();
  self.folder = argv[1];
  self.look = argv[2];

  application = mere_application_new ();
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_application_activate (G_APPLICATION (application));
  mere_take_set_text_size (argv[3]);
  self.window = MERE_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (application)));
  gtk_window_set_default_size (GTK_WINDOW (self.window), WIDTH, HEIGHT);

  home = g_dir_make_tmp ("merestone-gallery-XXXXXX", &error);
  g_assert_no_error (error);
  vault = g_build_filename (home, "Utopia.vault", NULL);
  self.vault = vault;
  take_all (&self);
  gtk_window_destroy (GTK_WINDOW (self.window));
  mere_walk_remove_folder (home);

  return 0;
}
