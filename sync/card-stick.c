/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cards on a stick: written, and found. Declared in card.h. */

#include "config.h"

#include "sync/card.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sync/minisign.h"
#include "sync/stick-private.h"

#define FILE_NAME "enrol.json"

static gboolean
save (const char *path,
      GBytes     *content,
      GError    **error)
{
  gsize       size;
  const char *bytes = g_bytes_get_data (content, &size);

  return g_file_set_contents_full (path, bytes, size, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL) ||
         mere_stick_refuse (MERE_STICK_ERROR_LOCAL, path, error);
}

/* All sessions of this device's cards but one, or all. */
static gboolean
remove_older (MereStick  *stick,
              const char *device,
              const char *placed,
              GError    **error)
{
  g_auto (GStrv) sessions = mere_stick_list_sessions (stick, MERE_STICK_ENROL, device, error);

  for (gsize i = 0; sessions != NULL && sessions[i] != NULL; i++)
    if (g_strcmp0 (sessions[i], placed) != 0 &&
        !mere_stick_remove_session (stick, MERE_STICK_ENROL, device, sessions[i], error))
      return FALSE;

  return sessions != NULL;
}

gboolean
mere_card_publish (MereStick    *stick,
                   const char   *device,
                   GBytes       *text,
                   GBytes       *signature,
                   const char   *folder,
                   const char   *session,
                   GCancellable *cancellable,
                   GError      **error)
{
  g_autofree char  *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char  *signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autofree char  *placed = NULL;
  const char *const paths[] = { path, NULL };

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return mere_stick_refuse (MERE_STICK_ERROR_LOCAL, folder, error);

  return save (path, text, error) &&
         save (signature_path, signature, error) &&
         mere_stick_publish (stick, MERE_STICK_ENROL, device, session, paths, NULL, NULL, cancellable, &placed, error) &&
         remove_older (stick, device, placed, error);
}

gboolean
mere_card_withdraw (MereStick  *stick,
                    const char *device,
                    GError    **error)
{
  return remove_older (stick, device, NULL, error);
}

static GBytes *
load (const char *path)
{
  char *bytes;
  gsize size;

  return g_file_get_contents (path, &bytes, &size, NULL) ? g_bytes_new_take (bytes, size) : NULL;
}

/* NULL without an error: called like a card, and none. */
static MereCard *
take (MereStick            *stick,
      const MereStickFound *found,
      const char           *folder,
      GCancellable         *cancellable,
      GError              **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *path = NULL;
  g_autofree char *signature_path = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;

  path = mere_stick_copy_in (stick, found, folder, NULL, NULL, NULL, cancellable, &failure);
  if (path == NULL && (g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_TOO_LARGE) ||
                       g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND)))
    return NULL;
  if (path == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  text = load (path);
  signature = load (signature_path);

  return text != NULL && signature != NULL ? mere_card_open (text, signature, NULL) : NULL;
}

static gboolean
is_twin (GPtrArray      *cards,
         const MereCard *card)
{
  for (guint i = 0; i < cards->len; i++)
    {
      const MereCard *other = cards->pdata[i];

      if (strcmp (other->sign_key, card->sign_key) == 0 && strcmp (other->box_key, card->box_key) == 0 &&
          strcmp (other->label, card->label) == 0 && other->is_hq == card->is_hq &&
          (!card->is_hq || g_bytes_equal (other->trust->text, card->trust->text)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
take_all (MereStick    *stick,
          GPtrArray    *found,
          const char   *folder,
          GPtrArray    *cards,
          guint        *n_damaged,
          GCancellable *cancellable,
          GError      **error)
{
  for (guint i = 0; i < found->len; i++)
    {
      const MereStickFound *entry = found->pdata[i];
      g_autoptr (MereCard) card = NULL;
      g_autoptr (GError) failure = NULL;

      if (!entry->enrolment || !entry->finished)
        continue;
      card = take (stick, entry, folder, cancellable, &failure);
      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (card == NULL)
        ++*n_damaged;
      else if (!is_twin (cards, card))
        g_ptr_array_add (cards, g_steal_pointer (&card));
    }

  return TRUE;
}

static void
remove_folder (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);

  g_unlink (path);
  g_unlink (signature_path);
  g_rmdir (folder);
}

GPtrArray *
mere_card_scan (MereStick    *stick,
                GPtrArray    *found,
                guint        *n_damaged,
                GCancellable *cancellable,
                GError      **error)
{
  g_autoptr (GPtrArray) cards = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_card_free);
  g_autofree char *folder = g_dir_make_tmp ("merestone-card-XXXXXX", NULL); /* a card holds nothing secret */
  guint            damaged = 0;
  gboolean         taken;

  if (folder == NULL)
    {
      mere_stick_refuse (MERE_STICK_ERROR_LOCAL, g_get_tmp_dir (), error);
      return NULL;
    }

  taken = take_all (stick, found, folder, cards, &damaged, cancellable, error);
  remove_folder (folder);
  if (n_damaged != NULL)
    *n_damaged = damaged;

  return taken ? g_steal_pointer (&cards) : NULL;
}
