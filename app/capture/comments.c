/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comments on questions: kept by node while a form is filled, by ref in the instance's XML. */

#include "config.h"

#include "app/capture/comments.h"

#include "app/forms/document.h"

#include <string.h>

MereComments *
mere_comments_new (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

void
mere_comments_set (MereComments *self,
                   MereFormNode *node,
                   const char   *text)
{
  if (text != NULL && *text != '\0')
    g_hash_table_replace (self, node, g_strdup (text));
  else
    g_hash_table_remove (self, node);
}

static const MereXmlNode *
find_element (const MereXmlNode *root,
              const char        *name)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (root); node != NULL; node = mere_xml_node_next_element (node))
    if (mere_xml_node_is (node, MERE_NS_MERESTONE, name))
      return node;
  return NULL;
}

static void
read_one (MereComments      *self,
          const MereXmlNode *comment,
          MereFormSession   *session)
{
  const char   *ref = mere_xml_node_get (comment, "ref");
  MereFormNode *node = ref != NULL ? mere_form_session_find (session, ref) : NULL;

  if (node != NULL)
    mere_comments_set (self, node, comment->text);
}

/* @label: (out) (optional): the element's attribute "of", or NULL. */
static MereComments *
read_element (GBytes          *instance,
              const char      *name,
              MereFormSession *session,
              char           **label,
              GError         **error)
{
  g_autoptr (MereArena) arena = mere_arena_new ();
  g_autoptr (MereXmlDocument) document = NULL;
  MereComments      *self;
  const MereXmlNode *element;
  gsize              length;
  const char        *text = g_bytes_get_data (instance, &length);

  document = mere_xml_document_parse (arena, text != NULL ? text : "", length, NULL, error);
  if (document == NULL)
    return NULL;
  self = mere_comments_new ();
  element = find_element (document->root, name);
  if (label != NULL)
    *label = element != NULL ? g_strdup (mere_xml_node_get (element, "of")) : NULL;
  for (const MereXmlNode *node = element != NULL ? mere_xml_node_first_child (element) : NULL; node != NULL; node = mere_xml_node_next_element (node))
    read_one (self, node, session);
  return self;
}

MereComments *
mere_comments_read (GBytes          *instance,
                    MereFormSession *session,
                    GError         **error)
{
  return read_element (instance, "comments", session, NULL, error);
}

MereComments *
mere_comments_read_returned (GBytes          *instance,
                             MereFormSession *session,
                             char           **of,
                             GError         **error)
{
  return read_element (instance, "returned", session, of, error);
}

static void
collect (MereFormNode *node,
         GHashTable   *nodes)
{
  g_hash_table_add (nodes, node);
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    collect (mere_form_node_get_child (node, i), nodes);
}

void
mere_comments_prune (MereComments    *self,
                     MereFormSession *session)
{
  g_autoptr (GHashTable) nodes = NULL;
  GHashTableIter iter;
  gpointer       node;

  if (g_hash_table_size (self) == 0)
    return;
  nodes = g_hash_table_new (NULL, NULL);
  collect (mere_form_session_get_root (session), nodes);
  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    if (!g_hash_table_contains (nodes, node))
      g_hash_table_iter_remove (&iter);
}

/* How many relevant instances stand before this one, and itself. */
static guint
count_submitted (MereFormNode *instance)
{
  MereFormNode *repeat = mere_form_node_get_parent (instance);
  guint         count = 1;

  for (guint i = 0; mere_form_node_get_child (repeat, i) != instance; i++)
    if (mere_form_node_is_relevant (mere_form_node_get_child (repeat, i)))
      count++;
  return count;
}

static void
prepend_number (GString *out,
                guint    number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  g_string_prepend (out, text);
}

/* The node's ref with the positions that its instances have in the submission: from the innermost outwards, the last
 * bracket that is left is the instance's. */
static char *
dup_submitted_ref (MereFormNode *node)
{
  g_autofree char *left = mere_form_node_dup_ref (node);
  g_autoptr (GString) out = g_string_new (NULL);

  for (; node != NULL; node = mere_form_node_get_parent (node))
    {
      char *open;

      if (mere_form_node_get_kind (node) != MERE_FORM_NODE_REPEAT_INSTANCE)
        continue;
      open = strrchr (left, '[');
      g_string_prepend (out, strchr (open, ']'));
      *open = '\0';
      prepend_number (out, count_submitted (node));
      g_string_prepend_c (out, '[');
    }
  g_string_prepend (out, left);
  return g_strdup (out->str);
}

typedef struct
{
  MereComments *comments;
  GString      *out;
  gboolean      submission;
} Writer;

static void
write_tree (const Writer *self,
            MereFormNode *node)
{
  const char *text = g_hash_table_lookup (self->comments, node);

  if (self->submission && !mere_form_node_is_relevant (node))
    return;
  if (text != NULL)
    {
      g_autofree char *ref = self->submission ? dup_submitted_ref (node) : mere_form_node_dup_ref (node);
      g_autofree char *escaped_ref = g_markup_escape_text (ref, -1);
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      g_string_append_printf (self->out, "<mere:comment ref=\"%s\">%s</mere:comment>", escaped_ref, escaped);
    }
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    write_tree (self, mere_form_node_get_child_in_document (node, i));
}

GBytes *
mere_comments_write (MereComments    *self,
                     GBytes          *instance,
                     MereFormSession *session,
                     gboolean         submission)
{
  g_autoptr (GString) elements = g_string_new (NULL);
  Writer writer = { self, elements, submission };

  if (g_hash_table_size (self) == 0)
    return g_bytes_ref (instance);
  g_string_append (elements, "<mere:comments xmlns:mere=\"" MERE_NS_MERESTONE "\">");
  write_tree (&writer, mere_form_session_get_root (session));
  g_string_append (elements, "</mere:comments>");
  return mere_instance_append (instance, elements->str);
}

GBytes *
mere_comments_write_returned (MereComments    *self,
                              const char      *of,
                              GBytes          *instance,
                              MereFormSession *session)
{
  g_autoptr (GString) elements = g_string_new (NULL);
  g_autofree char *escaped = g_markup_escape_text (of, -1);
  Writer           writer = { self, elements, FALSE };

  g_string_append_printf (elements, "<mere:returned xmlns:mere=\"" MERE_NS_MERESTONE "\" of=\"%s\">", escaped);
  write_tree (&writer, mere_form_session_get_root (session));
  g_string_append (elements, "</mere:returned>");
  return mere_instance_append (instance, elements->str);
}

GBytes *
mere_instance_append (GBytes     *instance,
                      const char *elements)
{
  gsize       length;
  const char *text = g_bytes_get_data (instance, &length);
  const char *end = g_strrstr_len (text, (gssize) length, "</");
  GString    *out;

  if (*elements == '\0')
    return g_bytes_ref (instance);
  /* an instance without an end tag has no node at all */
  g_return_val_if_fail (end != NULL, g_bytes_ref (instance));
  out = g_string_sized_new (length + strlen (elements));
  g_string_append_len (out, text, end - text);
  g_string_append (out, elements);
  g_string_append_len (out, end, (gssize) length - (end - text));
  return g_string_free_to_bytes (out);
}

/* XML 1.0, section 2.2, production Char. */
static gboolean
is_xml_char (gunichar c)
{
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

char *
mere_text_dup_for_xml (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *out = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    if (is_xml_char (g_utf8_get_char (at)))
      g_string_append_len (out, at, g_utf8_next_char (at) - at);
  return g_string_free (out, FALSE);
}
