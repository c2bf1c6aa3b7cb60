/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/xpath.h"

G_BEGIN_DECLS

typedef struct _MereFormNode MereFormNode;

/* A node that an expression can see: of the session, or of a secondary instance, or an attribute there. The kind is
 * in the two low bits of the address. */
typedef guintptr MereAny;

#define MERE_ANY_NONE ((MereAny) 0)
#define MERE_ANY_TAG(any) ((any) &3)
#define MERE_ANY_IS_NODE(any) (MERE_ANY_TAG (any) == 0)
#define MERE_ANY_IS_XML(any) (MERE_ANY_TAG (any) == 1)
#define MERE_ANY_IS_ATTRIBUTE(any) (MERE_ANY_TAG (any) == 2)
#define MERE_ANY_NODE(any) ((MereFormNode *) (any))
#define MERE_ANY_XML(any) ((const MereXmlNode *) ((any) -1))
#define MERE_ANY_ATTRIBUTE(any) ((const MereXmlAttribute *) ((any) -2))
#define MERE_ANY_FROM_NODE(node) ((MereAny) (node))
#define MERE_ANY_FROM_XML(node) ((MereAny) (node) + 1)
#define MERE_ANY_FROM_ATTRIBUTE(attribute) ((MereAny) (attribute) + 2)

/* What an expression comes to. A date is a number of days since 1970 that also has its text. */
typedef enum {
  MERE_VALUE_BOOLEAN,
  MERE_VALUE_NUMBER,
  MERE_VALUE_DATE,
  MERE_VALUE_STRING,
  MERE_VALUE_NODES,
} MereValueKind;

typedef struct
{
  MereAny *items;
  guint    n;
  guint    size;
  MereAny  few[4];
} MereNodes;

typedef struct
{
  MereValueKind kind;
  gboolean      boolean;
  double        number;
  const char   *string; /* of STRING and DATE; borrowed, or @owned */
  char         *owned;
  MereNodes     nodes;
} MereValue;

void mere_nodes_init (MereNodes *self);
void mere_nodes_clear (MereNodes *self);
void mere_nodes_add (MereNodes *self, MereAny any);

void mere_value_clear (MereValue *self);
void mere_value_boolean (MereValue *self, gboolean boolean);
void mere_value_number (MereValue *self, double number);
void mere_value_borrow (MereValue *self, const char *string);
void mere_value_take (MereValue *self, char *string);
void mere_value_take_date (MereValue *self, double days, char *string);
void mere_value_nodes (MereValue *self); /* an empty set */

gboolean    mere_value_to_boolean (const MereValue *self);
double      mere_value_to_number (const MereValue *self);
const char *mere_value_to_string (const MereValue *self, char **owned); /* borrowed, or *owned is set: free it */
char       *mere_value_dup_string (const MereValue *self);
gboolean    mere_value_compare (MereExprKind operation, const MereValue *a, const MereValue *b);

/* The string value of a node; borrowed, or *owned is set. */
const char *mere_any_to_string (MereAny any, char **owned);
double      mere_any_to_number (MereAny any);

/* Casting, ODK XForms, "number()": dates and date-times are days since 1970-01-01 UTC; NaN for what is no number. */
double mere_string_to_number (const char *text);
/* The same without dates: what a node of a numeric type may hold. */
double mere_digits_to_number (const char *text);
/* XPath 1.0, section 4.2, string(): no exponents; NaN is the empty string, as ODK's clients have it. */
char    *mere_number_to_string (double number);
gboolean mere_is_xml_space (char c);

G_END_DECLS
