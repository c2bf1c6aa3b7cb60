/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/minisign.h"
#include "sync/stick.h"

G_BEGIN_DECLS

/* What the files of the stick share: names, errors, handles, and reading. */

#define MERE_STICK_BLOCK 4194304                        /* bytes of one read or write */
#define MERE_STICK_PROGRESS 1048576                     /* bytes between two reports */
#define MERE_STICK_MAX_ENROLMENT (64 * 1024)            /* bytes of an enrol.json */
#define MERE_STICK_MAX_SIGNATURE MERE_MINISIGN_MAX_SIZE /* bytes of a .minisig */

struct _MereStick
{
  MereVolume *volume;
  char       *root_name;
  char       *id; /* of STICK.JSN, once it was read */
};

/* What was going on when a call of the volume failed; the same errno means different things. */
typedef enum {
  MERE_STICK_READING,
  MERE_STICK_MAKING,  /* folders, before anything was written */
  MERE_STICK_WRITING, /* content */
} MereStickStage;

/* Always FALSE; @failure is a negative errno. */
gboolean mere_stick_refuse (MereStickError code, const char *name, GError **error);
gboolean mere_stick_fail (MereStickStage stage, int failure, const char *name, GError **error);
gboolean mere_stick_check_cancelled (GCancellable *cancellable, GError **error);

typedef enum {
  MERE_STICK_NAME_NONE,
  MERE_STICK_NAME_BUNDLE,    /* k7q2m9xd-01-000042.age */
  MERE_STICK_NAME_ENROLMENT, /* enrol.json */
  MERE_STICK_NAME_SIGNATURE, /* of one of them, .minisig */
} MereStickName;

MereStickName mere_stick_name_kind (const char *name);
guint64       mere_stick_name_get_limit (const char *name); /* the most bytes that a file of this name may have */

/* A number of a volume with what it belongs to, closed when it goes out of scope. */
typedef struct
{
  MereVolume *volume;
  int         number; /* negative: none */
} MereStickHandle;

void mere_stick_handle_close (MereStickHandle *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereStickHandle, mere_stick_handle_close)

/* Goes down from @handle (a volume's root at first) by one name. A negative errno; then @handle is closed. */
int mere_stick_enter (MereStickHandle *handle, const char *name);

/* The folder of a device in a lane, or of one of its sessions: a negative errno where it is not there. */
int mere_stick_enter_lane (MereStick       *self,
                           MereStickHandle *handle,
                           MereStickLane    lane,
                           const char      *device,
                           const char      *session);

const char *mere_stick_lane_get_name (MereStickLane lane);

/* "s000012", then at most one small letter. */
gboolean mere_stick_session_is (const char *name);

/* Makes a fresh folder in @folder, the device's, and goes into it. (transfer full): its name. */
char *mere_stick_begin_session (MereStickHandle *folder, const char *session, GError **error);

/* Counts what was done, and tells at most once a mebibyte. */
typedef struct
{
  MereProgressFunc report;
  gpointer         user_data;
  guint64          done;
  guint64          told;
  guint64          total;
} MereStickProgress;

void mere_stick_progress_add (MereStickProgress *self, gsize n);

/* Bytes of a buffer for a file of @size: no larger than it needs, with room to see that the file has not grown. */
gsize mere_stick_get_block (guint64 size);

/**
 * MereStickTaking:
 * @fresh: whether it shall come from the medium, not from memory
 * @sink: (nullable): takes every piece; where it fails, the laptop's disk has failed
 *
 * How a file is read.
 */
typedef struct
{
  gboolean           fresh;
  MereWriteFunc      sink;
  gpointer           sink_data;
  MereStickProgress *progress;
  GCancellable      *cancellable;
} MereStickTaking;

/**
 * mere_stick_read_file:
 * @hash: (out) (array fixed-size=64): BLAKE2b-512 of it
 * @size: (out): bytes
 *
 * Reads one file to its end. %MERE_STICK_ERROR_NOT_FOUND without it, _TOO_LARGE above what its name allows.
 */
gboolean mere_stick_read_file (MereStick             *self,
                               int                    folder,
                               const char            *name,
                               const MereStickTaking *taking,
                               guint8                 hash[MERE_HASH_SIZE],
                               guint64               *size,
                               GError               **error);

#define MERE_STICK_README "README.TXT"
#define MERE_STICK_IDENTITY "STICK.JSN"

/* English, French, Spanish; lines end with CR LF, which every system's editor shows. */
const char *mere_stick_get_readme (void);

/* {"stick":"<16 random hex digits>"} */
char *mere_stick_make_identity (void);

G_END_DECLS
