/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words of an expression. */

#include "config.h"

#include "app/forms/xpath-lex.h"

#include <string.h>

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static gboolean
starts_name (char c)
{
  return g_ascii_isalpha (c) || c == '_' || (guchar) c >= 0x80;
}

static gboolean
continues_name (char c)
{
  return starts_name (c) || g_ascii_isdigit (c) || c == '-' || c == '.';
}

static const char *
skip_space (const char *at)
{
  while (is_space (*at))
    at++;
  return at;
}

static const char *
skip_name (const char *at)
{
  while (continues_name (*at))
    at++;
  return at;
}

/* Whether the token before makes a "*" or a name an operator. */
static gboolean
ends_operand (const GArray *tokens)
{
  if (tokens->len == 0)
    return FALSE;
  switch (g_array_index (tokens, MereToken, tokens->len - 1).kind)
    {
    case MERE_TOKEN_NUMBER:
    case MERE_TOKEN_LITERAL:
    case MERE_TOKEN_NAME:
    case MERE_TOKEN_CLOSE:
    case MERE_TOKEN_CLOSE_BRACKET:
    case MERE_TOKEN_DOT:
    case MERE_TOKEN_DOTS:
    case MERE_TOKEN_VARIABLE:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_word (const char *start, gsize length, const char *word)
{
  return strlen (word) == length && strncmp (start, word, length) == 0;
}

static const char *
lex_number (const char *at, MereToken *token)
{
  const char *end = at;

  while (g_ascii_isdigit (*end))
    end++;
  if (*end == '.')
    end++;
  while (g_ascii_isdigit (*end))
    end++;
  token->kind = MERE_TOKEN_NUMBER;
  token->number = g_ascii_strtod (at, NULL);
  return end;
}

static const char *
lex_literal (const char *at, MereToken *token)
{
  const char *end = strchr (at + 1, *at);

  if (end == NULL)
    {
      token->kind = MERE_TOKEN_ERROR;
      return at;
    }
  token->kind = MERE_TOKEN_LITERAL;
  token->start = at + 1;
  token->length = end - at - 1;
  return end + 1;
}

static gboolean
is_operator_name (const char *start, gsize length)
{
  return is_word (start, length, "and") || is_word (start, length, "or") || is_word (start, length, "mod") || is_word (start, length, "div");
}

static gboolean
is_node_type (const char *start, gsize length)
{
  return is_word (start, length, "node") || is_word (start, length, "text") || is_word (start, length, "comment") ||
         is_word (start, length, "processing-instruction");
}

static const char *
lex_name (const char *at, MereToken *token, gboolean after_operand)
{
  const char *end = skip_name (at);
  const char *next;

  if (after_operand && is_operator_name (at, end - at))
    {
      token->kind = MERE_TOKEN_OPERATOR;
      token->length = end - at;
      return end;
    }
  if (*end == ':' && end[1] == '*')
    end += 2;
  else if (*end == ':' && starts_name (end[1]))
    end = skip_name (end + 1);
  token->length = end - at;
  next = skip_space (end);
  if (next[0] == ':' && next[1] == ':')
    {
      token->kind = MERE_TOKEN_AXIS;
      return next + 2;
    }
  if (*next == '(')
    token->kind = is_node_type (at, end - at) ? MERE_TOKEN_NODE_TYPE : MERE_TOKEN_FUNCTION;
  else
    token->kind = MERE_TOKEN_NAME;
  return end;
}

/* The longer ones first. */
static const struct
{
  const char   *text;
  MereTokenKind kind;
} signs[] = {
  { "//", MERE_TOKEN_DOUBLE_SLASH },
  { "/", MERE_TOKEN_SLASH },
  { "..", MERE_TOKEN_DOTS },
  { ".", MERE_TOKEN_DOT },
  { "!=", MERE_TOKEN_OPERATOR },
  { "<=", MERE_TOKEN_OPERATOR },
  { ">=", MERE_TOKEN_OPERATOR },
  { "=", MERE_TOKEN_OPERATOR },
  { "<", MERE_TOKEN_OPERATOR },
  { ">", MERE_TOKEN_OPERATOR },
  { "+", MERE_TOKEN_OPERATOR },
  { "-", MERE_TOKEN_OPERATOR },
  { "|", MERE_TOKEN_OPERATOR },
  { "(", MERE_TOKEN_OPEN },
  { ")", MERE_TOKEN_CLOSE },
  { "[", MERE_TOKEN_OPEN_BRACKET },
  { "]", MERE_TOKEN_CLOSE_BRACKET },
  { ",", MERE_TOKEN_COMMA },
  { "@", MERE_TOKEN_AT },
};

static const char *
lex_sign (const char *at, MereToken *token)
{
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    {
      gsize length = strlen (signs[i].text);

      if (strncmp (at, signs[i].text, length) == 0)
        {
          token->kind = signs[i].kind;
          token->length = length;
          return at + length;
        }
    }
  token->kind = MERE_TOKEN_ERROR;
  return at;
}

static const char *
lex_star (const char *at, MereToken *token, gboolean after_operand)
{
  token->kind = after_operand ? MERE_TOKEN_OPERATOR : MERE_TOKEN_NAME;
  token->length = 1;
  return at + 1;
}

static const char *
lex_variable (const char *at, MereToken *token)
{
  const char *end = skip_name (at + 1);

  token->kind = end > at + 1 ? MERE_TOKEN_VARIABLE : MERE_TOKEN_ERROR;
  token->length = end - at;
  return end;
}

static const char *
lex_one (const char *at, MereToken *token, gboolean after_operand)
{
  if (*at == '\0')
    {
      token->kind = MERE_TOKEN_END;
      return at;
    }
  if (g_ascii_isdigit (*at) || (*at == '.' && g_ascii_isdigit (at[1])))
    return lex_number (at, token);
  if (*at == '\'' || *at == '"')
    return lex_literal (at, token);
  if (*at == '*')
    return lex_star (at, token, after_operand);
  if (*at == '$')
    return lex_variable (at, token);
  if (starts_name (*at))
    return lex_name (at, token, after_operand);
  return lex_sign (at, token);
}

GArray *
mere_xpath_tokenize (const char *text)
{
  GArray     *tokens = g_array_new (FALSE, TRUE, sizeof (MereToken));
  const char *at = text;
  MereToken   token;

  do
    {
      at = skip_space (at);
      token = (MereToken){ .start = at, .offset = at - text };
      at = lex_one (at, &token, ends_operand (tokens));
      g_array_append_val (tokens, token);
    }
  while (token.kind != MERE_TOKEN_END && token.kind != MERE_TOKEN_ERROR);
  return tokens;
}
