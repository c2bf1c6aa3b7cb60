/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/app/vault/disk.h"

#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

#define MOST_AT_ONCE 0x1ffff /* bytes that SQLite's VFS for Unix reads or writes in one call: it masks the size */

typedef enum {
  CALL_CREATE,
  CALL_DELETE,
  CALL_WRITE,
  CALL_TRUNCATE,
  CALL_SYNC,
} CallKind;

typedef struct
{
  CallKind kind;
  guint    file;
  gint64   offset; /* or the new size */
  GBytes  *bytes;
  gboolean sure; /* a deletion that syncs the folder */
} Call;

/* A file keeps its number; one of the same name that comes after it is another file. */
typedef struct
{
  char       *name;
  gboolean    linked;
  GByteArray *bytes;

  /* While crashes are looked at: what the disk holds for certain before the call. */
  gboolean    was_linked;
  GByteArray *was;
  gboolean    name_is_sure;
} File;

struct _MereTestDisk
{
  GPtrArray *files;
  GPtrArray *calls;    /* NULL: not recording */
  guint      replayed; /* calls that are taken into account */
  GPtrArray *pending;  /* of these, the ones not synced; borrowed */
  guint      failing;  /* the sync that fails, counted down to it; 0: none */
};

typedef struct
{
  sqlite3_file  base;
  MereTestDisk *disk;
  guint         number;
} OpenFile;

static MereTestDisk *shown;

static void
file_free (File *self)
{
  g_free (self->name);
  g_byte_array_unref (self->bytes);
  g_clear_pointer (&self->was, g_byte_array_unref);
  g_free (self);
}

static void
call_free (Call *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

MereTestDisk *
mere_test_disk_new (void)
{
  MereTestDisk *self = g_new0 (MereTestDisk, 1);

  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  return self;
}

void
mere_test_disk_free (MereTestDisk *self)
{
  if (shown == self)
    shown = NULL;
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  g_ptr_array_unref (self->files);
  g_free (self);
}

static File *
get_file (MereTestDisk *self, guint number)
{
  return g_ptr_array_index (self->files, number);
}

static File *
add_file (MereTestDisk *self, const char *name, GByteArray *bytes)
{
  File *file = g_new0 (File, 1);

  file->name = g_strdup (name);
  file->linked = TRUE;
  file->bytes = bytes;
  g_ptr_array_add (self->files, file);
  return file;
}

static gboolean
find_file (MereTestDisk *self, const char *name, guint *number)
{
  for (guint i = 0; i < self->files->len; i++)
    if (get_file (self, i)->linked && g_str_equal (get_file (self, i)->name, name))
      {
        *number = i;
        return TRUE;
      }
  return FALSE;
}

GByteArray *
mere_test_disk_get_bytes (MereTestDisk *self, const char *name)
{
  guint number;

  return find_file (self, name, &number) ? get_file (self, number)->bytes : NULL;
}

static void
set_size (GByteArray *bytes, gsize size)
{
  guint before = bytes->len;

  g_byte_array_set_size (bytes, (guint) size);
  if (size > before)
    memset (bytes->data + before, 0, size - before);
}

static void
put (GByteArray *bytes, gint64 offset, const guint8 *from, gsize size)
{
  if (bytes->len < (gsize) offset + size)
    set_size (bytes, (gsize) offset + size);
  memcpy (bytes->data + offset, from, size);
}

static Call *
record (MereTestDisk *self, CallKind kind, guint file, gint64 offset)
{
  Call *call;

  if (self->calls == NULL)
    return NULL;
  call = g_new0 (Call, 1);
  *call = (Call){ kind, file, offset, NULL, FALSE };
  g_ptr_array_add (self->calls, call);
  return call;
}

/* The files, as SQLite asks for them */

static File *
get_open (sqlite3_file *file)
{
  OpenFile *self = (OpenFile *) file;

  return get_file (self->disk, self->number);
}

static int
file_close (sqlite3_file *file)
{
  return SQLITE_OK;
}

static int
file_read (sqlite3_file *file, void *to, int size, sqlite3_int64 offset)
{
  GByteArray *bytes = get_open (file)->bytes;
  gsize       there;

  g_assert_cmpint (size, <=, MOST_AT_ONCE);
  there = offset < bytes->len ? MIN ((gsize) size, bytes->len - (gsize) offset) : 0;

  if (there > 0)
    memcpy (to, bytes->data + offset, there);
  memset ((guint8 *) to + there, 0, (gsize) size - there);
  return there == (gsize) size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
file_write (sqlite3_file *file, const void *from, int size, sqlite3_int64 offset)
{
  OpenFile *self = (OpenFile *) file;
  Call     *call;

  g_assert_cmpint (size, <=, MOST_AT_ONCE);
  put (get_open (file)->bytes, offset, from, (gsize) size);
  call = record (self->disk, CALL_WRITE, self->number, offset);
  if (call != NULL)
    call->bytes = g_bytes_new (from, (gsize) size);
  return SQLITE_OK;
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  OpenFile *self = (OpenFile *) file;

  set_size (get_open (file)->bytes, (gsize) size);
  record (self->disk, CALL_TRUNCATE, self->number, size);
  return SQLITE_OK;
}

static int
file_sync (sqlite3_file *file, int flags)
{
  OpenFile *self = (OpenFile *) file;

  if (self->disk->failing > 0 && --self->disk->failing == 0)
    return SQLITE_IOERR_FSYNC;
  record (self->disk, CALL_SYNC, self->number, 0);
  return SQLITE_OK;
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  *size = get_open (file)->bytes->len;
  return SQLITE_OK;
}

static int
file_lock (sqlite3_file *file, int level)
{
  return SQLITE_OK;
}

static int
file_is_reserved (sqlite3_file *file, int *reserved)
{
  *reserved = 0;
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *file, int operation, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector_size (sqlite3_file *file)
{
  return MERE_TEST_SECTOR;
}

static int
file_characteristics (sqlite3_file *file)
{
  return 0;
}

static const sqlite3_io_methods methods = {
  1,
  file_close,
  file_read,
  file_write,
  file_truncate,
  file_sync,
  file_size,
  file_lock,
  file_lock,
  file_is_reserved,
  file_control,
  file_sector_size,
  file_characteristics,
};

static int
disk_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  OpenFile *self = (OpenFile *) file;

  self->base.pMethods = NULL;
  self->disk = shown;
  if (!find_file (shown, name, &self->number))
    {
      if ((flags & SQLITE_OPEN_CREATE) == 0)
        return SQLITE_CANTOPEN;
      self->number = shown->files->len;
      add_file (shown, name, g_byte_array_new ());
      record (shown, CALL_CREATE, self->number, 0);
    }
  self->base.pMethods = &methods;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
disk_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  Call *call;
  guint number;

  if (!find_file (shown, name, &number))
    return SQLITE_IOERR_DELETE_NOENT;
  get_file (shown, number)->linked = FALSE;
  call = record (shown, CALL_DELETE, number, 0);
  if (call != NULL)
    call->sure = sync_folder;
  return SQLITE_OK;
}

static int
disk_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  guint number;

  *result = find_file (shown, name, &number);
  return SQLITE_OK;
}

static int
disk_full_pathname (sqlite3_vfs *vfs, const char *name, int size, char *path)
{
  g_strlcpy (path, name, (gsize) size);
  return SQLITE_OK;
}

void
mere_test_disk_register (void)
{
  static sqlite3_vfs self;

  self = *sqlite3_vfs_find (NULL); /* for time and randomness */
  self.iVersion = 1;
  self.szOsFile = sizeof (OpenFile);
  self.zName = MERE_TEST_DISK;
  self.pNext = NULL;
  self.xOpen = disk_open;
  self.xDelete = disk_delete;
  self.xAccess = disk_access;
  self.xFullPathname = disk_full_pathname;
  g_assert_cmpint (sqlite3_vfs_register (&self, FALSE), ==, SQLITE_OK);
}

void
mere_test_disk_use (MereTestDisk *self)
{
  shown = self;
}

/* Crashes */

static GByteArray *
copy_bytes (GByteArray *bytes)
{
  return g_byte_array_append (g_byte_array_sized_new (bytes->len), bytes->data, bytes->len);
}

MereTestDisk *
mere_test_disk_copy (MereTestDisk *self)
{
  MereTestDisk *copy = mere_test_disk_new ();

  for (guint i = 0; i < self->files->len; i++)
    {
      File *file = get_file (self, i);

      add_file (copy, file->name, copy_bytes (file->bytes))->linked = file->linked;
    }
  return copy;
}

void
mere_test_disk_start_recording (MereTestDisk *self)
{
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  self->calls = g_ptr_array_new_with_free_func ((GDestroyNotify) call_free);
  self->pending = g_ptr_array_new ();
  self->replayed = 0;
  for (guint i = 0; i < self->files->len; i++)
    {
      File *file = get_file (self, i);

      file->was_linked = file->name_is_sure = file->linked;
      g_clear_pointer (&file->was, g_byte_array_unref);
      file->was = copy_bytes (file->bytes);
    }
}

void
mere_test_disk_fail_sync (MereTestDisk *self, guint nth)
{
  self->failing = nth;
}

gboolean
mere_test_disk_has_failed (MereTestDisk *self)
{
  return self->failing == 0;
}

guint
mere_test_disk_get_calls (MereTestDisk *self)
{
  return self->calls->len;
}

static gboolean
is_of_folder (const Call *call)
{
  return call->kind == CALL_CREATE || call->kind == CALL_DELETE;
}

static void
apply (const Call *call, gboolean *linked, GByteArray *bytes)
{
  switch (call->kind)
    {
    case CALL_CREATE:
      *linked = TRUE;
      break;
    case CALL_DELETE:
      *linked = FALSE;
      break;
    case CALL_WRITE:
      put (bytes, call->offset, g_bytes_get_data (call->bytes, NULL), g_bytes_get_size (call->bytes));
      break;
    case CALL_TRUNCATE:
      set_size (bytes, (gsize) call->offset);
      break;
    case CALL_SYNC:
      break;
    }
}

/* Makes certain what pends of a file, or of the folder. */
static void
settle (MereTestDisk *self, gboolean folder, guint number)
{
  guint kept = 0;

  for (guint i = 0; i < self->pending->len; i++)
    {
      Call *call = g_ptr_array_index (self->pending, i);
      File *file = get_file (self, call->file);

      if (is_of_folder (call) == folder && (folder || call->file == number))
        apply (call, &file->was_linked, file->was);
      else
        g_ptr_array_index (self->pending, kept++) = call;
    }
  g_ptr_array_set_size (self->pending, (int) kept);
}

static void
take_into_account (MereTestDisk *self, Call *call)
{
  File *file = get_file (self, call->file);

  if (file->was == NULL) /* new since recording began */
    file->was = g_byte_array_new ();
  if (call->kind == CALL_SYNC)
    settle (self, FALSE, call->file);
  else
    g_ptr_array_add (self->pending, call);
  if (call->sure || (call->kind == CALL_SYNC && !file->name_is_sure))
    settle (self, TRUE, 0);
  file->name_is_sure = file->name_is_sure || call->kind == CALL_SYNC;
}

/* A write of which each sector is there by even odds. */
static void
put_torn (GByteArray *bytes, const Call *call, GRand *random)
{
  gsize         size, done = 0;
  const guint8 *from = g_bytes_get_data (call->bytes, &size);

  while (done < size)
    {
      gint64 at = call->offset + (gint64) done;
      gsize  part = MIN (size - done, (gsize) (MERE_TEST_SECTOR - at % MERE_TEST_SECTOR));

      if (g_rand_boolean (random))
        put (bytes, at, from + done, part);
      done += part;
    }
}

static void
apply_by_chance (const Call *call, File *file, MereTestCrash crash, GRand *random)
{
  if (crash == MERE_TEST_CRASH_TORN && call->kind == CALL_WRITE)
    put_torn (file->bytes, call, random);
  else if (g_rand_boolean (random))
    apply (call, &file->linked, file->bytes);
}

/* The call that was going on: half a write; anything else has not begun. */
static void
apply_half (const Call *call, File *file)
{
  if (call->kind == CALL_WRITE)
    put (file->bytes, call->offset, g_bytes_get_data (call->bytes, NULL), g_bytes_get_size (call->bytes) / 2);
}

static MereTestDisk *
copy_certain (MereTestDisk *self)
{
  MereTestDisk *copy = mere_test_disk_new ();

  for (guint i = 0; i < self->files->len; i++)
    {
      File *file = get_file (self, i);

      add_file (copy, file->name, file->was != NULL ? copy_bytes (file->was) : g_byte_array_new ())->linked = file->was_linked;
    }
  return copy;
}

MereTestDisk *
mere_test_disk_crash (MereTestDisk *self, guint number, MereTestCrash crash, GRand *random)
{
  MereTestDisk *left;
  gboolean      names_go_on = TRUE;

  g_assert_cmpuint (number, >=, self->replayed);
  for (; self->replayed < number; self->replayed++)
    take_into_account (self, g_ptr_array_index (self->calls, self->replayed));

  left = copy_certain (self);
  for (guint i = 0; i < self->pending->len && crash != MERE_TEST_CRASH_LOST; i++)
    {
      Call *call = g_ptr_array_index (self->pending, i);
      File *file = get_file (left, call->file);

      if (crash != MERE_TEST_CRASH_KILLED && is_of_folder (call))
        names_go_on = names_go_on && g_rand_boolean (random);
      if (crash == MERE_TEST_CRASH_KILLED || (is_of_folder (call) && names_go_on))
        apply (call, &file->linked, file->bytes);
      else if (!is_of_folder (call))
        apply_by_chance (call, file, crash, random);
    }
  if (crash == MERE_TEST_CRASH_KILLED && number < self->calls->len)
    {
      Call *call = g_ptr_array_index (self->calls, number);

      apply_half (call, get_file (left, call->file));
    }
  return left;
}

char *
mere_test_disk_dup_digest (MereTestDisk *self)
{
  crypto_generichash_state hash;
  guint8                   digest[crypto_generichash_BYTES];
  char                    *text = g_malloc (2 * sizeof digest + 1);

  crypto_generichash_init (&hash, NULL, 0, sizeof digest);
  for (guint i = 0; i < self->files->len; i++)
    {
      File *file = get_file (self, i);

      if (!file->linked)
        continue;
      crypto_generichash_update (&hash, (const guint8 *) file->name, strlen (file->name) + 1);
      crypto_generichash_update (&hash, (const guint8 *) &file->bytes->len, sizeof file->bytes->len);
      crypto_generichash_update (&hash, file->bytes->data, file->bytes->len);
    }
  crypto_generichash_final (&hash, digest, sizeof digest);
  return sodium_bin2hex (text, 2 * sizeof digest + 1, digest, sizeof digest);
}
