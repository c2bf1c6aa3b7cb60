/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An instance as XML: as a submission (what is relevant) or as a draft (everything, so that it can go on). */

#include "config.h"

#include "app/forms/instance.h"

#include <string.h>

typedef struct
{
  GString *out;
  gboolean submission;
} Writer;

static void
escape (GString *out, const char *text, gboolean attribute)
{
  for (; *text != '\0'; text++)
    switch (*text)
      {
      case '&':
        g_string_append (out, "&amp;");
        break;
      case '<':
        g_string_append (out, "&lt;");
        break;
      case '>':
        g_string_append (out, "&gt;");
        break;
      case '"':
        g_string_append (out, attribute ? "&quot;" : "\"");
        break;
      case '\r':
        g_string_append (out, "&#13;");
        break;
      case '\n':
      case '\t':
        if (attribute)
          g_string_append_printf (out, "&#%d;", *text);
        else
          g_string_append_c (out, *text);
        break;
      case '\xef':
        /* U+FFFE and U+FFFF are no characters of XML */
        if (text[1] == '\xbf' && (text[2] == '\xbe' || text[2] == '\xbf'))
          text += 2;
        else
          g_string_append_c (out, *text);
        break;
      default:
        /* what XML has no way to say is left out */
        if ((guchar) *text >= 0x20)
          g_string_append_c (out, *text);
      }
}

static const char *
written_value (const Writer *self, MereFormNode *node)
{
  if (self->submission)
    return mere_node_value (node);
  return node->value != NULL ? node->value : "";
}

static void
write_attributes (const Writer *self, MereFormNode *node)
{
  for (guint i = node->def->n_children - node->def->n_attributes; i < node->n_children && !node->is_range; i++)
    {
      MereFormNode *attribute = node->children[i];

      if (self->submission && !attribute->relevant)
        continue;
      g_string_append_printf (self->out, " %s=\"", attribute->def->name->qualified);
      escape (self->out, written_value (self, attribute), TRUE);
      g_string_append_c (self->out, '"');
    }
}

/* A draft keeps what an answer took the place of, so that the answer stands when the draft is read back, and where a
 * place is still wanted. The prefix is declared where it is used: the form may have others. */
static void
write_marks (const Writer *self, MereFormNode *node)
{
  if (self->submission || (!node->overwritten && !node->place_wanted))
    return;
  g_string_append (self->out, " xmlns:mere-draft=\"" MERE_NS_MERESTONE "\"");
  if (node->place_wanted)
    g_string_append (self->out, " mere-draft:wanted=\"place\"");
  if (!node->overwritten)
    return;
  g_string_append (self->out, " mere-draft:calculated=\"");
  escape (self->out, node->calculated, TRUE);
  g_string_append_c (self->out, '"');
}

static void
note_prefix (GHashTable *prefixes, const MereXmlName *name)
{
  if (name->prefix != NULL && name->uri != NULL && strcmp (name->prefix, "xml") != 0)
    g_hash_table_insert (prefixes, (gpointer) name->prefix, (gpointer) name->uri);
}

static gint
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* Every prefix that any name of the instance uses, and the root's own namespace where it is not that of XForms. */
static void
write_namespaces (const Writer *self, MereFormSession *session)
{
  g_autoptr (GHashTable) prefixes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) sorted = NULL;
  const MereXmlName *root = session->root->def->name;

  for (guint i = 0; i < session->form->defs->len; i++)
    note_prefix (prefixes, ((MereDef *) g_ptr_array_index (session->form->defs, i))->name);
  if (root->prefix == NULL && root->uri != NULL && strcmp (root->uri, MERE_NS_XFORMS) != 0)
    g_string_append_printf (self->out, " xmlns=\"%s\"", root->uri);
  sorted = g_list_sort (g_hash_table_get_keys (prefixes), by_text);
  for (GList *at = sorted; at != NULL; at = at->next)
    {
      g_string_append_printf (self->out, " xmlns:%s=\"", (char *) at->data);
      escape (self->out, g_hash_table_lookup (prefixes, at->data), TRUE);
      g_string_append_c (self->out, '"');
    }
}

static gboolean
has_content (const Writer *self, MereFormNode *node)
{
  if (node->n_children > node->def->n_attributes)
    return TRUE;
  return *written_value (self, node) != '\0';
}

static void
write_extra_id (const Writer *self, MereFormNode *node)
{
  MereFormSession *session = node->session;
  MereDef         *id = session->form->instance_id;

  if (session->id_of_edited == NULL || session->form->deprecated_id != NULL || id == NULL || node->def != id->parent)
    return;
  g_string_append_printf (self->out, "<%s%sdeprecatedID>", id->name->prefix != NULL ? id->name->prefix : "", id->name->prefix != NULL ? ":" : "");
  escape (self->out, session->id_of_edited, FALSE);
  g_string_append_printf (self->out, "</%s%sdeprecatedID>", id->name->prefix != NULL ? id->name->prefix : "", id->name->prefix != NULL ? ":" : "");
}

static void
write_node (const Writer *self, MereFormNode *node)
{
  const char *name = node->def->name->qualified;

  if (self->submission && !node->relevant && !node->is_range)
    return;
  if (node->is_range)
    {
      for (guint i = 0; i < node->n_children; i++)
        write_node (self, node->children[i]);
      return;
    }
  g_string_append_printf (self->out, "<%s", name);
  if (node->parent == NULL)
    write_namespaces (self, node->session);
  write_attributes (self, node);
  write_marks (self, node);
  if (!has_content (self, node))
    {
      g_string_append (self->out, "/>");
      return;
    }
  g_string_append_c (self->out, '>');
  for (guint i = 0; i + node->def->n_attributes < node->n_children; i++)
    write_node (self, node->children[i]);
  if (mere_node_is_leaf (node) || node->n_children == 0)
    escape (self->out, written_value (self, node), FALSE);
  write_extra_id (self, node);
  g_string_append_printf (self->out, "</%s>", name);
}

GBytes *
mere_form_session_serialize (MereFormSession *self, gboolean submission)
{
  Writer writer = { g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), submission };

  write_node (&writer, self->root);
  g_string_append_c (writer.out, '\n');
  return g_string_free_to_bytes (writer.out);
}
