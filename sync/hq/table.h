/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/shape.h"
#include "sync/hq/submission.h"

G_BEGIN_DECLS

/* Submissions as tables, the way ODK Central exports them: one table for the form and one for each repeat; groups are flat,
 * "group-question"; a geopoint is four columns; a row of a repeat names its own key and its parent's. Knows no file format:
 * see export-csv.h. */

/* How tables are written. */
typedef enum {
  MERE_TABLE_LABELS = 1 << 0, /* the words of the form instead of names and values */
  MERE_TABLE_SPLIT = 1 << 1,  /* a column for each choice of which several may be chosen, beside that of all: 1, 0 */
} MereTableFlags;

/* A column: a value, or with @part a piece of a geopoint (0 latitude, 1 longitude, 2 altitude, 3 accuracy; else -1), or
 * with @choice whether that was chosen. */
typedef struct
{
  char            *name;
  const MereShape *shape;
  int              part;
  const char      *choice;
} MereColumn;

/* What its cells are. */
MereShapeType mere_column_get_type (const MereColumn *self);

/**
 * MereTable:
 * @name: "FORM" or "FORM-REPEAT"; "FORM-REPEAT~1", "~2"… where repeats of one name are in several places
 * @is_repeat: whether its rows have a parent
 * @columns: (element-type MereColumn)
 */
typedef struct
{
  char            *name;
  gboolean         is_repeat;
  GPtrArray       *columns;
  const MereShape *shape;
  MereTableFlags   flags;
  GHashTable      *places; /*< private >*/
} MereTable;

/**
 * mere_table_list:
 * @shape: of the form; must live as long
 * @form: its id
 *
 * Returns: (transfer full) (element-type MereTable): that of the form, then its repeats in the order of the form
 */
GPtrArray *mere_table_list (const MereShape *shape, const char *form, MereTableFlags flags) G_GNUC_WARN_UNUSED_RESULT;

/**
 * MereTableRow:
 * @table: index of the table
 * @cells: as many as it has columns; %NULL where the submission has no such element
 * @key: "uuid:…", or of a repeat "uuid:…/group/person[2]"
 * @parent_key: (nullable): of a repeat
 */
typedef gboolean (*MereTableRow) (gpointer           user_data,
                                  guint              table,
                                  const char *const *cells,
                                  const char        *key,
                                  const char        *parent_key,
                                  GError           **error);

/* Gives the rows of one submission; the form's own comes last. Values are as the submission has them, or the labels of
 * what was chosen. */
gboolean mere_table_fill (GPtrArray *tables, const MereSubmission *submission, MereTableRow row, gpointer user_data, GError **error);

G_END_DECLS
