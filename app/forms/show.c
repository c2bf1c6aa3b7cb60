/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Texts as they stand now: in the session's language, with their outputs filled in. */

#include "config.h"

#include "app/forms/instance.h"
#include "app/forms/bounds.h"
#include "app/forms/text.h"

#include <string.h>

static char *
show_chunks (const MereChunks *chunks, MereFormNode *node, MereAny item)
{
  GString *out;

  if (chunks->n == 1 && chunks->chunks[0].literal != NULL)
    return g_strdup (chunks->chunks[0].literal);
  out = g_string_new (NULL);
  for (guint i = 0; i < chunks->n && out->len < MERE_LIMIT_RESULT_BYTES; i++)
    {
      g_autofree char *owned = NULL;
      MereEvaluation   evaluation;

      if (chunks->chunks[i].literal != NULL)
        {
          g_string_append (out, chunks->chunks[i].literal);
          continue;
        }
      mere_evaluation_init (&evaluation, node->session, node);
      evaluation.item = item;
      g_string_append (out, mere_evaluate_borrow (&evaluation, chunks->chunks[i].expr, &owned));
    }
  return g_string_free (out, FALSE);
}

char *
mere_itext_show (MereFormSession *session, MereFormNode *node, const char *id)
{
  const MereChunks  *chunks = mere_itext_get_chunks (session->form, session->language, id);
  const MereXmlNode *value;

  /* their outputs are bound to the root */
  if (chunks != NULL)
    return show_chunks (chunks, session->root, MERE_ANY_FROM_NODE (session->root));
  value = mere_itext_find (session->form, session->language, id, MERE_TEXT_FORM_TEXT);
  return value != NULL ? mere_xml_node_dup_text (value) : g_strdup ("");
}

static char *
dynamic_id (const MereText *text, MereFormNode *node, MereAny item)
{
  MereEvaluation evaluation;

  mere_evaluation_init (&evaluation, node->session, node);
  evaluation.item = item;
  return mere_evaluate_string (&evaluation, text->id_expr);
}

char *
mere_text_show (const MereText *text, MereFormNode *node, MereAny item)
{
  g_autofree char *id = NULL;

  switch (text->kind)
    {
    case MERE_TEXT_PLAIN:
      return show_chunks (&text->languages[0], node, item);
    case MERE_TEXT_ITEXT:
      return node->session->form->n_languages > 0 ? show_chunks (&text->languages[node->session->language], node, item) : g_strdup ("");
    case MERE_TEXT_DYNAMIC:
    default:
      id = dynamic_id (text, node, item);
      return mere_itext_show (node->session, node, id);
    }
}

/* Another form of an itext entry: guidance, or the name of a file. NULL where there is none. */
char *
mere_text_show_form (const MereText *text, MereFormNode *node, MereAny item, guint kind)
{
  g_autofree char   *owned = NULL;
  const char        *id = text->id;
  const MereXmlNode *value;

  if (text->kind == MERE_TEXT_PLAIN)
    return NULL;
  if (text->kind == MERE_TEXT_DYNAMIC)
    id = owned = dynamic_id (text, node, item);
  value = mere_itext_find (node->session->form, node->session->language, id, kind);
  return value != NULL ? mere_xml_node_dup_text (value) : NULL;
}

void
mere_node_texts_free (MereNodeTexts *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < MERE_N_NODE_TEXTS; i++)
    g_free (self->texts[i]);
  g_free (self);
}

static const char *
find_choice_label (MereFormNode *node, const char *value)
{
  for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
    {
      MereFormChoice choice = mere_form_node_get_choice (node, i);

      if (g_strcmp0 (choice.value, value) == 0 && choice.label != NULL)
        return choice.label;
    }
  return value;
}

char *
mere_form_node_dup_answer (MereFormNode *node)
{
  const char *value = mere_form_node_get_value (node);
  g_auto (GStrv) values = NULL;
  GString *words;

  if (mere_form_node_get_n_choices (node) == 0)
    return g_strdup (value);
  values = g_strsplit (value, " ", -1);
  words = g_string_new (NULL);
  for (guint i = 0; values[i] != NULL; i++)
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "", find_choice_label (node, values[i]));
  return g_string_free (words, FALSE);
}
