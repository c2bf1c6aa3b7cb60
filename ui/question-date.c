/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-date.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "ui/question-parse.h"

struct _MereQuestionDate
{
  MereQuestionControl parent_instance;

  GtkWidget        *date; /* entries; one of them may be NULL */
  GtkWidget        *time;
  GtkWidget        *calendar_button;
  GtkCalendar      *calendar;
  GtkWidget        *in_full;
  MereQuestionGrain grain;
  char             *kept;    /* what the session made of the texts that are in the fields */
  gboolean          typing;  /* what comes of them is not shown: it is what is in the fields */
  gboolean          showing; /* and what is shown is not taken for typed */
};

G_DEFINE_FINAL_TYPE (MereQuestionDate, mere_question_date, MERE_TYPE_QUESTION_CONTROL)

static const char *
get_typed (GtkWidget *entry)
{
  return entry != NULL ? gtk_editable_get_text (GTK_EDITABLE (entry)) : "";
}

static void
set_typed (MereQuestionDate *self,
           GtkWidget        *entry,
           const char       *text)
{
  if (entry == NULL || strcmp (get_typed (entry), text) == 0)
    return;

  self->showing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  self->showing = FALSE;
}

/* What both fields mean together; NULL and why where they are no answer. */
static char *
dup_meaning (MereQuestionDate *self,
             const char      **why)
{
  g_autofree char *date = NULL;
  g_autofree char *time = NULL;

  if (self->date != NULL)
    {
      date = mere_question_parse_date (get_typed (self->date), self->grain, why);
      if (date == NULL || self->time == NULL)
        return g_steal_pointer (&date);
    }

  time = mere_question_parse_time (get_typed (self->time), why);
  if (time == NULL || self->date == NULL)
    return g_steal_pointer (&time);

  if (*date == '\0' && *time == '\0')
    return g_strdup ("");
  if (*date == '\0' || *time == '\0')
    {
      *why = *date == '\0' ? _ ("The date is missing, so this is not saved.") : _ ("The time is missing, so this is not saved.");
      return NULL;
    }

  return mere_question_join_date_time (date, time);
}

static char *
dup_typed (MereQuestionDate *self)
{
  return g_strdup_printf ("%s|%s", get_typed (self->date), get_typed (self->time));
}

static void
show_in_full (MereQuestionDate *self)
{
  MereFormNode    *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  g_autofree char *in_full = NULL;

  if (self->date == NULL || mere_question_item_is_cell (mere_question_control_get_item (MERE_QUESTION_CONTROL (self))))
    return;

  in_full = mere_question_show_date_long (mere_form_node_get_value (node), self->grain);
  gtk_label_set_label (GTK_LABEL (self->in_full), in_full);
  gtk_widget_set_visible (self->in_full, *in_full != '\0');
}

static void
on_typed_cb (MereQuestionDate *self)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  const char       *why = NULL;
  g_autofree char  *meaning = NULL;
  g_autofree char  *typed = NULL;

  if (self->showing || !mere_question_item_is_alive (item))
    return;

  meaning = dup_meaning (self, &why);
  typed = dup_typed (self);
  self->typing = TRUE;
  if (meaning != NULL)
    mere_question_item_answer (item, meaning, TRUE);
  else
    mere_question_item_refuse (item, typed, why);
  self->typing = FALSE;

  g_clear_pointer (&self->kept, g_free);
  if (!mere_question_item_is_alive (item))
    return;

  self->kept = g_strdup (mere_form_node_get_value (mere_question_item_get_node (item)));
  show_in_full (self);
}

static void
show_stored (MereQuestionDate *self)
{
  MereFormNode    *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  const char      *value = mere_form_node_get_value (node);
  g_autofree char *date = *value != '\0' ? mere_question_show_date (value, self->grain) : g_strdup ("");
  g_autofree char *time = *value != '\0' ? mere_question_show_time (value) : g_strdup ("");

  g_clear_pointer (&self->kept, g_free);
  set_typed (self, self->date, date);
  set_typed (self, self->time, time);
}

static void
show_refused (MereQuestionDate *self,
              const char       *refused)
{
  g_auto (GStrv) parts = g_strsplit (refused, "|", 2);

  if (g_strv_length (parts) < 2)
    return;

  set_typed (self, self->date, parts[0]);
  set_typed (self, self->time, parts[1]);
}

/* The fields are put into the one form that is always read the same. */
static void
on_left_cb (MereQuestionDate *self)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));

  mere_question_keeper_end_typing (mere_question_item_get_keeper (item));
  if (mere_question_item_is_alive (item) && mere_question_item_get_refused (item) == NULL)
    show_stored (self);
}

static void
on_day_selected_cb (MereQuestionDate *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autofree char *text = g_date_time_format (day, self->grain == MERE_QUESTION_DAY ? "%Y-%m-%d" : "%Y-%m");

  if (self->showing)
    return;

  gtk_editable_set_text (GTK_EDITABLE (self->date), text);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->calendar_button));
  gtk_widget_grab_focus (self->date);
}

/* The calendar is made when it is first opened, and opens at the day that is answered. */
static void
on_calendar_opens_cb (GtkMenuButton *button,
                      gpointer       user_data)
{
  MereQuestionDate *self = user_data;
  MereFormNode     *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  int               year, month, day;

  if (self->calendar == NULL)
    {
      GtkWidget *popover = gtk_popover_new ();

      self->calendar = GTK_CALENDAR (gtk_calendar_new ());
      gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->calendar));
      gtk_menu_button_set_popover (button, popover);
      mere_question_control_direct (MERE_QUESTION_CONTROL (self), popover);
      g_signal_connect_object (self->calendar, "day-selected", G_CALLBACK (on_day_selected_cb), self, G_CONNECT_SWAPPED);
    }

  if (node != NULL && sscanf (mere_form_node_get_value (node), "%4d-%2d-%2d", &year, &month, &day) == 3)
    {
      g_autoptr (GDateTime) date = g_date_time_new_local (year, month, day, 12, 0, 0);

      self->showing = TRUE;
      if (date != NULL)
        gtk_calendar_select_day (self->calendar, date);
      self->showing = FALSE;
    }
}

static void
on_now_clicked_cb (MereQuestionDate *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *time = g_date_time_format (now, "%H:%M");

  set_typed (self, self->date, date);
  set_typed (self, self->time, time);
  on_typed_cb (self);
}

static GtkWidget *
make_entry (MereQuestionDate *self,
            const char       *placeholder,
            int               width)
{
  GtkWidget          *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_editable_set_enable_undo (GTK_EDITABLE (entry), FALSE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), width);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), width);
  gtk_widget_add_css_class (entry, "numeric");
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (on_left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (entry, focus);

  return entry;
}

static void
add_date (MereQuestionDate *self,
          GtkBox           *box)
{
  static const char *const placeholders[] = { N_ ("2026-11-24"), N_ ("2026-11"), N_ ("2026") };

  self->date = make_entry (self, _ (placeholders[self->grain]), 12);
  gtk_box_append (box, self->date);

  if (self->grain == MERE_QUESTION_YEAR)
    return;

  self->calendar_button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->calendar_button), "x-office-calendar-symbolic");
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->calendar_button), on_calendar_opens_cb, self, NULL);
  gtk_widget_set_tooltip_text (self->calendar_button, _ ("Calendar"));
  mere_question_control_name_part (MERE_QUESTION_CONTROL (self), self->calendar_button, _ ("Calendar"));
  gtk_box_append (box, self->calendar_button);
}

static void
add_time (MereQuestionDate *self,
          GtkBox           *box)
{
  /* Translators: sets a time of day to the present */
  GtkWidget *now = gtk_button_new_with_label (_ ("Now"));

  self->time = make_entry (self, _ ("14:05"), 8);
  gtk_box_append (box, self->time);
  mere_question_control_name_part (MERE_QUESTION_CONTROL (self), now, _ ("Now"));
  g_signal_connect_object (now, "clicked", G_CALLBACK (on_now_clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (box, now);
}

static void
name_fields (MereQuestionDate *self)
{
  MereQuestionControl *control = MERE_QUESTION_CONTROL (self);

  mere_question_control_name (control, self->date != NULL ? self->date : self->time);
  if (self->date != NULL && self->time != NULL)
    mere_question_control_name_part (control, self->time, _ ("Time"));
}

static void
mere_question_date_build (MereQuestionControl *control)
{
  MereQuestionDate *self = MERE_QUESTION_DATE (control);
  MereFormNode     *node = mere_question_control_get_node (control);
  MereFormType      type = mere_form_node_get_value_type (node);
  GtkWidget        *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  if (type == MERE_FORM_TYPE_DATE && mere_question_has_appearance (node, "year", NULL))
    self->grain = MERE_QUESTION_YEAR;
  else if (type == MERE_FORM_TYPE_DATE && mere_question_has_appearance (node, "month-year", NULL))
    self->grain = MERE_QUESTION_MONTH;

  if (type != MERE_FORM_TYPE_TIME)
    add_date (self, GTK_BOX (box));
  if (type != MERE_FORM_TYPE_DATE)
    add_time (self, GTK_BOX (box));
  name_fields (self);

  self->in_full = gtk_label_new (NULL);
  gtk_widget_hide (self->in_full);
  gtk_widget_add_css_class (self->in_full, "dim-label");
  gtk_widget_set_margin_start (self->in_full, 6);
  gtk_label_set_ellipsize (GTK_LABEL (self->in_full), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), self->in_full);

  adw_bin_set_child (ADW_BIN (self), box);
}

static gboolean
has_focus (MereQuestionDate *self)
{
  return gtk_widget_get_state_flags (GTK_WIDGET (self)) & GTK_STATE_FLAG_FOCUS_WITHIN;
}

static void
mere_question_date_show (MereQuestionControl *control)
{
  MereQuestionDate *self = MERE_QUESTION_DATE (control);
  const char       *refused = mere_question_item_get_refused (mere_question_control_get_item (control));
  const char       *value = mere_form_node_get_value (mere_question_control_get_node (control));

  if (self->typing)
    return;

  if (refused != NULL)
    show_refused (self, refused);
  else if (!has_focus (self) || g_strcmp0 (self->kept, value) != 0)
    show_stored (self);
  show_in_full (self);
}

static void
mere_question_date_finalize (GObject *object)
{
  g_free (MERE_QUESTION_DATE (object)->kept);

  G_OBJECT_CLASS (mere_question_date_parent_class)->finalize (object);
}

static void
mere_question_date_class_init (MereQuestionDateClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_question_date_finalize;
  control_class->build = mere_question_date_build;
  control_class->show = mere_question_date_show;
}

static void
mere_question_date_init (MereQuestionDate *self)
{
}
