/* SPDX-License-Identifier: GPL-3.0-or-later */

/* This laptop's own bundles, where they are found again: on sticks and in the outbox. One that is validly signed but not
 * known here says that another copy of this vault went on after this one was made. */

#include "config.h"

#include "sync/courier-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sync/bundle-format.h"
#include "sync/hash.h"
#include "sync/put-back.h"

char *
mere_courier_dup_name (const char *file,
                       const char *device,
                       guint      *chain_no,
                       guint      *seq)
{
  g_autofree char *name = NULL;
  char             found[9];

  if (!g_str_has_suffix (file, MERE_BUNDLE_SUFFIX))
    return NULL;
  name = g_strndup (file, strlen (file) - strlen (MERE_BUNDLE_SUFFIX));
  if (!mere_bundle_name_parse (name, found, chain_no, seq) || strcmp (found, device) != 0)
    return NULL;

  return g_steal_pointer (&name);
}

MereBundle *
mere_courier_find_bundle (MereStore  *store,
                          const char *name,
                          GError    **error)
{
  GError     *failure = NULL;
  MereBundle *bundle = mere_bundle_load (store, name, &failure);

  if (g_error_matches (failure, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND))
    g_error_free (failure);
  else if (failure != NULL)
    g_propagate_error (error, failure);

  return bundle;
}

static gboolean
signs_hash (const MereMinisign    *signature,
            const MereMinisignKey *key,
            const char            *b2)
{
  guint8 hash[MERE_HASH_SIZE];

  return mere_hex_parse (b2, hash, sizeof hash) && mere_minisign_verify (signature, key, hash, NULL);
}

/* Whether the comment is that of this very bundle: a pair that was renamed proves nothing. */
static gboolean
names_bundle (const MereMinisign *signature,
              const char         *name)
{
  MereBundleComment comment;

  return mere_bundle_comment_parse (signature->trusted_comment, &comment, NULL) && strcmp (comment.name, name) == 0;
}

/* Where copies for a look are put; removed again at once. */
static void
remove_copy (const char *path)
{
  g_autofree char *signature = path != NULL ? g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL) : NULL;

  if (path == NULL)
    return;

  g_unlink (path);
  g_unlink (signature);
}

/* A failure of the whole errand, not of this file alone. */
static gboolean
is_fatal (const GError *failure)
{
  return g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_GONE) ||
         g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_CANCELLED) ||
         g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_LOCAL);
}

static gboolean
pass_over (GError  *failure,
           GError **error)
{
  if (failure != NULL && is_fatal (failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);

  return TRUE;
}

/* @ours: whether the pair on the stick is whole and signed by this laptop. */
static gboolean
verify_found (MereCourier          *self,
              const MereStickFound *found,
              const MereMinisign   *signature,
              gboolean             *ours,
              GError              **error)
{
  g_autofree char *incoming = mere_road_dup_folder (self->store, MERE_ROAD_INCOMING, error);
  g_autofree char *path = NULL;
  guint8           hash[MERE_HASH_SIZE];
  GError          *failure = NULL;

  *ours = FALSE;
  if (incoming == NULL)
    return FALSE;
  path = mere_stick_copy_in (self->stick, found, incoming, hash, NULL, NULL, self->cancellable, &failure);
  remove_copy (path);
  if (path == NULL)
    return pass_over (failure, error);
  *ours = mere_minisign_verify (signature, &self->keys->key, hash, NULL);

  return TRUE;
}

/* @above grows to the chain of a bundle of ours that is not known here. Bundles of earlier chains prove nothing new. */
static gboolean
check_found (MereCourier          *self,
             const MereStickFound *found,
             const MereRoadChain  *chain,
             guint                *above,
             GError              **error)
{
  guint            chain_no, seq;
  g_autofree char *name = mere_courier_dup_name (found->name, self->keys->device, &chain_no, &seq);
  GError          *failure = NULL;
  gboolean         ours;
  g_autoptr (MereBundle) bundle = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (MereMinisign) signature = NULL;

  if (name == NULL || !found->finished || chain_no < chain->no || chain_no <= *above)
    return TRUE;
  bundle = mere_courier_find_bundle (self->store, name, &failure);
  if (failure == NULL)
    text = mere_stick_load_signature (self->stick, found, &failure);
  if (failure != NULL && failure->domain == MERE_STICK_ERROR)
    return pass_over (failure, error);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  signature = mere_minisign_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL);
  if (signature == NULL || !names_bundle (signature, name) ||
      memcmp (signature->number, self->keys->key.number, sizeof signature->number) != 0 ||
      (bundle != NULL && signs_hash (signature, &self->keys->key, bundle->b2)))
    return TRUE;
  if (!verify_found (self, found, signature, &ours, error))
    return FALSE;
  if (ours)
    *above = chain_no;

  return TRUE;
}

/* The next number of the chain: what a crash between sealing and its line in the vault leaves there. */
static gboolean
load_next_seq (MereCourier         *self,
               const MereRoadChain *chain,
               guint               *next,
               GError             **error)
{
  GError *failure = NULL;
  g_autoptr (MereBundle) newest = mere_bundle_load_newest (self->store, chain->id, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  *next = newest != NULL ? (guint) newest->seq + 1 : 1;

  return TRUE;
}

/* The same for the outbox, whose files nobody else can have put there. */
static gboolean
check_outbox (MereCourier         *self,
              const MereRoadChain *chain,
              guint               *above,
              GError             **error)
{
  g_autoptr (GDir) dir = g_dir_open (self->outbox, 0, NULL);
  const char *file;
  guint       next;

  if (!load_next_seq (self, chain, &next, error))
    return FALSE;
  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      guint            chain_no, seq;
      g_autofree char *name = mere_courier_dup_name (file, self->keys->device, &chain_no, &seq);
      GError          *failure = NULL;
      g_autoptr (MereBundle) bundle = NULL;

      if (name == NULL || chain_no < chain->no || (chain_no == chain->no && seq <= next))
        continue;
      bundle = mere_courier_find_bundle (self->store, name, &failure);
      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      if (bundle == NULL)
        *above = MAX (*above, chain_no);
    }

  return TRUE;
}

gboolean
mere_courier_check_copy (MereCourier *self,
                         gboolean    *restored,
                         GError     **error)
{
  g_autoptr (MereRoadChain) chain = mere_road_chain_load (self->store, error);
  guint above = 0;

  *restored = FALSE;
  if (chain == NULL || !check_outbox (self, chain, &above, error))
    return FALSE;
  for (guint i = 0; i < self->found->len; i++)
    if (!check_found (self, self->found->pdata[i], chain, &above, error))
      return FALSE;
  if (above == 0)
    return TRUE;
  *restored = TRUE;

  return mere_put_back_note (self->store, error) && mere_road_chain_renew (self->store, above, error);
}

/* @waste: whether a file of the outbox is needed no more. */
static gboolean
judge (MereCourier         *self,
       const MereRoadChain *chain,
       const char          *file,
       guint                next,
       gboolean            *waste,
       GError             **error)
{
  guint            chain_no, seq;
  g_autofree char *main_file = g_str_has_suffix (file, MERE_MINISIGN_SUFFIX) ? g_strndup (file, strlen (file) - strlen (MERE_MINISIGN_SUFFIX))
                                                                             : g_strdup (file);
  g_autofree char *name = mere_courier_dup_name (main_file, self->keys->device, &chain_no, &seq);
  GError          *failure = NULL;
  g_autoptr (MereBundle) bundle = NULL;

  *waste = name == NULL && g_str_has_suffix (main_file, MERE_BUNDLE_SUFFIX); /* of earlier keys: see mere_enrol_renew() */
  if (name == NULL)
    return TRUE;
  bundle = mere_courier_find_bundle (self->store, name, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  *waste = bundle != NULL ? bundle->acknowledged || bundle->voided : chain_no == chain->no && seq == next;

  return TRUE;
}

gboolean
mere_courier_tidy_outbox (MereCourier *self,
                          GError     **error)
{
  g_autoptr (MereRoadChain) chain = mere_road_chain_load (self->store, error);
  g_autoptr (GDir) dir = g_dir_open (self->outbox, 0, NULL);
  const char *file;
  guint       next;

  if (chain == NULL || !load_next_seq (self, chain, &next, error))
    return FALSE;
  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->outbox, file, NULL);
      gboolean         waste;

      if (!judge (self, chain, file, next, &waste, error))
        return FALSE;
      if (waste)
        g_unlink (path);
    }

  return TRUE;
}

/* Whether headquarters has what lies there: this very bundle, or the rest of an insertion that was cut. */
static gboolean
is_acknowledged (MereCourier          *self,
                 const MereStickFound *found,
                 gboolean             *acknowledged,
                 GError              **error)
{
  g_autofree char *name = mere_courier_dup_name (found->name, self->keys->device, NULL, NULL);
  GError          *failure = NULL;
  g_autoptr (MereBundle) bundle = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (MereMinisign) signature = NULL;

  *acknowledged = FALSE;
  if (name != NULL)
    bundle = mere_courier_find_bundle (self->store, name, &failure);
  if (bundle != NULL && bundle->acknowledged && found->finished)
    text = mere_stick_load_signature (self->stick, found, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  if (text != NULL)
    signature = mere_minisign_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL);
  *acknowledged = bundle != NULL && bundle->acknowledged &&
                  (!found->finished || (signature != NULL && signs_hash (signature, &self->keys->key, bundle->b2)));

  return TRUE;
}

/* @settled: whether headquarters has all that lies in a session's folder, and there is something. */
static gboolean
look_at_session (MereCourier *self,
                 const char  *folder,
                 gboolean    *settled,
                 GError     **error)
{
  gboolean any = FALSE, all = TRUE;

  for (guint i = 0; all && i < self->found->len; i++)
    {
      const MereStickFound *found = self->found->pdata[i];

      if (strcmp (found->folder, folder) != 0)
        continue;
      any = TRUE;
      if (!is_acknowledged (self, found, &all, error))
        return FALSE;
    }
  *settled = any && all;

  return TRUE;
}

gboolean
mere_courier_clear_stick (MereCourier *self,
                          guint       *n_removed,
                          GError     **error)
{
  g_auto (GStrv) sessions = mere_stick_list_sessions (self->stick, MERE_STICK_TO_HQ, self->keys->device, error);

  *n_removed = 0;
  for (gsize i = 0; sessions != NULL && sessions[i] != NULL; i++)
    {
      g_autofree char *folder = g_strdup_printf (MERE_STICK_ROOT "/TO-HQ/%s/%s", self->keys->device, sessions[i]);
      gboolean         settled;

      if (!look_at_session (self, folder, &settled, error))
        return FALSE;
      if (!settled)
        continue;
      if (!mere_stick_remove_session (self->stick, MERE_STICK_TO_HQ, self->keys->device, sessions[i], error))
        return FALSE;
      ++*n_removed;
    }

  return sessions != NULL;
}
