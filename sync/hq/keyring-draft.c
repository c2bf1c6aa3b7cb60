/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts of trust lists. What goes out is public; what a new list will need (the secrets of the keys that it names) waits in the store. */

#include "config.h"

#include "sync/hq/keyring-draft.h"
#include "sync/hq/keyring-private.h"

#include "app/store/digest.h"
#include "app/store/settings.h"
#include "sync/age.h"
#include "sync/hq/seal.h"
#include "sync/trust-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CARD_NAME "enrol.json"
#define MAX_FILE 65536 /* bytes: of a card */

#define DRAFT "hq.draft"           /* text of the list that was drafted last */
#define DRAFT_SIGN "hq.draft-sign" /* secrets of the keys that it names newly */
#define DRAFT_BOX "hq.draft-box"

/* --- Files of the folder ------------------------------------------------------------------------------------------- */

static gboolean
fail_file (const char *path,
           GError    **error)
{
  int failure = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failure), "%s: %s", path, g_strerror (failure));
  return FALSE;
}

static gboolean
save (const char *folder,
      const char *name,
      const char *suffix,
      GBytes     *bytes,
      GError    **error)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  return g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

static gboolean
read_all (int         file,
          GByteArray *bytes)
{
  guint8 piece[4096];
  gssize got;

  while ((got = read (file, piece, sizeof piece)) > 0 && bytes->len <= MAX_FILE)
    g_byte_array_append (bytes, piece, (guint) got);
  return got >= 0;
}

/* Whatever lies on the stick under that name. */
static GBytes *
load (const char *folder,
      const char *name,
      const char *suffix,
      GError    **error)
{
  g_autofree char *base = g_strconcat (name, suffix, NULL);
  g_autofree char *path = g_build_filename (folder, base, NULL);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int         file = g_open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
  struct stat about;
  gboolean    whole;

  if (file < 0 || fstat (file, &about) != 0)
    {
      fail_file (path, error);
      if (file >= 0)
        close (file);
      return NULL;
    }
  whole = S_ISREG (about.st_mode) && read_all (file, bytes) && bytes->len <= MAX_FILE;
  close (file);
  if (whole)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _ ("“%s” is no file of a draft."), path);
  return NULL;
}

static MereCard *
load_card (const char *folder,
           GError    **error)
{
  g_autoptr (GBytes) text = load (folder, CARD_NAME, "", error);
  g_autoptr (GBytes) signature = text != NULL ? load (folder, CARD_NAME, MERE_MINISIGN_SUFFIX, error) : NULL;
  g_autoptr (MereCard) card = signature != NULL ? mere_card_open (text, signature, error) : NULL;

  if (card == NULL || card->is_hq)
    return g_steal_pointer (&card);
  g_set_error_literal (error, MERE_CARD_ERROR, MERE_CARD_ERROR_FORMAT, _ ("The card in the folder is that of a laptop."));
  return NULL;
}

/* --- Drafting ------------------------------------------------------------------------------------------------------ */

/* Keeps a secret aside, or removes what an earlier draft has left. */
static gboolean
keep_aside (MereStore        *store,
            const char       *name,
            const MereSecret *secret,
            GError          **error)
{
  g_autoptr (GBytes) sealed = NULL;

  if (secret == NULL)
    return mere_settings_save_bytes (store, name, NULL, error);
  sealed = mere_seal_close_secret (store, name, secret, error);
  return sealed != NULL && mere_settings_save_bytes (store, name, sealed, error);
}

/* What mere_trust_seal() will fill in. */
static void
complete (const MereKeyring *self,
          MereTrust         *head)
{
  g_free (head->root);
  head->root = g_strdup (self->trust->root);
  g_free (head->prev);
  head->prev = mere_digest_dup_hex_of_bytes (self->trust->text);
}

static gboolean
write_draft (MereKeyring *self,
             MereStore   *store,
             GBytes      *text,
             const char  *folder,
             GError     **error)
{
  g_autofree char *stale = g_build_filename (folder, MERE_TRUST_NAME MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GBytes) card = NULL;
  g_autoptr (GBytes) signature = NULL;

  if (g_mkdir_with_parents (folder, 0755) != 0)
    return fail_file (folder, error);
  g_unlink (stale);
  return mere_keyring_sign_card (self, store, &card, &signature, error) && save (folder, CARD_NAME, "", card, error) &&
         save (folder, CARD_NAME, MERE_MINISIGN_SUFFIX, signature, error) && save (folder, MERE_TRUST_NAME, "", text, error);
}

gboolean
mere_keyring_draft (MereKeyring          *self,
                    MereStore            *store,
                    const MereListChange *change,
                    const char           *folder,
                    GError              **error)
{
  g_autoptr (MereSecret) sign = change->sign ? mere_minisign_secret_new () : NULL;
  g_autoptr (MereSecret) box = change->box ? mere_age_identity_new () : NULL;
  g_autoptr (MereTrust) head = mere_keyring_begin_list (self);
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (GBytes) text = NULL;

  if (work == NULL)
    return FALSE;
  g_strfreev (head->revoked);
  head->revoked = mere_keyring_list_revoked (store, error);
  if (head->revoked == NULL)
    return FALSE;
  if (sign != NULL)
    mere_keyring_put_signer (self, head, sign, change->leaked);
  if (box != NULL)
    mere_keyring_put_box (head, box);
  if (change->set_escrow)
    {
      g_free (head->escrow);
      head->escrow = g_strdup (change->escrow);
    }
  complete (self, head);
  text = mere_trust_write_text (head);
  return keep_aside (store, DRAFT_SIGN, sign, error) && keep_aside (store, DRAFT_BOX, box, error) &&
         mere_settings_save_bytes (store, DRAFT, text, error) && write_draft (self, store, text, folder, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

/* --- Signing ------------------------------------------------------------------------------------------------------- */

static gboolean
sign_card (const MereCard   *held,
           const MereTrust  *trust,
           const MereSecret *root,
           const char       *folder,
           GError          **error)
{
  g_autoptr (MereCard) card = mere_card_new_hq (trust, held->handovers, held->label);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;

  mere_card_sign (card, root, &text, &signature);
  return save (folder, CARD_NAME, "", text, error) && save (folder, CARD_NAME, MERE_MINISIGN_SUFFIX, signature, error);
}

/* What is signed is what lies there, byte for byte. */
static MereTrust *
seal (GBytes           *text,
      const MereTrust  *held,
      const MereSecret *root,
      GError          **error)
{
  g_autoptr (MereTrust) draft = mere_trust_parse_text (text, error);
  g_autoptr (MereTrust) next = draft != NULL ? mere_trust_seal (draft, held, root, error) : NULL;

  if (next == NULL || (strcmp (next->root, held->root) == 0 && g_bytes_equal (next->text, text)))
    return g_steal_pointer (&next);
  g_set_error_literal (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_FORK,
                       _ ("The draft is not the next list of this root after the one in the card. Nothing was signed."));
  return NULL;
}

MereTrust *
mere_list_sign (const char       *folder,
                const MereSecret *root,
                MereTrust       **before,
                GError          **error)
{
  g_autoptr (MereCard) card = load_card (folder, error);
  g_autoptr (GBytes) text = card != NULL ? load (folder, MERE_TRUST_NAME, "", error) : NULL;
  g_autoptr (MereTrust) next = text != NULL ? seal (text, card->trust, root, error) : NULL;

  if (next == NULL || !save (folder, MERE_TRUST_NAME, MERE_MINISIGN_SUFFIX, next->signature, error) ||
      !sign_card (card, next, root, folder, error))
    return NULL;
  *before = mere_trust_copy (card->trust);
  return g_steal_pointer (&next);
}

/* --- Taking in ----------------------------------------------------------------------------------------------------- */

static MereTrust *
load_signed (MereKeyring *self,
             const char  *folder,
             GError     **error)
{
  g_autoptr (GBytes) text = load (folder, MERE_TRUST_NAME, "", error);
  g_autoptr (GBytes) signature = text != NULL ? load (folder, MERE_TRUST_NAME, MERE_MINISIGN_SUFFIX, error) : NULL;
  MereMinisignKey root;

  return signature != NULL && mere_minisign_key_parse (self->trust->root, &root, error) ? mere_trust_open (text, signature, &root, error) : NULL;
}

static gboolean
check_drafted (MereKeyring     *self,
               MereStore       *store,
               const MereTrust *next,
               GError         **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) drafted = mere_settings_load_bytes (store, DRAFT, &failure);

  if (failure == NULL && drafted != NULL && g_bytes_equal (drafted, next->text))
    return mere_trust_follows (self->trust, next, error);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT,
                         _ ("This is not the list that was drafted last here. Nothing was taken in."));
  return FALSE;
}

/* A new key that waited for this list, if there is one. */
static gboolean
take_key (MereStore  *store,
          const char *aside,
          const char *use,
          gboolean   *taken,
          GError    **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) sealed = mere_settings_load_bytes (store, aside, &failure);
  g_autoptr (MereSecret) secret = NULL;

  *taken = FALSE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (sealed == NULL)
    return TRUE;
  secret = mere_seal_open_secret (store, aside, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), error);
  *taken = secret != NULL;
  return secret != NULL && mere_keyring_save_secret (store, use, secret, error) && mere_settings_save_bytes (store, aside, NULL, error);
}

static gboolean
take_keys (MereKeyring     *self,
           MereStore       *store,
           const MereTrust *next,
           GError         **error)
{
  gboolean taken;

  return take_key (store, DRAFT_SIGN, "sign", &taken, error) && take_key (store, DRAFT_BOX, "box", &taken, error) &&
         (!taken || mere_keyring_keep_old_box (self, store, next->version, error)) &&
         mere_settings_save_bytes (store, DRAFT, NULL, error);
}

/* The card must be headquarters' own, with this list. */
static gboolean
take_card (MereStore       *store,
           const MereTrust *next,
           const char      *folder,
           GError         **error)
{
  g_autoptr (MereCard) card = load_card (folder, error);
  g_autoptr (GBytes) text = card != NULL ? load (folder, CARD_NAME, "", error) : NULL;
  g_autoptr (GBytes) signature = text != NULL ? load (folder, CARD_NAME, MERE_MINISIGN_SUFFIX, error) : NULL;
  g_autoptr (MereCard) again = signature != NULL ? mere_card_open (text, signature, error) : NULL;

  if (again == NULL)
    return FALSE;
  if (again->is_hq && g_bytes_equal (again->trust->text, next->text) && strcmp (again->sign_key, next->root) == 0)
    return mere_keyring_save_card (store, text, signature, error);
  g_set_error_literal (error, MERE_CARD_ERROR, MERE_CARD_ERROR_SIGNATURE, _ ("The card in the folder is not that of the signed list. Nothing was taken in."));
  return FALSE;
}

gboolean
mere_keyring_take (MereKeyring *self,
                   MereStore   *store,
                   const char  *folder,
                   GError     **error)
{
  g_autoptr (MereTrust) next = load_signed (self, folder, error);
  g_autoptr (MereTransaction) work = next != NULL ? mere_transaction_begin (store, error) : NULL;

  return work != NULL && check_drafted (self, store, next, error) && take_keys (self, store, next, error) &&
         mere_trust_save (store, next, error) && take_card (store, next, folder, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error) && mere_keyring_reload (self, store, error);
}
