/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/courier.h"
#include "sync/manifest.h"
#include "sync/road.h"
#include "sync/stick.h"
#include "sync/team.h"
#include "sync/trust.h"

G_BEGIN_DECLS

/* What the courier's files share: one errand, from opening the stick to the last line of the result. */

/**
 * MereCourier:
 * @trust: the list that counts now
 * @found: (element-type MereStickFound): all on the stick that is called like ours
 * @team: (nullable) (element-type MereTeamMember): colleagues whose bundles this laptop may read; while it reads
 */
typedef struct
{
  MereStore          *store;
  MereRoadKeys       *keys;
  MereTrust          *trust;
  MereStick          *stick;
  GPtrArray          *found;
  GPtrArray          *team;
  char               *outbox;
  MereCourierProgress progress;
  gpointer            user_data;
  GCancellable       *cancellable;
} MereCourier;

/**
 * mere_courier_begin:
 * @error: return location, domain %MERE_COURIER_ERROR, %MERE_STICK_ERROR or %MERE_STORE_ERROR
 *
 * Loads what the laptop knows, opens the stick and looks through it. One errand at a time: waits until another has ended.
 * Without a stick (@folder is %NULL) it is an errand at home, which needs no headquarters: @keys and @trust may be %NULL.
 */
gboolean mere_courier_begin (MereCourier        *self,
                             MereStore          *store,
                             const char         *folder,
                             MereCourierProgress progress,
                             gpointer            user_data,
                             GCancellable       *cancellable,
                             GError            **error);
void     mere_courier_end (MereCourier *self);

/* A #MereProgressFunc over this and a step. */
typedef struct
{
  MereCourier    *courier;
  MereCourierStep step;
} MereCourierReport;

void mere_courier_report (gpointer report, guint64 done, guint64 total);

/* Puts a failure of the modules below in the words of an errand; takes it. Always FALSE. */
gboolean mere_courier_fail (GError *failure, GError **error);

/* Name of the bundle that a file on the stick or in the outbox is called like; %NULL where it is not one of @device. */
char *mere_courier_dup_name (const char *file, const char *device, guint *chain_no, guint *seq) G_GNUC_WARN_UNUSED_RESULT;

/* A bundle by name; %NULL without an error where there is none. */
MereBundle *mere_courier_find_bundle (MereStore *store, const char *name, GError **error);

/* courier-own.c: this laptop's own bundles. */

/**
 * mere_courier_check_copy:
 * @restored: (out): whether a bundle that this laptop has validly signed is unknown here, or is another one here
 *
 * Looks at our bundles on the stick and in the outbox. If this vault was restored from an older copy, begins a new chain.
 */
gboolean mere_courier_check_copy (MereCourier *self, gboolean *restored, GError **error);

/* Removes what a crash left in the outbox, and bundles that are acknowledged. */
gboolean mere_courier_tidy_outbox (MereCourier *self, GError **error);

/* Removes our sessions from the stick that hold acknowledged bundles only. */
gboolean mere_courier_clear_stick (MereCourier *self, guint *n_removed, GError **error);

/* courier-head.c: the manifest of the next bundle, but for its files. */
MereManifest *mere_courier_make_head (MereCourier *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* courier-pack.c: records into bundles. */

/**
 * MereCourierSizes:
 * @bundle: content of one bundle; more goes into the next
 * @chunk: of a larger attachment, so much is one piece
 */
typedef struct
{
  guint64 bundle;
  guint64 chunk;
} MereCourierSizes;

/**
 * mere_courier_pack:
 * @sizes: (nullable): %NULL for those of sync/bundle-format.h
 * @again: (nullable) (element-type utf8): records whose bundles are lost, to be packed once more
 * @n_sealed: (out): bundles made, also on failure
 *
 * Seals every final that is in no bundle.
 */
gboolean mere_courier_pack (MereCourier            *self,
                            const MereCourierSizes *sizes,
                            GPtrArray              *again,
                            guint                  *n_sealed,
                            GError                **error);

/* courier-take.c: one bundle of headquarters. */

typedef enum {
  MERE_COURIER_TAKEN,
  MERE_COURIER_KNOWN,  /* older than what is held: nothing was changed */
  MERE_COURIER_OTHERS, /* for others */
} MereCourierTaking;

/**
 * mere_courier_take:
 * @path: a copy on our own disk
 * @read: its counts grow
 * @taking: (out): what became of it
 * @error: return location, domain %MERE_BUNDLE_ERROR, %MERE_TRUST_ERROR, %MERE_RECEIPT_ERROR, %MERE_DISPATCH_ERROR,
 *   %MERE_FORM_ERROR, %MERE_STORE_ERROR, or %G_IO_ERROR_CANCELLED
 */
gboolean mere_courier_take (MereCourier       *self,
                            const char        *path,
                            MereCourierRead   *read,
                            MereCourierTaking *taking,
                            GError           **error);

/* courier-team.c: bundles of colleagues. */

/* Who of a team (nullable) has made the bundle that a file is called like; borrowed. */
MereTeamMember *mere_courier_find_colleague (GPtrArray *team, const char *file);
gboolean        mere_courier_take_colleague (MereCourier          *self,
                                             const MereTeamMember *member,
                                             const char           *path,
                                             MereCourierRead      *read,
                                             MereCourierTaking    *taking,
                                             GError              **error);

/* courier-apply.c: what a bundle of headquarters holds, once all of it was checked. */

typedef struct
{
  GPtrArray  *trusts;   /* GBytes: list, signature, list, signature… */
  GBytes     *document; /* receipt.json or dispatch.json */
  GHashTable *contents; /* b2 → GBytes: instruments and lists */
  GBytes     *proof;    /* the manifest, and its signature after it */
  char       *signer;   /* code of the key that signed */
} MereCourierContent;

/* Takes the trust lists that follow the held one; %FALSE changes nothing. */
gboolean mere_courier_apply_trusts (MereCourier *self, GPtrArray *trusts, GError **error);
gboolean mere_courier_apply_receipt (MereCourier              *self,
                                     const MereCourierContent *content,
                                     MereCourierRead          *read,
                                     MereCourierTaking        *taking,
                                     GError                  **error);
gboolean mere_courier_apply_dispatch (MereCourier              *self,
                                      const MereCourierContent *content,
                                      MereCourierRead          *read,
                                      MereCourierTaking        *taking,
                                      GError                  **error);

/* Counters of headquarters that this laptop holds: what bundles tell of. */
gint64 mere_courier_get_seen_receipt (MereStore *store);
gint64 mere_courier_get_seen_dispatch (MereStore *store);

/* courier-sight.c: bundles of headquarters that were read before, by name and the hash of their signature. */

typedef enum {
  MERE_COURIER_UNSEEN,
  MERE_COURIER_SEEN,        /* for us */
  MERE_COURIER_SEEN_OTHERS, /* for others */
} MereCourierSight;

/* @signature: NULL where the name is enough. */
MereCourierSight mere_courier_load_sight (MereStore *store, const char *name, GBytes *signature);
gboolean         mere_courier_save_sight (MereStore *store, const char *name, GBytes *signature, MereCourierSight sight, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereCourier, mere_courier_end)

G_END_DECLS
