/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `watch`: receives what appears in a folder, until it is told to end. Each change of the folder is an occasion to look at all
 * of it again; what was looked at before is known by its signature. */

#include "config.h"

#include "sync/hq/confine.h"
#include "sync/hq/outbox.h"
#include "sync/hq/received-tell.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <signal.h>

#define SETTLE_MS 500    /* without a change, before it is looked at: files come in bursts */
#define MAX_DEPTH 4      /* of folders, as sticks are laid out */
#define MAX_FOLDERS 8192 /* that are watched */

typedef struct
{
  MereHq       *hq;
  MereStore    *store;
  MereKeyring  *keys;
  const char   *path;
  const char   *answer_to; /* or NULL */
  MereReceived *received;
  GHashTable   *monitors; /* path → GFileMonitor */
  GCancellable *end;
  guint         timer;
  GError       *error; /* that ends it */
} Watching;

static void
watching_clear (Watching *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->monitors, g_hash_table_unref);
  g_clear_pointer (&self->received, mere_received_free);
  g_clear_pointer (&self->keys, mere_keyring_free);
  g_clear_object (&self->end);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watching, watching_clear)

static void
fill_signals (sigset_t *set)
{
  sigemptyset (set);
  sigaddset (set, SIGTERM);
  sigaddset (set, SIGINT);
}

/* In a thread of its own, so that it is heard while a bundle is read. */
static gpointer
wait_for_end (gpointer end)
{
  g_autoptr (GCancellable) cancellable = end;
  sigset_t set;
  int      which;

  fill_signals (&set);
  sigwait (&set, &which);
  g_cancellable_cancel (cancellable);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void on_changed_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user_data);

static void
watch_folder (Watching   *self,
              const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GFileMonitor *monitor;

  if (g_hash_table_contains (self->monitors, path) || g_hash_table_size (self->monitors) >= MAX_FOLDERS)
    return;
  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (monitor == NULL)
    return;
  g_signal_connect (monitor, "changed", G_CALLBACK (on_changed_cb), self);
  g_hash_table_insert (self->monitors, g_strdup (path), monitor);
}

/* Recursion is bounded by @depth. */
static void
watch_tree (Watching   *self,
            const char *path,
            guint       depth)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  if (folder == NULL)
    return;
  watch_folder (self, path);
  while (depth > 0 && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      if (g_file_test (below, G_FILE_TEST_IS_DIR) && !g_file_test (below, G_FILE_TEST_IS_SYMLINK))
        watch_tree (self, below, depth - 1);
    }
}

static gboolean
is_gone (gpointer path,
         gpointer monitor,
         gpointer user_data)
{
  return !g_file_test (path, G_FILE_TEST_IS_DIR);
}

static void
tell (Watching *self)
{
  const MereReceived *received = self->received;

  if (received->results->len == 0 && received->failures->len == 0)
    return;
  if (mere_hq_wants_json (self->hq))
    mere_hq_print_json_line (mere_received_to_json (received));
  mere_received_sum_up (received);
  fflush (stdout);
}

/* Folders are watched before they are looked into: what comes in between is an occasion of its own. */
static void
look (Watching *self)
{
  mere_received_forget (self->received);
  g_hash_table_foreach_remove (self->monitors, is_gone, NULL);
  watch_tree (self, self->path, MAX_DEPTH);
  if (mere_receive_quarantine (self->store, self->keys, self->received, mere_received_tell_result, self->hq, self->end, &self->error) &&
      mere_receive_stick (self->store, self->keys, self->path, self->answer_to, self->received, mere_received_tell_result, self->hq, self->end, &self->error))
    mere_outbox_clear (self->store, &self->error);
  tell (self);
}

static gboolean
on_settled_cb (gpointer user_data)
{
  Watching *self = user_data;

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
on_changed_cb (GFileMonitor     *monitor,
               GFile            *file,
               GFile            *other,
               GFileMonitorEvent event,
               gpointer          user_data)
{
  Watching *self = user_data;

  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (SETTLE_MS, on_settled_cb, self);
}

/* To be ended while it works is no failure: what was not finished is taken the next time. */
static int
run (Watching *self)
{
  look (self);
  while (self->error == NULL && !g_cancellable_is_cancelled (self->end))
    g_main_context_iteration (NULL, TRUE);
  return self->error == NULL || g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? MERE_HQ_DONE : mere_hq_fail (self->error);
}

static int
watch (MereHq     *hq,
       const char *path,
       const char *answer_to)
{
  g_auto (Watching) self = { .hq = hq, .path = path, .answer_to = answer_to };
  g_autoptr (GError) error = NULL;
  sigset_t set;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      mere_hq_say (_ ("%s is no folder."), path);
      return MERE_HQ_REFUSED;
    }
  fill_signals (&set);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  self.store = mere_hq_open (hq, &error);
  self.keys = self.store != NULL ? mere_keyring_load (self.store, &error) : NULL;
  if (self.keys == NULL)
    return mere_hq_fail (error);
  mere_hq_confine (hq, (char *const[]){ (char *) path, NULL }, answer_to);
  self.received = mere_received_new ();
  self.monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self.end = g_cancellable_new ();
  g_thread_unref (g_thread_new ("end", wait_for_end, g_object_ref (self.end)));
  mere_hq_say (_ ("Watching %s; SIGTERM or Ctrl+C ends it."), path);
  return run (&self);
}

int
mere_verb_watch (MereHq *hq,
                 char ***args)
{
  g_autofree char   *answer_to = NULL;
  const GOptionEntry entries[] = {
    { "receipt-to", 0, 0, G_OPTION_ARG_FILENAME, &answer_to, N_ ("Write receipts to this folder instead of the one that is watched"), N_ ("PATH") },
    { NULL },
  };
  int status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  return watch (hq, (*args)[1], answer_to);
}
