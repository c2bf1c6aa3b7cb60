/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `keys export` and `import`, `draft`, `sign` and `take`: the root offline, and lists that it signs there. */

#include "config.h"

#include "sync/age.h"
#include "sync/hq/keyring-draft.h"
#include "sync/hq/root.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
export_root (MereHq     *hq,
             const char *path,
             gboolean    forget,
             GError    **error)
{
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (MereSecret) passphrase = NULL;
  MereStore *store;

  keys = mere_root_open_keys (hq, &store, error);
  if (keys == NULL || !mere_keyring_check_root (keys, error) || (passphrase = mere_hq_dup_root_passphrase (hq, TRUE, error)) == NULL)
    return FALSE;
  return mere_keyring_export_root (keys, path, passphrase, error) && (!forget || mere_keyring_forget_root (keys, store, error));
}

int
mere_verb_keys_export (MereHq *hq,
                       char ***args)
{
  gboolean           forget = FALSE;
  const GOptionEntry entries[] = {
    { "remove", 0, 0, G_OPTION_ARG_NONE, &forget, N_ ("Remove the root from headquarters' store, so that it is in the file alone"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  if (!export_root (hq, (*args)[1], forget, &error))
    return mere_hq_fail (error);
  mere_hq_say ("%s", forget ? _ ("The root lies in that file alone. Make a second copy and keep the two apart, offline; without it and its passphrase headquarters’ keys cannot be changed any more. Backups that were made before still hold it.")
                            : _ ("The root lies in that file, too. “keys export --remove” takes it out of headquarters’ store."));
  return MERE_HQ_DONE;
}

int
mere_verb_keys_import (MereHq *hq,
                       char ***args)
{
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (MereSecret) passphrase = NULL;
  g_autoptr (GError) error = NULL;
  MereSecret *root;
  MereStore  *store;
  int         status;

  if (!mere_hq_parse (hq, NULL, 1, 1, args, &status))
    return status;
  if ((keys = mere_root_open_keys (hq, &store, &error)) == NULL || (passphrase = mere_hq_dup_root_passphrase (hq, FALSE, &error)) == NULL ||
      (root = mere_keyring_read_root ((*args)[1], passphrase, &error)) == NULL || !mere_keyring_lend_root (keys, root, &error) ||
      !mere_keyring_return_root (keys, store, &error))
    return mere_hq_fail (error);
  mere_hq_say ("%s", _ ("The root lies in headquarters’ store again."));
  return MERE_HQ_DONE;
}

static gboolean
check_change (const MereListChange *change,
              gboolean              no_escrow)
{
  if (change->escrow != NULL && no_escrow)
    mere_hq_say ("%s", _ ("--escrow and --no-escrow exclude each other."));
  else if (change->leaked && !change->sign)
    mere_hq_say ("%s", _ ("--leaked goes with --new-sign."));
  else
    return TRUE;
  return FALSE;
}

int
mere_verb_keys_draft (MereHq *hq,
                      char ***args)
{
  MereListChange     change = { 0 };
  gboolean           no_escrow = FALSE;
  g_autofree char   *escrow = NULL;
  const GOptionEntry entries[] = {
    { "new-sign", 0, 0, G_OPTION_ARG_NONE, &change.sign, N_ ("With a new key for packs and receipts"), NULL },
    { "leaked", 0, 0, G_OPTION_ARG_NONE, &change.leaked, N_ ("Somebody else may have the one before: believe it no more"), NULL },
    { "new-box", 0, 0, G_OPTION_ARG_NONE, &change.box, N_ ("With a new key that laptops encrypt to"), NULL },
    { "escrow", 0, 0, G_OPTION_ARG_STRING, &escrow, N_ ("Have laptops encrypt to this age recipient, too"), N_ ("RECIPIENT") },
    { "no-escrow", 0, 0, G_OPTION_ARG_NONE, &no_escrow, N_ ("Encrypt to nobody else any more"), NULL },
    { NULL },
  };
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  guint8     key[MERE_AGE_KEY_SIZE];
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  change.escrow = escrow;
  change.set_escrow = escrow != NULL || no_escrow;
  if (!check_change (&change, no_escrow))
    return MERE_HQ_USAGE;
  if ((escrow != NULL && !mere_age_recipient_parse (escrow, key, &error)) || (keys = mere_root_open_keys (hq, &store, &error)) == NULL ||
      !mere_keyring_draft (keys, store, &change, (*args)[1], &error))
    return mere_hq_fail (error);
  mere_hq_say (_ ("List %u is drafted. Carry the folder to the root: “keys sign”; then “keys take” here."), keys->trust->version + 1);
  return MERE_HQ_DONE;
}

/* --- Where the root is --------------------------------------------------------------------------------------------- */

static void
print_difference (const char *name,
                  const char *before,
                  const char *after)
{
  if (g_strcmp0 (before, after) != 0)
    mere_hq_print ("%-9s %s → %s\n", name, before != NULL ? before : "–", after != NULL ? after : "–");
}

/* What a person is about to have signed. */
static void
print_changes (const MereTrust *before,
               const MereTrust *after)
{
  /* Translators: name of a headquarters, and numbers of its trust lists */
  mere_hq_print (_ ("Headquarters %s: list %u after list %u\n"), after->hq, after->version, before->version);
  for (guint i = 0; i < after->signers->len; i++)
    mere_hq_print ("%-9s %s\n", _ ("sign"), ((MereTrustSigner *) after->signers->pdata[i])->key);
  print_difference (_ ("box"), before->operational, after->operational);
  print_difference (_ ("recovery"), before->recovery, after->recovery);
  print_difference (_ ("escrow"), before->escrow, after->escrow);
  for (char **name = after->revoked; name != NULL && *name != NULL; name++)
    if (!mere_trust_is_revoked (before, *name))
      mere_hq_print ("%-9s %s\n", _ ("revoked"), *name);
}

static void
set_difference (JsonObject *object,
                const char *name,
                const char *before,
                const char *after)
{
  JsonObject *change;

  if (g_strcmp0 (before, after) == 0)
    return;
  change = json_object_new ();
  mere_hq_set_text (change, "before", before);
  mere_hq_set_text (change, "after", after);
  json_object_set_object_member (object, name, change);
}

/* The same for a script. */
static void
print_changes_as_json (const MereTrust *before,
                       const MereTrust *after)
{
  JsonObject *object = json_object_new ();
  JsonObject *changed = json_object_new ();
  JsonArray  *signers = json_array_new ();
  JsonArray  *revoked = json_array_new ();

  for (guint i = 0; i < after->signers->len; i++)
    json_array_add_string_element (signers, ((MereTrustSigner *) after->signers->pdata[i])->key);
  for (char **name = after->revoked; name != NULL && *name != NULL; name++)
    if (!mere_trust_is_revoked (before, *name))
      json_array_add_string_element (revoked, *name);
  set_difference (changed, "box", before->operational, after->operational);
  set_difference (changed, "recovery", before->recovery, after->recovery);
  set_difference (changed, "escrow", before->escrow, after->escrow);
  mere_hq_set_text (object, "hq", after->hq);
  json_object_set_int_member (object, "before", before->version);
  json_object_set_int_member (object, "trust", after->version);
  json_object_set_array_member (object, "sign", signers);
  json_object_set_object_member (object, "changed", changed);
  json_object_set_array_member (object, "revoked", revoked);
  mere_hq_print_json (mere_hq_object_node (object));
}

int
mere_verb_keys_sign (MereHq *hq,
                     char ***args)
{
  g_autoptr (MereSecret) passphrase = NULL;
  g_autoptr (MereSecret) root = NULL;
  g_autoptr (MereTrust) before = NULL;
  g_autoptr (MereTrust) next = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!mere_hq_parse (hq, NULL, 1, 1, args, &status))
    return status;
  if (mere_hq_get_root_file (hq) == NULL)
    {
      mere_hq_say ("%s", _ ("Give the root's file: --root FILE."));
      return MERE_HQ_USAGE;
    }
  if ((passphrase = mere_hq_dup_root_passphrase (hq, FALSE, &error)) == NULL ||
      (root = mere_keyring_read_root (mere_hq_get_root_file (hq), passphrase, &error)) == NULL ||
      (next = mere_list_sign ((*args)[1], root, &before, &error)) == NULL)
    return mere_hq_fail (error);
  if (mere_hq_wants_json (hq))
    print_changes_as_json (before, next);
  else
    print_changes (before, next);
  mere_hq_say ("%s", _ ("This is signed. If it is not what was meant, destroy the folder; else carry it back, to “keys take”."));
  return MERE_HQ_DONE;
}

int
mere_verb_keys_take (MereHq *hq,
                     char ***args)
{
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, NULL, 1, 1, args, &status))
    return status;
  if ((keys = mere_root_open_keys (hq, &store, &error)) == NULL || !mere_keyring_take (keys, store, (*args)[1], &error))
    return mere_hq_fail (error);
  mere_hq_say (_ ("List %u counts from now on. Laptops learn of it from headquarters’ card: the next pack or receipt brings it along."), keys->trust->version);
  return MERE_HQ_DONE;
}
