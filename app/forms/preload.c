/* SPDX-License-Identifier: GPL-3.0-or-later */

/* jr:preload: values that the client knows. ODK XForms, section "Metadata", "Preload Attributes". */

#include "config.h"

#include "app/forms/dates.h"
#include "app/forms/instance.h"

#include <string.h>

static char *
make_value (MereFormSession *self, const MereDef *def)
{
  g_autofree char *uuid = NULL, *key = NULL;
  MereDateTime     now;

  switch (def->preload)
    {
    case MERE_PRELOAD_UID:
      uuid = g_uuid_string_random ();
      return g_strconcat ("uuid:", uuid, NULL);
    case MERE_PRELOAD_DATE:
      mere_date_time_now (&now);
      now.has_time = FALSE;
      return mere_date_time_format (&now);
    case MERE_PRELOAD_START:
    case MERE_PRELOAD_END:
      mere_date_time_now (&now);
      return mere_date_time_format_full (&now);
    case MERE_PRELOAD_PROPERTY:
      key = g_ascii_strdown (def->preload_property != NULL ? def->preload_property : "", -1);
      return g_strdup (g_hash_table_lookup (self->properties, key));
    case MERE_PRELOAD_NONE:
    default:
      return NULL;
    }
}

typedef struct
{
  MereFormSession *session;
  guint            kinds;
} Preloading;

static void
preload (MereFormNode *node, gpointer user_data)
{
  const Preloading *preloading = user_data;
  g_autofree char  *value = NULL;

  if (node->is_range || !(preloading->kinds & (1 << node->def->preload)))
    return;
  value = make_value (preloading->session, node->def);
  if (value != NULL)
    mere_node_overwrite (node, value);
}

void
mere_preload_all (MereFormSession *self, guint kinds)
{
  Preloading preloading = { self, kinds & ~(1u << MERE_PRELOAD_NONE) };

  mere_node_visit_all (self->root, preload, &preloading);
}
