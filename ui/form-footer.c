/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/form-footer.h"

#include <glib/gi18n-lib.h>

struct _MereFormFooter
{
  AdwBin parent_instance;

  GtkWidget      *sections_button;
  GtkLabel       *progress_label;
  GtkProgressBar *progress_bar;
  GtkDropDown    *languages;
  AdwBin         *extra;

  MereQuestionKeeper *keeper;
};

G_DEFINE_FINAL_TYPE (MereFormFooter, mere_form_footer, ADW_TYPE_BIN)

static void
show_progress (MereFormFooter *self)
{
  MereCaptureProgress progress;
  guint               faults;
  g_autofree char    *answered = NULL;
  g_autofree char    *text = NULL;

  mere_capture_get_progress (mere_question_keeper_get_capture (self->keeper), &progress);
  faults = progress.missing + progress.invalid;
  answered = g_strdup_printf (_ ("%u of %u answered"), progress.answered, progress.asked);
  if (faults > 0)
    text = g_strdup_printf (ngettext ("%s · %u still needed", "%s · %u still needed", faults), answered, faults);
  else
    text = g_strdup (answered);

  gtk_label_set_label (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, progress.asked > 0 ? (double) progress.answered / progress.asked : 0);
}

static void
fill_languages (MereFormFooter *self)
{
  MereFormSession   *session = mere_question_keeper_get_session (self->keeper);
  const char *const *languages = mere_form_get_languages (mere_form_session_get_form (session));
  g_autoptr (GtkStringList) names = gtk_string_list_new (languages);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (names));
  guint at = 0;

  while (at < n && g_strcmp0 (languages[at], mere_form_session_get_language (session)) != 0)
    at++;

  g_signal_handlers_block_matched (self->languages, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_drop_down_set_model (self->languages, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->languages, at < n ? at : GTK_INVALID_LIST_POSITION);
  g_signal_handlers_unblock_matched (self->languages, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_widget_set_visible (GTK_WIDGET (self->languages), n > 1);
}

static void
on_language_chosen_cb (MereFormFooter *self)
{
  GtkStringObject *language = gtk_drop_down_get_selected_item (self->languages);

  if (language != NULL && self->keeper != NULL)
    mere_question_keeper_set_language (self->keeper, gtk_string_object_get_string (language));
}

static void
mere_form_footer_dispose (GObject *object)
{
  g_clear_object (&MERE_FORM_FOOTER (object)->keeper);

  G_OBJECT_CLASS (mere_form_footer_parent_class)->dispose (object);
}

static void
mere_form_footer_class_init (MereFormFooterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_form_footer_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/form-footer.ui");
  gtk_widget_class_bind_template_child (widget_class, MereFormFooter, sections_button);
  gtk_widget_class_bind_template_child (widget_class, MereFormFooter, progress_label);
  gtk_widget_class_bind_template_child (widget_class, MereFormFooter, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, MereFormFooter, languages);
  gtk_widget_class_bind_template_child (widget_class, MereFormFooter, extra);
  gtk_widget_class_bind_template_callback (widget_class, on_language_chosen_cb);
}

static void
mere_form_footer_init (MereFormFooter *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
mere_form_footer_set_keeper (MereFormFooter     *self,
                             MereQuestionKeeper *keeper)
{
  g_set_object (&self->keeper, keeper);
  fill_languages (self);
  show_progress (self);
}

void
mere_form_footer_refresh (MereFormFooter *self)
{
  show_progress (self);
}

void
mere_form_footer_set_folded (MereFormFooter *self,
                             gboolean        folded)
{
  gtk_widget_set_visible (self->sections_button, folded);
}

void
mere_form_footer_set_extra (MereFormFooter *self,
                            GtkWidget      *extra)
{
  adw_bin_set_child (self->extra, extra);
}
