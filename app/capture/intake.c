/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a form's XML to an instrument of the store. */

#include "config.h"

#include "app/capture/intake.h"

#include "app/forms/session.h"

#include <glib/gi18n-lib.h>

/* What the engine can do without, but records cannot: each is told from the others by these two. */
static gboolean
check_identity (MereForm *form,
                GError  **error)
{
  g_autoptr (MereFormSession) session = mere_form_session_new (form);
  const char *id = mere_form_get_id (form);

  if (id == NULL || *id == '\0')
    {
      g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_INVALID, _ ("The form has no id: its root needs the attribute “id”."));
      return FALSE;
    }
  if (*mere_form_session_get_instance_id (session) == '\0')
    {
      g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_INVALID, _ ("Nothing gives meta/instanceID of the form a value, so its records could not be told apart."));
      return FALSE;
    }
  return TRUE;
}

static MereInstrumentKind
read_kind (MereForm *form)
{
  MereInstrumentKind kind = MERE_INSTRUMENT_OTHER;

  mere_instrument_kind_from_string (mere_form_get_attribute (form, "kind"), &kind);
  return kind;
}

MereInstrument *
mere_intake_instrument (MereStore  *store,
                        GBytes     *xml,
                        int         kind,
                        GPtrArray **problems,
                        GError    **error)
{
  g_autoptr (MereForm) form = mere_form_load (xml, NULL, NULL, problems, error);
  const char *title;

  if (form == NULL || !check_identity (form, error))
    return NULL;
  title = mere_form_get_title (form);
  return mere_instrument_add (store,
                              mere_form_get_id (form),
                              mere_form_get_version (form),
                              title != NULL && *title != '\0' ? title : mere_form_get_id (form),
                              kind >= 0 ? (MereInstrumentKind) kind : read_kind (form),
                              mere_form_get_languages (form),
                              xml,
                              error);
}
