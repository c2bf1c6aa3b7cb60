/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/returned-bar.h"

#include "app/capture/remarks.h"
#include "ui/words.h"

struct _MereReturnedBar
{
  AdwBin parent_instance;

  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (MereReturnedBar, mere_returned_bar, ADW_TYPE_BIN)

static void
mere_returned_bar_class_init (MereReturnedBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/returned-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, MereReturnedBar, label);
}

static void
mere_returned_bar_init (MereReturnedBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
mere_returned_bar_show (MereReturnedBar *self,
                        GPtrArray       *returned,
                        MereFormSession *session)
{
  g_autofree char *summary = mere_remarks_dup_summary (returned, session);
  g_autofree char *text = mere_words_remark (summary);

  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (GTK_WIDGET (self), *summary != '\0');
}
