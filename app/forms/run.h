/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Driving a form from outside, for `form run`, tests and benches. */

/**
 * mere_form_run_steps:
 * @steps: an array of {"set": REF, "value": TEXT}, {"add": REF}, {"remove": "REF[N]"}, {"language": NAME}
 * @error: return location, domain %MERE_FORM_ERROR; names the step
 */
gboolean mere_form_run_steps (MereFormSession *session, JsonArray *steps, GError **error);

/**
 * mere_form_run_state:
 *
 * The state as {"nodes": […]}: the primary instance in document order, without the root and without attributes; for
 * each node ref, relevant, readonly and label where it has one; for leaves value, required, valid, violation; for
 * selects and ranks choices.
 *
 * Returns: (transfer full): the state
 */
JsonNode *mere_form_run_state (MereFormSession *session);

G_END_DECLS
