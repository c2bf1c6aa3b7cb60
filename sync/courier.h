/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/store/erasure.h"
#include "sync/stream.h"

G_BEGIN_DECLS

/* What the two buttons of the stick page do. Both block: run them in a GTask's thread. Whatever happens to the stick, the
 * laptop still holds everything, and both may be repeated any number of times on any stick. */

#define MERE_COURIER_ERROR (mere_courier_error_quark ())
GQuark mere_courier_error_quark (void);

/**
 * MereCourierError:
 * @MERE_COURIER_ERROR_NOT_ENROLLED: headquarters and this laptop do not know each other yet: see sync/enrol.h
 * @MERE_COURIER_ERROR_REVOKED: headquarters has revoked this laptop; nothing is packed
 * @MERE_COURIER_ERROR_OUTBOX: the laptop's own disk failed or is full; records stay as they are
 */
typedef enum {
  MERE_COURIER_ERROR_NOT_ENROLLED = 1,
  MERE_COURIER_ERROR_REVOKED,
  MERE_COURIER_ERROR_OUTBOX,
} MereCourierError;

typedef enum {
  MERE_COURIER_LOOKING, /* at the stick */
  MERE_COURIER_PACKING, /* records into sealed bundles, on the laptop's disk */
  MERE_COURIER_WRITING, /* to the stick, and reading back */
  MERE_COURIER_READING, /* from the stick */
  MERE_COURIER_ERASING, /* records; @done and @total are records */
} MereCourierStep;

/**
 * MereCourierProgress:
 * @done: bytes of this step that are behind us
 * @total: bytes of this step in all; 0 while not known
 *
 * Called in the thread that works.
 */
typedef void (*MereCourierProgress) (gpointer user_data, MereCourierStep step, guint64 done, guint64 total);

/**
 * MereCourierRefusal:
 * @name: file on the stick
 * @code: "E_SIGNATURE": see sync/bundle-format.h
 * @message: a sentence for the user
 *
 * A file that was called like one of ours and was not taken.
 */
typedef struct
{
  char *name;
  char *code;
  char *message;
} MereCourierRefusal;

/**
 * MereCourierWritten:
 * @n_sealed: bundles that were made now
 * @n_records: records in the bundles that lie on this stick now
 * @n_bundles: bundles on this stick now, read back the same: all that headquarters has not acknowledged
 * @n_bytes: their size
 * @n_removed: sessions of acknowledged bundles that were cleared from the stick
 * @session: (nullable): folder of this insertion; %NULL where there was nothing to write
 * @stick: (nullable): the stick's random id
 * @new_chain: whether this laptop turned out to be restored from an older copy, and began a new chain of bundles
 */
typedef struct
{
  guint    n_sealed;
  guint    n_records;
  guint    n_bundles;
  guint64  n_bytes;
  guint    n_removed;
  char    *session;
  char    *stick;
  gboolean new_chain;
} MereCourierWritten;

/**
 * mere_courier_write:
 * @folder: where the stick is mounted, or any folder
 * @progress: (nullable):
 * @cancellable: (nullable): between records, and while writing; what was sealed stays sealed
 * @error: return location, domain %MERE_COURIER_ERROR, %MERE_STICK_ERROR, %MERE_BUNDLE_ERROR, %MERE_STORE_ERROR, or
 *   %G_IO_ERROR_CANCELLED
 *
 * Seals all finals that are in no bundle, then writes every bundle that is not acknowledged into a fresh folder of the
 * stick, and reads all back. Only then are they marked delivered.
 *
 * Returns: (transfer full): what was done; %NULL: nothing counts as delivered by this call
 */
MereCourierWritten *mere_courier_write (MereStore          *store,
                                        const char         *folder,
                                        MereCourierProgress progress,
                                        gpointer            user_data,
                                        GCancellable       *cancellable,
                                        GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void                mere_courier_written_free (MereCourierWritten *self);

/**
 * MereCourierRead:
 * @n_receipts: receipts that were new
 * @n_dispatches: dispatches that were new
 * @n_known: bundles for us that were read before; they change nothing
 * @n_others: bundles for others; not opened
 * @n_acknowledged: records that headquarters has, and that it was not known to have before
 * @n_refused_records: records that headquarters newly says it could not take
 * @n_returned: records that headquarters newly sends back with comments
 * @n_team_records: records of colleagues that were not counted here before; see sync/team.h
 * @n_instruments: instruments that are new or have a new version
 * @n_crossings: crossings of the newest dispatch, where one was installed
 * @assessment: (nullable): title of the mission, where one was installed
 * @message: (nullable): headquarters' text to the team, of the newest dispatch that was installed
 * @trust: version of the trust list afterwards
 * @new_chain: as in #MereCourierWritten: a receipt named bundles of ours that we do not know
 * @revoked: whether the trust list now says that this laptop is revoked
 * @key_old: whether headquarters says that this laptop encrypts to a key that it has replaced, and no newer list lies here
 * @copied: whether headquarters says that this laptop's keys are used by two: see #MereCourierStatus
 * @new_root: whether headquarters has handed over its root to another one, which is trusted from now on
 * @strange_hq: (nullable): name of a headquarters that is not ours, whose card lies here
 * @refusals: (element-type MereCourierRefusal): what was not taken, and why
 */
typedef struct
{
  guint      n_receipts;
  guint      n_dispatches;
  guint      n_known;
  guint      n_others;
  guint      n_acknowledged;
  guint      n_refused_records;
  guint      n_returned;
  guint      n_team_records;
  guint      n_instruments;
  guint      n_crossings;
  char      *assessment;
  char      *message;
  guint      trust;
  gboolean   new_chain;
  gboolean   revoked;
  gboolean   key_old;
  gboolean   copied;
  gboolean   new_root;
  char      *strange_hq;
  GPtrArray *refusals;
} MereCourierRead;

/**
 * mere_courier_read:
 * @folder: where the stick is mounted, or any folder
 * @error: return location, domain %MERE_COURIER_ERROR, %MERE_STICK_ERROR, %MERE_STORE_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Takes in what headquarters has sent: trust lists, receipts, dispatches, each in one transaction. Copies first, checks
 * the copy, believes nothing that the trust list's keys have not signed. Counters never go back. A file that is refused
 * does not keep the others out; it is listed.
 *
 * Returns: (transfer full): what was done
 */
MereCourierRead *mere_courier_read (MereStore          *store,
                                    const char         *folder,
                                    MereCourierProgress progress,
                                    gpointer            user_data,
                                    GCancellable       *cancellable,
                                    GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void             mere_courier_read_free (MereCourierRead *self);

/**
 * mere_courier_erase:
 * @result: (out):
 * @error: return location, domain %MERE_STORE_ERROR, %MERE_COURIER_ERROR or %G_IO_ERROR_CANCELLED
 *
 * mere_erasure_run() as an errand: nothing is packed meanwhile. Sealed bundles that headquarters has go from the outbox, too.
 */
gboolean mere_courier_erase (MereStore          *store,
                             MereCourierProgress progress,
                             gpointer            user_data,
                             GCancellable       *cancellable,
                             MereErasureResult  *result,
                             GError            **error);

/**
 * MereCourierLook:
 * @n_ours: finished bundles of this laptop on the stick
 * @n_ours_open: of them, those that headquarters has not acknowledged
 * @n_for_us: finished bundles of headquarters that may be for us, and are not known here
 * @n_team: finished bundles of colleagues that are not counted here
 * @n_others: finished bundles of or for others
 * @n_unfinished: pairs without a signature: the stick was pulled
 * @has_card: headquarters' card lies on it
 * @has_enrolment: a card of this laptop lies on it
 * @n_bytes: size of all of them
 *
 * What is on the stick, by names; nothing is opened but cards.
 */
typedef struct
{
  guint    n_ours;
  guint    n_ours_open;
  guint    n_for_us;
  guint    n_team;
  guint    n_others;
  guint    n_unfinished;
  gboolean has_card;
  gboolean has_enrolment;
  guint64  n_bytes;
} MereCourierLook;

gboolean mere_courier_look (MereStore       *store,
                            const char      *folder,
                            MereCourierLook *look,
                            GCancellable    *cancellable,
                            GError         **error);

/**
 * MereCourierStatus:
 * @n_waiting: records that no stick has yet: final or packed
 * @n_delivered: records that are on a stick, but not acknowledged
 * @n_acknowledged: records that headquarters has
 * @n_refused: records that headquarters could not take
 * @n_erased: records that were erased after headquarters had them
 * @n_bundles_open: sealed bundles that are not acknowledged
 * @n_bytes_open: their size
 * @last_written_us: when something was last read back from a stick, UTC; 0 never
 * @last_receipt_us: when headquarters' newest receipt was read here, UTC; 0 never
 * @last_receipt_issued: (nullable): when headquarters made it, as it says, RFC 3339
 *
 * How the laptop stands, without a stick. Cheap.
 */
typedef struct
{
  gint64 n_waiting;
  gint64 n_delivered;
  gint64 n_acknowledged;
  gint64 n_refused;
  gint64 n_erased;
  guint  n_bundles_open;
  gint64 n_bytes_open;
  gint64 last_written_us;
  gint64 last_receipt_us;
  char  *last_receipt_issued;
} MereCourierStatus;

MereCourierStatus *mere_courier_load_status (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void               mere_courier_status_free (MereCourierStatus *self);

void mere_courier_refusal_free (MereCourierRefusal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereCourierWritten, mere_courier_written_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereCourierRead, mere_courier_read_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereCourierStatus, mere_courier_status_free)

G_END_DECLS
