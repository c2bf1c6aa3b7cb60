/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/model.h"
#include "app/forms/value.h"

G_BEGIN_DECLS

/* One evaluation of one expression. @current is the node that the expression belongs to, @item the node that a relative
 * path starts from: they differ within predicates. */
typedef struct
{
  MereForm        *form;
  MereFormSession *session;
  MereFormNode    *current;
  MereAny          item;
  guint            position;
  guint            size;
  guint            steps; /* nodes looked at so far */
  const char      *query; /* of pulldata() */
} MereEvaluation;

typedef void (*MereFunctionCall) (MereEvaluation *evaluation, MereExpr **args, guint n_args, MereValue *result);

enum {
  MERE_FUNCTION_STRUCTURE = 1 << 0, /* of the nodes of its first argument only their coming and going matters to it */
  MERE_FUNCTION_INDEXED = 1 << 1,   /* its paths to repeats mean all instances: indexed-repeat() */
  MERE_FUNCTION_CONTEXT = 1 << 2,   /* without arguments it speaks of the context: position(), last(), string() … */
  MERE_FUNCTION_VOLATILE = 1 << 3,  /* another value each time */
  MERE_FUNCTION_LANGUAGE = 1 << 4,  /* its value is in the session's language */
  MERE_FUNCTION_CHANCE = 1 << 5,    /* by chance */
  MERE_FUNCTION_PAIRS = 1 << 6,     /* beyond the fewest, arguments come in pairs */
};

struct _MereFunction
{
  const char      *name;
  gint8            min_args;
  gint8            max_args; /* -1: any number */
  MereFunctionCall call;
  guint            flags;
};

/* functions.c: all of them, in the order of the specification; NULL where there is none of that name. */
const MereFunction *mere_function_find (const char *name);

/* One table a family, ended by a NULL name. */
extern const MereFunction mere_functions_string[];
extern const MereFunction mere_functions_boolean[];
extern const MereFunction mere_functions_number[];
extern const MereFunction mere_functions_nodes[];
extern const MereFunction mere_functions_date[];
extern const MereFunction mere_functions_select[];
extern const MereFunction mere_functions_geo[];

void     mere_evaluation_init (MereEvaluation *self, MereFormSession *session, MereFormNode *current);
void     mere_evaluate (MereEvaluation *self, const MereExpr *expr, MereValue *result); /* clear the result */
gboolean mere_evaluate_boolean (MereEvaluation *self, const MereExpr *expr);
double   mere_evaluate_number (MereEvaluation *self, const MereExpr *expr);
char    *mere_evaluate_string (MereEvaluation *self, const MereExpr *expr);
/* Borrowed for as long as nothing changes, or *owned is set. */
const char *mere_evaluate_borrow (MereEvaluation *self, const MereExpr *expr, char **owned);
/* The nodes of a node-set; nothing for another value. */
void mere_evaluate_nodes (MereEvaluation *self, const MereExpr *expr, MereNodes *nodes);
/* Counts what was looked at; FALSE when it is too much. */
gboolean mere_evaluation_step (MereEvaluation *self, guint n);

/* walk.c: moving among nodes of either kind. */
MereAny     mere_any_parent (MereAny any);
gboolean    mere_any_matches (MereAny any, const char *test);
void        mere_any_children (MereAny any, const char *test, MereNodes *nodes); /* test NULL: all elements */
void        mere_any_attributes (MereAny any, const char *test, MereNodes *nodes);
const char *mere_any_name (MereAny any, gboolean qualified);
guint       mere_any_position (MereAny any); /* among its like-named neighbours, from 1 */

/* The children of the @base nodes with name @test of which a child @key has the text @value, in document order. Answered
 * from an index that is made when first asked for. */
void mere_index_look_up (MereFormSession *session, const MereNodes *base, const char *test, const char *key, const char *value, MereNodes *nodes);

G_END_DECLS
