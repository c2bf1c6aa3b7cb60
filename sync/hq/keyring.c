/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Headquarters' keys. They lie in its vault, or sealed in its database, and pass through locked memory only. */

#include "config.h"

#include "sync/hq/keyring.h"

#include "app/store/settings.h"
#include "app/store/row-list.h"
#include "sync/age.h"
#include "sync/code.h"
#include "sync/hq/device.h"
#include "sync/hq/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LABEL "hq.label"

gboolean
mere_keyring_save_secret (MereStore        *store,
                          const char       *use,
                          const MereSecret *secret,
                          GError          **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO hq_key (use, secret) VALUES (?1, ?2) ON CONFLICT (use) DO UPDATE SET secret = excluded.secret",
    error);
  g_autoptr (GBytes) sealed = insert != NULL ? mere_seal_close_secret (store, use, secret, error) : NULL;

  if (sealed == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, use);
  mere_statement_bind_bytes (insert, 2, sealed);
  return mere_statement_run (insert, error);
}

static MereSecret *
load_key (MereStore  *store,
          const char *use,
          GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT secret FROM hq_key WHERE use = ?1", error);
  const void *data;
  gboolean    row;
  gsize       size;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, use);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error,
                           MERE_STORE_ERROR,
                           MERE_STORE_ERROR_NOT_FOUND,
                           _ ("This is not headquarters' vault: it holds no keys of one. “merestone-hq init” makes a vault that does."));
      return NULL;
    }
  data = mere_statement_get_data (query, 0, &size);
  return mere_seal_open_secret (store, use, data, size, error);
}

char *
mere_keyring_dup_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
}

static MereTrust *
first_trust (const MereSecret *root,
             const MereSecret *sign,
             const MereSecret *box,
             const char       *recovery,
             GError          **error)
{
  g_autoptr (MereTrust) head = mere_trust_new ();
  g_autofree char *signer = NULL;
  MereMinisignKey  key;

  mere_minisign_secret_get_key (sign, &key);
  signer = mere_minisign_key_to_text (&key);
  head->version = 1;
  mere_trust_add_signer (head, signer, 1);
  head->operational = mere_age_identity_dup_recipient (box);
  head->recovery = g_strdup (recovery);
  head->issued = mere_keyring_dup_now ();
  return mere_trust_seal (head, NULL, root, error);
}

static gboolean
check_none (MereStore *store,
            GError   **error)
{
  gint64 n;

  if (!mere_store_load_number (store, "SELECT count (*) FROM hq_key", &n, error))
    return FALSE;
  if (n == 0)
    return TRUE;
  g_set_error_literal (
    error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("This vault has headquarters' keys already. Nothing was changed."));
  return FALSE;
}

gboolean
mere_keyring_make (MereStore  *store,
                   const char *label,
                   const char *recovery,
                   GError    **error)
{
  g_autoptr (MereSecret) root = mere_minisign_secret_new ();
  g_autoptr (MereSecret) sign = mere_minisign_secret_new ();
  g_autoptr (MereSecret) box = mere_age_identity_new ();
  g_autoptr (MereTrust) trust = first_trust (root, sign, box, recovery, error);
  g_autoptr (MereTransaction) work = trust != NULL ? mere_transaction_begin (store, error) : NULL;

  return work != NULL && check_none (store, error) && mere_keyring_save_secret (store, "root", root, error) &&
         mere_keyring_save_secret (store, "sign", sign, error) && mere_keyring_save_secret (store, "box", box, error) &&
         mere_settings_save_text (store, LABEL, label, error) && mere_trust_save (store, trust, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

static void
old_box_free (gpointer data)
{
  MereOldBox *self = data;

  g_free (self->recipient);
  mere_secret_free (self->secret);
  g_free (self);
}

static GPtrArray *
load_old_boxes (MereStore *store,
                GError   **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (old_box_free);
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT recipient, secret, trust, replaced_us FROM hq_old_key ORDER BY trust DESC, recipient", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  for (;;)
    {
      MereOldBox *old;
      const void *data;
      gsize       size;

      if (!mere_statement_step (query, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&list);
      old = g_new0 (MereOldBox, 1);
      old->recipient = mere_statement_dup_text (query, 0);
      data = mere_statement_get_data (query, 1, &size);
      old->secret = mere_seal_open_secret (store, MERE_KEYRING_OLD_BOX, data, size, error);
      if (old->secret == NULL)
        {
          old_box_free (old);
          return NULL;
        }
      old->trust = (guint) mere_statement_get_int (query, 2);
      old->replaced_us = mere_statement_get_int (query, 3);
      g_ptr_array_add (list, old);
    }
}

static gboolean
load_label_and_trust (MereKeyring *self,
                      MereStore   *store,
                      GError     **error)
{
  g_autoptr (GError) failure = NULL;

  self->label = mere_settings_load_text (store, LABEL, &failure);
  self->trust = failure == NULL ? mere_trust_load (store, 0, &failure) : NULL;
  if (self->label == NULL)
    self->label = g_strdup ("");
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (self->trust == NULL)
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, _ ("Headquarters' trust list is missing from this vault."));
  return self->trust != NULL;
}

static void
clear (MereKeyring *self)
{
  g_clear_pointer (&self->root, mere_secret_free);
  mere_secret_free (self->sign);
  mere_secret_free (self->box);
  g_free (self->hq);
  g_free (self->label);
  mere_trust_free (self->trust);
  g_clear_pointer (&self->old_boxes, g_ptr_array_unref);
  g_clear_pointer (&self->handovers, g_ptr_array_unref);
}

/* It may lie offline. */
static gboolean
load_root (MereKeyring *self,
           MereStore   *store,
           GError     **error)
{
  g_autoptr (GError) failure = NULL;

  self->root = load_key (store, "root", &failure);
  if (failure == NULL || g_error_matches (failure, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

MereKeyring *
mere_keyring_load (MereStore *store,
                   GError   **error)
{
  g_autoptr (MereKeyring) self = g_new0 (MereKeyring, 1);

  if ((self->sign = load_key (store, "sign", error)) == NULL || !load_root (self, store, error) ||
      (self->box = load_key (store, "box", error)) == NULL || (self->old_boxes = load_old_boxes (store, error)) == NULL ||
      (self->handovers = mere_handover_list (store, error)) == NULL)
    return NULL;
  if (!load_label_and_trust (self, store, error))
    return NULL;
  self->hq = g_strdup (self->trust->hq);
  return g_steal_pointer (&self);
}

gboolean
mere_keyring_reload (MereKeyring *self,
                     MereStore   *store,
                     GError     **error)
{
  MereKeyring *now = mere_keyring_load (store, error);

  if (now == NULL)
    return FALSE;
  if (self->lent && now->root == NULL)
    {
      now->root = g_steal_pointer (&self->root);
      now->lent = TRUE;
    }
  clear (self);
  *self = *now;
  g_free (now);
  return TRUE;
}

void
mere_keyring_free (MereKeyring *self)
{
  if (self == NULL)
    return;
  clear (self);
  g_free (self);
}

GPtrArray *
mere_keyring_list_identities (MereKeyring *self)
{
  GPtrArray *list = g_ptr_array_new ();

  g_ptr_array_add (list, self->box);
  for (guint i = 0; i < self->old_boxes->len; i++)
    g_ptr_array_add (list, ((MereOldBox *) self->old_boxes->pdata[i])->secret);
  return list;
}

char *
mere_keyring_dup_code (MereKeyring *self)
{
  g_autoptr (MereCard) card = mere_card_new_hq (self->trust, self->handovers, self->label);

  return mere_card_dup_code (card);
}

char **
mere_keyring_list_revoked (MereStore *store,
                           GError   **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GPtrArray) devices = mere_device_list (store, error);

  if (devices == NULL)
    return NULL;
  for (guint i = 0; i < devices->len; i++)
    {
      const MereDevice *device = devices->pdata[i];

      if (device->revoked)
        g_strv_builder_add (names, device->device);
    }
  return g_strv_builder_end (names);
}

gboolean
mere_keyring_renew_trust (MereKeyring *self,
                          MereStore   *store,
                          GError     **error)
{
  g_autoptr (MereTrust) head = mere_trust_copy (self->trust);
  g_autoptr (MereTrust) next = NULL;

  if (!mere_keyring_check_root (self, error))
    return FALSE;
  g_strfreev (head->revoked);
  g_free (head->issued);
  head->issued = mere_keyring_dup_now ();
  head->version = self->trust->version + 1;
  head->revoked = mere_keyring_list_revoked (store, error);
  next = head->revoked != NULL ? mere_trust_seal (head, self->trust, self->root, error) : NULL;
  if (next == NULL || !mere_trust_save (store, next, error) || !mere_keyring_keep_card (self, store, next, error))
    return FALSE;
  mere_trust_free (self->trust);
  self->trust = g_steal_pointer (&next);
  return TRUE;
}

static gboolean
write_text (int         file,
            const char *text,
            GError    **error)
{
  return mere_write_to_fd (GINT_TO_POINTER (file), (const guint8 *) text, strlen (text), error);
}

static gboolean
fail_file (const char *path,
           GError    **error)
{
  int failure = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failure), _ ("“%s” was not written: %s"), path, g_strerror (failure));
  return FALSE;
}

gboolean
mere_keyring_write_identity (const MereSecret *identity,
                             const char       *path,
                             GError          **error)
{
  g_autoptr (MereSecret) text = mere_age_identity_to_text (identity);
  g_autofree char *recipient = mere_age_identity_dup_recipient (identity);
  g_autofree char *comment = g_strdup_printf ("# public key: %s\n", recipient);
  int              file = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean         written;

  if (file < 0)
    return fail_file (path, error);
  written = write_text (file, comment, error) && write_text (file, (const char *) mere_secret_get_data (text), error) &&
            write_text (file, "\n", error) && (fsync (file) == 0 || fail_file (path, error));
  if (close (file) != 0 && written)
    written = fail_file (path, error);
  if (!written)
    g_unlink (path);
  return written;
}
