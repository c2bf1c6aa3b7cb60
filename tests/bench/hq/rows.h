/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* A record of the bench's form of 60 questions. */
typedef struct
{
  char       *id; /* "uuid:…" */
  const char *crossing;
  GBytes     *xml;
} Row;

#define N_CROSSINGS 40

Row  *row_new (guint number);
void  row_free (gpointer row);
char *crossing_id (guint number);

/* The peer: the rows that receiving makes of records, and nothing else: by plain prepared inserts, or COPY. */
void rows_insert (MereStore *store, GPtrArray *rows, gint64 bundle, const char *device);

G_END_DECLS
