/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-appearance.h"

#include <string.h>

gboolean
mere_question_has_appearance (MereFormNode *node,
                              const char   *word,
                              const char  **rest)
{
  const char *at = mere_form_node_get_appearance (node);
  gsize       length = strlen (word);

  while (*at != '\0')
    {
      gsize here = strcspn (at, " \t\n");

      if (here >= length && strncmp (at, word, length) == 0 && (here == length || (rest != NULL && at[length] == '-')))
        {
          if (rest != NULL)
            *rest = at + length;
          return TRUE;
        }
      at += here;
      at += strspn (at, " \t\n");
    }

  return FALSE;
}

double
mere_question_get_number (MereFormNode *node,
                          const char   *attribute,
                          double        otherwise)
{
  const char *text = mere_form_node_get_body_attribute (node, attribute);
  char       *end;
  double      number;

  if (text == NULL || *text == '\0')
    return otherwise;

  number = g_ascii_strtod (text, &end);

  return *end == '\0' ? number : otherwise;
}

gboolean
mere_question_is_in_table (MereFormNode *node)
{
  MereFormNode *group = mere_form_node_get_parent (node);

  return mere_question_has_appearance (node, "list", NULL) || mere_question_has_appearance (node, "label", NULL) || mere_question_has_appearance (node, "list-nolabel", NULL) ||
         (group != NULL && mere_question_has_appearance (group, "table-list", NULL));
}

gboolean
mere_question_is_caption (MereFormNode *node)
{
  MereFormControl control;

  if (!mere_question_has_appearance (node, "label", NULL) || mere_form_node_is_required (node))
    return FALSE;

  control = mere_form_node_get_control (node);

  return control == MERE_FORM_CONTROL_SELECT_ONE || control == MERE_FORM_CONTROL_SELECT_MANY;
}
