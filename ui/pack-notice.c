/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/pack-notice.h"

#include <glib/gi18n-lib.h>

#include "app/store/terms.h"

struct _MerePackNotice
{
  AdwBin parent_instance;

  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (MerePackNotice, mere_pack_notice, ADW_TYPE_BIN)

static void
mere_pack_notice_class_init (MerePackNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/pack-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, MerePackNotice, label);
}

static void
mere_pack_notice_init (MerePackNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
dup_sentence (const MereTerms *terms)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *today = g_date_time_format (now, "%Y-%m-%d");

  if (mere_terms_wants_newer (terms, PACKAGE_VERSION))
    /* Translators: versions of the program: “0.9.0” */
    return g_strdup_printf (_ ("Headquarters asks for Merestone %s or newer; this is %s. Everything goes on and is kept. Ask for the newer one when you can."),
                            terms->app_min, PACKAGE_VERSION);
  if (mere_terms_is_stale (terms, today))
    /* Translators: %s is a day: “2026-12-31” */
    return g_strdup_printf (_ ("The mission pack was meant for the time until %s. Work on; read a newer one when a stick brings it."), terms->stale_after);

  return NULL;
}

void
mere_pack_notice_refresh (MerePackNotice *self,
                          MereStore      *store)
{
  g_autoptr (MereTerms) terms = mere_terms_load (store, NULL);
  g_autofree char *sentence = terms != NULL ? dup_sentence (terms) : NULL;

  gtk_label_set_label (self->label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self), sentence != NULL);
}
