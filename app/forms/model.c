/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The primary instance as definitions: one for each place a node can stand at, however often a repeat has it. */

#include "config.h"

#include "app/forms/model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static guint
hash_def (gconstpointer key)
{
  const MereDef *def = key;

  return g_direct_hash (def->parent) * 31 + g_direct_hash (def->name->test) + (def->kind == MERE_DEF_ATTRIBUTE);
}

static gboolean
same_def (gconstpointer a, gconstpointer b)
{
  const MereDef *left = a, *right = b;

  return left->parent == right->parent && left->name->test == right->name->test &&
         (left->kind == MERE_DEF_ATTRIBUTE) == (right->kind == MERE_DEF_ATTRIBUTE);
}

static MereDef *
look_up (MereForm *form, MereDef *parent, const char *test, MereDefKind kind)
{
  MereXmlName name = { .test = test };
  MereDef     probe = { .parent = parent, .name = &name, .kind = kind };

  return g_hash_table_lookup (form->lookup, &probe);
}

MereDef *
mere_def_find_child (MereForm *form, MereDef *parent, const char *test)
{
  return look_up (form, parent, test, MERE_DEF_LEAF);
}

MereDef *
mere_def_find_attribute (MereForm *form, MereDef *parent, const char *test)
{
  return look_up (form, parent, test, MERE_DEF_ATTRIBUTE);
}

MereDef *
mere_def_ancestor (MereDef *self, guint depth)
{
  while (self->depth > depth)
    self = self->parent;
  return self;
}

MereDef *
mere_def_common (MereDef *a, MereDef *b)
{
  guint depth = MIN (a->depth, b->depth);

  a = mere_def_ancestor (a, depth);
  b = mere_def_ancestor (b, depth);
  while (a != b)
    {
      a = a->parent;
      b = b->parent;
    }
  return a;
}

gboolean
mere_def_is_under (const MereDef *self, const MereDef *ancestor)
{
  while (self != NULL && self->depth > ancestor->depth)
    self = self->parent;
  return self == ancestor;
}

MereUnit *
mere_def_add_unit (MereForm *form, MereDef *def, MereUnitKind kind)
{
  MereUnit *unit = mere_arena_new0 (form->arena, MereUnit);

  unit->kind = kind;
  unit->def = def;
  unit->references = g_array_new (FALSE, FALSE, sizeof (MereReference));
  def->units[kind] = unit;
  g_ptr_array_add (form->units, unit);
  return unit;
}

/* Whether a person may put an answer in the place of what is calculated. */
static gboolean
is_correctable (const MereDef *self)
{
  const MereUnit *readonly = self->units[MERE_UNIT_READONLY];

  return self->body != NULL && self->body->control != MERE_FORM_CONTROL_NONE &&
         (readonly == NULL || readonly->expr == NULL || !mere_xpath_is_constant_true (readonly->expr));
}

gboolean
mere_def_is_fleeting (const MereDef *self)
{
  const MereUnit *calculate = self->units[MERE_UNIT_CALCULATE];

  return self->written || (calculate != NULL && (calculate->fleeting || is_correctable (self)));
}

gboolean
mere_def_is_template (const MereXmlNode *node)
{
  return mere_xml_node_get_ns (node, MERE_NS_JAVAROSA, "template") != NULL;
}

static MereDef *
new_def (MereForm *form, MereDef *parent, const MereXmlName *name, MereDefKind kind)
{
  MereDef         *def = mere_arena_new0 (form->arena, MereDef);
  g_autofree char *nodeset = g_strconcat (parent != NULL ? parent->nodeset : "", kind == MERE_DEF_ATTRIBUTE ? "/@" : "/", name->qualified, NULL);

  def->name = name;
  def->parent = parent;
  def->kind = kind;
  def->depth = parent != NULL ? parent->depth + 1 : 0;
  def->index = form->defs->len;
  def->nodeset = mere_arena_strdup (form->arena, nodeset);
  g_ptr_array_add (form->defs, def);
  g_hash_table_add (form->lookup, def);
  return def;
}

static void
add_attributes (MereForm *form, MereDef *def, GPtrArray *children)
{
  const MereXmlNode *node = def->template;

  for (guint i = 0; i < node->n_attributes; i++)
    {
      const MereXmlName *name = node->attributes[i].name;
      MereDef           *child;

      if (g_strcmp0 (name->uri, MERE_NS_JAVAROSA) == 0 && strcmp (name->local, "template") == 0)
        continue;
      if (mere_def_find_attribute (form, def, name->test) != NULL)
        continue;
      child = new_def (form, def, name, MERE_DEF_ATTRIBUTE);
      child->value = node->attributes[i].value;
      child->template = node;
      g_ptr_array_add (children, child);
      def->n_attributes++;
    }
}

static MereDef *build_def (MereForm *form, MereDef *parent, const MereXmlNode *node);

/* A second element of a name is an instance of a repeat (or a mistake, which is known when the body has been read). */
static void
meet_again (MereDef *def, const MereXmlNode *node)
{
  def->fixed_count++;
  if (mere_def_is_template (node) && !mere_def_is_template (def->template))
    def->template = node;
}

static void
add_children (MereForm *form, MereDef *def, GPtrArray *children)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (def->template); node != NULL; node = mere_xml_node_next_element (node))
    {
      MereDef *known = mere_def_find_child (form, def, node->name->test);

      if (known != NULL)
        meet_again (known, node);
      else
        g_ptr_array_add (children, build_def (form, def, node));
    }
}

static MereDef *
build_def (MereForm *form, MereDef *parent, const MereXmlNode *node)
{
  g_autoptr (GPtrArray) children = g_ptr_array_new ();
  MereDef *def = new_def (form, parent, node->name, mere_xml_node_first_child (node) != NULL ? MERE_DEF_GROUP : MERE_DEF_LEAF);

  def->template = node;
  def->fixed_count = 1;
  add_children (form, def, children);
  add_attributes (form, def, children);
  def->n_children = children->len;
  def->children = children->len > 0 ? mere_arena_alloc (form->arena, children->len * sizeof (MereDef *)) : NULL;
  for (guint i = 0; i < children->len; i++)
    {
      def->children[i] = g_ptr_array_index (children, i);
      def->children[i]->slot = i;
    }
  return def;
}

static MereXmlNode *
last_child (const MereXmlNode *node)
{
  MereXmlNode *child = node->first;

  while (child != NULL && child->next != NULL)
    child = child->next;
  return child;
}

static MereXmlNode *
add_element (MereForm *form, MereXmlNode *parent, const char *prefix, const char *local, const char *uri)
{
  MereXmlNode *node = mere_xml_node_append (form->arena, parent, last_child (parent), mere_xml_name_intern (form->arena, prefix, local, uri));

  node->line = parent->line;
  return node;
}

static const char *
prefix_of (MereForm *form, const char *uri)
{
  for (guint i = 0; i < form->namespaces->len; i++)
    {
      const MereXmlNamespace *known = &g_array_index (form->namespaces, MereXmlNamespace, i);

      if (strcmp (known->uri, uri) == 0 && *known->prefix != '\0')
        return known->prefix;
    }
  return NULL;
}

/* Every record has an instanceID (ODK XForms, "Metadata"); a form that forgot it gets one. Returns whether it had to be made. */
static gboolean
ensure_instance_id (MereForm *form, MereXmlNode *root)
{
  MereXmlNode *meta = mere_xml_node_find_child (root, "meta");

  if (meta == NULL)
    meta = add_element (form, root, prefix_of (form, MERE_NS_OPENROSA), "meta", MERE_NS_OPENROSA);
  if (mere_xml_node_find_child (meta, "instanceID") != NULL)
    return FALSE;
  if (*meta->text != '\0')
    meta->text = "";
  add_element (form, meta, meta->name->prefix, "instanceID", meta->name->uri);
  return TRUE;
}

static MereDef *
find_local (MereDef *def, const char *local)
{
  for (guint i = 0; def != NULL && i < def->n_children; i++)
    if (strcmp (def->children[i]->name->local, local) == 0)
      return def->children[i];
  return NULL;
}

static MereXmlNode *
find_root (const MereXmlNode *model, MereProblems *problems)
{
  const MereXmlNode *instance = mere_xml_node_find_child (model, "instance");
  MereXmlNode       *root = mere_xml_node_first_child (instance);

  if (instance == NULL || root == NULL)
    {
      mere_problems_add (problems, FALSE, model->line, NULL, NULL, _ ("The form has no primary instance"));
      return NULL;
    }
  if (mere_xml_node_get (root, "id") == NULL)
    mere_problems_add (problems, FALSE, root->line, NULL, NULL, _ ("The primary instance’s element <%s> has no id"), root->name->qualified);
  return root;
}

gboolean
mere_model_build (MereForm *form, const MereXmlNode *model, MereProblems *problems)
{
  MereXmlNode *root = find_root (model, problems);
  MereDef     *meta;
  gboolean     made_id;

  if (root == NULL)
    return FALSE;
  form->lookup = g_hash_table_new (hash_def, same_def);
  made_id = ensure_instance_id (form, root);
  form->root = build_def (form, NULL, root);
  if (form->root->kind == MERE_DEF_LEAF)
    form->root->kind = MERE_DEF_GROUP;
  meta = find_local (form->root, "meta");
  form->instance_id = find_local (meta, "instanceID");
  form->deprecated_id = find_local (meta, "deprecatedID");
  form->audit = find_local (meta, "audit");
  if (made_id && form->instance_id != NULL)
    form->instance_id->preload = MERE_PRELOAD_UID;
  form->id = mere_xml_node_get (root, "id");
  form->version = mere_xml_node_get_any (root, "version");
  return TRUE;
}

/* After the body: an element that stands twice without a repeat. */
void
mere_model_check (MereForm *form, MereProblems *problems)
{
  for (guint i = 0; i < form->defs->len; i++)
    {
      const MereDef *def = g_ptr_array_index (form->defs, i);

      if (def->kind != MERE_DEF_REPEAT && def->kind != MERE_DEF_ATTRIBUTE && def->fixed_count > 1)
        mere_problems_add (problems, FALSE, def->template->line, def->nodeset, NULL, _ ("The node stands more than once, and is no repeat"));
    }
}

static const char *
step_test (MereForm *form, const char *step, gsize length)
{
  const char      *colon = memchr (step, ':', length);
  const char      *uri;
  g_autofree char *local = NULL;

  if (colon == NULL)
    return mere_arena_internn (form->arena, step, length);
  uri = mere_xpath_resolve_prefix (form->namespaces, step, colon - step);
  local = g_strndup (colon + 1, length - (colon + 1 - step));
  return uri != NULL ? mere_xml_name_test (form->arena, uri, local) : NULL;
}

static MereDef *
take_step (MereForm *form, MereDef *at, const char *step, gsize length)
{
  const char *test;

  if (length == 0 || (length == 1 && *step == '.') || (length == 9 && strncmp (step, "current()", 9) == 0))
    return at;
  if (length == 2 && strncmp (step, "..", 2) == 0)
    return at != NULL ? at->parent : NULL;
  test = step_test (form, step + (*step == '@'), length - (*step == '@'));
  if (test == NULL)
    return NULL;
  if (*step == '@')
    return at != NULL ? mere_def_find_attribute (form, at, test) : NULL;
  return mere_def_find_child (form, at, test);
}

/* A step ends at "/"; what stands in brackets is passed over. */
static const char *
end_of_step (const char *at, gsize *length)
{
  const char *start = at;
  guint       brackets = 0;

  *length = 0;
  for (; *at != '\0' && (*at != '/' || brackets > 0); at++)
    {
      if (*at == '[' && brackets++ == 0)
        *length = at - start;
      else if (*at == ']' && brackets > 0)
        brackets--;
    }
  if (*length == 0)
    *length = at - start;
  return at;
}

MereDef *
mere_form_resolve (MereForm *form, MereDef *context, const char *path)
{
  MereDef *at = context;

  while (g_ascii_isspace (*path))
    path++;
  if (*path == '/')
    {
      at = NULL;
      path++;
    }
  for (;;)
    {
      gsize       length;
      const char *end = end_of_step (path, &length);

      while (length > 0 && g_ascii_isspace (path[length - 1]))
        length--;
      at = take_step (form, at, path, length);
      if (at == NULL)
        return NULL;
      if (*end == '\0')
        return at;
      path = end + 1;
    }
}
