/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/bundle.h"
#include "bundle-fixture.h"
#include "sync/card.h"
#include "sync/courier.h"
#include "sync/dispatch.h"
#include "sync/enrol.h"
#include "sync/receipt.h"
#include "sync/trust.h"

G_BEGIN_DECLS

/* A day on the road in one temporary folder: a laptop, a headquarters made of the same shared modules, a stick. */

/* A laptop: a store over a plain database, with its folder beside it. */
typedef struct
{
  char      *folder;
  MereStore *store;
} MereTestLaptop;

/* A headquarters as small as can be. */
typedef struct
{
  char       *folder;
  MereSecret *root;
  MereSecret *sign;
  MereSecret *box;
  MereSecret *recovery;
  MereTrust  *trust;
  GPtrArray  *history; /* MereTrust, all versions */
  char       *chain;   /* id */
  guint       seq;
  char       *prev;
  gint64      n_receipts;
  gint64      n_dispatches;
} MereTestHq;

typedef struct
{
  char           *folder; /* removed with the day */
  char           *stick;
  MereTestLaptop *laptop;
  MereTestHq     *hq;
} MereTestDay;

/* What headquarters has of one bundle. */
typedef struct
{
  MereManifest *manifest;
  char         *b2;
  GPtrArray    *records;  /* instanceIDs */
  GHashTable   *contents; /* path → GBytes */
} MereTestReceived;

MereTestDay *mere_test_day_new (void);
void         mere_test_day_free (MereTestDay *self);

/* The same, after both sides have typed their digits and the first dispatch was read. */
MereTestDay *mere_test_day_new_enrolled (void);

MereTestLaptop *mere_test_laptop_new (const char *folder);
void            mere_test_laptop_free (MereTestLaptop *self);
void            mere_test_laptop_copy_to (MereTestLaptop *self, const char *path); /* its database, as a backup would */
void            mere_test_laptop_restore (MereTestLaptop *self, const char *path);
char           *mere_test_laptop_dup_device (MereTestLaptop *self);

/* Finalises an interview with an answer: (transfer full): its instanceID. */
char *mere_test_laptop_add_record (MereTestLaptop *self, const char *answer);

/* The same with a file attached. */
char *mere_test_laptop_add_record_with (MereTestLaptop *self, const char *answer, GBytes *file);

MereRecordState mere_test_laptop_get_state (MereTestLaptop *self, const char *record);
gint64          mere_test_laptop_ask (MereTestLaptop *self, const char *sql);

/* Everything in the database that counts, as one text: equal means that nothing was changed. */
char *mere_test_laptop_dump (MereTestLaptop *self);

MereTestHq *mere_test_hq_new (const char *folder);
void        mere_test_hq_free (MereTestHq *self);
char       *mere_test_hq_dup_code (MereTestHq *self);
void        mere_test_hq_write_card (MereTestHq *self, const char *stick);

/* Signs the next trust list; @revoked (nullable): one more laptop. */
void mere_test_hq_renew_trust (MereTestHq *self, const char *revoked);

/* Gives headquarters another signing key; the next list drops the old one. */
void mere_test_hq_change_key (MereTestHq *self);

/* What travels in a bundle of headquarters. */
typedef struct
{
  MereEntryType type;
  const char   *name;
  GBytes       *bytes; /* owned */
} MereTestEntry;

/* Seals and carries a bundle; takes the bytes of the entries. Returns: name of the bundle. */
char *mere_test_hq_send (MereTestHq    *self,
                         const char    *stick,
                         const char    *device,
                         const char    *box_key,
                         MereBundleKind kind,
                         MereTestEntry *entries,
                         gsize          n_entries);

/* The trust lists after @after, then a document. */
char *mere_test_hq_send_receipt (MereTestHq *self, const char *stick, MereTestLaptop *to, MereReceiptDocument *receipt, guint after);

/* A receipt that is addressed to @to and numbered; nothing is in it yet. */
MereReceiptDocument *mere_test_hq_begin_receipt (MereTestHq *self, MereTestLaptop *to);

/* Accepts all that was received. */
void mere_test_receipt_accept (MereReceiptDocument *receipt, GPtrArray *received);

/* The mission pack: an instrument, two crossings, the mission. @version is the instrument's. */
char *mere_test_hq_send_dispatch (MereTestHq *self, const char *stick, MereTestLaptop *to, const char *version, guint after);

/* Reads every finished bundle of a laptop on the stick, once each: MereTestReceived by name. */
GPtrArray *mere_test_hq_receive (MereTestHq *self, const char *stick, const char *device);

/* Files below a folder whose name ends so; (transfer full) (array zero-terminated=1), sorted. */
char **mere_test_list_files (const char *folder, const char *suffix);

/* Removes everything on the stick, as if it were another one. */
void mere_test_day_wipe_stick (MereTestDay *self);

/* Writes and reads; failing the test on an error. */
MereCourierWritten *mere_test_day_write (MereTestDay *self);
MereCourierRead    *mere_test_day_read (MereTestDay *self);

GBytes *mere_test_make_instrument (const char *version);

#define MERE_TEST_FORM "officer-interview"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestDay, mere_test_day_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestLaptop, mere_test_laptop_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestHq, mere_test_hq_free)

G_END_DECLS
