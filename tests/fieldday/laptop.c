/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The laptop of the field day. */

#include "config.h"

#include "tests/fieldday/laptop.h"

#include "app/capture/capture.h"
#include "app/capture/observation.h"
#include "app/store/crossing.h"
#include "app/store/instrument.h"
#include "app/store/record.h"
#include "sync/courier.h"
#include "sync/enrol.h"
#include "tests/fieldday/script.h"

gboolean
mere_laptop_begin (MereLaptop       *self,
                   const char       *path,
                   const MereSecret *passphrase,
                   GError          **error)
{
  MereVault *vault = mere_vault_create (path, passphrase, error);

  self->store = vault != NULL ? mere_store_open (vault, error) : NULL;
  return self->store != NULL;
}

void
mere_laptop_end (MereLaptop *self)
{
  g_clear_pointer (&self->store, mere_store_close);
}

gboolean
mere_laptop_offer (MereLaptop *self,
                   const char *label,
                   char      **device,
                   char      **code,
                   GError    **error)
{
  g_autoptr (MereEnrolStatus) status = NULL;

  if (!mere_enrol_prepare (self->store, label, error) || !mere_enrol_write (self->store, self->stick, NULL, error))
    return FALSE;
  status = mere_enrol_load_status (self->store, error);
  if (status == NULL)
    return FALSE;
  *device = g_strdup (status->device);
  *code = g_strdup (status->code);
  return TRUE;
}

gboolean
mere_laptop_trust (MereLaptop *self,
                   const char *code,
                   GError    **error)
{
  return mere_enrol_trust (self->store, self->stick, code, error);
}

gboolean
mere_laptop_read (MereLaptop *self,
                  GError    **error)
{
  g_autoptr (MereCourierRead) read = mere_courier_read (self->store, self->stick, NULL, NULL, NULL, error);

  if (read == NULL)
    return FALSE;
  if (read->assessment != NULL)
    g_print ("   mission: %s; crossings: %u, instruments: %u\n", read->assessment, read->n_crossings, read->n_instruments);
  if (read->n_receipts > 0)
    g_print ("   receipts: %u; records that headquarters has now: %u more\n", read->n_receipts, read->n_acknowledged);
  for (guint i = 0; i < read->refusals->len; i++)
    {
      const MereCourierRefusal *refusal = g_ptr_array_index (read->refusals, i);

      g_set_error (error, MERE_COURIER_ERROR, 0, "%s: %s %s", refusal->name, refusal->code, refusal->message);
      return FALSE;
    }
  return TRUE;
}

static char *
find_crossing (MereLaptop *self,
               const char *name,
               GError    **error)
{
  g_autoptr (GPtrArray) crossings = mere_crossing_list (self->store, FALSE, error);

  for (guint i = 0; crossings != NULL && i < crossings->len; i++)
    {
      const MereCrossing *crossing = g_ptr_array_index (crossings, i);

      if (g_str_equal (crossing->name, name))
        return g_strdup (crossing->id);
    }
  if (crossings != NULL)
    g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, "The mission has no crossing “%s”.", name);
  return NULL;
}

static void
expect (MereLaptop *self,
        const char *id,
        const char *form,
        JsonObject *answers)
{
  JsonObject *record = json_object_new ();

  json_object_set_string_member (record, "id", id);
  json_object_set_string_member (record, "form", form);
  json_object_set_object_member (record, "answers", answers);
  json_array_add_object_element (self->expected, record);
  g_print ("   finalised: %s %s\n", form, id);
}

static void
say_holes (GPtrArray *holes)
{
  for (guint i = 0; holes != NULL && i < holes->len; i++)
    {
      g_autofree char *ref = mere_form_node_dup_ref (g_ptr_array_index (holes, i));

      g_printerr ("   missing or not valid: %s\n", ref);
    }
}

gboolean
mere_laptop_observe (MereLaptop *self,
                     const char *crossing,
                     JsonObject *script,
                     GError    **error)
{
  const char      *form = json_object_get_string_member (script, "form");
  g_autofree char *place = find_crossing (self, crossing, error);
  g_autoptr (MereInstrument) instrument = place != NULL ? mere_instrument_load_latest (self->store, form, error) : NULL;
  g_autoptr (MereObservation) observation = NULL;
  g_autoptr (JsonObject) answers = json_object_new ();
  g_autoptr (GPtrArray) holes = NULL;
  g_autofree char *id = NULL;

  if (instrument == NULL)
    return FALSE;
  observation = mere_observation_new (self->store, instrument->row, place, MERE_STUDY_SIGHT_DEFAULT, error);
  if (observation == NULL ||
      !mere_script_fill (mere_observation_get_capture (observation), json_object_get_array_member (script, "steps"), answers, error) ||
      !mere_script_time (observation, json_object_get_array_member (script, "passengers"), error))
    return FALSE;
  id = mere_observation_finalise (observation, &holes, error);
  if (id == NULL)
    {
      say_holes (holes);
      return FALSE;
    }
  expect (self, id, form, g_steal_pointer (&answers));
  return TRUE;
}

gboolean
mere_laptop_fill (MereLaptop *self,
                  const char *crossing,
                  JsonObject *script,
                  GError    **error)
{
  const char      *form = json_object_get_string_member (script, "form");
  g_autofree char *place = find_crossing (self, crossing, error);
  g_autoptr (MereInstrument) instrument = place != NULL ? mere_instrument_load_latest (self->store, form, error) : NULL;
  g_autoptr (MereCapture) capture = instrument != NULL ? mere_capture_new (self->store, instrument->row, place, error) : NULL;
  g_autoptr (JsonObject) answers = json_object_new ();
  g_autoptr (GPtrArray) holes = NULL;
  g_autofree char *id = NULL;

  if (capture == NULL || !mere_script_fill (capture, json_object_get_array_member (script, "steps"), answers, error))
    return FALSE;
  id = mere_capture_finalise (capture, &holes, error);
  if (id == NULL)
    {
      say_holes (holes);
      return FALSE;
    }
  expect (self, id, form, g_steal_pointer (&answers));
  return TRUE;
}

gboolean
mere_laptop_write (MereLaptop *self,
                   GError    **error)
{
  g_autoptr (MereCourierWritten) written = mere_courier_write (self->store, self->stick, NULL, NULL, NULL, error);

  if (written == NULL)
    return FALSE;
  g_print ("   written and read back; records: %u, bundles: %u, bytes: %" G_GUINT64_FORMAT "\n",
           written->n_records,
           written->n_bundles,
           written->n_bytes);
  return TRUE;
}

gboolean
mere_laptop_tell_states (MereLaptop *self,
                         GError    **error)
{
  const MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  g_autoptr (GPtrArray) records = mere_record_list (self->store, &filter, error);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const MereRecord *record = g_ptr_array_index (records, i);

      g_print ("   %-14s %s\n", mere_record_state_to_string (record->state), record->title);
      if (record->state != MERE_RECORD_ACKNOWLEDGED)
        {
          g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FAILED, "Headquarters has no receipt for %s.", record->id);
          return FALSE;
        }
    }
  return records != NULL;
}

gboolean
mere_laptop_save_public_key (MereLaptop *self,
                             const char *path,
                             GError    **error)
{
  g_autofree char *text = mere_enrol_dup_public_key (self->store, error);

  return text != NULL && g_file_set_contents (path, text, -1, error);
}
