/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/form-holes.h"

#include <glib/gi18n-lib.h>

#define MOST_LINKS 20 /* F8 leads through the rest */

struct _MereFormHoles
{
  AdwBin parent_instance;

  GtkLabel *summary;
  GtkBox   *links;

  GPtrArray *items; /* MereQuestionItem */
};

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereFormHoles, mere_form_holes, ADW_TYPE_BIN)

static void
on_link_clicked_cb (GtkButton     *link,
                    MereFormHoles *self)
{
  MereQuestionItem *item = g_object_get_data (G_OBJECT (link), "item");

  if (mere_question_item_is_alive (item))
    g_signal_emit (self, signals[CHOSEN], 0, item);
}

static GtkWidget *
make_link (MereFormHoles    *self,
           MereQuestionItem *item)
{
  GtkWidget       *link = gtk_button_new ();
  GtkWidget       *label = gtk_label_new (NULL);
  g_autofree char *name = mere_question_item_dup_name (item);
  g_autofree char *entry = mere_question_item_dup_entry (item);
  g_autofree char *message = mere_question_item_dup_message (item);
  g_autofree char *place = entry != NULL ? g_strdup_printf ("%s: %s", entry, name) : g_strdup (name);
  /* Translators: a question and what is wrong with its answer */
  g_autofree char *text = message != NULL ? g_strdup_printf (_ ("%s – %s"), place, message) : g_strdup (place);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (link, text);
  gtk_button_set_child (GTK_BUTTON (link), label);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (link), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  gtk_widget_add_css_class (link, "flat");
  gtk_widget_add_css_class (link, "mere-link");
  g_object_set_data_full (G_OBJECT (link), "item", g_object_ref (item), g_object_unref);
  g_signal_connect_object (link, "clicked", G_CALLBACK (on_link_clicked_cb), self, 0);

  return link;
}

static GtkWidget *
make_rest (guint n)
{
  /* Translators: F8 is a key */
  g_autofree char *text = g_strdup_printf (ngettext ("and %u more: F8 leads there", "and %u more: F8 leads there", n), n);
  GtkWidget       *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");

  return label;
}

static void
draw (MereFormHoles *self)
{
  guint      n = self->items->len;
  GtkWidget *child;
  /* Translators: above links to these questions */
  g_autofree char *summary = g_strdup_printf (ngettext ("%u answer is missing or has to be corrected", "%u answers are missing or have to be corrected", n), n);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->links))) != NULL)
    gtk_box_remove (self->links, child);
  for (guint i = 0; i < MIN (n, MOST_LINKS); i++)
    gtk_box_append (self->links, make_link (self, g_ptr_array_index (self->items, i)));
  if (n > MOST_LINKS)
    gtk_box_append (self->links, make_rest (n - MOST_LINKS));

  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

static void
on_close_clicked_cb (MereFormHoles *self)
{
  mere_form_holes_show (self, NULL);
}

static void
mere_form_holes_finalize (GObject *object)
{
  g_ptr_array_unref (MERE_FORM_HOLES (object)->items);

  G_OBJECT_CLASS (mere_form_holes_parent_class)->finalize (object);
}

static void
mere_form_holes_class_init (MereFormHolesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_form_holes_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, MERE_TYPE_QUESTION_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/form-holes.ui");
  gtk_widget_class_bind_template_child (widget_class, MereFormHoles, summary);
  gtk_widget_class_bind_template_child (widget_class, MereFormHoles, links);
  gtk_widget_class_bind_template_callback (widget_class, on_close_clicked_cb);
}

static void
mere_form_holes_init (MereFormHoles *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
mere_form_holes_show (MereFormHoles *self,
                      GPtrArray     *items)
{
  g_return_if_fail (MERE_IS_FORM_HOLES (self));

  g_ptr_array_set_size (self->items, 0);
  for (guint i = 0; items != NULL && i < items->len; i++)
    g_ptr_array_add (self->items, g_object_ref (g_ptr_array_index (items, i)));
  draw (self);
}

void
mere_form_holes_refresh (MereFormHoles *self)
{
  guint before = self->items->len;

  for (guint i = before; i-- > 0;)
    {
      if (!mere_question_item_is_hole (g_ptr_array_index (self->items, i)))
        g_ptr_array_remove_index (self->items, i);
    }

  if (self->items->len != before)
    draw (self);
}
