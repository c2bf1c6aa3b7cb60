/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/page-file.h"

#include "app/vault/page-gap.h"
#include "app/vault/page-map.h"

#include <sodium.h>
#include <stdlib.h>

#define AD (MERE_VFS_ID + 4) /* vault, page number */

struct _MerePageFile
{
  MereVfs        *vfs;
  sqlite3_file   *below;
  MerePageTable  *table;
  MerePageCipher *cipher;
  MerePageMap     map;
  gboolean        gathering; /* a checkpoint goes on */
  guint32         run_first; /* page number of the first page in run; sealed, still to be written */
  int             run_count;
  guint8         *run; /* MERE_RUN pages */
  guint32         last_read;
  guint32         ahead_first; /* pages as they are stored, read before they were asked for */
  guint32         ahead_count;
  guint8         *ahead; /* MERE_RUN pages */
  guint8         *scratch;
  gboolean        unchecked; /* the page that was read last */
};

/* What a reader of an empty database, or of one whose first page has a newer copy in the WAL, gets as SQLite's header:
 * enough for it to learn page size and reserved bytes. From SQLite's "Database File Format", 1.3. */
static const guint8 blank_header[100] = {
  'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f', 'o', 'r', 'm', 'a', 't', ' ', '3', 0,
  MERE_PAGE_SIZE >> 8, MERE_PAGE_SIZE & 0xff, 1, 1, MERE_SEAL_BYTES, 64, 32, 32
};

static void
bind (MerePageFile *self, guint8 ad[AD], guint32 page)
{
  memcpy (ad, self->vfs->id, MERE_VFS_ID);
  mere_put_u32 (ad + MERE_VFS_ID, page);
}

static int
has_wal (MereVfs *vfs, const char *name, int *result)
{
  return vfs->below->xAccess (vfs->below, sqlite3_filename_wal (name), SQLITE_ACCESS_EXISTS, result);
}

/* A crash may leave the file shorter than the table says, but then there is a log that says more. An empty file is never one of
 * these: SQLite would take it for a new database, and delete the log. */
static int
check_end (MerePageFile *self, const char *name)
{
  sqlite3_int64 size = 0;
  gint64        pages;
  int           wal = 0, status = mere_below_size (self->below, &size);

  if (self->vfs->lenient)
    return status;
  if (status == SQLITE_OK)
    status = has_wal (self->vfs, name, &wal);
  if (status != SQLITE_OK)
    return status;
  pages = size / MERE_PAGE_SIZE;
  if (size > 0 && mere_page_table_is_fresh (self->table))
    return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_TABLE, 0);
  if (pages < mere_page_table_get_size (self->table) && (pages == 0 || !wal))
    return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_SHORT, (guint32) pages + 1);
  return SQLITE_OK;
}

int
mere_page_file_open (MereVfs *vfs, sqlite3_file *below, const char *name, MerePageFile **file)
{
  MerePageFile *self = calloc (1, sizeof *self);
  int           status = SQLITE_NOMEM;

  *file = NULL;
  if (self == NULL)
    return status;
  self->vfs = vfs;
  self->below = below;
  self->cipher = mere_vfs_take_cipher (vfs);
  self->last_read = G_MAXUINT32;
  self->scratch = malloc (MERE_PAGE_SIZE);
  if (self->cipher != NULL && self->scratch != NULL)
    status = mere_page_table_open (vfs, name, self->cipher, &self->table);
  if (status == SQLITE_OK)
    status = check_end (self, name);
  if (status == SQLITE_OK)
    mere_page_map_start (&self->map, below);
  if (status != SQLITE_OK)
    {
      mere_page_file_close (self);
      return status;
    }
  *file = self;
  return SQLITE_OK;
}

/* A page that the table does not know was never written: a hole, or nothing. */
static int
read_unknown (MerePageFile *self, guint8 *page, guint32 number, int status)
{
  if (status == SQLITE_OK && !sodium_is_zero (page, MERE_PAGE_SIZE))
    {
      memset (page, 0, MERE_PAGE_SIZE);
      return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_PAGE_OLD, number);
    }
  memset (page, 0, MERE_PAGE_SIZE);
  return status;
}

static gboolean
is_in_order (MerePageFile *self, guint32 number)
{
  gboolean in_order = number > self->last_read && number - self->last_read <= 2; /* an inner page of a tree may come between */

  self->last_read = number;
  return in_order;
}

/* Reads a few pages at once where the last ones were read in their order. Returns: where @number lies among them, or %NULL */
static const guint8 *
read_ahead (MerePageFile *self, guint32 number)
{
  gboolean in_order = is_in_order (self, number);
  guint32  size = mere_page_table_get_size (self->table);

  if (number - self->ahead_first < self->ahead_count)
    return self->ahead + (gsize) (number - self->ahead_first) * MERE_PAGE_SIZE;
  if (!in_order || size < number + MERE_RUN || !mere_buffer (&self->ahead, MERE_RUN * MERE_PAGE_SIZE))
    return NULL;
  self->ahead_count = 0;
  if (mere_below_read (self->below, self->ahead, MERE_RUN * MERE_PAGE_SIZE, (gint64) (number - 1) * MERE_PAGE_SIZE) != SQLITE_OK)
    return NULL; /* alone it may be readable */
  self->ahead_first = number;
  self->ahead_count = MERE_RUN;
  return self->ahead;
}

static gboolean
is_in_run (MerePageFile *self, guint32 number)
{
  return self->run_count > 0 && number - self->run_first < (guint32) self->run_count;
}

/* Finds a page as it is stored: in memory, or else reads it to @to. */
static int
find_sealed (MerePageFile *self, guint8 *to, guint32 number, const guint8 **sealed)
{
  if (is_in_run (self, number))
    *sealed = self->run + (gsize) (number - self->run_first) * MERE_PAGE_SIZE;
  else
    *sealed = read_ahead (self, number);
  if (*sealed != NULL)
    return SQLITE_OK;
  *sealed = to;
  return mere_below_read (self->below, to, MERE_PAGE_SIZE, (gint64) (number - 1) * MERE_PAGE_SIZE);
}

static int
open_page (MerePageFile *self, guint8 *page, const guint8 *sealed, guint32 number, const guint8 *version)
{
  gboolean newest = memcmp (sealed + MERE_PAGE_TEXT, version, MERE_VERSION) == 0;
  guint8   ad[AD];

  bind (self, ad, number);
  if (!mere_page_cipher_open (self->cipher, MERE_KEY_PAGES, page, sealed, MERE_PAGE_TEXT, sealed + MERE_PAGE_TEXT, ad, sizeof ad))
    {
      memset (page, 0, MERE_PAGE_SIZE);
      return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_PAGE, number);
    }
  if (!newest)
    {
      memset (page, 0, MERE_PAGE_SIZE);
      return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_PAGE_OLD, number);
    }

  /* The same bytes each time: the WAL's checksums take them in. */
  memset (page + MERE_PAGE_TEXT, 0, MERE_SEAL_BYTES);
  if (number == 1)
    mere_page_table_see_first_page (self->table, page);
  return SQLITE_OK;
}

/* A page that was written, from the map. @mapped: whether it is there */
static int
read_mapped (MerePageFile *self, guint8 *page, guint32 number, const guint8 *version, gboolean *mapped)
{
  const guint8 *sealed;
  int           status = mere_page_map_fetch (&self->map, number, mere_page_table_get_size (self->table), &sealed);

  *mapped = sealed != NULL || status != SQLITE_OK;
  if (sealed == NULL)
    return status;
  for (gsize line = 0; line < MERE_PAGE_SIZE; line += 64) /* comes while the key of the message is made */
    __builtin_prefetch (sealed + line);
  status = open_page (self, page, sealed, number, version);
  mere_page_map_release (&self->map, number, sealed);
  return status;
}

static int
read_file (MerePageFile *self, guint8 *page, guint32 number, const guint8 *version)
{
  const guint8 *sealed;
  int           status = find_sealed (self, page, number, &sealed);

  if (mere_get_u64 (version) == 0 && (status == SQLITE_OK || status == SQLITE_IOERR_SHORT_READ))
    {
      memmove (page, sealed, MERE_PAGE_SIZE);
      return read_unknown (self, page, number, status);
    }
  if (status == SQLITE_IOERR_SHORT_READ)
    return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_SHORT, number);
  return status == SQLITE_OK ? open_page (self, page, sealed, number, version) : status;
}

/* A page of which the table cannot say that it is the newest. @version: (nullable): what a table says that may be of an earlier time */
static int
read_unchecked (MerePageFile *self, guint8 *page, guint32 number, const guint8 *version)
{
  int    status = mere_below_read (self->below, page, MERE_PAGE_SIZE, (gint64) (number - 1) * MERE_PAGE_SIZE);
  guint8 own[MERE_VERSION];

  if (status == SQLITE_IOERR_SHORT_READ)
    return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_SHORT, number);
  if (status != SQLITE_OK)
    return status;
  memcpy (own, page + MERE_PAGE_TEXT, MERE_VERSION);
  status = open_page (self, page, page, number, own);
  self->unchecked = version == NULL || memcmp (own, version, MERE_VERSION) != 0;
  return status;
}

static int
read_page (MerePageFile *self, guint8 *page, guint32 number)
{
  const guint8 *version;
  gboolean      mapped = FALSE;
  int           status = mere_page_table_get (self->table, number, &version);

  self->unchecked = FALSE;
  if (self->vfs->lenient && (status == SQLITE_IOERR_DATA || mere_page_table_is_doubtful (self->table)))
    return read_unchecked (self, page, number, status == SQLITE_OK ? version : NULL);
  if (status != SQLITE_OK)
    memset (page, 0, MERE_PAGE_SIZE);
  else if (mere_get_u64 (version) != 0 && !is_in_run (self, number))
    status = read_mapped (self, page, number, version, &mapped);
  return status == SQLITE_OK && !mapped ? read_file (self, page, number, version) : status;
}

/* SQLite reads its 100-byte header before it knows of the WAL. If the page does not open, the WAL may hold a newer copy;
 * if it does not, the page is read again in whole, and then it is an error. */
static int
read_header (MerePageFile *self, guint8 *to, int size, gint64 offset)
{
  MereVfsDamage before = self->vfs->damage;
  int           status = read_page (self, self->scratch, 1);

  if (status == SQLITE_IOERR_SHORT_READ || status == SQLITE_IOERR_DATA)
    {
      self->vfs->damage = before;
      memset (self->scratch, 0, MERE_PAGE_SIZE);
      memcpy (self->scratch, blank_header, sizeof blank_header);
      status = SQLITE_OK;
    }
  memcpy (to, self->scratch + offset, (gsize) size);
  sodium_memzero (self->scratch, MERE_PAGE_SIZE);
  return status;
}

int
mere_page_file_read (MerePageFile *self, guint8 *to, int size, gint64 offset)
{
  guint32 number = (guint32) (offset / MERE_PAGE_SIZE) + 1;
  gint64  within = offset % MERE_PAGE_SIZE;
  int     status;

  if (within == 0 && size == MERE_PAGE_SIZE)
    return read_page (self, to, number);
  if (within + size > MERE_PAGE_SIZE)
    return SQLITE_IOERR_READ;
  if (number == 1 && offset + size <= (gint64) sizeof blank_header)
    return read_header (self, to, size, offset);

  status = read_page (self, self->scratch, number);
  memcpy (to, self->scratch + within, (gsize) size);
  sodium_memzero (self->scratch, MERE_PAGE_SIZE);
  return status;
}

/* Keeps what it could not write: reads are answered from it, and the next call tries again. */
static int
flush (MerePageFile *self)
{
  int status;

  if (self->run_count == 0)
    return SQLITE_OK;
  status = mere_below_write (self->below, self->run, self->run_count * MERE_PAGE_SIZE,
                             (gint64) (self->run_first - 1) * MERE_PAGE_SIZE);
  if (status == SQLITE_OK)
    self->run_count = 0;
  return status;
}

/* Takes a page into the run, as it is to be stored. A checkpoint hands over what the log has, which is sealed already. */
static int
store_page (MerePageFile *self, guint8 *to, const guint8 *from, guint32 number)
{
  guint8 ad[AD];

  if (mere_page_table_is_passed (self->table, number, from + MERE_PAGE_TEXT))
    {
      memcpy (to, from, MERE_PAGE_SIZE);
      return SQLITE_OK;
    }
  /* A database that does not leave us our 40 bytes cannot be kept here; better an error now than a page lost later. */
  if (!mere_end_is_blank (from))
    return SQLITE_IOERR_WRITE;
  if (number == 1)
    mere_page_table_see_first_page (self->table, from);
  if (mere_page_table_clears_gaps (self->table) && !mere_page_gap_is_clear (from, number))
    {
      memcpy (to, from, MERE_PAGE_SIZE);
      mere_page_gap_clear (to, number);
      from = to;
    }
  bind (self, ad, number);
  return mere_page_cipher_seal (self->cipher, MERE_KEY_PAGES, to, to + MERE_PAGE_TEXT, from, MERE_PAGE_TEXT, ad, sizeof ad) ? SQLITE_OK
                                                                                                                            : SQLITE_IOERR_WRITE;
}

int
mere_page_file_write (MerePageFile *self, const guint8 *from, int size, gint64 offset)
{
  guint32 number = (guint32) (offset / MERE_PAGE_SIZE) + 1;
  guint8 *sealed;
  int     status = SQLITE_OK;

  if (offset % MERE_PAGE_SIZE != 0 || size != MERE_PAGE_SIZE)
    return SQLITE_IOERR_WRITE;
  if (!mere_buffer (&self->run, MERE_RUN * MERE_PAGE_SIZE))
    return SQLITE_NOMEM;
  self->ahead_count = 0;
  if (self->run_count == MERE_RUN || (self->run_count > 0 && number != self->run_first + (guint32) self->run_count))
    status = flush (self);
  if (status != SQLITE_OK)
    return status;
  if (self->run_count == 0)
    self->run_first = number;
  sealed = self->run + self->run_count * MERE_PAGE_SIZE;
  status = store_page (self, sealed, from, number);
  if (status == SQLITE_OK)
    status = mere_page_table_set (self->table, number, sealed + MERE_PAGE_TEXT);
  if (status != SQLITE_OK)
    return status;
  self->run_count++;
  return self->gathering ? SQLITE_OK : flush (self);
}

int
mere_page_file_truncate (MerePageFile *self, gint64 size)
{
  int status = flush (self);

  self->ahead_count = 0;
  if (status == SQLITE_OK)
    status = self->below->pMethods->xTruncate (self->below, size);
  if (status == SQLITE_OK)
    status = mere_page_table_truncate (self->table, (guint32) (size / MERE_PAGE_SIZE));
  return status;
}

int
mere_page_file_sync (MerePageFile *self, int flags)
{
  int status = flush (self);

  if (status == SQLITE_OK)
    status = self->below->pMethods->xSync (self->below, flags);
  if (status == SQLITE_OK)
    status = mere_page_table_store (self->table, flags);
  return status;
}

int
mere_page_file_size (MerePageFile *self, sqlite3_int64 *size)
{
  int status = flush (self);

  return status == SQLITE_OK ? mere_below_size (self->below, size) : status;
}

void
mere_page_file_begin_checkpoint (MerePageFile *self)
{
  self->gathering = TRUE;
}

/* An error shows again at the truncation or the sync that follows. */
void
mere_page_file_end_checkpoint (MerePageFile *self)
{
  self->gathering = FALSE;
  flush (self);
}

gboolean
mere_page_file_is_unchecked (MerePageFile *self)
{
  return self->unchecked;
}

MerePageTable *
mere_page_file_get_table (MerePageFile *self)
{
  return self->table;
}

MerePageCipher *
mere_page_file_get_cipher (MerePageFile *self)
{
  return self->cipher;
}

void
mere_page_file_close (MerePageFile *self)
{
  if (self == NULL)
    return;
  if (self->table != NULL && flush (self) == SQLITE_OK)
    mere_page_table_store (self->table, 0);
  mere_page_map_end (&self->map);
  mere_page_table_close (self->table);
  mere_vfs_give_cipher (self->vfs, self->cipher);
  if (self->scratch != NULL)
    sodium_memzero (self->scratch, MERE_PAGE_SIZE);
  free (self->scratch);
  free (self->ahead);
  free (self->run);
  free (self);
}
