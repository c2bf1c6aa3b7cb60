/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/tree-page.h"

#include <string.h>

#define FIRST_HEADER 100 /* of the database, on its first page */
#define LEAF_HEADER 8
#define INNER_HEADER 12
#define SMALLEST_CELL 4 /* with its place in the list; SQLite's own bound is higher */

static guint
get_u16 (const guint8 *from)
{
  return (guint) from[0] << 8 | from[1];
}

static guint32
get_u32 (const guint8 *from)
{
  return (guint32) get_u16 (from) << 16 | get_u16 (from + 2);
}

/* Returns: how many bytes it takes, at most 9; 0 where it is cut off */
static gsize
get_varint (const guint8 *from, const guint8 *end, guint64 *value)
{
  *value = 0;
  for (gsize i = 0; i < 9 && from + i < end; i++)
    {
      if (i == 8)
        {
          *value = *value << 8 | from[i];
          return 9;
        }
      *value = *value << 7 | (from[i] & 0x7f);
      if (from[i] < 0x80)
        return i + 1;
    }
  return 0;
}

gboolean
mere_tree_page_parse (MereTreePage *self, const guint8 *bytes, guint32 number)
{
  gsize         start = number == 1 ? FIRST_HEADER : 0;
  const guint8 *header = bytes + start;

  *self = (MereTreePage){ bytes, header[0], 0, get_u16 (header + 3), 0 };
  switch (header[0])
    {
    case MERE_TREE_INDEX_INNER:
    case MERE_TREE_TABLE_INNER:
      self->list = start + INNER_HEADER;
      self->last_child = get_u32 (header + 8);
      break;
    case MERE_TREE_INDEX_LEAF:
    case MERE_TREE_TABLE_LEAF:
      self->list = start + LEAF_HEADER;
      break;
    default:
      self->kind = MERE_TREE_NONE;
      return FALSE;
    }
  if (self->list + (gsize) SMALLEST_CELL * self->n_cells <= MERE_TREE_USABLE)
    return TRUE;
  self->kind = MERE_TREE_NONE;
  return FALSE;
}

/* How much of a payload lies in the page: 1.6, "Cell Payload Overflow". */
static gsize
count_local (MereTreeKind kind, gsize size)
{
  const gsize usable = MERE_TREE_USABLE;
  gsize       most = kind == MERE_TREE_TABLE_LEAF ? usable - 35 : (usable - 12) * 64 / 255 - 23;
  gsize       least = (usable - 12) * 32 / 255 - 23, part;

  if (size <= most)
    return size;
  part = least + (size - least) % (usable - 4);
  return part <= most ? part : least;
}

static gboolean
get_payload (MereTreeCell *self, MereTreeKind kind, const guint8 *at, const guint8 *end)
{
  self->local = at;
  self->n_local = count_local (kind, self->size);
  if (self->n_local > (gsize) (end - at))
    return FALSE;
  if (self->n_local == self->size)
    return TRUE;
  if ((gsize) (end - at) - self->n_local < 4)
    return FALSE;
  self->overflow = get_u32 (at + self->n_local);
  return self->overflow != 0;
}

gboolean
mere_tree_page_get_cell (const MereTreePage *self, guint cell, MereTreeCell *out)
{
  const guint8 *end = self->bytes + MERE_TREE_USABLE, *at;
  gsize         place = get_u16 (self->bytes + self->list + 2 * cell), taken;
  guint64       value = 0;

  *out = (MereTreeCell){ 0 };
  if (place < self->list + 2 * (gsize) self->n_cells || place > MERE_TREE_USABLE - SMALLEST_CELL)
    return FALSE;
  at = self->bytes + place;
  if (!mere_tree_is_leaf (self->kind))
    {
      out->child = get_u32 (at);
      at += 4;
    }
  if (self->kind != MERE_TREE_TABLE_INNER)
    {
      taken = get_varint (at, end, &value);
      if (taken == 0 || value > G_MAXINT32)
        return FALSE;
      out->size = (gsize) value;
      at += taken;
    }
  if (mere_tree_is_table (self->kind))
    {
      taken = get_varint (at, end, &value);
      if (taken == 0)
        return FALSE;
      out->number = (gint64) value;
      at += taken;
    }
  return self->kind == MERE_TREE_TABLE_INNER || get_payload (out, self->kind, at, end);
}

/* Serial types: 2.1. */
static gboolean
describe (MereTreeValue *self, guint64 serial)
{
  static const guint8 sizes[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };

  if (serial == 10 || serial == 11 || serial > 2 * (guint64) G_MAXINT32)
    return FALSE;
  self->serial = (guint) serial;
  self->size = serial < G_N_ELEMENTS (sizes) ? sizes[serial] : (gsize) (serial - 12) / 2;
  if (serial == 0)
    self->type = SQLITE_NULL;
  else if (serial == 7)
    self->type = SQLITE_FLOAT;
  else if (serial < 12)
    self->type = SQLITE_INTEGER;
  else
    self->type = serial % 2 == 0 ? SQLITE_BLOB : SQLITE_TEXT;
  return TRUE;
}

gboolean
mere_tree_record_parse (const guint8 *bytes, gsize n_bytes, gsize size, GArray *values)
{
  guint64 header, serial;
  gsize   at = get_varint (bytes, bytes + n_bytes, &header), content;

  g_array_set_size (values, 0);
  if (at == 0 || header < at || header > n_bytes || header > size)
    return FALSE;
  content = (gsize) header;
  while (at < header)
    {
      gsize         taken = get_varint (bytes + at, bytes + header, &serial);
      MereTreeValue value = { 0 };

      if (taken == 0 || values->len == MERE_TREE_MOST_VALUES || !describe (&value, serial) || value.size > size - content)
        return FALSE;
      value.at = content;
      content += value.size;
      at += taken;
      g_array_append_val (values, value);
    }
  return TRUE;
}

gint64
mere_tree_value_get_int (const MereTreeValue *self, const guint8 *payload)
{
  guint64 value;

  if (self->type != SQLITE_INTEGER)
    return 0;
  if (self->size == 0)
    return self->serial == 9;
  value = (payload[self->at] & 0x80) != 0 ? G_MAXUINT64 : 0;
  for (gsize i = 0; i < self->size; i++)
    value = value << 8 | payload[self->at + i];
  return (gint64) value;
}

static double
get_double (const MereTreeValue *self, const guint8 *payload)
{
  guint64 bits = 0;
  double  value;

  for (gsize i = 0; i < 8; i++)
    bits = bits << 8 | payload[self->at + i];
  memcpy (&value, &bits, sizeof value);
  return value;
}

int
mere_tree_value_bind (const MereTreeValue *self, const guint8 *payload, sqlite3_stmt *statement, int parameter)
{
  const char *bytes = (const char *) payload + self->at;

  switch (self->type)
    {
    case SQLITE_INTEGER:
      return sqlite3_bind_int64 (statement, parameter, mere_tree_value_get_int (self, payload));
    case SQLITE_FLOAT:
      return sqlite3_bind_double (statement, parameter, get_double (self, payload));
    case SQLITE_TEXT:
      return sqlite3_bind_text64 (statement, parameter, bytes, self->size, SQLITE_STATIC, SQLITE_UTF8);
    case SQLITE_BLOB:
      return sqlite3_bind_blob64 (statement, parameter, bytes, self->size, SQLITE_STATIC);
    default:
      return sqlite3_bind_null (statement, parameter);
    }
}
