/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels and choices as a form's body and its secondary instances give them. Source: ODK XForms, sections "Body Elements",
 * "Secondary Instances" and "Languages". */

#include "config.h"

#include "sync/hq/shape-words.h"

#include <string.h>

typedef struct
{
  MereShape         *shape;
  const MereXmlNode *model;
  GHashTable        *texts; /* id → text, of one language */
} Reading;

static const MereXmlNode *
next_named (const MereXmlNode *node,
            const char        *local)
{
  while (node != NULL && !g_str_equal (node->name->local, local))
    node = mere_xml_node_next_element (node);
  return node;
}

static const MereXmlNode *
find_translation (const MereXmlNode *itext,
                  const char        *language)
{
  const MereXmlNode *chosen = NULL;

  for (const MereXmlNode *node = mere_xml_node_first_child (itext); node != NULL; node = mere_xml_node_next_element (node))
    {
      if (language != NULL && g_strcmp0 (mere_xml_node_get (node, "lang"), language) == 0)
        return node;
      if (chosen == NULL || (mere_xml_node_get (node, "default") != NULL && mere_xml_node_get (chosen, "default") == NULL))
        chosen = node;
    }
  return chosen;
}

static GHashTable *
read_texts (const MereXmlNode *model,
            const char        *language)
{
  GHashTable        *texts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  const MereXmlNode *itext = mere_xml_node_find_child (model, "itext");
  const MereXmlNode *translation = itext != NULL ? find_translation (itext, language) : NULL;
  const MereXmlNode *text = translation != NULL ? mere_xml_node_first_child (translation) : NULL;

  for (; text != NULL; text = mere_xml_node_next_element (text))
    {
      const MereXmlNode *value = next_named (mere_xml_node_first_child (text), "value");
      const char        *id = mere_xml_node_get (text, "id");

      while (value != NULL && mere_xml_node_get (value, "form") != NULL)
        value = next_named (mere_xml_node_next_element (value), "value");
      if (value != NULL && id != NULL)
        g_hash_table_insert (texts, (gpointer) id, g_strstrip (mere_xml_node_dup_text (value)));
    }
  return texts;
}

/* Of "jr:itext('a')" or "jr:itext(a)": a. NULL: it is no such call. */
static char *
dup_itext_argument (const char *ref)
{
  const char *open = g_str_has_prefix (ref, "jr:itext(") ? ref + strlen ("jr:itext(") : NULL;
  char       *argument = open != NULL ? g_strndup (open, strcspn (open, ")")) : NULL;
  gsize       length;

  if (argument == NULL)
    return NULL;
  g_strstrip (argument);
  length = strlen (argument);
  if (length < 2 || (*argument != '\'' && *argument != '"'))
    return argument;
  memmove (argument, argument + 1, length - 2);
  argument[length - 2] = '\0';
  return argument;
}

/* The text of a label, or NULL; @item: of an itemset, which its ref begins at. */
static char *
dup_label (Reading           *self,
           const MereXmlNode *label,
           const MereXmlNode *item)
{
  const char        *ref = label != NULL ? mere_xml_node_get (label, "ref") : NULL;
  g_autofree char   *argument = ref != NULL ? dup_itext_argument (ref) : NULL;
  const MereXmlNode *child;
  const char        *id = argument;

  if (label == NULL)
    return NULL;
  if (ref == NULL)
    return g_strstrip (mere_xml_node_dup_text (label));
  if (item == NULL)
    return id != NULL ? g_strdup (g_hash_table_lookup (self->texts, id)) : NULL;
  child = mere_xml_node_find_child (item, argument != NULL ? argument : ref);
  if (child == NULL || argument == NULL)
    return child != NULL ? g_strdup (child->text) : NULL;
  return g_strdup (g_hash_table_lookup (self->texts, child->text));
}

/* A path without what stands in brackets: "root/item[a = 'b']" → "root/item". */
static char *
dup_without_conditions (const char *path)
{
  GString *out = g_string_new (NULL);
  guint    depth = 0;
  char     quote = '\0';

  for (; *path != '\0'; path++)
    {
      if (quote != '\0')
        quote = *path == quote ? '\0' : quote;
      else if (depth > 0 && (*path == '\'' || *path == '"'))
        quote = *path;
      else if (*path == '[')
        depth++;
      else if (*path == ']' && depth > 0)
        depth--;
      else if (depth == 0)
        g_string_append_c (out, *path);
    }
  return g_string_free (out, FALSE);
}

static const MereXmlNode *
find_secondary (const MereXmlNode *model,
                const char        *id)
{
  const MereXmlNode *node = next_named (mere_xml_node_first_child (model), "instance");

  while (node != NULL && g_strcmp0 (mere_xml_node_get (node, "id"), id) != 0)
    node = next_named (mere_xml_node_next_element (node), "instance");
  return node;
}

/* The elements of a path below @node; recursion goes as deep as the path is long. */
static void
collect_items (const MereXmlNode *node,
               char             **steps,
               GPtrArray         *items)
{
  if (*steps == NULL)
    {
      g_ptr_array_add (items, (gpointer) node);
      return;
    }
  for (const MereXmlNode *child = next_named (mere_xml_node_first_child (node), *steps); child != NULL;
       child = next_named (mere_xml_node_next_element (child), *steps))
    collect_items (child, steps + 1, items);
}

/* Of "instance('lanes')/root/item[…]", wherever it stands in the nodeset: the items; empty for any other nodeset. */
static GPtrArray *
list_items (Reading    *self,
            const char *nodeset)
{
  GPtrArray       *items = g_ptr_array_new ();
  g_autofree char *plain = dup_without_conditions (nodeset);
  const char      *call = strstr (plain, "instance(");
  g_auto (GStrv) parts = call != NULL ? g_strsplit_set (call + strlen ("instance("), "'\"", 3) : NULL;
  const MereXmlNode *instance = parts != NULL && g_strv_length (parts) == 3 ? find_secondary (self->model, parts[1]) : NULL;
  const char        *path = instance != NULL ? strchr (parts[2], '/') : NULL;
  g_auto (GStrv) steps = NULL;

  if (path == NULL)
    return items;
  g_strdelimit (parts[2], ",)", '\n');
  path = strchr (parts[2], '/');
  steps = g_strsplit (path + 1, "/", -1);
  for (char **step = steps; *step != NULL; step++)
    {
      (*step)[strcspn (*step, "\n")] = '\0';
      g_strstrip (*step);
    }
  collect_items (instance, steps, items);
  return items;
}

static void
add_itemset (Reading           *self,
             MereShape         *shape,
             const MereXmlNode *itemset)
{
  const char        *nodeset = mere_xml_node_get (itemset, "nodeset");
  const MereXmlNode *value = mere_xml_node_find_child (itemset, "value");
  const MereXmlNode *label = mere_xml_node_find_child (itemset, "label");
  const char        *ref = value != NULL ? mere_xml_node_get (value, "ref") : NULL;
  g_autoptr (GPtrArray) items = nodeset != NULL && ref != NULL ? list_items (self, nodeset) : NULL;

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const MereXmlNode *item = items->pdata[i];
      const MereXmlNode *child = mere_xml_node_find_child (item, ref);
      g_autofree char   *words = dup_label (self, label, item);

      if (child != NULL)
        mere_shape_add_choice (shape, child->text, words);
    }
}

static void
add_choices (Reading           *self,
             MereShape         *shape,
             const MereXmlNode *control)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (control); node != NULL; node = mere_xml_node_next_element (node))
    {
      const MereXmlNode *value = g_str_equal (node->name->local, "item") ? mere_xml_node_find_child (node, "value") : NULL;
      g_autofree char   *words = value != NULL ? dup_label (self, mere_xml_node_find_child (node, "label"), NULL) : NULL;

      if (value != NULL)
        mere_shape_add_choice (shape, value->text, words);
      else if (g_str_equal (node->name->local, "itemset"))
        add_itemset (self, shape, node);
    }
}

static void
add_control (Reading           *self,
             MereShape         *shape,
             const MereXmlNode *control)
{
  g_autofree char *label = dup_label (self, mere_xml_node_find_child (control, "label"), NULL);

  if (label != NULL && *label != '\0')
    {
      g_free (shape->label);
      shape->label = g_steal_pointer (&label);
    }
  shape->is_many = shape->is_many || g_str_equal (control->name->local, "select");
  add_choices (self, shape, control);
}

/* Recursion is bounded by the parser's limit of depth. */
static void
add_body (Reading           *self,
          const MereXmlNode *body,
          const char        *context)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (body); node != NULL; node = mere_xml_node_next_element (node))
    {
      const char      *own = mere_xml_node_get (node, g_str_equal (node->name->local, "repeat") ? "nodeset" : "ref");
      g_autofree char *ref = own == NULL || *own == '/' ? g_strdup (own != NULL ? own : context)
                                                        : g_strconcat (context, "/", own, NULL);
      MereShape       *shape = own != NULL ? mere_shape_find_path (self->shape, ref) : NULL;

      if (shape != NULL)
        add_control (self, shape, node);
      if (!g_str_has_prefix (node->name->local, "item") && !g_str_equal (node->name->local, "label"))
        add_body (self, node, ref);
    }
}

void
mere_shape_add_words (MereShape         *self,
                      const MereXmlNode *model,
                      const MereXmlNode *body,
                      const char        *context,
                      const char        *language)
{
  g_autoptr (GHashTable) texts = read_texts (model, language);
  Reading reading = { self, model, texts };

  add_body (&reading, body, context);
}
