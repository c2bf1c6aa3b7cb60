/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/desk.h"

#include <glib/gi18n-lib.h>

#include "app/store/crossing.h"
#include "app/store/draft.h"
#include "app/store/record.h"
#include "app/store/settings.h"
#include "ui/crossing-dialog.h"
#include "ui/crossing-switcher.h"
#include "ui/menu-button.h"
#include "ui/pack-notice.h"
#include "ui/place-page.h"
#include "ui/put-back-notice.h"
#include "ui/saved-indicator.h"
#include "ui/side-bar.h"
#include "ui/work.h"

#define SETTING_CROSSING "window.crossing"

struct _MereDesk
{
  AdwBin parent_instance;

  AdwToastOverlay      *toasts;
  GtkStack             *rooms;
  AdwLeaflet           *leaflet;
  MereSideBar          *side_bar;
  AdwWindowTitle       *place_title;
  MereCrossingSwitcher *switcher;
  MereSavedIndicator   *place_saved;
  MerePutBackNotice    *put_back;
  MerePackNotice       *pack_notice;
  GtkStack             *places;
  AdwWindowTitle       *work_title;
  MereSavedIndicator   *work_saved;
  AdwBin               *work;

  MereStore *store;
  guint      watch;
  char      *crossing; /* id of the chosen one, or NULL */
  GVariant  *item;     /* what desk.show-item was given, while its page fills the window; or NULL */
  GVariant  *beneath;  /* the same of the page that a record was opened from */
  MerePlace  now;
};

enum {
  PROP_0,
  PROP_CROSSING,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (MereDesk, mere_desk, ADW_TYPE_BIN)

static void
say (MereDesk   *self,
     const char *sentence)
{
  AdwToast *toast = adw_toast_new (sentence);

  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
say_error (MereDesk *self,
           GError   *error)
{
  g_autofree char *sentence = g_markup_escape_text (error->message, -1);

  say (self, sentence);
}

static void
show_trouble (MereDesk   *self,
              const char *sentence)
{
  mere_saved_indicator_set_trouble (self->place_saved, sentence);
  mere_saved_indicator_set_trouble (self->work_saved, sentence);
}

/* --- The crossing that new work belongs to ---------------------------------------------------------------------- */

static void
choose_crossing (MereDesk   *self,
                 const char *id)
{
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (id, self->crossing) == 0)
    return;

  g_free (self->crossing);
  self->crossing = g_strdup (id);

  if (!mere_settings_save_text (self->store, SETTING_CROSSING, id, &error))
    show_trouble (self, error->message);

  mere_crossing_switcher_refresh (self->switcher, self->store, self->crossing);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CROSSING]);
}

/* Keeps the choice while its crossing is there; otherwise the first one is taken. */
static void
refresh_crossing (MereDesk *self)
{
  g_autoptr (GPtrArray) crossings = mere_crossing_list (self->store, FALSE, NULL);
  gboolean found = FALSE;

  for (guint i = 0; crossings != NULL && i < crossings->len; i++)
    {
      MereCrossing *crossing = g_ptr_array_index (crossings, i);

      found = found || g_strcmp0 (crossing->id, self->crossing) == 0;
    }

  if (!found && crossings != NULL && crossings->len > 0)
    choose_crossing (self, ((MereCrossing *) g_ptr_array_index (crossings, 0))->id);
  else
    mere_crossing_switcher_refresh (self->switcher, self->store, self->crossing);
}

/* --- What waits -------------------------------------------------------------------------------------------------- */

static gint64
count_drafts (MereDesk          *self,
              MereInstrumentKind kind)
{
  return MAX (mere_draft_count (self->store, kind, NULL), 0);
}

static void
refresh_counts (MereDesk *self)
{
  gint64 counts[MERE_RECORD_N_STATES] = { 0 };

  mere_side_bar_set_count (self->side_bar, MERE_PLACE_OBSERVE, count_drafts (self, MERE_INSTRUMENT_OBSERVATION));
  mere_side_bar_set_count (self->side_bar, MERE_PLACE_CHECKS, count_drafts (self, MERE_INSTRUMENT_CHECK));
  mere_side_bar_set_count (self->side_bar, MERE_PLACE_INTERVIEWS,
                           count_drafts (self, MERE_INSTRUMENT_INTERVIEW) + count_drafts (self, MERE_INSTRUMENT_OTHER));

  if (mere_record_count (self->store, counts, NULL))
    {
      mere_side_bar_set_count (self->side_bar, MERE_PLACE_RECORDS, counts[MERE_RECORD_REFUSED]);
      mere_side_bar_set_count (self->side_bar, MERE_PLACE_STICK, counts[MERE_RECORD_FINAL] + counts[MERE_RECORD_PACKED]);
    }
}

static void
on_store_changed_cb (MereStore *store,
                     guint      topics,
                     gpointer   user_data)
{
  MereDesk *self = MERE_DESK (user_data);

  if (topics & MERE_STORE_CROSSINGS)
    refresh_crossing (self);
  if (topics & MERE_STORE_BUNDLES)
    {
      mere_put_back_notice_refresh (self->put_back, store);
      mere_pack_notice_refresh (self->pack_notice, store);
    }
  refresh_counts (self);
}

/* Where the work is: the first thing on the page, not the header over it. */
static void
focus_place (MereDesk *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->places);

  if (page != NULL && gtk_widget_get_focus_child (page) == NULL)
    gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

/* --- A form, an observation or a record over the places ---------------------------------------------------------- */

static void
leave_work (MereDesk *self)
{
  g_clear_pointer (&self->item, g_variant_unref);
  g_clear_pointer (&self->beneath, g_variant_unref);
  if (adw_bin_get_child (self->work) == NULL)
    return;

  gtk_stack_set_visible_child_name (self->rooms, "places");
  adw_bin_set_child (self->work, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "desk.back", FALSE);
  show_trouble (self, NULL);
  focus_place (self);
}

static void
on_work_closed_cb (MereDesk *self)
{
  leave_work (self);
}

static void
on_work_done_cb (MereDesk   *self,
                 const char *record)
{
  leave_work (self);
  say (self, _ ("Finalised. It goes with the next bundle."));
}

static void
show_work (MereDesk *self,
           MereWork *work)
{
  leave_work (self);

  adw_window_title_set_title (self->work_title, work->title);
  adw_window_title_set_subtitle (self->work_title, work->crossing);
  adw_bin_set_child (self->work, work->page);
  gtk_stack_set_visible_child_name (self->rooms, "work");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "desk.back", TRUE);

  if (gtk_widget_get_focus_child (work->page) == NULL)
    gtk_widget_child_focus (work->page, GTK_DIR_TAB_FORWARD);
}

/* The same, for what is filled. */
static void
show_filling (MereDesk *self,
              MereWork *work)
{
  g_signal_connect_object (work->page, "closed", G_CALLBACK (on_work_closed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (work->page, "done", G_CALLBACK (on_work_done_cb), self, G_CONNECT_SWAPPED);
  show_work (self, work);
}

static void
begin_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_auto (MereWork) work = MERE_WORK_INIT;
  g_autoptr (GError) error = NULL;

  if (self->crossing == NULL)
    {
      mere_desk_go (self, MERE_PLACE_CROSSINGS);
      say (self, _ ("Add the crossing first: what you begin belongs to it."));
      return;
    }

  if (mere_work_begin (&work, self->store, g_variant_get_int64 (parameter), self->crossing, &error))
    show_filling (self, &work);
  else
    say_error (self, error);
}

static void
continue_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_auto (MereWork) work = MERE_WORK_INIT;
  g_autoptr (GError) error = NULL;

  if (mere_work_continue (&work, self->store, g_variant_get_int64 (parameter), &error))
    show_filling (self, &work);
  else
    say_error (self, error);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_auto (MereWork) work = MERE_WORK_INIT;
  g_autoptr (GError) error = NULL;

  if (mere_work_edit (&work, self->store, g_variant_get_string (parameter, NULL), &error))
    show_filling (self, &work);
  else
    say_error (self, error);
}

/* Back leads to the item that it was opened from. */
static void
show_record (MereDesk *self,
             MereWork *work)
{
  g_autoptr (GVariant) beneath = g_steal_pointer (&self->item);

  show_work (self, work);
  self->beneath = g_steal_pointer (&beneath);
}

static void
show_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_auto (MereWork) work = MERE_WORK_INIT;
  g_autoptr (GError) error = NULL;

  if (mere_work_show (&work, self->store, g_variant_get_string (parameter, NULL), &error))
    show_record (self, &work);
  else
    say_error (self, error);
}

static void
show_colleague_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_auto (MereWork) work = MERE_WORK_INIT;
  g_autoptr (GError) error = NULL;

  if (mere_work_show_colleague (&work, self->store, g_variant_get_string (parameter, NULL), &error))
    show_record (self, &work);
  else
    say_error (self, error);
}

static void
show_item_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_auto (MereWork) work = MERE_WORK_INIT;
  g_autoptr (GVariant) kept = g_variant_ref (parameter);
  g_autoptr (GError) error = NULL;
  const char *crossing, *item;

  g_variant_get (parameter, "(&s&s)", &crossing, &item);
  if (mere_work_show_item (&work, self->store, *crossing != '\0' ? crossing : NULL, item, &error))
    {
      show_work (self, &work);
      self->item = g_steal_pointer (&kept);
    }
  else
    say_error (self, error);
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_autoptr (GVariant) beneath = g_steal_pointer (&self->beneath);

  leave_work (self);
  if (beneath != NULL)
    show_item_action (widget, name, beneath);
}

/* --- Drafts ------------------------------------------------------------------------------------------------------ */

static void
delete_draft_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_autoptr (GError) error = NULL;
  AdwToast *toast;

  if (!mere_draft_delete (self->store, g_variant_get_int64 (parameter), &error))
    {
      say_error (self, error);
      return;
    }

  toast = adw_toast_new (_ ("Draft deleted"));
  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_action_name (toast, "desk.restore-draft");
  adw_toast_set_action_target_value (toast, parameter);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
restore_draft_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_autoptr (GError) error = NULL;

  if (!mere_draft_restore (self->store, g_variant_get_int64 (parameter), &error))
    say_error (self, error);
}

/* --- Crossings --------------------------------------------------------------------------------------------------- */

static void
on_crossing_saved_cb (MereDesk   *self,
                      const char *id)
{
  choose_crossing (self, id);
}

static void
ask_crossing (MereDesk     *self,
              MereCrossing *crossing)
{
  MereCrossingDialog *dialog = mere_crossing_dialog_new (self->store, crossing);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  if (crossing == NULL)
    g_signal_connect_object (dialog, "saved", G_CALLBACK (on_crossing_saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_crossing_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  ask_crossing (MERE_DESK (widget), NULL);
}

static void
edit_crossing_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCrossing) crossing = mere_crossing_load (self->store, g_variant_get_string (parameter, NULL), &error);

  if (crossing != NULL)
    ask_crossing (self, crossing);
  else
    say_error (self, error);
}

/* --- Places ------------------------------------------------------------------------------------------------------ */

static void
go_action (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  MereDesk *self = MERE_DESK (widget);
  MerePlace place;

  if (!mere_place_from_name (g_variant_get_string (parameter, NULL), &place))
    return;

  mere_desk_go (self, place);
  focus_place (self);
}

static void
toast_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  g_autofree char *sentence = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);

  say (MERE_DESK (widget), sentence);
}

static void
trouble_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  show_trouble (MERE_DESK (widget), g_variant_get_string (parameter, NULL));
}

static void
on_place_chosen_cb (MereDesk *self,
                    int       place)
{
  mere_desk_go (self, place);
}

static void
on_bar_clicked_cb (MereDesk *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static gboolean
mere_desk_focus (GtkWidget       *widget,
                 GtkDirectionType direction)
{
  MereDesk *self = MERE_DESK (widget);

  if (gtk_widget_get_focus_child (widget) == NULL && adw_bin_get_child (self->work) == NULL)
    {
      focus_place (self);
      if (gtk_widget_get_focus_child (widget) != NULL)
        return TRUE;
    }

  return GTK_WIDGET_CLASS (mere_desk_parent_class)->focus (widget, direction);
}

static void
mere_desk_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  MereDesk *self = MERE_DESK (object);

  if (prop_id == PROP_CROSSING)
    g_value_set_string (value, self->crossing != NULL ? self->crossing : "");
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
mere_desk_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  MereDesk *self = MERE_DESK (object);

  if (prop_id == PROP_CROSSING)
    choose_crossing (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
mere_desk_dispose (GObject *object)
{
  MereDesk *self = MERE_DESK (object);

  if (self->watch != 0)
    mere_store_unwatch (self->store, self->watch);
  self->watch = 0;
  if (self->work != NULL)
    adw_bin_set_child (self->work, NULL);
  g_clear_pointer (&self->store, mere_store_unref);
  g_clear_pointer (&self->crossing, g_free);
  g_clear_pointer (&self->item, g_variant_unref);
  g_clear_pointer (&self->beneath, g_variant_unref);

  G_OBJECT_CLASS (mere_desk_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "desk.go", "s", go_action);
  gtk_widget_class_install_action (widget_class, "desk.back", NULL, back_action);
  gtk_widget_class_install_property_action (widget_class, "desk.crossing", "crossing");
  gtk_widget_class_install_action (widget_class, "desk.add-crossing", NULL, add_crossing_action);
  gtk_widget_class_install_action (widget_class, "desk.edit-crossing", "s", edit_crossing_action);
  gtk_widget_class_install_action (widget_class, "desk.begin", "x", begin_action);
  gtk_widget_class_install_action (widget_class, "desk.continue", "x", continue_action);
  gtk_widget_class_install_action (widget_class, "desk.show", "s", show_action);
  gtk_widget_class_install_action (widget_class, "desk.show-colleague", "s", show_colleague_action);
  gtk_widget_class_install_action (widget_class, "desk.show-item", "(ss)", show_item_action);
  gtk_widget_class_install_action (widget_class, "desk.edit", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "desk.delete-draft", "x", delete_draft_action);
  gtk_widget_class_install_action (widget_class, "desk.restore-draft", "x", restore_draft_action);
  gtk_widget_class_install_action (widget_class, "desk.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "desk.trouble", "s", trouble_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "desk.back", NULL);
}

static void
mere_desk_class_init (MereDeskClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = mere_desk_get_property;
  object_class->set_property = mere_desk_set_property;
  object_class->dispose = mere_desk_dispose;
  widget_class->focus = mere_desk_focus;

  properties[PROP_CROSSING] = g_param_spec_string ("crossing", NULL, NULL, "",
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (MERE_TYPE_CROSSING_SWITCHER);
  g_type_ensure (MERE_TYPE_MENU_BUTTON);
  g_type_ensure (MERE_TYPE_PACK_NOTICE);
  g_type_ensure (MERE_TYPE_PUT_BACK_NOTICE);
  g_type_ensure (MERE_TYPE_SAVED_INDICATOR);
  g_type_ensure (MERE_TYPE_SIDE_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/desk.ui");
  gtk_widget_class_bind_template_child (widget_class, MereDesk, toasts);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, rooms);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, leaflet);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, side_bar);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, place_title);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, switcher);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, place_saved);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, put_back);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, pack_notice);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, places);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, work_title);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, work_saved);
  gtk_widget_class_bind_template_child (widget_class, MereDesk, work);
  gtk_widget_class_bind_template_callback (widget_class, on_bar_clicked_cb);
  install_actions (widget_class);
}

static void
mere_desk_init (MereDesk *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "desk.back", FALSE);
  g_signal_connect_object (self->side_bar, "chosen", G_CALLBACK (on_place_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), mere_place_keys_new ("desk.go"));
}

MereDesk *
mere_desk_new (MereStore *store)
{
  MereDesk *self = g_object_new (MERE_TYPE_DESK, NULL);

  self->store = mere_store_ref (store);
  self->crossing = mere_settings_load_text (store, SETTING_CROSSING, NULL);
  self->watch = mere_store_watch (store, MERE_STORE_CROSSINGS | MERE_STORE_DRAFTS | MERE_STORE_RECORDS | MERE_STORE_BUNDLES,
                                  on_store_changed_cb, self);

  for (guint place = 0; place < MERE_N_PLACES; place++)
    gtk_stack_add_named (self->places, mere_place_page_new (place, self->store), mere_place_get_info (place)->name);

  refresh_crossing (self);
  refresh_counts (self);
  mere_put_back_notice_refresh (self->put_back, store);
  mere_pack_notice_refresh (self->pack_notice, store);
  mere_desk_go (self, MERE_PLACE_TODAY);

  return self;
}

void
mere_desk_go (MereDesk *self,
              MerePlace place)
{
  const MerePlaceInfo *info = mere_place_get_info (place);

  g_return_if_fail (MERE_IS_DESK (self));

  leave_work (self);
  self->now = place;
  mere_side_bar_select (self->side_bar, place);
  adw_window_title_set_title (self->place_title, _ (info->title));
  gtk_stack_set_visible_child_name (self->places, info->name);
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}
