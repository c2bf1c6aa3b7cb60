/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading in one thread, putting away in another. A record is a few kilobytes, so that many of them are handed over at once:
 * a batch is a list of events, and the content that they speak of one after the other. */

#include "config.h"

#include "sync/bundle-relay.h"

#include <string.h>

#define N_BATCHES 32    /* so that a picture is read while the records before it are put away, and the other way round */
#define MOST_EVENTS 256 /* of a batch */

typedef enum {
  EVENT_BEGIN,
  EVENT_ENTRY,
  EVENT_DATA,
  EVENT_DONE
} EventKind;

typedef struct
{
  EventKind           kind;
  const MereManifest *manifest; /* EVENT_BEGIN */
  guint               index;    /* EVENT_ENTRY and EVENT_DONE */
  MereEntry           entry;    /* EVENT_ENTRY */
  gsize               at;       /* EVENT_DATA: where it lies */
  gsize               size;
} Event;

typedef struct
{
  guint  n_events;
  gsize  filled;
  Event  events[MOST_EVENTS];
  guint8 bytes[MERE_RELAY_BATCH];
} Batch;

typedef struct
{
  MereRelayRead            read;
  gpointer                 read_data;
  gboolean                 read_whole;
  GError                  *read_error;
  const MereBundleHandler *handler;
  gpointer                 handler_data;
  MereEntry                entry; /* that the handler was told of last */
  GMutex                   lock;
  GCond                    changed;
  guint                    first; /* of the full batches */
  guint                    n_full;
  gboolean                 ended;              /* no more will come */
  gboolean                 failed;             /* nobody wants the rest */
  Batch                   *batches[N_BATCHES]; /* made when first needed; the one at first + n_full is being filled */
} Relay;

/* The ring's end does not move while a batch is being filled: first + n_full stays the same. */
static Batch *
get_filling (Relay *self)
{
  Batch **batch;

  g_mutex_lock (&self->lock);
  batch = &self->batches[(self->first + self->n_full) % N_BATCHES];
  g_mutex_unlock (&self->lock);
  if (*batch == NULL)
    {
      *batch = g_new (Batch, 1);
      (*batch)->n_events = 0;
      (*batch)->filled = 0;
    }

  return *batch;
}

/* Hands over the batch being filled and waits for an empty one. %FALSE where nobody wants more: why is said over there. */
static gboolean
hand_over (Relay *self)
{
  gboolean wanted;

  g_mutex_lock (&self->lock);
  self->n_full++;
  g_cond_broadcast (&self->changed);
  while (self->n_full == N_BATCHES && !self->failed)
    g_cond_wait (&self->changed, &self->lock);
  wanted = !self->failed;
  g_mutex_unlock (&self->lock);

  return wanted;
}

/* @fresh: before all other content of its batch. %NULL where nobody wants more. */
static Event *
add_event (Relay    *self,
           EventKind kind,
           gboolean  fresh)
{
  Batch *batch = get_filling (self);
  Event *event;

  if (batch->n_events == MOST_EVENTS || (fresh && batch->filled > 0))
    {
      if (!hand_over (self))
        return NULL;
      batch = get_filling (self);
    }
  event = &batch->events[batch->n_events++];
  *event = (Event){ .kind = kind };

  return event;
}

static gboolean
on_begin (gpointer            data,
          const MereManifest *manifest,
          GError            **error)
{
  Event *event = add_event (data, EVENT_BEGIN, FALSE);

  if (event != NULL)
    event->manifest = manifest;

  return event != NULL;
}

/* A large one begins in a batch of its own, so that its pieces are as large as they can be. */
static gboolean
on_entry (gpointer         data,
          guint            index,
          const MereEntry *entry,
          GError         **error)
{
  Event *event = add_event (data, EVENT_ENTRY, entry->size >= MERE_RELAY_BATCH);

  if (event == NULL)
    return FALSE;
  event->index = index;
  mere_entry_copy (entry, &event->entry);

  return TRUE;
}

static gboolean
is_data (const Batch *batch)
{
  return batch->n_events > 0 && batch->events[batch->n_events - 1].kind == EVENT_DATA;
}

/* Data that follows data makes one piece. */
static gboolean
on_data (gpointer      data,
         const guint8 *bytes,
         gsize         size,
         GError      **error)
{
  Relay *self = data;

  while (size > 0)
    {
      Batch *batch = get_filling (self);
      gsize  n;

      if (!is_data (batch))
        {
          Event *event = add_event (self, EVENT_DATA, FALSE);

          if (event == NULL)
            return FALSE;
          batch = get_filling (self);
          event->at = batch->filled;
        }
      n = MIN (size, MERE_RELAY_BATCH - batch->filled);
      memcpy (batch->bytes + batch->filled, bytes, n);
      batch->events[batch->n_events - 1].size += n;
      batch->filled += n;
      bytes += n;
      size -= n;
      if (batch->filled == MERE_RELAY_BATCH && !hand_over (self))
        return FALSE;
    }

  return TRUE;
}

static gboolean
on_done (gpointer         data,
         guint            index,
         const MereEntry *entry,
         GError         **error)
{
  Event *event = add_event (data, EVENT_DONE, FALSE);

  if (event != NULL)
    event->index = index;

  return event != NULL;
}

static const MereBundleHandler relaying = { on_begin, on_entry, on_data, on_done };

static gpointer
run_reader (gpointer data)
{
  Relay *self = data;

  self->read_whole = self->read (self->read_data, &relaying, self, &self->read_error);
  g_mutex_lock (&self->lock);
  if (self->n_full < N_BATCHES)
    self->n_full++;
  self->ended = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  return NULL;
}

/* The next full batch; NULL when there will be none. */
static Batch *
wait_for_full (Relay *self)
{
  Batch *batch;

  g_mutex_lock (&self->lock);
  while (self->n_full == 0 && !self->ended)
    g_cond_wait (&self->changed, &self->lock);
  batch = self->n_full > 0 ? self->batches[self->first] : NULL;
  g_mutex_unlock (&self->lock);

  return batch;
}

static void
release (Relay   *self,
         Batch   *batch,
         gboolean failed)
{
  batch->n_events = 0;
  batch->filled = 0;
  g_mutex_lock (&self->lock);
  self->first = (self->first + 1) % N_BATCHES;
  self->n_full--;
  self->failed = failed;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gboolean
tell (Relay       *self,
      const Batch *batch,
      Event       *event,
      GError     **error)
{
  const MereBundleHandler *handler = self->handler;

  switch (event->kind)
    {
    case EVENT_BEGIN:
      return handler->begin == NULL || handler->begin (self->handler_data, event->manifest, error);
    case EVENT_ENTRY:
      mere_entry_clear (&self->entry);
      self->entry = event->entry;
      event->entry = (MereEntry){ 0 };
      return handler->entry == NULL || handler->entry (self->handler_data, event->index, &self->entry, error);
    case EVENT_DATA:
      return handler->data == NULL || handler->data (self->handler_data, batch->bytes + event->at, event->size, error);
    case EVENT_DONE:
    default:
      return handler->entry_done == NULL || handler->entry_done (self->handler_data, event->index, &self->entry, error);
    }
}

static gboolean
tell_all (Relay   *self,
          GError **error)
{
  Batch *batch;

  while ((batch = wait_for_full (self)) != NULL)
    {
      gboolean told = TRUE;

      for (guint i = 0; i < batch->n_events; i++)
        if (told)
          told = tell (self, batch, &batch->events[i], error);
        else
          mere_entry_clear (&batch->events[i].entry);
      release (self, batch, !told);
      if (!told)
        return FALSE;
    }

  return TRUE;
}

static void
relay_clear (Relay *self)
{
  for (guint i = 0; i < N_BATCHES; i++)
    {
      for (guint k = 0; self->batches[i] != NULL && k < self->batches[i]->n_events; k++)
        mere_entry_clear (&self->batches[i]->events[k].entry);
      g_free (self->batches[i]);
    }
  mere_entry_clear (&self->entry);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

gboolean
mere_relay_run (MereRelayRead            read,
                gpointer                 data,
                const MereBundleHandler *handler,
                gpointer                 handler_data,
                GError                 **error)
{
  Relay    self = { .read = read, .read_data = data, .handler = handler, .handler_data = handler_data };
  GThread *thread;
  gboolean told;

  g_mutex_init (&self.lock);
  g_cond_init (&self.changed);
  thread = g_thread_new ("bundle", run_reader, &self);
  told = tell_all (&self, error);
  g_thread_join (thread);
  relay_clear (&self);
  if (told && !self.read_whole)
    g_propagate_error (error, g_steal_pointer (&self.read_error));
  g_clear_error (&self.read_error);

  return told && self.read_whole;
}
