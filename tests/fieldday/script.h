/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "app/capture/capture.h"
#include "app/capture/observation.h"

G_BEGIN_DECLS

/* What is typed on the field day, as day.json has it: the steps of `merestone-hq form run`. */

/**
 * mere_script_fill:
 * @steps: {"set": REF, "value": TEXT}, {"add": REF}, {"language": NAME}
 * @answers: takes each answer as it was typed, by ref
 *
 * Types the steps, each kept in the vault before the next.
 */
gboolean mere_script_fill (MereCapture *capture, JsonArray *steps, JsonObject *answers, GError **error);

/**
 * mere_script_time:
 * @passengers: {"outcome": "released", "refused" or "second-line", "service_ms": N}
 *
 * Stands at the booth: presses the keys at the passengers' pace, makes one mistake and takes it back.
 */
gboolean mere_script_time (MereObservation *observation, JsonArray *passengers, GError **error);

G_END_DECLS
