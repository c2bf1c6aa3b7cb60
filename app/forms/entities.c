/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Entities: what the form's submissions make or change on a server. For the engine they are nodes and attributes like
 * others; here it is looked at whether a server would understand them. ODK XForms, sub-specification "Entities". */

#include "config.h"

#include "app/forms/model.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* 2025.1 has entities in repeats. */
#define NEWEST_YEAR 2025
#define NEWEST_COUNT 1

/* A direct child of a meta block. */
static gboolean
is_entity (const MereDef *def)
{
  return def->kind != MERE_DEF_ATTRIBUTE && strcmp (def->name->local, "entity") == 0 && def->parent != NULL &&
         strcmp (def->parent->name->local, "meta") == 0;
}

static gboolean
is_ncname (const char *name)
{
  if (!g_unichar_isalpha (g_utf8_get_char (name)) && *name != '_')
    return FALSE;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!g_unichar_isalnum (c) && c != '_' && c != '-' && c != '.' && !g_unichar_ismark (c))
        return FALSE;
    }
  return TRUE;
}

static void
check_entity (const MereXmlNode *entity, const char *nodeset, MereProblems *problems)
{
  const char *dataset = mere_xml_node_get (entity, "dataset");
  gboolean    creates = mere_xml_node_get (entity, "create") != NULL, updates = mere_xml_node_get (entity, "update") != NULL;

  if (dataset == NULL || !is_ncname (dataset) || strchr (dataset, '.') != NULL || g_str_has_prefix (dataset, "__"))
    mere_problems_add (problems, TRUE, entity->line, nodeset, dataset, _ ("The entity’s dataset is no name that a server takes"));
  if (mere_xml_node_get (entity, "id") == NULL)
    mere_problems_add (problems, TRUE, entity->line, nodeset, NULL, _ ("The entity has no id: a server makes or changes nothing"));
  if (!creates && !updates)
    mere_problems_add (problems, TRUE, entity->line, nodeset, NULL, _ ("The entity says neither create nor update: a server makes or changes nothing"));
  if (creates && mere_xml_node_find_child (entity, "label") == NULL)
    mere_problems_add (problems, TRUE, entity->line, nodeset, NULL, _ ("An entity that is created needs a label"));
  if (updates && mere_xml_node_get (entity, "baseVersion") == NULL)
    mere_problems_add (problems, TRUE, entity->line, nodeset, NULL, _ ("An entity that is updated needs a baseVersion"));
}

static void
check_properties (MereForm *form, MereProblems *problems)
{
  for (guint i = 0; i < form->defs->len; i++)
    {
      const MereDef *def = g_ptr_array_index (form->defs, i);
      const char    *name = def->bind != NULL ? mere_xml_node_get_ns (def->bind, MERE_NS_ENTITIES, "saveto") : NULL;

      if (name == NULL)
        continue;
      if (!is_ncname (name) || g_str_has_prefix (name, "__") || strcmp (name, "name") == 0 || strcmp (name, "label") == 0)
        mere_problems_add (problems, TRUE, def->bind->line, def->nodeset, name, _ ("No property of an entity may be called “%s”"), name);
    }
}

/* "Consumers MUST reject forms with a version code that is newer than what they can process." */
static void
check_version (const MereXmlNode *model, MereProblems *problems)
{
  const char *version = mere_xml_node_get_ns (model, MERE_NS_ENTITIES, "entities-version");
  char       *end;
  long        year, count;

  if (version == NULL)
    return;
  year = strtol (version, &end, 10);
  count = *end == '.' ? strtol (end + 1, NULL, 10) : 0;
  if (year > NEWEST_YEAR || (year == NEWEST_YEAR && count > NEWEST_COUNT))
    mere_problems_add (problems, FALSE, model->line, NULL, version, _ ("The form’s entities are of a specification that is newer than this program"));
}

void
mere_entities_check (MereForm *form, const MereXmlNode *model, MereProblems *problems)
{
  check_version (model, problems);
  for (guint i = 0; i < form->defs->len; i++)
    {
      const MereDef *def = g_ptr_array_index (form->defs, i);

      if (is_entity (def))
        check_entity (def->template, def->nodeset, problems);
    }
  check_properties (form, problems);
}
