/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `enrol list`, `approve`, `revoke`, `team` and `card`: which laptops headquarters knows. */

#include "config.h"

#include "sync/code.h"
#include "sync/hq/device.h"
#include "sync/hq/keyring.h"
#include "sync/hq/outbox.h"
#include "sync/hq/root.h"
#include "sync/hq/team.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>

static gboolean
scan_stick (const char *path,
            GPtrArray  *cards,
            guint      *n_damaged,
            GError    **error)
{
  g_autoptr (MereStick) stick = mere_stick_open (path, error);
  g_autoptr (GPtrArray) found = stick != NULL ? mere_stick_scan (stick, NULL, error) : NULL;
  g_autoptr (GPtrArray) here = found != NULL ? mere_card_scan (stick, found, n_damaged, NULL, error) : NULL;

  if (here == NULL)
    return FALSE;
  for (guint i = 0; i < here->len; i++)
    {
      MereCard *card = here->pdata[i];

      if (!card->is_hq)
        g_ptr_array_add (cards, g_steal_pointer (&here->pdata[i]));
    }
  return TRUE;
}

static void
card_free (gpointer card)
{
  mere_card_free (card);
}

/* The laptops' cards on all sticks: (element-type MereCard). */
static GPtrArray *
scan_sticks (char   **paths,
             GError **error)
{
  g_autoptr (GPtrArray) cards = g_ptr_array_new_with_free_func (card_free);

  for (; *paths != NULL; paths++)
    {
      guint n_damaged = 0;

      if (!scan_stick (*paths, cards, &n_damaged, error))
        return NULL;
      if (n_damaged > 0)
        mere_hq_say (ngettext ("%s: %u card is damaged or forged; it is passed over",
                               "%s: %u cards are damaged or forged; they are passed over",
                               n_damaged),
                     *paths,
                     n_damaged);
    }
  return g_steal_pointer (&cards);
}

static JsonObject *
device_to_json (const MereDevice *device)
{
  JsonObject *object = json_object_new ();

  mere_hq_set_text (object, "device", device->device);
  mere_hq_set_text (object, "label", device->label);
  mere_hq_set_text (object, "state", device->revoked ? "revoked" : "active");
  mere_hq_set_time (object, "approved", device->approved_us, 0);
  mere_hq_set_time (object, "heard", device->heard_us, 0);
  mere_hq_set_text (object, "sign_key", device->sign_key);
  mere_hq_set_text (object, "box_key", device->box_key);
  return object;
}

static JsonObject *
card_to_json (const MereCard *card)
{
  JsonObject *object = json_object_new ();

  mere_hq_set_text (object, "device", card->device);
  mere_hq_set_text (object, "label", card->label);
  mere_hq_set_text (object, "state", "waiting");
  mere_hq_set_text (object, "sign_key", card->sign_key);
  mere_hq_set_text (object, "box_key", card->box_key);
  return object;
}

static gboolean
is_known (GPtrArray      *devices,
          const MereCard *card)
{
  for (guint i = 0; i < devices->len; i++)
    if (g_str_equal (((MereDevice *) devices->pdata[i])->device, card->device))
      return TRUE;
  return FALSE;
}

static void
print_list_json (GPtrArray *devices,
                 GPtrArray *cards)
{
  JsonObject *object = json_object_new ();
  JsonArray  *list = json_array_new ();

  for (guint i = 0; i < devices->len; i++)
    json_array_add_object_element (list, device_to_json (devices->pdata[i]));
  for (guint i = 0; i < cards->len; i++)
    if (!is_known (devices, cards->pdata[i]))
      json_array_add_object_element (list, card_to_json (cards->pdata[i]));
  json_object_set_array_member (object, "devices", list);
  mere_hq_print_json (mere_hq_object_node (object));
}

/* The code of a card is never shown: it has to come from the laptop's owner, by another way than the stick. */
static void
print_list (GPtrArray *devices,
            GPtrArray *cards)
{
  for (guint i = 0; i < devices->len; i++)
    {
      const MereDevice *device = devices->pdata[i];
      g_autofree char  *heard = mere_hq_dup_time (device->heard_us, 0);

      mere_hq_print ("%s  %-8s  %-16s  %s\n", device->device, device->revoked ? _ ("revoked") : _ ("active"), heard, device->label);
    }
  for (guint i = 0; i < cards->len; i++)
    {
      const MereCard *card = cards->pdata[i];

      if (!is_known (devices, card))
        mere_hq_print ("%s  %-8s  %-16s  %s\n", card->device, _ ("waiting"), "–", card->label);
    }
}

int
mere_verb_enrol_list (MereHq *hq,
                      char ***args)
{
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GPtrArray) cards = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, NULL, 0, -1, args, &status))
    return status;
  if ((store = mere_hq_open (hq, &error)) == NULL || (devices = mere_device_list (store, &error)) == NULL ||
      (cards = scan_sticks (*args + 1, &error)) == NULL)
    return mere_hq_fail (error);
  if (mere_hq_wants_json (hq))
    print_list_json (devices, cards);
  else
    print_list (devices, cards);
  return MERE_HQ_DONE;
}

static const MereCard *
find_card (GPtrArray  *cards,
           const char *device)
{
  for (guint i = 0; i < cards->len; i++)
    if (g_str_equal (((MereCard *) cards->pdata[i])->device, device))
      return cards->pdata[i];
  return NULL;
}

static gboolean
approve (MereStore      *store,
         const MereCard *card,
         const char     *typed,
         const char     *label,
         const char     *replaces,
         GError        **error)
{
  g_autofree char *code = mere_card_dup_code (card);
  g_autoptr (MereDevice) before = replaces != NULL ? mere_device_load (store, replaces, error) : NULL;

  return (replaces == NULL || before != NULL) && mere_code_compare (code, typed, error) &&
         mere_device_approve (store, card, label, replaces, error);
}

int
mere_verb_enrol_approve (MereHq *hq,
                         char ***args)
{
  g_autofree char   *code = NULL;
  g_autofree char   *label = NULL;
  g_autofree char   *replaces = NULL;
  const GOptionEntry entries[] = {
    { "code", 0, 0, G_OPTION_ARG_STRING, &code, N_ ("The 25 digits as the laptop's owner has read them out"), N_ ("DIGITS") },
    { "label", 0, 0, G_OPTION_ARG_STRING, &label, N_ ("What to call the laptop, instead of what it calls itself"), N_ ("TEXT") },
    { "replaces", 0, 0, G_OPTION_ARG_STRING, &replaces, N_ ("The laptop that it was before it was installed anew"), N_ ("DEVICE") },
    { NULL },
  };
  g_autoptr (GPtrArray) cards = NULL;
  g_autoptr (GError) error = NULL;
  const MereCard *card;
  MereStore      *store;
  int             status;

  if (!mere_hq_parse (hq, entries, 2, -1, args, &status))
    return status;
  if (code == NULL)
    {
      mere_hq_say ("%s", _ ("Give the laptop's 25 digits with --code; they come from its owner, not from the stick."));
      return MERE_HQ_USAGE;
    }
  if ((store = mere_hq_open (hq, &error)) == NULL || (cards = scan_sticks (*args + 2, &error)) == NULL)
    return mere_hq_fail (error);
  card = find_card (cards, (*args)[1]);
  if (card == NULL)
    {
      mere_hq_say (_ ("There is no card of a laptop “%s” there. “enrol list PATH” shows those that are."), (*args)[1]);
      return MERE_HQ_REFUSED;
    }
  if (!approve (store, card, code, label, replaces, &error))
    return mere_hq_fail (error);
  mere_hq_say (_ ("%s is enrolled. “pack” sends it the mission."), card->device);
  return MERE_HQ_DONE;
}

/* Here it is believed no more at once, even while nobody can sign a list that says so. */
static gboolean
revoke_device (MereStore   *store,
               MereKeyring *keys,
               const char  *name,
               GError     **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereDevice) device = work != NULL ? mere_device_load (store, name, error) : NULL;

  return device != NULL && mere_device_set_revoked (store, name, error) &&
         (keys->root == NULL || mere_trust_is_revoked (keys->trust, name) || mere_keyring_renew_trust (keys, store, error)) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

int
mere_verb_enrol_revoke (MereHq *hq,
                        char ***args)
{
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, NULL, 1, 1, args, &status))
    return status;
  if ((keys = mere_root_open_keys (hq, &store, &error)) == NULL || !revoke_device (store, keys, (*args)[1], &error))
    return mere_hq_fail (error);
  if (keys->root == NULL)
    {
      mere_hq_say (_ ("%s is revoked: what comes from it from now on is held back. The root lies offline: the other laptops learn of it when it has signed the next list (“keys draft”)."),
                   (*args)[1]);
      return MERE_HQ_DONE;
    }
  mere_hq_say (_ ("%s is revoked: what comes from it from now on is held back. The other laptops learn of it with their next receipt or pack."),
               (*args)[1]);
  return MERE_HQ_DONE;
}

int
mere_verb_enrol_card (MereHq *hq,
                      char ***args)
{
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (MereStick) stick = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, NULL, 1, 1, args, &status))
    return status;
  if ((store = mere_hq_open (hq, &error)) == NULL || (keys = mere_keyring_load (store, &error)) == NULL ||
      (stick = mere_stick_open ((*args)[1], &error)) == NULL || !mere_outbox_carry_card (store, keys, stick, NULL, &error))
    return mere_hq_fail (error);
  mere_hq_say ("%s", _ ("Headquarters' card is on the stick and reads back the same. Its digits go another way: by telephone, or on paper."));
  return MERE_HQ_DONE;
}

int
mere_verb_enrol_team (MereHq *hq,
                      char ***args)
{
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, NULL, 1, -1, args, &status))
    return status;
  if ((store = mere_hq_open (hq, &error)) == NULL ||
      !mere_hq_team_set (store, (*args)[1], (const char *const *) *args + 2, &error))
    return mere_hq_fail (error);
  mere_hq_say ((*args)[2] != NULL ? _ ("With the next pack, %s reads what its team has collected, beside headquarters.")
                                  : _ ("With the next pack, %s leads nobody any more."),
               (*args)[1]);
  return MERE_HQ_DONE;
}
