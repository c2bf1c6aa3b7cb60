/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/team-box.h"

#include <glib/gi18n-lib.h>

#include "sync/enrol.h"
#include "sync/team.h"

struct _MereTeamBox
{
  AdwBin parent_instance;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (MereTeamBox, mere_team_box, ADW_TYPE_BIN)

static void
mere_team_box_class_init (MereTeamBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/team-box.ui");
  gtk_widget_class_bind_template_child (widget_class, MereTeamBox, list);
}

static void
mere_team_box_init (MereTeamBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
is_leader (MereStore *store)
{
  g_autoptr (MereEnrolStatus) status = mere_enrol_load_status (store, NULL);
  g_autoptr (GPtrArray) led = status != NULL ? mere_team_list_led (store, status->device, NULL) : NULL;

  return led != NULL && led->len > 0;
}

static void
add_row (MereTeamBox *self,
         const char  *crossing,
         guint        total,
         const char  *parts)
{
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *label = gtk_label_new (NULL);
  g_autofree char *figure = g_strdup_printf (ngettext ("%u record", "%u records", total), total);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), crossing != NULL ? crossing : _ ("Without a crossing"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), parts);
  gtk_label_set_label (GTK_LABEL (label), figure);
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_list_box_append (self->list, row);
}

/* "4 here · 8 of Laptop 2" */
static void
append_part (GString             *parts,
             const MereTeamCount *count)
{
  if (parts->len > 0)
    g_string_append (parts, " · ");
  if (count->label == NULL)
    /* Translators: so many records are on this laptop */
    g_string_append_printf (parts, _ ("%u here"), count->n_records);
  else
    /* Translators: so many records are of a colleague’s laptop, by its name */
    g_string_append_printf (parts, _ ("%u of %s"), count->n_records, count->label);
}

static void
show_coverage (MereTeamBox *self,
               GPtrArray   *coverage)
{
  for (guint i = 0; i < coverage->len;)
    {
      const MereTeamCount *first = coverage->pdata[i];
      g_autoptr (GString) parts = g_string_new (NULL);
      guint total = 0;

      for (; i < coverage->len && g_strcmp0 (((MereTeamCount *) coverage->pdata[i])->crossing, first->crossing) == 0; i++)
        {
          append_part (parts, coverage->pdata[i]);
          total += ((MereTeamCount *) coverage->pdata[i])->n_records;
        }
      add_row (self, first->crossing, total, parts->str);
    }
}

void
mere_team_box_refresh (MereTeamBox *self,
                       MereStore   *store)
{
  g_autoptr (GPtrArray) coverage = NULL;
  GtkListBoxRow *row;
  gboolean       leads = is_leader (store);

  g_return_if_fail (MERE_IS_TEAM_BOX (self));

  gtk_widget_set_visible (GTK_WIDGET (self), leads);
  if (!leads)
    return;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  coverage = mere_team_list_coverage (store, NULL);
  if (coverage != NULL)
    show_coverage (self, coverage);
}
