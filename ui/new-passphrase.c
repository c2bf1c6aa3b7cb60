/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/new-passphrase.h"

#include <glib/gi18n-lib.h>

#include "app/vault/passphrase.h"

struct _MereNewPassphrase
{
  GtkBox parent_instance;

  GtkLabel    *passphrase_label;
  GtkEditable *passphrase_entry;
  GtkLevelBar *strength_bar;
  GtkLabel    *strength_label;
  GtkLabel    *again_title;
  GtkEditable *again_entry;
  GtkLabel    *again_label;

  gboolean ready;
};

enum {
  CHANGED,
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereNewPassphrase, mere_new_passphrase, GTK_TYPE_BOX)

/* What the rating of a passphrase is called. */
static const struct
{
  int         from;
  const char *word;
} strengths[] = {
  { 80, N_ ("Strong") },
  { 60, N_ ("Good") },
  { MERE_PASSPHRASE_MINIMUM, N_ ("Fair") },
  { 0, N_ ("Too weak") },
};

/* Returns whether it is strong enough. */
static gboolean
show_strength (MereNewPassphrase *self)
{
  const char      *typed = gtk_editable_get_text (self->passphrase_entry);
  g_autofree char *advice = NULL;
  g_autofree char *text = NULL;
  const char      *word = NULL;
  int              strength = 0;

  if (*typed != '\0')
    strength = mere_passphrase_rate (typed, &advice);

  for (gsize i = 0; i < G_N_ELEMENTS (strengths) && *typed != '\0' && word == NULL; i++)
    {
      if (strength >= strengths[i].from)
        word = _ (strengths[i].word);
    }

  if (word != NULL && advice != NULL)
    /* Translators: a verdict such as “Too weak”, and a sentence of advice */
    text = g_strdup_printf (_ ("%s. %s"), word, advice);

  gtk_level_bar_set_value (self->strength_bar, strength);
  gtk_label_set_label (self->strength_label, text != NULL ? text : word != NULL ? word
                                                                                : "");

  return strength >= MERE_PASSPHRASE_MINIMUM;
}

/* Returns whether both are the same. */
static gboolean
show_sameness (MereNewPassphrase *self)
{
  const char *typed = gtk_editable_get_text (self->passphrase_entry);
  const char *again = gtk_editable_get_text (self->again_entry);
  gboolean    same = g_str_equal (typed, again);
  gboolean    differs = *again != '\0' && !same;

  gtk_label_set_label (self->again_label, differs ? _ ("Not the same as above.") : *again != '\0' ? _ ("The same.")
                                                                                                  : "");
  if (differs)
    gtk_widget_add_css_class (GTK_WIDGET (self->again_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->again_label), "error");

  return same;
}

static void
refresh (MereNewPassphrase *self)
{
  gboolean strong = show_strength (self);
  gboolean same = show_sameness (self);

  self->ready = strong && same;
}

static void
on_changed_cb (MereNewPassphrase *self)
{
  refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_next_cb (MereNewPassphrase *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->again_entry));
}

static void
on_done_cb (MereNewPassphrase *self)
{
  g_signal_emit (self, signals[DONE], 0);
}

static gboolean
mere_new_passphrase_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (MERE_NEW_PASSPHRASE (widget)->passphrase_entry));
}

static void
mere_new_passphrase_unmap (GtkWidget *widget)
{
  mere_new_passphrase_clear (MERE_NEW_PASSPHRASE (widget));

  GTK_WIDGET_CLASS (mere_new_passphrase_parent_class)->unmap (widget);
}

static void
mere_new_passphrase_class_init (MereNewPassphraseClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = mere_new_passphrase_grab_focus;
  widget_class->unmap = mere_new_passphrase_unmap;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/new-passphrase.ui");
  gtk_widget_class_bind_template_child (widget_class, MereNewPassphrase, passphrase_label);
  gtk_widget_class_bind_template_child (widget_class, MereNewPassphrase, passphrase_entry);
  gtk_widget_class_bind_template_child (widget_class, MereNewPassphrase, strength_bar);
  gtk_widget_class_bind_template_child (widget_class, MereNewPassphrase, strength_label);
  gtk_widget_class_bind_template_child (widget_class, MereNewPassphrase, again_title);
  gtk_widget_class_bind_template_child (widget_class, MereNewPassphrase, again_entry);
  gtk_widget_class_bind_template_child (widget_class, MereNewPassphrase, again_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_done_cb);
}

static void
mere_new_passphrase_init (MereNewPassphrase *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* The bar's own colours by its own limits: weak up to the minimum, full when strong. */
  gtk_level_bar_add_offset_value (self->strength_bar, GTK_LEVEL_BAR_OFFSET_LOW, MERE_PASSPHRASE_MINIMUM);
  gtk_level_bar_add_offset_value (self->strength_bar, GTK_LEVEL_BAR_OFFSET_HIGH, 60);
  gtk_level_bar_add_offset_value (self->strength_bar, GTK_LEVEL_BAR_OFFSET_FULL, 80);
}

static void
name (GtkLabel    *label,
      GtkEditable *entry,
      const char  *text)
{
  gtk_label_set_label (label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
mere_new_passphrase_set_beside_another (MereNewPassphrase *self)
{
  g_return_if_fail (MERE_IS_NEW_PASSPHRASE (self));

  name (self->passphrase_label, self->passphrase_entry, _ ("New passphrase"));
  name (self->again_title, self->again_entry, _ ("New passphrase again"));
}

gboolean
mere_new_passphrase_is_ready (MereNewPassphrase *self)
{
  g_return_val_if_fail (MERE_IS_NEW_PASSPHRASE (self), FALSE);

  return self->ready;
}

MereSecret *
mere_new_passphrase_dup (MereNewPassphrase *self)
{
  g_return_val_if_fail (MERE_IS_NEW_PASSPHRASE (self), NULL);

  return mere_secret_new_from_text (gtk_editable_get_text (self->passphrase_entry));
}

void
mere_new_passphrase_clear (MereNewPassphrase *self)
{
  g_return_if_fail (MERE_IS_NEW_PASSPHRASE (self));

  gtk_editable_set_text (self->passphrase_entry, "");
  gtk_editable_set_text (self->again_entry, "");
}
