/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/inbox.h"
#include "tests/sync/bundle-fixture.h"

G_BEGIN_DECLS

/* A headquarters with its keys, in a folder of its own, and the laptops that send to it. */

typedef struct
{
  char        *folder; /* removed with the fixture */
  char        *schema; /* in PostgreSQL, where the test runs on it */
  MereStore   *store;
  MereKeyring *keys;
} MereTestHq;

MereTestHq *mere_test_hq_new (void);
void        mere_test_hq_free (MereTestHq *self);

/* The same store once more, as another process has it; for PostgreSQL. */
MereStore *mere_test_hq_open_again (MereTestHq *self);

/* A laptop that encrypts to this headquarters; with @label it is enrolled, with NULL it is not yet. */
MereTestRoad *mere_test_hq_new_laptop (MereTestHq *self, const char *label);
void          mere_test_hq_enrol (MereTestHq *self, MereTestRoad *laptop, const char *label);

/* One file of a parcel. */
typedef struct
{
  const char        *uuid;       /* of a record; NULL for an attachment */
  const char        *supersedes; /* uuid, or NULL */
  const char        *answer;     /* of a record: goes into its XML */
  const char        *xml;        /* of a record: instead of what @answer gives */
  const char        *form;       /* NULL: "gate" */
  const char        *crossing;   /* of a record: id, or NULL */
  const char        *finalised;  /* of a record; NULL: "2026-07-31T11:12:44+02:00" */
  const char *const *blobs;      /* of a record: contents of its attachments, NULL-terminated */
  const char        *blob;       /* content of an attachment */
  const char        *name;       /* of an attachment */
  const char        *whole;      /* of a piece: content of the whole attachment */
  guint64            offset;     /* of a piece in it */
} MereTestFile;

typedef struct
{
  const char *chain; /* 32 hex digits; NULL: the first one */
  guint       seq;   /* 0: 1 */
  const char *prev;  /* b2 */
  gint64      seen_receipt;
  const char *folder; /* where it is to lie; NULL: the laptop's */
} MereTestPlace;

/* Seals files as the laptop would; (transfer full): what was made. */
MereSealed *mere_test_send (MereTestRoad *laptop, const MereTestPlace *place, const MereTestFile *files, guint n);

/* The XML of a record of the form "gate" with one answer. */
char *mere_test_record_xml (const char *uuid, const char *supersedes, const char *form, const char *answer);

/* Takes it in; fails the test on headquarters' own trouble. */
MereInboxResult *mere_test_take (MereTestHq *self, const char *path);

/* What is kept of records: the same text for the same set, whichever way it came about. */
char *mere_test_hq_dump_records (MereTestHq *self);

/* Everything that is kept, but the log of refusals and what is held back. */
char *mere_test_hq_dump_all (MereTestHq *self);

#define MERE_TEST_CHAIN_2 "ffeeddccbbaa99887766554433221100"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestHq, mere_test_hq_free)

G_END_DECLS
