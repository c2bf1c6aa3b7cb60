/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events as a CSV file (RFC 4180): for the sheet that was keyed elsewhere, and for the analyst's table. */

#include "config.h"

#include "app/study/event.h"

#include <glib/gi18n-lib.h>

#define N_COLUMNS 11
#define EVENTS_MAX 1000000
#define FIELD_MAX 8192 /* bytes: a note has up to 2,000 characters, of up to four */

static void
append_field (GString *line, const char *text)
{
  if (!text || strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (line, text ? text : "");
      return;
    }
  g_string_append_c (line, '"');
  for (const char *c = text; *c; c++)
    g_string_append (line, *c == '"' ? "\"\"" : (char[]){ *c, '\0' });
  g_string_append_c (line, '"');
}

char *
mere_study_event_to_csv (const MereStudyEvent *self)
{
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%u,%s,%u,%u,%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%d,%" G_GINT64_FORMAT ",%u,",
                          self->sequence, mere_study_kind_get_code (self->kind), self->passenger, self->target,
                          self->shift_us, self->moment.utc_us, self->moment.offset_s, self->moment.boot_us,
                          self->moment.boot);
  append_field (line, self->name);
  g_string_append_c (line, ',');
  append_field (line, self->value);
  return g_string_free (line, FALSE);
}

/* Where reading stands. */
typedef struct
{
  const char *at;
  const char *end;
  guint       line;
  GString    *fields[N_COLUMNS];
  guint       n_fields;
} Reader;

static void
reader_clear (Reader *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    g_string_free (self->fields[i], TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
reader_init (Reader *self, const char *text, gsize length)
{
  *self = (Reader){ .at = text, .end = text + length };
  for (guint i = 0; i < N_COLUMNS; i++)
    self->fields[i] = g_string_new (NULL);
}

/* Within quotes: up to the closing one, doubled ones halved. */
static gboolean
read_quoted (Reader *self, GString *field)
{
  for (self->at++; self->at < self->end && field->len < FIELD_MAX; self->at++)
    {
      if (*self->at == '"')
        {
          if (self->at + 1 == self->end || self->at[1] != '"')
            {
              self->at++;
              return TRUE;
            }
          self->at++;
        }
      g_string_append_c (field, *self->at);
    }
  return FALSE;
}

static gboolean
read_field (Reader *self)
{
  GString *field;

  if (self->n_fields == N_COLUMNS)
    return FALSE;
  field = self->fields[self->n_fields++];
  g_string_truncate (field, 0);
  if (self->at < self->end && *self->at == '"')
    return read_quoted (self, field);
  for (; self->at < self->end && !strchr (",\r\n", *self->at); self->at++)
    {
      if (field->len == FIELD_MAX || *self->at == '\0' || *self->at == '"')
        return FALSE;
      g_string_append_c (field, *self->at);
    }
  return TRUE;
}

/* One line into the fields, its end passed. */
static gboolean
read_line (Reader *self)
{
  self->line++;
  self->n_fields = 0;
  do
    {
      if (!read_field (self))
        return FALSE;
    }
  while (self->at < self->end && *self->at == ',' && self->at++);
  if (self->at < self->end && *self->at == '\r')
    self->at++;
  if (self->at == self->end)
    return TRUE;
  return *self->at == '\n' && self->at++;
}

static gboolean
read_unsigned (const char *text, guint64 highest, guint *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, highest, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

static gboolean
read_signed (const char *text, gint64 *number)
{
  /* A year either way of the epoch's first 30,000 keeps every later sum within 64 bits. */
  return g_ascii_string_to_signed (text, 10, -G_GINT64_CONSTANT (1000000000000000000),
                                   G_GINT64_CONSTANT (1000000000000000000), number, NULL);
}

static char *
take_text (GString *field)
{
  return field->len == 0 ? NULL : g_strdup (field->str);
}

static gboolean
is_text (GString *field)
{
  return strlen (field->str) == field->len && g_utf8_validate (field->str, (gssize) field->len, NULL);
}

static gboolean
read_event (Reader *self, MereStudyEvent *event)
{
  char  *text[N_COLUMNS];
  gint64 offset_s;
  guint  boot;

  if (self->n_fields != N_COLUMNS || !is_text (self->fields[9]) || !is_text (self->fields[10]))
    return FALSE;
  for (guint i = 0; i < N_COLUMNS; i++)
    text[i] = self->fields[i]->str;
  if (!read_unsigned (text[0], EVENTS_MAX, &event->sequence) ||
      !mere_study_kind_from_code (text[1], &event->kind) ||
      !read_unsigned (text[2], EVENTS_MAX, &event->passenger) ||
      !read_unsigned (text[3], EVENTS_MAX, &event->target) ||
      !read_signed (text[4], &event->shift_us) ||
      !read_signed (text[5], &event->moment.utc_us) ||
      !g_ascii_string_to_signed (text[6], 10, -86400, 86400, &offset_s, NULL) ||
      !read_signed (text[7], &event->moment.boot_us) ||
      !read_unsigned (text[8], G_MAXUINT32, &boot))
    return FALSE;
  event->moment.offset_s = (gint32) offset_s;
  event->moment.boot = boot;
  event->name = take_text (self->fields[9]);
  event->value = take_text (self->fields[10]);
  return TRUE;
}

static gboolean
is_columns (Reader *self)
{
  return self->line == 1 && self->n_fields == N_COLUMNS && g_str_equal (self->fields[0]->str, "sequence");
}

GPtrArray *
mere_study_events_from_csv (const char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_study_event_free);
  g_auto (Reader) reader;

  reader_init (&reader, text, length);
  while (reader.at < reader.end)
    {
      g_autoptr (MereStudyEvent) event = g_new0 (MereStudyEvent, 1);
      gboolean readable = events->len < EVENTS_MAX && read_line (&reader);

      if (readable && is_columns (&reader))
        continue;
      if (!readable || !read_event (&reader, event))
        {
          g_set_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_FORMAT,
                       _ ("Line %u is not an event of a time study"), reader.line);
          return NULL;
        }
      g_ptr_array_add (events, g_steal_pointer (&event));
    }
  return g_steal_pointer (&events);
}
