/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items of the framework in questionnaires: the attribute `item` of binds. */

#include "config.h"

#include "sync/hq/item.h"

#include "app/forms/document.h"
#include "app/store/instrument.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_VERSIONS 400 /* parameters of one query */

/* "O2.1" is of "O2"; "O21" is not. Several items stand with spaces between. */
static gboolean
names_item (const char *attribute,
            const char *item)
{
  g_auto (GStrv) words = g_strsplit (attribute, " ", -1);
  gsize length = strlen (item);

  for (char **word = words; *word != NULL; word++)
    if (strncmp (*word, item, length) == 0 && ((*word)[length] == '\0' || (*word)[length] == '.'))
      return TRUE;
  return FALSE;
}

static gboolean
asks_about (GBytes     *xml,
            const char *item,
            gboolean   *asks,
            GError    **error)
{
  g_autoptr (MereArena) arena = mere_arena_new ();
  g_autoptr (MereXmlDocument) document = mere_xml_document_parse (
    arena, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), NULL, error);
  const MereXmlNode *head = document != NULL ? mere_xml_node_find_child (document->root, "head") : NULL;
  const MereXmlNode *model = head != NULL ? mere_xml_node_find_child (head, "model") : NULL;
  const MereXmlNode *node = model != NULL ? mere_xml_node_first_child (model) : NULL;

  *asks = FALSE;
  for (; node != NULL && !*asks; node = mere_xml_node_next_element (node))
    {
      const char *attribute = g_str_equal (node->name->local, "bind") ? mere_xml_node_get_any (node, "item") : NULL;

      *asks = attribute != NULL && names_item (attribute, item);
    }
  return document != NULL;
}

char **
mere_item_list_versions (MereStore  *store,
                         const char *item,
                         GError    **error)
{
  g_autoptr (GStrvBuilder) versions = g_strv_builder_new ();
  g_autoptr (GPtrArray) instruments = mere_instrument_list (store, error);
  guint n = 0;

  for (guint i = 0; instruments != NULL && i < instruments->len; i++)
    {
      const MereInstrument *instrument = instruments->pdata[i];
      g_autoptr (GBytes) xml = mere_instrument_load_xml (store, instrument->row, error);
      g_autofree char *name = g_strdup_printf ("%s %s", instrument->form, instrument->version);
      gboolean         asks = FALSE;

      if (xml == NULL || !asks_about (xml, item, &asks, error))
        return NULL;
      if (!asks)
        continue;
      if (++n > MAX_VERSIONS)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("More than %u versions of questionnaires ask about %s; name a question of it."), MAX_VERSIONS, item);
          return NULL;
        }
      g_strv_builder_add (versions, name);
    }
  return instruments != NULL ? g_strv_builder_end (versions) : NULL;
}
