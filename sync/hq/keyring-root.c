/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The root offline. Whoever takes the computer of headquarters then has the keys of everyday work, which the next list replaces, and not
 * the one that says which keys count. The card is signed by the root, so the last one that it has signed is kept. */

#include "config.h"

#include "sync/hq/keyring.h"

#include "app/store/settings.h"
#include "app/store/statement.h"
#include "sync/minisign-box.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define CARD "hq.card"                     /* the text */
#define CARD_SIGNATURE "hq.card-signature" /* and its .minisig */

gboolean
mere_keyring_check_root (const MereKeyring *self,
                         GError           **error)
{
  if (self->root != NULL)
    return TRUE;
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND,
                       _ ("The root lies offline. Give its file (--root FILE), or let it sign elsewhere: “keys draft”, “keys sign”, “keys take”. Nothing was done."));
  return FALSE;
}

/* --- The card ------------------------------------------------------------------------------------------------------ */

gboolean
mere_keyring_save_card (MereStore *store,
                        GBytes    *text,
                        GBytes    *signature,
                        GError   **error)
{
  return mere_settings_save_bytes (store, CARD, text, error) && mere_settings_save_bytes (store, CARD_SIGNATURE, signature, error);
}

gboolean
mere_keyring_keep_card (MereKeyring     *self,
                        MereStore       *store,
                        const MereTrust *trust,
                        GError         **error)
{
  g_autoptr (MereCard) card = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;

  if (!self->lent)
    return TRUE;
  card = mere_card_new_hq (trust, self->handovers, self->label);
  mere_card_sign (card, self->root, &text, &signature);
  return mere_keyring_save_card (store, text, signature, error);
}

gboolean
mere_keyring_sign_card (MereKeyring *self,
                        MereStore   *store,
                        GBytes     **text,
                        GBytes     **signature,
                        GError     **error)
{
  g_autoptr (MereCard) card = NULL;

  if (self->root != NULL)
    {
      card = mere_card_new_hq (self->trust, self->handovers, self->label);
      mere_card_sign (card, self->root, text, signature);
      return TRUE;
    }
  *text = mere_settings_load_bytes (store, CARD, error);
  *signature = *text != NULL ? mere_settings_load_bytes (store, CARD_SIGNATURE, error) : NULL;
  if (*signature == NULL && (error == NULL || *error == NULL))
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, _ ("Headquarters’ card, which the root has signed, is missing."));
  return *signature != NULL;
}

/* --- The file ------------------------------------------------------------------------------------------------------ */

static gboolean
fail_file (const char *path,
           GError    **error)
{
  int failure = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failure), _ ("“%s” was not written: %s"), path, g_strerror (failure));
  return FALSE;
}

static gboolean
write_file (const char *path,
            const char *text,
            GError    **error)
{
  int      file = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean written;

  if (file < 0)
    return fail_file (path, error);
  written = mere_write_to_fd (GINT_TO_POINTER (file), (const guint8 *) text, strlen (text), error) &&
            (fsync (file) == 0 || fail_file (path, error));
  if (close (file) != 0 && written)
    written = fail_file (path, error);
  if (!written)
    g_unlink (path);
  return written;
}

MereSecret *
mere_keyring_read_root (const char       *path,
                        const MereSecret *passphrase,
                        GError          **error)
{
  g_autofree char *text = NULL;
  gsize            size;

  return g_file_get_contents (path, &text, &size, error) ? mere_minisign_box_open (text, size, passphrase, error) : NULL;
}

gboolean
mere_keyring_export_root (MereKeyring      *self,
                          const char       *path,
                          const MereSecret *passphrase,
                          GError          **error)
{
  g_autofree char *comment = g_strdup_printf ("root of headquarters %s, encrypted", self->hq);
  g_autofree char *text = mere_keyring_check_root (self, error) ? mere_minisign_box_close (self->root, passphrase, comment, error) : NULL;
  g_autoptr (MereSecret) back = NULL;

  if (text == NULL || !write_file (path, text, error))
    return FALSE;
  back = mere_keyring_read_root (path, passphrase, error);
  if (back == NULL)
    return FALSE;
  if (memcmp (mere_secret_get_data (back), mere_secret_get_data (self->root), MERE_MINISIGN_SECRET_SIZE) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_IO, _ ("“%s” does not read back as it was written."), path);
  return FALSE;
}

/* --- Coming and going ---------------------------------------------------------------------------------------------- */

static gboolean
delete_root (MereStore *store,
             GError   **error)
{
  return mere_store_execute (store, "DELETE FROM hq_key WHERE use = 'root'", error);
}

gboolean
mere_keyring_forget_root (MereKeyring *self,
                          MereStore   *store,
                          GError     **error)
{
  g_autoptr (MereTransaction) work = mere_keyring_check_root (self, error) ? mere_transaction_begin (store, error) : NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;

  return work != NULL && mere_keyring_sign_card (self, store, &text, &signature, error) &&
         mere_keyring_save_card (store, text, signature, error) && delete_root (store, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error) && mere_keyring_reload (self, store, error);
}

gboolean
mere_keyring_lend_root (MereKeyring *self,
                        MereSecret  *root,
                        GError     **error)
{
  g_autoptr (MereSecret) taken = root;
  g_autofree char *text = NULL;
  MereMinisignKey  key;

  mere_minisign_secret_get_key (taken, &key);
  text = mere_minisign_key_to_text (&key);
  if (strcmp (text, self->trust->root) != 0)
    {
      g_set_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_ROOT, _ ("This is not the root of headquarters %s. Nothing was done."), self->hq);
      return FALSE;
    }
  if (self->root != NULL)
    return TRUE;
  self->root = g_steal_pointer (&taken);
  self->lent = TRUE;
  return TRUE;
}

gboolean
mere_keyring_return_root (MereKeyring *self,
                          MereStore   *store,
                          GError     **error)
{
  return mere_keyring_check_root (self, error) && mere_keyring_save_secret (store, "root", self->root, error) &&
         mere_keyring_reload (self, store, error);
}
