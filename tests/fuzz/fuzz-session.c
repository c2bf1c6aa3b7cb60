/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A questionnaire from elsewhere that is filled: the input ends in a script of steps, the rest is the form. Whatever the
 * steps are, the record can be written, read back and asked for all that a page shows. */

#include "config.h"

#include "app/forms/session.h"
#include "fuzz.h"

#define SCRIPT_BYTES 32

/* Texts that types, choices and patterns might trip over. */
static const char *const answers[] = {
  "",
  "1",
  "-2.5",
  "a",
  "a b c",
  "2026-11-24",
  "2026-11-24T10:00:00.000+01:00",
  "10:00:00.000Z",
  "38.25 21.75 0 0",
  "1 2 0 0;3 4 0 0;5 6 0 0;1 2 0 0",
  "OK",
  "99999999999999999999",
  "\303\251<&\">",
  "x.jpg",
  "true",
  "item1 item2",
};

static void
look_at (MereFormNode *node)
{
  g_autofree char *ref = mere_form_node_dup_ref (node);

  g_free (mere_form_node_dup_media (node, "image"));
  g_assert_nonnull (ref);
  mere_form_node_get_label_markup (node);
  mere_form_node_get_hint (node);
  mere_form_node_get_guidance (node);
  mere_form_node_get_message (node);
  for (guint i = 0; i < MIN (mere_form_node_get_n_choices (node), 8); i++)
    mere_form_node_get_choice (node, i);
}

static void
gather (MereFormNode *node,
        GPtrArray    *nodes)
{
  if (nodes->len >= 2000)
    return;
  g_ptr_array_add (nodes, node);
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    gather (mere_form_node_get_child (node, i), nodes);
}

/* A draft that is read back, or a final record that is edited. */
static void
reopen (MereFormSession **session,
        gboolean          edit)
{
  g_autoptr (GBytes) instance = mere_form_session_serialize (*session, edit);
  g_autoptr (GError) error = NULL;
  MereFormSession *later = mere_form_session_new_from_instance (mere_form_session_get_form (*session), instance, edit, &error);

  g_assert_no_error (error);
  g_object_unref (*session);
  *session = later;
}

static void
take_step (MereFormSession **session,
           guint8            what,
           guint8            where)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();
  MereFormNode *node;

  gather (mere_form_session_get_root (*session), nodes);
  node = nodes->pdata[where % nodes->len];
  switch (what % 32)
    {
    case 16:
      mere_form_session_add_instance (*session, node, NULL);
      return;
    case 17:
      mere_form_session_remove_instance (*session, node, NULL);
      return;
    case 18:
    case 19:
      reopen (session, what % 32 == 19);
      return;
    case 20:
      g_ptr_array_unref (mere_form_session_list_wanted_places (*session));
      return;
      case 21: {
        const char *const *languages = mere_form_get_languages (mere_form_session_get_form (*session));

        if (languages != NULL && languages[0] != NULL)
          mere_form_session_set_language (*session, languages[where % g_strv_length ((char **) languages)], NULL);
        return;
      }
    case 22:
      mere_form_session_validate (*session, NULL);
      return;
    case 23:
      look_at (node);
      return;
    default:
      mere_form_session_set_value (*session, node, answers[what % G_N_ELEMENTS (answers)], NULL);
    }
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  size_t script = MIN (size, SCRIPT_BYTES);
  g_autoptr (GBytes) xml = g_bytes_new (data, size - script);
  g_autoptr (MereForm) form = mere_form_load (xml, NULL, NULL, NULL, NULL);
  g_autoptr (MereFormSession) session = form != NULL ? mere_form_session_new (form) : NULL;

  for (size_t i = 0; session != NULL && i + 1 < script; i += 2)
    take_step (&session, data[size - script + i], data[size - script + i + 1]);
  if (session != NULL)
    {
      mere_form_session_finish (session);
      reopen (&session, FALSE);
    }

  return 0;
}
