/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/study/moment.h"

G_BEGIN_DECLS

#define MERE_STUDY_ERROR (mere_study_error_quark ())

typedef enum {
  MERE_STUDY_ERROR_UNEXPECTED = 1, /* the event does not fit what the board knows */
  MERE_STUDY_ERROR_NOTHING,        /* nothing to undo, to correct or to note */
  MERE_STUDY_ERROR_NOT_ALLOWED,    /* an attribute or a value that a study does not keep */
  MERE_STUDY_ERROR_FORMAT,         /* a line of events that cannot be read */
} MereStudyError;

GQuark mere_study_error_quark (void);

/* What can be seen at a control point. The letters are those of the sheet that observers carry. */
typedef enum {
  /* A passenger, or a unit that is processed as one: a family, a vehicle */
  MERE_STUDY_QUEUE = 'Q',        /* joins the queue's tail */
  MERE_STUDY_BOOTH = 'B',        /* reaches the booth */
  MERE_STUDY_PRESENT = 'P',      /* documents are presented */
  MERE_STUDY_DECISION = 'D',     /* a decision is made; an outcome other than released in name and value */
  MERE_STUDY_SECOND_LINE = 'S',  /* is sent to the second line; ends the booth's service where no D was seen */
  MERE_STUDY_SECOND_START = '1', /* S1: the second line starts */
  MERE_STUDY_SECOND_END = '2',   /* S2: the second line ends */
  MERE_STUDY_EXIT = 'X',         /* leaves the control area */
  MERE_STUDY_LOST = 'L',         /* left the queue or out of sight: what was running counts as "at least" */
  /* The booth */
  MERE_STUDY_OPEN = 'O',
  MERE_STUDY_CLOSED = 'C',
  MERE_STUDY_WAITING = 'W',      /* no one in front of the officer, until the next B */
  MERE_STUDY_INTERRUPTION = 'I', /* until the next event of a passenger or of the booth */
  MERE_STUDY_DOWN = 'N',         /* the system is down … */
  MERE_STUDY_UP = 'U',           /* … and up again */
  MERE_STUDY_COUNT = 'K',        /* a snapshot; value "waiting/staffed", as "14/3" */
  /* About what was seen */
  MERE_STUDY_ATTRIBUTE = 'V', /* name and value; without a passenger it holds for all that follow */
  MERE_STUDY_NOTE = 'T',      /* value is the text */
  MERE_STUDY_SHIFT = 'A',     /* the target was really shift_us later; the original stays */
  MERE_STUDY_UNDO = 'Z',      /* the target did not happen */
} MereStudyKind;

/* "Q", "S1", "undo", "note" …: as events are stored and exported. */
const char *mere_study_kind_get_code (MereStudyKind kind);
gboolean    mere_study_kind_from_code (const char *code, MereStudyKind *kind);
/* "Reaches the booth", in the language of the program. */
const char *mere_study_kind_get_label (MereStudyKind kind);

/**
 * MereStudyEvent:
 *
 * One line of a study, never changed once written: corrections and undo are lines too. Feeding the lines of a study in
 * order of @sequence gives back its board.
 */
typedef struct
{
  guint         sequence; /* from 1, without gaps */
  MereStudyKind kind;
  guint         passenger; /* from 1; 0: the booth or the study */
  guint         target;    /* sequence of the event that a shift, an undo or a note is about, or 0 */
  gint64        shift_us;  /* of a shift */
  MereMoment    moment;    /* when the key was pressed */
  char         *name;      /* of an attribute, or NULL */
  char         *value;     /* of an attribute, a note or a snapshot, or NULL */
} MereStudyEvent;

#define MERE_STUDY_EVENT_INIT \
  {                           \
    0                         \
  }

void            mere_study_event_clear (MereStudyEvent *self);
MereStudyEvent *mere_study_event_copy (const MereStudyEvent *self);
void            mere_study_event_free (MereStudyEvent *self);

/**
 * mere_study_event_dup_details:
 *
 * What an event has beside sequence, kind, moment and (for an undo) target, as a JSON object; for a table that keeps
 * these in columns.
 *
 * Returns: (transfer full) (nullable): the object, %NULL where there is nothing more
 */
char *mere_study_event_dup_details (const MereStudyEvent *self);

/* The way back. @details may be %NULL. Fails with %MERE_STUDY_ERROR_FORMAT. */
gboolean mere_study_event_init_from_row (MereStudyEvent   *self,
                                         guint             sequence,
                                         const char       *kind,
                                         guint             target,
                                         const char       *details,
                                         const MereMoment *moment,
                                         GError          **error);

/* One event as a line of CSV without its newline (RFC 4180), and the line that names the columns. */
#define MERE_STUDY_EVENT_COLUMNS "sequence,kind,passenger,target,shift_us,utc_us,offset_s,boot_us,boot,name,value"
char *mere_study_event_to_csv (const MereStudyEvent *self);

/**
 * mere_study_events_from_csv:
 * @text: a file of events, with or without the line of columns; hostile
 *
 * Returns: (transfer container) (element-type MereStudyEvent): the events in the file's order, or %NULL
 */
GPtrArray *mere_study_events_from_csv (const char *text, gsize length, GError **error);

/**
 * mere_study_attribute_check:
 *
 * A study keeps no personal data: only the attributes of a closed list, with coded values, small numbers, or (for the
 * batch, the booth and the lane's label) an identifier of at most 16 letters, digits, "-", "_" and ".".
 */
gboolean mere_study_attribute_check (const char *name, const char *value, GError **error);

/* The closed list, and an attribute's codes (NULL where it is a number or an identifier); both NULL-terminated. */
const char *const *mere_study_attribute_list (void);
const char *const *mere_study_attribute_get_codes (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStudyEvent, mere_study_event_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereStudyEvent, mere_study_event_clear)

G_END_DECLS
