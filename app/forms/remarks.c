/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a form asks of its client and does not get here: so that its author knows before it goes into the field. */

#include "config.h"

#include "app/forms/model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
remark (MereProblems *problems, const MereXmlNode *node, const char *bind, const char *expression, const char *message)
{
  mere_problems_add (problems, TRUE, node->line, bind, expression, "%s", message);
}

static void
remark_submission (const MereXmlNode *submission, MereProblems *problems)
{
  if (submission == NULL)
    return;
  if (mere_xml_node_get (submission, "base64RsaPublicKey") != NULL)
    remark (problems, submission, NULL, NULL, _ ("Records are not encrypted to the form’s own key: the vault and the bundles are encrypted, headquarters reads the record"));
  if (mere_xml_node_get (submission, "action") != NULL || mere_xml_node_get_any (submission, "auto-send") != NULL || mere_xml_node_get_any (submission, "auto-delete") != NULL)
    remark (problems, submission, NULL, NULL, _ ("Records travel in bundles: where and when the form wants to be sent is passed over"));
}

static void
remark_actions (const MereXmlNode *parent, MereProblems *problems)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (parent); node != NULL; node = mere_xml_node_next_element (node))
    if (strcmp (node->name->local, "recordaudio") == 0)
      remark (problems, node, mere_xml_node_get (node, "ref"), NULL, _ ("Nothing is recorded in the background; the node stays empty"));
}

static void
remark_appearance (const MereDef *def, MereProblems *problems)
{
  const MereXmlNode *element = def->body != NULL ? def->body->element : NULL;
  const char        *appearance = element != NULL ? mere_xml_node_get (element, "appearance") : NULL;
  gboolean           external = appearance != NULL && (g_str_has_prefix (appearance, "ex:") || strstr (appearance, " ex:") != NULL);

  if (external || (element != NULL && mere_xml_node_get (element, "intent") != NULL))
    remark (problems, element, def->nodeset, NULL, _ ("No other application is asked; the question is answered by hand"));
}

static void
remark_audit (const MereDef *def, MereProblems *problems)
{
  if (def->bind == NULL)
    return;
  if (mere_xml_node_get_ns (def->bind, MERE_NS_ODK, "location-priority") != NULL)
    remark (problems, def->bind, def->nodeset, NULL, _ ("The audit log has no places: the device has no receiver that it could ask"));
  if (mere_xml_node_get_ns (def->bind, MERE_NS_ODK, "track-changes-reasons") != NULL)
    remark (problems, def->bind, def->nodeset, NULL, _ ("Who edits a record is not asked for a reason"));
}

void
mere_remarks_add (MereForm *form, const MereXmlNode *model, MereProblems *problems)
{
  remark_submission (form->submission, problems);
  remark_actions (model, problems);
  for (guint i = 0; i < form->defs->len; i++)
    {
      const MereDef *def = g_ptr_array_index (form->defs, i);

      remark_appearance (def, problems);
      if (def->body != NULL && def->body->element != NULL)
        remark_actions (def->body->element, problems);
    }
  if (form->audit != NULL)
    remark_audit (form->audit, problems);
}
