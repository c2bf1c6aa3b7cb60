/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The trust list: read, checked, signed, and kept. Nothing of it counts before the root's signature has been checked. */

#include "config.h"

#include "sync/trust.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/store/digest.h"
#include "app/store/settings.h"
#include "sync/code.h"
#include "sync/trust-private.h"

#define NEWEST_KEY "trust.version"

G_DEFINE_QUARK (mere_trust_error, mere_trust_error)

static void
signer_free (gpointer data)
{
  MereTrustSigner *self = data;

  g_free (self->key);
  g_free (self);
}

MereTrust *
mere_trust_new (void)
{
  MereTrust *self = g_new0 (MereTrust, 1);

  self->signers = g_ptr_array_new_with_free_func (signer_free);

  return self;
}

void
mere_trust_free (MereTrust *self)
{
  if (self == NULL)
    return;

  g_free (self->prev);
  g_free (self->root);
  g_ptr_array_unref (self->signers);
  g_free (self->operational);
  g_free (self->recovery);
  g_free (self->escrow);
  g_strfreev (self->revoked);
  g_free (self->issued);
  g_free (self->hq);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->signature, g_bytes_unref);
  g_free (self);
}

void
mere_trust_add_signer (MereTrust  *self,
                       const char *key,
                       guint       from)
{
  MereTrustSigner *signer = g_new (MereTrustSigner, 1);

  signer->key = g_strdup (key);
  signer->from = from;
  g_ptr_array_add (self->signers, signer);
}

MereTrust *
mere_trust_copy (const MereTrust *self)
{
  MereTrust *copy = mere_trust_new ();

  copy->version = self->version;
  copy->prev = g_strdup (self->prev);
  copy->root = g_strdup (self->root);
  for (guint i = 0; i < self->signers->len; i++)
    {
      const MereTrustSigner *signer = self->signers->pdata[i];

      mere_trust_add_signer (copy, signer->key, signer->from);
    }
  copy->operational = g_strdup (self->operational);
  copy->recovery = g_strdup (self->recovery);
  copy->escrow = g_strdup (self->escrow);
  copy->revoked = g_strdupv (self->revoked);
  copy->issued = g_strdup (self->issued);
  copy->hq = g_strdup (self->hq);
  copy->text = self->text != NULL ? g_bytes_ref (self->text) : NULL;
  copy->signature = self->signature != NULL ? g_bytes_ref (self->signature) : NULL;

  return copy;
}

static gboolean
refuse (GError       **error,
        MereTrustError code,
        const char    *message)
{
  g_set_error_literal (error, MERE_TRUST_ERROR, code, message);

  return FALSE;
}

static char *
make_comment (const MereTrust *self)
{
  return g_strdup_printf ("merestone-trust/1 v=%u hq=%s", self->version, self->hq);
}

static gboolean
verify (const MereTrust       *self,
        const MereMinisignKey *root,
        GError               **error)
{
  g_autofree char *comment = make_comment (self);
  g_autoptr (MereMinisign) signature = NULL;

  signature = mere_minisign_parse (g_bytes_get_data (self->signature, NULL), g_bytes_get_size (self->signature), NULL);
  if (signature != NULL &&
      mere_minisign_verify_data (signature, root, g_bytes_get_data (self->text, NULL), g_bytes_get_size (self->text), NULL) &&
      strcmp (signature->trusted_comment, comment) == 0)
    return TRUE;

  return refuse (error, MERE_TRUST_ERROR_SIGNATURE,
                 _ ("The trust list is not signed by headquarters’ root key, or was changed on its way. It was not taken."));
}

static gboolean
refuse_root (GError **error)
{
  return refuse (error, MERE_TRUST_ERROR_ROOT,
                 _ ("The trust list is of another root key than the one whose digits were typed here. It was not taken. If headquarters has changed its root, its card on a stick says so; ask for one."));
}

MereTrust *
mere_trust_open (GBytes                *text,
                 GBytes                *signature,
                 const MereMinisignKey *root,
                 GError               **error)
{
  g_autoptr (MereTrust) self = mere_trust_parse_text (text, error);
  MereMinisignKey named;

  if (self == NULL)
    return NULL;
  mere_minisign_key_parse (self->root, &named, NULL);
  if (root != NULL && !mere_minisign_key_equal (root, &named))
    {
      refuse_root (error);
      return NULL;
    }

  self->hq = mere_device_code_new (&named);
  self->text = g_bytes_ref (text);
  self->signature = g_bytes_ref (signature);

  return verify (self, &named, error) ? g_steal_pointer (&self) : NULL;
}

MereTrust *
mere_trust_seal (const MereTrust  *head,
                 const MereTrust  *before,
                 const MereSecret *root,
                 GError          **error)
{
  g_autoptr (MereTrust) draft = mere_trust_copy (head);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autofree char *comment = NULL;
  char            *lines;
  MereMinisignKey  key;

  mere_minisign_secret_get_key (root, &key);
  g_free (draft->root);
  draft->root = mere_minisign_key_to_text (&key);
  g_free (draft->hq);
  draft->hq = mere_device_code_new (&key);
  g_free (draft->prev);
  draft->prev = before != NULL ? mere_digest_dup_hex_of_bytes (before->text) : NULL;
  draft->version = before != NULL ? before->version + 1 : 1;

  text = mere_trust_write_text (draft);
  comment = make_comment (draft);
  lines = mere_minisign_sign_data (root, g_bytes_get_data (text, NULL), g_bytes_get_size (text), comment);
  signature = g_bytes_new_take (lines, strlen (lines));

  return mere_trust_open (text, signature, &key, error);
}

gboolean
mere_trust_follows (const MereTrust *held,
                    const MereTrust *next,
                    GError         **error)
{
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (held->text);

  if (next->version < held->version || (next->version == held->version && g_bytes_equal (next->text, held->text)))
    return FALSE;
  if (strcmp (held->root, next->root) != 0)
    return refuse_root (error);
  if (next->version > held->version + 1)
    {
      g_set_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_GAP,
                   _ ("Trust list %u came, but %u is held here: those between are missing. It was not taken; ask headquarters for all of them."),
                   next->version, held->version);
      return FALSE;
    }
  if (next->version == held->version || strcmp (next->prev, b2) != 0)
    return refuse (error, MERE_TRUST_ERROR_FORK,
                   _ ("There are two trust lists of one version, both signed by headquarters’ root. The one held here was kept; tell headquarters."));

  return TRUE;
}

gboolean
mere_trust_find_signer (const MereTrust *self,
                        const guint8     number[8],
                        MereMinisignKey *key)
{
  for (guint i = 0; i < self->signers->len; i++)
    {
      const MereTrustSigner *signer = self->signers->pdata[i];

      if (mere_minisign_key_parse (signer->key, key, NULL) && memcmp (key->number, number, sizeof key->number) == 0)
        return TRUE;
    }

  return FALSE;
}

gboolean
mere_trust_is_revoked (const MereTrust *self,
                       const char      *device)
{
  return self->revoked != NULL && g_strv_contains ((const char *const *) self->revoked, device);
}

char **
mere_trust_dup_recipients (const MereTrust *self)
{
  g_autoptr (GStrvBuilder) recipients = g_strv_builder_new ();

  g_strv_builder_add (recipients, self->operational);
  if (self->recovery != NULL)
    g_strv_builder_add (recipients, self->recovery);
  if (self->escrow != NULL)
    g_strv_builder_add (recipients, self->escrow);

  return g_strv_builder_end (recipients);
}

static char *
make_key (guint       version,
          const char *part)
{
  return g_strdup_printf ("trust.%u%s", version, part);
}

MereTrust *
mere_trust_load (MereStore *store,
                 guint      version,
                 GError   **error)
{
  guint            wanted = version != 0 ? version : (guint) mere_settings_load_int (store, NEWEST_KEY, 0);
  g_autofree char *text_key = make_key (wanted, "");
  g_autofree char *signature_key = make_key (wanted, MERE_MINISIGN_SUFFIX);
  g_autoptr (GBytes) text = wanted != 0 ? mere_settings_load_bytes (store, text_key, error) : NULL;
  g_autoptr (GBytes) signature = text != NULL ? mere_settings_load_bytes (store, signature_key, error) : NULL;

  return signature != NULL ? mere_trust_open (text, signature, NULL, error) : NULL;
}

gboolean
mere_trust_save (MereStore       *store,
                 const MereTrust *self,
                 GError         **error)
{
  g_autofree char *text_key = make_key (self->version, "");
  g_autofree char *signature_key = make_key (self->version, MERE_MINISIGN_SUFFIX);
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  return work != NULL &&
         mere_settings_save_bytes (store, text_key, self->text, error) &&
         mere_settings_save_bytes (store, signature_key, self->signature, error) &&
         mere_settings_save_int (store, NEWEST_KEY, self->version, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}
