/* SPDX-License-Identifier: GPL-3.0-or-later */

/* <bind>: types and expressions of nodes. ODK XForms, section "Bindings". */

#include "config.h"

#include "app/forms/model.h"
#include "app/forms/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char  *name;
  MereFormType type;
} types[] = {
  { "string", MERE_FORM_TYPE_STRING },
  { "int", MERE_FORM_TYPE_INT },
  { "integer", MERE_FORM_TYPE_INT },
  { "decimal", MERE_FORM_TYPE_DECIMAL },
  { "boolean", MERE_FORM_TYPE_BOOLEAN },
  { "date", MERE_FORM_TYPE_DATE },
  { "time", MERE_FORM_TYPE_TIME },
  { "dateTime", MERE_FORM_TYPE_DATETIME },
  { "geopoint", MERE_FORM_TYPE_GEOPOINT },
  { "geotrace", MERE_FORM_TYPE_GEOTRACE },
  { "geoshape", MERE_FORM_TYPE_GEOSHAPE },
  { "binary", MERE_FORM_TYPE_BINARY },
  { "barcode", MERE_FORM_TYPE_BARCODE },
  { "intent", MERE_FORM_TYPE_INTENT },
  { "select1", MERE_FORM_TYPE_STRING },
  { "select", MERE_FORM_TYPE_STRING },
  { "rank", MERE_FORM_TYPE_STRING },
  { "odk:rank", MERE_FORM_TYPE_STRING },
};

static MereFormType
read_type (const MereDef *def, MereProblems *problems)
{
  const char *type = mere_xml_node_get (def->bind, "type");
  const char *colon = type != NULL ? strrchr (type, ':') : NULL;
  const char *name = colon != NULL ? colon + 1 : type;

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].name, name) == 0)
      return types[i].type;
  if (name != NULL && *name != '\0')
    mere_problems_add (problems, TRUE, def->bind->line, def->nodeset, type, _ ("The type “%s” is not known; the node holds text"), type);
  return MERE_FORM_TYPE_STRING;
}

static const struct
{
  const char  *attribute;
  MereUnitKind kind;
} expressions[] = {
  { "relevant", MERE_UNIT_RELEVANT },
  { "calculate", MERE_UNIT_CALCULATE },
  { "readonly", MERE_UNIT_READONLY },
  { "required", MERE_UNIT_REQUIRED },
  { "constraint", MERE_UNIT_CONSTRAINT },
};

static void
read_expression (MereForm *form, MereDef *def, MereUnitKind kind, const char *text, MereProblems *problems)
{
  MereUnit   *unit = mere_def_add_unit (form, def, kind);
  MereBinding binding = { form, def, def, unit->references, problems, def->bind->line, def->nodeset, text };

  unit->text = text;
  unit->line = def->bind->line;
  unit->expr = mere_expr_compile (&binding, text);
}

static const struct
{
  const char *name;
  const char *params;
  MerePreload preload;
} preloads[] = {
  { "uid", NULL, MERE_PRELOAD_UID },
  { "date", NULL, MERE_PRELOAD_DATE },
  { "timestamp", "end", MERE_PRELOAD_END },
  { "timestamp", NULL, MERE_PRELOAD_START },
  { "property", NULL, MERE_PRELOAD_PROPERTY },
};

static void
read_preload (MereDef *def, MereProblems *problems)
{
  const char *name = mere_xml_node_get_ns (def->bind, MERE_NS_JAVAROSA, "preload");
  const char *params = mere_xml_node_get_ns (def->bind, MERE_NS_JAVAROSA, "preloadParams");

  if (name == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (preloads); i++)
    if (strcmp (preloads[i].name, name) == 0 && (preloads[i].params == NULL || g_strcmp0 (preloads[i].params, params) == 0))
      {
        def->preload = preloads[i].preload;
        def->preload_property = params;
        return;
      }
  mere_problems_add (problems, TRUE, def->bind->line, def->nodeset, NULL, _ ("The preload “%s” is not known; the node stays as it is"), name);
}

static MereText *
read_message (MereForm *form, MereDef *def, const char *attribute, MereProblems *problems)
{
  const char *message = mere_xml_node_get_ns (def->bind, MERE_NS_JAVAROSA, attribute);

  return message != NULL ? mere_text_read_message (form, def, message, def->bind->line, problems) : NULL;
}

static void
read_bind (MereForm *form, MereDef *def, const MereXmlNode *node, MereProblems *problems)
{
  def->bind = node;
  def->type = read_type (def, problems);
  for (guint i = 0; i < G_N_ELEMENTS (expressions); i++)
    {
      const char *text = mere_xml_node_get (node, expressions[i].attribute);

      if (text != NULL && expressions[i].kind == MERE_UNIT_CALCULATE && def->kind != MERE_DEF_LEAF && def->kind != MERE_DEF_ATTRIBUTE)
        mere_problems_add (problems, TRUE, node->line, def->nodeset, text, _ ("A group has no value that could be calculated"));
      else if (text != NULL)
        read_expression (form, def, expressions[i].kind, text, problems);
    }
  read_preload (def, problems);
  def->constraint_message = read_message (form, def, "constraintMsg", problems);
  def->required_message = read_message (form, def, "requiredMsg", problems);
}

static MereDef *
find_def (MereForm *form, const MereXmlNode *node, MereProblems *problems)
{
  const char *nodeset = mere_xml_node_get (node, "nodeset");
  MereDef    *def;

  if (nodeset == NULL)
    nodeset = mere_xml_node_get (node, "ref");
  def = nodeset != NULL ? mere_form_resolve (form, form->root, nodeset) : NULL;
  if (problems == NULL)
    return def;
  if (nodeset == NULL)
    mere_problems_add (problems, TRUE, node->line, NULL, NULL, _ ("A bind has no nodeset"));
  else if (def == NULL)
    mere_problems_add (problems, TRUE, node->line, nodeset, NULL, _ ("The bind’s nodeset names no node of the primary instance"));
  else if (def->bind != NULL)
    mere_problems_add (problems, TRUE, node->line, nodeset, NULL, _ ("The node is bound twice; only the last bind counts"));
  return def;
}

static gboolean
is_bind (const MereXmlNode *node)
{
  return strcmp (node->name->local, "bind") == 0;
}

/* First who is bound by whom, so that of two binds the last one counts, as in ODK's clients. */
void
mere_binds_read (MereForm *form, const MereXmlNode *model, MereProblems *problems)
{
  const MereXmlNode *node;

  for (node = mere_xml_node_first_child (model); node != NULL; node = mere_xml_node_next_element (node))
    {
      MereDef *def = is_bind (node) ? find_def (form, node, problems) : NULL;

      if (def != NULL)
        def->bind = node;
    }
  for (node = mere_xml_node_first_child (model); node != NULL; node = mere_xml_node_next_element (node))
    {
      MereDef *def = is_bind (node) ? find_def (form, node, NULL) : NULL;

      if (def != NULL && def->bind == node)
        read_bind (form, def, node, problems);
    }
}
