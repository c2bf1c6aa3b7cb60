/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include <glib.h>

G_BEGIN_DECLS

/* Work to crash in: numbered transactions of which any part that is missing shows. */

void   mere_test_steps_start (sqlite3 *database);                             /* its tables; @answers is there already */
void   mere_test_steps_prepare (sqlite3 *database);                           /* a connection: small cache, early checkpoints */
void   mere_test_steps_do (sqlite3 *database, gint64 step, guint row_bytes);  /* from 1, in order */
int    mere_test_steps_try (sqlite3 *database, gint64 step, guint row_bytes); /* the same; rolls back and says what SQLite met */
gint64 mere_test_steps_count (sqlite3 *database);                             /* the last one that is there */

/* All up to @said are there, at most the one after it, and no part of any other. Returns: the last one that is there */
gint64 mere_test_steps_assert_kept (sqlite3 *database, gint64 said);

G_END_DECLS
