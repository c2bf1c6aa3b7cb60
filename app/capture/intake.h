/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/form.h"
#include "app/store/instrument.h"

G_BEGIN_DECLS

/**
 * mere_intake_instrument:
 * @xml: an XForm
 * @kind: a #MereInstrumentKind, or -1 to take it from the form: attribute `kind` of its root, in any namespace;
 *   "other" without one
 * @problems: (out) (optional) (transfer full) (element-type MereFormProblem): what mere_form_load() found
 * @error: return location, domain %MERE_FORM_ERROR or %MERE_STORE_ERROR
 *
 * Checks that a form can be used, reads id, version, title and languages from it, and keeps it. The same again
 * changes nothing.
 *
 * Returns: (transfer full): the instrument as kept
 */
MereInstrument *mere_intake_instrument (MereStore  *store,
                                        GBytes     *xml,
                                        int         kind,
                                        GPtrArray **problems,
                                        GError    **error);

G_END_DECLS
