/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite's side: a VFS over another one, which sends the database to page-file.c and the write-ahead log to wal.c, and
 * refuses whatever else SQLite would write. Only what SQLite asks of the files is here; no byte is sealed here. */

#include "config.h"

#include "app/vault/vfs.h"

#include "app/vault/page-file.h"
#include "app/vault/vfs-private.h"
#include "app/vault/wal.h"

#include <sodium.h>
#include <stdlib.h>

#define SUBKEY_CONTEXT "MereVlt1" /* crypto_kdf_CONTEXTBYTES */

typedef struct _MereVfsFile MereVfsFile;

/* The file of the VFS below follows. */
struct _MereVfsFile
{
  sqlite3_file  base;
  MereVfs      *vfs;
  MerePageFile *pages;    /* of a database */
  MereWal      *wal;      /* of a write-ahead log */
  MereVfsFile  *database; /* of a write-ahead log */
  MereVfsFile  *log;      /* of a database; NULL while none is open */
};

/* As far apart as any type of the VFS below may ask. */
#define BELOW_OFFSET ((sizeof (MereVfsFile) + 15) / 16 * 16)

void
mere_subkey_derive (guint8 out[MERE_SEAL_KEY], const guint8 *key, MereSubkey subkey)
{
  G_STATIC_ASSERT (sizeof SUBKEY_CONTEXT - 1 == crypto_kdf_CONTEXTBYTES);
  G_STATIC_ASSERT (MERE_VFS_KEY == crypto_kdf_KEYBYTES);

  crypto_kdf_derive_from_key (out, MERE_SEAL_KEY, subkey, SUBKEY_CONTEXT, key);
}

MerePageCipher *
mere_vfs_take_cipher (MereVfs *self)
{
  MerePageCipher *cipher = g_atomic_pointer_exchange (&self->cipher, NULL);

  return cipher != NULL ? cipher : mere_page_cipher_new (self->keys, MERE_N_KEYS, MERE_PAGE_CIPHER_CRYPTO);
}

void
mere_vfs_give_cipher (MereVfs *self, MerePageCipher *cipher)
{
  if (!g_atomic_pointer_compare_and_exchange (&self->cipher, NULL, cipher))
    mere_page_cipher_free (cipher);
}

int
mere_vfs_damaged (MereVfs *self, MereVfsDamageKind kind, guint32 number)
{
  self->damage.kind = kind;
  self->damage.number = number;
  return SQLITE_IOERR_DATA;
}

/* What both kinds of file share */

static sqlite3_file *
below (sqlite3_file *file)
{
  return (sqlite3_file *) ((guint8 *) file + BELOW_OFFSET);
}

static int
file_lock (sqlite3_file *file, int level)
{
  return below (file)->pMethods->xLock (below (file), level);
}

static int
file_unlock (sqlite3_file *file, int level)
{
  return below (file)->pMethods->xUnlock (below (file), level);
}

static int
file_is_reserved (sqlite3_file *file, int *reserved)
{
  return below (file)->pMethods->xCheckReservedLock (below (file), reserved);
}

static int
file_sector_size (sqlite3_file *file)
{
  return below (file)->pMethods->xSectorSize (below (file));
}

/* Nothing atomic: what SQLite writes at once lies in several places here. A write leaves the bytes around it alone, as SQLite
 * assumes of every disk by default; else it would pad the log to whole sectors, in pieces of frames. */
static int
file_characteristics (sqlite3_file *file)
{
  int characteristics = below (file)->pMethods->xDeviceCharacteristics (below (file));

  return (characteristics & SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN) | SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* The database */

static int
database_close (sqlite3_file *file)
{
  MereVfsFile *self = (MereVfsFile *) file;

  mere_page_file_close (self->pages);
  self->pages = NULL;
  return below (file)->pMethods->xClose (below (file));
}

static int
database_read (sqlite3_file *file, void *to, int size, sqlite3_int64 offset)
{
  return mere_page_file_read (((MereVfsFile *) file)->pages, to, size, offset);
}

static int
database_write (sqlite3_file *file, const void *from, int size, sqlite3_int64 offset)
{
  return mere_page_file_write (((MereVfsFile *) file)->pages, from, size, offset);
}

static int
database_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  return mere_page_file_truncate (((MereVfsFile *) file)->pages, size);
}

static int
database_sync (sqlite3_file *file, int flags)
{
  return mere_page_file_sync (((MereVfsFile *) file)->pages, flags);
}

static int
database_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return mere_page_file_size (((MereVfsFile *) file)->pages, size);
}

static void
begin_checkpoint (MereVfsFile *self)
{
  mere_page_file_begin_checkpoint (self->pages);
  if (self->log != NULL)
    mere_wal_begin_checkpoint (self->log->wal);
}

static void
end_checkpoint (MereVfsFile *self)
{
  mere_page_file_end_checkpoint (self->pages);
  if (self->log != NULL)
    mere_wal_end_checkpoint (self->log->wal);
}

/* Only what is known not to reach the bytes goes below. */
static int
database_control (sqlite3_file *file, int operation, void *argument)
{
  switch (operation)
    {
    case SQLITE_FCNTL_CKPT_START:
      begin_checkpoint ((MereVfsFile *) file);
      return SQLITE_OK;
    case SQLITE_FCNTL_CKPT_DONE:
      end_checkpoint ((MereVfsFile *) file);
      return SQLITE_OK;
    case SQLITE_FCNTL_HAS_MOVED:
    case SQLITE_FCNTL_PERSIST_WAL:
    case SQLITE_FCNTL_LAST_ERRNO:
    case SQLITE_FCNTL_LOCK_TIMEOUT:
      return below (file)->pMethods->xFileControl (below (file), operation, argument);
    default:
      return SQLITE_NOTFOUND;
    }
}

/* Version 1 has no shared memory and no memory mapping. */
static const sqlite3_io_methods database_methods = {
  1,
  database_close,
  database_read,
  database_write,
  database_truncate,
  database_sync,
  database_size,
  file_lock,
  file_unlock,
  file_is_reserved,
  database_control,
  file_sector_size,
  file_characteristics,
};

/* The write-ahead log */

static int
wal_close (sqlite3_file *file)
{
  MereVfsFile *self = (MereVfsFile *) file;
  int          status = mere_wal_close (self->wal);
  int          closed = below (file)->pMethods->xClose (below (file));

  self->wal = NULL;
  self->database->log = NULL;
  return status != SQLITE_OK ? status : closed;
}

static int
wal_read (sqlite3_file *file, void *to, int size, sqlite3_int64 offset)
{
  return mere_wal_read (((MereVfsFile *) file)->wal, to, size, offset);
}

static int
wal_write (sqlite3_file *file, const void *from, int size, sqlite3_int64 offset)
{
  return mere_wal_write (((MereVfsFile *) file)->wal, from, size, offset);
}

static int
wal_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  return mere_wal_truncate (((MereVfsFile *) file)->wal, size);
}

static int
wal_sync (sqlite3_file *file, int flags)
{
  return mere_wal_sync (((MereVfsFile *) file)->wal, flags);
}

static int
wal_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return mere_wal_size (((MereVfsFile *) file)->wal, size);
}

static int
wal_control (sqlite3_file *file, int operation, void *argument)
{
  return SQLITE_NOTFOUND;
}

static const sqlite3_io_methods wal_methods = {
  1,
  wal_close,
  wal_read,
  wal_write,
  wal_truncate,
  wal_sync,
  wal_size,
  file_lock,
  file_unlock,
  file_is_reserved,
  wal_control,
  file_sector_size,
  file_characteristics,
};

/* Opening */

static int
start_database (MereVfsFile *self, const char *name)
{
  int status = mere_page_file_open (self->vfs, below (&self->base), name, &self->pages);

  if (status == SQLITE_OK)
    self->base.pMethods = &database_methods;
  return status;
}

static int
start_wal (MereVfsFile *self, const char *name)
{
  MereVfsFile *database = (MereVfsFile *) sqlite3_database_file_object (name);
  int          status = mere_wal_open (self->vfs, below (&self->base), mere_page_file_get_cipher (database->pages),
                                       mere_page_file_get_table (database->pages), &self->wal);

  if (status != SQLITE_OK)
    return status;
  self->database = database;
  database->log = self;
  self->base.pMethods = &wal_methods;
  return SQLITE_OK;
}

/* A database and its log; journals, statement journals and temporary files would lie on the disk in the clear. */
static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  MereVfsFile *self = (MereVfsFile *) file;
  MereVfs     *owner = (MereVfs *) vfs;
  int          status;

  memset (self, 0, (gsize) vfs->szOsFile);
  if (name == NULL || (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
    return SQLITE_CANTOPEN;

  self->vfs = owner;
  status = owner->below->xOpen (owner->below, name, below (file), flags, out_flags);
  if (status == SQLITE_OK)
    status = (flags & SQLITE_OPEN_WAL) != 0 ? start_wal (self, name) : start_database (self, name);
  if (status != SQLITE_OK && below (file)->pMethods != NULL)
    below (file)->pMethods->xClose (below (file));
  return status;
}

/* There are no rollback journals here; a file of that name is somebody else's and not ours to replay. */
static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  sqlite3_vfs *under = ((MereVfs *) vfs)->below;

  *result = 0;
  return g_str_has_suffix (name, "-journal") ? SQLITE_OK : under->xAccess (under, name, flags, result);
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  sqlite3_vfs *under = ((MereVfs *) vfs)->below;

  return under->xDelete (under, name, sync_folder);
}

static int
vfs_full_pathname (sqlite3_vfs *vfs, const char *name, int size, char *path)
{
  sqlite3_vfs *under = ((MereVfs *) vfs)->below;

  return under->xFullPathname (under, name, size, path);
}

static void *
vfs_dl_open (sqlite3_vfs *vfs, const char *name)
{
  return NULL; /* no extension is loaded into what holds the keys */
}

static void
vfs_dl_error (sqlite3_vfs *vfs, int size, char *message)
{
  sqlite3_snprintf (size, message, "extensions are not loaded here");
}

static int
vfs_randomness (sqlite3_vfs *vfs, int size, char *bytes)
{
  sqlite3_vfs *under = ((MereVfs *) vfs)->below;

  return under->xRandomness (under, size, bytes);
}

static int
vfs_sleep (sqlite3_vfs *vfs, int duration_us)
{
  sqlite3_vfs *under = ((MereVfs *) vfs)->below;

  return under->xSleep (under, duration_us);
}

static int
vfs_current_time (sqlite3_vfs *vfs, double *days)
{
  sqlite3_vfs *under = ((MereVfs *) vfs)->below;

  return under->xCurrentTime (under, days);
}

static int
vfs_last_error (sqlite3_vfs *vfs, int size, char *message)
{
  sqlite3_vfs *under = ((MereVfs *) vfs)->below;

  return under->xGetLastError != NULL ? under->xGetLastError (under, size, message) : 0;
}

/* Registering */

static void
vfs_free (MereVfs *self)
{
  mere_page_cipher_free (self->cipher);
  sodium_free (self->keys);
  g_free ((char *) self->base.zName);
  g_free (self);
}

static MereVfs *
vfs_new (const char *name, sqlite3_vfs *under, const guint8 *key, const guint8 *id)
{
  MereVfs *self = g_new0 (MereVfs, 1);

  self->below = under;
  self->keys = sodium_malloc (MERE_N_KEYS * MERE_SEAL_KEY);
  if (self->keys == NULL)
    {
      g_free (self);
      return NULL;
    }
  mere_subkey_derive (self->keys + MERE_KEY_PAGES * MERE_SEAL_KEY, key, MERE_SUBKEY_PAGES);
  mere_subkey_derive (self->keys + MERE_KEY_WAL * MERE_SEAL_KEY, key, MERE_SUBKEY_WAL);
  mere_subkey_derive (self->keys + MERE_KEY_TABLE * MERE_SEAL_KEY, key, MERE_SUBKEY_TABLE);
  if (id != NULL)
    memcpy (self->id, id, MERE_VFS_ID);

  self->base = (sqlite3_vfs){
    .iVersion = 1,
    .szOsFile = (int) BELOW_OFFSET + under->szOsFile,
    .mxPathname = under->mxPathname - 16, /* room for the suffix of the page table */
    .zName = g_strdup (name),
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_pathname,
    .xDlOpen = vfs_dl_open,
    .xDlError = vfs_dl_error,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_current_time,
    .xGetLastError = vfs_last_error,
  };
  return self;
}

static MereVfs *
find (const char *name)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (name);

  return vfs != NULL && vfs->xOpen == vfs_open ? (MereVfs *) vfs : NULL;
}

int
mere_vfs_register (const char *name, const char *below_name, const guint8 *key, const guint8 *id)
{
  sqlite3_vfs *under = sqlite3_vfs_find (below_name);
  MereVfs     *self;

  if (sodium_init () < 0 || under == NULL || sqlite3_vfs_find (name) != NULL)
    return SQLITE_ERROR;
  self = vfs_new (name, under, key, id);
  return self == NULL ? SQLITE_NOMEM : sqlite3_vfs_register (&self->base, FALSE);
}

int
mere_vfs_unregister (const char *name)
{
  MereVfs *self = find (name);
  int      status;

  if (self == NULL)
    return SQLITE_ERROR;
  status = sqlite3_vfs_unregister (&self->base);
  if (status == SQLITE_OK)
    vfs_free (self);
  return status;
}

gboolean
mere_vfs_get_damage (const char *name, MereVfsDamage *damage)
{
  MereVfs *self = find (name);

  *damage = self != NULL ? self->damage : (MereVfsDamage){ MERE_VFS_DAMAGE_NONE, 0 };
  return damage->kind != MERE_VFS_DAMAGE_NONE;
}

/* Preparing a connection */

static int
read_journal_mode (sqlite3 *database, gboolean *is_wal)
{
  sqlite3_stmt *statement;
  int           status = sqlite3_prepare_v2 (database, "PRAGMA main.journal_mode", -1, &statement, NULL);

  if (status != SQLITE_OK)
    return status;
  *is_wal = sqlite3_step (statement) == SQLITE_ROW && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "wal") == 0;
  return sqlite3_finalize (statement);
}

int
mere_vfs_prepare (sqlite3 *database)
{
  gboolean is_wal = FALSE;
  int      status;

  /* Exclusive before the database is first read: only then does SQLite keep the log's index in its own memory. */
  status = sqlite3_exec (database,
                         "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;"
                         "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;",
                         NULL, NULL, NULL);
  if (status == SQLITE_OK)
    status = read_journal_mode (database, &is_wal);
  if (status == SQLITE_OK && !is_wal) /* a new one: its first page is written under a journal in memory */
    status = sqlite3_exec (database, "PRAGMA main.journal_mode = MEMORY; PRAGMA main.journal_mode = WAL;", NULL, NULL, NULL);
  if (status == SQLITE_OK && !is_wal)
    status = read_journal_mode (database, &is_wal);
  return status == SQLITE_OK && !is_wal ? SQLITE_PROTOCOL : status;
}
