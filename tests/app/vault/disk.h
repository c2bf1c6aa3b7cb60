/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk in memory, as an SQLite VFS to lie below ours. It records each call that changes it, and shows what a crash at any of
 * these may leave: of what was not synced nothing is certain. Names come and go in their order, as on a file system with a
 * journal; they are certain once a new file was synced, or a deletion asked for it. */

#define MERE_TEST_DISK "memory-disk" /* the VFS; shows the disk that is in use */
#define MERE_TEST_SECTOR 512         /* bytes that are written whole or not at all */

typedef struct _MereTestDisk MereTestDisk;

typedef enum {
  MERE_TEST_CRASH_KILLED,    /* all before the call is there, and half of the call */
  MERE_TEST_CRASH_LOST,      /* nothing that was not synced is there */
  MERE_TEST_CRASH_TORN,      /* each sector that was not synced is there or not */
  MERE_TEST_CRASH_REORDERED, /* each call that was not synced is done or not */
} MereTestCrash;

#define MERE_TEST_N_CRASHES 4

MereTestDisk *mere_test_disk_new (void); /* empty */
MereTestDisk *mere_test_disk_copy (MereTestDisk *self);
void          mere_test_disk_free (MereTestDisk *self);
void          mere_test_disk_register (void);
void          mere_test_disk_use (MereTestDisk *self); /* borrowed; what the VFS shows from now on */

/* Returns: (nullable): the content of a file, borrowed, to be changed at will */
GByteArray *mere_test_disk_get_bytes (MereTestDisk *self, const char *name);

/* What is there now is certain, and calls count from here. */
void  mere_test_disk_start_recording (MereTestDisk *self);
guint mere_test_disk_get_calls (MereTestDisk *self);

/* The @nth sync from now on, from 1, is refused: of what it was for nothing is certain, and everything may be there. */
void     mere_test_disk_fail_sync (MereTestDisk *self, guint nth);
gboolean mere_test_disk_has_failed (MereTestDisk *self);

/**
 * mere_test_disk_crash:
 * @call: the one that was going on, from 0; not below that of the crash asked for before
 *
 * Returns: (transfer full): what is found after the crash
 */
MereTestDisk *mere_test_disk_crash (MereTestDisk *self, guint call, MereTestCrash crash, GRand *random) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full): the same for the same names and bytes */
char *mere_test_disk_dup_digest (MereTestDisk *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestDisk, mere_test_disk_free)

G_END_DECLS
