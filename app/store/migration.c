/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The schema grows by numbered files; the table `migration` says which of them a database has. */

#include "config.h"

#include "app/store/migration.h"

#include "app/store/statement.h"
#include "app/store/store-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  guint number;
  char *name; /* of the file */
} Migration;

static void
migration_clear (gpointer data)
{
  g_free (((Migration *) data)->name);
}

static int
compare_migrations (gconstpointer a,
                    gconstpointer b)
{
  guint left = ((const Migration *) a)->number;
  guint right = ((const Migration *) b)->number;

  return left < right ? -1 : left > right;
}

/* "0004-records.sql" and the like; (element-type Migration), ascending. */
static GArray *
read_list (const char *folder)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Migration));
  g_auto (GStrv) names = g_resources_enumerate_children (folder, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_array_set_clear_func (list, migration_clear);
  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      Migration migration = { (guint) g_ascii_strtoull (*name, NULL, 10), NULL };

      if (migration.number == 0 || !g_str_has_suffix (*name, ".sql"))
        continue;
      migration.name = g_strdup (*name);
      g_array_append_val (list, migration);
    }
  g_array_sort (list, compare_migrations);
  return list;
}

GArray *
mere_migration_list (void)
{
  g_autoptr (GArray) list = read_list (MERE_MIGRATION_PATH);
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < list->len; i++)
    g_array_append_val (numbers, g_array_index (list, Migration, i).number);
  return numbers;
}

static gboolean
has_table (MereStore *store,
           gboolean  *has,
           GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, store->database->engine->has_table, error);

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, "migration");
  return mere_statement_step (query, has, error);
}

static gboolean
is_known (GArray *list,
          guint   number)
{
  for (guint i = 0; i < list->len; i++)
    if (g_array_index (list, Migration, i).number == number)
      return TRUE;
  return FALSE;
}

/* Numbers that the database has: set of guint; fails where one is unknown. */
static GHashTable *
read_applied (MereStore *store,
              GArray    *list,
              GError   **error)
{
  g_autoptr (GHashTable) applied = g_hash_table_new (NULL, NULL);
  g_autoptr (MereStatement) query = NULL;
  gboolean row;

  if (!has_table (store, &row, error))
    return NULL;
  if (!row)
    return g_steal_pointer (&applied);
  query = mere_statement_new (store, "SELECT number FROM migration", error);
  if (query == NULL)
    return NULL;
  for (;;)
    {
      guint number;

      if (!mere_statement_step (query, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&applied);
      number = (guint) mere_statement_get_int (query, 0);
      if (!is_known (list, number))
        {
          g_set_error (error,
                       MERE_STORE_ERROR,
                       MERE_STORE_ERROR_NEWER,
                       _ ("This vault was written by a newer version of the program (its part %u is unknown here). "
                          "Nothing was changed; use the newer version."),
                       number);
          return NULL;
        }
      g_hash_table_add (applied, GUINT_TO_POINTER (number));
    }
}

static gboolean
note_applied (MereStore       *store,
              const Migration *migration,
              GError         **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO migration (number, name, applied_us) VALUES (?1, ?2, ?3)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, migration->number);
  mere_statement_bind_text (insert, 2, migration->name);
  mere_statement_bind_int (insert, 3, g_get_real_time ());
  return mere_statement_run (insert, error);
}

#define CREATE_TABLE                       \
  "CREATE TABLE IF NOT EXISTS migration (" \
  "  number     INTEGER PRIMARY KEY,"      \
  "  name       TEXT NOT NULL,"            \
  "  applied_us BIGINT NOT NULL)"

static gboolean
run_file (MereStore  *store,
          const char *name,
          GError    **error)
{
  g_autofree char *path = g_strconcat (store->database->engine->migrations, name, NULL);
  g_autoptr (GBytes) sql = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  /* Resources end with a NUL that their size does not count. */
  return sql != NULL && mere_store_execute (store, g_bytes_get_data (sql, NULL), error);
}

/* Another process may have been faster: what is applied is read again when it can no longer change. */
static gboolean
apply_one (MereStore       *store,
           GArray          *list,
           const Migration *migration,
           GError         **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (GHashTable) applied = NULL;

  if (work == NULL || !mere_store_lock (store, "migration", error) || !mere_store_execute (store, CREATE_TABLE, error))
    return FALSE;
  applied = read_applied (store, list, error);
  if (applied == NULL)
    return FALSE;
  if (!g_hash_table_contains (applied, GUINT_TO_POINTER (migration->number)) &&
      (!run_file (store, migration->name, error) || !note_applied (store, migration, error)))
    {
      g_prefix_error (error, "%s: ", migration->name);
      return FALSE;
    }
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

static gboolean
describe_one (sqlite3         *database,
              const Migration *migration,
              GError         **error)
{
  g_autofree char *path = g_strconcat (MERE_MIGRATION_PATH, migration->name, NULL);
  g_autofree char *line = g_strdup_printf ("INSERT INTO migration VALUES (%u, '%s', 0)", migration->number, migration->name);
  g_autoptr (GBytes) sql = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (sql == NULL)
    return FALSE;
  if (sqlite3_exec (database, g_bytes_get_data (sql, NULL), NULL, NULL, NULL) == SQLITE_OK &&
      sqlite3_exec (database, line, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FAILED, "%s: %s", migration->name, sqlite3_errmsg (database));
  return FALSE;
}

gboolean
mere_migration_describe (sqlite3 *database,
                         guint    last,
                         GError **error)
{
  g_autoptr (GArray) list = read_list (MERE_MIGRATION_PATH);

  sqlite3_exec (database, CREATE_TABLE, NULL, NULL, NULL);
  for (guint i = 0; i < list->len; i++)
    if (g_array_index (list, Migration, i).number <= last && !describe_one (database, &g_array_index (list, Migration, i), error))
      return FALSE;
  return TRUE;
}

gboolean
mere_migration_apply (MereStore *store,
                      guint      last,
                      GError   **error)
{
  g_autoptr (GArray) list = read_list (store->database->engine->migrations);
  g_autoptr (GHashTable) applied = read_applied (store, list, error);

  for (guint i = 0; applied != NULL && i < list->len; i++)
    {
      const Migration *migration = &g_array_index (list, Migration, i);

      if (migration->number <= last && !g_hash_table_contains (applied, GUINT_TO_POINTER (migration->number)) &&
          !apply_one (store, list, migration, error))
        return FALSE;
    }
  return applied != NULL;
}
