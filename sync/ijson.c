/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A pull reader for JSON of unknown origin, and the few calls that write it. Manifests have up to 64 MiB and 200,000
 * entries, so a tree of them would cost ten times their size; and a tree's reader follows nesting on the stack. */

#include "config.h"

#include "sync/ijson.h"

#include <string.h>

void
mere_json_init (MereJson   *self,
                const char *text,
                gsize       size)
{
  *self = (MereJson){ .text = text, .size = size };
}

gboolean
mere_json_fail (MereJson   *self,
                const char *problem)
{
  if (self->problem == NULL)
    self->problem = problem;

  return FALSE;
}

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_space (MereJson *self)
{
  while (self->at < self->size && is_space (self->text[self->at]))
    self->at++;
}

/* The next character that counts; 0 at the end. */
static char
peek (MereJson *self)
{
  skip_space (self);

  return self->problem == NULL && self->at < self->size ? self->text[self->at] : '\0';
}

static gboolean
take (MereJson *self,
      char      c)
{
  if (peek (self) != c)
    return FALSE;
  self->at++;

  return TRUE;
}

static gboolean
take_word (MereJson   *self,
           const char *word)
{
  gsize length = strlen (word);

  if (peek (self) != word[0] || self->size - self->at < length || memcmp (self->text + self->at, word, length) != 0)
    return FALSE;
  self->at += length;

  return TRUE;
}

static gboolean
begin (MereJson   *self,
       char        bracket,
       const char *problem)
{
  if (!take (self, bracket))
    return mere_json_fail (self, problem);
  if (self->depth == MERE_JSON_MAX_DEPTH)
    return mere_json_fail (self, "nested too deeply");
  self->depth++;
  self->fresh = TRUE;

  return TRUE;
}

/* Stands before the next member, or behind the bracket that closes: then FALSE. */
static gboolean
next_member (MereJson *self,
             char      bracket)
{
  gboolean fresh = self->fresh;

  if (self->problem != NULL)
    return FALSE;

  self->fresh = FALSE;
  if (take (self, bracket))
    {
      self->depth--;
      return FALSE;
    }

  return fresh || take (self, ',') || mere_json_fail (self, "a comma or the closing bracket is missing");
}

gboolean
mere_json_begin_object (MereJson *self)
{
  return begin (self, '{', "an object is expected");
}

gboolean
mere_json_begin_array (MereJson *self)
{
  return begin (self, '[', "a list is expected");
}

gboolean
mere_json_next_item (MereJson *self)
{
  return next_member (self, ']');
}

static gboolean
read_unit (MereJson *self,
           gunichar *unit)
{
  *unit = 0;
  for (int i = 0; i < 4; i++, self->at++)
    {
      int digit = self->at < self->size ? g_ascii_xdigit_value (self->text[self->at]) : -1;

      if (digit < 0)
        return mere_json_fail (self, "an escape is cut");
      *unit = *unit << 4 | (gunichar) digit;
    }

  return TRUE;
}

/* Behind "\u". */
static gboolean
read_code_point (MereJson *self,
                 gunichar *c)
{
  gunichar low;

  if (!read_unit (self, c))
    return FALSE;
  if (*c >= 0xd800 && *c < 0xdc00)
    {
      if (self->size - self->at < 2 || memcmp (self->text + self->at, "\\u", 2) != 0)
        return mere_json_fail (self, "half a surrogate pair");
      self->at += 2;
      if (!read_unit (self, &low))
        return FALSE;
      if (low < 0xdc00 || low >= 0xe000)
        return mere_json_fail (self, "half a surrogate pair");
      *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
    }
  else if ((*c >= 0xdc00 && *c < 0xe000) || *c == 0)
    return mere_json_fail (self, "a character that no text can hold");

  return TRUE;
}

/* Behind a backslash. @text may be NULL. */
static gboolean
read_escape (MereJson *self,
             GString  *text)
{
  static const char escapes[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  char              c = self->at < self->size ? self->text[self->at++] : '\0';
  const char       *at = c != '\0' ? strchr (escapes, c) : NULL;
  gunichar          code_point;

  if (c == 'u')
    {
      if (!read_code_point (self, &code_point))
        return FALSE;
      if (text != NULL)
        g_string_append_unichar (text, code_point);
      return TRUE;
    }
  if (at == NULL)
    return mere_json_fail (self, "an unknown escape");
  if (text != NULL)
    g_string_append_c (text, meanings[at - escapes]);

  return TRUE;
}

/* A string, kept in @text unless that is NULL. */
static gboolean
read_string (MereJson *self,
             GString  *text)
{
  if (!take (self, '"'))
    return mere_json_fail (self, "a text is expected");

  while (self->at < self->size)
    {
      const char *start = self->text + self->at;
      gsize       n = 0;

      while (self->at + n < self->size && start[n] != '"' && start[n] != '\\' && (guchar) start[n] >= 0x20)
        n++;
      if (!g_utf8_validate_len (start, n, NULL))
        return mere_json_fail (self, "a text that is not UTF-8");
      if (text != NULL && text->len + n > MERE_JSON_MAX_STRING)
        return mere_json_fail (self, "a text is too long");
      if (text != NULL)
        g_string_append_len (text, start, n);
      self->at += n;
      if (self->at == self->size || (guchar) self->text[self->at] < 0x20)
        break;
      if (self->text[self->at++] == '"')
        return TRUE;
      if (!read_escape (self, text))
        return FALSE;
    }

  return mere_json_fail (self, "a text does not end");
}

/* Whether there is nothing that an escape or a check of its encoding is needed for. Without a branch, so that many bytes are looked at at
 * once. */
static gboolean
is_plain (const char *text,
          gsize       size)
{
  guint8 other = 0;

  for (gsize i = 0; i < size; i++)
    other |= (guint8) ((guint8) (text[i] - 0x20) >= 0x60) | (guint8) (text[i] == '\\');

  return other == 0;
}

/* A string of plain ASCII, where it lies: most are. Where it is anything else nothing is taken, and read_string says what it is. */
static const char *
take_plain (MereJson *self,
            gsize    *size)
{
  const char *start;
  const char *end;

  if (peek (self) != '"')
    return NULL;
  start = self->text + self->at + 1;
  end = memchr (start, '"', MIN (self->size - self->at - 1, MERE_JSON_MAX_STRING + 1));
  if (end == NULL || !is_plain (start, (gsize) (end - start)))
    return NULL;
  *size = (gsize) (end - start);
  self->at += *size + 2;

  return start;
}

gboolean
mere_json_read_string (MereJson *self,
                       char    **value)
{
  gsize       size;
  const char *plain = take_plain (self, &size);
  g_autoptr (GString) text = NULL;

  if (plain != NULL)
    {
      *value = g_strndup (plain, size);
      return TRUE;
    }
  text = g_string_new (NULL);
  if (!read_string (self, text))
    return FALSE;
  *value = g_string_free (g_steal_pointer (&text), FALSE);

  return TRUE;
}

gboolean
mere_json_next_key (MereJson *self,
                    char      key[MERE_JSON_KEY_SIZE])
{
  const char *plain;
  gsize       size;
  g_autoptr (GString) text = NULL;

  if (!next_member (self, '}'))
    return FALSE;

  plain = take_plain (self, &size);
  if (plain == NULL)
    {
      text = g_string_sized_new (MERE_JSON_KEY_SIZE);
      if (!read_string (self, text))
        return FALSE;
      plain = text->str;
      size = text->len;
    }
  if (!take (self, ':'))
    return mere_json_fail (self, "a colon is missing");
  if (size >= MERE_JSON_KEY_SIZE)
    size = 0;
  memcpy (key, plain, size);
  key[size] = '\0';

  return TRUE;
}

gboolean
mere_json_take_null (MereJson *self)
{
  return take_word (self, "null");
}

gboolean
mere_json_read_bool (MereJson *self,
                     gboolean *value)
{
  gboolean yes = take_word (self, "true");

  if (!yes && !take_word (self, "false"))
    return mere_json_fail (self, "true or false is expected");
  *value = yes;

  return TRUE;
}

static gsize
skip_digits (MereJson *self)
{
  gsize n = 0;

  for (; self->at < self->size && g_ascii_isdigit (self->text[self->at]); n++)
    self->at++;

  return n;
}

static gboolean
take_one_of (MereJson   *self,
             const char *characters)
{
  if (self->at == self->size || self->text[self->at] == '\0' || strchr (characters, self->text[self->at]) == NULL)
    return FALSE;
  self->at++;

  return TRUE;
}

gboolean
mere_json_read_int (MereJson *self,
                    gint64   *value)
{
  gboolean negative = take (self, '-');
  gsize    start = self->at;
  gint64   sum = 0;

  if (peek (self) == '\0' || self->at != start || skip_digits (self) == 0)
    return mere_json_fail (self, "a whole number is expected");
  if (self->at - start > 16 || (self->text[start] == '0' && (self->at - start > 1 || negative)))
    return mere_json_fail (self, "a number is not in its proper form");
  if (take_one_of (self, ".eE"))
    return mere_json_fail (self, "a number is not whole");
  for (gsize i = start; i < self->at; i++)
    sum = sum * 10 + (self->text[i] - '0');
  if (sum > MERE_JSON_MAX_INT)
    return mere_json_fail (self, "a number is too large");
  *value = negative ? -sum : sum;

  return TRUE;
}

static gboolean
skip_number (MereJson *self)
{
  gsize start;

  take (self, '-');
  start = self->at;
  if (skip_digits (self) == 0 || (self->text[start] == '0' && self->at - start > 1))
    return mere_json_fail (self, "a value is expected");
  if (take_one_of (self, ".") && skip_digits (self) == 0)
    return mere_json_fail (self, "a number is cut");
  if (take_one_of (self, "eE"))
    {
      take_one_of (self, "+-");
      if (skip_digits (self) == 0)
        return mere_json_fail (self, "a number is cut");
    }

  return TRUE;
}

gboolean
mere_json_skip (MereJson *self)
{
  char     key[MERE_JSON_KEY_SIZE];
  gboolean ignored;

  switch (peek (self))
    {
    case '{':
      mere_json_begin_object (self);
      while (mere_json_next_key (self, key) && mere_json_skip (self))
        ;
      return self->problem == NULL;

    case '[':
      mere_json_begin_array (self);
      while (mere_json_next_item (self) && mere_json_skip (self))
        ;
      return self->problem == NULL;

    case '"':
      return read_string (self, NULL);

    case 't':
    case 'f':
      return mere_json_read_bool (self, &ignored);

    case 'n':
      return mere_json_take_null (self) || mere_json_fail (self, "a value is expected");

    default:
      return skip_number (self);
    }
}

gboolean
mere_json_end (MereJson *self)
{
  if (self->problem != NULL)
    return FALSE;
  skip_space (self);

  return self->at == self->size || mere_json_fail (self, "something follows the end");
}

static gboolean
read_strings (MereJson *self,
              guint64   most,
              char   ***value)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint64 n = 0;

  if (!mere_json_begin_array (self))
    return FALSE;
  while (mere_json_next_item (self))
    {
      g_autofree char *item = NULL;

      if (n++ == most)
        return mere_json_fail (self, "a list is too long");
      if (!mere_json_read_string (self, &item))
        return FALSE;
      g_strv_builder_add (builder, item);
    }
  if (self->problem != NULL)
    return FALSE;
  g_strfreev (*value);
  *value = g_strv_builder_end (builder);

  return TRUE;
}

static gboolean
read_text (MereJson *self,
           guint64   most,
           char    **value)
{
  char *text = NULL;

  if (!mere_json_read_string (self, &text))
    return FALSE;
  g_free (*value);
  *value = text;

  return most == 0 || strlen (text) <= most || mere_json_fail (self, "a text is too long");
}

gboolean
mere_json_read_field (MereJson            *self,
                      const MereJsonField *field,
                      gpointer             structure)
{
  gpointer member = G_STRUCT_MEMBER_P (structure, field->offset);
  gint64   number;

  switch (field->kind)
    {
    case MERE_JSON_STRING:
      return read_text (self, field->most, member);

    case MERE_JSON_STRINGS:
      return read_strings (self, field->most != 0 ? field->most : G_MAXUINT, member);

    case MERE_JSON_BOOL:
      return mere_json_read_bool (self, member);

    case MERE_JSON_CUSTOM:
      return field->read (self, structure);

    case MERE_JSON_UINT:
    case MERE_JSON_UINT64:
      if (!mere_json_read_int (self, &number))
        return FALSE;
      if (number < 0 || (field->most != 0 && (guint64) number > field->most) || (field->kind == MERE_JSON_UINT && number > G_MAXINT))
        return mere_json_fail (self, "a number is out of its range");
      if (field->kind == MERE_JSON_UINT)
        *(guint *) member = number;
      else
        *(guint64 *) member = number;
      return TRUE;
    }

  return FALSE;
}

static gsize
find_field (const MereJsonField *fields,
            gsize                n_fields,
            const char          *key)
{
  gsize i = 0;

  while (i < n_fields && strcmp (fields[i].name, key) != 0)
    i++;

  return i;
}

gboolean
mere_json_read_fields (MereJson            *self,
                       const MereJsonField *fields,
                       gsize                n_fields,
                       gpointer             structure)
{
  char    key[MERE_JSON_KEY_SIZE];
  guint32 seen = 0;

  g_return_val_if_fail (n_fields <= 32, FALSE);

  if (!mere_json_begin_object (self))
    return FALSE;
  while (mere_json_next_key (self, key))
    {
      gsize i = find_field (fields, n_fields, key);

      if (i == n_fields)
        {
          if (!mere_json_skip (self))
            return FALSE;
          continue;
        }
      if (seen & 1u << i)
        return mere_json_fail (self, "a key comes twice");
      seen |= 1u << i;
      if ((fields[i].flags & MERE_JSON_NULLABLE) != 0 && mere_json_take_null (self))
        continue;
      if (!mere_json_read_field (self, &fields[i], structure))
        return FALSE;
    }
  for (gsize i = 0; i < n_fields && self->problem == NULL; i++)
    if ((fields[i].flags & MERE_JSON_REQUIRED) != 0 && (seen & 1u << i) == 0)
      return mere_json_fail (self, "a required key is missing");

  return self->problem == NULL;
}

void
mere_json_append_string (GString    *text,
                         const char *value)
{
  if (value == NULL)
    {
      g_string_append (text, "null");
      return;
    }

  g_string_append_c (text, '"');
  for (; *value != '\0'; value++)
    {
      if (*value == '"' || *value == '\\')
        g_string_append_c (text, '\\');
      if ((guchar) *value < 0x20 || *value == 0x7f)
        g_string_append_printf (text, "\\u%04x", (guint) *value);
      else
        g_string_append_c (text, *value);
    }
  g_string_append_c (text, '"');
}

void
mere_json_append_key (GString    *text,
                      const char *key)
{
  if (text->len > 0 && strchr ("{[", text->str[text->len - 1]) == NULL)
    g_string_append_c (text, ',');
  mere_json_append_string (text, key);
  g_string_append_c (text, ':');
}

void
mere_json_append_text (GString    *text,
                       const char *key,
                       const char *value)
{
  if (value == NULL)
    return;

  mere_json_append_key (text, key);
  mere_json_append_string (text, value);
}

void
mere_json_append_int (GString    *text,
                      const char *key,
                      gint64      value)
{
  mere_json_append_key (text, key);
  g_string_append_printf (text, "%" G_GINT64_FORMAT, value);
}

void
mere_json_append_strings (GString           *text,
                          const char        *key,
                          const char *const *values)
{
  if (values == NULL)
    return;

  mere_json_append_key (text, key);
  g_string_append_c (text, '[');
  for (gsize i = 0; values[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      mere_json_append_string (text, values[i]);
    }
  g_string_append_c (text, ']');
}
