/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a board saw, as nodes of the instrument: schemas/instruments/README.md, "passenger-processing". The nodes are
 * written as XML and read back as a whole, so that what follows from a thousand passengers is worked out once. A form
 * that has no place for something does without it. */

#include "config.h"

#include "app/capture/observation-private.h"

#include "app/capture/comments.h"

#include <string.h>

/* Stages in the order of the house, with the nodes that hold their times. */
static const struct
{
  MereStudyStage stage;
  const char    *node;
} times[] = {
  { MERE_STUDY_AT_QUEUE, "at_queue" },
  { MERE_STUDY_AT_BOOTH, "at_booth" },
  { MERE_STUDY_AT_PRESENT, "at_present" },
  { MERE_STUDY_AT_DECISION, "at_decision" },
  { MERE_STUDY_AT_SECOND_LINE, "at_second_line" },
  { MERE_STUDY_AT_SECOND_START, "at_second_start" },
  { MERE_STUDY_AT_SECOND_END, "at_second_end" },
  { MERE_STUDY_AT_EXIT, "at_exit" },
};

static const struct
{
  const char *attribute;
  const char *node;
} attributes[] = {
  { "unit", "unit" },
  { "size", "size" },
  { "vehicle", "vehicle" },
  { "lane", "lane_kind" },
  { "batch", "batch_ref" },
  { "document", "document" },
  { "reader", "reader" },
  { "chip", "chip" },
  { "light", "light" },
  { "biometrics", "biometrics" },
};

/* Attributes that hold for all: they belong to the header, "study". */
static const char *const header[] = { "direction", "mode", "lane", "booth" };

typedef struct
{
  MereStudyBoard *board;
  GString        *out;
  const char     *lane; /* of the header: a passenger's own is written where it differs */
} Writer;

static void
write_text (const Writer *self,
            const char   *node,
            const char   *text)
{
  g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;

  if (escaped != NULL && *escaped != '\0')
    g_string_append_printf (self->out, "<%s>%s</%s>", node, escaped, node);
}

static void
write_number (const Writer *self,
              const char   *node,
              guint         number)
{
  g_string_append_printf (self->out, "<%s>%u</%s>", node, number, node);
}

static void
write_time (const Writer     *self,
            const char       *node,
            const MereMoment *moment)
{
  g_autofree char *time = mere_study_board_dup_time (self->board, moment);

  write_text (self, node, time);
}

/* After a restart times come from the wall clock; where it had been set back, a time may be earlier than the one before
 * it. Such a time says nothing and is left out: the record then says that the duration is not known. */
static void
write_times (const Writer             *self,
             const MereStudyPassenger *passenger)
{
  const MereMoment *first = &mere_study_board_get_event (self->board, 0)->moment;
  gint64            latest_us = G_MININT64;

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      const MereMoment *moment = &passenger->at[times[i].stage];
      gint64            at_us;

      if (!passenger->seen[times[i].stage])
        continue;
      at_us = mere_moment_between (first, moment, NULL);
      if (at_us < latest_us)
        continue;
      write_time (self, times[i].node, moment);
      latest_us = at_us;
    }
}

static void
write_attributes (const Writer             *self,
                  const MereStudyPassenger *passenger)
{
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      const char *value = mere_study_passenger_get_attribute (passenger, attributes[i].attribute);

      if (strcmp (attributes[i].attribute, "lane") != 0 || g_strcmp0 (value, self->lane) != 0)
        write_text (self, attributes[i].node, value);
    }
}

static gboolean
is_by_wall_clock (const MereStudyPassenger *passenger)
{
  for (guint span = 0; span < MERE_STUDY_N_SPANS; span++)
    if (mere_study_passenger_get_duration (passenger, (MereStudySpan) span).wall_clock)
      return TRUE;
  return FALSE;
}

static char *
join (GPtrArray *notes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < notes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (char *) notes->pdata[i]);
  return g_string_free (text, FALSE);
}

static void
write_passenger (const Writer             *self,
                 const MereStudyPassenger *passenger)
{
  g_autofree char *note = join (passenger->notes);

  g_string_append (self->out, "<passenger>");
  write_number (self, "number", passenger->number);
  write_attributes (self, passenger);
  write_times (self, passenger);
  write_text (self, "outcome", mere_study_passenger_get_outcome (passenger));
  write_text (self, "note", note);
  write_text (self, "wall_clock", is_by_wall_clock (passenger) ? "yes" : "no");
  write_number (self, "corrections", passenger->corrections);
  g_string_append (self->out, "</passenger>");
}

static char *
join_notes_on (const Writer *self,
               guint         sequence)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new ();

  for (guint i = sequence; i < mere_study_board_get_n_events (self->board); i++)
    {
      const MereStudyEvent *event = mere_study_board_get_event (self->board, i);

      if (event->kind == MERE_STUDY_NOTE && event->target == sequence && !mere_study_board_is_undone (self->board, i))
        g_ptr_array_add (notes, event->value);
    }
  return join (notes);
}

static void
write_booth_event (const Writer         *self,
                   const MereStudyEvent *event,
                   const MereMoment     *moment)
{
  g_autofree char *note = join_notes_on (self, event->sequence);

  g_string_append (self->out, "<booth_event>");
  write_text (self, "booth_event_kind", mere_study_kind_get_code (event->kind));
  write_time (self, "booth_event_at", moment);
  write_text (self, "booth_event_note", note);
  g_string_append (self->out, "</booth_event>");
}

static void
write_count (const Writer         *self,
             const MereStudyEvent *event,
             const MereMoment     *moment)
{
  g_auto (GStrv) parts = g_strsplit (event->value, "/", 2);

  g_string_append (self->out, "<snapshot>");
  write_time (self, "snapshot_at", moment);
  write_text (self, "waiting", parts[0]);
  write_text (self, "staffed", parts[1]);
  g_string_append (self->out, "</snapshot>");
}

static void
write_event (const Writer *self,
             guint         index)
{
  const MereStudyEvent *event = mere_study_board_get_event (self->board, index);
  MereMoment            moment = mere_study_board_get_corrected (self->board, index);

  if (mere_study_board_is_undone (self->board, index))
    return;
  switch (event->kind)
    {
    case MERE_STUDY_OPEN:
    case MERE_STUDY_CLOSED:
    case MERE_STUDY_WAITING:
    case MERE_STUDY_INTERRUPTION:
    case MERE_STUDY_DOWN:
    case MERE_STUDY_UP:
      write_booth_event (self, event, &moment);
      break;
    case MERE_STUDY_COUNT:
      write_count (self, event, &moment);
      break;
    default:
      break;
    }
}

static const char *
first_attribute (MereStudyBoard *board,
                 const char     *name)
{
  for (guint i = 0; i < mere_study_board_get_n_passengers (board); i++)
    {
      const char *value = mere_study_passenger_get_attribute (mere_study_board_get_passenger (board, i), name);

      if (value != NULL)
        return value;
    }
  return NULL;
}

static void
fill_header (MereFormSession *session,
             MereStudyBoard  *board)
{
  MereFormNode *study = mere_form_node_find_child (mere_form_session_get_root (session), "study");

  for (guint i = 0; i < G_N_ELEMENTS (header); i++)
    {
      MereFormNode *node = mere_form_node_find_child (study, header[i]);
      const char   *value = first_attribute (board, header[i]);

      if (node != NULL && value != NULL && *mere_form_node_get_kept_value (node) == '\0')
        mere_form_session_put_back (session, node, value);
    }
}

/* The board alone says who passed. */
static gboolean
remove_passengers (MereFormSession *session,
                   GError         **error)
{
  MereFormNode *passengers = mere_form_node_find_child (mere_form_session_get_root (session), "passenger");

  for (guint n = passengers != NULL ? mere_form_node_get_n_children (passengers) : 0; n > 0; n--)
    if (!mere_form_session_remove_instance (session, mere_form_node_get_child (passengers, n - 1), error))
      return FALSE;
  return TRUE;
}

static char *
write_board (MereFormSession *session,
             MereStudyBoard  *board)
{
  MereFormNode *lane = mere_form_node_find_child (mere_form_node_find_child (mere_form_session_get_root (session), "study"), "lane");
  Writer        self = { board, g_string_new (NULL), lane != NULL ? mere_form_node_get_value (lane) : NULL };

  for (guint i = 0; i < mere_study_board_get_n_passengers (board); i++)
    write_passenger (&self, mere_study_board_get_passenger (board, i));
  for (guint i = 0; i < mere_study_board_get_n_events (board); i++)
    write_event (&self, i);
  return g_string_free (self.out, FALSE);
}

GBytes *
mere_observation_write (MereForm       *form,
                        GBytes         *instance,
                        MereStudyBoard *board,
                        GError        **error)
{
  g_autoptr (MereFormSession) session = mere_form_session_new_from_instance (form, instance, FALSE, error);
  g_autoptr (MereComments) comments = session != NULL ? mere_comments_read (instance, session, error) : NULL;
  g_autoptr (GBytes) bare = NULL;
  g_autoptr (GBytes) commented = NULL;
  g_autofree char *elements = NULL;

  if (comments == NULL)
    return NULL;
  fill_header (session, board);
  if (!remove_passengers (session, error))
    return NULL;
  mere_comments_prune (comments, session);
  elements = write_board (session, board);
  bare = mere_form_session_serialize (session, FALSE);
  commented = mere_comments_write (comments, bare, session, FALSE);
  return mere_instance_append (commented, elements);
}
