/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading labels, hints and messages: literal text, references, and entries of the itext in each language. */

#include "config.h"

#include "app/forms/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_output (const MereXmlNode *node)
{
  return node->name != NULL && strcmp (node->name->local, "output") == 0;
}

static const char *
output_expression (const MereXmlNode *output)
{
  const char *value = mere_xml_node_get (output, "value");

  return value != NULL ? value : mere_xml_node_get (output, "ref");
}

static void
add_chunk (GArray *chunks, const char *literal, MereExpr *expr)
{
  MereChunk chunk = { literal, expr };

  g_array_append_val (chunks, chunk);
}

static MereChunks
keep_chunks (MereForm *form, GArray *list)
{
  MereChunks chunks = { mere_arena_alloc (form->arena, MAX (list->len, 1) * sizeof (MereChunk)), list->len };

  if (list->len > 0)
    memcpy (chunks.chunks, list->data, list->len * sizeof (MereChunk));
  return chunks;
}

MereChunks
mere_text_read_chunks (MereBinding *binding, const MereXmlNode *element)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (MereChunk));

  if (element->first == NULL)
    add_chunk (list, element->text, NULL);
  for (const MereXmlNode *node = element->first; node != NULL; node = node->next)
    {
      const char *text;
      MereExpr   *expr;

      if (node->name == NULL)
        {
          add_chunk (list, node->text, NULL);
          continue;
        }
      text = is_output (node) ? output_expression (node) : NULL;
      binding->line = node->line;
      expr = text != NULL ? mere_expr_compile (binding, text) : NULL;
      if (expr != NULL)
        add_chunk (list, NULL, expr);
    }
  return keep_chunks (binding->form, list);
}

static MereText *
new_text (MereForm *form, MereTextKind kind)
{
  MereText *text = mere_arena_new0 (form->arena, MereText);

  text->kind = kind;
  return text;
}

static MereText *
read_entry (MereBinding *binding, const char *id)
{
  MereForm *form = binding->form;
  MereText *text = new_text (form, MERE_TEXT_ITEXT);
  int       line = binding->line;

  text->id = id;
  text->languages = mere_arena_alloc (form->arena, MAX (form->n_languages, 1) * sizeof (MereChunks));
  if (!mere_itext_has (form, id))
    mere_problems_add (binding->problems, TRUE, line, binding->bind, binding->text, _ ("The itext has no text “%s”"), id);
  for (guint i = 0; i < form->n_languages; i++)
    {
      const MereXmlNode *value = mere_itext_find (form, i, id, MERE_TEXT_FORM_TEXT);

      if (value != NULL)
        text->languages[i] = mere_text_read_chunks (binding, value);
      if (text->languages[i].n > 1 || (text->languages[i].n == 1 && text->languages[i].chunks[0].expr != NULL))
        text->varies = TRUE;
    }
  binding->line = line;
  return text;
}

/* jr:itext('…') with a literal, which nearly all are. */
static char *
literal_id (const char *reference)
{
  gsize       length;
  const char *at = reference;

  while (g_ascii_isspace (*at))
    at++;
  if (!g_str_has_prefix (at, "jr:itext('") && !g_str_has_prefix (at, "jr:itext(\""))
    return NULL;
  at += strlen ("jr:itext('");
  length = strcspn (at, "'\"");
  if (at[length] == '\0' || at[length + 1] != ')')
    return NULL;
  return g_strndup (at, length);
}

static MereText *
read_reference (MereBinding *binding, const char *reference)
{
  g_autofree char *id = literal_id (reference);
  MereText        *text;
  MereExpr        *expr;
  MereChunk       *chunk;

  binding->text = reference;
  if (id != NULL)
    return read_entry (binding, mere_arena_strdup (binding->form->arena, id));
  expr = mere_expr_compile (binding, reference);
  if (expr == NULL)
    return NULL;
  if (expr->kind == MERE_EXPR_CALL && expr->n_args == 1 && strcmp (expr->string, "jr:itext") == 0)
    {
      text = new_text (binding->form, MERE_TEXT_DYNAMIC);
      text->id_expr = expr->args[0];
      text->varies = TRUE;
      binding->form->has_dynamic_texts = TRUE;
      return text;
    }
  text = new_text (binding->form, MERE_TEXT_PLAIN);
  text->languages = mere_arena_new0 (binding->form->arena, MereChunks);
  chunk = mere_arena_new0 (binding->form->arena, MereChunk);
  chunk->expr = expr;
  *text->languages = (MereChunks){ chunk, 1 };
  text->varies = TRUE;
  return text;
}

MereText *
mere_text_read (MereBinding *binding, const MereXmlNode *element)
{
  const char *reference = mere_xml_node_get (element, "ref");
  MereText   *text;

  binding->line = element->line;
  if (reference != NULL && *reference != '\0')
    return read_reference (binding, reference);
  text = new_text (binding->form, MERE_TEXT_PLAIN);
  text->languages = mere_arena_new0 (binding->form->arena, MereChunks);
  *text->languages = mere_text_read_chunks (binding, element);
  text->varies = element->first != NULL;
  return text;
}

/* A message is plain text or jr:itext('…'). */
MereText *
mere_text_read_message (MereForm *form, MereDef *def, const char *message, int line, MereProblems *problems)
{
  g_autoptr (GArray) references = g_array_new (FALSE, FALSE, sizeof (MereReference));
  MereBinding binding = { form, def, def, references, problems, line, def->nodeset, message };
  MereText   *text;
  MereChunk  *chunk;

  while (g_ascii_isspace (*message))
    message++;
  if (g_str_has_prefix (message, "jr:itext("))
    return read_reference (&binding, message);
  text = new_text (form, MERE_TEXT_PLAIN);
  text->languages = mere_arena_new0 (form->arena, MereChunks);
  chunk = mere_arena_new0 (form->arena, MereChunk);
  chunk->literal = message;
  *text->languages = (MereChunks){ chunk, 1 };
  return text;
}
