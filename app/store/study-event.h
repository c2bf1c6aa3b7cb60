/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"
#include "app/study/moment.h"

G_BEGIN_DECLS

/**
 * MereStudyRow:
 * @seq: from 1, without gaps
 * @kind: what happened, by its code in app/study ("Q", "B", "S1", … "Z" takes the row @target back)
 * @passenger: from 1, 0 for the booth or the study
 * @target: seq of the row that a correction, an undo or a note is about, or 0
 * @shift_us: of a correction
 * @name: (nullable): of an attribute
 * @value: (nullable): of an attribute, a note or a snapshot
 * @at: when the key was pressed
 *
 * One row of a running observation. Rows are only ever added: a mistake is a row that says so. They stay when the
 * observation has become a record, which counts passengers, not keys.
 */
typedef struct
{
  gint64     seq;
  char      *kind;
  gint64     passenger;
  gint64     target;
  gint64     shift_us;
  char      *name;
  char      *value;
  MereMoment at;
} MereStudyRow;

void mere_study_row_free (MereStudyRow *self);

/* Begins a study: which events its observer can see, in the bits of app/study. Loading: NOT_FOUND where none was begun. */
gboolean mere_study_begin (MereStore *store, const char *study, guint sight, GError **error);
gboolean mere_study_load_sight (MereStore *store, const char *study, guint *sight, GError **error);

/**
 * mere_study_row_append:
 * @study: instanceID of the observation's draft, "uuid:…" (%MERE_STORE_ERROR_NOT_FOUND where there is none)
 * @row: its seq must be the next one (%MERE_STORE_ERROR_CONFLICT)
 *
 * Adds a row; durable on return unless the caller is within a transaction.
 */
gboolean mere_study_row_append (MereStore *store, const char *study, const MereStudyRow *row, GError **error);

GPtrArray *mere_study_row_list (MereStore *store, const char *study, gint64 after_seq, GError **error); /* MereStudyRow, ascending */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStudyRow, mere_study_row_free)

G_END_DECLS
