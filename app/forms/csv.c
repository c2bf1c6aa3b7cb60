/* SPDX-License-Identifier: GPL-3.0-or-later */

/* CSV as a secondary instance: <root><item><column>cell</column>…</item>…</root>. ODK XForms, section "Secondary
 * instances from CSV"; quoting after RFC 4180. */

#include "config.h"

#include "app/forms/bounds.h"
#include "app/forms/model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *at;
  const char *end;
  char        delimiter;
  GString    *cell;
} Reader;

/* The one that the header has most of; in doubt the earlier of "," ";" tab. */
static char
guess_delimiter (const char *text, const char *end)
{
  static const char candidates[] = { ',', ';', '\t' };
  guint             counts[G_N_ELEMENTS (candidates)] = { 0 };
  guint             best = 0;
  gboolean          quoted = FALSE;

  for (; text < end && (quoted || (*text != '\n' && *text != '\r')); text++)
    {
      quoted ^= *text == '"';
      for (guint i = 0; i < G_N_ELEMENTS (candidates) && !quoted; i++)
        counts[i] += *text == candidates[i];
    }
  for (guint i = 1; i < G_N_ELEMENTS (candidates); i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

static void
read_quoted (Reader *self)
{
  for (self->at++; self->at < self->end; self->at++)
    {
      if (*self->at != '"')
        g_string_append_c (self->cell, *self->at);
      else if (self->at + 1 < self->end && self->at[1] == '"')
        g_string_append_c (self->cell, *self->at++);
      else
        {
          self->at++;
          return;
        }
    }
}

/* One cell into @cell; whether the line goes on. */
static gboolean
read_cell (Reader *self)
{
  g_string_truncate (self->cell, 0);
  if (self->at < self->end && *self->at == '"')
    read_quoted (self);
  while (self->at < self->end && *self->at != self->delimiter && *self->at != '\n' && *self->at != '\r')
    g_string_append_c (self->cell, *self->at++);
  if (self->at < self->end && *self->at == self->delimiter)
    {
      self->at++;
      return TRUE;
    }
  if (self->at < self->end && *self->at == '\r')
    self->at++;
  if (self->at < self->end && *self->at == '\n')
    self->at++;
  return FALSE;
}

static GPtrArray *
read_header (Reader *self, MereArena *arena)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gboolean more = TRUE;

  while (more && names->len < MERE_LIMIT_CSV_COLUMNS)
    {
      more = read_cell (self);
      g_ptr_array_add (names, (gpointer) mere_xml_name_intern (arena, NULL, g_strstrip (self->cell->str), NULL));
    }
  return more ? NULL : g_steal_pointer (&names);
}

/* Missing cells are empty ones; cells too many are passed over. */
static void
read_row (Reader *self, MereArena *arena, GPtrArray *names, MereXmlNode *item)
{
  MereXmlNode *last = NULL;
  gboolean     more = TRUE;

  for (guint i = 0; more || i < names->len; i++)
    {
      if (more)
        more = read_cell (self);
      else
        g_string_truncate (self->cell, 0);
      if (i >= names->len)
        continue;
      last = mere_xml_node_append (arena, item, last, g_ptr_array_index (names, i));
      last->text = mere_arena_strndup (arena, self->cell->str, self->cell->len);
    }
}

static void
skip_blank_lines (Reader *self)
{
  while (self->at < self->end && (*self->at == '\n' || *self->at == '\r'))
    self->at++;
}

const MereXmlNode *
mere_csv_read (MereArena *arena, const char *text, gsize length, char **message)
{
  Reader             reader = { .at = text, .end = text + length };
  MereXmlNode       *holder = mere_xml_node_append (arena, NULL, NULL, mere_xml_name_intern (arena, NULL, "instance", NULL));
  MereXmlNode       *root = mere_xml_node_append (arena, holder, NULL, mere_xml_name_intern (arena, NULL, "root", NULL));
  const MereXmlName *item_name = mere_xml_name_intern (arena, NULL, "item", NULL);
  MereXmlNode       *last = NULL;
  g_autoptr (GPtrArray) names = NULL;
  guint n = 0;

  if (!g_utf8_validate_len (text, length, NULL) || memchr (text, 0, length) != NULL)
    {
      *message = g_strdup (_ ("it is not UTF-8 text"));
      return NULL;
    }
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    reader.at += 3;
  reader.delimiter = guess_delimiter (reader.at, reader.end);
  reader.cell = g_string_new (NULL);
  names = read_header (&reader, arena);
  for (skip_blank_lines (&reader); names != NULL && reader.at < reader.end && n < MERE_LIMIT_XML_NODES; skip_blank_lines (&reader))
    {
      last = mere_xml_node_append (arena, root, last, item_name);
      read_row (&reader, arena, names, last);
      n += names->len + 1;
    }
  g_string_free (reader.cell, TRUE);
  if (names == NULL || n >= MERE_LIMIT_XML_NODES)
    *message = g_strdup (_ ("it has too many cells"));
  return names != NULL && n < MERE_LIMIT_XML_NODES ? holder : NULL;
}
