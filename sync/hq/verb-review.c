/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `review`: a reviewer's word on a record. */

#include "config.h"

#include "sync/hq/kept.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char  *comment;
  char  *reviewer;
  char **questions; /* "/data/lanes=Count them again." */
} Options;

static void
options_clear (Options *self)
{
  g_free (self->comment);
  g_free (self->reviewer);
  g_strfreev (self->questions);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static GPtrArray *
read_questions (char   **texts,
                GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_review_question_free);

  for (; texts != NULL && *texts != NULL; texts++)
    {
      const char      *sign = strchr (*texts, '=');
      g_autofree char *ref = sign != NULL ? g_strndup (*texts, (gsize) (sign - *texts)) : NULL;

      if (**texts != '/' || sign == NULL || sign[1] == '\0')
        {
          g_set_error (error,
                       G_OPTION_ERROR,
                       G_OPTION_ERROR_BAD_VALUE,
                       _ ("“%s” is not PATH=TEXT: write --question \"/data/lanes=Count them again.\""),
                       *texts);
          return NULL;
        }
      g_ptr_array_add (list, mere_review_question_new (ref, sign + 1));
    }
  return g_steal_pointer (&list);
}

static void
tell_people (const char       *record,
             MereReviewVerdict verdict)
{
  switch (verdict)
    {
    case MERE_REVIEW_ACCEPT:
      mere_hq_say (_ ("%s is accepted."), record);
      break;
    case MERE_REVIEW_RETURN:
      mere_hq_say (_ ("%s is sent back. Its laptop learns of it with the next receipt or pack."), record);
      break;
    case MERE_REVIEW_COMMENT:
    default:
      mere_hq_say (_ ("The comment on %s is kept."), record);
      break;
    }
}

static int
tell (MereHq           *hq,
      MereStore        *store,
      const char       *record,
      MereReviewVerdict verdict)
{
  g_autoptr (GError) error = NULL;
  MereReviewed reviewed;
  JsonObject  *object;

  if (!mere_review_load (store, record, &reviewed, &error))
    return mere_hq_fail (error);
  tell_people (record, verdict);
  if (!mere_hq_wants_json (hq))
    return MERE_HQ_DONE;
  object = json_object_new ();
  mere_hq_set_text (object, "record", record);
  mere_hq_set_text (object, "review", mere_reviewed_to_string (reviewed));
  mere_hq_print_json (mere_hq_object_node (object));
  return MERE_HQ_DONE;
}

static int
say (MereHq           *hq,
     const Options    *options,
     const char       *beginning,
     MereReviewVerdict verdict)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) questions = read_questions (options->questions, &error);
  MereStore       *store = questions != NULL ? mere_hq_open (hq, &error) : NULL;
  g_autofree char *record = store != NULL ? mere_kept_find (store, beginning, &error) : NULL;

  if (record == NULL || !mere_review_say (store,
                                          record,
                                          verdict,
                                          options->reviewer != NULL ? options->reviewer : g_get_user_name (),
                                          options->comment != NULL ? options->comment : "",
                                          questions,
                                          &error))
    return mere_hq_fail (error);
  return tell (hq, store, record, verdict);
}

static int
run (MereHq           *hq,
     char           ***args,
     MereReviewVerdict verdict)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "comment", 0, 0, G_OPTION_ARG_STRING, &options.comment, N_ ("What is said of the record as a whole"), N_ ("TEXT") },
    { "question", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.questions, N_ ("What is said of a question; may be given several times"), N_ ("PATH=TEXT") },
    { "reviewer", 0, 0, G_OPTION_ARG_STRING, &options.reviewer, N_ ("Who says it; the user’s name without this"), N_ ("NAME") },
    { NULL },
  };
  int status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  return say (hq, &options, (*args)[1], verdict);
}

int
mere_verb_review_accept (MereHq *hq,
                         char ***args)
{
  return run (hq, args, MERE_REVIEW_ACCEPT);
}

int
mere_verb_review_return (MereHq *hq,
                         char ***args)
{
  return run (hq, args, MERE_REVIEW_RETURN);
}

int
mere_verb_review_comment (MereHq *hq,
                          char ***args)
{
  return run (hq, args, MERE_REVIEW_COMMENT);
}
