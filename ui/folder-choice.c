/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/folder-choice.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkWidget       *widget; /* weak */
  MereFolderChosen chosen;
} Question;

static void
question_free (gpointer  data,
               GClosure *closure)
{
  Question *question = data;

  g_clear_weak_pointer (&question->widget);
  g_free (question);
}

static void
on_response_cb (GtkNativeDialog *dialog,
                int              response,
                gpointer         user_data)
{
  Question *question = user_data;

  if (response == GTK_RESPONSE_ACCEPT && question->widget != NULL)
    {
      g_autoptr (GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      const char *path = folder != NULL ? g_file_peek_path (folder) : NULL;

      if (path != NULL)
        question->chosen (question->widget, path);
    }

  g_object_unref (dialog);
}

void
mere_folder_choice_ask (GtkWidget       *widget,
                        const char      *title,
                        const char      *accept,
                        MereFolderChosen chosen)
{
  GtkWindow            *window = GTK_WINDOW (gtk_widget_get_root (widget));
  Question             *question = g_new0 (Question, 1);
  GtkFileChooserNative *dialog;

  g_set_weak_pointer (&question->widget, widget);
  question->chosen = chosen;

  dialog = gtk_file_chooser_native_new (title, window, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, accept, _ ("Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response_cb), question, question_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
