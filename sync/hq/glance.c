/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The identity of a submission, without a tree of it. What comes in by the million is plain: elements, attributes, text. One
 * walk over the bytes checks that this part of XML 1.0 (W3C, fifth edition) is well-formed and picks out four texts. What is
 * outside of it (comments, CDATA, character references, carriage returns, names in other letters, documents nested deeply) is
 * no fault: the XML library reads it. */

#include "config.h"

#include "sync/hq/glance.h"

#include "sync/hq/submission.h"

#include <string.h>

#define MOST_BYTES (1024 * 1024)
#define MOST_DEPTH 32
#define MOST_ATTRIBUTES 16
#define MOST_NAME 256 /* bytes */

typedef struct
{
  const char *at;
  gsize       size;
} Span;

/* An element that is open. */
typedef struct
{
  Span        name; /* as it is written, with its prefix */
  const char *content;
  gboolean    has_children;
  char      **wanted; /* where its text is to go, or NULL */
} Element;

typedef struct
{
  MereGlance *glance;
  const char *at;
  const char *end;
  guint       depth; /* of open elements */
  gboolean    rooted;
  gboolean    meta_came;
  gboolean    in_meta;
  guint       came; /* bits: children of meta */
  guint8      bits; /* of all bytes: whether any is not ASCII */
  Element     open[MOST_DEPTH];
} Scan;

/* What a byte may be. */
enum {
  NAME_START = 1, /* ASCII letters and "_" */
  NAME = 2,       /* the same, digits, "-" and "." */
  TEXT = 4,       /* between tags, as it is: neither "<", "&" and "]", nor what controls, but for line feed and tab */
};

#define LETTERS(from, to) [from... to] = NAME_START | NAME | TEXT

static const guint8 kinds[256] = {
  ['\t'] = TEXT,
  ['\n'] = TEXT,
  [' ' ... '%'] = TEXT,
  ['\'' ... ','] = TEXT,
  ['-' ... '.'] = NAME | TEXT,
  ['/'] = TEXT,
  ['0' ... '9'] = NAME | TEXT,
  [':' ... ';'] = TEXT,
  ['=' ... '@'] = TEXT,
  LETTERS ('A', 'Z'),
  ['[' ... '\\'] = TEXT,
  ['^'] = TEXT,
  ['_'] = NAME_START | NAME | TEXT,
  ['`'] = TEXT,
  LETTERS ('a', 'z'),
  ['{' ... 0xff] = TEXT,
};

static inline gboolean
is_kind (char   byte,
         guint8 kind)
{
  return (kinds[(guint8) byte] & kind) != 0;
}

static gboolean
span_is (Span        span,
         const char *text)
{
  return span.size == strlen (text) && memcmp (span.at, text, span.size) == 0;
}

static gboolean
spans_are_equal (Span a,
                 Span b)
{
  return a.size == b.size && memcmp (a.at, b.at, a.size) == 0;
}

static gboolean
skip (Scan       *self,
      const char *text)
{
  gsize size = strlen (text);

  if ((gsize) (self->end - self->at) < size || memcmp (self->at, text, size) != 0)
    return FALSE;
  self->at += size;
  return TRUE;
}

/* Whether there was any. */
static gboolean
skip_space (Scan *self)
{
  const char *from = self->at;
  const char *at = from;

  while (at < self->end && (*at == ' ' || *at == '\n' || *at == '\t'))
    at++;
  self->at = at;
  return at > from;
}

static gboolean
skip_part_of_name (Scan *self)
{
  const char *at = self->at;

  if (at == self->end || !is_kind (*at, NAME_START))
    return FALSE;
  while (at < self->end && is_kind (*at, NAME))
    at++;
  self->at = at;
  return TRUE;
}

/* "local" or "prefix:local" */
static gboolean
read_name (Scan *self,
           Span *name,
           Span *local)
{
  name->at = local->at = self->at;
  if (!skip_part_of_name (self))
    return FALSE;
  if (skip (self, ":"))
    {
      local->at = self->at;
      if (!skip_part_of_name (self))
        return FALSE;
    }
  name->size = (gsize) (self->at - name->at);
  local->size = (gsize) (self->at - local->at);
  return name->size <= MOST_NAME;
}

static gboolean
begins_with_xml (Span name)
{
  return name.size >= 3 && (name.at[0] | 0x20) == 'x' && g_ascii_strncasecmp (name.at, "xml", 3) == 0;
}

/* What XML or its namespaces reserve is not for a quick look, but for declarations of namespaces. */
static gboolean
is_plain (Span name)
{
  static const char declares[] = "xmlns:";

  if (!begins_with_xml (name) || span_is (name, "xmlns"))
    return TRUE;
  return name.size > strlen (declares) && memcmp (name.at, declares, strlen (declares)) == 0 &&
         g_ascii_strncasecmp (name.at + strlen (declares), "xml", 3) != 0;
}

static gboolean
read_value (Scan *self,
            Span *value)
{
  char quote;

  skip_space (self);
  if (!skip (self, "="))
    return FALSE;
  skip_space (self);
  if (self->at == self->end || (*self->at != '"' && *self->at != '\''))
    return FALSE;
  quote = *self->at++;
  for (value->at = self->at; self->at < self->end && *self->at != quote; self->at++)
    {
      if ((guint8) *self->at < ' ' || *self->at == '<' || *self->at == '&')
        return FALSE;
      self->bits |= (guint8) *self->at;
    }
  value->size = (gsize) (self->at - value->at);
  return self->at++ < self->end;
}

/* One with a prefix is another attribute, or the same where the prefix was not declared. */
static gboolean
note_form (Scan *self,
           Span  name,
           Span  value)
{
  if (!span_is (name, "id"))
    return FALSE;
  self->glance->form = g_strndup (value.at, value.size);
  return TRUE;
}

/* From behind the name to before the ">" or "/>". */
static gboolean
read_attributes (Scan *self)
{
  Span  names[MOST_ATTRIBUTES];
  guint n = 0;

  while (skip_space (self) && self->at < self->end && *self->at != '>' && *self->at != '/')
    {
      Span local, value;

      if (n == MOST_ATTRIBUTES || !read_name (self, &names[n], &local) || !is_plain (names[n]) || !read_value (self, &value))
        return FALSE;
      for (guint i = 0; i < n; i++)
        if (spans_are_equal (names[i], names[n]))
          return FALSE;
      if (self->depth == 0 && span_is (local, "id") && !note_form (self, names[n], value))
        return FALSE;
      n++;
    }
  return TRUE;
}

/* Of each name the first child of the first meta counts. */
static char **
find_wanted (Scan *self,
             Span  local)
{
  const struct
  {
    const char *name;
    char      **text;
  } wanted[] = {
    { "instanceID", &self->glance->id },
    { "deprecatedID", &self->glance->deprecated_id },
    { "instanceName", &self->glance->name },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (span_is (local, wanted[i].name) && (self->came & (1u << i)) == 0)
      {
        self->came |= 1u << i;
        return wanted[i].text;
      }
  return NULL;
}

static void
enter (Scan *self,
       Span  name,
       Span  local)
{
  Element *element = &self->open[self->depth];

  *element = (Element){ .name = name, .content = self->at };
  if (self->depth > 0)
    self->open[self->depth - 1].has_children = TRUE;
  if (self->depth == 1)
    {
      self->in_meta = !self->meta_came && span_is (local, "meta");
      self->meta_came |= self->in_meta;
    }
  if (self->depth == 2 && self->in_meta)
    element->wanted = find_wanted (self, local);
  self->depth++;
}

/* Text between tags, with the five entities that need no declaration. */
static char *
dup_text (const char *from,
          const char *to)
{
  static const struct
  {
    const char *entity;
    char        character;
  } entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' } };
  GString *text = g_string_sized_new ((gsize) (to - from));

  while (from < to)
    {
      guint i = 0;

      while (*from == '&' && strncmp (from, entities[i].entity, strlen (entities[i].entity)) != 0)
        i++;
      g_string_append_c (text, *from == '&' ? entities[i].character : *from);
      from += *from == '&' ? strlen (entities[i].entity) : 1;
    }
  return g_string_free (text, text->len == 0);
}

static void
leave (Scan       *self,
       const char *end)
{
  Element *element = &self->open[--self->depth];

  if (element->wanted != NULL && !element->has_children)
    *element->wanted = dup_text (element->content, end);
}

static gboolean
read_start_tag (Scan *self)
{
  Span name, local;

  if (self->depth == MOST_DEPTH || (self->depth == 0 && self->rooted) || !read_name (self, &name, &local) ||
      begins_with_xml (name) || !read_attributes (self))
    return FALSE;
  self->rooted = TRUE;
  if (skip (self, ">"))
    {
      enter (self, name, local);
      return TRUE;
    }
  enter (self, name, local);
  leave (self, self->at);
  return skip (self, "/>");
}

/* Its name is the one that is open, so it need not be taken apart. */
static gboolean
read_end_tag (Scan       *self,
              const char *begin)
{
  Span name;

  if (self->depth == 0)
    return FALSE;
  name = self->open[self->depth - 1].name;
  if ((gsize) (self->end - self->at) <= name.size || memcmp (self->at, name.at, name.size) != 0)
    return FALSE;
  self->at += name.size;
  skip_space (self);
  leave (self, begin);
  return skip (self, ">");
}

static gboolean
read_entity (Scan *self)
{
  return skip (self, "&amp;") || skip (self, "&lt;") || skip (self, "&gt;") || skip (self, "&quot;") || skip (self, "&apos;");
}

/* Up to the next tag, or the end. */
static gboolean
read_text (Scan *self)
{
  const char *at = self->at;
  guint8      bits = 0;

  while (TRUE)
    {
      for (; at < self->end && is_kind (*at, TEXT); at++)
        bits |= (guint8) *at;
      self->at = at;
      if (at == self->end || *at == '<')
        break;
      if (*at != '&' || !read_entity (self))
        return FALSE;
      at = self->at;
    }
  self->bits |= bits;
  return TRUE;
}

static void
skip_declaration (Scan *self)
{
  static const char *const usual[] = {
    "<?xml version=\"1.0\"?>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
    "<?xml version='1.0'?>",
    "<?xml version='1.0' ?>",
    "<?xml version='1.0' encoding='UTF-8' ?>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (skip (self, usual[i]))
      return;
}

static gboolean
read_document (Scan *self)
{
  skip_declaration (self);
  skip_space (self);
  while (self->at < self->end && (self->depth > 0 || !self->rooted))
    {
      const char *begin;

      if (self->depth > 0 && !read_text (self))
        return FALSE;
      begin = self->at;
      if (!(skip (self, "</") ? read_end_tag (self, begin) : skip (self, "<") && read_start_tag (self)))
        return FALSE;
    }
  skip_space (self);
  return self->rooted && self->depth == 0 && self->at == self->end;
}

/* UTF-8 without the two characters that XML has not. */
static gboolean
is_text (const char *xml,
         gsize       size)
{
  static const char none[] = "\xef\xbf";

  for (const char *at = xml; (at = memmem (at, size - (gsize) (at - xml), none, strlen (none))) != NULL; at++)
    if ((gsize) (at - xml) + 2 < size && (guint8) at[2] >= 0xbe)
      return FALSE;
  return g_utf8_validate_len (xml, size, NULL);
}

gboolean
mere_glance_scan (MereGlance *self,
                  const char *xml,
                  gsize       size)
{
  Scan scan = { .glance = self };

  *self = (MereGlance){ 0 };
  if (size == 0 || size > MOST_BYTES || *xml != '<')
    return FALSE;
  scan.at = xml;
  scan.end = xml + size;
  if (!read_document (&scan) || (scan.bits >= 0x80 && !is_text (xml, size)))
    return FALSE;
  if (self->form == NULL)
    self->form = g_strdup ("");
  if (self->id == NULL)
    self->id = g_strdup ("");
  return TRUE;
}

gboolean
mere_glance_read (MereGlance *self,
                  GBytes     *xml)
{
  g_autoptr (MereSubmission) submission = NULL;
  gsize       size;
  const char *text = g_bytes_get_data (xml, &size);

  if (mere_glance_scan (self, text, size))
    return TRUE;
  mere_glance_clear (self);
  submission = mere_submission_parse (xml, NULL);
  if (submission == NULL)
    return FALSE;
  self->form = g_strdup (submission->form);
  self->id = g_strdup (submission->id);
  self->deprecated_id = g_strdup (submission->deprecated_id);
  self->name = g_strdup (submission->name);
  return TRUE;
}

void
mere_glance_clear (MereGlance *self)
{
  g_clear_pointer (&self->form, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->deprecated_id, g_free);
  g_clear_pointer (&self->name, g_free);
}
