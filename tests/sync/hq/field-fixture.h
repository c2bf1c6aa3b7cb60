/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "hq-fixture.h"
#include "sync/courier.h"
#include "sync/hq/mission.h"
#include "sync/hq/pack.h"
#include "sync/hq/receive.h"

G_BEGIN_DECLS

/* A headquarters, a laptop and a stick between them, each the real thing, but for the vaults: plain databases. */
typedef struct
{
  MereTestHq *hq;
  MereStore  *store;  /* of the laptop */
  char       *folder; /* of laptop and stick; removed with the fixture */
  char       *stick;
  char       *device; /* the laptop's name */
} MereTestField;

/* Both have typed their digits, and the laptop has read a pack with these forms (XForms, NULL-terminated). */
MereTestField *mere_test_field_new (const char *const *forms);
void           mere_test_field_free (MereTestField *self);

/* Headquarters changes the mission and writes it to the stick; with NULL as it is. */
MerePacked *mere_test_field_pack (MereTestField *self, const MereMissionChange *change);

/* The laptop writes to the stick, headquarters receives and answers, the laptop reads. */
void             mere_test_field_write (MereTestField *self);
MereReceived    *mere_test_field_receive (MereTestField *self);
MereCourierRead *mere_test_field_read (MereTestField *self);

/* All three. */
void mere_test_field_exchange (MereTestField *self);

/* Fills a form on the laptop by pairs of ref and value, NULL at the end, and finalises it; edits a record so.
 * (transfer full): instanceID. */
char *mere_test_field_fill (MereTestField *self, const char *form, ...) G_GNUC_NULL_TERMINATED;
char *mere_test_field_edit (MereTestField *self, const char *record, ...) G_GNUC_NULL_TERMINATED;

/* (transfer full) (element-type GBytes): XForms as bytes. */
GPtrArray *mere_test_forms (const char *const *forms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestField, mere_test_field_free)

G_END_DECLS
