/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "app/store/instrument.h"
#include "app/store/statement.h"
#include "app/study/moment.h"

G_BEGIN_DECLS

/* Where a record is on its way. Derived from the log, bundles, placements and receipts; there is no call to set it. */
typedef enum {
  MERE_RECORD_FINAL,        /* immutable, on this laptop only */
  MERE_RECORD_PACKED,       /* in a sealed bundle */
  MERE_RECORD_DELIVERED,    /* on at least one stick, read back */
  MERE_RECORD_ACKNOWLEDGED, /* headquarters' signed receipt lists it */
  MERE_RECORD_REFUSED,      /* headquarters' signed receipt says that it could not take it; a new version is due */
  MERE_RECORD_ERASED,       /* its content was erased here after headquarters had it; name and hash stay */
} MereRecordState;

#define MERE_RECORD_N_STATES 6

/**
 * MereRecord:
 * @row: its number in this store; grows with each record, so that lists can be paged by it
 * @id: instanceID, "uuid:…"
 * @deprecated_id: (nullable): the version that this one replaces
 * @first_id: the first version of the same record; its own id where there is no other
 * @latest: whether no newer version exists
 * @title: title of the instrument, or the instance's name
 * @crossing: (nullable): id of the crossing
 * @crossing_name: (nullable): its name now
 * @b2: BLAKE2b-256 of the XML, hex
 * @size: bytes of the XML
 * @returned: headquarters has sent it back, and no newer version answers that yet: see returned.h
 *
 * One version of one filled instrument, without its XML.
 */
typedef struct
{
  gint64             row;
  char              *id;
  char              *deprecated_id;
  char              *first_id;
  gboolean           latest;
  char              *form;
  char              *form_version;
  char              *form_b2;
  char              *title;
  MereInstrumentKind kind;
  char              *assessment;
  char              *crossing;
  char              *crossing_name;
  char              *b2;
  gint64             size;
  gint64             created_us;
  gint32             created_offset_s;
  gint64             finalised_us;
  gint32             finalised_offset_s;
  MereRecordState    state;
  gboolean           returned;
} MereRecord;

#define MERE_TYPE_RECORD (mere_record_get_type ())

GType       mere_record_get_type (void) G_GNUC_CONST;
MereRecord *mere_record_copy (const MereRecord *self);
void        mere_record_free (MereRecord *self);

/* "final", "packed", "delivered", "acknowledged", "refused", "erased": what the database and --json say. */
const char *mere_record_state_to_string (MereRecordState state);

/**
 * MereRecordNew:
 *
 * What mere_record_add() keeps. @draft is the draft it comes from (its attachments go over), 0 without one.
 */
typedef struct
{
  const char        *id;
  const char        *deprecated_id;
  const char        *form;
  const char        *form_version;
  const char        *form_b2;
  const char        *title;
  const char        *assessment;
  const char        *crossing;
  MereInstrumentKind kind;
  MereMoment         created;
  GBytes            *xml;
  gint64             draft;
} MereRecordNew;

/**
 * mere_record_add:
 *
 * Keeps a final version and its line in the log, in one transaction. %MERE_STORE_ERROR_CONFLICT where the id is taken,
 * or where @deprecated_id already has a newer version.
 */
gboolean mere_record_add (MereStore *store, const MereRecordNew *record, GError **error);

/**
 * MereRecordFilter:
 * @form: (nullable): only of this form
 * @crossing: (nullable): only at this crossing
 * @kind: a #MereInstrumentKind, or -1
 * @states: bit mask of 1 << #MereRecordState, 0 for all
 * @older_versions: whether versions that have a newer one are listed too
 * @returned: only those that headquarters has sent back
 * @before_row: only records with a lower row: the last row of the page before; 0 for the first page
 * @limit: how many at most, 0 for 100
 *
 * Initialise with %MERE_RECORD_FILTER_INIT.
 */
typedef struct
{
  const char *form;
  const char *crossing;
  int         kind;
  guint       states;
  gboolean    older_versions;
  gboolean    returned;
  gint64      before_row;
  guint       limit;
} MereRecordFilter;

#define MERE_RECORD_FILTER_INIT \
  {                             \
    .kind = -1                  \
  }

/* Sent back by headquarters, and not yet answered by a newer version. */
#define MERE_RECORD_RETURNED "(d.superseded = 0 AND EXISTS (SELECT 1 FROM returned AS w WHERE w.record = d.id))"

/* All versions of the record that ?1 is one of. The first is known by its id; the index record_by_first has the others. */
#define MERE_RECORD_VERSIONS                            \
  "(d.id = (SELECT first_id FROM record WHERE id = ?1)" \
  " OR (d.first_id = (SELECT first_id FROM record WHERE id = ?1) AND d.first_id <> d.id))"

#define MERE_RECORD_COLUMNS                                                                             \
  "d.row, d.id, d.deprecated_id, d.first_id, d.superseded, d.form, d.form_version, d.form_b2, d.title," \
  " d.kind, d.assessment, d.crossing, c.name, d.b2, d.size, d.created_us, d.created_offset_s,"          \
  " d.finalised_us, d.finalised_offset_s, d.state, CASE WHEN " MERE_RECORD_RETURNED " THEN 1 ELSE 0 END"
#define MERE_RECORD_N_COLUMNS 21

/* For who joins records with other tables: of a query whose first columns are %MERE_RECORD_COLUMNS, with "record AS d" and
 * "crossing AS c". (transfer full) */
MereRecord *mere_record_read (MereStatement *query);

GPtrArray  *mere_record_list (MereStore *store, const MereRecordFilter *filter, GError **error); /* MereRecord, newest first */
MereRecord *mere_record_load (MereStore *store, const char *id, GError **error);                 /* NOT_FOUND */
GBytes     *mere_record_load_xml (MereStore *store, const char *id, GError **error);             /* NOT_FOUND when erased too */

/* All versions of a record by the id of any of them, the oldest first: MereRecord. */
GPtrArray *mere_record_list_versions (MereStore *store, const char *id, GError **error);

/* How many records are in each state. */
gboolean mere_record_count (MereStore *store, gint64 counts[MERE_RECORD_N_STATES], GError **error);

/**
 * mere_record_erase:
 *
 * Removes XML, attachments that no other record has and the events of a study; the title becomes that of the
 * questionnaire. Writes a line in the log. Only an acknowledged record that is not sent back:
 * otherwise %MERE_STORE_ERROR_CONFLICT, and nothing is changed. All of them at once, and what is left of them in the database: app/store/erasure.h.
 */
gboolean mere_record_erase (MereStore *store, const char *id, GError **error);

/**
 * mere_record_derive_states:
 * @n_changed: (out) (optional): how many were not as they should be
 *
 * Derives every state anew from bundles, placements and receipts. The database does so by itself with each change;
 * this is the check, and the repair.
 */
gboolean mere_record_derive_states (MereStore *store, gint64 *n_changed, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereRecord, mere_record_free)

G_END_DECLS
