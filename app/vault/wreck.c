/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/wreck.h"

#include "app/vault/folder.h"
#include "app/vault/heap.h"
#include "app/vault/key-copies.h"
#include "app/vault/page-file.h"
#include "app/vault/rekey.h"
#include "app/vault/sqlite-memory.h"
#include "app/vault/vault-error.h"
#include "app/vault/vfs-private.h"
#include "app/vault/wal.h"

#include <sodium.h>
#include <unistd.h>

#define FRAME (MERE_WAL_FRAME + MERE_PAGE_SIZE)
#define MOST_MISSING (1u << 20) /* pages behind the end of the files that are counted: 4 GiB */

struct _MereWreck
{
  char            *own_vfs; /* registered here; or NULL */
  MereVfs         *vfs;
  int              lock; /* the folder; -1: none */
  const char      *name; /* as SQLite's files have it */
  sqlite3_file    *database;
  sqlite3_file    *log;
  MerePageFile    *pages;
  MereWal         *wal; /* NULL: there is none */
  MereContentFile *content;
  GHashTable      *frames; /* page: newest frame of it */
  guint32          n_pages;
  guint            lost_frames;
  guint8           frame[FRAME];
};

/* The log */

/* Reads a frame as SQLite sees it. Returns: SQLITE_OK, and then zeros where the log has ended */
static int
read_frame (MereWreck *self, guint32 frame)
{
  return mere_wal_read (self->wal, self->frame, FRAME, MERE_WAL_HEADER + (gint64) (frame - 1) * FRAME);
}

static guint32
count_frames (MereWreck *self)
{
  sqlite3_int64 size = 0;

  mere_wal_size (self->wal, &size);
  return size <= MERE_WAL_HEADER ? 0 : (guint32) ((size - MERE_WAL_HEADER) / FRAME);
}

static void
take_pending (MereWreck *self, GHashTable *pending)
{
  GHashTableIter iter;
  gpointer       page, frame;

  g_hash_table_iter_init (&iter, pending);
  while (g_hash_table_iter_next (&iter, &page, &frame))
    g_hash_table_insert (self->frames, page, frame);
  g_hash_table_remove_all (pending);
}

/* Where each page has its newest copy. Frames behind the last commit mark count for nothing. */
static void
read_log (MereWreck *self)
{
  g_autoptr (GHashTable) pending = g_hash_table_new (NULL, NULL);
  guint32 frames = count_frames (self);

  for (guint32 frame = 1; frame <= frames; frame++)
    {
      int     status = read_frame (self, frame);
      guint32 page = mere_get_u32 (self->frame), size = mere_get_u32 (self->frame + 4);

      self->lost_frames += status == SQLITE_IOERR_DATA;
      if (status == SQLITE_IOERR_DATA)
        continue;
      if (status != SQLITE_OK || page == 0)
        break;
      g_hash_table_insert (pending, GUINT_TO_POINTER (page), GUINT_TO_POINTER (frame));
      if (size == 0)
        continue;
      take_pending (self, pending);
      self->n_pages = size;
    }
}

static void
open_log (MereWreck *self)
{
  sqlite3_vfs *below = self->vfs->below;

  self->log = g_malloc0 ((gsize) below->szOsFile);
  if (below->xOpen (below, sqlite3_filename_wal (self->name), self->log, SQLITE_OPEN_WAL | SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
    return;
  if (mere_wal_open (self->vfs, self->log, mere_page_file_get_cipher (self->pages), mere_page_file_get_table (self->pages), &self->wal) == SQLITE_OK)
    read_log (self);
}

/* Opening */

static int
open_database (MereWreck *self)
{
  sqlite3_vfs *below = self->vfs->below;
  int          status;

  self->database = g_malloc0 ((gsize) below->szOsFile);
  status = below->xOpen (below, self->name, self->database, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY, NULL);
  if (status == SQLITE_OK)
    status = mere_page_file_open (self->vfs, self->database, self->name, &self->pages);
  if (status == SQLITE_OK && mere_page_table_is_doubtful (mere_page_file_get_table (self->pages)))
    mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_TABLE, 0);
  return status;
}

/* As the log says, else as the page table says, else as large as the file is. */
static void
count_pages (MereWreck *self)
{
  guint32       known = mere_page_table_get_size (mere_page_file_get_table (self->pages));
  sqlite3_int64 size = 0;
  guint64       most;

  mere_below_size (self->database, &size);
  most = (guint64) size / MERE_PAGE_SIZE + g_hash_table_size (self->frames) + MOST_MISSING;
  if (self->n_pages == 0 && mere_page_table_is_doubtful (mere_page_file_get_table (self->pages)))
    self->n_pages = (guint32) MAX (known, (guint64) size / MERE_PAGE_SIZE);
  else if (self->n_pages == 0)
    self->n_pages = known;
  self->n_pages = (guint32) MIN (self->n_pages, most);
}

static int
start (MereWreck *self, const char *vfs, const char *path)
{
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  int              status;

  self->vfs = (MereVfs *) sqlite3_vfs_find (vfs);
  self->vfs->lenient = TRUE;
  self->frames = g_hash_table_new (NULL, NULL);
  self->name = sqlite3_create_filename (path, journal, wal, 0, NULL);
  status = self->name != NULL ? open_database (self) : SQLITE_NOMEM;
  if (status != SQLITE_OK)
    return status;
  open_log (self);
  count_pages (self);
  return SQLITE_OK;
}

static MereWreck *
wreck_new (int lock)
{
  MereWreck *self = g_new0 (MereWreck, 1);

  self->lock = lock;
  return self;
}

MereWreck *
mere_wreck_open_database (const char *vfs, const char *path)
{
  g_autoptr (MereWreck) self = wreck_new (-1);

  return start (self, vfs, path) == SQLITE_OK ? g_steal_pointer (&self) : NULL;
}

static gboolean
open_with_key (MereWreck *self, const char *path, const MereSecret *key, const guint8 *id, GError **error)
{
  static int       opened;
  g_autofree char *database = g_build_filename (path, "vault.db", NULL);
  g_autofree char *name = g_strdup_printf ("merestone-wreck-%d", g_atomic_int_add (&opened, 1));
  int              status = mere_vfs_register (name, NULL, mere_secret_get_data (key), id);

  if (status == SQLITE_OK)
    {
      self->own_vfs = g_steal_pointer (&name);
      status = start (self, self->own_vfs, database);
    }
  self->content = mere_content_file_new (path, key, id);
  if (status != SQLITE_OK)
    mere_vault_error_set_sqlite (error, NULL, status, self->own_vfs, path);
  return status == SQLITE_OK;
}

MereWreck *
mere_wreck_open (const char *path, const MereSecret *passphrase, GError **error)
{
  g_autoptr (MereWreck) self = NULL;
  g_autoptr (MereKeyFile) keys = NULL;
  g_autoptr (MereSecret) key = NULL;
  guint slot;
  int   lock = mere_folder_lock (path, error);

  if (lock < 0)
    return NULL;
  (void) mere_heap_is_wiped ();
  mere_sqlite_memory_wipe ();
  self = wreck_new (lock);
  if (!mere_rekey_finish (path, error)) /* else the keys are not those of the pages */
    return NULL;
  keys = mere_key_copies_unlock (path, MERE_KEY_SLOT_PASSPHRASE, passphrase, &key, &slot, error);
  if (keys == NULL || !open_with_key (self, path, key, mere_key_file_get_id (keys), error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
close_file (sqlite3_file *file)
{
  if (file != NULL && file->pMethods != NULL)
    file->pMethods->xClose (file);
  g_free (file);
}

void
mere_wreck_close (MereWreck *self)
{
  if (self == NULL)
    return;
  mere_wal_close (self->wal);
  mere_page_file_close (self->pages);
  close_file (self->log);
  close_file (self->database);
  mere_content_file_free (self->content);
  sqlite3_free_filename (self->name);
  if (self->own_vfs != NULL)
    mere_vfs_unregister (self->own_vfs);
  if (self->lock >= 0)
    close (self->lock);
  g_clear_pointer (&self->frames, g_hash_table_unref);
  g_free (self->own_vfs);
  sodium_memzero (self->frame, FRAME);
  g_free (self);
}

/* Reading */

guint32
mere_wreck_get_pages (MereWreck *self)
{
  return self->n_pages;
}

static MereWreckState
read_from_log (MereWreck *self, guint32 frame, guint8 *page)
{
  if (read_frame (self, frame) != SQLITE_OK)
    return MERE_WRECK_DAMAGED;
  memcpy (page, self->frame + MERE_WAL_FRAME, MERE_PAGE_SIZE);
  return mere_wal_is_unchecked (self->wal) ? MERE_WRECK_UNCHECKED : MERE_WRECK_OPENS;
}

static gboolean
was_written (MereWreck *self, guint32 number)
{
  const guint8 *version;

  return mere_page_table_get (mere_page_file_get_table (self->pages), number, &version) == SQLITE_OK && mere_get_u64 (version) != 0;
}

static MereWreckState
read_from_database (MereWreck *self, guint32 number, guint8 *page)
{
  int status = mere_page_file_read (self->pages, page, MERE_PAGE_SIZE, (gint64) (number - 1) * MERE_PAGE_SIZE);

  if (status == SQLITE_IOERR_SHORT_READ) /* of what was never written */
    return MERE_WRECK_BLANK;
  if (status != SQLITE_OK)
    return MERE_WRECK_DAMAGED;
  if (mere_page_file_is_unchecked (self->pages))
    return MERE_WRECK_UNCHECKED;
  return was_written (self, number) ? MERE_WRECK_OPENS : MERE_WRECK_BLANK;
}

MereWreckState
mere_wreck_read (MereWreck *self, guint32 number, guint8 page[MERE_WRECK_PAGE])
{
  guint32        frame = GPOINTER_TO_UINT (g_hash_table_lookup (self->frames, GUINT_TO_POINTER (number)));
  MereWreckState state = MERE_WRECK_DAMAGED;

  if (number > 0 && number <= self->n_pages)
    state = frame > 0 ? read_from_log (self, frame, page) : read_from_database (self, number, page);
  if (state == MERE_WRECK_DAMAGED)
    memset (page, 0, MERE_PAGE_SIZE);
  return state;
}

MereContentFile *
mere_wreck_get_content (MereWreck *self)
{
  return self->content;
}

guint
mere_wreck_get_lost_frames (MereWreck *self)
{
  return self->lost_frames;
}

char *
mere_wreck_dup_damage (MereWreck *self)
{
  return mere_vault_error_dup_damage (self->vfs->base.zName);
}
