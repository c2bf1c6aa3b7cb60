/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/observe-page.h"

#include <glib/gi18n-lib.h>

#include "ui/form-page.h"
#include "ui/observe-keys.h"
#include "ui/observe-watch.h"

struct _MereObservePage
{
  AdwBin parent_instance;

  GtkStack         *sides;
  AdwBin           *head;
  MereObserveWatch *watch;
  GtkButton        *start_button; /* turns to the watch; in the head */

  MereObservation *observation;
  guint            held; /* code of the key that is down, 0: none */
};

enum {
  CLOSED,
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereObservePage, mere_observe_page, ADW_TYPE_BIN)

/* What the keys fill, not the person: schemas/instruments/README.md, “passenger-processing”. */
static const char *const keyed_parts[] = { "passenger", "booth_event", "snapshot", NULL };

static MereStudyBoard *
get_board (MereObservePage *self)
{
  return mere_observation_get_board (self->observation);
}

static void
tell_trouble (MereObservePage *self,
              const char      *sentence)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "desk.trouble", "s", sentence);
}

/* --- Two sides of one sheet -------------------------------------------------------------------------------------- */

static void
show_watch (MereObservePage *self)
{
  gtk_stack_set_visible_child_name (self->sides, "watch");
  mere_observe_watch_refresh (self->watch);
}

static void
show_head (MereObservePage *self)
{
  gboolean begun = mere_study_board_get_n_events (get_board (self)) > 0;

  gtk_button_set_label (self->start_button, begun ? _ ("Back to timing") : _ ("Start timing"));
  gtk_stack_set_visible_child_name (self->sides, "head");
}

static void
watch_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  MereObservePage *self = MERE_OBSERVE_PAGE (widget);

  show_watch (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->watch));
}

static void
head_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  MereObservePage *self = MERE_OBSERVE_PAGE (widget);

  show_head (self);
  gtk_widget_child_focus (GTK_WIDGET (self->head), GTK_DIR_TAB_FORWARD);
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

/* Shows what an event came to. Takes @error. */
static void
show_outcome (MereObservePage *self,
              gboolean         kept,
              GError          *error)
{
  g_autoptr (GError) failure = error;

  if (kept)
    {
      tell_trouble (self, "");
      mere_observe_watch_say (self->watch, NULL);
      mere_observe_watch_refresh (self->watch);
    }
  else if (failure->domain == MERE_STUDY_ERROR)
    mere_observe_watch_say (self->watch, failure->message);
  else
    tell_trouble (self, failure->message);
}

/* "14/3", with any spaces, or with a space instead of the slash. */
static gboolean
read_count (const char *text,
            guint64    *waiting,
            guint64    *staffed)
{
  g_auto (GStrv) parts = g_strsplit_set (text, "/ ", -1);
  guint64 numbers[2];
  guint   n = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] == '\0')
        continue;

      if (n == G_N_ELEMENTS (numbers) || !g_ascii_string_to_unsigned (parts[i], 10, 0, G_MAXINT, &numbers[n], NULL))
        return FALSE;
      n++;
    }

  if (n < G_N_ELEMENTS (numbers))
    return FALSE;

  *waiting = numbers[0];
  *staffed = numbers[1];

  return TRUE;
}

static gboolean
keep_count (MereObservePage *self,
            const char      *text,
            GError         **error)
{
  guint64 waiting, staffed;

  if (!read_count (text, &waiting, &staffed))
    {
      g_set_error_literal (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_NOT_ALLOWED,
                           _ ("Two numbers with a slash, as 14/3: 14 wait, 3 booths are staffed."));
      return FALSE;
    }

  return mere_observation_count (self->observation, waiting, staffed, error);
}

static void
on_answered_cb (MereObservePage *self,
                int              deed,
                const char      *text)
{
  GError  *error = NULL;
  gboolean kept;

  if (deed == MERE_OBSERVE_COUNT)
    kept = keep_count (self, text, &error);
  else
    kept = mere_observation_note (self->observation, text, &error);

  show_outcome (self, kept, error);
}

static void
do_key (MereObservePage      *self,
        const MereObserveKey *key)
{
  GError  *error = NULL;
  gboolean kept;

  switch (key->deed)
    {
    case MERE_OBSERVE_NOTE:
    case MERE_OBSERVE_COUNT:
      mere_observe_watch_ask (self->watch, key->deed);
      return;

    case MERE_OBSERVE_SHIFT:
      kept = mere_observation_shift (self->observation, key->shift_us, &error);
      break;

    case MERE_OBSERVE_PRESS:
    default:
      kept = mere_observation_press (self->observation, mere_observe_key_get_verb (key, get_board (self)), NULL, &error);
      break;
    }

  show_outcome (self, kept, error);
}

static void
key_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  do_key (MERE_OBSERVE_PAGE (widget), mere_observe_key_find_action (name));
}

/* Enter presses the button that has the focus; all other keys are events wherever the focus is. */
static gboolean
belongs_to_focus (MereObservePage      *self,
                  const MereObserveKey *key)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  return key->deed == MERE_OBSERVE_NOTE && GTK_IS_BUTTON (focus);
}

static gboolean
on_key_pressed_cb (MereObservePage       *self,
                   guint                  value,
                   guint                  code,
                   GdkModifierType        modifiers,
                   GtkEventControllerKey *controller)
{
  const MereObserveKey *key = mere_observe_key_find_code (code);
  GdkEvent             *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  if (mere_observe_watch_is_asking (self->watch))
    {
      if (value == GDK_KEY_Escape)
        mere_observe_watch_stop_asking (self->watch);

      return value == GDK_KEY_Escape;
    }

  if (key == NULL || (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 || belongs_to_focus (self, key))
    return FALSE;

  mere_observe_watch_set_layout (self->watch, gdk_key_event_get_layout (event));

  /* A key that is held repeats; the passenger does not. */
  if (self->held != code)
    do_key (self, key);
  self->held = code;

  return TRUE;
}

static void
on_key_released_cb (MereObservePage *self,
                    guint            value,
                    guint            code)
{
  if (self->held == code)
    self->held = 0;
}

static void
on_focus_left_cb (MereObservePage *self)
{
  self->held = 0;
}

static void
listen_to_keys (MereObservePage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keys, "key-released", G_CALLBACK (on_key_released_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (on_focus_left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->watch), keys);
  gtk_widget_add_controller (GTK_WIDGET (self->watch), focus);
}

/* --- The head ---------------------------------------------------------------------------------------------------- */

static void
on_head_closed_cb (MereObservePage *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
on_head_done_cb (MereObservePage *self,
                 const char      *record)
{
  g_signal_emit (self, signals[DONE], 0, record);
}

static char *
finalise (GPtrArray **invalid,
          gpointer    user_data,
          GError    **error)
{
  return mere_observation_finalise (user_data, invalid, error);
}

static void
make_head (MereObservePage *self)
{
  MereFormPage *form = mere_form_page_new (mere_observation_get_capture (self->observation));
  GtkWidget    *start = gtk_button_new ();

  self->start_button = GTK_BUTTON (start);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (start), "observe.watch");

  mere_form_page_set_hidden (form, keyed_parts);
  mere_form_page_set_finaliser (form, finalise, self->observation);
  mere_form_page_set_extra (form, start);
  g_signal_connect_object (form, "closed", G_CALLBACK (on_head_closed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (form, "done", G_CALLBACK (on_head_done_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->head, GTK_WIDGET (form));
}

/* --- The page ---------------------------------------------------------------------------------------------------- */

static gboolean
mere_observe_page_focus (GtkWidget       *widget,
                         GtkDirectionType direction)
{
  MereObservePage *self = MERE_OBSERVE_PAGE (widget);

  if (gtk_widget_get_focus_child (widget) == NULL && gtk_widget_get_mapped (GTK_WIDGET (self->watch)) &&
      gtk_widget_grab_focus (GTK_WIDGET (self->watch)))
    return TRUE;

  return GTK_WIDGET_CLASS (mere_observe_page_parent_class)->focus (widget, direction);
}

static void
mere_observe_page_dispose (GObject *object)
{
  MereObservePage *self = MERE_OBSERVE_PAGE (object);

  /* The form holds the observation's capture, and the watch its board. */
  if (self->head != NULL)
    adw_bin_set_child (self->head, NULL);
  if (self->watch != NULL)
    mere_observe_watch_set_board (self->watch, NULL);
  g_clear_pointer (&self->observation, mere_observation_free);

  G_OBJECT_CLASS (mere_observe_page_parent_class)->dispose (object);
}

static void
mere_observe_page_class_init (MereObservePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_observe_page_dispose;
  widget_class->focus = mere_observe_page_focus;

  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (MERE_TYPE_OBSERVE_WATCH);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/observe-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereObservePage, sides);
  gtk_widget_class_bind_template_child (widget_class, MereObservePage, head);
  gtk_widget_class_bind_template_child (widget_class, MereObservePage, watch);

  for (guint i = 0; mere_observe_key_get (i) != NULL; i++)
    gtk_widget_class_install_action (widget_class, mere_observe_key_get (i)->action, NULL, key_action);
  gtk_widget_class_install_action (widget_class, "observe.watch", NULL, watch_action);
  gtk_widget_class_install_action (widget_class, "observe.head", NULL, head_action);
  gtk_widget_class_install_action (widget_class, "observe.finish", NULL, head_action);
}

static void
mere_observe_page_init (MereObservePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->watch, "answered", G_CALLBACK (on_answered_cb), self, G_CONNECT_SWAPPED);
  listen_to_keys (self);
}

MereObservePage *
mere_observe_page_new (MereObservation *observation)
{
  MereObservePage *self = g_object_new (MERE_TYPE_OBSERVE_PAGE, NULL);

  self->observation = observation;
  make_head (self);
  mere_observe_watch_set_board (self->watch, get_board (self));
  mere_observe_watch_say (self->watch, NULL);

  if (mere_study_board_get_n_events (get_board (self)) > 0)
    show_watch (self);
  else
    show_head (self);

  return self;
}
