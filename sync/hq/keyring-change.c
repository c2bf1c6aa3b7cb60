/* SPDX-License-Identifier: GPL-3.0-or-later */

/* New keys in the place of old ones. The root signs each change into the next trust list; of its own change the old root
 * says so itself, in a hand-over. */

#include "config.h"

#include "sync/hq/keyring-private.h"

#include "app/store/statement.h"
#include "sync/age.h"
#include "sync/hq/seal.h"

#include <glib/gi18n-lib.h>

static char *
dup_key (const MereSecret *secret)
{
  MereMinisignKey key;

  mere_minisign_secret_get_key (secret, &key);
  return mere_minisign_key_to_text (&key);
}

MereTrust *
mere_keyring_begin_list (MereKeyring *self)
{
  MereTrust *head = mere_trust_copy (self->trust);

  head->version = self->trust->version + 1;
  g_free (head->issued);
  head->issued = mere_keyring_dup_now ();
  return head;
}

static gboolean
end_list (MereKeyring      *self,
          MereStore        *store,
          const MereTrust  *head,
          const MereSecret *root,
          GError          **error)
{
  g_autoptr (MereTrust) next = mere_trust_seal (head, self->trust, root, error);

  return next != NULL && mere_trust_save (store, next, error) &&
         (root != self->root || mere_keyring_keep_card (self, store, next, error));
}

static guint
get_from (const MereTrust *trust,
          const char      *key)
{
  for (guint i = 0; i < trust->signers->len; i++)
    {
      const MereTrustSigner *signer = trust->signers->pdata[i];

      if (g_str_equal (signer->key, key))
        return signer->from;
    }
  return trust->version;
}

void
mere_keyring_put_signer (MereKeyring      *self,
                         MereTrust        *head,
                         const MereSecret *secret,
                         gboolean          leaked)
{
  g_autofree char *key = dup_key (secret);
  g_autofree char *old = dup_key (self->sign);

  g_ptr_array_set_size (head->signers, 0);
  mere_trust_add_signer (head, key, head->version);
  if (!leaked)
    mere_trust_add_signer (head, old, get_from (self->trust, old));
}

void
mere_keyring_put_box (MereTrust        *head,
                      const MereSecret *secret)
{
  g_free (head->operational);
  head->operational = mere_age_identity_dup_recipient (secret);
}

static gboolean
change_sign (MereKeyring *self,
             MereStore   *store,
             gboolean     leaked,
             GError     **error)
{
  g_autoptr (MereSecret) secret = mere_minisign_secret_new ();
  g_autoptr (MereTrust) head = mere_keyring_begin_list (self);

  mere_keyring_put_signer (self, head, secret, leaked);
  return mere_keyring_save_secret (store, "sign", secret, error) && end_list (self, store, head, self->root, error);
}

gboolean
mere_keyring_keep_old_box (MereKeyring *self,
                           MereStore   *store,
                           guint        trust,
                           GError     **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO hq_old_key (recipient, secret, trust, replaced_us) VALUES (?1, ?2, ?3, ?4)", error);
  g_autofree char *recipient = mere_age_identity_dup_recipient (self->box);
  g_autoptr (GBytes) sealed = insert != NULL ? mere_seal_close_secret (store, MERE_KEYRING_OLD_BOX, self->box, error) : NULL;

  if (sealed == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, recipient);
  mere_statement_bind_bytes (insert, 2, sealed);
  mere_statement_bind_int (insert, 3, trust);
  mere_statement_bind_int (insert, 4, g_get_real_time ());
  return mere_statement_run (insert, error);
}

static gboolean
change_box (MereKeyring *self,
            MereStore   *store,
            GError     **error)
{
  g_autoptr (MereSecret) secret = mere_age_identity_new ();
  g_autoptr (MereTrust) head = mere_keyring_begin_list (self);

  mere_keyring_put_box (head, secret);
  return mere_keyring_keep_old_box (self, store, head->version, error) && mere_keyring_save_secret (store, "box", secret, error) &&
         end_list (self, store, head, self->root, error);
}

static gboolean
change_root (MereKeyring *self,
             MereStore   *store,
             GError     **error)
{
  g_autoptr (MereSecret) secret = mere_minisign_secret_new ();
  g_autoptr (MereTrust) head = mere_keyring_begin_list (self);
  g_autoptr (MereHandover) handover = NULL;
  MereMinisignKey key;

  mere_minisign_secret_get_key (secret, &key);
  handover = mere_handover_seal (self->root, &key, head->version);
  return mere_handover_save (store, handover, error) && mere_keyring_save_secret (store, "root", secret, error) &&
         end_list (self, store, head, secret, error);
}

static gboolean
change (MereKeyring *self,
        MereStore   *store,
        MereKeyUse   use,
        gboolean     leaked,
        GError     **error)
{
  switch (use)
    {
    case MERE_KEY_SIGN:
      return change_sign (self, store, leaked, error);
    case MERE_KEY_BOX:
      return change_box (self, store, error);
    case MERE_KEY_ROOT:
      return change_root (self, store, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

gboolean
mere_keyring_change (MereKeyring *self,
                     MereStore   *store,
                     MereKeyUse   use,
                     gboolean     leaked,
                     GError     **error)
{
  g_autoptr (MereTransaction) work = mere_keyring_check_root (self, error) ? mere_transaction_begin (store, error) : NULL;

  return work != NULL && change (self, store, use, leaked, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error) && mere_keyring_reload (self, store, error);
}

gboolean
mere_keyring_set_escrow (MereKeyring *self,
                         MereStore   *store,
                         const char  *recipient,
                         GError     **error)
{
  g_autoptr (MereTransaction) work = mere_keyring_check_root (self, error) ? mere_transaction_begin (store, error) : NULL;
  g_autoptr (MereTrust) head = mere_keyring_begin_list (self);

  g_free (head->escrow);
  head->escrow = g_strdup (recipient);
  return work != NULL && end_list (self, store, head, self->root, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error) && mere_keyring_reload (self, store, error);
}

gboolean
mere_keyring_forget_box (MereKeyring *self,
                         MereStore   *store,
                         const char  *recipient,
                         GError     **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (store, "DELETE FROM hq_old_key WHERE recipient = ?1", error);

  if (delete == NULL)
    return FALSE;
  mere_statement_bind_text (delete, 1, recipient);
  if (!mere_statement_run (delete, error))
    return FALSE;
  if (mere_store_get_changes (store) == 1)
    return mere_keyring_reload (self, store, error);
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("“%s” is no key that was replaced. Nothing was done."), recipient);
  return FALSE;
}
