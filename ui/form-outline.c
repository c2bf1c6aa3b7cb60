/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/form-outline.h"

#include <glib/gi18n-lib.h>

#include "ui/form-section.h"

#define INDENT 12 /* px a level */

struct _MereFormOutline
{
  AdwBin parent_instance;

  GtkListView *view;

  MereQuestionList   *list;
  GListStore         *sections;
  GtkSingleSelection *selection;
  char               *title;
  GByteArray         *states; /* what each line counted for */
  GHashTable         *due;    /* MereQuestionItem: lines to be counted anew; the items are owned */
  MereQuestionItem   *marked; /* the line with the focus; owned */
  gboolean            all;    /* are to be counted anew */
  guint               survey; /* idle source */
};

enum {
  CHOSEN,
  N_SIGNALS
};

enum {
  PROP_0,
  PROP_USEFUL,
  N_PROPERTIES
};

static guint       signals[N_SIGNALS];
static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (MereFormOutline, mere_form_outline, ADW_TYPE_BIN)

/* --- A line ------------------------------------------------------------------------------------------------------ */

static void
on_setup_cb (GtkSignalListItemFactory *factory,
             GtkListItem              *item,
             gpointer                  user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *figures = gtk_label_new (NULL);
  GtkWidget *faults = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (title), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (title), 2);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (figures), 0);
  gtk_widget_add_css_class (figures, "caption");
  gtk_widget_add_css_class (figures, "dim-label");
  gtk_widget_add_css_class (figures, "numeric");
  gtk_label_set_xalign (GTK_LABEL (faults), 0);
  gtk_widget_add_css_class (faults, "caption");
  gtk_widget_add_css_class (faults, "mere-fault");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), figures);
  gtk_box_append (GTK_BOX (box), faults);

  gtk_list_item_set_child (item, box);
}

static void
show_section (GtkListItem *item)
{
  MereFormSection *section = gtk_list_item_get_item (item);
  GtkWidget       *box = gtk_list_item_get_child (item);
  GtkWidget       *title = gtk_widget_get_first_child (box);
  GtkWidget       *figures = gtk_widget_get_next_sibling (title);
  GtkWidget       *faults = gtk_widget_get_next_sibling (figures);
  guint            asked = mere_form_section_get_asked (section);
  guint            n = mere_form_section_get_faults (section);
  /* Translators: answered questions of a section: “3 of 5” */
  g_autofree char *counted = g_strdup_printf (_ ("%u of %u"), mere_form_section_get_answered (section), asked);
  g_autofree char *faulty = g_strdup_printf (ngettext ("%u needs attention", "%u need attention", n), n);
  g_autofree char *name = g_strjoin (", ", mere_form_section_get_title (section), asked > 0 ? counted : NULL, NULL);
  g_autofree char *whole = n > 0 ? g_strjoin (", ", name, faulty, NULL) : g_strdup (name);

  gtk_label_set_label (GTK_LABEL (title), mere_form_section_get_title (section));
  gtk_widget_set_tooltip_text (title, mere_form_section_get_title (section));
  gtk_label_set_label (GTK_LABEL (figures), counted);
  gtk_widget_set_visible (figures, asked > 0);
  gtk_label_set_label (GTK_LABEL (faults), faulty);
  gtk_widget_set_visible (faults, n > 0);
  gtk_widget_set_margin_start (box, INDENT * (int) mere_form_section_get_depth (section));
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (box)), GTK_ACCESSIBLE_PROPERTY_LABEL, whole, -1);
}

static void
on_bind_cb (GtkSignalListItemFactory *factory,
            GtkListItem              *item,
            gpointer                  user_data)
{
  g_signal_connect_object (gtk_list_item_get_item (item), "changed", G_CALLBACK (show_section), item, G_CONNECT_SWAPPED);
  show_section (item);
}

static void
on_unbind_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              gpointer                  user_data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show_section, item);
}

static void
on_activate_cb (MereFormOutline *self,
                guint            position)
{
  g_autoptr (MereFormSection) section = g_list_model_get_item (G_LIST_MODEL (self->sections), position);

  if (section != NULL)
    g_signal_emit (self, signals[CHOSEN], 0, mere_form_section_get_item (section));
}

/* --- All of them ------------------------------------------------------------------------------------------------- */

static void
survey (MereFormOutline *self)
{
  gboolean useful = mere_form_outline_is_useful (self);

  mere_form_section_survey (self->list, self->sections, self->title, self->states);
  if (useful != mere_form_outline_is_useful (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USEFUL]);
}

static void
count_due (MereFormOutline *self)
{
  GHashTableIter iter;
  gpointer       item;

  g_hash_table_iter_init (&iter, self->due);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    mere_form_section_update (G_LIST_MODEL (self->sections), self->states, mere_question_list_get_position (self->list, item), item);
}

static gboolean
on_idle_cb (gpointer user_data)
{
  MereFormOutline *self = MERE_FORM_OUTLINE (user_data);

  self->survey = 0;
  if (self->all)
    survey (self);
  else
    count_due (self);
  g_hash_table_remove_all (self->due);
  self->all = FALSE;

  return G_SOURCE_REMOVE;
}

static void
touch (MereFormOutline  *self,
       MereQuestionItem *item)
{
  g_hash_table_add (self->due, g_object_ref (item));
  if (self->survey == 0)
    self->survey = g_idle_add (on_idle_cb, self);
}

static void
on_section_changed_cb (MereFormOutline *self,
                       MereFormNode    *node)
{
  MereQuestionItem *item = node != NULL ? mere_question_list_find (self->list, node) : NULL;

  if (node == NULL)
    mere_form_outline_refresh (self);
  else if (item != NULL)
    touch (self, item);
}

static void
mere_form_outline_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  if (prop_id == PROP_USEFUL)
    g_value_set_boolean (value, mere_form_outline_is_useful (MERE_FORM_OUTLINE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
mere_form_outline_dispose (GObject *object)
{
  MereFormOutline *self = MERE_FORM_OUTLINE (object);

  g_clear_handle_id (&self->survey, g_source_remove);
  g_clear_object (&self->marked);
  g_clear_pointer (&self->due, g_hash_table_unref);
  g_clear_pointer (&self->states, g_byte_array_unref);
  g_clear_object (&self->selection);
  g_clear_object (&self->sections);
  g_clear_object (&self->list);
  g_clear_pointer (&self->title, g_free);

  G_OBJECT_CLASS (mere_form_outline_parent_class)->dispose (object);
}

static void
mere_form_outline_class_init (MereFormOutlineClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = mere_form_outline_get_property;
  object_class->dispose = mere_form_outline_dispose;

  properties[PROP_USEFUL] = g_param_spec_boolean ("useful", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, MERE_TYPE_QUESTION_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/form-outline.ui");
  gtk_widget_class_bind_template_child (widget_class, MereFormOutline, view);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_activate_cb);
}

static void
mere_form_outline_init (MereFormOutline *self)
{
  self->states = g_byte_array_new ();
  self->due = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->sections = g_list_store_new (MERE_TYPE_FORM_SECTION);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->sections)));

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
}

void
mere_form_outline_set_list (MereFormOutline  *self,
                            MereQuestionList *list,
                            const char       *title)
{
  g_return_if_fail (MERE_IS_FORM_OUTLINE (self) && self->list == NULL);

  self->list = g_object_ref (list);
  self->title = g_strdup (title);
  g_signal_connect_object (list, "section-changed", G_CALLBACK (on_section_changed_cb), self, G_CONNECT_SWAPPED);
  survey (self);
}

void
mere_form_outline_refresh (MereFormOutline *self)
{
  if (self->list == NULL)
    return;

  self->all = TRUE;
  if (self->survey == 0)
    self->survey = g_idle_add (on_idle_cb, self);
}

void
mere_form_outline_mark (MereFormOutline *self,
                        guint            position)
{
  guint at = mere_form_section_find (G_LIST_MODEL (self->sections), position);

  if (self->marked != NULL)
    touch (self, self->marked); /* what is missing in it is said from now on */
  g_set_object (&self->marked, mere_question_list_peek (self->list, position));

  if (at == GTK_INVALID_LIST_POSITION || at == gtk_single_selection_get_selected (self->selection))
    return;

  gtk_single_selection_set_selected (self->selection, at);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", at);
}

gboolean
mere_form_outline_is_useful (MereFormOutline *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->sections)) > 1;
}
