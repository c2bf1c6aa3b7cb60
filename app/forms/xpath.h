/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/document.h"

G_BEGIN_DECLS

/* Expressions: text to tree (xpath-lex.c, xpath-parse.c), tree bound to the form's nodes (reference.c), and worked out
 * for one node (evaluate.c). Grammar: XPath 1.0, section 3; functions: ODK XForms, section "XPath functions". */

typedef struct _MereExpr     MereExpr;
typedef struct _MerePath     MerePath;
typedef struct _MereStep     MereStep;
typedef struct _MereFunction MereFunction;
typedef struct _MereDef      MereDef;

typedef enum {
  MERE_EXPR_NUMBER,
  MERE_EXPR_STRING,
  MERE_EXPR_OR,
  MERE_EXPR_AND,
  MERE_EXPR_EQ,
  MERE_EXPR_NE,
  MERE_EXPR_LT,
  MERE_EXPR_LE,
  MERE_EXPR_GT,
  MERE_EXPR_GE,
  MERE_EXPR_ADD,
  MERE_EXPR_SUBTRACT,
  MERE_EXPR_MULTIPLY,
  MERE_EXPR_DIVIDE,
  MERE_EXPR_MODULO,
  MERE_EXPR_NEGATE,
  MERE_EXPR_UNION,
  MERE_EXPR_CALL,
  MERE_EXPR_PATH,
  MERE_EXPR_QUERY, /* “$query”: what pulldata() looks for; forms cannot write it */
} MereExprKind;

struct _MereExpr
{
  MereExprKind        kind;
  guint               n_args;
  guint               height;
  MereExpr          **args;
  double              number;
  const char         *string;   /* of a literal; of a call the name as written */
  const MereFunction *function; /* of a call; set when it is bound */
  MerePath           *path;
  MereExpr           *bound; /* of jr:choice-name() its second argument as an expression, of pulldata() the look-up */
};

typedef enum {
  MERE_AXIS_CHILD,
  MERE_AXIS_PARENT,
  MERE_AXIS_SELF,
  MERE_AXIS_ATTRIBUTE,
  MERE_AXIS_DESCENDANT_OR_SELF,
  MERE_AXIS_DESCENDANT,
  MERE_AXIS_ANCESTOR,
  MERE_AXIS_ANCESTOR_OR_SELF,
  MERE_AXIS_PRECEDING_SIBLING,
  MERE_AXIS_FOLLOWING_SIBLING,
} MereAxis;

typedef struct
{
  MereExpr   *expr;
  const char *key;   /* interned child name where the predicate is "child = something that is the same for all" */
  MereExpr   *value; /* that something */
} MerePredicate;

struct _MereStep
{
  MereAxis       axis;
  const char    *test; /* interned name test; NULL: any element; "" : node() */
  MerePredicate *predicates;
  guint          n_predicates;
};

typedef enum {
  MERE_PATH_ROOT,     /* /… */
  MERE_PATH_CONTEXT,  /* relative */
  MERE_PATH_CURRENT,  /* current()/… */
  MERE_PATH_INSTANCE, /* instance('…')/… */
  MERE_PATH_FILTER,   /* (expression)[…]/… */
} MerePathStart;

/* A path, and what it was found to mean when it was bound: go @up levels from the node that the expression belongs to
 * (or from the context item, where @from_context), then @down by child slots, then do what is left of the steps from @rest on. */
struct _MerePath
{
  MerePathStart  start;
  MereExpr      *filter;
  MerePredicate *filter_predicates;
  guint          n_filter_predicates;
  MereStep      *steps;
  guint          n_steps;
  gboolean       bound;        /* whether up, down and rest are set */
  gboolean       empty;        /* leads nowhere */
  gboolean       from_context; /* start at the context item instead of the expression's node */
  gboolean       single;       /* one node at most, always */
  guint          up;
  guint          n_down;
  guint16       *down;
  guint          rest;
  MereDef       *target;   /* where it ends, if the form says so */
  guint          instance; /* for MERE_PATH_INSTANCE: 1 + index of the secondary instance, 0 when it is not known */
};

typedef struct
{
  const char *message; /* translated; NULL when there is no error */
  guint       offset;  /* in bytes */
} MereXPathError;

/**
 * mere_xpath_parse:
 * @arena: what the tree lives in
 * @namespaces: (element-type MereXmlNamespace): the form's prefixes
 * @error: (out): what is wrong
 *
 * Returns: (nullable): the tree, not yet bound
 */
MereExpr *mere_xpath_parse (MereArena      *arena,
                            GArray         *namespaces,
                            const char     *text,
                            MereXPathError *error);

/* The URI of a prefix, the form's own or a customary one (jr, orx, odk, h, entities); NULL where nobody knows it. */
const char *mere_xpath_resolve_prefix (GArray *namespaces, const char *prefix, gsize length);

/* xpath-tree.c: looking at a tree. */
gboolean mere_xpath_is_call (const MereExpr *expr, const char *name, guint n_args); /* the name as it is written */

/* Whether it is a literal, true() or false(): never anything else. */
gboolean mere_xpath_is_constant (const MereExpr *expr);
gboolean mere_xpath_is_constant_true (const MereExpr *expr);

/* Calls @visit for the expression and everything in it, predicates included, each before its parts. */
typedef void (*MereXPathVisit) (MereExpr *expr, gpointer user_data);
void mere_xpath_walk (MereExpr *expr, MereXPathVisit visit, gpointer user_data);

G_END_DECLS
