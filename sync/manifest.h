/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-format.h"

G_BEGIN_DECLS

/* manifest.json: who sends what to whom, and the hash of every file. Its bytes are what the inner signature covers; they
 * are kept as they came. Format: docs/formats.md, "Bundle". */

typedef enum {
  MERE_ENTRY_RECORD, /* records/<uuid>.xml */
  MERE_ENTRY_BLOB,   /* blobs/<b2>: an attachment */
  MERE_ENTRY_CHUNK,  /* chunks/<of>.<number>: a piece of a large attachment */
  MERE_ENTRY_EVENT,  /* the rest: blobs/<b2> or records/<uuid>.json */
  MERE_ENTRY_INSTRUMENT,
  MERE_ENTRY_TRUST,
  MERE_ENTRY_RECEIPT,
  MERE_ENTRY_DISPATCH,
} MereEntryType;

/**
 * MereEntry:
 * @path: within the archive
 * @size: bytes
 * @b2: BLAKE2b-256 of the content, 64 hex digits
 * @record: instanceID, "uuid:…"
 * @supersedes: (nullable): instanceID of the version that it replaces
 * @blobs: (nullable): NULL-terminated b2 of the record's attachments
 * @assessment: (nullable): id of the mission
 * @crossing: (nullable): id of the crossing
 * @finalised: (nullable): RFC 3339 with the offset of the place
 * @mime: (nullable): of a blob; advice only
 * @name: (nullable): file name of a blob, or id of an instrument; advice only, never a path
 * @of: b2 of the whole attachment that a chunk is part of
 * @offset: of a chunk in it, bytes
 * @total: size of the whole attachment
 *
 * One file of the manifest. Which fields hold depends on @type; the others are %NULL or 0.
 */
typedef struct
{
  MereEntryType type;
  char         *path;
  guint64       size;
  char         *b2;
  char         *record;
  char         *form;
  char         *form_version;
  char         *form_b2;
  char         *supersedes;
  char        **blobs;
  char         *assessment;
  char         *crossing;
  char         *finalised;
  char         *mime;
  char         *name;
  char         *of;
  guint64       offset;
  guint64       total;
} MereEntry;

const char *mere_entry_type_to_string (MereEntryType type);
void        mere_entry_copy (const MereEntry *self, MereEntry *copy); /* to be cleared */
void        mere_entry_clear (MereEntry *self);

/* The path that an entry of this kind must have; from b2, record or of. @piece counts chunks from 0. */
char *mere_entry_path_of_record (const char *record) G_GNUC_WARN_UNUSED_RESULT; /* NULL unless "uuid:" and 36 of [0-9a-f-] */
char *mere_entry_path_of_blob (const char *b2) G_GNUC_WARN_UNUSED_RESULT;
char *mere_entry_path_of_chunk (const char *of, guint piece) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @path is one that an archive may hold, manifest and its signature included. */
gboolean mere_entry_path_is (const char *path);

typedef struct
{
  guint chain_no;
  guint seq;
} MereChainPlace;

/**
 * MereManifest:
 * @bundle: name of the bundle: the file's name without suffix
 * @device: name of the sender, eight characters
 * @sign_key: the sender's minisign key, "RW…"
 * @box_key: the sender's age recipient
 * @recipients: age recipients it is encrypted to
 * @trust: version of headquarters' trust list that the sender held
 * @prev: (nullable): BLAKE2b-512 of the previous .age of the chain, 128 hex digits; %NULL iff @seq is 1
 * @parent_id: (nullable): the chain before this one, with @parent_seq and @parent_b2 of its last bundle
 * @created: RFC 3339, UTC; information only
 * @seen_trust: highest counters of headquarters that the sender holds; also @seen_receipt and @seen_dispatch
 * @unacked: (nullable) (element-type MereChainPlace): what the sender believes is outstanding
 * @log_seq: newest line of the sender's log, 0 for none, and @log_hash (nullable), its hash, 64 hex digits
 * @entries: members of the archive, manifest and signature included; the writer fills it in
 * @bytes: of the archive; the writer fills it in
 *
 * All but the files, which are walked with #MereManifestWalk.
 */
typedef struct
{
  MereBundleKind kind;
  char          *bundle;
  char          *device;
  char          *sign_key;
  char          *box_key;
  char         **recipients;
  guint          trust;
  char          *chain_id;
  guint          chain_no;
  guint          seq;
  char          *prev;
  char          *parent_id;
  guint          parent_seq;
  char          *parent_b2;
  char          *created;
  gboolean       clock_trusted;
  guint          boots;
  gint64         seen_trust;
  gint64         seen_receipt;
  gint64         seen_dispatch;
  GArray        *unacked;
  gint64         log_seq;
  char          *log_hash;
  char          *app_name;
  char          *app_version;
  guint          entries;
  guint64        bytes;
  /*< private >*/
  GBytes *text;
  gsize   files;
} MereManifest;

/* Returns: (transfer full): an empty one, to be filled in for a writer; strings are its own (g_strdup) */
MereManifest *mere_manifest_new (void) G_GNUC_WARN_UNUSED_RESULT;
MereManifest *mere_manifest_copy (const MereManifest *self) G_GNUC_WARN_UNUSED_RESULT;
void          mere_manifest_free (MereManifest *self);

/**
 * mere_manifest_parse:
 * @text: bytes of manifest.json, whose signature the caller has checked
 * @error: return location, %MERE_BUNDLE_ERROR_MANIFEST (says where), _NEWER, _DUPLICATE or _NAME
 *
 * Checks every rule that a manifest alone can break, files included. Holds @text, not a tree: costs 16 bytes a file.
 */
MereManifest *mere_manifest_parse (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bytes that it was parsed from. */
GBytes *mere_manifest_get_text (const MereManifest *self);

/**
 * MereManifestWalk:
 *
 * |[
 *   MereManifestWalk walk;
 *   MereEntry        entry = { 0 };
 *
 *   mere_manifest_walk_init (&walk, manifest);
 *   while (mere_manifest_walk_next (&walk, &entry))
 *     …
 *   mere_entry_clear (&entry);
 * ]|
 */
typedef struct
{
  const MereManifest *manifest;
  gsize               at;
  guint               index; /* of the entry that next() gave last, from 0 */
} MereManifestWalk;

void mere_manifest_walk_init (MereManifestWalk *self, const MereManifest *manifest);

/* Clears @entry and fills it in; %FALSE after the last. */
gboolean mere_manifest_walk_next (MereManifestWalk *self, MereEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereManifest, mere_manifest_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereEntry, mere_entry_clear)

G_END_DECLS
