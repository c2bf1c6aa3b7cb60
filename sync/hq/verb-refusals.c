/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `refusals list`: what was not taken, and why. */

#include "config.h"

#include "sync/hq/when.h"
#include "sync/hq/refusal.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>

static void
print_refusal (const MereRefusal *refusal)
{
  g_autofree char *refused = mere_hq_dup_time (refusal->refused_us, 0);

  mere_hq_print ("%s  %-20s  %-20s  %s\n",
                 refused,
                 refusal->name,
                 refusal->code,
                 refusal->record != NULL ? refusal->record : refusal->message);
}

static JsonNode *
refusals_to_json (GPtrArray *list)
{
  JsonObject *object = json_object_new ();
  JsonArray  *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    {
      const MereRefusal *refusal = list->pdata[i];
      JsonObject        *entry = json_object_new ();

      mere_hq_set_text (entry, "name", refusal->name);
      mere_hq_set_text (entry, "record", refusal->record);
      mere_hq_set_text (entry, "code", refusal->code);
      mere_hq_set_text (entry, "message", refusal->message);
      mere_hq_set_text (entry, "b2", refusal->b2);
      mere_hq_set_text (entry, "device", refusal->device);
      mere_hq_set_time (entry, "refused", refusal->refused_us, 0);
      json_array_add_object_element (array, entry);
    }
  json_object_set_array_member (object, "refusals", array);
  return mere_hq_object_node (object);
}

int
mere_verb_refusals_list (MereHq *hq,
                         char ***args)
{
  g_autofree char   *since = NULL;
  int                limit = 0;
  const GOptionEntry entries[] = {
    { "since", 0, 0, G_OPTION_ARG_STRING, &since, N_ ("Only what was refused then or later"), N_ ("TIME") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_ ("No more than the newest N"), N_ ("N") },
    { NULL },
  };
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  gint64     since_us;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, entries, 0, 0, args, &status))
    return status;
  if (!mere_when_parse ("--since", since, &since_us, &error) || (store = mere_hq_open (hq, &error)) == NULL ||
      (list = mere_refusal_list (store, since_us, (guint) MAX (limit, 0), &error)) == NULL)
    return mere_hq_fail (error);
  if (mere_hq_wants_json (hq))
    mere_hq_print_json (refusals_to_json (list));
  for (guint i = 0; i < list->len && !mere_hq_wants_json (hq); i++)
    print_refusal (list->pdata[i]);
  return MERE_HQ_DONE;
}
