/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A ring of buffers between two threads. */

#include "config.h"

#include "sync/pipe.h"

#include <string.h>

#define N_BUFFERS 8
#define BUFFER_SIZE (256 * 1024)

typedef struct
{
  gsize  size;
  guint8 bytes[BUFFER_SIZE];
} Buffer;

struct _MerePipe
{
  MereWriteFunc write;
  gpointer      sink;
  GThread      *thread;
  GMutex        lock;
  GCond         changed;
  guint         first; /* of the full buffers */
  guint         n_full;
  gboolean      closing; /* no more will come */
  gboolean      dropped; /* nobody wants the rest */
  GError       *failure; /* of the far end */
  Buffer       *buffers; /* the one at first + n_full is being filled */
};

/* The next full buffer, NULL when there will be none. */
static Buffer *
wait_for_full (MerePipe *self)
{
  Buffer *buffer;

  g_mutex_lock (&self->lock);
  while (self->n_full == 0 && !self->closing)
    g_cond_wait (&self->changed, &self->lock);
  buffer = self->n_full > 0 && !self->dropped ? &self->buffers[self->first] : NULL;
  g_mutex_unlock (&self->lock);

  return buffer;
}

static void
release (MerePipe *self,
         GError   *failure)
{
  g_mutex_lock (&self->lock);
  self->first = (self->first + 1) % N_BUFFERS;
  self->n_full--;
  self->failure = failure;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gpointer
run (gpointer data)
{
  MerePipe *self = data;
  Buffer   *buffer;
  GError   *failure = NULL;

  while (failure == NULL && (buffer = wait_for_full (self)) != NULL)
    {
      self->write (self->sink, buffer->bytes, buffer->size, &failure);
      release (self, failure);
    }

  return NULL;
}

MerePipe *
mere_pipe_new (MereWriteFunc write,
               gpointer      sink)
{
  MerePipe *self = g_new0 (MerePipe, 1);

  self->write = write;
  self->sink = sink;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->buffers = g_new (Buffer, N_BUFFERS);
  self->buffers[0].size = 0;
  self->thread = g_thread_new ("pipe", run, self);

  return self;
}

static gboolean
fail (MerePipe *self,
      GError  **error)
{
  if (error != NULL)
    *error = g_error_copy (self->failure);

  return FALSE;
}

/* Hands over the buffer being filled and waits for an empty one. */
static gboolean
hand_over (MerePipe *self,
           GError  **error)
{
  gboolean good;

  g_mutex_lock (&self->lock);
  self->n_full++;
  g_cond_broadcast (&self->changed);
  while (self->n_full == N_BUFFERS && self->failure == NULL)
    g_cond_wait (&self->changed, &self->lock);
  good = self->failure == NULL || fail (self, error);
  self->buffers[(self->first + self->n_full) % N_BUFFERS].size = 0;
  g_mutex_unlock (&self->lock);

  return good;
}

/* The ring's end does not move while a buffer is being filled: first + n_full stays the same. */
static Buffer *
get_filling (MerePipe *self)
{
  Buffer *buffer;

  g_mutex_lock (&self->lock);
  buffer = &self->buffers[(self->first + self->n_full) % N_BUFFERS];
  g_mutex_unlock (&self->lock);

  return buffer;
}

gboolean
mere_pipe_write (gpointer      pipe,
                 const guint8 *bytes,
                 gsize         size,
                 GError      **error)
{
  MerePipe *self = pipe;

  while (size > 0)
    {
      Buffer *buffer = get_filling (self);
      gsize   n = MIN (size, BUFFER_SIZE - buffer->size);

      memcpy (buffer->bytes + buffer->size, bytes, n);
      buffer->size += n;
      bytes += n;
      size -= n;
      if (buffer->size == BUFFER_SIZE && !hand_over (self, error))
        return FALSE;
    }

  return TRUE;
}

static void
join (MerePipe *self,
      gboolean  drop)
{
  if (self->thread == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  self->dropped = drop;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (g_steal_pointer (&self->thread));
}

gboolean
mere_pipe_finish (MerePipe *self,
                  GError  **error)
{
  if (get_filling (self)->size > 0 && !hand_over (self, error))
    return FALSE;
  join (self, FALSE);

  return self->failure == NULL || fail (self, error);
}

void
mere_pipe_free (MerePipe *self)
{
  if (self == NULL)
    return;

  join (self, TRUE);
  g_clear_error (&self->failure);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->buffers);
  g_free (self);
}
