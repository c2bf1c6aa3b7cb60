/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/coverage-page.h"

#include <glib/gi18n-lib.h>

#include "app/capture/coverage.h"
#include "sync/enrol.h"
#include "sync/team.h"
#include "ui/coverage-card.h"
#include "ui/coverage-words.h"
#include "ui/refresher.h"

struct _MereCoveragePage
{
  AdwBin parent_instance;

  GtkStack      *stack;
  GtkLabel      *scope_label;
  GtkFlowBox    *legend;
  GtkLabel      *unknown_label;
  GtkBox        *cards;
  GtkWidget     *more_button;
  AdwStatusPage *trouble;

  MereStore     *store; /* borrowed */
  MereRefresher *refresher;
  GCancellable  *summing; /* of the thread that works now, or NULL */
  gboolean       again;   /* something has changed since it began */
  MereCoverage  *coverage;
  guint          n_shown;
};

G_DEFINE_FINAL_TYPE (MereCoveragePage, mere_coverage_page, ADW_TYPE_BIN)

static const guint page_size = 24; /* crossings: each is 28 buttons */

static void
append_cards (MereCoveragePage *self)
{
  guint n = self->coverage->places->len;
  guint end = MIN (n, self->n_shown + page_size);

  for (; self->n_shown < end; self->n_shown++)
    gtk_box_append (self->cards, mere_coverage_card_new (self->coverage->places->pdata[self->n_shown]));
  gtk_widget_set_visible (self->more_button, self->n_shown < n);
}

static void
on_more_cb (MereCoveragePage *self)
{
  append_cards (self);
}

/* Whose records are counted. */
static void
show_scope (MereCoveragePage *self)
{
  g_autoptr (MereEnrolStatus) status = mere_enrol_load_status (self->store, NULL);
  g_autoptr (GPtrArray) led = status != NULL && status->device != NULL ? mere_team_list_led (self->store, status->device, NULL) : NULL;
  guint            n = led != NULL ? led->len : 0;
  g_autofree char *team = g_strdup_printf (ngettext ("Records of this laptop, and of %u laptop that you lead, as far as its sticks were read here.",
                                                     "Records of this laptop, and of %u laptops that you lead, as far as their sticks were read here.", n),
                                           n);

  gtk_label_set_label (self->scope_label, n > 0 ? team : _ ("Records of this laptop: final ones, in their newest version."));
}

static void
show_unknown (MereCoveragePage *self)
{
  guint            n = (guint) self->coverage->n_unknown;
  g_autofree char *text = g_strdup_printf (ngettext ("%u record is not counted: its questionnaire is not on this laptop, or it was erased.",
                                                     "%u records are not counted: their questionnaires are not on this laptop, or they were erased.", n),
                                           n);

  gtk_label_set_label (self->unknown_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->unknown_label), n > 0);
}

/* What the focused button of a cell opens: (transfer full), or NULL. */
static GVariant *
dup_focus (MereCoveragePage *self)
{
  GtkRoot   *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GVariant  *target = NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->cards)) && GTK_IS_ACTIONABLE (focus))
    target = gtk_actionable_get_action_target_value (GTK_ACTIONABLE (focus));

  return target != NULL ? g_variant_ref (target) : NULL;
}

static GtkWidget *
find_cell (GtkWidget *widget,
           GVariant  *target)
{
  if (GTK_IS_ACTIONABLE (widget))
    {
      GVariant *own = gtk_actionable_get_action_target_value (GTK_ACTIONABLE (widget));

      return own != NULL && g_variant_equal (own, target) ? widget : NULL;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_cell (child, target);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* As many as there were. */
static void
replace_cards (MereCoveragePage *self)
{
  guint      n_shown = MAX (self->n_shown, 1);
  GtkWidget *card;

  while ((card = gtk_widget_get_first_child (GTK_WIDGET (self->cards))) != NULL)
    gtk_box_remove (self->cards, card);
  self->n_shown = 0;
  while (self->n_shown < MIN (n_shown, self->coverage->places->len))
    append_cards (self);
}

/* Takes @coverage. The focus stays where it was, and comes in with the first cards. */
static void
show (MereCoveragePage *self,
      MereCoverage     *coverage)
{
  g_autoptr (GVariant) focus = dup_focus (self);
  gboolean   first = self->coverage == NULL;
  GtkWidget *cell;

  g_clear_pointer (&self->coverage, mere_coverage_free);
  self->coverage = coverage;
  show_scope (self);
  show_unknown (self);
  replace_cards (self);
  gtk_stack_set_visible_child_name (self->stack, coverage->places->len > 0 ? "list" : "empty");

  cell = focus != NULL ? find_cell (GTK_WIDGET (self->cards), focus) : NULL;
  if (cell != NULL)
    gtk_widget_grab_focus (cell);
  else if (gtk_widget_get_mapped (GTK_WIDGET (self)) && (first || focus != NULL))
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
sum_in_thread (GTask        *task,
               gpointer      source,
               gpointer      store,
               GCancellable *cancellable)
{
  GError       *error = NULL;
  MereCoverage *coverage = mere_coverage_load (store, cancellable, &error);

  if (coverage != NULL)
    g_task_return_pointer (task, coverage, (GDestroyNotify) mere_coverage_free);
  else
    g_task_return_error (task, error);
}

static void begin_summing (MereCoveragePage *self);

static void
on_summed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (MereCoveragePage) self = MERE_COVERAGE_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  MereCoverage *coverage = g_task_propagate_pointer (G_TASK (result), &error);

  g_clear_object (&self->summing);
  if (self->store == NULL)
    {
      mere_coverage_free (coverage);
      return;
    }
  if (coverage != NULL)
    show (self, coverage);
  else
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->trouble, text);
      gtk_stack_set_visible_child_name (self->stack, "trouble");
    }
  if (self->again)
    begin_summing (self);
}

static void
begin_summing (MereCoveragePage *self)
{
  g_autoptr (GTask) task = NULL;

  self->again = self->summing != NULL;
  if (self->again)
    return;
  self->summing = g_cancellable_new ();
  task = g_task_new (NULL, self->summing, on_summed_cb, g_object_ref (self));
  g_task_set_task_data (task, mere_store_ref (self->store), (GDestroyNotify) mere_store_unref);
  g_task_run_in_thread (task, sum_in_thread);
}

static void
refresh (GtkWidget *widget)
{
  begin_summing (MERE_COVERAGE_PAGE (widget));
}

/* A sign and what it means. */
static void
add_to_legend (MereCoveragePage       *self,
               const MereCoverageCell *cell,
               const char             *meaning)
{
  GtkWidget *child = gtk_flow_box_child_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", mere_coverage_words_icon (cell), "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = gtk_label_new (meaning);

  gtk_widget_add_css_class (box, "mere-cover");
  gtk_widget_add_css_class (box, mere_coverage_words_style (cell));
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  gtk_flow_box_append (self->legend, child);
}

static void
mere_coverage_page_dispose (GObject *object)
{
  MereCoveragePage *self = MERE_COVERAGE_PAGE (object);

  g_clear_pointer (&self->refresher, mere_refresher_free);
  g_clear_pointer (&self->coverage, mere_coverage_free);
  if (self->summing != NULL)
    g_cancellable_cancel (self->summing);
  self->again = FALSE;
  self->store = NULL;

  G_OBJECT_CLASS (mere_coverage_page_parent_class)->dispose (object);
}

static void
mere_coverage_page_class_init (MereCoveragePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_coverage_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/coverage-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereCoveragePage, stack);
  gtk_widget_class_bind_template_child (widget_class, MereCoveragePage, scope_label);
  gtk_widget_class_bind_template_child (widget_class, MereCoveragePage, legend);
  gtk_widget_class_bind_template_child (widget_class, MereCoveragePage, unknown_label);
  gtk_widget_class_bind_template_child (widget_class, MereCoveragePage, cards);
  gtk_widget_class_bind_template_child (widget_class, MereCoveragePage, more_button);
  gtk_widget_class_bind_template_child (widget_class, MereCoveragePage, trouble);
  gtk_widget_class_bind_template_callback (widget_class, on_more_cb);
}

static void
mere_coverage_page_init (MereCoveragePage *self)
{
  static const struct
  {
    MereCoverageCell cell;
    const char      *meaning;
  } signs[] = {
    { { .state = MERE_COVERAGE_MISSING }, N_ ("nothing yet") },
    { { .state = MERE_COVERAGE_PARTLY }, N_ ("something") },
    { { .state = MERE_COVERAGE_WHOLE }, N_ ("every question") },
    { { .n_conflicts = 1 }, N_ ("two answers") },
    { { .state = MERE_COVERAGE_NOT_ASKED }, N_ ("not asked here") },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    add_to_legend (self, &signs[i].cell, _ (signs[i].meaning));
}

MereCoveragePage *
mere_coverage_page_new (MereStore *store)
{
  MereCoveragePage *self = g_object_new (MERE_TYPE_COVERAGE_PAGE, NULL);

  self->store = store;
  self->refresher = mere_refresher_new (GTK_WIDGET (self), store,
                                        MERE_STORE_CROSSINGS | MERE_STORE_INSTRUMENTS | MERE_STORE_RECORDS | MERE_STORE_OTHER,
                                        refresh);

  return self;
}
