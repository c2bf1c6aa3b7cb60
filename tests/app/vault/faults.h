/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Faults of the disk below SQLite, by the system calls that its VFS lets one replace. They count from the start, in this
 * process alone. A call is a write, a truncation, a sync or a deletion. Syncs cost nothing meanwhile. */

typedef enum {
  MERE_TEST_FAULT_NONE,  /* counts, and makes tests fast */
  MERE_TEST_FAULT_KILL,  /* the process is killed at the chosen call; of a write, half is done */
  MERE_TEST_FAULT_POWER, /* the same, and of what was not synced each write is lost with even odds */
  MERE_TEST_FAULT_FULL,  /* from the chosen call on the disk is full */
} MereTestFault;

void  mere_test_faults_start (MereTestFault fault, guint call); /* calls count from 1 */
guint mere_test_faults_get_calls (void);
void  mere_test_faults_count_names (void); /* from now on also renaming, removing, making of folders, and each fsync() */
void  mere_test_faults_stop (void);

G_END_DECLS
