/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What came of receiving, in words and in JSON. */

#include "config.h"

#include "sync/hq/received-tell.h"

#include <glib/gi18n-lib.h>

static const char *
name_verdict (MereInboxVerdict verdict)
{
  static const char *const names[] = { N_ ("accepted"), N_ ("accepted in part"), N_ ("known"), N_ ("held back"), N_ ("refused") };

  return _ (names[verdict]);
}

void
mere_received_tell_result (gpointer               hq,
                           const MereInboxResult *result)
{
  if (!mere_hq_wants_json (hq))
    mere_hq_print (ngettext ("%-20s  %-16s  %u new record  %s\n", "%-20s  %-16s  %u new records  %s\n", result->n_new),
                   result->name,
                   name_verdict (result->verdict),
                   result->n_new,
                   result->label != NULL ? result->label : "");
  if (result->code != NULL)
    mere_hq_say ("%s: %s: %s", result->name, result->code, result->message);
  for (guint i = 0; i < result->rejections->len; i++)
    {
      const MereInboxRejection *rejection = result->rejections->pdata[i];

      mere_hq_say (_ ("%s: the record %s was not taken: %s"), result->name, rejection->record, rejection->code);
    }
}

static JsonObject *
result_to_json (const MereInboxResult *result)
{
  JsonObject *object = json_object_new ();
  JsonArray  *rejected = json_array_new ();

  mere_hq_set_text (object, "bundle", result->name);
  mere_hq_set_text (object, "verdict", mere_inbox_verdict_to_string (result->verdict));
  mere_hq_set_text (object, "code", result->code);
  mere_hq_set_text (object, "message", result->message);
  mere_hq_set_text (object, "device", result->device);
  mere_hq_set_text (object, "label", result->label);
  mere_hq_set_text (object, "b2", result->b2);
  json_object_set_int_member (object, "new", result->n_new);
  json_object_set_int_member (object, "known", result->n_known);
  for (guint i = 0; i < result->rejections->len; i++)
    {
      const MereInboxRejection *rejection = result->rejections->pdata[i];
      JsonObject               *entry = json_object_new ();

      mere_hq_set_text (entry, "record", rejection->record);
      mere_hq_set_text (entry, "code", rejection->code);
      json_array_add_object_element (rejected, entry);
    }
  json_object_set_array_member (object, "rejected", rejected);
  return object;
}

static JsonArray *
texts_to_json (GPtrArray *texts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < texts->len; i++)
    json_array_add_string_element (array, texts->pdata[i]);
  return array;
}

JsonNode *
mere_received_to_json (const MereReceived *received)
{
  JsonObject *object = json_object_new ();
  JsonArray  *bundles = json_array_new ();

  for (guint i = 0; i < received->results->len; i++)
    json_array_add_object_element (bundles, result_to_json (received->results->pdata[i]));
  json_object_set_array_member (object, "bundles", bundles);
  json_object_set_array_member (object, "failures", texts_to_json (received->failures));
  json_object_set_array_member (object, "receipts", texts_to_json (received->receipts));
  json_object_set_int_member (object, "unfinished", received->n_unfinished);
  json_object_set_int_member (object, "others", received->n_others);
  return mere_hq_object_node (object);
}

typedef struct
{
  guint n_records;
  guint n_taken;
  guint n_known;
  guint n_not_taken;
} Sum;

static Sum
add_up (const MereReceived *received)
{
  Sum sum = { 0 };

  for (guint i = 0; i < received->results->len; i++)
    {
      const MereInboxResult *result = received->results->pdata[i];

      sum.n_records += result->n_new;
      sum.n_known += result->verdict == MERE_INBOX_DUPLICATE;
      sum.n_taken += result->verdict <= MERE_INBOX_PARTIAL;
      sum.n_not_taken += result->verdict >= MERE_INBOX_QUARANTINED || result->rejections->len > 0;
    }
  return sum;
}

int
mere_received_sum_up (const MereReceived *received)
{
  Sum sum = add_up (received);

  for (guint i = 0; i < received->failures->len; i++)
    mere_hq_say ("%s", (char *) received->failures->pdata[i]);
  if (received->n_unfinished > 0)
    mere_hq_say (ngettext ("%u bundle is not finished: the stick was pulled while it was written; it will come with the next stick",
                           "%u bundles are not finished: the stick was pulled while they were written; they will come with the next stick",
                           received->n_unfinished),
                 received->n_unfinished);
  mere_hq_say (_ ("%u bundles taken in, %u known before, %u not taken or in part; %u new records; receipts written: %u"),
               sum.n_taken,
               sum.n_known,
               sum.n_not_taken,
               sum.n_records,
               received->receipts->len);
  return sum.n_not_taken > 0 || received->failures->len > 0 ? MERE_HQ_REFUSED : MERE_HQ_DONE;
}
