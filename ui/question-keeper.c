/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-keeper.h"

#include <glib/gi18n-lib.h>

#include "ui/form-language.h"

struct _MereQuestionKeeper
{
  GObject parent_instance;

  MereCapture *capture;
  GHashTable  *unkept; /* MereFormNode */
  gboolean     strict;
  gboolean     in_trouble;

  /* Runs of keystrokes on one question, the newest last, each as the number of its steps: undone together. A run ends
   * with anything else that is done; steps from before the page was opened are undone one by one. */
  GArray       *runs;
  GArray       *undone_runs;
  MereFormNode *typing;
};

enum {
  TROUBLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereQuestionKeeper, mere_question_keeper, G_TYPE_OBJECT)

static void
say_trouble (MereQuestionKeeper *self,
             const char         *sentence)
{
  if (*sentence == '\0' && !self->in_trouble)
    return;

  self->in_trouble = *sentence != '\0';
  g_signal_emit (self, signals[TROUBLE], 0, sentence);
}

/* Values that do not fit are a matter of the question; everything else is one of the disk. */
static gboolean
settle (MereQuestionKeeper *self,
        gboolean            done,
        GError             *error)
{
  if (done)
    say_trouble (self, "");
  else if (error != NULL && error->domain != MERE_FORM_ERROR)
    {
      g_autofree char *sentence = g_strdup_printf (_ ("Not saved: %s"), error->message);

      say_trouble (self, sentence);
    }

  return done;
}

static void
note_step (MereQuestionKeeper *self,
           MereFormNode       *typing)
{
  guint one = 1;

  g_array_set_size (self->undone_runs, 0);
  if (typing != NULL && typing == self->typing && self->runs->len > 0)
    g_array_index (self->runs, guint, self->runs->len - 1)++;
  else
    g_array_append_val (self->runs, one);

  self->typing = typing;
}

static void
on_session_replaced_cb (MereQuestionKeeper *self)
{
  g_hash_table_remove_all (self->unkept);
  self->typing = NULL;
}

static void
mere_question_keeper_dispose (GObject *object)
{
  MereQuestionKeeper *self = MERE_QUESTION_KEEPER (object);

  g_clear_object (&self->capture);

  G_OBJECT_CLASS (mere_question_keeper_parent_class)->dispose (object);
}

static void
mere_question_keeper_finalize (GObject *object)
{
  MereQuestionKeeper *self = MERE_QUESTION_KEEPER (object);

  g_hash_table_unref (self->unkept);
  g_array_unref (self->runs);
  g_array_unref (self->undone_runs);

  G_OBJECT_CLASS (mere_question_keeper_parent_class)->finalize (object);
}

static void
mere_question_keeper_class_init (MereQuestionKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mere_question_keeper_dispose;
  object_class->finalize = mere_question_keeper_finalize;

  signals[TROUBLE] = g_signal_new ("trouble", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
mere_question_keeper_init (MereQuestionKeeper *self)
{
  self->unkept = g_hash_table_new (NULL, NULL);
  self->runs = g_array_new (FALSE, FALSE, sizeof (guint));
  self->undone_runs = g_array_new (FALSE, FALSE, sizeof (guint));
}

MereQuestionKeeper *
mere_question_keeper_new (MereCapture *capture)
{
  MereQuestionKeeper *self = g_object_new (MERE_TYPE_QUESTION_KEEPER, NULL);

  self->capture = g_object_ref (capture);
  g_signal_connect_object (capture, "session-replaced", G_CALLBACK (on_session_replaced_cb), self, G_CONNECT_SWAPPED);

  return self;
}

MereCapture *
mere_question_keeper_get_capture (MereQuestionKeeper *self)
{
  return self->capture;
}

MereFormSession *
mere_question_keeper_get_session (MereQuestionKeeper *self)
{
  return mere_capture_get_session (self->capture);
}

GtkTextDirection
mere_question_keeper_get_direction (MereQuestionKeeper *self)
{
  return mere_form_language_get_direction (mere_form_session_get_language (mere_question_keeper_get_session (self)));
}

gboolean
mere_question_keeper_is_strict (MereQuestionKeeper *self)
{
  return self->strict;
}

void
mere_question_keeper_set_strict (MereQuestionKeeper *self)
{
  self->strict = TRUE;
}

gboolean
mere_question_keeper_answer (MereQuestionKeeper *self,
                             MereFormNode       *node,
                             const char         *value,
                             gboolean            typing,
                             GError            **error)
{
  g_autoptr (GError) problem = NULL;

  if (g_strcmp0 (mere_form_node_get_value (node), value) == 0)
    return TRUE;

  if (!settle (self, mere_capture_set (self->capture, node, value, &problem), problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }

  note_step (self, typing ? node : NULL);

  return TRUE;
}

void
mere_question_keeper_end_typing (MereQuestionKeeper *self)
{
  self->typing = NULL;
}

gboolean
mere_question_keeper_comment (MereQuestionKeeper *self,
                              MereFormNode       *node,
                              const char         *comment)
{
  const char *before = mere_capture_get_comment (self->capture, node);
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (before != NULL ? before : "", comment) == 0)
    return TRUE;
  if (!settle (self, mere_capture_set_comment (self->capture, node, comment, &error), error))
    return FALSE;

  note_step (self, node);

  return TRUE;
}

gboolean
mere_question_keeper_add (MereQuestionKeeper *self,
                          MereFormNode       *repeat,
                          MereFormNode      **instance)
{
  g_autoptr (GError) error = NULL;
  MereFormNode *added = mere_capture_add (self->capture, repeat, &error);

  if (!settle (self, added != NULL, error))
    return FALSE;

  note_step (self, NULL);
  *instance = added;

  return TRUE;
}

static gboolean
is_within (MereFormNode *node,
           MereFormNode *ancestor)
{
  while (node != NULL && node != ancestor)
    node = mere_form_node_get_parent (node);

  return node != NULL;
}

gboolean
mere_question_keeper_remove (MereQuestionKeeper *self,
                             MereFormNode       *instance)
{
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer       node;

  g_hash_table_iter_init (&iter, self->unkept);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    {
      if (is_within (node, instance))
        g_hash_table_iter_remove (&iter);
    }

  if (!settle (self, mere_capture_remove (self->capture, instance, &error), error))
    return FALSE;

  note_step (self, NULL);

  return TRUE;
}

gboolean
mere_question_keeper_set_language (MereQuestionKeeper *self,
                                   const char         *language)
{
  g_autoptr (GError) error = NULL;

  return settle (self, mere_capture_set_language (self->capture, language, &error), error);
}

gboolean
mere_question_keeper_attach (MereQuestionKeeper *self,
                             MereFormNode       *node,
                             const char         *name,
                             const char         *b2)
{
  g_autoptr (GError) error = NULL;

  if (!settle (self, mere_capture_attach (self->capture, node, name, b2, &error), error))
    return FALSE;

  note_step (self, NULL);

  return TRUE;
}

typedef gboolean (*Turn) (MereCapture *capture, char **at, GError **error);

/* Takes a whole run back, or does it again, and moves it from one pile to the other. */
static gboolean
turn (MereQuestionKeeper *self,
      Turn                step,
      GArray             *from,
      GArray             *to,
      char              **at)
{
  guint n = from->len > 0 ? g_array_index (from, guint, from->len - 1) : 1;
  guint done = 0;
  g_autoptr (GError) error = NULL;

  self->typing = NULL;
  while (done < n && error == NULL)
    {
      g_autofree char *here = NULL;

      if (step (self->capture, &here, &error))
        {
          done++;
          g_free (*at);
          *at = g_steal_pointer (&here);
        }
    }

  if (done > 0)
    {
      if (from->len > 0)
        g_array_set_size (from, from->len - 1);
      g_array_append_val (to, done);
    }

  if (error != NULL && !g_error_matches (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_NOTHING))
    settle (self, FALSE, error);

  return done > 0;
}

gboolean
mere_question_keeper_undo (MereQuestionKeeper *self,
                           char              **at)
{
  *at = NULL;

  return turn (self, mere_capture_undo, self->runs, self->undone_runs, at);
}

gboolean
mere_question_keeper_redo (MereQuestionKeeper *self,
                           char              **at)
{
  *at = NULL;

  return turn (self, mere_capture_redo, self->undone_runs, self->runs, at);
}

void
mere_question_keeper_set_unkept (MereQuestionKeeper *self,
                                 MereFormNode       *node,
                                 gboolean            unkept)
{
  if (unkept)
    g_hash_table_add (self->unkept, node);
  else
    g_hash_table_remove (self->unkept, node);
}

MereFormNode *
mere_question_keeper_get_unkept (MereQuestionKeeper *self)
{
  GHashTableIter iter;
  gpointer       node = NULL;

  g_hash_table_iter_init (&iter, self->unkept);

  return g_hash_table_iter_next (&iter, &node, NULL) ? node : NULL;
}
