/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secondary instances: inside the form, or a file beside it. ODK XForms, sections "Secondary Instances" and "URIs". */

#include "config.h"

#include "app/forms/bounds.h"
#include "app/forms/model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

guint
mere_secondary_find (MereForm *form, const char *id)
{
  for (guint i = 0; i < form->secondary->len; i++)
    if (strcmp (g_array_index (form->secondary, MereSecondary, i).id, id) == 0)
      return i + 1;
  return 0;
}

/* jr://file-csv/cities.csv, jr://file/cities.xml: the last part is the file's name. */
static const char *
file_name (const char *source)
{
  const char *slash = strrchr (source, '/');

  return slash != NULL ? slash + 1 : source;
}

static const MereXmlNode *
wrap (MereForm *form, MereXmlNode *root)
{
  MereXmlNode *holder = mere_xml_node_append (form->arena, NULL, NULL, mere_xml_name_intern (form->arena, NULL, "instance", NULL));

  holder->first = root;
  if (root != NULL)
    root->parent = holder;
  return holder;
}

static const MereXmlNode *
read_xml (MereForm *form, const char *text, gsize length, char **message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereXmlDocument) document = mere_xml_document_parse (form->arena, text, length, NULL, &error);

  if (document == NULL)
    *message = g_strdup (error->message);
  return document != NULL ? wrap (form, document->root) : NULL;
}

static const MereXmlNode *
read_file (MereForm *form, const char *name, GBytes *bytes, char **message)
{
  gsize       length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (length > MERE_FORM_MOST_BYTES)
    {
      *message = g_strdup (_ ("the file is larger than 64 MiB"));
      return NULL;
    }
  if (g_str_has_suffix (name, ".csv"))
    return mere_csv_read (form->arena, text, length, message);
  if (g_str_has_suffix (name, ".geojson"))
    return mere_geojson_read (form->arena, text, length, message);
  return read_xml (form, text, length, message);
}

/* A file that is not there is empty: forms are opened before their files have come. */
static const MereXmlNode *
read_external (MereForm *form, const MereXmlNode *element, const char *source, MereFormMedia media, gpointer user_data, MereProblems *problems)
{
  const char *name = file_name (source);
  g_autoptr (GBytes) bytes = media != NULL ? media (name, user_data) : NULL;
  g_autofree char   *message = NULL;
  const MereXmlNode *node;

  if (bytes == NULL)
    {
      if (strcmp (source, "jr://instance/last-saved") != 0)
        mere_problems_add (problems, TRUE, element->line, NULL, NULL, _ ("The file “%s” is not there; its instance is empty"), name);
      return wrap (form, NULL);
    }
  node = read_file (form, name, bytes, &message);
  if (node != NULL)
    return node;
  mere_problems_add (problems, TRUE, element->line, NULL, NULL, _ ("The file “%s” cannot be read: %s"), name, message);
  return wrap (form, NULL);
}

void
mere_secondary_read (MereForm *form, const MereXmlNode *model, MereFormMedia media, gpointer user_data, MereProblems *problems)
{
  gboolean primary = TRUE;

  for (const MereXmlNode *node = mere_xml_node_first_child (model); node != NULL; node = mere_xml_node_next_element (node))
    {
      const char   *source = mere_xml_node_get (node, "src");
      MereSecondary secondary = { mere_xml_node_get (node, "id"), node, source };

      if (strcmp (node->name->local, "instance") != 0)
        continue;
      if (primary)
        {
          primary = FALSE;
          continue;
        }
      if (secondary.id == NULL || mere_secondary_find (form, secondary.id) > 0)
        {
          mere_problems_add (problems, FALSE, node->line, NULL, NULL, _ ("A secondary instance needs an id of its own"));
          continue;
        }
      if (source != NULL)
        secondary.node = read_external (form, node, source, media, user_data, problems);
      g_array_append_val (form->secondary, secondary);
    }
}
