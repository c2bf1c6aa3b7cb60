/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/stick-page.h"

#include <glib/gi18n-lib.h>

#include "app/store/colleague.h"
#include "app/store/settings.h"
#include "sync/courier.h"
#include "sync/enrol.h"
#include "ui/enrolment-box.h"
#include "ui/erasure-dialog.h"
#include "ui/errand.h"
#include "ui/folder-choice.h"
#include "ui/refresher.h"
#include "ui/road.h"
#include "ui/stick-mounts.h"
#include "ui/stick-words.h"
#include "ui/team-box.h"

#define SETTING_FOLDER "stick.folder"

struct _MereStickPage
{
  AdwBin parent_instance;

  GtkBox           *page_box;
  GtkWidget        *folder_box;
  GtkEditable      *folder_entry;
  GtkMenuButton    *mounts_button;
  GtkWidget        *choose_button;
  GtkLabel         *folder_label;
  MereRoad         *road;
  GtkWidget        *erase_button;
  GtkLabel         *hint_label;
  GtkWidget        *progress_box;
  GtkProgressBar   *progress_bar;
  GtkWidget        *result_box;
  GtkLabel         *result_label;
  GtkLabel         *detail_label;
  GtkWidget        *eject_button;
  MereTeamBox      *team_box;
  MereEnrolmentBox *enrolment_box;
  GtkWidget        *dialog; /* weak: what asks before something is erased */

  MereStore       *store;
  MereRefresher   *refresher;
  MereStickMounts *mounts;
  char            *folder; /* the stick, or NULL where the entry names no folder */

  GCancellable       *looking; /* while the stick is looked at */
  guint               look_soon;
  GCancellable       *errand; /* while something is written or read */
  MereErrandProgress *progress;
  guint               progress_tick;
  MereCourierStep     rate_step; /* the rate is of one step */
  guint64             rate_done;
  gint64              rate_since_us;
};

G_DEFINE_FINAL_TYPE (MereStickPage, mere_stick_page, ADW_TYPE_BIN)

static const guint look_after_ms = 250;     /* a path is typed letter by letter */
static const guint progress_every_ms = 200; /* often enough to be alive, rare enough to be read */

/* --- What may be done -------------------------------------------------------------------------------------------- */

static const char *const hints[] = {
  [MERE_ENROL_NEW] = N_ ("Before anything is written, this laptop and headquarters must know each other: see “Enrolment”."),
  [MERE_ENROL_OFFERED] = N_ ("Before anything is written, this laptop and headquarters must know each other: see “Enrolment”."),
  [MERE_ENROL_TRUSTING] = N_ ("Headquarters must answer first: read its mission pack or its receipt from the stick."),
  [MERE_ENROL_ACTIVE] = NULL,
  [MERE_ENROL_REVOKED] = N_ ("Headquarters has revoked this laptop: nothing is packed here any more."),
};

static void
refresh_actions (MereStickPage *self)
{
  MereEnrolState state = mere_enrol_get_state (self->store);
  gboolean       busy = self->errand != NULL;
  gboolean       ready = self->folder != NULL && !busy;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stick.write", ready && state == MERE_ENROL_ACTIVE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stick.read", ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stick.erase", !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stick.cancel", busy);
  gtk_widget_set_sensitive (self->folder_box, !busy);
  gtk_widget_set_visible (self->progress_box, busy);

  gtk_label_set_label (self->hint_label, hints[state] != NULL ? _ (hints[state]) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), hints[state] != NULL);
}

/* --- How the laptop stands ------------------------------------------------------------------------------------------ */

static void
refresh (GtkWidget *widget)
{
  MereStickPage *self = MERE_STICK_PAGE (widget);
  g_autoptr (MereCourierStatus) status = NULL;
  gboolean known = mere_enrol_get_state (self->store) == MERE_ENROL_ACTIVE;
  gint64   n_colleagues = 0;

  /* Not meanwhile: the store is busy with it, and what it shows changes all the time. */
  if (self->errand != NULL)
    return;

  status = mere_courier_load_status (self->store, NULL);
  if (status != NULL)
    mere_road_show_status (self->road, status);
  mere_colleague_measure (self->store, &n_colleagues, NULL, NULL);
  gtk_widget_set_visible (self->erase_button, n_colleagues > 0 || (status != NULL && status->n_acknowledged > 0));

  mere_team_box_refresh (self->team_box, self->store);
  mere_enrolment_box_refresh (self->enrolment_box);
  gtk_box_reorder_child_after (self->page_box, GTK_WIDGET (self->enrolment_box), known ? self->result_box : self->folder_box);
  refresh_actions (self);
}

/* --- The stick --------------------------------------------------------------------------------------------------- */

static void
on_looked_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (MereStickPage) self = user_data;
  g_autoptr (GError) error = NULL;
  MereCourierLook look;
  gboolean        seen = mere_errand_look_finish (result, &look, &error);

  /* Another stick is looked at meanwhile, or the vault is locked. */
  if (g_task_get_cancellable (G_TASK (result)) != self->looking)
    return;

  g_clear_object (&self->looking);
  if (self->store != NULL)
    mere_road_show_stick (self->road, seen ? &look : NULL, seen ? NULL : error->message);
}

static void
look (MereStickPage *self)
{
  g_clear_handle_id (&self->look_soon, g_source_remove);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);

  if (self->folder == NULL)
    {
      mere_road_show_stick (self->road, NULL, NULL);
      return;
    }

  self->looking = g_cancellable_new ();
  mere_errand_look_async (self->store, self->folder, self->looking, on_looked_cb, g_object_ref (self));
}

static gboolean
on_look_soon_cb (gpointer user_data)
{
  MereStickPage *self = MERE_STICK_PAGE (user_data);

  self->look_soon = 0;
  look (self);

  return G_SOURCE_REMOVE;
}

/* (nullable): NULL where the entry names no folder. */
static char *
dup_folder (MereStickPage *self)
{
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (self->folder_entry)));
  g_autofree char *path = NULL;

  if (g_str_has_prefix (typed, "~/"))
    path = g_build_filename (g_get_home_dir (), typed + 2, NULL);
  else
    path = g_steal_pointer (&typed);

  return g_path_is_absolute (path) && g_file_test (path, G_FILE_TEST_IS_DIR) ? g_steal_pointer (&path) : NULL;
}

/* The entry names another folder, or the folder came or went. */
static void
take_folder (MereStickPage *self)
{
  gboolean typed = *gtk_editable_get_text (self->folder_entry) != '\0';

  g_free (self->folder);
  self->folder = dup_folder (self);

  gtk_label_set_label (self->folder_label, typed && self->folder == NULL ? _ ("No such folder. Is the stick plugged in?") : "");
  gtk_widget_set_visible (GTK_WIDGET (self->folder_label), typed && self->folder == NULL);
  mere_enrolment_box_set_folder (self->enrolment_box, self->folder);
  refresh_actions (self);

  g_clear_handle_id (&self->look_soon, g_source_remove);
  if (self->folder != NULL)
    self->look_soon = g_timeout_add (look_after_ms, on_look_soon_cb, self);
  else
    look (self);
}

static void
on_folder_changed_cb (MereStickPage *self)
{
  gtk_widget_set_visible (self->result_box, FALSE);
  take_folder (self);
}

static void
on_folder_chosen_cb (GtkWidget  *widget,
                     const char *path)
{
  gtk_editable_set_text (MERE_STICK_PAGE (widget)->folder_entry, path);
}

static void
on_choose_cb (MereStickPage *self)
{
  mere_folder_choice_ask (GTK_WIDGET (self), _ ("Folder of the stick"), _ ("Choose"), on_folder_chosen_cb);
}

static void
use_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  gtk_editable_set_text (MERE_STICK_PAGE (widget)->folder_entry, g_variant_get_string (parameter, NULL));
}

static void
on_mounts_changed_cb (gpointer user_data)
{
  MereStickPage *self = MERE_STICK_PAGE (user_data);
  g_autoptr (GMenu) menu = mere_stick_mounts_make_menu (self->mounts, "stick.use");
  g_autofree char *folder = dup_folder (self);
  g_autofree char *only = mere_stick_mounts_dup_only (self->mounts);

  gtk_menu_button_set_menu_model (self->mounts_button, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (self->mounts_button), g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0);

  /* The only stick there is, is meant, unless another folder was chosen. */
  if (folder == NULL && only != NULL)
    gtk_editable_set_text (self->folder_entry, only);
  else
    take_folder (self);
}

/* --- Errands ----------------------------------------------------------------------------------------------------- */

static void
show_progress (MereStickPage *self)
{
  MereCourierStep  step;
  guint64          done, total, rate = 0;
  gint64           now_us = g_get_monotonic_time ();
  g_autofree char *text = NULL;

  mere_errand_progress_get (self->progress, &step, &done, &total);
  if (step != self->rate_step || done < self->rate_done || self->rate_since_us == 0)
    {
      self->rate_step = step;
      self->rate_done = done;
      self->rate_since_us = now_us;
    }
  else if (now_us > self->rate_since_us)
    rate = (done - self->rate_done) * G_USEC_PER_SEC / (now_us - self->rate_since_us);

  text = mere_stick_words_progress (step, done, total, rate);
  gtk_progress_bar_set_text (self->progress_bar, text);
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress_bar, MIN (1.0, (double) done / total));
  else
    gtk_progress_bar_pulse (self->progress_bar);
}

static gboolean
on_progress_tick_cb (gpointer user_data)
{
  show_progress (MERE_STICK_PAGE (user_data));

  return G_SOURCE_CONTINUE;
}

static void
set_out (MereStickPage *self)
{
  self->errand = g_cancellable_new ();
  self->progress = mere_errand_progress_new ();
  self->rate_since_us = 0;
  self->progress_tick = g_timeout_add (progress_every_ms, on_progress_tick_cb, self);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  show_progress (self);
  gtk_widget_set_visible (self->result_box, FALSE);
  refresh_actions (self);
}

/* Not before: a folder that is only typed is not yet one of ours. */
static void
remember_folder (MereStickPage *self)
{
  mere_settings_save_text (self->store, SETTING_FOLDER, self->folder, NULL);
}

static void
show_result (MereStickPage *self,
             const char    *sentence,
             const char    *details,
             gboolean       failed)
{
  gtk_label_set_label (self->result_label, sentence);
  gtk_label_set_label (self->detail_label, details);
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), *details != '\0');
  gtk_widget_set_visible (self->eject_button, FALSE);
  gtk_widget_set_visible (self->result_box, TRUE);

  if (failed)
    gtk_widget_add_css_class (GTK_WIDGET (self->result_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->result_label), "error");
}

static void
show_failure (MereStickPage *self,
              const GError  *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_result (self, _ ("Cancelled. The laptop still holds everything."), "", FALSE);
  else
    show_result (self, error->message, _ ("The laptop still holds everything; try again, or take another stick."), TRUE);
}

/* Returns whether the page still stands. */
static gboolean
come_back (MereStickPage *self)
{
  g_clear_handle_id (&self->progress_tick, g_source_remove);
  g_clear_pointer (&self->progress, mere_errand_progress_unref);
  g_clear_object (&self->errand);

  if (self->store == NULL)
    return FALSE;

  refresh (GTK_WIDGET (self));
  look (self);

  return TRUE;
}

static void
on_written_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MereStickPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierWritten) written = mere_errand_write_finish (result, &error);

  if (!come_back (self))
    return;

  if (written != NULL)
    {
      gboolean         on_medium = self->folder != NULL && mere_stick_mounts_has (self->mounts, self->folder);
      g_autofree char *sentence = mere_stick_words_written (written, on_medium);

      show_result (self, sentence, written->new_chain ? _ ("This vault was restored from an older copy; from now on it numbers its bundles anew.") : "", FALSE);
      gtk_widget_set_visible (self->eject_button, on_medium);
    }
  else
    show_failure (self, error);
}

static void
on_read_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (MereStickPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierRead) read = mere_errand_read_finish (result, &error);

  if (!come_back (self))
    return;

  if (read != NULL)
    {
      g_autofree char *sentence = mere_stick_words_read (read);
      g_autofree char *details = mere_stick_words_read_details (read);

      show_result (self, sentence, details, FALSE);
    }
  else
    show_failure (self, error);
}

static void
write_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  MereStickPage *self = MERE_STICK_PAGE (widget);

  set_out (self);
  remember_folder (self);
  mere_errand_write_async (self->store, self->folder, self->progress, self->errand, on_written_cb, g_object_ref (self));
}

static void
read_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  MereStickPage *self = MERE_STICK_PAGE (widget);

  set_out (self);
  remember_folder (self);
  mere_errand_read_async (self->store, self->folder, self->progress, self->errand, on_read_cb, g_object_ref (self));
}

static void
on_erased_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (MereStickPage) self = user_data;
  g_autoptr (GError) error = NULL;
  MereErasureResult erased;
  gboolean          done = mere_errand_erase_finish (result, &erased, &error);

  if (!come_back (self))
    return;

  if (done)
    {
      g_autofree char *sentence = mere_stick_words_erased (&erased);

      show_result (self, sentence, "", FALSE);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_result (self, _ ("Cancelled. What was erased by then is gone; the rest is as it was."), "", FALSE);
  else
    show_result (self, error->message, _ ("Not everything was erased: try again."), TRUE);
}

static void
on_erasure_response_cb (MereStickPage *self)
{
  if (self->store == NULL || self->errand != NULL)
    return;

  set_out (self);
  mere_errand_erase_async (self->store, self->progress, self->errand, on_erased_cb, g_object_ref (self));
}

static void
on_planned_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MereStickPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereErasurePlan) plan = mere_errand_plan_finish (result, &error);

  if (self->store == NULL)
    return;
  if (plan == NULL)
    {
      show_failure (self, error);
      return;
    }

  g_set_weak_pointer (&self->dialog, mere_erasure_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), plan));
  g_signal_connect_object (self->dialog, "response::" MERE_ERASURE_DIALOG_ERASE, G_CALLBACK (on_erasure_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->dialog));
}

static void
erase_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  mere_errand_plan_async (MERE_STICK_PAGE (widget)->store, NULL, on_planned_cb, g_object_ref (widget));
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  g_cancellable_cancel (MERE_STICK_PAGE (widget)->errand);
}

static void
on_ejected_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MereStickPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean gone = mere_stick_mounts_eject_finish (result, &error);

  if (self->store == NULL)
    return;

  if (gone)
    show_result (self, _ ("Safe to remove"), "", FALSE);
  else
    show_result (self, error->message, _ ("What was written is on the stick; it is only not ejected yet."), TRUE);
  gtk_widget_set_visible (self->eject_button, !gone);
}

static void
eject_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  MereStickPage *self = MERE_STICK_PAGE (widget);

  mere_stick_mounts_eject_async (self->mounts, self->folder, widget, on_ejected_cb, g_object_ref (self));
}

/* --- The page ---------------------------------------------------------------------------------------------------- */

static void
on_enrolment_changed_cb (MereStickPage *self)
{
  remember_folder (self);
  refresh (GTK_WIDGET (self));
  look (self);
}

static void
mere_stick_page_dispose (GObject *object)
{
  MereStickPage *self = MERE_STICK_PAGE (object);

  /* It names records: nothing of it stays on the screen of a locked vault. */
  if (self->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->dialog));
  g_clear_weak_pointer (&self->dialog);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_cancellable_cancel (self->errand);
  g_clear_handle_id (&self->look_soon, g_source_remove);
  g_clear_handle_id (&self->progress_tick, g_source_remove);
  g_clear_pointer (&self->refresher, mere_refresher_free);
  g_clear_pointer (&self->mounts, mere_stick_mounts_free);
  g_clear_pointer (&self->store, mere_store_unref);

  G_OBJECT_CLASS (mere_stick_page_parent_class)->dispose (object);
}

static void
mere_stick_page_finalize (GObject *object)
{
  MereStickPage *self = MERE_STICK_PAGE (object);

  g_free (self->folder);

  G_OBJECT_CLASS (mere_stick_page_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "stick.use", "s", use_action);
  gtk_widget_class_install_action (widget_class, "stick.write", NULL, write_action);
  gtk_widget_class_install_action (widget_class, "stick.read", NULL, read_action);
  gtk_widget_class_install_action (widget_class, "stick.erase", NULL, erase_action);
  gtk_widget_class_install_action (widget_class, "stick.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "stick.eject", NULL, eject_action);
}

static void
mere_stick_page_class_init (MereStickPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_stick_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = mere_stick_page_finalize;

  g_type_ensure (MERE_TYPE_ENROLMENT_BOX);
  g_type_ensure (MERE_TYPE_ROAD);
  g_type_ensure (MERE_TYPE_TEAM_BOX);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/stick-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, page_box);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, folder_box);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, folder_entry);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, mounts_button);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, choose_button);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, folder_label);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, road);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, erase_button);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, hint_label);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, progress_box);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, result_box);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, result_label);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, detail_label);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, eject_button);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, team_box);
  gtk_widget_class_bind_template_child (widget_class, MereStickPage, enrolment_box);
  gtk_widget_class_bind_template_callback (widget_class, on_folder_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_cb);
  install_actions (widget_class);
}

static void
mere_stick_page_init (MereStickPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (self->enrolment_box, "changed", G_CALLBACK (on_enrolment_changed_cb), self, G_CONNECT_SWAPPED);
}

MereStickPage *
mere_stick_page_new (MereStore *store)
{
  MereStickPage   *self = g_object_new (MERE_TYPE_STICK_PAGE, NULL);
  g_autofree char *folder = mere_settings_load_text (store, SETTING_FOLDER, NULL);

  self->store = mere_store_ref (store);
  self->mounts = mere_stick_mounts_new (on_mounts_changed_cb, self);
  mere_enrolment_box_set_store (self->enrolment_box, store);
  gtk_editable_set_text (self->folder_entry, folder != NULL ? folder : "");
  on_mounts_changed_cb (self);
  self->refresher = mere_refresher_new (GTK_WIDGET (self), store,
                                        MERE_STORE_RECORDS | MERE_STORE_BUNDLES | MERE_STORE_OTHER, refresh);

  return self;
}
