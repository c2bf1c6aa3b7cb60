/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/capture/capture.h"

G_BEGIN_DECLS

/**
 * MereFormPage:
 *
 * A form being filled: the outline at the side, every question that is asked in one scrolling column, and a footer with
 * progress, language and “Finalise”. Only what is near the screen has widgets. Each answer goes into the vault as it is
 * given; there is nothing to save.
 *
 * Signals: “closed”, “done” (s: instanceID); actions it activates: desk.toast, desk.trouble (see ui/README.md).
 * Actions it has: form.next, form.previous, form.next-missing, form.find, form.undo, form.redo, form.comment,
 * form.finalise.
 */
#define MERE_TYPE_FORM_PAGE (mere_form_page_get_type ())
G_DECLARE_FINAL_TYPE (MereFormPage, mere_form_page, MERE, FORM_PAGE, AdwBin)

MereFormPage *mere_form_page_new (MereCapture *capture);

/**
 * mere_form_page_set_hidden:
 * @names: (nullable): names of nodes right below the root, NULL-terminated
 *
 * Leaves these parts out, because they are filled otherwise.
 */
void mere_form_page_set_hidden (MereFormPage      *self,
                                const char *const *names);

/**
 * MereFormPageFinalise:
 *
 * Makes the record; as mere_capture_finalise().
 */
typedef char *(*MereFormPageFinalise) (GPtrArray **invalid,
                                       gpointer    user_data,
                                       GError    **error);

/* Another way to make the record than mere_capture_finalise(), for captures that are part of something. */
void mere_form_page_set_finaliser (MereFormPage        *self,
                                   MereFormPageFinalise finalise,
                                   gpointer             user_data);

/* A button of its own in the footer, beside “Finalise”, for what the page is part of. */
void mere_form_page_set_extra (MereFormPage *self,
                               GtkWidget    *extra);

/* Shows a question and puts the focus into it. */
gboolean mere_form_page_show_node (MereFormPage *self,
                                   MereFormNode *node);

/* Shows what is missing as links above the footer; %NULL or empty hides it. */
void mere_form_page_show_holes (MereFormPage *self,
                                GPtrArray    *nodes);

G_END_DECLS
