/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/put-back-notice.h"

#include <glib/gi18n-lib.h>

#include "sync/put-back.h"
#include "ui/text.h"

struct _MerePutBackNotice
{
  AdwBin parent_instance;

  GtkLabel  *label;
  MereStore *store;
};

G_DEFINE_FINAL_TYPE (MerePutBackNotice, mere_put_back_notice, ADW_TYPE_BIN)

static void
on_read_cb (MerePutBackNotice *self)
{
  g_autoptr (GError) error = NULL;

  if (mere_put_back_forget (self->store, &error))
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "desk.toast", "s", error->message);
}

static void
mere_put_back_notice_dispose (GObject *object)
{
  MerePutBackNotice *self = MERE_PUT_BACK_NOTICE (object);

  g_clear_pointer (&self->store, mere_store_unref);

  G_OBJECT_CLASS (mere_put_back_notice_parent_class)->dispose (object);
}

static void
mere_put_back_notice_class_init (MerePutBackNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_put_back_notice_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/put-back-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, MerePutBackNotice, label);
  gtk_widget_class_bind_template_callback (widget_class, on_read_cb);
}

static void
mere_put_back_notice_init (MerePutBackNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
mere_put_back_notice_refresh (MerePutBackNotice *self,
                              MereStore         *store)
{
  gint64           noted_us = mere_put_back_get_time_us (store);
  g_autofree char *when = noted_us != 0 ? mere_text_moment (noted_us) : NULL;
  g_autofree char *text = NULL;

  if (self->store == NULL)
    self->store = mere_store_ref (store);
  gtk_widget_set_visible (GTK_WIDGET (self), noted_us != 0);
  if (noted_us == 0)
    return;
  /* Translators: %s is a date and a time */
  text = g_strdup_printf (_ ("This vault was put back to an earlier state, noticed %s: bundles were made from a later one. What was recorded in between is not here; what was sent is at headquarters. If nobody has restored a copy on purpose, somebody had this laptop. Tell headquarters."),
                          when);
  gtk_label_set_label (self->label, text);
}
