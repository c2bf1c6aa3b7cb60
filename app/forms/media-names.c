/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files beside a form. ODK XForms, sections "External secondary instances" and "Media". */

#include "config.h"

#include "app/forms/media-names.h"

#include "app/forms/document.h"

#include <string.h>

#define MAX_NAMES 1000

static void
add_name (GHashTable *names,
          const char *text)
{
  static const char *const kinds[] = { "images/", "audio/", "video/", "file-csv/", "file/" };
  const char              *rest = g_str_has_prefix (text, "jr://") ? text + strlen ("jr://") : NULL;

  for (guint i = 0; rest != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (rest, kinds[i]) && g_hash_table_size (names) < MAX_NAMES)
      {
        char *name = g_strstrip (g_strdup (rest + strlen (kinds[i])));

        if (*name != '\0' && *name != '.' && strpbrk (name, "/\\") == NULL)
          g_hash_table_add (names, name);
        else
          g_free (name);
        return;
      }
}

/* Recursion is bounded by the parser's limit of depth. */
static void
collect (const MereXmlNode *node,
         GHashTable        *names)
{
  for (guint i = 0; i < node->n_attributes; i++)
    add_name (names, node->attributes[i].value);
  add_name (names, node->text);
  for (const MereXmlNode *child = mere_xml_node_first_child (node); child != NULL; child = mere_xml_node_next_element (child))
    collect (child, names);
}

static gint
compare (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
mere_form_list_media (GBytes  *xml,
                      GError **error)
{
  g_autoptr (MereArena) arena = mere_arena_new ();
  g_autoptr (MereXmlDocument) document = mere_xml_document_parse (
    arena, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), NULL, error);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree const char **keys = NULL;
  guint                   n;

  if (document == NULL)
    return NULL;
  collect (document->root, names);
  keys = (const char **) g_hash_table_get_keys_as_array (names, &n);
  qsort (keys, n, sizeof *keys, compare);
  return g_strdupv ((char **) keys);
}
