/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One line of a study: what it is called, and how it looks in a table's row. */

#include "config.h"

#include "app/study/event.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

G_DEFINE_QUARK (mere_study_error, mere_study_error)

static const struct
{
  MereStudyKind kind;
  const char   *code;
  const char   *label;
} kinds[] = {
  { MERE_STUDY_QUEUE, "Q", NC_ ("event", "Joins the queue") },
  { MERE_STUDY_BOOTH, "B", NC_ ("event", "Reaches the booth") },
  { MERE_STUDY_PRESENT, "P", NC_ ("event", "Documents presented") },
  { MERE_STUDY_DECISION, "D", NC_ ("event", "Decision") },
  { MERE_STUDY_SECOND_LINE, "S", NC_ ("event", "Sent to second line") },
  { MERE_STUDY_SECOND_START, "S1", NC_ ("event", "Second line starts") },
  { MERE_STUDY_SECOND_END, "S2", NC_ ("event", "Second line ends") },
  { MERE_STUDY_EXIT, "X", NC_ ("event", "Leaves the control area") },
  { MERE_STUDY_LOST, "L", NC_ ("event", "Left or lost from sight") },
  { MERE_STUDY_OPEN, "O", NC_ ("event", "Booth opens") },
  { MERE_STUDY_CLOSED, "C", NC_ ("event", "Booth closes") },
  { MERE_STUDY_WAITING, "W", NC_ ("event", "Officer waits") },
  { MERE_STUDY_INTERRUPTION, "I", NC_ ("event", "Interruption") },
  { MERE_STUDY_DOWN, "N", NC_ ("event", "System down") },
  { MERE_STUDY_UP, "U", NC_ ("event", "System up") },
  { MERE_STUDY_COUNT, "count", NC_ ("event", "Queue counted") },
  { MERE_STUDY_ATTRIBUTE, "attribute", NC_ ("event", "Attribute") },
  { MERE_STUDY_NOTE, "note", NC_ ("event", "Note") },
  { MERE_STUDY_SHIFT, "shift", NC_ ("event", "Time corrected") },
  { MERE_STUDY_UNDO, "undo", NC_ ("event", "Taken back") },
};

const char *
mere_study_kind_get_code (MereStudyKind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].kind == kind)
      return kinds[i].code;
  g_return_val_if_reached ("");
}

gboolean
mere_study_kind_from_code (const char *code, MereStudyKind *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].code, code))
      {
        *kind = kinds[i].kind;
        return TRUE;
      }
  return FALSE;
}

const char *
mere_study_kind_get_label (MereStudyKind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].kind == kind)
      return g_dpgettext2 (GETTEXT_PACKAGE, "event", kinds[i].label);
  g_return_val_if_reached ("");
}

void
mere_study_event_clear (MereStudyEvent *self)
{
  g_free (self->name);
  g_free (self->value);
  *self = (MereStudyEvent) MERE_STUDY_EVENT_INIT;
}

MereStudyEvent *
mere_study_event_copy (const MereStudyEvent *self)
{
  MereStudyEvent *copy = g_new (MereStudyEvent, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->value = g_strdup (self->value);
  return copy;
}

void
mere_study_event_free (MereStudyEvent *self)
{
  mere_study_event_clear (self);
  g_free (self);
}

static void
add_text (JsonObject *object, const char *member, const char *text)
{
  if (text)
    json_object_set_string_member (object, member, text);
}

static void
add_number (JsonObject *object, const char *member, gint64 number)
{
  if (number != 0)
    json_object_set_int_member (object, member, number);
}

char *
mere_study_event_dup_details (const MereStudyEvent *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  add_number (object, "passenger", self->passenger);
  if (self->kind != MERE_STUDY_UNDO)
    add_number (object, "target", self->target);
  add_number (object, "shift_us", self->shift_us);
  add_text (object, "name", self->name);
  add_text (object, "value", self->value);
  if (json_object_get_size (object) == 0)
    return NULL;
  json_node_init_object (node, object);
  return json_to_string (node, FALSE);
}

static gboolean
read_number (JsonObject *object, const char *member, gint64 lowest, gint64 highest, gint64 *number)
{
  JsonNode *node = json_object_get_member (object, member);

  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (node);
  return *number >= lowest && *number <= highest;
}

static gboolean
read_text (JsonObject *object, const char *member, char **text)
{
  JsonNode *node = json_object_get_member (object, member);

  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *text = g_strdup (json_node_get_string (node));
  return TRUE;
}

static gboolean
read_details (MereStudyEvent *self, const char *details)
{
  g_autoptr (JsonNode) node = json_from_string (details, NULL);
  gint64 passenger = 0, target = self->target, shift_us = 0;

  if (!node || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  if (!read_number (json_node_get_object (node), "passenger", 0, G_MAXINT, &passenger) ||
      !read_number (json_node_get_object (node), "target", 0, G_MAXINT, &target) ||
      !read_number (json_node_get_object (node), "shift_us", G_MININT64, G_MAXINT64, &shift_us) ||
      !read_text (json_node_get_object (node), "name", &self->name) ||
      !read_text (json_node_get_object (node), "value", &self->value))
    return FALSE;
  self->passenger = (guint) passenger;
  self->target = (guint) target;
  self->shift_us = shift_us;
  return TRUE;
}

gboolean
mere_study_event_init_from_row (MereStudyEvent   *self,
                                guint             sequence,
                                const char       *kind,
                                guint             target,
                                const char       *details,
                                const MereMoment *moment,
                                GError          **error)
{
  *self = (MereStudyEvent){ .sequence = sequence, .target = target, .moment = *moment };
  if (!mere_study_kind_from_code (kind, &self->kind))
    {
      g_set_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_FORMAT,
                   /* Translators: an event of a time study that was stored by another version */
                   _ ("“%s” is not an event of a time study"), kind);
      return FALSE;
    }
  if (details && !read_details (self, details))
    {
      mere_study_event_clear (self);
      g_set_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_FORMAT,
                   _ ("Event %u of the time study cannot be read"), sequence);
      return FALSE;
    }
  return TRUE;
}
