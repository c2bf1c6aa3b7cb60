/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/model.h"

G_BEGIN_DECLS

/* What the files of binding share: reference.c binds paths and operators, reference-calls.c the calls of functions. */

/* What holds where an expression stands: @item is what relative paths start from. In a predicate, @outer is the
 * definition under which the path that has the predicate spreads out. */
typedef struct
{
  const MereBinding *binding;
  MereDef           *item;
  MereDef           *outer;
  gboolean           in_predicate;
  gboolean           structure;
  gboolean           indexed;
  gboolean           in_pulldata;
} MereScope;

gboolean mere_scope_bind (MereExpr *expr, const MereScope *scope);
gboolean mere_scope_bind_call (MereExpr *call, const MereScope *scope);

/* Always FALSE, for the caller to return. */
gboolean mere_scope_report (const MereScope *scope, gboolean warning, const char *message);
gboolean mere_scope_report_take (const MereScope *scope, gboolean warning, char *message); /* (transfer full) @message */

/* The expression looks at the node that it belongs to, whatever its arguments are. Always TRUE. */
gboolean mere_scope_note_self (const MereScope *scope);

/* What is written at a node is shown here: graph.c puts in its place what the text refers to. Always TRUE. */
gboolean mere_scope_note_text (const MereScope *scope, MereDef *target);

G_END_DECLS
