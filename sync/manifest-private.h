/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/ijson.h"
#include "sync/manifest.h"

G_BEGIN_DECLS

#define MERE_MANIFEST_FORMAT "merestone-bundle"
#define MERE_MANIFEST_VERSION 1
#define MERE_ENTRY_MAX_BLOBS 10000 /* attachments of one record */

/* One object of "files": reads it, and says whether it is an entry that may be; else @json fails. */
gboolean mere_entry_read (MereJson *json, MereEntry *entry);

/* Fills in a path that follows from the rest; NULL, or what is wrong. */
const char *mere_entry_complete (MereEntry *entry);

void mere_entry_append (GString *text, const MereEntry *entry);

/* Everything up to and including the opening bracket of "files"; `]}` and a line end close it. */
void mere_manifest_append_head (GString *text, const MereManifest *manifest);

G_END_DECLS
