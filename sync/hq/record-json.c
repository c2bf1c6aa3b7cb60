/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records in JSON. */

#include "config.h"

#include "sync/hq/record-json.h"

JsonObject *
mere_record_to_json (const MereKept *kept)
{
  const MereRecord *record = kept->record;
  JsonObject       *object = json_object_new ();

  mere_hq_set_text (object, "id", record->id);
  mere_hq_set_text (object, "form", record->form);
  mere_hq_set_text (object, "version", record->form_version);
  mere_hq_set_text (object, "title", record->title);
  mere_hq_set_text (object, "kind", mere_instrument_kind_to_string (record->kind));
  mere_hq_set_text (object, "state", mere_kept_state_to_string (kept->state));
  mere_hq_set_text (object, "review", mere_reviewed_to_string (kept->reviewed));
  json_object_set_boolean_member (object, "latest", record->latest);
  mere_hq_set_text (object, "supersedes", kept->supersedes);
  mere_hq_set_text (object, "first", record->first_id);
  mere_hq_set_text (object, "assessment", record->assessment);
  mere_hq_set_text (object, "crossing", record->crossing);
  mere_hq_set_text (object, "crossing_name", record->crossing_name);
  mere_hq_set_text (object, "device", kept->device);
  mere_hq_set_text (object, "label", kept->label);
  mere_hq_set_text (object, "bundle", kept->bundle);
  mere_hq_set_time (object, "finalised", record->finalised_us, record->finalised_offset_s);
  mere_hq_set_time (object, "received", kept->received_us, 0);
  mere_hq_set_text (object, "b2", record->b2);
  json_object_set_int_member (object, "size", record->size);
  return object;
}
