/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `status`: how headquarters stands: what each laptop has sent, and what is missing. */

#include "config.h"

#include "app/store/assessment.h"
#include "sync/code.h"
#include "sync/hq/chain.h"
#include "sync/hq/device.h"
#include "sync/hq/keyring.h"
#include "sync/hq/latest.h"
#include "sync/hq/quarantine.h"
#include "sync/hq/verb.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

/* All that is told, read before the first line of it is printed. */
typedef struct
{
  MereKeyring    *keys;
  MereAssessment *mission; /* or NULL */
  GPtrArray      *devices;
  GPtrArray      *chains;   /* MereReceiptDocument, one for each of the devices */
  GPtrArray      *branches; /* GPtrArray of MereChainBranch, likewise */
  GPtrArray      *latest;   /* MereLatest or NULL, likewise */
  GPtrArray      *held;     /* paths in the quarantine */
  gint64          n_records;
} Status;

static void
document_free (gpointer document)
{
  mere_receipt_document_free (document);
}

static void
status_clear (Status *self)
{
  g_clear_pointer (&self->keys, mere_keyring_free);
  g_clear_pointer (&self->mission, mere_assessment_free);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->chains, g_ptr_array_unref);
  g_clear_pointer (&self->branches, g_ptr_array_unref);
  g_clear_pointer (&self->latest, g_ptr_array_unref);
  g_clear_pointer (&self->held, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Status, status_clear)

static void
latest_free (gpointer latest)
{
  mere_latest_free (latest);
}

static gboolean
load_latest (MereStore  *store,
             Status     *self,
             const char *device,
             GError    **error)
{
  GError *failure = NULL;

  g_ptr_array_add (self->latest, mere_latest_load (store, device, &failure));
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_chains (MereStore *store,
             Status    *self,
             GError   **error)
{
  self->chains = g_ptr_array_new_with_free_func (document_free);
  self->branches = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->latest = g_ptr_array_new_with_free_func (latest_free);
  for (guint i = 0; i < self->devices->len; i++)
    {
      const MereDevice    *device = self->devices->pdata[i];
      MereReceiptDocument *document = mere_chain_list (store, device->device, -1, error);
      GPtrArray           *branches = document != NULL ? mere_chain_list_branches (store, device->device, error) : NULL;

      if (document != NULL)
        g_ptr_array_add (self->chains, document);
      if (branches == NULL)
        return FALSE;
      self->n_records += (gint64) document->n_records;
      g_ptr_array_add (self->branches, branches);
      if (!load_latest (store, self, device->device, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load (MereStore *store,
      Status    *self,
      GError   **error)
{
  self->keys = mere_keyring_load (store, error);
  if (self->keys == NULL)
    return FALSE;
  self->mission = mere_assessment_load_current (store, NULL);
  self->devices = mere_device_list (store, error);
  self->held = mere_quarantine_list (store, error);
  return self->devices != NULL && self->held != NULL && load_chains (store, self, error);
}

static void
append_numbers (GString    *text,
                const char *before,
                GArray     *numbers)
{
  if (numbers->len == 0)
    return;
  g_string_append (text, before);
  for (guint i = 0; i < numbers->len; i++)
    g_string_append_printf (text, " %u", g_array_index (numbers, guint, i));
}

static void
print_chain (const MereReceiptChain *chain)
{
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: bundles of one chain, up to this number all are here */
  g_string_append_printf (text, _ ("    chain %u: all up to %u"), chain->no, chain->through);
  append_numbers (text, _ ("; missing:"), chain->missing);
  append_numbers (text, _ ("; beyond the gap:"), chain->beyond);
  for (guint i = 0; i < chain->forks->len; i++)
    g_string_append_printf (text, _ ("; two bundles for place %u: the laptop was copied or restored"),
                            ((MereReceiptFork *) chain->forks->pdata[i])->seq);
  mere_hq_print ("%s\n", text->str);
}

static void
print_branch (const MereChainBranch *branch)
{
  if (branch->back)
    /* Translators: names of bundles; a line of the laptop's log */
    mere_hq_print (_ ("    its log went back to line %" PRId64 ": %s after %s; the vault was restored from an older copy\n"),
                   branch->log_seq, branch->name, branch->other);
  else
    mere_hq_print (_ ("    its log goes two ways at line %" PRId64 ": %s and %s; two copies of the vault are in use\n"),
                   branch->log_seq, branch->name, branch->other);
}

static void
print_silence (const MereDevice *device,
               const MereLatest *latest)
{
  gint64 days = mere_device_count_silent_days (device, g_get_real_time ());

  if (latest != NULL)
    mere_hq_print (_ ("    last bundle %s, made %s\n"), latest->name, latest->created != NULL ? latest->created : "–");
  if (days > 0)
    mere_hq_print (ngettext ("    silent for %d day\n", "    silent for %d days\n", (gulong) days), (int) days);
}

static void
print_device (const MereDevice          *device,
              const MereReceiptDocument *document,
              GPtrArray                 *branches,
              const MereLatest          *latest)
{
  g_autofree char *heard = mere_hq_dup_time (device->heard_us, 0);

  mere_hq_print (_ ("%s  %-8s  last heard %-16s  %5" PRIu64 " records in %" PRIu64 " bundles  %s\n"),
                 device->device,
                 device->revoked ? _ ("revoked") : _ ("active"),
                 heard,
                 document->n_records,
                 document->n_bundles,
                 device->label);
  print_silence (device, latest);
  for (guint i = 0; i < document->chains->len; i++)
    print_chain (document->chains->pdata[i]);
  for (guint i = 0; i < branches->len; i++)
    print_branch (branches->pdata[i]);
  if (device->replaces != NULL)
    mere_hq_print (_ ("    was %s before\n"), device->replaces);
}

static void
print_text (Status *self)
{
  g_autofree char *code = mere_keyring_dup_code (self->keys);
  g_autofree char *grouped = mere_code_group (code);

  mere_hq_print (_ ("Headquarters %s %s\nDigits: %s\nTrust list: version %u\n"), self->keys->hq, self->keys->label, grouped, self->keys->trust->version);
  if (self->mission != NULL)
    mere_hq_print (_ ("Mission: %s (%s)\n"), self->mission->title, self->mission->country);
  mere_hq_print (_ ("Records: %" PRId64 "\n"), self->n_records);
  for (guint i = 0; i < self->devices->len; i++)
    print_device (self->devices->pdata[i], self->chains->pdata[i], self->branches->pdata[i], self->latest->pdata[i]);
  for (guint i = 0; i < self->held->len; i++)
    mere_hq_print (_ ("Held back: %s\n"), (char *) self->held->pdata[i]);
}

static JsonArray *
numbers_to_json (GArray *numbers)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < numbers->len; i++)
    json_array_add_int_element (array, g_array_index (numbers, guint, i));
  return array;
}

static JsonArray *
forks_to_json (GPtrArray *forks)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < forks->len; i++)
    {
      const MereReceiptFork *fork = forks->pdata[i];
      JsonObject            *object = json_object_new ();
      JsonArray             *hashes = json_array_new ();

      for (char **b2 = fork->b2; *b2 != NULL; b2++)
        json_array_add_string_element (hashes, *b2);
      json_object_set_int_member (object, "seq", fork->seq);
      json_object_set_array_member (object, "b2", hashes);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
chains_to_json (const MereReceiptDocument *document)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < document->chains->len; i++)
    {
      const MereReceiptChain *chain = document->chains->pdata[i];
      JsonObject             *object = json_object_new ();

      json_object_set_int_member (object, "no", chain->no);
      mere_hq_set_text (object, "id", chain->id);
      json_object_set_int_member (object, "through", chain->through);
      json_object_set_array_member (object, "missing", numbers_to_json (chain->missing));
      json_object_set_array_member (object, "beyond", numbers_to_json (chain->beyond));
      json_object_set_array_member (object, "forks", forks_to_json (chain->forks));
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
branches_to_json (GPtrArray *branches)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < branches->len; i++)
    {
      const MereChainBranch *branch = branches->pdata[i];
      JsonObject            *object = json_object_new ();

      json_object_set_int_member (object, "line", branch->log_seq);
      json_object_set_boolean_member (object, "back", branch->back);
      mere_hq_set_text (object, "bundle", branch->name);
      mere_hq_set_text (object, "other", branch->other);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonNode *
latest_to_json (const MereLatest *latest)
{
  JsonObject *object = latest != NULL ? json_object_new () : NULL;

  if (object == NULL)
    return json_node_new (JSON_NODE_NULL);
  mere_hq_set_text (object, "bundle", latest->name);
  mere_hq_set_text (object, "b2", latest->b2);
  mere_hq_set_text (object, "created", latest->created);
  mere_hq_set_time (object, "received", latest->received_us, 0);
  json_object_set_int_member (object, "records", latest->n_records);
  return mere_hq_object_node (object);
}

static JsonObject *
device_to_json (const MereDevice          *device,
                const MereReceiptDocument *document,
                GPtrArray                 *branches,
                const MereLatest          *latest)
{
  JsonObject *object = json_object_new ();

  mere_hq_set_text (object, "device", device->device);
  mere_hq_set_text (object, "label", device->label);
  mere_hq_set_text (object, "state", device->revoked ? "revoked" : "active");
  mere_hq_set_time (object, "approved", device->approved_us, 0);
  mere_hq_set_time (object, "heard", device->heard_us, 0);
  if (device->heard_us > 0)
    json_object_set_int_member (object, "silent_days", mere_device_count_silent_days (device, g_get_real_time ()));
  else
    json_object_set_null_member (object, "silent_days");
  json_object_set_member (object, "latest", latest_to_json (latest));
  json_object_set_int_member (object, "records", (gint64) document->n_records);
  json_object_set_int_member (object, "bundles", (gint64) document->n_bundles);
  json_object_set_int_member (object, "seen_trust", device->seen_trust);
  json_object_set_int_member (object, "seen_receipt", device->seen_receipt);
  json_object_set_int_member (object, "seen_dispatch", device->seen_dispatch);
  json_object_set_array_member (object, "chains", chains_to_json (document));
  json_object_set_array_member (object, "log", branches_to_json (branches));
  mere_hq_set_text (object, "replaces", device->replaces);
  return object;
}

static JsonObject *
mission_to_json (const MereAssessment *mission)
{
  JsonObject *object = json_object_new ();

  mere_hq_set_text (object, "id", mission->id);
  mere_hq_set_text (object, "title", mission->title);
  mere_hq_set_text (object, "country", mission->country);
  mere_hq_set_text (object, "starts", mission->starts);
  mere_hq_set_text (object, "ends", mission->ends);
  return object;
}

static void
print_json (Status *self)
{
  JsonObject      *object = json_object_new ();
  JsonArray       *devices = json_array_new ();
  JsonArray       *held = json_array_new ();
  g_autofree char *code = mere_keyring_dup_code (self->keys);
  g_autofree char *grouped = mere_code_group (code);

  mere_hq_set_text (object, "hq", self->keys->hq);
  mere_hq_set_text (object, "label", self->keys->label);
  mere_hq_set_text (object, "code", grouped);
  json_object_set_int_member (object, "trust", self->keys->trust->version);
  if (self->mission != NULL)
    json_object_set_object_member (object, "mission", mission_to_json (self->mission));
  else
    json_object_set_null_member (object, "mission");
  json_object_set_int_member (object, "records", self->n_records);
  for (guint i = 0; i < self->devices->len; i++)
    json_array_add_object_element (devices, device_to_json (self->devices->pdata[i], self->chains->pdata[i], self->branches->pdata[i], self->latest->pdata[i]));
  for (guint i = 0; i < self->held->len; i++)
    json_array_add_string_element (held, self->held->pdata[i]);
  json_object_set_array_member (object, "devices", devices);
  json_object_set_array_member (object, "quarantine", held);
  mere_hq_print_json (mere_hq_object_node (object));
}

int
mere_verb_status (MereHq *hq,
                  char ***args)
{
  g_auto (Status) self = { 0 };
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, NULL, 0, 0, args, &status))
    return status;
  if ((store = mere_hq_open (hq, &error)) == NULL || !load (store, &self, &error))
    return mere_hq_fail (error);
  if (mere_hq_wants_json (hq))
    print_json (&self);
  else
    print_text (&self);
  return MERE_HQ_DONE;
}
