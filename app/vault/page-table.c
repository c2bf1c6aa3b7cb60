/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/page-table.h"

#include <stdlib.h>

#define RECORD_HEAD (4 + MERE_SEAL_BYTES)       /* length of the payload, nonce, tag */
#define PAYLOAD (8 + MERE_ROOT + 4 + 4 + 4 + 4) /* epoch, source, its frames, kind, pages, entries */
#define ENTRY (4 + MERE_VERSION)                /* of a change */
#define AD (MERE_VFS_ID + MERE_SEAL_TAG + 4)    /* vault, tag of the record before, length */
#define SMALL (64 * 1024)                       /* bytes below which changes are always appended */
#define PIECE (64 * 1024)                       /* SQLite's own VFS loses count in one call of 128 KiB or more */

enum {
  KIND_FULL = 1,
  KIND_CHANGES = 2,
};

struct _MerePageTable
{
  MereVfs        *vfs;
  MerePageCipher *cipher;
  char           *names[2];
  sqlite3_file   *files[2];
  int             current; /* of the two */
  gint64          end;     /* of the last good record in it */
  guint8          chain[MERE_SEAL_TAG];
  guint64         epoch; /* 0: never stored */
  guint8          root[MERE_ROOT];
  guint8          source[MERE_ROOT];
  guint32         source_frames;
  guint32         passed; /* page on its way from the log; 0: none */
  guint8          passed_trailer[MERE_SEAL_BYTES];
  guint8         *versions;
  guint8         *changed; /* a byte for each page */
  guint32         pages;
  guint32         room;
  guint32         n_changed;
  gboolean        dirty;
};

static gboolean
reserve (MerePageTable *self, guint32 pages)
{
  guint32 room = MAX (pages, self->room + self->room / 2);
  guint8 *versions, *changed;

  if (pages <= self->room)
    return TRUE;
  room = MAX (room, 512);
  versions = realloc (self->versions, (gsize) room * MERE_VERSION);
  if (versions == NULL)
    return FALSE;
  self->versions = versions;
  changed = realloc (self->changed, room);
  if (changed == NULL)
    return FALSE;
  self->changed = changed;
  memset (self->versions + (gsize) self->room * MERE_VERSION, 0, (gsize) (room - self->room) * MERE_VERSION);
  memset (self->changed + self->room, 0, room - self->room);
  self->room = room;
  return TRUE;
}

static void
resize (MerePageTable *self, guint32 pages)
{
  for (guint32 i = pages; i < self->pages; i++)
    if (self->changed[i])
      self->n_changed--;
  if (pages < self->pages)
    {
      memset (self->versions + (gsize) pages * MERE_VERSION, 0, (gsize) (self->pages - pages) * MERE_VERSION);
      memset (self->changed + pages, 0, self->pages - pages);
    }
  self->pages = pages;
}

static void
bind (MerePageTable *self, guint8 ad[AD], const guint8 *chain, guint32 length)
{
  memcpy (ad, self->vfs->id, MERE_VFS_ID);
  memcpy (ad + MERE_VFS_ID, chain, MERE_SEAL_TAG);
  mere_put_u32 (ad + MERE_VFS_ID + MERE_SEAL_TAG, length);
}

/* Takes in one opened record. */
static gboolean
apply (MerePageTable *self, const guint8 *payload, guint32 length)
{
  guint32       kind = mere_get_u32 (payload + 28), pages = mere_get_u32 (payload + 32), entries = mere_get_u32 (payload + 36);
  const guint8 *entry = payload + PAYLOAD;
  gsize         each = kind == KIND_FULL ? MERE_VERSION : ENTRY;

  if ((kind != KIND_FULL && kind != KIND_CHANGES) || length != PAYLOAD + entries * each || (kind == KIND_FULL && entries != pages))
    return FALSE;
  if (!reserve (self, MAX (pages, self->pages)))
    return FALSE;
  resize (self, pages);
  if (kind == KIND_FULL)
    memcpy (self->versions, entry, (gsize) entries * MERE_VERSION);
  else
    for (guint32 i = 0; i < entries; i++, entry += ENTRY)
      {
        guint32 page = mere_get_u32 (entry);

        if (page == 0 || page > pages)
          return FALSE;
        memcpy (self->versions + (gsize) (page - 1) * MERE_VERSION, entry + 4, MERE_VERSION);
      }
  self->epoch = mere_get_u64 (payload);
  memcpy (self->source, payload + 8, MERE_ROOT);
  self->source_frames = mere_get_u32 (payload + 24);
  return TRUE;
}

static void
forget (MerePageTable *self)
{
  resize (self, 0);
  self->epoch = 0;
  self->end = 0;
  memset (self->chain, 0, sizeof self->chain);
  memset (self->root, 0, sizeof self->root);
}

/* Follows the chain of @bytes as far as it holds: a record that a crash tore ends it. */
static void
follow (MerePageTable *self, guint8 *bytes, gsize size)
{
  guint8 ad[AD];

  forget (self);
  while ((gsize) self->end + RECORD_HEAD + PAYLOAD <= size)
    {
      guint8 *record = bytes + self->end;
      guint32 length = mere_get_u32 (record);

      if (length < PAYLOAD || length > size - (gsize) self->end - RECORD_HEAD)
        break;
      bind (self, ad, self->chain, length);
      if (!mere_page_cipher_open (self->cipher, record + RECORD_HEAD, record + RECORD_HEAD, length, record + 4, ad, sizeof ad) ||
          !apply (self, record + RECORD_HEAD, length))
        break;
      memcpy (self->root, record + 4, MERE_ROOT);
      memcpy (self->chain, record + 4 + MERE_SEAL_NONCE, MERE_SEAL_TAG);
      self->end += RECORD_HEAD + length;
    }
}

static int
read_all (sqlite3_file *file, guint8 *to, gint64 size)
{
  int status = SQLITE_OK;

  for (gint64 done = 0; done < size && status == SQLITE_OK; done += PIECE)
    status = mere_below_read (file, to + done, (int) MIN (size - done, PIECE), done);
  return status;
}

static int
write_all (sqlite3_file *file, const guint8 *from, gint64 size, gint64 offset)
{
  int status = SQLITE_OK;

  for (gint64 done = 0; done < size && status == SQLITE_OK; done += PIECE)
    status = mere_below_write (file, from + done, (int) MIN (size - done, PIECE), offset + done);
  return status;
}

static int
load (MerePageTable *self, int which)
{
  sqlite3_int64 size = 0;
  guint8       *bytes;
  int           status = mere_below_size (self->files[which], &size);

  if (status != SQLITE_OK)
    return status;
  if (size > G_MAXINT)
    return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_TABLE, 0);
  self->current = which;
  bytes = malloc (MAX ((gsize) size, 1));
  if (bytes == NULL)
    return SQLITE_NOMEM;
  status = read_all (self->files[which], bytes, size);
  if (status == SQLITE_OK)
    follow (self, bytes, (gsize) size);
  free (bytes);
  return status;
}

static int
load_newest (MerePageTable *self)
{
  guint64 first;
  int     status = load (self, 0);

  first = self->epoch;
  if (status == SQLITE_OK)
    status = load (self, 1);
  if (status == SQLITE_OK && first > self->epoch)
    status = load (self, 0);
  return status;
}

static int
open_file (MerePageTable *self, const char *database, int which)
{
  sqlite3_vfs *below = self->vfs->below;
  gsize        length = strlen (database);

  /* SQLite's VFS looks for parameters behind the name: the name is followed by more NULs. */
  self->names[which] = calloc (1, length + 16);
  self->files[which] = calloc (1, (gsize) below->szOsFile);
  if (self->names[which] == NULL || self->files[which] == NULL)
    return SQLITE_NOMEM;
  memcpy (self->names[which], database, length);
  memcpy (self->names[which] + length, which == 0 ? "-pages1" : "-pages2", 7);
  return below->xOpen (below, self->names[which], self->files[which],
                       SQLITE_OPEN_WAL | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
}

int
mere_page_table_open (MereVfs *vfs, const char *database, MerePageTable **table)
{
  MerePageTable *self = calloc (1, sizeof *self);
  int            status = SQLITE_NOMEM;

  *table = NULL;
  if (self == NULL)
    return status;
  self->vfs = vfs;
  self->cipher = mere_vfs_new_cipher (vfs, MERE_SUBKEY_TABLE);
  if (self->cipher != NULL && reserve (self, 1))
    status = open_file (self, database, 0);
  if (status == SQLITE_OK)
    status = open_file (self, database, 1);
  if (status == SQLITE_OK)
    status = load_newest (self);
  if (status != SQLITE_OK)
    {
      mere_page_table_close (self);
      return status;
    }
  *table = self;
  return SQLITE_OK;
}

void
mere_page_table_close (MerePageTable *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < 2; i++)
    {
      if (self->files[i] != NULL && self->files[i]->pMethods != NULL)
        self->files[i]->pMethods->xClose (self->files[i]);
      free (self->files[i]);
      free (self->names[i]);
    }
  mere_page_cipher_free (self->cipher);
  free (self->versions);
  free (self->changed);
  free (self);
}

const guint8 *
mere_page_table_get (MerePageTable *self, guint32 page)
{
  static const guint8 never[MERE_VERSION];

  return page == 0 || page > self->pages ? never : self->versions + (gsize) (page - 1) * MERE_VERSION;
}

int
mere_page_table_set (MerePageTable *self, guint32 page, const guint8 *version)
{
  if (!reserve (self, page))
    return SQLITE_NOMEM;
  self->pages = MAX (self->pages, page);
  memcpy (self->versions + (gsize) (page - 1) * MERE_VERSION, version, MERE_VERSION);
  if (!self->changed[page - 1])
    {
      self->changed[page - 1] = 1;
      self->n_changed++;
    }
  self->dirty = TRUE;
  return SQLITE_OK;
}

void
mere_page_table_truncate (MerePageTable *self, guint32 pages)
{
  if (pages == self->pages || (pages > self->pages && !reserve (self, pages)))
    return;
  resize (self, pages);
  self->dirty = TRUE;
}

guint32
mere_page_table_get_size (MerePageTable *self)
{
  return self->pages;
}

gboolean
mere_page_table_is_fresh (MerePageTable *self)
{
  return self->epoch == 0;
}

/* Fills a record's payload; @full or only what changed. */
static void
compose (MerePageTable *self, guint8 *payload, gboolean full, guint32 entries)
{
  guint8 *entry = payload + PAYLOAD;

  mere_put_u64 (payload, self->epoch + 1);
  memcpy (payload + 8, self->source, MERE_ROOT);
  mere_put_u32 (payload + 24, self->source_frames);
  mere_put_u32 (payload + 28, full ? KIND_FULL : KIND_CHANGES);
  mere_put_u32 (payload + 32, self->pages);
  mere_put_u32 (payload + 36, entries);
  if (full)
    memcpy (entry, self->versions, (gsize) entries * MERE_VERSION);
  else
    for (guint32 i = 0; i < self->pages; i++)
      if (self->changed[i])
        {
          mere_put_u32 (entry, i + 1);
          memcpy (entry + 4, self->versions + (gsize) i * MERE_VERSION, MERE_VERSION);
          entry += ENTRY;
        }
}

static int
write_record (MerePageTable *self, guint8 *record, guint32 length, gboolean full, int sync_flags)
{
  static const guint8 first[MERE_SEAL_TAG];
  int                 which = full ? 1 - self->current : self->current;
  sqlite3_file       *file = self->files[which];
  gint64              offset = full ? 0 : self->end;
  guint8              ad[AD];
  int                 status;

  mere_put_u32 (record, length);
  bind (self, ad, full ? first : self->chain, length);
  if (!mere_page_cipher_seal (self->cipher, record + RECORD_HEAD, record + 4, record + RECORD_HEAD, length, ad, sizeof ad))
    return SQLITE_IOERR_WRITE;

  status = write_all (file, record, RECORD_HEAD + length, offset);
  if (status == SQLITE_OK && full)
    status = file->pMethods->xTruncate (file, RECORD_HEAD + length);
  if (status == SQLITE_OK && sync_flags != 0)
    status = file->pMethods->xSync (file, sync_flags);
  if (status != SQLITE_OK)
    return status;

  self->current = which;
  self->end = offset + RECORD_HEAD + length;
  self->epoch++;
  memcpy (self->root, record + 4, MERE_ROOT);
  memcpy (self->chain, record + 4 + MERE_SEAL_NONCE, MERE_SEAL_TAG);
  return SQLITE_OK;
}

/* Changes are appended until the file is twice as long as a full table would be, or they are longer than that; then the other file
 * takes a full one. */
int
mere_page_table_store (MerePageTable *self, int sync_flags)
{
  gsize    all = RECORD_HEAD + PAYLOAD + (gsize) self->pages * MERE_VERSION;
  gsize    some = RECORD_HEAD + PAYLOAD + (gsize) self->n_changed * ENTRY;
  gboolean full = self->epoch == 0 || (some > all && all > SMALL) || (gsize) self->end + some > MAX (2 * all, SMALL);
  gsize    size = full ? all : some;
  guint8  *record;
  int      status;

  if (!self->dirty)
    return SQLITE_OK;
  record = size > G_MAXINT ? NULL : malloc (size);
  if (record == NULL)
    return SQLITE_NOMEM;
  compose (self, record + RECORD_HEAD, full, full ? self->pages : self->n_changed);
  status = write_record (self, record, (guint32) (size - RECORD_HEAD), full, sync_flags);
  free (record);
  if (status != SQLITE_OK)
    return status;

  memset (self->changed, 0, self->pages);
  self->n_changed = 0;
  self->dirty = FALSE;
  return SQLITE_OK;
}

const guint8 *
mere_page_table_get_root (MerePageTable *self)
{
  return self->root;
}

void
mere_page_table_set_source (MerePageTable *self, const guint8 *root, guint32 frames)
{
  if (memcmp (self->source, root, MERE_ROOT) != 0)
    self->source_frames = 0;
  memcpy (self->source, root, MERE_ROOT);
  self->source_frames = MAX (self->source_frames, frames);
}

gboolean
mere_page_table_takes_source (MerePageTable *self, const guint8 *root, guint32 *frames)
{
  *frames = 0;
  if (memcmp (root, self->root, MERE_ROOT) == 0)
    return TRUE;
  *frames = self->source_frames;
  return self->epoch > 0 && memcmp (root, self->source, MERE_ROOT) == 0;
}

void
mere_page_table_pass (MerePageTable *self, guint32 page, const guint8 *trailer)
{
  self->passed = page;
  memcpy (self->passed_trailer, trailer, MERE_SEAL_BYTES);
}

gboolean
mere_page_table_is_passed (MerePageTable *self, guint32 page, const guint8 *trailer)
{
  gboolean passed = page == self->passed && memcmp (trailer, self->passed_trailer, MERE_SEAL_BYTES) == 0;

  self->passed = 0;
  return passed;
}
