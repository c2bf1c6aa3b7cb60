/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hash.h"

G_BEGIN_DECLS

/* What writer and reader of bundles share: limits, names, the trusted comment, the errors.
 * Format: docs/formats.md, "Bundle". */

#define MERE_BUNDLE_SUFFIX ".age"
#define MERE_BUNDLE_TARGET_SIZE (256 * G_GUINT64_CONSTANT (1048576)) /* content of one bundle; more goes into the next */
#define MERE_BUNDLE_CHUNK_SIZE (128 * G_GUINT64_CONSTANT (1048576))  /* larger attachments travel in pieces of this size */
#define MERE_BUNDLE_MAX_SIZE (1025 * G_GUINT64_CONSTANT (1048576))   /* of an .age file */
#define MERE_BUNDLE_MAX_TAR (G_GUINT64_CONSTANT (8) << 30)
#define MERE_BUNDLE_MAX_RATIO 200 /* tar <= 200 x age + 1 MiB */
#define MERE_BUNDLE_RATIO_SLACK 1048576
#define MERE_BUNDLE_MAX_ENTRIES 200000
#define MERE_BUNDLE_MAX_MANIFEST (64 * 1048576)
#define MERE_BUNDLE_NAME_LENGTH 18 /* "k7q2m9xd-01-000042" */
#define MERE_CHAIN_MAX_NO 99
#define MERE_CHAIN_MAX_SEQ 999999

#define MERE_BUNDLE_ERROR (mere_bundle_error_quark ())
GQuark mere_bundle_error_quark (void);

/* Why a bundle is refused. In the order in which a reader looks; nothing of a refused bundle is kept. */
typedef enum {
  MERE_BUNDLE_ERROR_UNFINISHED = 1,   /* there is no signature beside it: the stick was pulled */
  MERE_BUNDLE_ERROR_SIGNATURE_FORM,   /* the .minisig is not four lines of a prehashed signature */
  MERE_BUNDLE_ERROR_COMMENT,          /* the trusted comment is not that of a bundle, or is out of its limits */
  MERE_BUNDLE_ERROR_RENAMED,          /* the file is not called as it was when it was signed */
  MERE_BUNDLE_ERROR_SENDER_UNKNOWN,   /* no key known here has made the signature */
  MERE_BUNDLE_ERROR_TOO_LARGE,        /* bigger than any bundle may be, or than its ratio allows */
  MERE_BUNDLE_ERROR_SIGNATURE,        /* the signature does not fit: changed or cut on the way */
  MERE_BUNDLE_ERROR_NOT_FOR_US,       /* encrypted to others */
  MERE_BUNDLE_ERROR_CIPHER,           /* signed, yet no sound age file */
  MERE_BUNDLE_ERROR_COMPRESSION,      /* no sound zstd stream, or one that wants too much memory */
  MERE_BUNDLE_ERROR_EXPANDS,          /* more comes out than was declared */
  MERE_BUNDLE_ERROR_ARCHIVE,          /* no sound ustar archive, or it ends too early */
  MERE_BUNDLE_ERROR_EXTENSION,        /* pax or GNU extension headers */
  MERE_BUNDLE_ERROR_LINK,             /* a link, device, folder: anything but a plain file */
  MERE_BUNDLE_ERROR_NAME,             /* an entry's name is none that a bundle may hold */
  MERE_BUNDLE_ERROR_DUPLICATE,        /* two entries of one name */
  MERE_BUNDLE_ERROR_MANIFEST_MISSING, /* manifest.json and manifest.json.minisig are not the first two entries */
  MERE_BUNDLE_ERROR_INNER_SIGNATURE,  /* the manifest's signature is missing its form or does not fit */
  MERE_BUNDLE_ERROR_RESIGNED,         /* outer key, inner key and the manifest's sender are not one */
  MERE_BUNDLE_ERROR_MANIFEST,         /* the manifest breaks the format */
  MERE_BUNDLE_ERROR_NEWER,            /* made by a newer version: it has parts that this one must not pass over */
  MERE_BUNDLE_ERROR_SWAPPED,          /* the manifest is that of another bundle */
  MERE_BUNDLE_ERROR_RECIPIENTS,       /* the manifest does not name us, or not those it is encrypted to */
  MERE_BUNDLE_ERROR_ENTRIES,          /* the entries are not those of the manifest, in its order */
  MERE_BUNDLE_ERROR_CONTENT,          /* an entry's content is not what the manifest says */
  MERE_BUNDLE_ERROR_READ,             /* the file could not be read */
  MERE_BUNDLE_ERROR_WRITE,            /* writer: the bundle could not be written; nothing was sealed */
  MERE_BUNDLE_ERROR_SOURCE,           /* writer: content is not what was announced; nothing was sealed */
} MereBundleError;

/* "E_RENAMED": for receipts, --json and the quarantine. NULL for a code that is none. */
const char *mere_bundle_error_get_name (MereBundleError code);

/* Sets @error; always FALSE. */
gboolean mere_bundle_refuse (GError **error, MereBundleError code, const char *message);

typedef enum {
  MERE_BUNDLE_RECORDS,  /* device to headquarters */
  MERE_BUNDLE_RECEIPT,  /* headquarters to device */
  MERE_BUNDLE_DISPATCH, /* headquarters to devices */
} MereBundleKind;

const char *mere_bundle_kind_to_string (MereBundleKind kind); /* "records", "receipt", "dispatch" */
gboolean    mere_bundle_kind_parse (const char *text, MereBundleKind *kind);

/* "<dev>-<chain no, 2 digits>-<seq, 6 digits>": made, checked, taken apart. */
char    *mere_bundle_name_new (const char *device, guint chain_no, guint seq) G_GNUC_WARN_UNUSED_RESULT;
gboolean mere_bundle_name_parse (const char *name, char device[9], guint *chain_no, guint *seq);

/**
 * MereBundleComment:
 * @name: of the bundle, without suffix
 * @trust: version of headquarters' trust list
 * @bytes: of the tar archive
 * @entries: of the tar archive, manifest and its signature included
 *
 * The outer trusted comment:
 * `merestone-bundle/1 b=k7q2m9xd-01-000042 k=records r=7 t=81234432 e=312`
 */
typedef struct
{
  char           name[MERE_BUNDLE_NAME_LENGTH + 1];
  MereBundleKind kind;
  guint          trust;
  guint64        bytes;
  guint          entries;
} MereBundleComment;

char    *mere_bundle_comment_to_text (const MereBundleComment *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean mere_bundle_comment_parse (const char *text, MereBundleComment *comment, GError **error); /* COMMENT, TOO_LARGE */

G_END_DECLS
