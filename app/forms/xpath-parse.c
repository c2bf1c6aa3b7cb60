/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From words to a tree, by precedence climbing: the depth of our own stack is the nesting of brackets, which is
 * bounded; chains of operators grow the tree's height instead, which is bounded too. */

#include "config.h"

#include "app/forms/xpath.h"
#include "app/forms/xpath-lex.h"
#include "app/forms/bounds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  MereArena      *arena;
  GArray         *namespaces;
  GArray         *tokens;
  guint           at;
  guint           nesting;
  MereXPathError *error;
} Parser;

static MereExpr *parse_expression (Parser *self, int minimum);
static MereExpr *parse_path (Parser *self);

static const MereToken *
peek (const Parser *self)
{
  return &g_array_index (self->tokens, MereToken, self->at);
}

static void
advance (Parser *self)
{
  if (self->at + 1 < self->tokens->len)
    self->at++;
}

static gpointer
fail (Parser *self, const char *message)
{
  if (self->error->message == NULL)
    {
      self->error->message = message;
      self->error->offset = peek (self)->offset;
    }
  return NULL;
}

static gboolean
accept (Parser *self, MereTokenKind kind)
{
  if (peek (self)->kind != kind)
    return FALSE;
  advance (self);
  return TRUE;
}

static gboolean
is_operator (const Parser *self, const char *text)
{
  const MereToken *token = peek (self);

  return token->kind == MERE_TOKEN_OPERATOR && strlen (text) == token->length && strncmp (token->start, text, token->length) == 0;
}

static MereExpr *
new_expr (Parser *self, MereExprKind kind, guint n_args, MereExpr **args)
{
  MereExpr *expr = mere_arena_new0 (self->arena, MereExpr);

  expr->kind = kind;
  expr->n_args = n_args;
  expr->args = n_args > 0 ? mere_arena_alloc (self->arena, n_args * sizeof (MereExpr *)) : NULL;
  for (guint i = 0; i < n_args; i++)
    {
      expr->args[i] = args[i];
      expr->height = MAX (expr->height, args[i]->height + 1);
    }
  if (expr->height > MERE_LIMIT_EXPRESSION_HEIGHT)
    return fail (self, _ ("the expression is too long"));
  return expr;
}

static const struct
{
  const char *prefix;
  const char *uri;
} customary[] = {
  { "jr", MERE_NS_JAVAROSA },
  { "orx", MERE_NS_OPENROSA },
  { "odk", MERE_NS_ODK },
  { "h", MERE_NS_XHTML },
  { "xf", MERE_NS_XFORMS },
  { "entities", MERE_NS_ENTITIES },
  { "enk", MERE_NS_ENKETO },
  { "xml", MERE_NS_XML },
};

const char *
mere_xpath_resolve_prefix (GArray *namespaces, const char *prefix, gsize length)
{
  for (guint i = 0; namespaces != NULL && i < namespaces->len; i++)
    {
      const MereXmlNamespace *known = &g_array_index (namespaces, MereXmlNamespace, i);

      if (strlen (known->prefix) == length && strncmp (known->prefix, prefix, length) == 0)
        return known->uri;
    }
  for (guint i = 0; i < G_N_ELEMENTS (customary); i++)
    if (strlen (customary[i].prefix) == length && strncmp (customary[i].prefix, prefix, length) == 0)
      return customary[i].uri;
  return NULL;
}

/* A name as the tree's test: NULL is "*". */
static const char *
name_test (Parser *self, const MereToken *token)
{
  const char      *colon = memchr (token->start, ':', token->length);
  const char      *uri;
  g_autofree char *local = NULL;

  if (token->length == 1 && *token->start == '*')
    return NULL;
  if (colon == NULL)
    return mere_arena_internn (self->arena, token->start, token->length);
  uri = mere_xpath_resolve_prefix (self->namespaces, token->start, colon - token->start);
  if (uri == NULL)
    return fail (self, _ ("a prefix is not declared"));
  local = g_strndup (colon + 1, token->length - (colon + 1 - token->start));
  return mere_xml_name_test (self->arena, uri, local);
}

static gboolean
parse_predicates (Parser *self, MerePredicate **predicates, guint *n)
{
  g_autoptr (GArray) list = g_array_new (FALSE, TRUE, sizeof (MerePredicate));

  while (accept (self, MERE_TOKEN_OPEN_BRACKET))
    {
      MerePredicate predicate = { .expr = parse_expression (self, 0) };

      if (predicate.expr == NULL)
        return FALSE;
      if (!accept (self, MERE_TOKEN_CLOSE_BRACKET))
        return fail (self, _ ("“]” is missing")) != NULL;
      g_array_append_val (list, predicate);
    }
  *n = list->len;
  *predicates = list->len > 0 ? mere_arena_alloc (self->arena, list->len * sizeof (MerePredicate)) : NULL;
  if (list->len > 0)
    memcpy (*predicates, list->data, list->len * sizeof (MerePredicate));
  return TRUE;
}

static const struct
{
  const char *name;
  MereAxis    axis;
} axes[] = {
  { "child", MERE_AXIS_CHILD },
  { "parent", MERE_AXIS_PARENT },
  { "self", MERE_AXIS_SELF },
  { "attribute", MERE_AXIS_ATTRIBUTE },
  { "descendant-or-self", MERE_AXIS_DESCENDANT_OR_SELF },
  { "descendant", MERE_AXIS_DESCENDANT },
  { "ancestor", MERE_AXIS_ANCESTOR },
  { "ancestor-or-self", MERE_AXIS_ANCESTOR_OR_SELF },
  { "preceding-sibling", MERE_AXIS_PRECEDING_SIBLING },
  { "following-sibling", MERE_AXIS_FOLLOWING_SIBLING },
};

static gboolean
parse_axis (Parser *self, MereStep *step)
{
  const MereToken *token = peek (self);

  for (guint i = 0; i < G_N_ELEMENTS (axes); i++)
    if (strlen (axes[i].name) == token->length && strncmp (axes[i].name, token->start, token->length) == 0)
      {
        step->axis = axes[i].axis;
        advance (self);
        return TRUE;
      }
  return fail (self, _ ("this axis is not supported")) != NULL;
}

static gboolean
parse_node_test (Parser *self, MereStep *step)
{
  const MereToken *token = peek (self);

  if (token->kind == MERE_TOKEN_NODE_TYPE && token->length == 4 && strncmp (token->start, "node", 4) == 0)
    {
      advance (self);
      if (!accept (self, MERE_TOKEN_OPEN) || !accept (self, MERE_TOKEN_CLOSE))
        return fail (self, _ ("“)” is missing")) != NULL;
      step->test = "";
      return TRUE;
    }
  if (token->kind != MERE_TOKEN_NAME)
    return fail (self, token->kind == MERE_TOKEN_END ? _ ("the expression ends too early") : _ ("a name is expected")) != NULL;
  step->test = name_test (self, token);
  advance (self);
  return self->error->message == NULL;
}

static gboolean
parse_step (Parser *self, MereStep *step)
{
  *step = (MereStep){ .axis = MERE_AXIS_CHILD };
  if (accept (self, MERE_TOKEN_DOT))
    *step = (MereStep){ .axis = MERE_AXIS_SELF, .test = "" };
  else if (accept (self, MERE_TOKEN_DOTS))
    *step = (MereStep){ .axis = MERE_AXIS_PARENT, .test = "" };
  else
    {
      if (accept (self, MERE_TOKEN_AT))
        step->axis = MERE_AXIS_ATTRIBUTE;
      else if (peek (self)->kind == MERE_TOKEN_AXIS && !parse_axis (self, step))
        return FALSE;
      if (!parse_node_test (self, step))
        return FALSE;
    }
  return parse_predicates (self, &step->predicates, &step->n_predicates);
}

static gboolean
starts_step (const Parser *self)
{
  switch (peek (self)->kind)
    {
    case MERE_TOKEN_NAME:
    case MERE_TOKEN_NODE_TYPE:
    case MERE_TOKEN_AXIS:
    case MERE_TOKEN_AT:
    case MERE_TOKEN_DOT:
    case MERE_TOKEN_DOTS:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
add_descent (GArray *steps)
{
  MereStep step = { .axis = MERE_AXIS_DESCENDANT_OR_SELF, .test = "" };

  g_array_append_val (steps, step);
}

/* What follows the start of a path: "/a/b", "//a" or, with @expects_step, "a/b". */
static gboolean
parse_steps (Parser *self, GArray *steps, gboolean expects_step)
{
  for (;;)
    {
      MereStep step;

      if (expects_step)
        {
          if (!parse_step (self, &step))
            return FALSE;
          g_array_append_val (steps, step);
        }
      if (accept (self, MERE_TOKEN_DOUBLE_SLASH))
        add_descent (steps);
      else if (!accept (self, MERE_TOKEN_SLASH))
        return TRUE;
      expects_step = TRUE;
    }
}

static guint
predicates_height (const MerePredicate *predicates, guint n)
{
  guint height = 0;

  for (guint i = 0; i < n; i++)
    height = MAX (height, predicates[i].expr->height);
  return height;
}

static guint
path_height (const MerePath *path)
{
  guint height = predicates_height (path->filter_predicates, path->n_filter_predicates);

  if (path->filter != NULL)
    height = MAX (height, path->filter->height);
  for (guint i = 0; i < path->n_steps; i++)
    height = MAX (height, predicates_height (path->steps[i].predicates, path->steps[i].n_predicates));
  return height;
}

static MereExpr *
finish_path (Parser *self, MerePath *path, GArray *steps)
{
  MereExpr *expr = new_expr (self, MERE_EXPR_PATH, 0, NULL);

  if (expr == NULL)
    return NULL;
  path->n_steps = steps->len;
  path->steps = steps->len > 0 ? mere_arena_alloc (self->arena, steps->len * sizeof (MereStep)) : NULL;
  if (steps->len > 0)
    memcpy (path->steps, steps->data, steps->len * sizeof (MereStep));
  expr->path = path;
  expr->height = path_height (path) + 1;
  return expr->height > MERE_LIMIT_EXPRESSION_HEIGHT ? fail (self, _ ("the expression is too long")) : expr;
}

static MereExpr *
parse_call (Parser *self)
{
  const MereToken *token = peek (self);
  g_autoptr (GPtrArray) args = g_ptr_array_new ();
  MereExpr *expr;

  advance (self);
  advance (self); /* the lexer saw "(" */
  if (!accept (self, MERE_TOKEN_CLOSE))
    {
      do
        {
          MereExpr *arg = parse_expression (self, 0);

          if (arg == NULL)
            return NULL;
          g_ptr_array_add (args, arg);
        }
      while (accept (self, MERE_TOKEN_COMMA));
      if (!accept (self, MERE_TOKEN_CLOSE))
        return fail (self, _ ("“)” is missing"));
    }
  expr = new_expr (self, MERE_EXPR_CALL, args->len, (MereExpr **) args->pdata);
  if (expr != NULL)
    expr->string = mere_arena_internn (self->arena, token->start, token->length);
  return expr;
}

static MereExpr *
parse_primary (Parser *self)
{
  const MereToken *token = peek (self);
  MereExpr        *expr;

  switch (token->kind)
    {
    case MERE_TOKEN_NUMBER:
      expr = new_expr (self, MERE_EXPR_NUMBER, 0, NULL);
      expr->number = token->number;
      advance (self);
      return expr;
    case MERE_TOKEN_LITERAL:
      expr = new_expr (self, MERE_EXPR_STRING, 0, NULL);
      expr->string = mere_arena_strndup (self->arena, token->start, token->length);
      advance (self);
      return expr;
    case MERE_TOKEN_VARIABLE:
      expr = new_expr (self, MERE_EXPR_QUERY, 0, NULL);
      advance (self);
      return expr;
    case MERE_TOKEN_OPEN:
      advance (self);
      expr = parse_expression (self, 0);
      if (expr != NULL && !accept (self, MERE_TOKEN_CLOSE))
        return fail (self, _ ("“)” is missing"));
      return expr;
    case MERE_TOKEN_FUNCTION:
      return parse_call (self);
    default:
      return fail (self, _ ("a value, a function or a path is expected"));
    }
}

/* current() and instance() are where a path starts, not values that are worked out first. */
static void
set_start (MerePath *path, MereExpr *primary)
{
  path->filter = primary;
  if (mere_xpath_is_call (primary, "current", 0))
    path->start = MERE_PATH_CURRENT;
  else if (mere_xpath_is_call (primary, "instance", 1))
    path->start = MERE_PATH_INSTANCE;
  else
    path->start = MERE_PATH_FILTER;
}

static MereExpr *
parse_filter_path (Parser *self)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, TRUE, sizeof (MereStep));
  MereExpr *primary = parse_primary (self);
  MerePath *path;

  if (primary == NULL)
    return NULL;
  if (peek (self)->kind != MERE_TOKEN_OPEN_BRACKET && peek (self)->kind != MERE_TOKEN_SLASH && peek (self)->kind != MERE_TOKEN_DOUBLE_SLASH &&
      !mere_xpath_is_call (primary, "current", 0) && !mere_xpath_is_call (primary, "instance", 1))
    return primary;
  path = mere_arena_new0 (self->arena, MerePath);
  set_start (path, primary);
  if (!parse_predicates (self, &path->filter_predicates, &path->n_filter_predicates) || !parse_steps (self, steps, FALSE))
    return NULL;
  return finish_path (self, path, steps);
}

static MereExpr *
parse_location_path (Parser *self)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, TRUE, sizeof (MereStep));
  MerePath *path = mere_arena_new0 (self->arena, MerePath);

  path->start = MERE_PATH_CONTEXT;
  if (accept (self, MERE_TOKEN_SLASH))
    {
      path->start = MERE_PATH_ROOT;
      if (!starts_step (self))
        return finish_path (self, path, steps);
    }
  else if (accept (self, MERE_TOKEN_DOUBLE_SLASH))
    {
      path->start = MERE_PATH_ROOT;
      add_descent (steps);
    }
  if (!parse_steps (self, steps, TRUE))
    return NULL;
  return finish_path (self, path, steps);
}

static MereExpr *
parse_path (Parser *self)
{
  if (peek (self)->kind == MERE_TOKEN_SLASH || peek (self)->kind == MERE_TOKEN_DOUBLE_SLASH || starts_step (self))
    return parse_location_path (self);
  return parse_filter_path (self);
}

static MereExpr *
parse_unary (Parser *self)
{
  gboolean  signed_once = FALSE, negative = FALSE;
  MereExpr *expr;

  while (is_operator (self, "-"))
    {
      signed_once = TRUE;
      negative = !negative;
      advance (self);
    }
  expr = parse_path (self);
  while (expr != NULL && is_operator (self, "|"))
    {
      MereExpr *pair[2] = { expr };

      advance (self);
      pair[1] = parse_path (self);
      expr = pair[1] != NULL ? new_expr (self, MERE_EXPR_UNION, 2, pair) : NULL;
    }
  if (expr != NULL && signed_once)
    expr = new_expr (self, MERE_EXPR_NEGATE, 1, &expr);
  if (expr != NULL && signed_once && !negative)
    expr = new_expr (self, MERE_EXPR_NEGATE, 1, &expr);
  return expr;
}

static const struct
{
  const char  *text;
  int          precedence;
  MereExprKind kind;
} operators[] = {
  { "or", 1, MERE_EXPR_OR },
  { "and", 2, MERE_EXPR_AND },
  { "=", 3, MERE_EXPR_EQ },
  { "!=", 3, MERE_EXPR_NE },
  { "<", 4, MERE_EXPR_LT },
  { "<=", 4, MERE_EXPR_LE },
  { ">", 4, MERE_EXPR_GT },
  { ">=", 4, MERE_EXPR_GE },
  { "+", 5, MERE_EXPR_ADD },
  { "-", 5, MERE_EXPR_SUBTRACT },
  { "*", 6, MERE_EXPR_MULTIPLY },
  { "div", 6, MERE_EXPR_DIVIDE },
  { "mod", 6, MERE_EXPR_MODULO },
};

static int
find_operator (const Parser *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    if (is_operator (self, operators[i].text))
      return i;
  return -1;
}

static MereExpr *
parse_chain (Parser *self, int minimum)
{
  MereExpr *left = parse_unary (self);

  while (left != NULL)
    {
      int       found = find_operator (self);
      MereExpr *pair[2];

      if (found < 0 || operators[found].precedence < minimum)
        return left;
      advance (self);
      pair[0] = left;
      pair[1] = parse_chain (self, operators[found].precedence + 1);
      left = pair[1] != NULL ? new_expr (self, operators[found].kind, 2, pair) : NULL;
    }
  return NULL;
}

static MereExpr *
parse_expression (Parser *self, int minimum)
{
  MereExpr *expr;

  if (++self->nesting > MERE_LIMIT_EXPRESSION_NESTING)
    return fail (self, _ ("the expression is nested too deeply"));
  expr = parse_chain (self, minimum);
  self->nesting--;
  return expr;
}

static void
name_leftover (Parser *self)
{
  const MereToken *token = peek (self);

  if (token->kind == MERE_TOKEN_ERROR && (*token->start == '\'' || *token->start == '"'))
    fail (self, _ ("a quotation mark is not closed"));
  else if (token->kind == MERE_TOKEN_ERROR)
    fail (self, _ ("a character does not belong here"));
  else if (token->kind == MERE_TOKEN_CLOSE)
    fail (self, _ ("“)” closes nothing"));
  else
    fail (self, _ ("an operator is missing"));
}

MereExpr *
mere_xpath_parse (MereArena *arena, GArray *namespaces, const char *text, MereXPathError *error)
{
  Parser    parser = { .arena = arena, .namespaces = namespaces, .error = error };
  MereExpr *expr;

  *error = (MereXPathError){ NULL, 0 };
  if (strlen (text) > MERE_LIMIT_EXPRESSION_BYTES)
    {
      error->message = _ ("the expression is too long");
      return NULL;
    }
  parser.tokens = mere_xpath_tokenize (text);
  if (g_array_index (parser.tokens, MereToken, parser.tokens->len - 1).kind == MERE_TOKEN_ERROR)
    {
      parser.at = parser.tokens->len - 1;
      name_leftover (&parser);
      parser.at = 0;
    }
  expr = error->message == NULL ? parse_expression (&parser, 0) : NULL;
  if (expr != NULL && peek (&parser)->kind != MERE_TOKEN_END)
    name_leftover (&parser);
  if (expr != NULL && error->message != NULL)
    expr = NULL;
  g_array_unref (parser.tokens);
  return expr;
}
