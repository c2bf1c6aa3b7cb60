/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Longer than most files here: reading, writing and recovering share every offset and every piece of state. */

#include "config.h"

#include "app/vault/wal.h"

#include "app/vault/page-gap.h"

#include <sodium.h>
#include <stdlib.h>

#define SALTS 8                                       /* SQLite's, new each time the WAL starts over */
#define HEADER_TEXT (MERE_WAL_HEADER + MERE_ROOT + 4) /* SQLite's header, what the WAL builds on, turn */
#define HEADER (HEADER_TEXT + MERE_SEAL_BYTES)        /* 92 */
#define N_HEADERS 2
#define TURN (MERE_WAL_HEADER + MERE_ROOT)
#define LABEL_TEXT (MERE_WAL_FRAME + 4 + MERE_VERSION) /* SQLite's frame header, last synced commit, page version */
#define LABEL (LABEL_TEXT + MERE_SEAL_BYTES)           /* 76: the sealed header of a frame */
#define LABEL_TAG (LABEL_TEXT + MERE_SEAL_NONCE)
#define FRAME (LABEL + MERE_PAGE_SIZE)
#define LOGICAL (MERE_WAL_FRAME + MERE_PAGE_SIZE)
#define LABEL_AD (MERE_VFS_ID + SALTS + 4 + MERE_SEAL_TAG)
#define PAGE_AD (MERE_VFS_ID + 4) /* as in page-file.c: a checkpoint moves pages as they are */
#define ROOM (31 * FRAME)         /* zeros laid out ahead of small commits; what SQLite writes at once is under 128 KiB */

typedef struct
{
  guint32 page;
  guint8  version[MERE_VERSION];
  guint8  tag[MERE_SEAL_TAG]; /* of the label */
  guint8  is_clear;           /* nothing is left in the page's gap */
} Frame;

struct _MereWal
{
  MereVfs        *vfs;
  sqlite3_file   *below;
  MerePageTable  *table;
  MerePageCipher *cipher; /* that of the database; borrowed */

  gboolean has_header;
  int      slot; /* of the file's two, where the header lies */
  guint32  turn; /* counts the headers since the file was empty */
  guint8   salts[SALTS];
  guint8   root[MERE_ROOT];           /* the state of the page table that this WAL builds on */
  guint8   header_tag[MERE_SEAL_TAG]; /* where the chain starts */
  guint32  required;                  /* frames that the database depends on */
  guint32  proven;                    /* frames of which a later one says that they were committed and synced */
  gboolean unchecked;                 /* the page table cannot say whether this log is of its time */

  Frame  *frames; /* of 1 to known, at index 0 */
  guint32 known;
  guint32 room;
  guint32 committed; /* newest frame with a commit mark that was written */
  guint32 durable;   /* the same, at the last sync */

  guint32 resealed;                    /* frame whose label was sealed again last; 0: none */
  guint8  resealed_tag[MERE_SEAL_TAG]; /* of the label before, in which the next frame's is still chained */

  guint32 pending; /* frame whose header came and whose page did not; 0: none */
  guint8  pending_header[MERE_WAL_FRAME];

  gint64 laid_out; /* bytes that the file is long, as far as is known; 0: not yet */

  guint32 run_first; /* frames sealed, still to be written */
  int     run_count;
  guint8 *run;     /* MERE_RUN frames */
  guint8 *scratch; /* a frame */

  gboolean checkpointing;
  guint32  last_read;   /* by the checkpoint */
  guint32  ahead_first; /* frames as they are stored, read before they were asked for */
  guint32  ahead_count;
  guint8  *ahead; /* MERE_RUN frames */
};

static gint64
offset_of (guint32 frame)
{
  return N_HEADERS * HEADER + (gint64) (frame - 1) * FRAME;
}

int
mere_wal_open (MereVfs *vfs, sqlite3_file *below, MerePageCipher *cipher, MerePageTable *table, MereWal **wal)
{
  MereWal *self = calloc (1, sizeof *self);

  *wal = NULL;
  if (self == NULL)
    return SQLITE_NOMEM;
  self->vfs = vfs;
  self->below = below;
  self->table = table;
  self->cipher = cipher;
  self->scratch = malloc (FRAME);
  if (self->scratch == NULL)
    {
      mere_wal_close (self);
      return SQLITE_NOMEM;
    }
  *wal = self;
  return SQLITE_OK;
}

static gboolean
reserve (MereWal *self, guint32 frames)
{
  guint32 room = MAX (MAX (frames, 1024), self->room + self->room / 2);
  Frame  *bigger;

  if (frames <= self->room)
    return TRUE;
  bigger = realloc (self->frames, (gsize) room * sizeof *bigger);
  if (bigger == NULL)
    return FALSE;
  self->frames = bigger;
  self->room = room;
  return TRUE;
}

static void
bind_page (MereWal *self, guint8 ad[PAGE_AD], guint32 page)
{
  memcpy (ad, self->vfs->id, MERE_VFS_ID);
  mere_put_u32 (ad + MERE_VFS_ID, page);
}

static void
bind_label (MereWal *self, guint8 ad[LABEL_AD], guint32 frame, const guint8 *before)
{
  memcpy (ad, self->vfs->id, MERE_VFS_ID);
  memcpy (ad + MERE_VFS_ID, self->salts, SALTS);
  mere_put_u32 (ad + MERE_VFS_ID + SALTS, frame);
  memcpy (ad + MERE_VFS_ID + SALTS + 4, before, MERE_SEAL_TAG);
}

/* A sealed frame that still waits to be written, or NULL. */
static guint8 *
find_in_run (MereWal *self, guint32 frame)
{
  if (self->run_count == 0 || frame < self->run_first || frame >= self->run_first + (guint32) self->run_count)
    return NULL;
  return self->run + (gsize) (frame - self->run_first) * FRAME;
}

/* The tag that @frame's label on the disk was chained to: from memory or, where recovery jumps, from the disk, where it is
 * stored in the clear. */
static int
find_tag_before (MereWal *self, guint32 frame, guint8 tag[MERE_SEAL_TAG])
{
  if (self->resealed != 0 && frame == self->resealed + 1)
    memcpy (tag, self->resealed_tag, MERE_SEAL_TAG);
  else if (frame == 1)
    memcpy (tag, self->header_tag, MERE_SEAL_TAG);
  else if (frame - 1 <= self->known)
    memcpy (tag, self->frames[frame - 2].tag, MERE_SEAL_TAG);
  else
    return mere_below_read (self->below, tag, MERE_SEAL_TAG, offset_of (frame - 1) + LABEL_TAG);
  return SQLITE_OK;
}

/* Keeps what it could not write: reads are answered from it, and the next call tries again. */
static int
flush (MereWal *self)
{
  int status;

  if (self->run_count == 0)
    return SQLITE_OK;
  status = mere_below_write (self->below, self->run, self->run_count * FRAME, offset_of (self->run_first));
  if (status == SQLITE_OK)
    self->run_count = 0;
  return status;
}

/* Seals the label of @frame from SQLite's header of it. The frame's page was sealed before. */
static gboolean
seal_label (MereWal *self, guint8 *label, guint32 frame, const guint8 *header)
{
  const guint8 *before = frame == 1 ? self->header_tag : self->frames[frame - 2].tag;
  guint8        text[LABEL_TEXT], ad[LABEL_AD];

  memcpy (text, header, MERE_WAL_FRAME);
  mere_put_u32 (text + MERE_WAL_FRAME, self->durable);
  memcpy (text + MERE_WAL_FRAME + 4, self->frames[frame - 1].version, MERE_VERSION);
  bind_label (self, ad, frame, before);
  if (!mere_page_cipher_seal (self->cipher, MERE_KEY_WAL, label, label + LABEL_TEXT, text, LABEL_TEXT, ad, sizeof ad))
    return FALSE;
  memcpy (self->frames[frame - 1].tag, label + LABEL_TAG, MERE_SEAL_TAG);
  return TRUE;
}

static void
note_page (MereWal *self, guint32 frame, const guint8 *page)
{
  Frame *what = &self->frames[frame - 1];

  what->is_clear = mere_page_gap_is_clear (page, what->page);
  if (what->page == 1)
    mere_page_table_see_first_page (self->table, page);
}

static gboolean
seal_page (MereWal *self, guint8 *sealed, guint32 frame, const guint8 *page)
{
  guint8 ad[PAGE_AD];

  bind_page (self, ad, self->frames[frame - 1].page);
  if (!mere_page_cipher_seal (self->cipher, MERE_KEY_PAGES, sealed, sealed + MERE_PAGE_TEXT, page, MERE_PAGE_TEXT, ad, sizeof ad))
    return FALSE;
  memcpy (self->frames[frame - 1].version, sealed + MERE_PAGE_TEXT, MERE_VERSION);
  note_page (self, frame, page);
  return TRUE;
}

/* SQLite writes a frame's header and then its page; where it rewrites checksums, only the header. */
static int
settle_pending (MereWal *self)
{
  guint32 frame = self->pending;
  guint8  label[LABEL], *waiting;

  self->pending = 0;
  if (frame == 0 || frame > self->known) /* a header whose page never came: its transaction failed */
    return SQLITE_OK;
  memcpy (self->resealed_tag, self->frames[frame - 1].tag, MERE_SEAL_TAG);
  self->resealed = frame;
  if (!seal_label (self, label, frame, self->pending_header))
    return SQLITE_IOERR_WRITE;
  waiting = find_in_run (self, frame);
  if (waiting == NULL)
    return mere_below_write (self->below, label, LABEL, offset_of (frame));
  memcpy (waiting, label, LABEL);
  return SQLITE_OK;
}

/* Reading */

/* Which WAL this is: one that builds on the newest state of the page table, or the one that the last checkpoint drew from,
 * with at least the frames it took. Any other is of another time. */
static int
accept_header (MereWal *self, int slot, const guint8 *stored, const guint8 *text)
{
  guint32  required;
  gboolean taken = mere_page_table_takes_source (self->table, text + MERE_WAL_HEADER, &required);

  self->unchecked = !taken && self->vfs->lenient && mere_page_table_is_doubtful (self->table);
  if (!taken && !self->unchecked)
    return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_WAL_OTHER, 0);
  self->has_header = TRUE;
  self->slot = slot;
  self->turn = mere_get_u32 (text + TURN);
  self->required = taken ? required : 0;
  memcpy (self->salts, text + 16, SALTS);
  memcpy (self->root, text + MERE_WAL_HEADER, MERE_ROOT);
  memcpy (self->header_tag, stored + HEADER_TEXT + MERE_SEAL_NONCE, MERE_SEAL_TAG);
  return SQLITE_OK;
}

/* Which of the two opens and is the newer one, with its text; -1: neither. */
static int
choose_header (MereWal *self, guint8 *text, const guint8 stored[N_HEADERS * HEADER])
{
  guint8 other[HEADER_TEXT];
  int    chosen = -1;

  for (int slot = 0; slot < N_HEADERS; slot++)
    {
      const guint8 *header = stored + slot * HEADER;

      if (!mere_page_cipher_open (self->cipher, MERE_KEY_WAL, other, header, HEADER_TEXT, header + HEADER_TEXT, self->vfs->id, MERE_VFS_ID))
        continue;
      if (chosen >= 0 && mere_get_u32 (other + TURN) < mere_get_u32 (text + TURN))
        continue;
      memcpy (text, other, HEADER_TEXT);
      chosen = slot;
    }
  return chosen;
}

/* A crash may tear the header that it was writing: then the one before counts, whose frames are all in the database. In a new
 * WAL there is none before, and no frame yet. */
static int
read_header (MereWal *self, guint8 text[HEADER_TEXT])
{
  guint8        stored[N_HEADERS * HEADER];
  sqlite3_int64 size = 0;
  int           status = mere_below_read (self->below, stored, sizeof stored, 0), slot;

  memset (text, 0, HEADER_TEXT);
  if (status == SQLITE_OK || status == SQLITE_IOERR_SHORT_READ) /* which fills with zeros */
    status = mere_below_size (self->below, &size);
  if (status != SQLITE_OK)
    return status;
  slot = choose_header (self, text, stored);
  if (slot >= 0)
    return accept_header (self, slot, stored + slot * HEADER, text);
  return size > offset_of (1) ? mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_WAL_HEADER, 0) : SQLITE_OK;
}

static gboolean
open_label (MereWal *self, guint8 text[LABEL_TEXT], const guint8 *label, guint32 frame, const guint8 *before)
{
  guint8 ad[LABEL_AD];

  bind_label (self, ad, frame, before);
  return mere_page_cipher_open (self->cipher, MERE_KEY_WAL, text, label, LABEL_TEXT, label + LABEL_TEXT, ad, sizeof ad);
}

static gboolean
open_page (MereWal *self, guint8 *to, const guint8 *sealed, guint32 page)
{
  guint8 ad[PAGE_AD];

  bind_page (self, ad, page);
  if (!mere_page_cipher_open (self->cipher, MERE_KEY_PAGES, to, sealed, MERE_PAGE_TEXT, sealed + MERE_PAGE_TEXT, ad, sizeof ad))
    return FALSE;
  memset (to + MERE_PAGE_TEXT, 0, MERE_SEAL_BYTES);
  return TRUE;
}

/* @frame does not open. Frames of a later transaction were written only after its own was synced: if one of those opens and
 * says so, this is no torn write. */
static int
judge_broken (MereWal *self, guint32 frame)
{
  guint8 text[LABEL_TEXT], label[LABEL], before[MERE_SEAL_TAG];

  if (frame <= self->required || frame <= self->known || frame <= self->proven)
    return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_FRAME, frame);
  for (guint32 later = frame + 1;; later++)
    {
      if (mere_below_read (self->below, before, MERE_SEAL_TAG, offset_of (later - 1) + LABEL_TAG) != SQLITE_OK ||
          mere_below_read (self->below, label, LABEL, offset_of (later)) != SQLITE_OK)
        return SQLITE_OK;
      if (!open_label (self, text, label, later, before) || mere_get_u32 (text + MERE_WAL_FRAME) < frame)
        continue;
      self->proven = mere_get_u32 (text + MERE_WAL_FRAME);
      return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_FRAME, frame);
    }
}

/* Reads a few frames at once where a checkpoint reads them in their order; nothing is written meanwhile. Returns: where @frame
 * lies among them, or %NULL */
static const guint8 *
read_ahead (MereWal *self, guint32 frame)
{
  gboolean in_order = frame == self->last_read + 1;

  self->last_read = frame;
  if (frame - self->ahead_first < self->ahead_count)
    return self->ahead + (gsize) (frame - self->ahead_first) * FRAME;
  if (!in_order || self->known < frame + MERE_RUN || !mere_buffer (&self->ahead, MERE_RUN * FRAME))
    return NULL;
  self->ahead_count = 0;
  if (mere_below_read (self->below, self->ahead, MERE_RUN * FRAME, offset_of (frame)) != SQLITE_OK)
    return NULL; /* alone it may be readable */
  self->ahead_first = frame;
  self->ahead_count = MERE_RUN;
  return self->ahead;
}

/* Finds a frame's page as it is stored: in memory, or else reads it to @to. */
static int
find_sealed (MereWal *self, guint8 *to, guint32 frame, const guint8 **sealed)
{
  const guint8 *whole = find_in_run (self, frame);

  if (whole == NULL && self->checkpointing)
    whole = read_ahead (self, frame);
  *sealed = whole != NULL ? whole + LABEL : to;
  return whole != NULL ? SQLITE_OK : mere_below_read (self->below, to, MERE_PAGE_SIZE, offset_of (frame) + LABEL);
}

/* The page of a frame: what all reading but recovery's is. To a checkpoint it is given as it is stored, for the database to
 * store it so; whoever reads it there opens it. But one with something left in its gap is opened: the database clears and seals it. */
static int
read_page (MereWal *self, guint8 *to, guint32 frame)
{
  const guint8 *sealed;
  int           status = find_sealed (self, to, frame, &sealed);
  gboolean      known = frame <= self->known;

  if (status != SQLITE_OK && status != SQLITE_IOERR_SHORT_READ)
    return status;
  known = known && status == SQLITE_OK && memcmp (sealed + MERE_PAGE_TEXT, self->frames[frame - 1].version, MERE_VERSION) == 0;
  if (known && self->checkpointing)
    mere_page_table_set_source (self->table, self->root, frame);
  if (known && self->checkpointing && (self->frames[frame - 1].is_clear || !mere_page_table_clears_gaps (self->table)))
    {
      memmove (to, sealed, MERE_PAGE_SIZE);
      mere_page_table_pass (self->table, self->frames[frame - 1].page, sealed + MERE_PAGE_TEXT);
      return SQLITE_OK;
    }
  if (known && open_page (self, to, sealed, self->frames[frame - 1].page))
    return SQLITE_OK;
  memset (to, 0, MERE_PAGE_SIZE);
  return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_FRAME, frame);
}

/* Opens a whole frame as it is stored, its label into @text, its page in place. The next one that was not known is taken into
 * the chain; there is room for it. */
static gboolean
open_frame (MereWal *self, guint8 text[LABEL_TEXT], guint8 *whole, guint32 frame)
{
  const guint8 *version = frame <= self->known ? self->frames[frame - 1].version : text + MERE_WAL_FRAME + 4;
  guint8        before[MERE_SEAL_TAG];

  if (find_tag_before (self, frame, before) != SQLITE_OK || !open_label (self, text, whole, frame, before) ||
      memcmp (version, whole + LABEL + MERE_PAGE_TEXT, MERE_VERSION) != 0 || !open_page (self, whole + LABEL, whole + LABEL, mere_get_u32 (text)))
    return FALSE;
  if (frame != self->known + 1)
    return TRUE;

  self->frames[frame - 1].page = mere_get_u32 (text);
  memcpy (self->frames[frame - 1].version, version, MERE_VERSION);
  memcpy (self->frames[frame - 1].tag, whole + LABEL_TAG, MERE_SEAL_TAG);
  note_page (self, frame, whole + LABEL);
  self->known = frame;
  if (mere_get_u32 (text + 4) != 0) /* the size of the database: a commit mark */
    self->committed = frame;
  return TRUE;
}

/* A whole frame, as recovery reads it, or part of one. */
static int
read_frame (MereWal *self, guint8 *to, int size, guint32 frame, int within)
{
  guint8        text[LABEL_TEXT], *whole = self->scratch;
  const guint8 *waiting = find_in_run (self, frame);
  int           status = SQLITE_OK;

  memset (to, 0, (gsize) size);
  if (waiting != NULL)
    memcpy (whole, waiting, FRAME);
  else
    status = mere_below_read (self->below, whole, FRAME, offset_of (frame));
  if (status == SQLITE_IOERR_SHORT_READ)
    return frame <= self->required ? mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_FRAME, frame) : status;
  if (status != SQLITE_OK)
    return status;
  if (frame == self->known + 1 && !reserve (self, frame))
    return SQLITE_NOMEM;
  if (!open_frame (self, text, whole, frame))
    return judge_broken (self, frame);

  memcpy (whole + LABEL - MERE_WAL_FRAME, text, MERE_WAL_FRAME);
  memcpy (to, whole + LABEL - MERE_WAL_FRAME + within, (gsize) size);
  sodium_memzero (whole, FRAME);
  return SQLITE_OK;
}

int
mere_wal_read (MereWal *self, guint8 *to, int size, gint64 offset)
{
  guint8  text[HEADER_TEXT];
  guint32 frame;
  int     within, status;

  status = settle_pending (self);
  if (status != SQLITE_OK)
    return status;
  if (offset + size <= MERE_WAL_HEADER)
    {
      status = read_header (self, text);
      memcpy (to, text + offset, (gsize) size);
      return status;
    }

  frame = (guint32) ((offset - MERE_WAL_HEADER) / LOGICAL) + 1;
  within = (int) ((offset - MERE_WAL_HEADER) % LOGICAL);
  if (offset < MERE_WAL_HEADER || within + size > LOGICAL)
    return SQLITE_IOERR_READ;
  if (!self->has_header)
    {
      memset (to, 0, (gsize) size);
      return SQLITE_IOERR_SHORT_READ;
    }
  if (within == MERE_WAL_FRAME && size == MERE_PAGE_SIZE)
    return read_page (self, to, frame);
  return read_frame (self, to, size, frame, within);
}

/* Writing */

/* A new header starts a new WAL in the same file, beside the header before it. The page table must be on the disk before, and
 * is: SQLite synced the database at the end of the checkpoint. Without syncs (`synchronous=OFF`) it is stored now. */
static int
write_header (MereWal *self, const guint8 *header)
{
  guint8 text[HEADER_TEXT], stored[HEADER];
  int    slot = self->has_header ? 1 - self->slot : 0;
  int    status = mere_page_table_store (self->table, 0);

  if (status == SQLITE_OK && !self->has_header) /* whatever lies there is no WAL */
    status = self->below->pMethods->xTruncate (self->below, 0);
  self->laid_out = 0;
  if (status != SQLITE_OK)
    return status;
  memcpy (text, header, MERE_WAL_HEADER);
  memcpy (text + MERE_WAL_HEADER, mere_page_table_get_root (self->table), MERE_ROOT);
  mere_put_u32 (text + TURN, self->has_header ? self->turn + 1 : 1);
  if (!mere_page_cipher_seal (self->cipher, MERE_KEY_WAL, stored, stored + HEADER_TEXT, text, HEADER_TEXT, self->vfs->id, MERE_VFS_ID))
    return SQLITE_IOERR_WRITE;
  status = mere_below_write (self->below, stored, HEADER, slot * HEADER);
  if (status != SQLITE_OK)
    return status;
  self->run_count = 0;
  self->known = self->committed = self->durable = self->proven = 0;
  return accept_header (self, slot, stored, text);
}

/* A sync that finds the file as long as it was has no length to make durable, which is a third of its time on a journalling
 * file system. So a commit that lengthens the file lengthens it for those that follow, too. Without room on the disk it does
 * not, and what is written then says so. */
static void
lay_out (MereWal *self, guint32 newest)
{
  gint64        end = offset_of (newest + 1);
  sqlite3_int64 size;
  guint8       *zeros;

  if (self->laid_out == 0 && mere_below_size (self->below, &size) == SQLITE_OK)
    self->laid_out = size;
  if (self->laid_out == 0 || end < self->laid_out)
    return;
  zeros = calloc (1, ROOM);
  if (zeros != NULL && mere_below_write (self->below, zeros, ROOM, end) == SQLITE_OK)
    self->laid_out = end + ROOM;
  free (zeros);
}

/* Takes a frame into the run. SQLite that goes back, after a rollback, takes all later frames with it. */
static int
append_frame (MereWal *self, guint32 frame, const guint8 *page)
{
  guint8 *waiting;
  int     status = SQLITE_OK;

  if (frame > self->known + 1 || !reserve (self, frame) || !mere_buffer (&self->run, MERE_RUN * FRAME))
    return frame > self->known + 1 ? SQLITE_IOERR_WRITE : SQLITE_NOMEM;
  self->committed = MIN (self->committed, frame - 1);
  self->resealed = 0;
  if (find_in_run (self, frame) != NULL)
    self->run_count = (int) (frame - self->run_first);
  if (self->run_count == MERE_RUN || (self->run_count > 0 && frame != self->run_first + (guint32) self->run_count))
    status = flush (self);
  if (status != SQLITE_OK)
    return status;
  if (self->run_count == 0)
    self->run_first = frame;

  self->frames[frame - 1].page = mere_get_u32 (self->pending_header);
  waiting = self->run + (gsize) self->run_count * FRAME;
  if (!seal_page (self, waiting + LABEL, frame, page) || !seal_label (self, waiting, frame, self->pending_header))
    return SQLITE_IOERR_WRITE;
  self->known = frame;
  self->run_count++;
  if (mere_get_u32 (self->pending_header + 4) == 0)
    return SQLITE_OK;
  status = flush (self); /* the commit mark: what is durable against a killed process may not wait here */
  if (status != SQLITE_OK)
    return status;
  self->committed = frame;
  lay_out (self, frame);
  return SQLITE_OK;
}

/* A page that SQLite spills twice in one transaction takes its first place; new headers for all that follow come before
 * the commit. */
static int
replace_page (MereWal *self, guint32 frame, const guint8 *page)
{
  guint8 *waiting = find_in_run (self, frame);

  if (frame > self->known)
    return SQLITE_IOERR_WRITE;
  if (waiting != NULL)
    return seal_page (self, waiting + LABEL, frame, page) ? SQLITE_OK : SQLITE_IOERR_WRITE;
  if (!seal_page (self, self->scratch, frame, page))
    return SQLITE_IOERR_WRITE;
  return mere_below_write (self->below, self->scratch, MERE_PAGE_SIZE, offset_of (frame) + LABEL);
}

static int
write_page (MereWal *self, const guint8 *page, guint32 frame)
{
  int status;

  if (!mere_end_is_blank (page)) /* as in page-file.c */
    return SQLITE_IOERR_WRITE;
  if (self->pending != frame)
    {
      status = settle_pending (self);
      return status == SQLITE_OK ? replace_page (self, frame, page) : status;
    }
  status = append_frame (self, frame, page);
  self->pending = 0;
  return status;
}

int
mere_wal_write (MereWal *self, const guint8 *from, int size, gint64 offset)
{
  guint32 frame;
  gint64  within;
  int     status;

  if (offset == 0 && size == MERE_WAL_HEADER)
    {
      self->pending = 0;
      return write_header (self, from);
    }
  frame = (guint32) ((offset - MERE_WAL_HEADER) / LOGICAL) + 1;
  within = (offset - MERE_WAL_HEADER) % LOGICAL;
  if (offset < MERE_WAL_HEADER || !self->has_header)
    return SQLITE_IOERR_WRITE;
  if (within == MERE_WAL_FRAME && size == MERE_PAGE_SIZE)
    return write_page (self, from, frame);
  if (within != 0 || size != MERE_WAL_FRAME)
    return SQLITE_IOERR_WRITE;

  status = settle_pending (self);
  if (status != SQLITE_OK)
    return status;
  self->pending = frame;
  memcpy (self->pending_header, from, MERE_WAL_FRAME);
  return SQLITE_OK;
}

gboolean
mere_wal_is_unchecked (MereWal *self)
{
  return self->unchecked;
}

int
mere_wal_truncate (MereWal *self, gint64 size)
{
  gint64 frames = size <= MERE_WAL_HEADER ? 0 : (size - MERE_WAL_HEADER + LOGICAL - 1) / LOGICAL;
  int    status = settle_pending (self);

  if (status == SQLITE_OK)
    status = flush (self);
  if (status != SQLITE_OK)
    return status;
  self->known = MIN (self->known, (guint32) frames);
  self->laid_out = 0;
  self->has_header = self->has_header && size > 0;
  return self->below->pMethods->xTruncate (self->below, size == 0 ? 0 : offset_of ((guint32) frames + 1));
}

int
mere_wal_sync (MereWal *self, int flags)
{
  int status = settle_pending (self);

  if (status == SQLITE_OK)
    status = flush (self);
  if (status == SQLITE_OK)
    status = self->below->pMethods->xSync (self->below, flags);
  if (status == SQLITE_OK)
    self->durable = self->committed;
  return status;
}

int
mere_wal_size (MereWal *self, sqlite3_int64 *size)
{
  guint8        text[HEADER_TEXT];
  sqlite3_int64 stored, frames;
  int           status = settle_pending (self);

  if (status == SQLITE_OK)
    status = flush (self);
  if (status == SQLITE_OK)
    status = mere_below_size (self->below, &stored);
  if (status != SQLITE_OK)
    return status;
  frames = stored < offset_of (1) ? 0 : (stored - offset_of (1)) / FRAME;
  *size = stored == 0 ? 0 : MERE_WAL_HEADER + frames * LOGICAL;
  if (stored > 0 && !self->has_header)
    status = read_header (self, text);
  if (status == SQLITE_OK && self->has_header && frames < self->required)
    return mere_vfs_damaged (self->vfs, MERE_VFS_DAMAGE_FRAME, (guint32) frames + 1);
  return status;
}

void
mere_wal_begin_checkpoint (MereWal *self)
{
  self->checkpointing = TRUE;
  self->last_read = self->ahead_count = 0;
}

void
mere_wal_end_checkpoint (MereWal *self)
{
  self->checkpointing = FALSE;
}

int
mere_wal_close (MereWal *self)
{
  int status = SQLITE_OK;

  if (self == NULL)
    return status;
  if (self->scratch != NULL)
    {
      status = settle_pending (self);
      if (status == SQLITE_OK)
        status = flush (self);
      sodium_memzero (self->scratch, FRAME);
    }
  free (self->frames);
  free (self->ahead);
  free (self->scratch);
  free (self->run);
  free (self);
  return status;
}
