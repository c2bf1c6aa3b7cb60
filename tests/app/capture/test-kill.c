/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The power goes at any moment: every answer and every event that was shown is there afterwards. Another process fills a
 * form and times passengers in a real vault, and says so after each call has returned; it is killed without a warning,
 * again and again, on the same vault. */

#include "config.h"

#include "tests/app/capture/filling.h"
#include "tests/support/chance.h"

#include "app/store/digest.h"
#include "app/vault/vault-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLS 20
#define MOST_LINES 60   /* until the kill */
#define MOST_STEPS 4000 /* of one child; it is killed long before */

static MereStore *
open_store (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text ("not of this test");
  MereVault *vault = mere_vault_open (path, passphrase, &error);
  MereStore *store;

  g_assert_no_error (error);
  store = mere_store_open (vault, &error);
  g_assert_no_error (error);
  return store;
}

static char *
dup_state_digest (MereCapture *capture)
{
  g_autofree char *state = mere_filling_dup_state (capture);

  return mere_digest_dup_hex (state, strlen (state));
}

/* --- the process that is killed ----------------------------------------------------------------------------------- */

typedef struct
{
  MereCapture     *capture;
  MereObservation *observation;
  GRand           *chance;
} Child;

static void
say (char        what,
     const char *text)
{
  g_autofree char *line = g_strdup_printf ("%c %s\n", what, text);

  if (write (STDOUT_FILENO, line, strlen (line)) < 0)
    _exit (1);
}

static const char *
pick_ref (Child *self)
{
  static const char *const refs[] = { "/data/post", "/data/staff", "/data/double", "/data/open", "/data/lane[1]/name", "/data/lane[1]/queue", "/data/lane[2]/name" };

  return refs[g_rand_int_range (self->chance, 0, G_N_ELEMENTS (refs))];
}

static gboolean
answer (Child *self)
{
  MereFormSession *session = mere_capture_get_session (self->capture);
  MereFormNode    *lanes = mere_form_session_find (session, "/data/lane");
  MereFormNode    *node = mere_form_session_find (session, pick_ref (self));
  g_autofree char *value = g_strdup_printf ("%d", g_rand_int_range (self->chance, 0, 1000000));

  switch (g_rand_int_range (self->chance, 0, 10))
    {
    case 0:
      return mere_form_node_get_n_children (lanes) < 5 && mere_capture_add (self->capture, lanes, NULL) != NULL;
    case 1:
      return mere_form_node_get_n_children (lanes) > 0 && mere_capture_remove (self->capture, mere_form_node_get_child (lanes, 0), NULL);
    case 2:
      return node != NULL && mere_capture_set_comment (self->capture, node, value, NULL);
    case 3:
      return mere_capture_can_undo (self->capture) && mere_capture_undo (self->capture, NULL, NULL);
    default:
      return node != NULL && mere_capture_set (self->capture, node, value, NULL);
    }
}

static void
child_step (Child *self)
{
  const MereStudyEvent *event = NULL;

  if (g_rand_boolean (self->chance))
    {
      g_autofree char *digest = answer (self) ? dup_state_digest (self->capture) : NULL;

      if (digest != NULL)
        say ('A', digest);
    }
  else if (mere_observation_press (self->observation, g_rand_int_range (self->chance, 0, 8) == 0 ? MERE_STUDY_TAKE_BACK : MERE_STUDY_NEXT, &event, NULL))
    {
      g_autofree char *line = mere_study_event_to_csv (event);

      say ('E', line);
    }
}

static int
child_main (char **argv)
{
  MereStore *store = open_store (argv[2]);
  Child      self = {
         .capture = mere_capture_open (store, g_ascii_strtoll (argv[3], NULL, 10), NULL),
         .observation = mere_observation_open (store, g_ascii_strtoll (argv[4], NULL, 10), NULL),
         .chance = g_rand_new_with_seed ((guint32) g_ascii_strtoull (argv[5], NULL, 10)),
  };

  for (guint i = 0; i < MOST_STEPS; i++)
    child_step (&self);
  return 0;
}

/* --- the one that kills --------------------------------------------------------------------------------------------- */

typedef struct
{
  char      *path;
  gint64     draft;
  gint64     study;
  char      *state;   /* digest after the last answer that was told of */
  guint      answers; /* that were told of */
  GPtrArray *events;  /* (element-type utf8) */
} Killing;

static void
killing_init (Killing *self)
{
  g_autofree char *folder = g_dir_make_tmp ("merestone-kill-XXXXXX", NULL);
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text ("not of this test");
  g_autoptr (MereCapture) capture = NULL;
  g_autoptr (MereObservation) observation = NULL;
  g_autoptr (GError) error = NULL;
  MereKeyCost cheap = { .passes = 1, .memory = 8 << 20 };
  MereStore  *store;

  self->path = g_build_filename (folder, "field.vault", NULL);
  store = mere_store_open (mere_vault_create_with_cost (self->path, passphrase, &cheap, &error), &error);
  g_assert_no_error (error);
  capture = mere_capture_new (store, mere_filling_take_in (store, "lanes"), NULL, &error);
  g_assert_no_error (error);
  observation = mere_observation_new (store, mere_filling_take_in (store, "passenger-processing"), NULL, MERE_STUDY_SIGHT_DEFAULT, &error);
  g_assert_no_error (error);
  self->draft = mere_capture_get_draft (capture);
  self->study = mere_capture_get_draft (mere_observation_get_capture (observation));
  self->state = dup_state_digest (capture);
  self->events = g_ptr_array_new_with_free_func (g_free);
  mere_store_close (store);
}

static void
killing_clear (Killing *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  g_assert_true (mere_vault_destroy (self->path, NULL));
  g_rmdir (self->path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (self->path);
  g_free (self->state);
  g_ptr_array_unref (self->events);
}

static void
hear (Killing *self,
      char    *line)
{
  g_strchomp (line);
  if (line[0] == 'E')
    {
      g_ptr_array_add (self->events, g_strdup (line + 2));
      return;
    }
  g_assert_cmpint (line[0], ==, 'A');
  self->answers++;
  g_free (self->state);
  self->state = g_strdup (line + 2);
}

static GPid
spawn (Killing *self,
       FILE   **out)
{
  g_autofree char *draft = g_strdup_printf ("%" G_GINT64_FORMAT, self->draft);
  g_autofree char *study = g_strdup_printf ("%" G_GINT64_FORMAT, self->study);
  g_autofree char *seed = g_strdup_printf ("%d", g_test_rand_int_range (0, G_MAXINT));
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  char            *argv[] = { program, (char *) "--fill", self->path, draft, study, seed, NULL };
  g_autoptr (GError) error = NULL;
  GPid child;
  int  pipe_end;

  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child, NULL, &pipe_end, NULL, &error);
  g_assert_no_error (error);
  *out = fdopen (pipe_end, "r");
  return child;
}

/* Lets it work until it has told of so many steps, kills it, and takes in what it had said until then. A last line that
 * has no end was not said. */
static void
kill_one (Killing *self,
          guint    lines)
{
  FILE *out;
  GPid  child = spawn (self, &out);
  char  line[512];
  int   status = 0;

  for (guint i = 0; fgets (line, sizeof line, out) != NULL; i++)
    {
      if (i == lines)
        g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      if (strchr (line, '\n') != NULL)
        hear (self, line);
    }
  fclose (out);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
}

/* There may be one more than was told of: kept just before the end. */
static void
check_events (Killing   *self,
              MereStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereObservation) observation = mere_observation_open (store, self->study, &error);
  MereStudyBoard *board;
  guint           told = self->events->len;
  guint           n;

  g_assert_no_error (error);
  board = mere_observation_get_board (observation);
  n = mere_study_board_get_n_events (board);
  g_assert_cmpuint (n, >=, told);
  g_assert_cmpuint (n, <=, told + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line = mere_study_event_to_csv (mere_study_board_get_event (board, i));

      if (i < told)
        g_assert_cmpstr (line, ==, self->events->pdata[i]);
      else
        g_ptr_array_add (self->events, g_steal_pointer (&line));
    }
}

/* The step that nobody heard of is taken back for a look at what was before it. */
static char *
dup_state_before (MereCapture    *capture,
                  const MereStep *last)
{
  gboolean (*back) (MereCapture *, char **, GError **) = last->turn == MERE_STEP_UNDO ? mere_capture_redo : mere_capture_undo;
  g_autoptr (GError) error = NULL;

  back (capture, NULL, &error);
  g_assert_no_error (error);
  return dup_state_digest (capture);
}

static void
check_answers (Killing   *self,
               MereStore *store,
               guint      most_more)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps = mere_draft_load_steps (store, self->draft, 0, &error);
  g_autoptr (MereCapture) capture = mere_capture_open (store, self->draft, &error);
  g_autofree char *state = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (steps->len, >=, self->answers);
  g_assert_cmpuint (steps->len, <=, self->answers + most_more);
  if (steps->len == self->answers)
    state = dup_state_digest (capture);
  else
    state = dup_state_before (capture, steps->pdata[self->answers]);
  g_assert_cmpstr (state, ==, self->state);
  self->answers = steps->len == self->answers ? self->answers : steps->len + 1;
}

static void
test_what_was_shown_is_there (void)
{
  Killing self = { 0 };

  killing_init (&self);
  for (guint i = 0; i < KILLS; i++)
    {
      MereStore *store;
      guint      told;

      kill_one (&self, (guint) g_test_rand_int_range (0, MOST_LINES));
      store = open_store (self.path);
      told = self.events->len;
      check_events (&self, store);
      check_answers (&self, store, self.events->len == told ? 1 : 0);
      mere_store_close (store);
    }
  g_assert_cmpuint (self.answers, >, KILLS);
  g_assert_cmpuint (self.events->len, >, KILLS);
  killing_clear (&self);
}

int
main (int argc, char **argv)
{
  if (argc == 6 && strcmp (argv[1], "--fill") == 0)
    return child_main (argv);
  mere_test_init_chance (&argc, &argv);
  g_test_add_func ("/capture/kill/what-was-shown-is-there", test_what_was_shown_is_there);
  return g_test_run ();
}
