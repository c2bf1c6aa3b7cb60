/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the outbox to a stick. Each bundle gets a session of its own, so an older one of the same kind can be cleared when
 * the newer has been read back. Nothing but what headquarters remembers to have put on this very stick is removed. */

#include "config.h"

#include "sync/hq/outbox.h"

#include "app/store/bundle.h"
#include "app/store/statement.h"
#include "sync/code.h"
#include "sync/road.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *name;
  char *device;
  char *kind;
} Carried;

static void
carried_clear (Carried *self)
{
  g_free (self->name);
  g_free (self->device);
  g_free (self->kind);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Carried, carried_clear)

static gboolean
load (MereStore *store,
      gint64     row,
      Carried   *carried,
      GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT b.name, s.device, s.kind FROM bundle AS b JOIN hq_sent AS s ON s.bundle = b.row WHERE b.row = ?1", error);
  gboolean found;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_int (query, 1, row);
  if (!mere_statement_step (query, &found, error))
    return FALSE;
  g_return_val_if_fail (found, FALSE);
  carried->name = mere_statement_dup_text (query, 0);
  carried->device = mere_statement_dup_text (query, 1);
  carried->kind = mere_statement_dup_text (query, 2);
  return TRUE;
}

static char *
dup_path (MereStore  *store,
          const char *name,
          GError    **error)
{
  g_autofree char *folder = mere_road_dup_folder (store, MERE_ROAD_OUTBOX, error);
  g_autofree char *file = g_strconcat (name, MERE_BUNDLE_SUFFIX, NULL);

  return folder != NULL ? g_build_filename (folder, file, NULL) : NULL;
}

gboolean
mere_outbox_has_file (MereStore  *store,
                      const char *name)
{
  g_autofree char *path = dup_path (store, name, NULL);

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* Where it was put on this stick last; NULL without an error: nowhere. */
static char *
find_session (MereStore  *store,
              gint64      row,
              const char *stick,
              GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT session FROM placement WHERE bundle = ?1 AND stick = ?2 ORDER BY row DESC LIMIT 1", error);
  gboolean found;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, row);
  mere_statement_bind_text (query, 2, stick);
  return mere_statement_step (query, &found, error) && found ? mere_statement_dup_text (query, 0) : NULL;
}

static gboolean
is_there (MereStore         *store,
          MereStick         *stick,
          gint64             row,
          const Carried     *carried,
          const char *const *paths,
          GCancellable      *cancellable)
{
  const char      *id = mere_stick_get_id (stick);
  g_autofree char *session = id != NULL ? find_session (store, row, id, NULL) : NULL;

  return session != NULL &&
         mere_stick_check (stick, MERE_STICK_TO_FIELD, carried->device, session, paths, cancellable, NULL);
}

/* A stick that cannot keep an id is never taken for one that is known. */
static const char *
name_of_stick (MereStick *stick)
{
  const char *id = mere_stick_get_id (stick);

  return id != NULL ? id : "";
}

static gboolean
forget (MereStore *store,
        gint64     placement,
        GError   **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (store, "DELETE FROM placement WHERE row = ?1", error);

  if (delete == NULL)
    return FALSE;
  mere_statement_bind_int (delete, 1, placement);
  return mere_statement_run (delete, error);
}

/* An older one that no later laptop needs: a receipt is cumulative, a dispatch is a whole snapshot. */
static gboolean
clear_one (MereStore     *store,
           MereStick     *stick,
           MereStatement *query,
           const char    *device,
           GError       **error)
{
  return mere_stick_remove_session (stick, MERE_STICK_TO_FIELD, device, mere_statement_get_text (query, 1), error) &&
         forget (store, mere_statement_get_int (query, 0), error);
}

static gboolean
clear_older (MereStore     *store,
             MereStick     *stick,
             gint64         row,
             const Carried *carried,
             GError       **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT p.row, p.session FROM placement AS p JOIN hq_sent AS s ON s.bundle = p.bundle"
    " WHERE p.stick = ?1 AND s.device = ?2 AND s.kind = ?3"
    " AND s.counter < (SELECT counter - part FROM hq_sent WHERE bundle = ?4)",
    error);
  gboolean found;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, name_of_stick (stick));
  mere_statement_bind_text (query, 2, carried->device);
  mere_statement_bind_text (query, 3, carried->kind);
  mere_statement_bind_int (query, 4, row);
  for (;;)
    {
      if (!mere_statement_step (query, &found, error))
        return FALSE;
      if (!found)
        return TRUE;
      if (!clear_one (store, stick, query, carried->device, error))
        return FALSE;
    }
}

gboolean
mere_outbox_carry (MereStore    *store,
                   MereStick    *stick,
                   gint64        row,
                   gboolean     *written,
                   GCancellable *cancellable,
                   GError      **error)
{
  g_auto (Carried) carried = { 0 };
  g_autofree char  *path = load (store, row, &carried, error) ? dup_path (store, carried.name, error) : NULL;
  g_autofree char  *session = NULL;
  g_autofree char  *placed = NULL;
  const char *const paths[] = { path, NULL };
  gboolean          there;

  if (path == NULL)
    return FALSE;
  there = is_there (store, stick, row, &carried, paths, cancellable);
  if (written != NULL)
    *written = !there;
  if (there)
    return TRUE;
  session = mere_road_take_session (store, error);
  return session != NULL &&
         mere_stick_publish (
           stick, MERE_STICK_TO_FIELD, carried.device, session, paths, NULL, NULL, cancellable, &placed, error) &&
         mere_placement_add (store, row, name_of_stick (stick), placed, error) &&
         (mere_stick_get_id (stick) == NULL || clear_older (store, stick, row, &carried, error));
}

/* A receipt is cumulative, a dispatch a whole snapshot. */
static gboolean
is_superseded (MereStore  *store,
               const char *name,
               gboolean   *superseded,
               GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT 1 FROM bundle AS b JOIN hq_sent AS s ON s.bundle = b.row JOIN hq_sent AS n ON n.device = s.device AND n.kind = s.kind"
    " WHERE b.name = ?1 AND s.counter < n.counter - n.part",
    error);

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, name);
  return mere_statement_step (query, superseded, error);
}

static gboolean
clear_file (MereStore  *store,
            const char *folder,
            const char *file,
            GError    **error)
{
  g_autofree char *name = g_strndup (file, strlen (file) - strlen (MERE_BUNDLE_SUFFIX));
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *signature = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  gboolean         superseded = FALSE;

  if (!is_superseded (store, name, &superseded, error))
    return FALSE;
  if (superseded)
    {
      g_unlink (signature);
      g_unlink (path);
    }
  return TRUE;
}

gboolean
mere_outbox_clear (MereStore *store,
                   GError   **error)
{
  g_autofree char *folder = mere_road_dup_folder (store, MERE_ROAD_OUTBOX, error);
  g_autoptr (GDir) files = folder != NULL ? g_dir_open (folder, 0, error) : NULL;
  const char *file;

  if (files == NULL)
    return FALSE;
  while ((file = g_dir_read_name (files)) != NULL)
    if (g_str_has_suffix (file, MERE_BUNDLE_SUFFIX) && !clear_file (store, folder, file, error))
      return FALSE;
  return TRUE;
}

/* Cards of roots that were handed over: they lead nowhere any more. */
static gboolean
withdraw_old_cards (MereKeyring *keys,
                    MereStick   *stick,
                    GError     **error)
{
  for (guint i = 0; i < keys->handovers->len; i++)
    {
      const MereHandover *handover = keys->handovers->pdata[i];
      g_autofree char    *name = NULL;
      MereMinisignKey     key;

      if (!mere_minisign_key_parse (handover->from, &key, error))
        return FALSE;
      name = mere_device_code_new (&key);
      if (!mere_card_withdraw (stick, name, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mere_outbox_carry_card (MereStore    *store,
                        MereKeyring  *keys,
                        MereStick    *stick,
                        GCancellable *cancellable,
                        GError      **error)
{
  g_autofree char *folder = mere_road_dup_folder (store, MERE_ROAD_CARD, error);
  g_autofree char *session = folder != NULL ? mere_road_take_session (store, error) : NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;

  if (session == NULL)
    return FALSE;
  return mere_keyring_sign_card (keys, store, &text, &signature, error) &&
         mere_card_publish (stick, keys->hq, text, signature, folder, session, cancellable, error) &&
         withdraw_old_cards (keys, stick, error);
}
