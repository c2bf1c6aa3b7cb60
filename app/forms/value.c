/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values of expressions and how one kind becomes another: XPath 1.0, sections 3.4 and 4, with ODK's dates. */

#include "config.h"

#include "app/forms/value.h"
#include "app/forms/dates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
mere_nodes_init (MereNodes *self)
{
  self->items = self->few;
  self->n = 0;
  self->size = G_N_ELEMENTS (self->few);
}

void
mere_nodes_clear (MereNodes *self)
{
  if (self->items != self->few)
    g_free (self->items);
  mere_nodes_init (self);
}

void
mere_nodes_add (MereNodes *self, MereAny any)
{
  if (self->n == self->size)
    {
      MereAny *few = self->items == self->few ? self->few : NULL;

      self->size *= 4;
      self->items = g_renew (MereAny, few != NULL ? NULL : self->items, self->size);
      if (few != NULL)
        memcpy (self->items, few, sizeof self->few);
    }
  self->items[self->n++] = any;
}

void
mere_value_clear (MereValue *self)
{
  if (self->kind == MERE_VALUE_NODES)
    mere_nodes_clear (&self->nodes);
  g_clear_pointer (&self->owned, g_free);
  self->kind = MERE_VALUE_BOOLEAN;
}

void
mere_value_boolean (MereValue *self, gboolean boolean)
{
  self->kind = MERE_VALUE_BOOLEAN;
  self->boolean = boolean != FALSE;
  self->owned = NULL;
}

void
mere_value_number (MereValue *self, double number)
{
  self->kind = MERE_VALUE_NUMBER;
  self->number = number;
  self->owned = NULL;
}

void
mere_value_borrow (MereValue *self, const char *string)
{
  self->kind = MERE_VALUE_STRING;
  self->string = string;
  self->owned = NULL;
}

void
mere_value_take (MereValue *self, char *string)
{
  self->kind = MERE_VALUE_STRING;
  self->string = self->owned = string;
}

void
mere_value_take_date (MereValue *self, double days, char *string)
{
  self->kind = MERE_VALUE_DATE;
  self->number = days;
  self->string = self->owned = string;
}

void
mere_value_nodes (MereValue *self)
{
  self->kind = MERE_VALUE_NODES;
  self->owned = NULL;
  mere_nodes_init (&self->nodes);
}

gboolean
mere_is_xml_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Plain whole numbers are by far the most frequent: up to 15 digits are exact in a double. */
static gboolean
read_short_integer (const char *text, double *number)
{
  const char *at = *text == '-' ? text + 1 : text;
  gint64      sum = 0;
  guint       digits = 0;

  for (; g_ascii_isdigit (*at) && digits < 15; at++, digits++)
    sum = sum * 10 + (*at - '0');
  if (*at != '\0' || digits == 0)
    return FALSE;
  *number = *text == '-' ? -(double) sum : (double) sum;
  return TRUE;
}

static gboolean
is_decimal (const char *text)
{
  const char *at = text + (*text == '-' || *text == '+');
  guint       digits = 0;

  for (; g_ascii_isdigit (*at); at++)
    digits++;
  if (*at == '.')
    for (at++; g_ascii_isdigit (*at); at++)
      digits++;
  if (digits == 0)
    return FALSE;
  if (*at == 'e' || *at == 'E')
    {
      at += 1 + (at[1] == '-' || at[1] == '+');
      if (!g_ascii_isdigit (*at))
        return FALSE;
      while (g_ascii_isdigit (*at))
        at++;
    }
  while (mere_is_xml_space (*at))
    at++;
  return *at == '\0';
}

double
mere_digits_to_number (const char *text)
{
  double number;

  if (read_short_integer (text, &number))
    return number;
  while (mere_is_xml_space (*text))
    text++;
  return is_decimal (text) ? g_ascii_strtod (text, NULL) : NAN;
}

double
mere_string_to_number (const char *text)
{
  MereDateTime moment;
  double       number = mere_digits_to_number (text);

  if (!isnan (number))
    return number;
  return g_ascii_isdigit (*text) && mere_date_time_parse (text, &moment) ? mere_date_time_to_days (&moment) : NAN;
}

/* The shortest digits that read back as the same number, and where the point stands. */
static int
shortest_digits (double number, char *digits, gsize size)
{
  char  buffer[40];
  char *exponent;

  for (int precision = 14; precision <= 16; precision++)
    {
      g_snprintf (buffer, sizeof buffer, "%.*e", precision, number);
      if (strtod (buffer, NULL) == number)
        break;
    }
  /* A locale may write a comma: only digits are taken over. */
  exponent = strchr (buffer, 'e');
  *exponent++ = '\0';
  for (const char *at = buffer; *at != '\0' && size > 1; at++)
    if (g_ascii_isdigit (*at))
      {
        *digits++ = *at;
        size--;
      }
  *digits = '\0';
  return atoi (exponent) + 1;
}

char *
mere_number_to_string (double number)
{
  char     digits[32];
  int      point;
  gsize    length;
  GString *text;

  if (isnan (number))
    return g_strdup ("");
  if (isinf (number))
    return g_strdup (number > 0 ? "Infinity" : "-Infinity");
  if (number == 0)
    return g_strdup ("0");
  if (fabs (number) < 1e15 && number == floor (number))
    return g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) number);
  point = shortest_digits (fabs (number), digits, sizeof digits);
  for (length = strlen (digits); length > 1 && digits[length - 1] == '0'; length--)
    digits[length - 1] = '\0';
  text = g_string_new (number < 0 ? "-" : NULL);
  if (point <= 0)
    {
      g_string_append (text, "0.");
      for (int i = point; i < 0; i++)
        g_string_append_c (text, '0');
      g_string_append (text, digits);
    }
  else
    for (int i = 0; i < MAX (point, (int) length); i++)
      {
        if (i == point)
          g_string_append_c (text, '.');
        g_string_append_c (text, i < (int) length ? digits[i] : '0');
      }
  return g_string_free (text, FALSE);
}

gboolean
mere_value_to_boolean (const MereValue *self)
{
  switch (self->kind)
    {
    case MERE_VALUE_BOOLEAN:
      return self->boolean;
    case MERE_VALUE_NUMBER:
    case MERE_VALUE_DATE:
      return self->number != 0 && !isnan (self->number);
    case MERE_VALUE_STRING:
      return *self->string != '\0';
    case MERE_VALUE_NODES:
    default:
      return self->nodes.n > 0;
    }
}

double
mere_value_to_number (const MereValue *self)
{
  switch (self->kind)
    {
    case MERE_VALUE_BOOLEAN:
      return self->boolean ? 1 : 0;
    case MERE_VALUE_NUMBER:
    case MERE_VALUE_DATE:
      return self->number;
    case MERE_VALUE_STRING:
      return mere_string_to_number (self->string);
    case MERE_VALUE_NODES:
    default:
      return self->nodes.n > 0 ? mere_any_to_number (self->nodes.items[0]) : NAN;
    }
}

const char *
mere_value_to_string (const MereValue *self, char **owned)
{
  *owned = NULL;
  switch (self->kind)
    {
    case MERE_VALUE_BOOLEAN:
      return self->boolean ? "true" : "false";
    case MERE_VALUE_NUMBER:
      return *owned = mere_number_to_string (self->number);
    case MERE_VALUE_DATE:
    case MERE_VALUE_STRING:
      return self->string;
    case MERE_VALUE_NODES:
    default:
      return self->nodes.n > 0 ? mere_any_to_string (self->nodes.items[0], owned) : "";
    }
}

char *
mere_value_dup_string (const MereValue *self)
{
  char       *owned;
  const char *string = mere_value_to_string (self, &owned);

  return owned != NULL ? owned : g_strdup (string);
}

static gboolean
compare_numbers (MereExprKind operation, double a, double b)
{
  switch (operation)
    {
    case MERE_EXPR_EQ:
      return a == b;
    case MERE_EXPR_NE:
      return a != b;
    case MERE_EXPR_LT:
      return a < b;
    case MERE_EXPR_LE:
      return a <= b;
    case MERE_EXPR_GT:
      return a > b;
    default:
      return a >= b;
    }
}

static gboolean
compare_strings (MereExprKind operation, const char *a, const char *b)
{
  if (operation == MERE_EXPR_EQ || operation == MERE_EXPR_NE)
    return (strcmp (a, b) == 0) == (operation == MERE_EXPR_EQ);
  return compare_numbers (operation, mere_string_to_number (a), mere_string_to_number (b));
}

static MereExprKind
mirrored (MereExprKind operation)
{
  switch (operation)
    {
    case MERE_EXPR_LT:
      return MERE_EXPR_GT;
    case MERE_EXPR_LE:
      return MERE_EXPR_GE;
    case MERE_EXPR_GT:
      return MERE_EXPR_LT;
    case MERE_EXPR_GE:
      return MERE_EXPR_LE;
    default:
      return operation;
    }
}

/* What had to be made of a node's text, if anything: most often there is nothing to free, and then nothing is called. */
typedef char *Made;

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (Made, g_free, NULL)

/* One node against a value that is no node-set. */
static gboolean
compare_node (MereExprKind operation, MereAny node, const MereValue *other)
{
  g_auto (Made) owned = NULL;

  if (other->kind == MERE_VALUE_STRING)
    return compare_strings (operation, mere_any_to_string (node, &owned), other->string);
  return compare_numbers (operation, mere_any_to_number (node), mere_value_to_number (other));
}

static gboolean
compare_sets (MereExprKind operation, const MereNodes *a, const MereNodes *b)
{
  for (guint i = 0; i < a->n; i++)
    {
      g_auto (Made) owned = NULL;
      MereValue left;

      mere_value_borrow (&left, mere_any_to_string (a->items[i], &owned));
      for (guint k = 0; k < b->n; k++)
        if (compare_node (mirrored (operation), b->items[k], &left))
          return TRUE;
    }
  return FALSE;
}

static gboolean
compare_set (MereExprKind operation, const MereNodes *set, const MereValue *other)
{
  for (guint i = 0; i < set->n; i++)
    if (compare_node (operation, set->items[i], other))
      return TRUE;
  return FALSE;
}

gboolean
mere_value_compare (MereExprKind operation, const MereValue *a, const MereValue *b)
{
  gboolean equality = operation == MERE_EXPR_EQ || operation == MERE_EXPR_NE;

  if ((a->kind == MERE_VALUE_BOOLEAN || b->kind == MERE_VALUE_BOOLEAN) &&
      (equality || a->kind == MERE_VALUE_NODES || b->kind == MERE_VALUE_NODES))
    return compare_numbers (operation, mere_value_to_boolean (a), mere_value_to_boolean (b));
  if (a->kind == MERE_VALUE_NODES && b->kind == MERE_VALUE_NODES)
    return compare_sets (operation, &a->nodes, &b->nodes);
  if (a->kind == MERE_VALUE_NODES)
    return compare_set (operation, &a->nodes, b);
  if (b->kind == MERE_VALUE_NODES)
    return compare_set (mirrored (operation), &b->nodes, a);
  if (equality && a->kind == MERE_VALUE_STRING && b->kind == MERE_VALUE_STRING)
    return compare_strings (operation, a->string, b->string);
  return compare_numbers (operation, mere_value_to_number (a), mere_value_to_number (b));
}
