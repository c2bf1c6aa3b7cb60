/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/app/vault/steps.h"

#include "tests/app/vault/fixture.h"

void
mere_test_steps_start (sqlite3 *database)
{
  mere_test_execute (database, "CREATE TABLE tally (total); INSERT INTO tally VALUES (NULL)");
}

void
mere_test_steps_prepare (sqlite3 *database)
{
  mere_test_execute (database, "PRAGMA wal_autocheckpoint = 30; PRAGMA cache_size = 10");
}

/* One transaction: a new row, longer old ones, and what they come to, so that any part that is missing shows. It spills its
 * pages early and takes some back. */
int
mere_test_steps_try (sqlite3 *database, gint64 step, guint row_bytes)
{
  g_autofree char *sql = g_strdup_printf ("BEGIN;"
                                          "INSERT INTO answers VALUES (%" G_GINT64_FORMAT ", hex (randomblob (%u)));"
                                          "UPDATE answers SET text = substr (text || hex (randomblob (40)), -9000) WHERE id %% 5 = %d;"
                                          "SAVEPOINT here; DELETE FROM answers WHERE id %% 3 = 0; ROLLBACK TO here;"
                                          "UPDATE tally SET total = (SELECT sum (length (text)) FROM answers);"
                                          "COMMIT",
                                          step, row_bytes / 2, (int) (step % 5));
  int              status = sqlite3_exec (database, sql, NULL, NULL, NULL);

  if (!sqlite3_get_autocommit (database))
    sqlite3_exec (database, "ROLLBACK", NULL, NULL, NULL);
  return status;
}

void
mere_test_steps_do (sqlite3 *database, gint64 step, guint row_bytes)
{
  if (mere_test_steps_try (database, step, row_bytes) != SQLITE_OK)
    g_error ("Step %" G_GINT64_FORMAT ": %s", step, sqlite3_errmsg (database));
}

gint64
mere_test_steps_count (sqlite3 *database)
{
  return mere_test_query (database, "SELECT count (*) FROM answers");
}

gint64
mere_test_steps_assert_kept (sqlite3 *database, gint64 said)
{
  gint64 there = mere_test_steps_count (database);

  g_assert_cmpint (there, >=, said);
  g_assert_cmpint (there, <=, said + 1);
  g_assert_cmpint (mere_test_query (database, "SELECT coalesce (max (id), 0) FROM answers"), ==, there);
  g_assert_cmpint (mere_test_query (database, "SELECT (SELECT total FROM tally) IS (SELECT sum (length (text)) FROM answers)"), ==, 1);
  g_assert_cmpint (mere_test_query (database, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
  return there;
}
