/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  MERE_TOKEN_END,
  MERE_TOKEN_ERROR,
  MERE_TOKEN_NUMBER,
  MERE_TOKEN_LITERAL,
  MERE_TOKEN_NAME,      /* QName, "*" or "prefix:*" as a name test */
  MERE_TOKEN_FUNCTION,  /* QName before "(" */
  MERE_TOKEN_NODE_TYPE, /* node, text, comment, processing-instruction before "(" */
  MERE_TOKEN_AXIS,      /* NCName before "::" */
  MERE_TOKEN_OPERATOR,  /* and or mod div * = != < <= > >= + - | */
  MERE_TOKEN_SLASH,
  MERE_TOKEN_DOUBLE_SLASH,
  MERE_TOKEN_OPEN,
  MERE_TOKEN_CLOSE,
  MERE_TOKEN_OPEN_BRACKET,
  MERE_TOKEN_CLOSE_BRACKET,
  MERE_TOKEN_COMMA,
  MERE_TOKEN_AT,
  MERE_TOKEN_DOT,
  MERE_TOKEN_DOTS,
  MERE_TOKEN_VARIABLE,
} MereTokenKind;

/* Names and literals are given as a stretch of the text, literals without their quotes. */
typedef struct
{
  MereTokenKind kind;
  const char   *start;
  gsize         length;
  double        number;
  guint         offset;
} MereToken;

/**
 * mere_xpath_tokenize:
 *
 * XPath 1.0, section 3.7: a "*" or a name that stands where an operand ended is an operator.
 *
 * Returns: (transfer full): tokens, the last one END or ERROR
 */
GArray *mere_xpath_tokenize (const char *text);

G_END_DECLS
