/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/road.h"

#include <glib/gi18n-lib.h>

#include "ui/road-card.h"
#include "ui/stick-words.h"
#include "ui/text.h"

struct _MereRoad
{
  AdwBin parent_instance;

  MereRoadCard *laptop_card;
  MereRoadCard *stick_card;
  MereRoadCard *hq_card;
};

G_DEFINE_FINAL_TYPE (MereRoad, mere_road, ADW_TYPE_BIN)

static void
show_laptop (MereRoad                *self,
             const MereCourierStatus *status)
{
  g_autofree char *figure = g_strdup_printf ("%" G_GINT64_FORMAT, status->n_waiting);
  g_autofree char *when = NULL;
  g_autofree char *line = NULL;

  if (status->last_written_us > 0)
    {
      when = mere_text_moment (status->last_written_us);
      /* Translators: %s is a moment: “yesterday, 14:05” */
      line = g_strdup_printf (_ ("Last written to a stick: %s"), when);
    }
  else
    line = g_strdup (_ ("Nothing was written to a stick yet"));

  mere_road_card_set_facts (self->laptop_card, figure,
                            ngettext ("record waits for a stick", "records wait for a stick", status->n_waiting), line);
}

static void
show_headquarters (MereRoad                *self,
                   const MereCourierStatus *status)
{
  gint64           n = status->n_acknowledged + status->n_erased;
  g_autofree char *figure = g_strdup_printf ("%" G_GINT64_FORMAT, n);
  g_autofree char *when = NULL;
  g_autofree char *line = NULL;

  if (status->last_receipt_us > 0)
    {
      when = mere_text_moment (status->last_receipt_us);
      /* Translators: %s is a moment: “yesterday, 14:05” */
      line = g_strdup_printf (_ ("Newest receipt read: %s"), when);
    }
  else
    line = g_strdup (_ ("No receipt yet"));

  mere_road_card_set_facts (self->hq_card, figure,
                            ngettext ("record is at headquarters", "records are at headquarters", n), line);
}

static void
mere_road_class_init (MereRoadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MERE_TYPE_ROAD_CARD);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/road.ui");
  gtk_widget_class_bind_template_child (widget_class, MereRoad, laptop_card);
  gtk_widget_class_bind_template_child (widget_class, MereRoad, stick_card);
  gtk_widget_class_bind_template_child (widget_class, MereRoad, hq_card);
}

static void
mere_road_init (MereRoad *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  mere_road_card_set_title (self->laptop_card, "computer-symbolic", _ ("This laptop"));
  mere_road_card_set_title (self->stick_card, "media-removable-symbolic", _ ("Stick"));
  mere_road_card_set_title (self->hq_card, "network-server-symbolic", _ ("Headquarters"));
}

void
mere_road_show_status (MereRoad                *self,
                       const MereCourierStatus *status)
{
  g_return_if_fail (MERE_IS_ROAD (self));

  show_laptop (self, status);
  show_headquarters (self, status);
}

void
mere_road_show_stick (MereRoad              *self,
                      const MereCourierLook *look,
                      const char            *trouble)
{
  g_autofree char *figure = NULL;
  g_autofree char *line = NULL;

  g_return_if_fail (MERE_IS_ROAD (self));

  if (look == NULL)
    {
      mere_road_card_set_facts (self->stick_card, "–", trouble != NULL ? trouble : _ ("No stick chosen"), NULL);
      return;
    }

  figure = g_strdup_printf ("%u", look->n_ours_open);
  line = mere_stick_words_look (look);
  mere_road_card_set_facts (self->stick_card, figure,
                            ngettext ("bundle is on its way", "bundles are on their way", look->n_ours_open), line);
}
