/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* SQLite as it is, below our VFS, and as SQLCipher has it: the same calls to each. */

#define SEALED_VFS "bench"

typedef struct
{
  const char *name;
  const char *vfs;   /* NULL: SQLite's own */
  const char *first; /* SQL right after opening */
  int (*open) (const char *path, sqlite3 **database, int flags, const char *vfs);
  int (*exec) (sqlite3 *database, const char *sql, sqlite3_callback each, void *data, char **message);
  int (*close) (sqlite3 *database);
  int (*prepare) (sqlite3 *database, const char *sql, int size, sqlite3_stmt **statement, const char **rest);
  int (*bind) (sqlite3_stmt *statement, int parameter, sqlite3_int64 value);
  int (*step) (sqlite3_stmt *statement);
  int (*reset) (sqlite3_stmt *statement);
  int (*finalize) (sqlite3_stmt *statement);
  const void *(*column_blob) (sqlite3_stmt *statement, int column);
  int (*column_bytes) (sqlite3_stmt *statement, int column);
} Engine;

enum {
  ENGINE_SQLITE,
  ENGINE_SEALED,
  ENGINE_SQLCIPHER,
  N_ENGINES,
};

extern Engine engines[N_ENGINES];

/* Returns: whether SQLCipher's library is on this machine */
gboolean engine_find_sqlcipher (void);

sqlite3 *engine_open (const Engine *self, const char *path);
void     engine_run (const Engine *self, sqlite3 *database, const char *sql);
void     engine_remove (const char *path);

G_END_DECLS
