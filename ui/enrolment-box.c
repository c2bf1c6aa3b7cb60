/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/enrolment-box.h"

#include <glib/gi18n-lib.h>

#include "sync/code.h"
#include "sync/enrol.h"
#include "ui/errand.h"

struct _MereEnrolmentBox
{
  AdwBin parent_instance;

  GtkLabel    *state_label;
  GtkWidget   *copied_step;
  GtkWidget   *card_step;
  GtkEditable *label_entry;
  GtkWidget   *card_button;
  GtkWidget   *own_step;
  GtkLabel    *own_label;
  GtkWidget   *hq_step;
  GtkEditable *digits_entry;
  GtkWidget   *confirm_button;
  GtkLabel    *message_label;

  MereStore    *store;
  char         *folder;
  GCancellable *cancellable;
  gboolean      busy;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereEnrolmentBox, mere_enrolment_box, ADW_TYPE_BIN)

/* What each state says. */
static const char *const stories[] = {
  [MERE_ENROL_NEW] = N_ ("This laptop and headquarters do not know each other yet. Until they do, nothing is packed."),
  [MERE_ENROL_OFFERED] = N_ ("The card of this laptop was written. Now type the digits of headquarters, and read yours to them."),
  [MERE_ENROL_TRUSTING] = N_ ("This laptop knows headquarters. Headquarters has not answered yet: read what it sends from the stick."),
  [MERE_ENROL_ACTIVE] = N_ ("This laptop and headquarters know each other."),
  [MERE_ENROL_REVOKED] = N_ ("Headquarters has revoked this laptop: nothing is packed here any more."),
};

static void
show_message (MereEnrolmentBox *self,
              const char       *message,
              const char       *style)
{
  GtkWidget *label = GTK_WIDGET (self->message_label);

  gtk_label_set_label (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (label, message != NULL);
  gtk_widget_remove_css_class (label, "error");
  gtk_widget_remove_css_class (label, "success");
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
}

static void
refresh_buttons (MereEnrolmentBox *self)
{
  g_autofree char *digits = mere_code_read (gtk_editable_get_text (self->digits_entry), NULL);
  gboolean         ready = self->folder != NULL && !self->busy;

  gtk_widget_set_sensitive (self->card_button, ready);
  gtk_widget_set_sensitive (self->confirm_button, ready && digits != NULL);
}

static void
show_state (MereEnrolmentBox      *self,
            const MereEnrolStatus *status)
{
  gboolean         open = status->state != MERE_ENROL_ACTIVE && status->state != MERE_ENROL_REVOKED;
  gboolean         trusting = status->state == MERE_ENROL_TRUSTING || !open;
  g_autofree char *names = NULL;
  g_autofree char *story = NULL;

  if (*status->hq != '\0')
    /* Translators: names of eight characters each */
    names = g_strdup_printf (_ ("This laptop is %s, headquarters is %s."), status->device, status->hq);

  story = g_strjoin (" ", _ (stories[status->state]), names, NULL);
  gtk_label_set_label (self->state_label, story);
  gtk_label_set_label (self->own_label, status->code);
  gtk_widget_set_visible (self->copied_step, status->state == MERE_ENROL_ACTIVE &&
                                               mere_enrol_get_copied (self->store) == MERE_ENROL_COPIED_YES);
  gtk_widget_set_visible (self->card_step, open);
  gtk_widget_set_visible (self->own_step, open && *status->code != '\0');
  gtk_widget_set_visible (self->hq_step, !trusting);

  if (gtk_widget_get_focus_child (self->card_step) == NULL)
    gtk_editable_set_text (self->label_entry, status->label);
}

static void
set_busy (MereEnrolmentBox *self,
          gboolean          busy)
{
  self->busy = busy;
  refresh_buttons (self);
}

/* Returns whether the box still stands: the vault may have been locked while the thread was at work. */
static gboolean
come_back (MereEnrolmentBox *self,
           const GError     *error)
{
  if (self->store == NULL)
    return FALSE;

  set_busy (self, FALSE);
  if (error != NULL)
    show_message (self, error->message, "error");

  return error == NULL;
}

static void
on_card_written_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (MereEnrolmentBox) self = user_data;
  g_autoptr (GError) error = NULL;

  mere_errand_card_finish (result, &error);
  if (!come_back (self, error))
    return;

  mere_enrolment_box_refresh (self);
  show_message (self, _ ("The card of this laptop is on the stick."), "success");
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_write_card_cb (MereEnrolmentBox *self)
{
  g_autofree char *label = g_strstrip (g_strdup (gtk_editable_get_text (self->label_entry)));

  show_message (self, NULL, NULL);
  set_busy (self, TRUE);
  mere_errand_card_async (self->store, self->folder, label, self->cancellable, on_card_written_cb, g_object_ref (self));
}

static void
on_trusted_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MereEnrolmentBox) self = user_data;
  g_autoptr (GError) error = NULL;

  mere_errand_trust_finish (result, &error);
  if (!come_back (self, error))
    return;

  gtk_editable_set_text (self->digits_entry, "");
  mere_enrolment_box_refresh (self);
  show_message (self, _ ("The digits fit: this is your headquarters."), "success");
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_confirm_cb (MereEnrolmentBox *self)
{
  if (!gtk_widget_is_sensitive (self->confirm_button))
    return;

  show_message (self, NULL, NULL);
  set_busy (self, TRUE);
  mere_errand_trust_async (self->store, self->folder, gtk_editable_get_text (self->digits_entry), self->cancellable,
                           on_trusted_cb, g_object_ref (self));
}

/* Both are a few rows of the vault: no thread. */
static void
decide (MereEnrolmentBox *self,
        gboolean (*change) (MereStore *store, GError **error),
        const char *sentence)
{
  g_autoptr (GError) error = NULL;

  if (!change (self->store, &error))
    {
      show_message (self, error->message, "error");
      return;
    }

  mere_enrolment_box_refresh (self);
  show_message (self, sentence, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_settle_cb (MereEnrolmentBox *self)
{
  decide (self, mere_enrol_settle_copied, NULL);
}

static void
on_renew_cb (MereEnrolmentBox *self)
{
  decide (self, mere_enrol_renew, _ ("This laptop has new keys. Write its card, and read the new digits to headquarters."));
}

/* What is wrong with the digits is said once they are all there; before, they are only not yet complete. */
static void
on_digits_changed_cb (MereEnrolmentBox *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *digits = mere_code_read (gtk_editable_get_text (self->digits_entry), &error);

  if (digits == NULL && !g_error_matches (error, MERE_CODE_ERROR, MERE_CODE_ERROR_LENGTH))
    show_message (self, error->message, "error");
  else if (digits != NULL && self->folder == NULL)
    show_message (self, _ ("Choose the stick with the card of headquarters first."), NULL);
  else
    show_message (self, NULL, NULL);

  refresh_buttons (self);
}

static void
mere_enrolment_box_dispose (GObject *object)
{
  MereEnrolmentBox *self = MERE_ENROLMENT_BOX (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->store, mere_store_unref);
  g_clear_pointer (&self->folder, g_free);

  G_OBJECT_CLASS (mere_enrolment_box_parent_class)->dispose (object);
}

static void
mere_enrolment_box_class_init (MereEnrolmentBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_enrolment_box_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/enrolment-box.ui");
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, state_label);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, copied_step);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, card_step);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, label_entry);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, card_button);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, own_step);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, own_label);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, hq_step);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, digits_entry);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, confirm_button);
  gtk_widget_class_bind_template_child (widget_class, MereEnrolmentBox, message_label);
  gtk_widget_class_bind_template_callback (widget_class, on_write_card_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_digits_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_settle_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_renew_cb);
}

static void
mere_enrolment_box_init (MereEnrolmentBox *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
mere_enrolment_box_set_store (MereEnrolmentBox *self,
                              MereStore        *store)
{
  g_return_if_fail (MERE_IS_ENROLMENT_BOX (self));

  self->store = mere_store_ref (store);
}

void
mere_enrolment_box_set_folder (MereEnrolmentBox *self,
                               const char       *folder)
{
  g_return_if_fail (MERE_IS_ENROLMENT_BOX (self));

  if (g_strcmp0 (self->folder, folder) == 0)
    return;

  g_free (self->folder);
  self->folder = g_strdup (folder);
  on_digits_changed_cb (self);
}

void
mere_enrolment_box_refresh (MereEnrolmentBox *self)
{
  g_autoptr (MereEnrolStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (MERE_IS_ENROLMENT_BOX (self));

  status = mere_enrol_load_status (self->store, &error);
  if (status != NULL)
    show_state (self, status);
  else
    show_message (self, error->message, "error");
}
