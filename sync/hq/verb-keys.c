/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `keys list`, `keys change`, `keys escrow`, `keys forget`: headquarters' keys over the years. */

#include "config.h"

#include "sync/age.h"
#include "sync/hq/device.h"
#include "sync/hq/root.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Active laptops that have not said to hold list @trust; (transfer full) (element-type MereDevice). */
static GPtrArray *
list_behind (MereStore *store,
             guint      trust,
             GError   **error)
{
  g_autoptr (GPtrArray) list = mere_device_list (store, error);

  for (guint i = list != NULL ? list->len : 0; i > 0; i--)
    {
      const MereDevice *device = list->pdata[i - 1];

      if (device->revoked || device->seen_trust >= trust)
        g_ptr_array_remove_index (list, i - 1);
    }
  return g_steal_pointer (&list);
}

static JsonArray *
names_to_json (GPtrArray *devices)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < devices->len; i++)
    json_array_add_string_element (array, ((MereDevice *) devices->pdata[i])->device);
  return array;
}

static gboolean
print_json (MereStore   *store,
            MereKeyring *keys,
            GError     **error)
{
  g_autoptr (GPtrArray) behind = list_behind (store, keys->trust->version, error);
  JsonObject *object;
  JsonArray  *signers = json_array_new ();
  JsonArray  *old = json_array_new ();

  for (guint i = 0; i < keys->trust->signers->len; i++)
    json_array_add_string_element (signers, ((MereTrustSigner *) keys->trust->signers->pdata[i])->key);
  for (guint i = 0; i < keys->old_boxes->len; i++)
    {
      const MereOldBox *box = keys->old_boxes->pdata[i];
      JsonObject       *item = json_object_new ();

      mere_hq_set_text (item, "recipient", box->recipient);
      json_object_set_int_member (item, "trust", box->trust);
      mere_hq_set_time (item, "replaced", box->replaced_us, 0);
      json_array_add_object_element (old, item);
    }
  object = json_object_new ();
  mere_hq_set_text (object, "hq", keys->hq);
  json_object_set_int_member (object, "trust", keys->trust->version);
  mere_hq_set_text (object, "root", keys->trust->root);
  json_object_set_boolean_member (object, "root_offline", keys->root == NULL || keys->lent);
  json_object_set_int_member (object, "handovers", keys->handovers->len);
  json_object_set_array_member (object, "sign", signers);
  mere_hq_set_text (object, "box", keys->trust->operational);
  mere_hq_set_text (object, "recovery", keys->trust->recovery);
  mere_hq_set_text (object, "escrow", keys->trust->escrow);
  json_object_set_array_member (object, "old", old);
  json_object_set_array_member (object, "behind", behind != NULL ? names_to_json (behind) : json_array_new ());
  mere_hq_print_json (mere_hq_object_node (object));
  return behind != NULL;
}

static gboolean
print_old (MereStore        *store,
           const MereOldBox *box,
           GError          **error)
{
  g_autofree char *when = mere_hq_dup_time (box->replaced_us, 0);
  g_autoptr (GPtrArray) behind = list_behind (store, box->trust, error);

  if (behind == NULL)
    return FALSE;
  /* Translators: a key, the day on which it was replaced, and how many laptops do not know that yet */
  mere_hq_print (_ ("old box   %s  replaced %s; %u laptops may still encrypt to it\n"), box->recipient, when, behind->len);
  return TRUE;
}

static gboolean
print_text (MereStore   *store,
            MereKeyring *keys,
            GError     **error)
{
  g_autoptr (GPtrArray) behind = list_behind (store, keys->trust->version, error);

  if (behind == NULL)
    return FALSE;
  mere_hq_print (_ ("Headquarters %s, trust list %u\n"), keys->hq, keys->trust->version);
  mere_hq_print (_ ("root      %s  handed over %u times%s\n"), keys->trust->root, keys->handovers->len,
                 keys->root == NULL || keys->lent ? _ (", offline") : "");
  for (guint i = 0; i < keys->trust->signers->len; i++)
    {
      const MereTrustSigner *signer = keys->trust->signers->pdata[i];

      mere_hq_print (_ ("sign      %s  since list %u%s\n"), signer->key, signer->from, i > 0 ? _ (", still believed") : "");
    }
  mere_hq_print (_ ("box       %s\n"), keys->trust->operational);
  mere_hq_print (_ ("recovery  %s\n"), keys->trust->recovery != NULL ? keys->trust->recovery : "–");
  mere_hq_print (_ ("escrow    %s\n"), keys->trust->escrow != NULL ? keys->trust->escrow : "–");
  for (guint i = 0; i < keys->old_boxes->len; i++)
    if (!print_old (store, keys->old_boxes->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < behind->len; i++)
    {
      const MereDevice *device = behind->pdata[i];

      mere_hq_print (_ ("%s holds list %u: %s\n"), device->device, (guint) device->seen_trust, device->label);
    }
  return TRUE;
}

int
mere_verb_keys_list (MereHq *hq,
                     char ***args)
{
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, NULL, 0, 0, args, &status))
    return status;
  if ((keys = mere_root_open_keys (hq, &store, &error)) == NULL ||
      !(mere_hq_wants_json (hq) ? print_json (store, keys, &error) : print_text (store, keys, &error)))
    return mere_hq_fail (error);
  return MERE_HQ_DONE;
}

/* Each key, what it is called, and what a person has to do after it was changed. */
static const struct
{
  const char *name;
  MereKeyUse  use;
  const char *advice;
} uses[] = {
  { "sign", MERE_KEY_SIGN, N_ ("Packs and receipts are signed with a new key from now on. Laptops learn of it from headquarters' card: the next pack or receipt brings it along.") },
  { "box", MERE_KEY_BOX, N_ ("Laptops that have read headquarters' new card encrypt to a new key; the old one is kept for those that have not. Headquarters' digits for new laptops have changed: “status” shows them.") },
  { "root", MERE_KEY_ROOT, N_ ("The old root has handed over to a new one, and headquarters has a new name. Laptops follow when they read its new card. Its digits for new laptops have changed: “status” shows them.") },
};

static int
change (MereHq     *hq,
        const char *name,
        gboolean    leaked)
{
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;

  for (guint i = 0; i < G_N_ELEMENTS (uses); i++)
    {
      if (!g_str_equal (uses[i].name, name))
        continue;
      if (leaked && uses[i].use == MERE_KEY_ROOT)
        {
          mere_hq_say ("%s", _ ("Who has the root can hand over as well as you: a leaked root has no heir. Found a new headquarters, and enrol the laptops anew. Nothing was done."));
          return MERE_HQ_REFUSED;
        }
      if ((keys = mere_root_open_keys (hq, &store, &error)) == NULL || !mere_keyring_change (keys, store, uses[i].use, leaked, &error))
        return mere_hq_fail (error);
      mere_hq_say ("%s", _ (uses[i].advice));
      return MERE_HQ_DONE;
    }
  mere_hq_say (_ ("“%s” is none of headquarters' keys: sign, box, root."), name);
  return MERE_HQ_USAGE;
}

int
mere_verb_keys_change (MereHq *hq,
                       char ***args)
{
  gboolean           leaked = FALSE;
  const GOptionEntry entries[] = {
    { "leaked", 0, 0, G_OPTION_ARG_NONE, &leaked, N_ ("Somebody else may have it: believe it no more, not even for what is under way"), NULL },
    { NULL },
  };
  int status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  return change (hq, (*args)[1], leaked);
}

int
mere_verb_keys_escrow (MereHq *hq,
                       char ***args)
{
  gboolean           none = FALSE;
  const GOptionEntry entries[] = {
    { "none", 0, 0, G_OPTION_ARG_NONE, &none, N_ ("Encrypt to nobody else any more"), NULL },
    { NULL },
  };
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  guint8     key[MERE_AGE_KEY_SIZE];
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, entries, 0, 1, args, &status))
    return status;
  if (none == ((*args)[1] != NULL))
    {
      mere_hq_say ("%s", _ ("Give the holder's age recipient (“age1…”, as age-keygen prints it), or --none."));
      return MERE_HQ_USAGE;
    }
  if ((!none && !mere_age_recipient_parse ((*args)[1], key, &error)) || (keys = mere_root_open_keys (hq, &store, &error)) == NULL ||
      !mere_keyring_set_escrow (keys, store, none ? NULL : (*args)[1], &error))
    return mere_hq_fail (error);
  mere_hq_say ("%s", none ? _ ("Laptops that have read headquarters' new card encrypt to nobody else any more.")
                          : _ ("Laptops that have read headquarters' new card encrypt to this key, too. Its holder opens their bundles with stock age."));
  return MERE_HQ_DONE;
}

/* Whether a laptop may still have something under way that only this key opens. */
static gboolean
check_unused (MereStore   *store,
              MereKeyring *keys,
              const char  *recipient,
              GError     **error)
{
  for (guint i = 0; i < keys->old_boxes->len; i++)
    {
      const MereOldBox *box = keys->old_boxes->pdata[i];
      g_autoptr (GPtrArray) behind = NULL;

      if (!g_str_equal (box->recipient, recipient))
        continue;
      behind = list_behind (store, box->trust, error);
      if (behind == NULL || behind->len == 0)
        return behind != NULL;
      g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT,
                   _ ("%u laptops have not heard of the newer key: what they send could not be opened any more. Nothing was done; --force does it all the same."),
                   behind->len);
      return FALSE;
    }
  return TRUE;
}

int
mere_verb_keys_forget (MereHq *hq,
                       char ***args)
{
  gboolean           force = FALSE;
  const GOptionEntry entries[] = {
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_ ("Even if laptops may still encrypt to it"), NULL },
    { NULL },
  };
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  if ((keys = mere_root_open_keys (hq, &store, &error)) == NULL || (!force && !check_unused (store, keys, (*args)[1], &error)) ||
      !mere_keyring_forget_box (keys, store, (*args)[1], &error))
    return mere_hq_fail (error);
  mere_hq_say ("%s", _ ("The key is destroyed. What is still encrypted to it cannot be opened any more."));
  return MERE_HQ_DONE;
}
