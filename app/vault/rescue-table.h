/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/rescue-schema.h"

G_BEGIN_DECLS

/**
 * MereRescueTable:
 *
 * A table of the new database that takes rows as records. Its columns are those of its line of the schema.
 */
typedef struct _MereRescueTable MereRescueTable;

/* @line: of a table with columns, which is made in @to; both borrowed */
MereRescueTable *mere_rescue_table_new (sqlite3 *to, const MereRescueLine *line) G_GNUC_WARN_UNUSED_RESULT;
void             mere_rescue_table_free (MereRescueTable *self);

typedef enum {
  MERE_RESCUE_PUT_DONE,
  MERE_RESCUE_PUT_THERE,   /* a row of that key is there already */
  MERE_RESCUE_PUT_REFUSED, /* it is no row of this table */
  MERE_RESCUE_PUT_FAILED,  /* the new database cannot be written */
} MereRescuePut;

/* Adds a row. @number: of the row, where the table has numbers */
MereRescuePut mere_rescue_table_put (MereRescueTable *self, gint64 number, const GByteArray *payload);

/* Whether the row of that number is there. */
gboolean mere_rescue_table_has (MereRescueTable *self, gint64 number);

/* Whether it is there and has this value in a column. */
gboolean mere_rescue_table_matches (MereRescueTable     *self,
                                    gint64               number,
                                    const char          *column,
                                    const MereTreeValue *value,
                                    const guint8        *payload);

/* How many rows of the table refer to what is not there. */
gint64 mere_rescue_table_count_orphans (MereRescueTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereRescueTable, mere_rescue_table_free)

G_END_DECLS
