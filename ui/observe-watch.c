/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/observe-watch.h"

#include <glib/gi18n-lib.h>

#define RECENT_N 5
#define FIGURES_N 5
#define BUTTONS_MAX 24
#define TIME_OF_DAY 11 /* of "2026-11-24T16:05:09.123+01:00" */
#define TIME_OF_DAY_LENGTH 8

struct _MereObserveWatch
{
  AdwBin parent_instance;

  GtkWidget  *next_button;
  GtkLabel   *who_label;
  GtkLabel   *step_label;
  GtkLabel   *elapsed_label;
  GtkLabel   *next_cap;
  GtkLabel   *message_label;
  GtkWidget  *ask_row;
  GtkEntry   *ask_entry;
  GtkGrid    *recent_grid;
  GtkFlowBox *keys;
  GtkGrid    *figures_grid;

  GtkLabel  *recent_times[RECENT_N];
  GtkLabel  *recent_words[RECENT_N];
  GtkLabel  *recent_passengers[RECENT_N];
  GtkLabel  *figures[FIGURES_N];
  GtkLabel  *figure_notes[FIGURES_N];
  GtkWidget *buttons[BUTTONS_MAX]; /* of the keys, in their order; the first is next_button */
  GtkLabel  *button_labels[BUTTONS_MAX];
  GtkLabel  *caps[BUTTONS_MAX];

  MereStudyBoard *board; /* borrowed */
  MereObserveDeed asked;
  int             layout;
  guint           tick;
};

enum {
  ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereObserveWatch, mere_observe_watch, ADW_TYPE_BIN)

enum {
  FIGURE_DECIDED,
  FIGURE_MEDIAN,
  FIGURE_P90,
  FIGURE_SECOND_LINE,
  FIGURE_REFUSED,
};

static const char *const figure_titles[FIGURES_N] = {
  [FIGURE_DECIDED] = N_ ("Passengers decided"),
  [FIGURE_MEDIAN] = N_ ("Service, median"),
  [FIGURE_P90] = N_ ("Service, 90 % within"),
  [FIGURE_SECOND_LINE] = N_ ("Sent to second line"),
  [FIGURE_REFUSED] = N_ ("Refused"),
};

/* --- The step that is under way --------------------------------------------------------------------------------- */

static const MereMoment *
find_last_stage (const MereStudyPassenger *passenger)
{
  const MereMoment *last = NULL;

  for (guint stage = 0; stage < MERE_STUDY_N_STAGES; stage++)
    {
      const MereMoment *at = &passenger->at[stage];

      if (passenger->seen[stage] && (last == NULL || mere_moment_between (last, at, NULL) >= 0))
        last = at;
    }

  return last;
}

/* Since when the present step runs: the last thing that happened to the one at the booth, or at all. */
static gboolean
find_since (MereStudyBoard *board,
            MereMoment     *since)
{
  guint             current = mere_study_board_get_current (board);
  const MereMoment *stage = NULL;

  if (current > 0)
    stage = find_last_stage (mere_study_board_get_passenger (board, current - 1));

  if (stage != NULL)
    *since = *stage;

  return stage != NULL || mere_study_board_get_recent (board, 0, since) != NULL;
}

static void
show_elapsed (MereObserveWatch *self)
{
  MereMoment       since, now = mere_moment_now ();
  g_autofree char *text = NULL;

  if (self->board != NULL && find_since (self->board, &since))
    {
      gint64 s = MAX (mere_moment_between (&since, &now, NULL), 0) / G_USEC_PER_SEC;

      text = g_strdup_printf ("%" G_GINT64_FORMAT ":%02d", s / 60, (int) (s % 60));
    }

  gtk_label_set_label (self->elapsed_label, text != NULL ? text : "0:00");
}

static void
show_step (MereObserveWatch *self)
{
  guint            current = mere_study_board_get_current (self->board);
  guint            marker = mere_study_board_get_marker (self->board);
  const char      *step = mere_study_kind_get_label (mere_study_board_get_expected (self->board));
  g_autofree char *who = NULL;
  g_autofree char *whole = NULL;

  if (current > 0)
    /* Translators: %u is the number of a passenger in a time study */
    who = g_strdup_printf (_ ("Passenger %u, next:"), current);
  else
    who = g_strdup (_ ("Nobody at the booth, next:"));

  if (marker > 0)
    /* Translators: %s is “Passenger 12, next:”; a marker is a person in the queue whose arrival is awaited */
    whole = g_strdup_printf (_ ("Marker %u is in the queue. %s"), marker, who);

  gtk_label_set_label (self->who_label, whole != NULL ? whole : who);
  gtk_label_set_label (self->step_label, step);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->next_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, step, -1);
}

static gboolean
on_tick_cb (gpointer user_data)
{
  show_elapsed (user_data);

  return G_SOURCE_CONTINUE;
}

/* --- The last events -------------------------------------------------------------------------------------------- */

static const char *
describe (const MereStudyEvent *event)
{
  if (event->kind == MERE_STUDY_DECISION && g_strcmp0 (event->value, "refused") == 0)
    return _ ("Decision: refused");

  return mere_study_kind_get_label (event->kind);
}

static void
show_recent_event (MereObserveWatch *self,
                   guint             nth)
{
  MereMoment            corrected;
  const MereStudyEvent *event = mere_study_board_get_recent (self->board, nth, &corrected);
  g_autofree char      *time = NULL;
  g_autofree char      *passenger = NULL;

  if (event != NULL)
    {
      g_autofree char *whole = mere_study_board_dup_time (self->board, &corrected);

      time = g_strndup (whole + TIME_OF_DAY, TIME_OF_DAY_LENGTH);
    }

  if (event != NULL && event->passenger > 0)
    passenger = g_strdup_printf (_ ("Passenger %u"), event->passenger);

  gtk_label_set_label (self->recent_times[nth], time != NULL ? time : "");
  gtk_label_set_label (self->recent_words[nth], event != NULL ? describe (event) : nth == 0 ? _ ("Nothing was observed yet")
                                                                                            : " ");
  gtk_label_set_label (self->recent_passengers[nth], passenger != NULL ? passenger : "");
}

/* --- The figures ------------------------------------------------------------------------------------------------- */

static void
show_figure (MereObserveWatch *self,
             guint             figure,
             const char       *value,
             const char       *note)
{
  /* Translators: what a screen reader says of a figure: “Passengers decided: 41” */
  g_autofree char *said = g_strdup_printf (_ ("%s: %s"), _ (figure_titles[figure]), value);

  gtk_label_set_label (self->figures[figure], value);
  gtk_label_set_label (self->figure_notes[figure], note);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->figures[figure]), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
}

static void
show_count (MereObserveWatch *self,
            guint             figure,
            guint             count)
{
  g_autofree char *text = g_strdup_printf ("%u", count);

  show_figure (self, figure, text, " ");
}

static void
show_quantile (MereObserveWatch   *self,
               guint               figure,
               const MereQuantile *quantile,
               guint               n,
               guint               needed)
{
  g_autofree char *value = NULL;
  g_autofree char *note = NULL;

  if (quantile->known)
    {
      g_autofree char *lower = mere_duration_format (quantile->lower);
      g_autofree char *upper = mere_duration_format (quantile->upper);

      value = mere_duration_format (quantile->value);
      /* Translators: the ends of a 95 % interval, both durations */
      note = g_strdup_printf (_ ("%s to %s"), lower, upper);
    }
  else
    {
      value = g_strdup ("–");
      /* Translators: how many durations there are, and how many are needed */
      note = g_strdup_printf (_ ("not enough data: %u of %u"), n, needed);
    }

  show_figure (self, figure, value, note);
}

static void
show_figures (MereObserveWatch *self)
{
  MereFigures      service = mere_study_board_get_figures (self->board, MERE_STUDY_SERVICE);
  MereBoothFigures booth;

  mere_study_board_get_booth (self->board, &booth);
  show_count (self, FIGURE_DECIDED, mere_study_board_get_n_decided (self->board));
  show_quantile (self, FIGURE_MEDIAN, &service.median, service.n, MERE_FIGURES_MEDIAN_MIN_N);
  show_quantile (self, FIGURE_P90, &service.p90, service.n, MERE_FIGURES_P90_MIN_N);
  show_count (self, FIGURE_SECOND_LINE, booth.n_second_line);
  show_count (self, FIGURE_REFUSED, booth.n_refused);
}

/* --- The keys ---------------------------------------------------------------------------------------------------- */

static void
show_keys (MereObserveWatch *self)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (self));

  for (guint i = 0; i < BUTTONS_MAX && self->buttons[i] != NULL; i++)
    {
      const MereObserveKey *key = mere_observe_key_get (i);
      const char           *label = mere_observe_key_get_label (key, self->board);
      g_autofree char      *cap = mere_observe_key_dup_cap (key, display, self->layout);

      gtk_label_set_label (self->caps[i], cap);
      if (self->button_labels[i] == NULL)
        continue;

      gtk_label_set_label (self->button_labels[i], label);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, cap, -1);
    }
}

static void
add_key (MereObserveWatch     *self,
         const MereObserveKey *key,
         guint                 nth)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *cap = gtk_label_new (NULL);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *place = gtk_flow_box_child_new ();

  gtk_widget_add_css_class (cap, "mere-cap");
  gtk_widget_set_valign (cap, GTK_ALIGN_CENTER);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), cap);

  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "mere-key");
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), key->action);

  gtk_widget_set_focusable (place, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (place), button);
  gtk_flow_box_append (self->keys, place);

  self->buttons[nth] = button;
  self->button_labels[nth] = GTK_LABEL (label);
  self->caps[nth] = GTK_LABEL (cap);
}

static void
make_keys (MereObserveWatch *self)
{
  self->buttons[0] = self->next_button;
  self->caps[0] = self->next_cap;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->next_button), GTK_ACCESSIBLE_PROPERTY_LABEL, C_ ("key", "Next"), -1);

  for (guint i = 1; mere_observe_key_get (i) != NULL; i++)
    {
      g_assert (i + 1 < BUTTONS_MAX);
      add_key (self, mere_observe_key_get (i), i);
    }
}

static GtkLabel *
add_label (GtkGrid    *grid,
           int         column,
           int         row,
           const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_grid_attach (grid, label, column, row, 1, 1);

  return GTK_LABEL (label);
}

static void
make_recent (MereObserveWatch *self)
{
  for (guint i = 0; i < RECENT_N; i++)
    {
      self->recent_times[i] = add_label (self->recent_grid, 0, i, "numeric");
      self->recent_words[i] = add_label (self->recent_grid, 1, i, NULL);
      self->recent_passengers[i] = add_label (self->recent_grid, 2, i, "dim-label");
      gtk_widget_set_hexpand (GTK_WIDGET (self->recent_words[i]), TRUE);
      gtk_label_set_ellipsize (self->recent_words[i], PANGO_ELLIPSIZE_END);
    }

  gtk_widget_add_css_class (GTK_WIDGET (self->recent_words[0]), "mere-newest");
}

static void
make_figures (MereObserveWatch *self)
{
  for (guint i = 0; i < FIGURES_N; i++)
    {
      GtkLabel *title = add_label (self->figures_grid, 0, 3 * i, "caption-heading");

      gtk_label_set_label (title, _ (figure_titles[i]));
      gtk_label_set_wrap (title, TRUE);
      self->figures[i] = add_label (self->figures_grid, 0, 3 * i + 1, "mere-figure");
      self->figure_notes[i] = add_label (self->figures_grid, 0, 3 * i + 2, "caption");
      gtk_widget_add_css_class (GTK_WIDGET (self->figure_notes[i]), "dim-label");
      gtk_widget_set_margin_bottom (GTK_WIDGET (self->figure_notes[i]), 6);
    }
}

/* --- Asking ------------------------------------------------------------------------------------------------------ */

static void
on_ask_close_cb (MereObserveWatch *self)
{
  mere_observe_watch_stop_asking (self);
}

static void
on_ask_activate_cb (MereObserveWatch *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->ask_entry))));

  mere_observe_watch_stop_asking (self);
  if (*text != '\0')
    g_signal_emit (self, signals[ANSWERED], 0, (int) self->asked, text);
}

/* --- The widget -------------------------------------------------------------------------------------------------- */

static void
mere_observe_watch_map (GtkWidget *widget)
{
  MereObserveWatch *self = MERE_OBSERVE_WATCH (widget);

  GTK_WIDGET_CLASS (mere_observe_watch_parent_class)->map (widget);

  show_elapsed (self);
  self->tick = g_timeout_add_seconds (1, on_tick_cb, self);
}

static void
mere_observe_watch_unmap (GtkWidget *widget)
{
  MereObserveWatch *self = MERE_OBSERVE_WATCH (widget);

  g_clear_handle_id (&self->tick, g_source_remove);

  GTK_WIDGET_CLASS (mere_observe_watch_parent_class)->unmap (widget);
}

static void
mere_observe_watch_dispose (GObject *object)
{
  MereObserveWatch *self = MERE_OBSERVE_WATCH (object);

  g_clear_handle_id (&self->tick, g_source_remove);

  G_OBJECT_CLASS (mere_observe_watch_parent_class)->dispose (object);
}

static void
mere_observe_watch_class_init (MereObserveWatchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_observe_watch_dispose;
  widget_class->map = mere_observe_watch_map;
  widget_class->unmap = mere_observe_watch_unmap;

  signals[ANSWERED] = g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/observe-watch.ui");
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, next_button);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, who_label);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, step_label);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, elapsed_label);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, next_cap);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, message_label);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, ask_row);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, ask_entry);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, recent_grid);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, keys);
  gtk_widget_class_bind_template_child (widget_class, MereObserveWatch, figures_grid);
  gtk_widget_class_bind_template_callback (widget_class, on_ask_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_ask_close_cb);
}

static void
mere_observe_watch_init (MereObserveWatch *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  make_keys (self);
  make_recent (self);
  make_figures (self);
}

void
mere_observe_watch_set_board (MereObserveWatch *self,
                              MereStudyBoard   *board)
{
  g_return_if_fail (MERE_IS_OBSERVE_WATCH (self));

  self->board = board;
  if (board != NULL)
    mere_observe_watch_refresh (self);
}

void
mere_observe_watch_refresh (MereObserveWatch *self)
{
  g_return_if_fail (MERE_IS_OBSERVE_WATCH (self));
  g_return_if_fail (self->board != NULL);

  show_step (self);
  show_elapsed (self);
  for (guint nth = 0; nth < RECENT_N; nth++)
    show_recent_event (self, nth);
  show_figures (self);
  show_keys (self);
}

void
mere_observe_watch_set_layout (MereObserveWatch *self,
                               int               layout)
{
  g_return_if_fail (MERE_IS_OBSERVE_WATCH (self));

  if (self->layout == layout)
    return;

  self->layout = layout;
  if (self->board != NULL)
    show_keys (self);
}

void
mere_observe_watch_say (MereObserveWatch *self,
                        const char       *sentence)
{
  g_return_if_fail (MERE_IS_OBSERVE_WATCH (self));

  /* A space keeps the line, so that nothing moves. */
  gtk_label_set_label (self->message_label, sentence != NULL ? sentence : " ");
}

void
mere_observe_watch_ask (MereObserveWatch *self,
                        MereObserveDeed   deed)
{
  const char *question = deed == MERE_OBSERVE_COUNT ? _ ("How many wait, and how many booths are staffed, as 14/3")
                                                    : _ ("Note to the last event; no names");

  g_return_if_fail (MERE_IS_OBSERVE_WATCH (self));

  self->asked = deed;
  gtk_editable_set_text (GTK_EDITABLE (self->ask_entry), "");
  gtk_entry_set_placeholder_text (self->ask_entry, question);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->ask_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, question, -1);
  gtk_widget_set_visible (self->ask_row, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->ask_entry));
}

gboolean
mere_observe_watch_is_asking (MereObserveWatch *self)
{
  g_return_val_if_fail (MERE_IS_OBSERVE_WATCH (self), FALSE);

  return gtk_widget_get_visible (self->ask_row) && gtk_widget_get_focus_child (self->ask_row) != NULL;
}

void
mere_observe_watch_stop_asking (MereObserveWatch *self)
{
  g_return_if_fail (MERE_IS_OBSERVE_WATCH (self));

  gtk_editable_set_text (GTK_EDITABLE (self->ask_entry), "");
  gtk_widget_set_visible (self->ask_row, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}
