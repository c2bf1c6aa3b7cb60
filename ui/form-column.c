/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/form-column.h"

#include "ui/question-row.h"

#define MOST_FRAMES 30 /* to wait for a line to be laid out */
#define TOP_MARGIN 12  /* px above a section that is shown */
#define AROUND 60      /* px beside the cells of a table: margins and padding of .mere-question in style.css */

struct _MereFormColumn
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkListView       *view;

  MereQuestionList *list;
  MereQuestionItem *current; /* has the focus, or had it last; owned */
  GtkRoot          *root;    /* whose focus is watched; not owned */

  /* A line that is being shown: its widget is there at once or after the next layout. */
  MereQuestionItem   *wanted; /* owned */
  MereQuestionItem   *top;    /* line to have at the upper edge, or NULL; owned */
  MereFormColumnFocus focus;
  GtkDirectionType    direction;
  guint               tick;
  guint               frames;

  guint fit; /* idle source: whether tables have room is asked once everything has its size */
};

enum {
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereFormColumn, mere_form_column, ADW_TYPE_BIN)

/* --- Rows -------------------------------------------------------------------------------------------------------- */

static void
on_setup_cb (GtkSignalListItemFactory *factory,
             GtkListItem              *item,
             gpointer                  user_data)
{
  gtk_list_item_set_selectable (item, FALSE);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, GTK_WIDGET (mere_question_row_new ()));
}

static void
on_bind_cb (GtkSignalListItemFactory *factory,
            GtkListItem              *item,
            gpointer                  user_data)
{
  mere_question_row_set_item (MERE_QUESTION_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
on_unbind_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              gpointer                  user_data)
{
  mere_question_row_set_item (MERE_QUESTION_ROW (gtk_list_item_get_child (item)), NULL);
}

/* --- Where the focus is ------------------------------------------------------------------------------------------ */

static MereQuestionRow *
get_focused_row (MereFormColumn *self)
{
  GtkWidget *focus = self->root != NULL ? gtk_root_get_focus (self->root) : NULL;
  GtkWidget *row = focus != NULL ? gtk_widget_get_ancestor (focus, MERE_TYPE_QUESTION_ROW) : NULL;

  return row != NULL && gtk_widget_is_ancestor (row, GTK_WIDGET (self)) ? MERE_QUESTION_ROW (row) : NULL;
}

static void
on_focus_moved_cb (MereFormColumn *self)
{
  MereQuestionRow  *row = get_focused_row (self);
  MereQuestionItem *item = row != NULL ? mere_question_row_get_item (row) : NULL;

  if (item == NULL || !g_set_object (&self->current, item))
    return;

  g_signal_emit (self, signals[MOVED], 0, mere_question_list_get_position (self->list, item));
}

static void
mere_form_column_root (GtkWidget *widget)
{
  MereFormColumn *self = MERE_FORM_COLUMN (widget);

  GTK_WIDGET_CLASS (mere_form_column_parent_class)->root (widget);

  self->root = gtk_widget_get_root (widget);
  g_signal_connect_object (self->root, "notify::focus-widget", G_CALLBACK (on_focus_moved_cb), self, G_CONNECT_SWAPPED);
}

static void
mere_form_column_unroot (GtkWidget *widget)
{
  MereFormColumn *self = MERE_FORM_COLUMN (widget);

  g_signal_handlers_disconnect_by_func (self->root, on_focus_moved_cb, self);
  self->root = NULL;

  GTK_WIDGET_CLASS (mere_form_column_parent_class)->unroot (widget);
}

/* --- Showing a line ---------------------------------------------------------------------------------------------- */

static void
scroll_to (MereFormColumn   *self,
           MereQuestionItem *item)
{
  if (mere_question_list_get_position (self->list, item) != G_MAXUINT)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", mere_question_item_get_row_number (item));
}

/* A line that lies outside the view is not mapped until the next layout. The focus does not wait for that, so that a
 * key that is pressed in the meantime answers the right question. */
static GtkWidget *
get_line (MereFormColumn *self,
          GtkWidget      *row)
{
  while (gtk_widget_get_parent (row) != GTK_WIDGET (self->view))
    row = gtk_widget_get_parent (row);

  return row;
}

static gboolean
focus_wanted (MereFormColumn *self)
{
  GtkWidget *row = mere_question_item_get_row (self->wanted);

  if (row == NULL)
    return FALSE;
  if (self->focus != MERE_FORM_COLUMN_LOOK)
    gtk_widget_set_child_visible (get_line (self, row), TRUE);

  switch (self->focus)
    {
    case MERE_FORM_COLUMN_ANSWER:
      return mere_question_row_focus_answer (MERE_QUESTION_ROW (row), self->direction);
    case MERE_FORM_COLUMN_COMMENT:
      return mere_question_row_focus_comment (MERE_QUESTION_ROW (row));
    case MERE_FORM_COLUMN_LOOK:
    default:
      return TRUE;
    }
}

/* A list scrolls to a line as little as it can; the rest of the way to the upper edge is gone when it is laid out. */
static void
scroll_top (MereFormColumn *self)
{
  GtkWidget     *row = self->top != NULL ? mere_question_item_get_row (self->top) : NULL;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double         x, y;

  if (row != NULL && gtk_widget_get_mapped (row) && gtk_widget_translate_coordinates (row, GTK_WIDGET (self->view), 0, 0, &x, &y))
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + y - TOP_MARGIN);
}

static gboolean
on_tick_cb (GtkWidget     *widget,
            GdkFrameClock *clock,
            gpointer       user_data)
{
  MereFormColumn *self = MERE_FORM_COLUMN (widget);
  GtkWidget      *row;

  if (self->wanted != NULL && mere_question_item_is_alive (self->wanted) && self->frames++ < MOST_FRAMES)
    {
      row = mere_question_item_get_row (self->wanted);
      if (self->frames == 1 || row == NULL || gtk_widget_get_height (row) == 0)
        {
          /* The line that is to be at the edge comes into view at the lower one; what is below it has no row there. */
          scroll_to (self, self->top != NULL && self->frames == 1 ? self->top : self->wanted);
          return G_SOURCE_CONTINUE;
        }
      focus_wanted (self);
      scroll_top (self);
    }

  g_clear_object (&self->wanted);
  g_clear_object (&self->top);
  self->tick = 0;

  return G_SOURCE_REMOVE;
}

static void
show (MereFormColumn     *self,
      MereQuestionItem   *item,
      MereQuestionItem   *top,
      MereFormColumnFocus focus,
      GtkDirectionType    direction)
{
  g_set_object (&self->wanted, item);
  g_set_object (&self->top, top);
  self->focus = focus;
  self->direction = direction;
  self->frames = 0;

  scroll_to (self, item);
  focus_wanted (self);
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick_cb, NULL, NULL);
}

/* --- Ways through the form --------------------------------------------------------------------------------------- */

static gboolean
is_stop (MereQuestionItem *item)
{
  return mere_question_item_is_open (item) || mere_question_item_get_role (item) == MERE_QUESTION_MORE;
}

static gboolean
is_tab_stop (MereQuestionItem *item)
{
  if (mere_question_item_get_role (item) == MERE_QUESTION_INSTANCE)
    return mere_form_node_can_add_remove (mere_form_node_get_parent (mere_question_item_get_node (item)));

  return is_stop (item);
}

static gboolean
is_unanswered (MereQuestionItem *item)
{
  return mere_question_item_is_open (item) && *mere_form_node_get_value (mere_question_item_get_node (item)) == '\0';
}

/* The line at or behind @from, going by @step, for which @accept holds; NULL where none is. */
static MereQuestionItem *
seek (MereFormColumn *self,
      guint           from,
      int             step,
      gboolean (*accept) (MereQuestionItem *item))
{
  MereQuestionItem *item;

  for (guint at = from; (item = mere_question_list_peek (self->list, at)) != NULL; at += (guint) step)
    {
      if (accept (item))
        return item;
    }

  return NULL;
}

/* Position of the current line, or the one before the first. */
static guint
get_place (MereFormColumn *self)
{
  return self->current != NULL ? mere_question_list_get_position (self->list, self->current) : G_MAXUINT;
}

static gboolean
go (MereFormColumn   *self,
    MereQuestionItem *item,
    GtkDirectionType  direction)
{
  if (item != NULL)
    show (self, item, NULL, MERE_FORM_COLUMN_ANSWER, direction);

  return item != NULL;
}

static gboolean
leave_row (MereFormColumn  *self,
           GtkDirectionType direction)
{
  int step = direction == GTK_DIR_TAB_FORWARD ? 1 : -1;

  return go (self, seek (self, get_place (self) + (guint) step, step, is_tab_stop), direction);
}

/* From outside: back to where the person was, else to where there is something to do. */
static gboolean
enter (MereFormColumn  *self,
       GtkDirectionType direction)
{
  if (self->current != NULL && mere_question_item_is_alive (self->current) && is_tab_stop (self->current))
    return go (self, self->current, direction);
  if (direction == GTK_DIR_TAB_FORWARD)
    return mere_form_column_begin (self);

  return go (self, seek (self, mere_question_list_get_n_lines (self->list) - 1, -1, is_tab_stop), direction);
}

static gboolean
mere_form_column_focus (GtkWidget       *widget,
                        GtkDirectionType direction)
{
  MereFormColumn  *self = MERE_FORM_COLUMN (widget);
  MereQuestionRow *row = get_focused_row (self);

  if (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD)
    return GTK_WIDGET_CLASS (mere_form_column_parent_class)->focus (widget, direction);
  if (row == NULL)
    return enter (self, direction);

  return gtk_widget_child_focus (GTK_WIDGET (row), direction) || leave_row (self, direction);
}

static gboolean
mere_form_column_grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
}

/* --- Room for tables --------------------------------------------------------------------------------------------- */

static guint
measure_room (MereFormColumn *self)
{
  PangoContext     *context = gtk_widget_get_pango_context (GTK_WIDGET (self->view));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int               letter = pango_font_metrics_get_approximate_char_width (metrics);
  int               width = gtk_widget_get_width (GTK_WIDGET (self->view)) - AROUND;

  pango_font_metrics_unref (metrics);

  return width > 0 && letter > 0 ? (guint) (width * PANGO_SCALE / letter) : 0;
}

/* What has the focus may be in a cell now that was a line before, or the other way round. */
static gboolean
on_fit_cb (gpointer user_data)
{
  MereFormColumn *self = MERE_FORM_COLUMN (user_data);
  gboolean        focused = get_focused_row (self) != NULL;

  self->fit = 0;
  mere_question_list_set_room (self->list, measure_room (self));
  if (focused && get_focused_row (self) == NULL && mere_form_column_get_current (self) != NULL)
    show (self, self->current, NULL, MERE_FORM_COLUMN_ANSWER, GTK_DIR_TAB_FORWARD);

  return G_SOURCE_REMOVE;
}

static void
queue_fit (MereFormColumn *self)
{
  if (self->fit == 0 && self->list != NULL)
    self->fit = g_idle_add (on_fit_cb, self);
}

/* Another font, or another size of it. */
static void
mere_form_column_system_setting_changed (GtkWidget       *widget,
                                         GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (mere_form_column_parent_class)->system_setting_changed (widget, setting);

  queue_fit (MERE_FORM_COLUMN (widget));
}

static void
mere_form_column_dispose (GObject *object)
{
  MereFormColumn *self = MERE_FORM_COLUMN (object);

  g_clear_handle_id (&self->fit, g_source_remove);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_object (&self->wanted);
  g_clear_object (&self->top);
  g_clear_object (&self->current);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (mere_form_column_parent_class)->dispose (object);
}

static void
mere_form_column_class_init (MereFormColumnClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_form_column_dispose;
  widget_class->root = mere_form_column_root;
  widget_class->unroot = mere_form_column_unroot;
  widget_class->system_setting_changed = mere_form_column_system_setting_changed;
  widget_class->focus = mere_form_column_focus;
  widget_class->grab_focus = mere_form_column_grab_focus;

  signals[MOVED] = g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/form-column.ui");
  gtk_widget_class_bind_template_child (widget_class, MereFormColumn, scroller);
  gtk_widget_class_bind_template_child (widget_class, MereFormColumn, view);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind_cb);
}

static void
mere_form_column_init (MereFormColumn *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->scroller), "notify::page-size", G_CALLBACK (queue_fit), self, G_CONNECT_SWAPPED);
}

void
mere_form_column_set_list (MereFormColumn   *self,
                           MereQuestionList *list)
{
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (list)));

  g_set_object (&self->list, list);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

MereQuestionItem *
mere_form_column_get_current (MereFormColumn *self)
{
  return self->current != NULL && mere_question_item_is_alive (self->current) ? self->current : NULL;
}

void
mere_form_column_show (MereFormColumn     *self,
                       MereQuestionItem   *item,
                       MereFormColumnFocus focus)
{
  g_return_if_fail (MERE_IS_FORM_COLUMN (self) && MERE_IS_QUESTION_ITEM (item));

  show (self, item, NULL, focus, GTK_DIR_TAB_FORWARD);
}

void
mere_form_column_let_go (MereFormColumn *self)
{
  g_clear_object (&self->wanted);
  g_clear_object (&self->top);
}

void
mere_form_column_show_section (MereFormColumn   *self,
                               MereQuestionItem *item)
{
  guint             from = mere_question_list_get_position (self->list, item);
  MereQuestionItem *first = from != G_MAXUINT ? seek (self, from, 1, is_stop) : NULL;
  MereQuestionItem *top = mere_question_item_get_cells (item) == NULL ? item : NULL; /* a row of a table stays among the others */

  show (self, first != NULL ? first : item, top, first != NULL ? MERE_FORM_COLUMN_ANSWER : MERE_FORM_COLUMN_LOOK, GTK_DIR_TAB_FORWARD);
}

gboolean
mere_form_column_begin (MereFormColumn *self)
{
  return go (self, seek (self, 0, 1, is_unanswered), GTK_DIR_TAB_FORWARD) || go (self, seek (self, 0, 1, is_stop), GTK_DIR_TAB_FORWARD);
}

gboolean
mere_form_column_step (MereFormColumn *self,
                       int             step)
{
  return go (self, seek (self, get_place (self) + (guint) step, step, is_stop), GTK_DIR_TAB_FORWARD);
}

/* The entry whose row the cell is in, and which of its cells it is. */
static MereQuestionItem *
get_table_row (MereFormColumn   *self,
               MereQuestionItem *cell,
               guint            *column)
{
  guint             at = mere_question_list_get_position (self->list, cell);
  MereQuestionItem *row = NULL;

  while (at-- > 0 && (row = mere_question_list_peek (self->list, at)) != NULL && mere_question_item_get_cells (row) == NULL)
    ;

  return row != NULL && g_ptr_array_find (mere_question_item_get_cells (row), cell, column) ? row : NULL;
}

static gboolean
is_table_row_or_outside (MereQuestionItem *item)
{
  return mere_question_item_get_head (item) == NULL;
}

gboolean
mere_form_column_step_row (MereFormColumn *self,
                           int             step)
{
  guint             column;
  MereQuestionItem *cell = NULL;
  MereQuestionItem *row = self->current != NULL ? get_table_row (self, self->current, &column) : NULL;
  MereQuestionItem *other = row != NULL ? seek (self, mere_question_list_get_position (self->list, step > 0 ? self->current : row) + (guint) step, step, is_table_row_or_outside) : NULL;

  if (other != NULL && mere_question_item_get_cells (other) != NULL)
    cell = g_ptr_array_index (mere_question_item_get_cells (other), column);
  if (cell != NULL && is_stop (cell))
    return go (self, cell, GTK_DIR_TAB_FORWARD);
  if (other == NULL)
    return FALSE;

  return go (self, seek (self, mere_question_list_get_position (self->list, other), step, is_stop), GTK_DIR_TAB_FORWARD);
}

/* Behind the current line, else from the top. */
static gboolean
go_to_next (MereFormColumn *self,
            gboolean (*accept) (MereQuestionItem *item))
{
  return go (self, seek (self, get_place (self) + 1, 1, accept), GTK_DIR_TAB_FORWARD) || go (self, seek (self, 0, 1, accept), GTK_DIR_TAB_FORWARD);
}

gboolean
mere_form_column_go_to_hole (MereFormColumn *self)
{
  return go_to_next (self, mere_question_item_is_hole);
}

gboolean
mere_form_column_go_to_invalid (MereFormColumn *self)
{
  return go_to_next (self, mere_question_item_is_invalid);
}
