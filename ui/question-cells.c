/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-cells.h"

#include <glib/gi18n-lib.h>

#include "ui/question-row.h"
#include "ui/question-table.h"

struct _MereQuestionCells
{
  AdwBin parent_instance;

  GtkGrid   *grid; /* as many columns as the row is characters wide, all the same, so that all entries look alike */
  GtkWidget *number;
  GtkWidget *remove;

  MereQuestionItem *item;
  GPtrArray        *rows;   /* MereQuestionRow or NULL, one for each column */
  GPtrArray        *titles; /* above them, where this is the first entry */
};

G_DEFINE_FINAL_TYPE (MereQuestionCells, mere_question_cells, ADW_TYPE_BIN)

/* --- Before the cells -------------------------------------------------------------------------------------------- */

static void
on_remove_clicked_cb (MereQuestionCells *self)
{
  MereFormNode    *node = mere_question_item_get_node (self->item);
  g_autofree char *ref = node != NULL ? mere_form_node_dup_ref (node) : NULL;

  if (ref != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "form.remove", "s", ref);
}

static void
add_lead (MereQuestionCells *self,
          int                width)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);

  self->number = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->number, "dim-label");
  gtk_widget_add_css_class (self->number, "numeric");
  self->remove = gtk_button_new_from_icon_name ("user-trash-symbolic");
  gtk_widget_add_css_class (self->remove, "flat");
  gtk_widget_add_css_class (self->remove, "circular");
  g_signal_connect_object (self->remove, "clicked", G_CALLBACK (on_remove_clicked_cb), self, G_CONNECT_SWAPPED);

  gtk_box_append (GTK_BOX (box), self->number);
  gtk_box_append (GTK_BOX (box), self->remove);
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  gtk_widget_add_css_class (box, "mere-lead");
  gtk_grid_attach (self->grid, box, 0, 1, width, 1);
}

static guint
get_number (MereFormNode *instance)
{
  MereFormNode *repeat = mere_form_node_get_parent (instance);
  guint         at = 0;

  while (at < mere_form_node_get_n_children (repeat) && mere_form_node_get_child (repeat, at) != instance)
    at++;

  return at + 1;
}

static void
show_lead (MereQuestionCells *self,
           MereFormNode      *instance)
{
  g_autofree char *number = g_strdup_printf ("%u", get_number (instance));
  g_autofree char *name = mere_question_item_dup_name (self->item);
  /* Translators: “Remove Passenger 3” */
  g_autofree char *text = g_strdup_printf (_ ("Remove %s"), name);

  gtk_label_set_label (GTK_LABEL (self->number), number);
  gtk_widget_set_tooltip_text (self->remove, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (self->remove, mere_form_node_can_add_remove (mere_form_node_get_parent (instance)));
}

/* --- Columns ----------------------------------------------------------------------------------------------------- */

static GtkWidget *
make_title (void)
{
  GtkWidget *title = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (title), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_valign (title, GTK_ALIGN_END);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (title, "mere-head");

  return title;
}

static void
show_title (GtkWidget    *title,
            MereFormNode *node,
            gboolean      visible)
{
  const char      *label = mere_form_node_get_label (node);
  g_autofree char *text = g_strdup_printf (mere_form_node_is_required (node) ? "%s *" : "%s", label != NULL ? label : "");

  gtk_label_set_text (GTK_LABEL (title), text);
  gtk_widget_set_visible (title, visible);
}

static void
show_cell (MereQuestionCells *self,
           guint              column,
           MereQuestionItem  *cell,
           int                left,
           int                width)
{
  MereQuestionRow *row = g_ptr_array_index (self->rows, column);

  if (row != NULL && mere_question_row_get_item (row) == cell)
    return;

  if (row != NULL)
    {
      mere_question_row_set_item (row, NULL);
      gtk_grid_remove (self->grid, GTK_WIDGET (row));
    }
  row = cell != NULL ? mere_question_row_new_cell () : NULL;
  g_ptr_array_index (self->rows, column) = row;
  if (row == NULL)
    return;

  gtk_grid_attach (self->grid, GTK_WIDGET (row), left, 1, width, 1);
  mere_question_row_set_item (row, cell);
}

static gboolean
is_first (MereQuestionItem *item)
{
  MereQuestionCard card = mere_question_item_get_card (item);

  return card == MERE_QUESTION_CARD_TOP || card == MERE_QUESTION_CARD_WHOLE;
}

void
mere_question_cells_show (MereQuestionCells *self)
{
  MereFormNode *instance = mere_question_item_get_node (self->item);
  GPtrArray    *cells = mere_question_item_get_cells (self->item);
  g_autoptr (GPtrArray) columns = NULL;
  int left;

  if (instance == NULL || cells == NULL)
    return;

  columns = mere_question_table_list_columns (instance);
  left = (int) mere_question_table_get_lead (instance);
  show_lead (self, instance);
  for (guint i = 0; i < MIN (cells->len, columns->len); i++)
    {
      MereFormNode *node = g_ptr_array_index (columns, i);
      int           width = (int) mere_question_table_get_cell_width (node);

      if (i == self->rows->len)
        {
          g_ptr_array_add (self->rows, NULL);
          g_ptr_array_add (self->titles, make_title ());
          gtk_grid_attach (self->grid, g_ptr_array_index (self->titles, i), left, 0, width, 1);
        }
      show_title (g_ptr_array_index (self->titles, i), node, is_first (self->item));
      show_cell (self, i, g_ptr_array_index (cells, i), left, width);
      left += width;
    }
}

/* --- The widget -------------------------------------------------------------------------------------------------- */

static void
mere_question_cells_finalize (GObject *object)
{
  MereQuestionCells *self = MERE_QUESTION_CELLS (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->titles);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (mere_question_cells_parent_class)->finalize (object);
}

static void
mere_question_cells_class_init (MereQuestionCellsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mere_question_cells_finalize;
}

static void
mere_question_cells_init (MereQuestionCells *self)
{
  self->rows = g_ptr_array_new ();
  self->titles = g_ptr_array_new ();
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_homogeneous (self->grid, TRUE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->grid));
}

MereQuestionCells *
mere_question_cells_new (MereQuestionItem *item)
{
  MereQuestionCells *self = g_object_new (MERE_TYPE_QUESTION_CELLS, NULL);

  self->item = g_object_ref (item);
  add_lead (self, (int) mere_question_table_get_lead (mere_question_item_get_node (item)));
  mere_question_cells_show (self);

  return self;
}

gboolean
mere_question_cells_focus_remove (MereQuestionCells *self)
{
  return gtk_widget_get_visible (self->remove) && gtk_widget_grab_focus (self->remove);
}
