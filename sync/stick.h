/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sync/hash.h"
#include "sync/volume.h"

G_BEGIN_DECLS

/* A stick: any folder that bundles are carried in. Nothing on it is trusted, nothing of others is opened or touched.
 * Layout and order of writing: docs/formats.md, "Stick". All calls block; run them in a thread. */

#define MERE_STICK_ROOT "MERESTONE"
#define MERE_STICK_ALL "all"        /* in place of a device: for every one */
#define MERE_STICK_MAX_NAME 40      /* characters of a file name on a stick */
#define MERE_STICK_MAX_DEPTH 4      /* folders below the root that are looked into */
#define MERE_STICK_MAX_NAMES 100000 /* names that a scan looks at before it gives up */

#define MERE_STICK_ERROR (mere_stick_error_quark ())
GQuark mere_stick_error_quark (void);

/**
 * MereStickError:
 * @MERE_STICK_ERROR_GONE: it was pulled, or does not answer any more
 * @MERE_STICK_ERROR_FULL: no room
 * @MERE_STICK_ERROR_READ_ONLY: it cannot be written to: its switch, its mount, or the rights of the folder
 * @MERE_STICK_ERROR_DIFFERS: what was written does not read back the same
 * @MERE_STICK_ERROR_CANCELLED: on request
 * @MERE_STICK_ERROR_DAMAGED: its file system refuses what it should do: repair it or take another one
 * @MERE_STICK_ERROR_CROWDED: too many files to look through
 * @MERE_STICK_ERROR_TOO_LARGE: a file is larger than its kind may be
 * @MERE_STICK_ERROR_NOT_FOUND: no such folder or file
 * @MERE_STICK_ERROR_LOCAL: the laptop's own disk failed; the stick is all right
 *
 * After each of them the laptop still holds everything, and what earlier sessions wrote on the stick is untouched.
 */
typedef enum {
  MERE_STICK_ERROR_GONE = 1,
  MERE_STICK_ERROR_FULL,
  MERE_STICK_ERROR_READ_ONLY,
  MERE_STICK_ERROR_DIFFERS,
  MERE_STICK_ERROR_CANCELLED,
  MERE_STICK_ERROR_DAMAGED,
  MERE_STICK_ERROR_CROWDED,
  MERE_STICK_ERROR_TOO_LARGE,
  MERE_STICK_ERROR_NOT_FOUND,
  MERE_STICK_ERROR_LOCAL,
} MereStickError;

/* Where a pair goes. */
typedef enum {
  MERE_STICK_TO_HQ,    /* TO-HQ/<dev>/<session>/<bundle>.age */
  MERE_STICK_TO_FIELD, /* TO-FIELD/<dev or "all">/<session>/<bundle>.age */
  MERE_STICK_ENROL,    /* ENROL/<dev>/<session>/enrol.json */
} MereStickLane;

typedef struct _MereStick MereStick;

/**
 * mere_stick_open:
 * @path: a folder
 * @error: return location, domain %MERE_STICK_ERROR
 *
 * Changes nothing on it.
 */
MereStick *mere_stick_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same over a volume of the caller's, which it takes over. */
MereStick *mere_stick_new (MereVolume *volume) G_GNUC_WARN_UNUSED_RESULT;
void       mere_stick_free (MereStick *self);

/* A neutral name instead of %MERE_STICK_ROOT, where carrying one is a risk. 1 to 11 of [A-Z0-9-]. */
void mere_stick_set_root_name (MereStick *self, const char *name);

/* The random id of STICK.JSN, 16 hex digits; %NULL without one. For display and placements, never trusted. */
const char *mere_stick_get_id (MereStick *self);

/**
 * mere_stick_publish:
 * @device: eight characters, or "all"
 * @session: "s000012": a number that grows with each insertion; see @placed
 * @paths: (array zero-terminated=1): main files of pairs on the laptop's disk; each has its .minisig beside it
 * @progress: (nullable): bytes written, read back, and read back once more at the end: of three times all bytes
 * @cancellable: (nullable):
 * @placed: (out): name of the session's folder: @session, with "a", "b"… where that was taken or could not be made
 * @error: return location, domain %MERE_STICK_ERROR
 *
 * Writes the pairs into a fresh folder, in their order: each main file, synced and read back past the cache, then its
 * signature the same way as the mark that it is whole; at the end all are read back once more. README.TXT and STICK.JSN
 * come first if they are missing. Nothing that was there before is changed.
 *
 * Returns: %TRUE: every pair is on the medium and read back the same. %FALSE: none may be counted as delivered
 */
gboolean mere_stick_publish (MereStick         *self,
                             MereStickLane      lane,
                             const char        *device,
                             const char        *session,
                             const char *const *paths,
                             MereProgressFunc   progress,
                             gpointer           progress_data,
                             GCancellable      *cancellable,
                             char             **placed,
                             GError           **error);

/**
 * mere_stick_check:
 * @placed: folder of the session, as publish() gave it
 * @paths: (array zero-terminated=1): the main files of the pairs on the laptop's disk
 *
 * Reads back what an earlier session claims to have placed here. %MERE_STICK_ERROR_NOT_FOUND or _DIFFERS name the file.
 */
gboolean mere_stick_check (MereStick         *self,
                           MereStickLane      lane,
                           const char        *device,
                           const char        *placed,
                           const char *const *paths,
                           GCancellable      *cancellable,
                           GError           **error);

/**
 * mere_stick_remove_session:
 *
 * Removes the files of ours in a session's folder, signatures first, then the folder. For sessions whose bundles are
 * acknowledged or superseded only. No such folder is no error.
 */
gboolean mere_stick_remove_session (MereStick    *self,
                                    MereStickLane lane,
                                    const char   *device,
                                    const char   *placed,
                                    GError      **error);

/* (transfer full): (array zero-terminated=1): the sessions of a device in a lane, in order; empty where there is none. */
char **mere_stick_list_sessions (MereStick *self, MereStickLane lane, const char *device, GError **error);

/**
 * MereStickFound:
 * @folder: path within the stick, for messages; "" is the root
 * @name: "k7q2m9xd-01-000042.age" or "enrol.json"
 * @size: bytes
 * @finished: whether a .minisig lies beside it
 * @enrolment: an enrol.json, not a bundle
 *
 * A file that is called like one of ours. Nothing but its name was looked at.
 */
typedef struct
{
  char    *folder;
  char    *name;
  guint64  size;
  gboolean finished;
  gboolean enrolment;
} MereStickFound;

void mere_stick_found_free (MereStickFound *self);

/**
 * mere_stick_scan:
 * @error: return location, domain %MERE_STICK_ERROR
 *
 * Looks for pairs in all folders down to %MERE_STICK_MAX_DEPTH, whatever these are called. Links are not followed, other
 * files are not opened. A folder that cannot be read is passed over, unless the stick is gone.
 *
 * Returns: (transfer full) (element-type MereStickFound): in the order of folder and name
 */
GPtrArray *mere_stick_scan (MereStick *self, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_stick_load_signature:
 *
 * Returns: (transfer full): the .minisig of a pair, at most 10 KiB; so the sender can be judged before a large copy
 */
GBytes *mere_stick_load_signature (MereStick *self, const MereStickFound *found, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_stick_copy_in:
 * @folder: on the laptop's or headquarters' own disk
 * @hash: (out) (optional) (array fixed-size=64): BLAKE2b-512 of the main file
 * @progress: (nullable): bytes copied
 * @error: return location, domain %MERE_STICK_ERROR
 *
 * Copies both files of a pair, hashing on the way; work on the copy, never on the stick. An older copy of the same name
 * is replaced; on failure it stays. A copy is for looking at: it is not flushed to the disk; whoever keeps it does that.
 *
 * Returns: (transfer full): path of the main file's copy
 */
char *mere_stick_copy_in (MereStick            *self,
                          const MereStickFound *found,
                          const char           *folder,
                          guint8               *hash,
                          MereProgressFunc      progress,
                          gpointer              progress_data,
                          GCancellable         *cancellable,
                          GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStick, mere_stick_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStickFound, mere_stick_found_free)

G_END_DECLS
