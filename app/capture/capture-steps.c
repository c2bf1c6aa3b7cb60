/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may be done to a filling. Each change is made in the session first, which knows whether it is allowed, and then
 * committed; where it cannot be committed, the session is put back. */

#include "config.h"

#include "app/capture/capture.h"
#include "app/capture/capture-private.h"

#include "app/store/attachment.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Takes the step into the stack of what may be undone. */
static void
finish (MereCapture *self,
        MereStep    *step)
{
  g_ptr_array_add (self->done, step);
  g_ptr_array_set_size (self->undone, 0);
  mere_capture_tell_progress (self);
}

static gboolean
set (MereCapture          *self,
     MereFormNode         *node,
     const char           *value,
     const MereAttachment *file,
     GError              **error)
{
  g_autofree char *clean = mere_text_dup_for_xml (value);
  g_autofree char *previous = g_strdup (mere_form_node_get_kept_value (node));
  g_autoptr (GBytes) before = NULL;
  g_autoptr (MereStep) step = NULL;
  gboolean alone;

  if (!mere_capture_check_unfinished (self, error))
    return FALSE;
  if (strcmp (clean, previous) == 0 && strcmp (clean, mere_form_node_get_value (node)) == 0)
    return TRUE;
  before = self->side_effects ? mere_capture_dup_snapshot (self) : NULL;
  mere_capture_watch (self, node);
  if (!mere_form_session_set_value (self->session, node, clean, error))
    return FALSE;
  if (strcmp (mere_form_node_get_kept_value (node), previous) == 0)
    return TRUE;
  alone = !self->fleeting && !self->reshaped;
  step = mere_capture_step_new (MERE_STEP_SET, node, mere_form_node_get_kept_value (node), previous);
  if (!mere_capture_keep (self, step, alone ? NULL : before, file, error))
    {
      if (alone)
        mere_form_session_put_back (self->session, node, previous);
      else
        mere_capture_put_back (self, before);
      return FALSE;
    }
  finish (self, g_steal_pointer (&step));
  return TRUE;
}

gboolean
mere_capture_set (MereCapture  *self,
                  MereFormNode *node,
                  const char   *value,
                  GError      **error)
{
  return set (self, node, value, NULL, error);
}

MereFormNode *
mere_capture_add (MereCapture  *self,
                  MereFormNode *repeat,
                  GError      **error)
{
  g_autoptr (GBytes) before = self->side_effects ? mere_capture_dup_snapshot (self) : NULL;
  g_autoptr (MereStep) step = NULL;
  MereFormNode *instance;

  if (!mere_capture_check_unfinished (self, error))
    return NULL;
  instance = mere_capture_grow (self, repeat, error);
  if (instance == NULL)
    return NULL;
  step = mere_capture_step_new (MERE_STEP_ADD, repeat, NULL, NULL);
  step->value = mere_form_node_dup_ref (instance);
  if (!mere_capture_keep (self, step, before, NULL, error))
    {
      if (before == NULL)
        mere_form_session_remove_instance (self->session, instance, NULL);
      else
        mere_capture_put_back (self, before);
      return NULL;
    }
  finish (self, g_steal_pointer (&step));
  return instance;
}

gboolean
mere_capture_remove (MereCapture  *self,
                     MereFormNode *instance,
                     GError      **error)
{
  g_autoptr (GBytes) before = mere_capture_dup_snapshot (self);
  g_autoptr (MereStep) step = mere_capture_step_new (MERE_STEP_REMOVE, instance, NULL, NULL);

  if (!mere_capture_check_unfinished (self, error))
    return FALSE;
  mere_capture_watch (self, NULL);
  if (!mere_form_session_remove_instance (self->session, instance, error))
    return FALSE;
  if (!mere_capture_keep (self, step, before, NULL, error))
    {
      mere_capture_put_back (self, before);
      return FALSE;
    }
  finish (self, g_steal_pointer (&step));
  return TRUE;
}

gboolean
mere_capture_set_language (MereCapture *self,
                           const char  *language,
                           GError     **error)
{
  g_autofree char *previous = g_strdup (mere_form_session_get_language (self->session));
  g_autoptr (MereStep) step = mere_capture_step_new (MERE_STEP_LANGUAGE, NULL, language, previous);

  if (!mere_capture_check_unfinished (self, error))
    return FALSE;
  if (strcmp (language, previous) == 0)
    return TRUE;
  mere_capture_watch (self, NULL);
  if (!mere_form_session_set_language (self->session, language, error))
    return FALSE;
  if (!mere_capture_keep (self, step, NULL, NULL, error))
    {
      mere_form_session_set_language (self->session, previous, NULL);
      return FALSE;
    }
  mere_capture_tell_progress (self);
  return TRUE;
}

const char *
mere_capture_get_comment (MereCapture  *self,
                          MereFormNode *node)
{
  return g_hash_table_lookup (self->comments, node);
}

gboolean
mere_capture_set_comment (MereCapture  *self,
                          MereFormNode *node,
                          const char   *comment,
                          GError      **error)
{
  const char      *held = mere_capture_get_comment (self, node);
  g_autofree char *previous = g_strdup (held != NULL ? held : "");
  g_autofree char *clean = mere_text_dup_for_xml (comment);
  g_autoptr (MereStep) step = NULL;

  if (!mere_capture_check_unfinished (self, error))
    return FALSE;
  if (strcmp (clean, previous) == 0)
    return TRUE;
  mere_capture_watch (self, NULL);
  step = mere_capture_step_new (MERE_STEP_COMMENT, node, clean, previous);
  mere_comments_set (self->comments, node, clean);
  if (!mere_capture_keep (self, step, NULL, NULL, error))
    {
      mere_comments_set (self->comments, node, previous);
      return FALSE;
    }
  finish (self, g_steal_pointer (&step));
  return TRUE;
}

/* "photo.jpeg", "photo-2.jpeg", … */
static char *
number_name (const char *name,
             guint       n)
{
  const char *dot = strrchr (name, '.');
  gsize       stem = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);

  return n == 1 ? g_strdup (name) : g_strdup_printf ("%.*s-%u%s", (int) stem, name, n, name + stem);
}

/* Whether the draft has another content under this name. */
static gboolean
is_taken (GPtrArray  *list,
          const char *name,
          const char *b2)
{
  for (guint i = 0; i < list->len; i++)
    {
      const MereAttachment *attachment = list->pdata[i];

      if (strcmp (attachment->name, name) == 0)
        return strcmp (attachment->b2, b2) != 0;
    }
  return FALSE;
}

static char *
choose_name (MereCapture *self,
             const char  *wanted,
             const char  *b2,
             GError     **error)
{
  g_autoptr (GPtrArray) list = mere_attachment_list_of_draft (self->store, self->draft, error);
  g_autofree char *base = wanted != NULL ? g_path_get_basename (wanted) : g_strndup (b2, 16);
  g_autofree char *clean = mere_text_dup_for_xml (base);

  for (guint n = 1; list != NULL; n++)
    {
      g_autofree char *name = number_name (clean, n);

      if (!is_taken (list, name, b2))
        return g_steal_pointer (&name);
    }
  return NULL;
}

gboolean
mere_capture_attach (MereCapture  *self,
                     MereFormNode *node,
                     const char   *name,
                     const char   *b2,
                     GError      **error)
{
  g_autofree char *free_name = NULL;
  MereAttachment   file = { 0 };

  if (mere_form_node_get_value_type (node) != MERE_FORM_TYPE_BINARY)
    {
      g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE, _ ("This question does not ask for a file."));
      return FALSE;
    }
  free_name = choose_name (self, name, b2, error);
  if (free_name == NULL)
    return FALSE;
  file.name = free_name;
  file.b2 = (char *) b2;
  return set (self, node, free_name, &file, error);
}
