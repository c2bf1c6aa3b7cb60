/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/vfs-private.h"
#include "tests/app/vault/disk.h"

G_BEGIN_DECLS

/* The files of a vault by somebody who writes them. An edit is 12 bytes: what to do, where, and a number. Bytes are changed as they lie;
 * files are cut; blocks are copied; and, what no stranger could do, texts are changed under their seal, so that what is read behind
 * it is reached. */

#define MERE_FUZZ_VFS "fuzzed"
#define MERE_FUZZ_DATABASE "utopia.db"

/* (transfer full): a disk as a process that was killed after @sql leaves it. */
MereTestDisk *mere_fuzz_make (const char *sql) G_GNUC_WARN_UNUSED_RESULT;

void     mere_fuzz_edit (MereTestDisk *disk, const guint8 *data, gsize size);
void     mere_fuzz_register (void); /* the VFS, over the disk that is in use */
sqlite3 *mere_fuzz_open (int *status);

G_END_DECLS
