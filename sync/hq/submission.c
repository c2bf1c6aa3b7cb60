/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Submissions as headquarters reads them: identity, and the leaves with their refs. The engine is not needed for this,
 * so a record is readable whether or not its form is here. */

#include "config.h"

#include "sync/hq/submission.h"

#include "app/forms/form.h"

#include <glib/gi18n-lib.h>

static const char *
text_of (const MereXmlNode *parent,
         const char        *local)
{
  const MereXmlNode *node = parent != NULL ? mere_xml_node_find_child (parent, local) : NULL;

  return node != NULL && *node->text != '\0' ? node->text : NULL;
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

MereSubmission *
mere_submission_parse (GBytes  *xml,
                       GError **error)
{
  g_autoptr (MereSubmission) self = g_new0 (MereSubmission, 1);
  const MereXmlNode *meta;

  if (g_bytes_get_size (xml) > MERE_SUBMISSION_MAX_SIZE)
    {
      g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_TOO_LARGE, _ ("The submission is larger than 16 MiB."));
      return NULL;
    }
  self->arena = mere_arena_new ();
  self->document = mere_xml_document_parse (
    self->arena, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), NULL, error);
  if (self->document == NULL)
    return NULL;
  self->root = self->document->root;
  meta = mere_xml_node_find_child (self->root, "meta");
  self->form = or_empty (mere_xml_node_get (self->root, "id"));
  self->version = or_empty (mere_xml_node_get (self->root, "version"));
  self->id = or_empty (text_of (meta, "instanceID"));
  self->deprecated_id = text_of (meta, "deprecatedID");
  self->name = text_of (meta, "instanceName");
  return g_steal_pointer (&self);
}

void
mere_submission_free (MereSubmission *self)
{
  if (self == NULL)
    return;
  mere_xml_document_free (self->document);
  g_clear_pointer (&self->arena, mere_arena_free);
  g_free (self);
}

typedef struct
{
  gboolean (*is_repeat) (gpointer user_data, const char *path);
  MereSubmissionVisit visit;
  gpointer            user_data;
  GString            *ref;  /* with positions */
  GString            *path; /* without */
} Walk;

/* How many children of each name there are; names are interned, so their pointers are keys. */
static GHashTable *
count_children (const MereXmlNode *node)
{
  GHashTable *counts = g_hash_table_new (NULL, NULL);

  for (const MereXmlNode *child = mere_xml_node_first_child (node); child != NULL; child = mere_xml_node_next_element (child))
    {
      gpointer name = (gpointer) child->name->local;

      g_hash_table_insert (counts, name, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, name)) + 1));
    }
  return counts;
}

/* The position of the next child of that name: @seen counts on. */
static guint
next_position (GHashTable *seen,
               gpointer    name)
{
  guint position = GPOINTER_TO_UINT (g_hash_table_lookup (seen, name)) + 1;

  g_hash_table_insert (seen, name, GUINT_TO_POINTER (position));
  return position;
}

/* @position is 0 where the element is the only one. Recursion is bounded by the parser's limit of depth. */
static void
walk_element (Walk              *walk,
              const MereXmlNode *node,
              guint              position)
{
  g_autoptr (GHashTable) counts = count_children (node);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  gsize ref_size = walk->ref->len;
  gsize path_size = walk->path->len;

  g_string_append_printf (walk->ref, "/%s", node->name->local);
  g_string_append_printf (walk->path, "/%s", node->name->local);
  if (position == 0 && walk->is_repeat != NULL && walk->is_repeat (walk->user_data, walk->path->str))
    position = 1;
  if (position > 0)
    g_string_append_printf (walk->ref, "[%u]", position);
  if (g_hash_table_size (counts) == 0)
    walk->visit (walk->user_data, walk->ref->str, node);
  for (const MereXmlNode *child = mere_xml_node_first_child (node); child != NULL; child = mere_xml_node_next_element (child))
    {
      gpointer name = (gpointer) child->name->local;
      gboolean alone = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name)) == 1;

      walk_element (walk, child, alone ? 0 : next_position (seen, name));
    }
  g_string_truncate (walk->ref, ref_size);
  g_string_truncate (walk->path, path_size);
}

void
mere_submission_walk (const MereSubmission *self,
                      gboolean (*is_repeat) (gpointer user_data, const char *path),
                      MereSubmissionVisit visit,
                      gpointer            user_data)
{
  Walk walk = { is_repeat, visit, user_data, g_string_new (NULL), g_string_new (NULL) };

  walk_element (&walk, self->root, 0);
  g_string_free (walk.ref, TRUE);
  g_string_free (walk.path, TRUE);
}
