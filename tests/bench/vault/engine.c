/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/bench/vault/engine.h"

#include "app/vault/vfs.h"

#include <dlfcn.h>
#include <glib/gstdio.h>

#define SETUP "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
#define SQLCIPHER_KEY "PRAGMA key = \"x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'\"; PRAGMA cipher_page_size = 4096;"

#define LINKED                                                                                                       \
  sqlite3_open_v2, sqlite3_exec, sqlite3_close, sqlite3_prepare_v2, sqlite3_bind_int64, sqlite3_step, sqlite3_reset, \
    sqlite3_finalize, sqlite3_column_blob, sqlite3_column_bytes

Engine engines[N_ENGINES] = {
  { "SQLite", NULL, SETUP, LINKED },
  { "sealed", SEALED_VFS, "", LINKED }, /* mere_vfs_prepare() sets the same */
  { "SQLCipher", NULL, SQLCIPHER_KEY SETUP, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};

/* It has SQLite's own names, so it is looked into rather than linked. */
gboolean
engine_find_sqlcipher (void)
{
  const char *const names[] = { "libsqlcipher.so.0", "libsqlcipher.so.1", "libsqlcipher.so" };
  Engine           *self = &engines[ENGINE_SQLCIPHER];
  void             *library = NULL;

  for (guint i = 0; library == NULL && i < G_N_ELEMENTS (names); i++)
    library = dlopen (names[i], RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  if (library == NULL)
    return FALSE;
  *(void **) &self->open = dlsym (library, "sqlite3_open_v2");
  *(void **) &self->exec = dlsym (library, "sqlite3_exec");
  *(void **) &self->close = dlsym (library, "sqlite3_close");
  *(void **) &self->prepare = dlsym (library, "sqlite3_prepare_v2");
  *(void **) &self->bind = dlsym (library, "sqlite3_bind_int64");
  *(void **) &self->step = dlsym (library, "sqlite3_step");
  *(void **) &self->reset = dlsym (library, "sqlite3_reset");
  *(void **) &self->finalize = dlsym (library, "sqlite3_finalize");
  *(void **) &self->column_blob = dlsym (library, "sqlite3_column_blob");
  *(void **) &self->column_bytes = dlsym (library, "sqlite3_column_bytes");
  return self->open != NULL && self->column_bytes != NULL; /* it has all or none */
}

void
engine_run (const Engine *self, sqlite3 *database, const char *sql)
{
  char *message = NULL;

  if (self->exec (database, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s: %s", self->name, sql, message);
}

sqlite3 *
engine_open (const Engine *self, const char *path)
{
  sqlite3 *database;

  if (self->open (path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, self->vfs) != SQLITE_OK)
    g_error ("%s: %s cannot be opened", self->name, path);
  if (self->vfs != NULL && mere_vfs_prepare (database) != SQLITE_OK)
    g_error ("%s cannot be prepared", self->name);
  engine_run (self, database, self->first);
  return database;
}

void
engine_remove (const char *path)
{
  const char *const suffixes[] = { "", "-wal", "-pages" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}
