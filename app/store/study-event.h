/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"
#include "app/study/moment.h"

G_BEGIN_DECLS

/**
 * MereStudyRow:
 * @seq: from 1, without gaps
 * @kind: what happened, in the words of app/study; "undo" takes the row @undoes back
 * @undoes: seq of the row that is taken back, 0 for any other kind
 * @attributes: (nullable): JSON object of what is known beside the time
 * @at: when
 *
 * One row of a running observation. Rows are only ever added: a mistake is a row that says so.
 */
typedef struct
{
  gint64     seq;
  char      *kind;
  gint64     undoes;
  char      *attributes;
  MereMoment at;
} MereStudyRow;

void mere_study_row_free (MereStudyRow *self);

/**
 * mere_study_row_append:
 * @draft: the draft of the observation
 * @kind: not empty
 *
 * Adds a row; durable on return unless the caller is within a transaction.
 *
 * Returns: its seq, 0 on failure
 */
gint64 mere_study_row_append (MereStore        *store,
                              gint64            draft,
                              const char       *kind,
                              gint64            undoes,
                              const char       *attributes,
                              const MereMoment *at,
                              GError          **error);

GPtrArray *mere_study_row_list (MereStore *store, gint64 draft, gint64 after_seq, GError **error); /* MereStudyRow, ascending */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStudyRow, mere_study_row_free)

G_END_DECLS
