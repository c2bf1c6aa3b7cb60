/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/page-table.h"

#include "app/vault/page-gap.h"

#include <sodium.h>
#include <stdlib.h>

#define ENTRIES (MERE_PAGE_TEXT / MERE_VERSION)               /* of a node: 507 */
#define ROOT_HEAD (8 + MERE_ROOT + 4 + 4)                     /* epoch, source, its frames, pages */
#define MIDDLES ((MERE_PAGE_TEXT - ROOT_HEAD) / MERE_VERSION) /* entries of the root: 503 */
#define MOST_PAGES ((guint32) MIDDLES * ENTRIES * ENTRIES)    /* 529 GB of database */
#define ROOT 0                                                /* number of its node */
#define MIDDLE(middle) (1 + (middle) * (1 + ENTRIES))         /* a middle node, then its leaves */
#define LEAF(leaf) (MIDDLE ((leaf) / ENTRIES) + 1 + (leaf) % ENTRIES)
#define PLACE(node, place) ((2 * (gint64) (node) + (place)) * MERE_PAGE_SIZE)
#define AD (MERE_VFS_ID + 4) /* vault, node */

typedef struct
{
  guint8  *text;  /* its entries; NULL: not read yet */
  int      place; /* of its two, the one that counts */
  gboolean dirty;
} Node;

struct _MerePageTable
{
  MereVfs        *vfs;
  MerePageCipher *cipher;
  char           *name;
  sqlite3_file   *file;
  guint8         *scratch;  /* two places */
  guint64         epoch;    /* 0: never stored */
  int             place;    /* of the root */
  gboolean        doubtful; /* a root that was not written for certain may lie in the other place */
  gboolean        unread;   /* of the root's places one did not open that is not empty */
  guint8          root[MERE_ROOT];
  guint8          source[MERE_ROOT];
  guint32         source_frames;
  guint32         passed; /* page on its way from the log; 0: none */
  guint8          passed_trailer[MERE_SEAL_BYTES];
  guint8          versions[MIDDLES * MERE_VERSION]; /* of the middle nodes */
  Node            middles[MIDDLES];
  Node           *leaves;
  guint32         n_leaves;
  guint32         room; /* for leaves */
  guint32         pages;
  gboolean        dirty;
  gboolean        clears_gaps;
};

static guint32
count_nodes (guint32 entries)
{
  return (entries + ENTRIES - 1) / ENTRIES;
}

static gboolean
is_zero (const guint8 *version)
{
  static const guint8 never[MERE_VERSION];

  return memcmp (version, never, MERE_VERSION) == 0;
}

static void
bind (MerePageTable *self, guint8 ad[AD], guint32 node)
{
  memcpy (ad, self->vfs->id, MERE_VFS_ID);
  mere_put_u32 (ad + MERE_VFS_ID, node);
}

static gboolean
open_node (MerePageTable *self, guint8 *text, const guint8 *sealed, guint32 node)
{
  guint8 ad[AD];

  bind (self, ad, node);
  return mere_page_cipher_open (self->cipher, MERE_KEY_TABLE, text, sealed, MERE_PAGE_TEXT, sealed + MERE_PAGE_TEXT, ad, sizeof ad);
}

/* Both places of a node, into the scratch; what the file does not have is zeros. */
static int
read_places (MerePageTable *self, guint32 node)
{
  int status = mere_below_read (self->file, self->scratch, 2 * MERE_PAGE_SIZE, PLACE (node, 0));

  return status == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : status;
}

/* Reads a node of which the one above says that its newest version is @version. */
static int
load (MerePageTable *self, Node *node, guint32 number, const guint8 *version)
{
  guint8 *text;
  int     status;

  if (node->text != NULL)
    return SQLITE_OK;
  text = calloc (1, MERE_PAGE_TEXT);
  if (text == NULL)
    return SQLITE_NOMEM;
  status = is_zero (version) ? SQLITE_OK : read_places (self, number);
  if (status == SQLITE_OK && !is_zero (version))
    {
      node->place = memcmp (self->scratch + MERE_PAGE_TEXT, version, MERE_VERSION) == 0 ? 0 : 1;
      if (memcmp (self->scratch + node->place * MERE_PAGE_SIZE + MERE_PAGE_TEXT, version, MERE_VERSION) != 0 ||
          !open_node (self, text, self->scratch + node->place * MERE_PAGE_SIZE, number))
        status = mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_TABLE, number);
    }
  if (status == SQLITE_OK)
    node->text = text;
  else
    free (text);
  return status;
}

static int
load_middle (MerePageTable *self, guint32 middle)
{
  return load (self, &self->middles[middle], MIDDLE (middle), self->versions + middle * MERE_VERSION);
}

static int
load_leaf (MerePageTable *self, guint32 leaf)
{
  guint32 middle = leaf / ENTRIES;
  int     status = load_middle (self, middle);

  if (status != SQLITE_OK)
    return status;
  return load (self, &self->leaves[leaf], LEAF (leaf), self->middles[middle].text + leaf % ENTRIES * MERE_VERSION);
}

/* Leaves for so many pages. */
static int
reserve (MerePageTable *self, guint32 pages)
{
  guint32 needed = count_nodes (pages), room = MAX (needed, self->room + self->room / 2);
  Node   *bigger;

  if (pages > MOST_PAGES)
    return SQLITE_FULL;
  if (needed > self->room)
    {
      bigger = realloc (self->leaves, room * sizeof *bigger);
      if (bigger == NULL)
        return SQLITE_NOMEM;
      self->leaves = bigger;
      self->room = room;
    }
  for (; self->n_leaves < needed; self->n_leaves++)
    self->leaves[self->n_leaves] = (Node){ NULL, 0, FALSE };
  return SQLITE_OK;
}

/* Opening */

static void
take_root (MerePageTable *self, int place, const guint8 *trailer, const guint8 *text)
{
  self->place = place;
  self->epoch = mere_get_u64 (text);
  memcpy (self->root, trailer, MERE_ROOT);
  memcpy (self->source, text + 8, MERE_ROOT);
  self->source_frames = mere_get_u32 (text + 24);
  self->pages = mere_get_u32 (text + 28);
  memcpy (self->versions, text + ROOT_HEAD, sizeof self->versions);
}

/* Of the two roots the one with the higher epoch counts; a crash may have torn the other. */
static int
load_root (MerePageTable *self)
{
  guint8 text[MERE_PAGE_TEXT];
  int    status = read_places (self, ROOT);

  for (int place = 0; place < 2 && status == SQLITE_OK; place++)
    {
      const guint8 *sealed = self->scratch + place * MERE_PAGE_SIZE;

      if (!open_node (self, text, sealed, ROOT))
        self->unread = self->unread || !sodium_is_zero (sealed, MERE_PAGE_SIZE);
      else if (mere_get_u64 (text) > self->epoch)
        take_root (self, place, sealed + MERE_PAGE_TEXT, text);
    }
  return status == SQLITE_OK ? reserve (self, self->pages) : status;
}

static int
open_file (MerePageTable *self, const char *database)
{
  static const char suffix[] = "-pages";
  sqlite3_vfs      *below = self->vfs->below;
  gsize             length = strlen (database);

  /* SQLite's VFS looks for parameters behind the name: the name is followed by more NULs. */
  self->name = calloc (1, length + sizeof suffix + 4);
  self->file = calloc (1, (gsize) below->szOsFile);
  if (self->name == NULL || self->file == NULL)
    return SQLITE_NOMEM;
  memcpy (self->name, database, length);
  memcpy (self->name + length, suffix, sizeof suffix);
  if (self->vfs->lenient)
    return below->xOpen (below, self->name, self->file, SQLITE_OPEN_WAL | SQLITE_OPEN_READONLY, NULL);
  if (below->xOpen (below, self->name, self->file, SQLITE_OPEN_WAL | SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
    return SQLITE_OK;
  return below->xOpen (below, self->name, self->file, SQLITE_OPEN_WAL | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
}

int
mere_page_table_open (MereVfs *vfs, const char *database, MerePageCipher *cipher, MerePageTable **table)
{
  MerePageTable *self = calloc (1, sizeof *self);
  int            status = SQLITE_NOMEM;

  *table = NULL;
  if (self == NULL)
    return status;
  self->vfs = vfs;
  self->cipher = cipher;
  self->place = 1; /* the first root goes into the other */
  self->scratch = malloc (2 * MERE_PAGE_SIZE);
  if (self->scratch != NULL)
    status = open_file (self, database);
  if (status == SQLITE_OK)
    status = load_root (self);
  else if (vfs->lenient && status != SQLITE_NOMEM)
    status = SQLITE_OK; /* it is gone: as one in which nothing was ever stored */
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
  if (self->file != NULL && self->file->pMethods != NULL)
    self->file->pMethods->xClose (self->file);
  for (guint32 leaf = 0; leaf < self->n_leaves; leaf++)
    free (self->leaves[leaf].text);
  for (guint32 middle = 0; middle < MIDDLES; middle++)
    free (self->middles[middle].text);
  free (self->leaves);
  free (self->scratch);
  free (self->file);
  free (self->name);
  free (self);
}

/* Looking up and changing */

int
mere_page_table_get (MerePageTable *self, guint32 page, const guint8 **version)
{
  static const guint8 never[MERE_VERSION];
  guint32             leaf = (page - 1) / ENTRIES;
  int                 status;

  *version = never;
  if (page == 0 || page > self->pages)
    return SQLITE_OK;
  status = load_leaf (self, leaf);
  if (status == SQLITE_OK)
    *version = self->leaves[leaf].text + (page - 1) % ENTRIES * MERE_VERSION;
  return status;
}

int
mere_page_table_set (MerePageTable *self, guint32 page, const guint8 *version)
{
  guint32 leaf = (page - 1) / ENTRIES;
  int     status = reserve (self, page);

  if (status == SQLITE_OK)
    status = load_leaf (self, leaf);
  if (status != SQLITE_OK)
    return status;
  memcpy (self->leaves[leaf].text + (page - 1) % ENTRIES * MERE_VERSION, version, MERE_VERSION);
  self->leaves[leaf].dirty = self->dirty = TRUE;
  self->pages = MAX (self->pages, page);
  return SQLITE_OK;
}

/* What is cut off was never written. Its leaves stay: that they are empty now has to go into the place that does not count. */
int
mere_page_table_truncate (MerePageTable *self, guint32 pages)
{
  int status = reserve (self, pages);

  for (guint32 leaf = pages / ENTRIES; leaf < count_nodes (self->pages) && status == SQLITE_OK; leaf++)
    {
      guint32 kept = leaf == pages / ENTRIES ? pages % ENTRIES : 0;

      status = load_leaf (self, leaf);
      if (status != SQLITE_OK)
        break;
      memset (self->leaves[leaf].text + kept * MERE_VERSION, 0, (ENTRIES - kept) * MERE_VERSION);
      self->leaves[leaf].dirty = TRUE;
    }
  if (status == SQLITE_OK && pages != self->pages)
    {
      self->pages = pages;
      self->dirty = TRUE;
    }
  return status;
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

gboolean
mere_page_table_is_doubtful (MerePageTable *self)
{
  return self->epoch == 0 || self->unread;
}

/* Storing */

/* Seals @text into a place of @node. Returns its nonce in @trailer */
static int
write_place (MerePageTable *self, guint32 node, int place, const guint8 *text, guint8 trailer[MERE_SEAL_BYTES])
{
  guint8 *sealed = self->scratch;
  guint8  ad[AD];

  bind (self, ad, node);
  if (!mere_page_cipher_seal (self->cipher, MERE_KEY_TABLE, sealed, sealed + MERE_PAGE_TEXT, text, MERE_PAGE_TEXT, ad, sizeof ad))
    return SQLITE_IOERR_WRITE;
  memcpy (trailer, sealed + MERE_PAGE_TEXT, MERE_SEAL_BYTES);
  return mere_below_write (self->file, sealed, MERE_PAGE_SIZE, PLACE (node, place));
}

/* Into the place that does not count; @version: where the node above keeps that of this one. */
static int
write_node (MerePageTable *self, Node *node, guint32 number, guint8 *version)
{
  guint8 trailer[MERE_SEAL_BYTES];
  int    status = write_place (self, number, 1 - node->place, node->text, trailer);

  memcpy (version, trailer, MERE_VERSION);
  return status;
}

static int
write_nodes (MerePageTable *self)
{
  int status = SQLITE_OK;

  for (guint32 leaf = 0; leaf < self->n_leaves && status == SQLITE_OK; leaf++)
    if (self->leaves[leaf].dirty)
      {
        Node *middle = &self->middles[leaf / ENTRIES]; /* read before its leaf was */

        status = write_node (self, &self->leaves[leaf], LEAF (leaf), middle->text + leaf % ENTRIES * MERE_VERSION);
        middle->dirty = TRUE;
      }
  for (guint32 middle = 0; middle < MIDDLES && status == SQLITE_OK; middle++)
    if (self->middles[middle].dirty)
      status = write_node (self, &self->middles[middle], MIDDLE (middle), self->versions + middle * MERE_VERSION);
  return status;
}

static int
sync_file (MerePageTable *self, int flags)
{
  return flags == 0 ? SQLITE_OK : self->file->pMethods->xSync (self->file, flags);
}

/* A root whose writing failed may be on the disk all the same, and count after a crash: before the nodes that it knows are written
 * over, it has to be gone. */
static int
erase_doubtful (MerePageTable *self, int sync_flags)
{
  int status = SQLITE_OK;

  if (!self->doubtful)
    return status;
  memset (self->scratch, 0, MERE_PAGE_SIZE);
  status = mere_below_write (self->file, self->scratch, MERE_PAGE_SIZE, PLACE (ROOT, 1 - self->place));
  if (status == SQLITE_OK)
    status = sync_file (self, sync_flags);
  self->doubtful = status != SQLITE_OK;
  return status;
}

static int
write_root (MerePageTable *self, int sync_flags)
{
  guint8 text[MERE_PAGE_TEXT], trailer[MERE_SEAL_BYTES];
  int    status;

  mere_put_u64 (text, self->epoch + 1);
  memcpy (text + 8, self->source, MERE_ROOT);
  mere_put_u32 (text + 24, self->source_frames);
  mere_put_u32 (text + 28, self->pages);
  memcpy (text + ROOT_HEAD, self->versions, sizeof self->versions);
  self->doubtful = TRUE;
  status = write_place (self, ROOT, 1 - self->place, text, trailer);
  if (status == SQLITE_OK)
    status = sync_file (self, sync_flags);
  if (status != SQLITE_OK)
    return status;

  self->doubtful = FALSE;
  self->place = 1 - self->place;
  self->epoch++;
  memcpy (self->root, trailer, MERE_ROOT);
  return SQLITE_OK;
}

/* What was written counts now. */
static void
settle (Node *node)
{
  if (node->dirty)
    node->place = 1 - node->place;
  node->dirty = FALSE;
}

int
mere_page_table_store (MerePageTable *self, int sync_flags)
{
  int status;

  if (!self->dirty)
    return SQLITE_OK;
  status = erase_doubtful (self, sync_flags);
  if (status == SQLITE_OK)
    status = write_nodes (self);
  if (status == SQLITE_OK)
    status = sync_file (self, sync_flags);
  if (status == SQLITE_OK)
    status = write_root (self, sync_flags);
  if (status != SQLITE_OK)
    return status;

  for (guint32 leaf = 0; leaf < self->n_leaves; leaf++)
    settle (&self->leaves[leaf]);
  for (guint32 middle = 0; middle < MIDDLES; middle++)
    settle (&self->middles[middle]);
  self->dirty = FALSE;
  return SQLITE_OK;
}

/* What a log builds on */

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
mere_page_table_see_first_page (MerePageTable *self, const guint8 *page)
{
  self->clears_gaps = mere_page_gap_is_safe (page);
}

gboolean
mere_page_table_clears_gaps (MerePageTable *self)
{
  return self->clears_gaps;
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
