/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/crossing-dialog.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "ui/words.h"

struct _MereCrossingDialog
{
  AdwWindow parent_instance;

  GtkLabel        *save_label;
  GtkWidget       *save_button;
  GtkEditable     *name_entry;
  GtkBox          *kinds;
  GtkToggleButton *kind_buttons[MERE_CROSSING_N_KINDS];
  GtkEditable     *latitude_entry;
  GtkEditable     *longitude_entry;
  GtkEditable     *note_entry;
  GtkLabel        *message_label;

  MereStore    *store;
  MereCrossing *crossing; /* as it was; NULL while adding */
};

enum {
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereCrossingDialog, mere_crossing_dialog, ADW_TYPE_WINDOW)

static void
show_message (MereCrossingDialog *self,
              const char         *message)
{
  gtk_label_set_label (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), message != NULL);
}

/* Degrees as people write them, with a point or a comma; "" is not known. */
static gboolean
read_degrees (GtkEditable *entry,
              double       limit,
              double      *degrees)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  char            *end;
  double           value;

  if (*text == '\0')
    {
      *degrees = NAN;
      return TRUE;
    }

  g_strdelimit (text, ",", '.');
  value = g_ascii_strtod (text, &end);
  if (*end != '\0' || !isfinite (value) || fabs (value) > limit)
    return FALSE;

  *degrees = value;
  return TRUE;
}

static void
show_degrees (GtkEditable *entry,
              double       degrees)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (degrees))
    gtk_editable_set_text (entry, g_ascii_formatd (text, sizeof text, "%.8g", degrees));
}

static MereCrossingKind
get_kind (MereCrossingDialog *self)
{
  for (guint kind = 0; kind < MERE_CROSSING_N_KINDS; kind++)
    {
      if (gtk_toggle_button_get_active (self->kind_buttons[kind]))
        return kind;
    }

  return MERE_CROSSING_LAND;
}

/* (nullable): NULL where the coordinates are none; the message says so. */
static MereCrossing *
make_crossing (MereCrossingDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_entry)));
  g_autofree char *note = g_strstrip (g_strdup (gtk_editable_get_text (self->note_entry)));
  double           latitude, longitude;
  MereCrossing    *crossing;

  if (!read_degrees (self->latitude_entry, 90, &latitude) || !read_degrees (self->longitude_entry, 180, &longitude) || isnan (latitude) != isnan (longitude))
    {
      show_message (self, _ ("Latitude (−90 to 90) and longitude (−180 to 180) are decimal degrees; give both or none."));
      return NULL;
    }

  if (self->crossing != NULL)
    {
      crossing = mere_crossing_copy (self->crossing);
      g_free (crossing->name);
      g_free (crossing->note);
      crossing->name = g_steal_pointer (&name);
      crossing->note = g_steal_pointer (&note);
      crossing->kind = get_kind (self);
    }
  else
    crossing = mere_crossing_new (name, get_kind (self), note);

  crossing->latitude = latitude;
  crossing->longitude = longitude;

  return crossing;
}

static void
on_save_cb (MereCrossingDialog *self)
{
  g_autoptr (MereCrossing) crossing = NULL;
  g_autoptr (GError) error = NULL;

  if (!gtk_widget_get_sensitive (self->save_button))
    return;

  crossing = make_crossing (self);
  if (crossing == NULL)
    return;

  if (!mere_crossing_save (self->store, crossing, &error))
    {
      show_message (self, error->message);
      return;
    }

  g_signal_emit (self, signals[SAVED], 0, crossing->id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_changed_cb (MereCrossingDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_entry)));

  show_message (self, NULL);
  gtk_widget_set_sensitive (self->save_button, *name != '\0');
}

static void
add_kind (MereCrossingDialog *self,
          MereCrossingKind    kind)
{
  const char *word = mere_words_crossing_kind (kind);
  GtkWidget  *button = gtk_toggle_button_new ();
  GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget  *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", mere_words_crossing_icon (kind), "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), gtk_label_new (word));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);

  if (kind > 0)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), self->kind_buttons[0]);

  self->kind_buttons[kind] = GTK_TOGGLE_BUTTON (button);
  gtk_box_append (self->kinds, button);
}

static void
mere_crossing_dialog_finalize (GObject *object)
{
  MereCrossingDialog *self = MERE_CROSSING_DIALOG (object);

  g_clear_pointer (&self->crossing, mere_crossing_free);
  g_clear_pointer (&self->store, mere_store_unref);

  G_OBJECT_CLASS (mere_crossing_dialog_parent_class)->finalize (object);
}

static void
mere_crossing_dialog_class_init (MereCrossingDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_crossing_dialog_finalize;

  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/crossing-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MereCrossingDialog, save_label);
  gtk_widget_class_bind_template_child (widget_class, MereCrossingDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, MereCrossingDialog, name_entry);
  gtk_widget_class_bind_template_child (widget_class, MereCrossingDialog, kinds);
  gtk_widget_class_bind_template_child (widget_class, MereCrossingDialog, latitude_entry);
  gtk_widget_class_bind_template_child (widget_class, MereCrossingDialog, longitude_entry);
  gtk_widget_class_bind_template_child (widget_class, MereCrossingDialog, note_entry);
  gtk_widget_class_bind_template_child (widget_class, MereCrossingDialog, message_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
mere_crossing_dialog_init (MereCrossingDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint kind = 0; kind < MERE_CROSSING_N_KINDS; kind++)
    add_kind (self, kind);

  gtk_toggle_button_set_active (self->kind_buttons[MERE_CROSSING_LAND], TRUE);
}

static void
show_crossing (MereCrossingDialog *self,
               const MereCrossing *crossing)
{
  self->crossing = mere_crossing_copy (crossing);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Edit the crossing"));
  gtk_label_set_label (self->save_label, _ ("Save"));
  gtk_editable_set_text (self->name_entry, crossing->name);
  gtk_editable_set_text (self->note_entry, crossing->note);
  gtk_toggle_button_set_active (self->kind_buttons[crossing->kind], TRUE);
  show_degrees (self->latitude_entry, crossing->latitude);
  show_degrees (self->longitude_entry, crossing->longitude);
}

MereCrossingDialog *
mere_crossing_dialog_new (MereStore          *store,
                          const MereCrossing *crossing)
{
  MereCrossingDialog *self = g_object_new (MERE_TYPE_CROSSING_DIALOG, NULL);

  self->store = mere_store_ref (store);
  if (crossing != NULL)
    show_crossing (self, crossing);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));

  return self;
}
