/* SPDX-License-Identifier: GPL-3.0-or-later */

/* <h:body>: controls, groups and repeats are found their definitions. ODK XForms, sections "Body", "Groups", "Repeats". */

#include "config.h"

#include "app/forms/text.h"
#include "app/forms/value.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  MereForm     *form;
  MereProblems *problems;
  GHashTable   *order; /* definition to GArray of guint16: children as the body has them */
} Reader;

static void read_children (Reader *self, const MereXmlNode *element, MereDef *context);

static const struct
{
  const char     *name;
  MereFormControl control;
} controls[] = {
  { "input", MERE_FORM_CONTROL_INPUT },
  { "select1", MERE_FORM_CONTROL_SELECT_ONE },
  { "select", MERE_FORM_CONTROL_SELECT_MANY },
  { "rank", MERE_FORM_CONTROL_RANK },
  { "trigger", MERE_FORM_CONTROL_TRIGGER },
  { "range", MERE_FORM_CONTROL_RANGE },
  { "upload", MERE_FORM_CONTROL_UPLOAD },
  { "secret", MERE_FORM_CONTROL_INPUT },
};

static MereFormControl
control_of (const MereXmlNode *element)
{
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    if (strcmp (controls[i].name, element->name->local) == 0)
      return controls[i].control;
  return MERE_FORM_CONTROL_NONE;
}

static const char *
reference_of (Reader *self, const MereXmlNode *element)
{
  const char *reference = mere_xml_node_get (element, "ref");
  const char *bind = mere_xml_node_get (element, "bind");

  if (reference == NULL)
    reference = mere_xml_node_get (element, "nodeset");
  if (reference != NULL || bind == NULL)
    return reference;
  for (guint i = 0; i < self->form->defs->len; i++)
    {
      const MereDef *def = g_ptr_array_index (self->form->defs, i);

      if (def->bind != NULL && g_strcmp0 (mere_xml_node_get (def->bind, "id"), bind) == 0)
        return def->nodeset;
    }
  return bind;
}

/* A place among the parent's children: the order that people see. */
static void
note_order (Reader *self, MereDef *def)
{
  for (; def->parent != NULL && !def->placed; def = def->parent)
    {
      GArray *slots = g_hash_table_lookup (self->order, def->parent);
      guint16 slot = (guint16) def->slot;

      if (slots == NULL)
        {
          slots = g_array_new (FALSE, FALSE, sizeof (guint16));
          g_hash_table_insert (self->order, def->parent, slots);
        }
      def->placed = TRUE;
      g_array_append_val (slots, slot);
    }
}

static MereBody *
ensure_body (Reader *self, MereDef *def)
{
  if (def->body == NULL)
    def->body = mere_arena_new0 (self->form->arena, MereBody);
  return def->body;
}

/* References of labels and hints: they make a text change, never a value. */
static MereUnit *
text_unit (Reader *self, MereDef *def)
{
  if (def->units[MERE_UNIT_TEXT] == NULL)
    mere_def_add_unit (self->form, def, MERE_UNIT_TEXT);
  return def->units[MERE_UNIT_TEXT];
}

static void
read_label (Reader *self, const MereXmlNode *element, MereDef *def)
{
  MereBinding binding = { self->form, def, def, text_unit (self, def)->references, self->problems, element->line, def->nodeset, NULL };
  MereBody   *body = ensure_body (self, def);

  for (const MereXmlNode *child = mere_xml_node_first_child (element); child != NULL; child = mere_xml_node_next_element (child))
    {
      if (strcmp (child->name->local, "label") == 0 && body->label == NULL)
        body->label = mere_text_read (&binding, child);
      else if (strcmp (child->name->local, "hint") == 0 && body->hint == NULL)
        body->hint = mere_text_read (&binding, child);
    }
}

static void
read_item (Reader *self, const MereXmlNode *element, MereDef *def, GArray *items)
{
  MereBinding        binding = { self->form, def, def, text_unit (self, def)->references, self->problems, element->line, def->nodeset, NULL };
  const MereXmlNode *value = mere_xml_node_find_child (element, "value");
  const MereXmlNode *label = mere_xml_node_find_child (element, "label");
  MereItem           item = { NULL, NULL };

  if (value == NULL)
    {
      mere_problems_add (self->problems, FALSE, element->line, def->nodeset, NULL, _ ("A choice has no value"));
      return;
    }
  item.value = value->text;
  if (label != NULL)
    item.label = mere_text_read (&binding, label);
  g_array_append_val (items, item);
}

static void
read_items (Reader *self, const MereXmlNode *element, MereDef *def)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (MereItem));

  for (const MereXmlNode *child = mere_xml_node_first_child (element); child != NULL; child = mere_xml_node_next_element (child))
    if (strcmp (child->name->local, "item") == 0)
      read_item (self, child, def, items);
  def->body->n_items = items->len;
  def->body->items = mere_arena_alloc (self->form->arena, MAX (items->len, 1) * sizeof (MereItem));
  if (items->len > 0)
    memcpy (def->body->items, items->data, items->len * sizeof (MereItem));
}

static MereDef *
item_def (const MereExpr *nodes)
{
  if (nodes->kind == MERE_EXPR_PATH)
    return nodes->path->target;
  /* randomize(path, seed) */
  return nodes->kind == MERE_EXPR_CALL && nodes->n_args > 0 ? item_def (nodes->args[0]) : NULL;
}

static void
read_itemset (Reader *self, const MereXmlNode *element, MereDef *def)
{
  MereUnit          *unit = mere_def_add_unit (self->form, def, MERE_UNIT_ITEMSET);
  MereItemset       *itemset = mere_arena_new0 (self->form->arena, MereItemset);
  MereBinding        binding = { self->form, def, def, unit->references, self->problems, element->line, def->nodeset, NULL };
  const MereXmlNode *value = mere_xml_node_find_child (element, "value");
  const MereXmlNode *label = mere_xml_node_find_child (element, "label");
  const char        *nodeset = mere_xml_node_get (element, "nodeset");
  const char        *reference = value != NULL ? mere_xml_node_get (value, "ref") : NULL;

  if (nodeset == NULL)
    nodeset = mere_xml_node_get (element, "ref");
  if (nodeset == NULL || reference == NULL)
    {
      mere_problems_add (self->problems, FALSE, element->line, def->nodeset, NULL, _ ("An itemset has no nodeset or no value"));
      return;
    }
  unit->text = itemset->nodes_text = nodeset;
  unit->line = element->line;
  unit->expr = itemset->nodes = mere_expr_compile (&binding, nodeset);
  if (itemset->nodes == NULL)
    return;
  binding.item = item_def (itemset->nodes);
  itemset->value = mere_expr_compile (&binding, reference);
  itemset->shared = unit->references->len == 0 && !(itemset->nodes->kind == MERE_EXPR_CALL);
  binding.references = text_unit (self, def)->references;
  if (label != NULL)
    itemset->label = mere_text_read (&binding, label);
  if (itemset->value != NULL)
    def->body->itemset = itemset;
  else
    unit->expr = NULL;
}

static void
read_bounds (Reader *self, const MereXmlNode *element, MereDef *def)
{
  const char *start = mere_xml_node_get (element, "start"), *end = mere_xml_node_get (element, "end");

  const char *step = mere_xml_node_get (element, "step");

  def->body->range_start = start != NULL ? mere_digits_to_number (start) : NAN;
  def->body->range_end = end != NULL ? mere_digits_to_number (end) : NAN;
  if (isnan (def->body->range_start) || isnan (def->body->range_end) || step == NULL || isnan (mere_digits_to_number (step)))
    mere_problems_add (self->problems, FALSE, element->line, def->nodeset, NULL, _ ("A range needs numbers as start, end and step"));
}

static void
read_details (Reader *self, const MereXmlNode *element, MereDef *def)
{
  const MereXmlNode *itemset = mere_xml_node_find_child (element, "itemset");

  switch (def->body->control)
    {
    case MERE_FORM_CONTROL_SELECT_ONE:
    case MERE_FORM_CONTROL_SELECT_MANY:
    case MERE_FORM_CONTROL_RANK:
      if (itemset != NULL)
        read_itemset (self, itemset, def);
      else
        read_items (self, element, def);
      return;
    case MERE_FORM_CONTROL_RANGE:
      read_bounds (self, element, def);
      return;
    case MERE_FORM_CONTROL_UPLOAD:
      if (def->bind == NULL || mere_xml_node_get (def->bind, "type") == NULL)
        def->type = MERE_FORM_TYPE_BINARY;
      return;
    default:
      return;
    }
}

/* An input that nobody may change, and that says something, is a note. */
static void
recognise_note (MereDef *def)
{
  const MereUnit *readonly = def->units[MERE_UNIT_READONLY];

  if (def->body->control != MERE_FORM_CONTROL_INPUT || readonly == NULL || readonly->expr == NULL || !mere_xpath_is_constant_true (readonly->expr))
    return;
  def->is_note = def->body->label != NULL || def->body->hint != NULL;
  if (def->is_note && def->type == MERE_FORM_TYPE_STRING && def->units[MERE_UNIT_CALCULATE] == NULL && *def->template->text == '\0')
    def->body->control = MERE_FORM_CONTROL_NOTE;
}

static void
read_control (Reader *self, const MereXmlNode *element, MereFormControl control, MereDef *context)
{
  const char *reference = reference_of (self, element);
  MereDef    *def = reference != NULL ? mere_form_resolve (self->form, context, reference) : NULL;

  if (def == NULL || def->kind == MERE_DEF_ATTRIBUTE)
    {
      mere_problems_add (self->problems, TRUE, element->line, reference, NULL, _ ("<%s> names no node of the primary instance; it is not shown"), element->name->local);
      return;
    }
  if (def->body != NULL && def->body->element != NULL)
    {
      mere_problems_add (self->problems, FALSE, element->line, def->nodeset, NULL, _ ("Two controls of the body name the same node"));
      return;
    }
  if (def->kind != MERE_DEF_LEAF)
    {
      mere_problems_add (self->problems, FALSE, element->line, def->nodeset, NULL, _ ("<%s> names a group"), element->name->local);
      return;
    }
  ensure_body (self, def)->control = control;
  def->body->element = element;
  note_order (self, def);
  read_label (self, element, def);
  read_details (self, element, def);
  recognise_note (def);
  mere_actions_read (self->form, element, def, self->problems);
}

static void
read_count (Reader *self, const MereXmlNode *element, MereDef *def)
{
  const char *count = mere_xml_node_get_ns (element, MERE_NS_JAVAROSA, "count");
  const char *fixed = mere_xml_node_get_ns (element, MERE_NS_JAVAROSA, "noAddRemove");
  MereUnit   *unit;

  if (count != NULL)
    {
      MereBinding binding = { self->form, def, def, NULL, self->problems, element->line, def->nodeset, count };

      unit = mere_def_add_unit (self->form, def, MERE_UNIT_COUNT);
      binding.references = unit->references;
      unit->text = count;
      unit->line = element->line;
      unit->expr = mere_expr_compile (&binding, count);
    }
  else if (fixed != NULL && g_str_has_prefix (fixed + strspn (fixed, " \t\r\n"), "true"))
    def->no_add_remove = TRUE;
}

static void
read_repeat (Reader *self, const MereXmlNode *element, MereDef *context)
{
  const char *reference = reference_of (self, element);
  MereDef    *def = reference != NULL ? mere_form_resolve (self->form, context, reference) : NULL;

  if (def == NULL || def->parent == NULL)
    {
      mere_problems_add (self->problems, FALSE, element->line, reference, NULL, _ ("<repeat> names no node of the primary instance"));
      return;
    }
  if (def->body != NULL && def->body->element != NULL && strcmp (def->body->element->name->local, "group") != 0)
    mere_problems_add (self->problems, FALSE, element->line, def->nodeset, NULL, _ ("Two controls of the body name the same node"));
  ensure_body (self, def)->element = element;
  note_order (self, def);
  read_count (self, element, def);
  read_children (self, element, def);
  mere_actions_read (self->form, element, def, self->problems);
}

/* The group around a repeat of the same node is the repeat's label and appearance. */
static void
read_group (Reader *self, const MereXmlNode *element, MereDef *context)
{
  const char *reference = reference_of (self, element);
  MereDef    *def = reference != NULL ? mere_form_resolve (self->form, context, reference) : NULL;

  if (reference != NULL && def == NULL)
    mere_problems_add (self->problems, TRUE, element->line, reference, NULL, _ ("<group> names no node of the primary instance; it is shown without"));
  if (def != NULL && def->kind != MERE_DEF_ATTRIBUTE)
    {
      if (ensure_body (self, def)->element == NULL)
        def->body->element = element;
      note_order (self, def);
      read_label (self, element, def);
    }
  mere_actions_read (self->form, element, def != NULL ? def : context, self->problems);
  read_children (self, element, def != NULL ? def : context);
}

/* What stands in a group or repeat beside its questions. */
static gboolean
is_part (const MereXmlNode *element)
{
  static const char *const parts[] = { "label", "hint", "help", "setvalue", "setgeopoint", "recordaudio", NULL };

  return g_strv_contains (parts, element->name->local);
}

static void
read_children (Reader *self, const MereXmlNode *element, MereDef *context)
{
  for (const MereXmlNode *child = mere_xml_node_first_child (element); child != NULL; child = mere_xml_node_next_element (child))
    {
      MereFormControl control = control_of (child);

      if (control != MERE_FORM_CONTROL_NONE)
        read_control (self, child, control, context);
      else if (strcmp (child->name->local, "group") == 0)
        read_group (self, child, context);
      else if (strcmp (child->name->local, "repeat") == 0)
        read_repeat (self, child, context);
      else if (!is_part (child))
        mere_problems_add (self->problems, TRUE, child->line, reference_of (self, child), NULL, _ ("<%s> is not known; it is not shown"), child->name->local);
    }
}

/* Children with a place in the body come in its order, the others behind them in the instance's. */
static void
finish_order (Reader *self, MereDef *def)
{
  const GArray *slots = g_hash_table_lookup (self->order, def);
  guint         n = def->n_children - def->n_attributes, at = 0;

  if (n == 0)
    return;
  def->body_order = mere_arena_alloc (self->form->arena, n * sizeof (guint16));
  for (guint i = 0; slots != NULL && i < slots->len; i++)
    def->body_order[at++] = g_array_index (slots, guint16, i);
  for (guint i = 0; i < n; i++)
    if (!def->children[i]->placed)
      def->body_order[at++] = (guint16) i;
}

void
mere_body_read (MereForm *form, const MereXmlNode *body, MereProblems *problems)
{
  Reader reader = { form, problems, g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref) };

  read_children (&reader, body, form->root);
  for (guint i = 0; i < form->defs->len; i++)
    finish_order (&reader, g_ptr_array_index (form->defs, i));
  g_hash_table_unref (reader.order);
}

/* Which nodes are repeats decides what a path means, so it has to be known before any expression is read. */
static void
mark_repeats (MereForm *form, const MereXmlNode *element, MereDef *context)
{
  for (const MereXmlNode *child = mere_xml_node_first_child (element); child != NULL; child = mere_xml_node_next_element (child))
    {
      const char *reference = mere_xml_node_get (child, "ref");
      MereDef    *def;

      if (reference == NULL)
        reference = mere_xml_node_get (child, "nodeset");
      def = reference != NULL ? mere_form_resolve (form, context, reference) : NULL;
      if (def != NULL && def->parent != NULL && def->kind != MERE_DEF_ATTRIBUTE && strcmp (child->name->local, "repeat") == 0)
        {
          def->kind = MERE_DEF_REPEAT;
          def->keep_values = mere_def_is_template (def->template);
        }
      if (strcmp (child->name->local, "repeat") == 0 || strcmp (child->name->local, "group") == 0)
        mark_repeats (form, child, def != NULL ? def : context);
    }
}

void
mere_body_mark_repeats (MereForm *form, const MereXmlNode *body)
{
  mark_repeats (form, body, form->root);
}
