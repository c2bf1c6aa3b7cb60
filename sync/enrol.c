/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The laptop's side of the enrolment. */

#include "config.h"

#include "sync/enrol.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/store/settings.h"
#include "sync/card.h"
#include "sync/code.h"
#include "sync/enrol-private.h"
#include "sync/road.h"

#define KEY_LABEL "road.label"
#define KEY_OFFERED "road.offered"
#define KEY_ANSWERED "road.answered"
#define KEY_COPIED "road.copied" /* MereEnrolCopied */

G_DEFINE_QUARK (mere_enrol_error, mere_enrol_error)

void
mere_enrol_status_free (MereEnrolStatus *self)
{
  if (self == NULL)
    return;

  g_free (self->device);
  g_free (self->code);
  g_free (self->label);
  g_free (self->hq);
  g_free (self);
}

static MereEnrolState
derive_state (MereStore       *store,
              const char      *device,
              const MereTrust *trust)
{
  if (trust != NULL && device != NULL && mere_trust_is_revoked (trust, device))
    return MERE_ENROL_REVOKED;
  if (trust != NULL && mere_settings_load_int (store, KEY_ANSWERED, 0) != 0)
    return MERE_ENROL_ACTIVE;
  if (trust != NULL)
    return MERE_ENROL_TRUSTING;

  return mere_settings_load_int (store, KEY_OFFERED, 0) != 0 ? MERE_ENROL_OFFERED : MERE_ENROL_NEW;
}

MereEnrolState
mere_enrol_get_state (MereStore *store)
{
  g_autoptr (MereTrust) trust = mere_trust_load (store, 0, NULL);
  g_autofree char *device = mere_road_load_device (store, NULL);

  return derive_state (store, device, trust);
}

static void
fill_in_keys (MereEnrolStatus    *self,
              const MereRoadKeys *keys)
{
  g_autofree char *code = NULL;

  if (keys == NULL)
    return;

  code = mere_code_new (MERE_CODE_ROLE_DEVICE, &keys->key, keys->box_key, NULL);
  self->device = g_strdup (keys->device);
  self->code = mere_code_group (code);
}

static char *
or_empty (char *text)
{
  return text != NULL ? text : g_strdup ("");
}

MereEnrolStatus *
mere_enrol_load_status (MereStore *store,
                        GError   **error)
{
  g_autoptr (MereEnrolStatus) self = g_new0 (MereEnrolStatus, 1);
  g_autoptr (MereRoadKeys) keys = NULL;
  g_autoptr (MereTrust) trust = NULL;
  g_autoptr (GError) failure = NULL;

  keys = mere_road_keys_load (store, &failure);
  if (failure == NULL)
    trust = mere_trust_load (store, 0, &failure);
  if (failure == NULL)
    self->label = mere_settings_load_text (store, KEY_LABEL, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  fill_in_keys (self, keys);
  if (trust != NULL)
    {
      self->hq = g_strdup (trust->hq);
      self->trust = trust->version;
    }
  self->state = derive_state (store, self->device, trust);
  self->device = or_empty (self->device);
  self->code = or_empty (self->code);
  self->label = or_empty (self->label);
  self->hq = or_empty (self->hq);

  return g_steal_pointer (&self);
}

char *
mere_enrol_dup_public_key (MereStore *store,
                           GError   **error)
{
  g_autoptr (MereRoadKeys) keys = mere_road_keys_ensure (store, error);

  return keys != NULL ? mere_minisign_key_to_file (&keys->key) : NULL;
}

/* At most so many characters, without blanks around them. */
static char *
tidy_label (const char *label)
{
  g_autofree char *valid = g_utf8_make_valid (label, -1);

  g_strstrip (valid);

  return g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), MERE_ENROL_MAX_LABEL));
}

gboolean
mere_enrol_prepare (MereStore  *store,
                    const char *label,
                    GError    **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereRoadKeys) keys = work != NULL ? mere_road_keys_ensure (store, error) : NULL;
  g_autofree char *tidied = label != NULL ? tidy_label (label) : NULL;

  return keys != NULL &&
         (tidied == NULL || mere_settings_save_text (store, KEY_LABEL, tidied, error)) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

static gboolean
publish (MereStore          *store,
         MereStick          *stick,
         const MereRoadKeys *keys,
         GCancellable       *cancellable,
         GError            **error)
{
  g_autofree char *label = mere_settings_load_text (store, KEY_LABEL, NULL);
  g_autofree char *folder = mere_road_dup_folder (store, MERE_ROAD_CARD, error);
  g_autofree char *session = folder != NULL ? mere_road_take_session (store, error) : NULL;
  g_autoptr (MereCard) card = mere_card_new_device (&keys->key, keys->box_key, label);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;

  if (session == NULL)
    return FALSE;
  card->replaces = mere_road_load_replaced (store, NULL);
  mere_card_sign (card, keys->sign, &text, &signature);

  return mere_card_publish (stick, keys->device, text, signature, folder, session, cancellable, error);
}

gboolean
mere_enrol_write (MereStore    *store,
                  const char   *folder,
                  GCancellable *cancellable,
                  GError      **error)
{
  g_autoptr (MereStick) stick = mere_stick_open (folder, error);
  g_autoptr (MereRoadKeys) keys = stick != NULL ? mere_road_keys_ensure (store, error) : NULL;

  return keys != NULL &&
         publish (store, stick, keys, cancellable, error) &&
         mere_settings_save_int (store, KEY_OFFERED, 1, error);
}

/* All cards of headquarters on a stick. */
static GPtrArray *
scan_cards (const char *folder,
            guint      *n_damaged,
            GError    **error)
{
  g_autoptr (MereStick) stick = mere_stick_open (folder, error);
  g_autoptr (GPtrArray) found = stick != NULL ? mere_stick_scan (stick, NULL, error) : NULL;
  g_autoptr (GPtrArray) cards = found != NULL ? mere_card_scan (stick, found, n_damaged, NULL, error) : NULL;

  for (guint i = cards != NULL ? cards->len : 0; i > 0; i--)
    if (!((const MereCard *) cards->pdata[i - 1])->is_hq)
      g_ptr_array_remove_index (cards, i - 1);

  return g_steal_pointer (&cards);
}

gboolean
mere_enrol_has_card (const char *folder)
{
  guint n_damaged;
  g_autoptr (GPtrArray) cards = scan_cards (folder, &n_damaged, NULL);

  return cards != NULL && cards->len > 0;
}

static gboolean
refuse (GError       **error,
        MereEnrolError code,
        const char    *message)
{
  g_set_error_literal (error, MERE_ENROL_ERROR, code, message);

  return FALSE;
}

/* The newest card of those that have the code: headquarters may have left an older one. */
static const MereCard *
find_card (GPtrArray  *cards,
           const char *digits)
{
  const MereCard *newest = NULL;

  for (guint i = 0; i < cards->len; i++)
    {
      const MereCard  *card = cards->pdata[i];
      g_autofree char *code = mere_card_dup_code (card);

      if (strcmp (code, digits) == 0 && (newest == NULL || card->trust->version > newest->trust->version))
        newest = card;
    }

  return newest;
}

static gboolean
take_trust (MereStore       *store,
            const MereTrust *trust,
            GError         **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereTrust) held = NULL;
  g_autoptr (MereRoadKeys) keys = NULL;
  g_autoptr (GError) failure = NULL;

  if (work == NULL)
    return FALSE;
  held = mere_trust_load (store, 0, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (held != NULL && strcmp (held->root, trust->root) != 0)
    return refuse (error, MERE_ENROL_ERROR_ALREADY,
                   _ ("This vault trusts another headquarters already. Make a new vault for this one."));
  keys = held == NULL ? mere_road_keys_ensure (store, error) : NULL;

  return (held != NULL || (keys != NULL && mere_trust_save (store, trust, error))) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_enrol_trust (MereStore  *store,
                  const char *folder,
                  const char *typed,
                  GError    **error)
{
  guint            n_damaged = 0;
  g_autofree char *digits = mere_code_read (typed, error);
  g_autoptr (GPtrArray) cards = digits != NULL ? scan_cards (folder, &n_damaged, error) : NULL;
  const MereCard *card;

  if (cards == NULL)
    return FALSE;
  if (cards->len == 0 && n_damaged > 0)
    return refuse (error, MERE_ENROL_ERROR_CARD,
                   _ ("The card in this folder is damaged, or not signed as it must be. Ask headquarters to write it again."));
  if (cards->len == 0)
    return refuse (error, MERE_ENROL_ERROR_NO_CARD,
                   _ ("No card of a headquarters lies in this folder. Choose the stick that headquarters gave you."));
  card = find_card (cards, digits);
  if (card == NULL)
    return refuse (error, MERE_ENROL_ERROR_CODE,
                   _ ("These digits are not those of the card in this folder. Nothing was trusted: it is the wrong card, or somebody has put another one there. Ask headquarters."));

  return take_trust (store, card->trust, error);
}

gboolean
mere_enrol_set_answered (MereStore *store,
                         GError   **error)
{
  return mere_settings_load_int (store, KEY_ANSWERED, 0) != 0 || mere_settings_save_int (store, KEY_ANSWERED, 1, error);
}

MereEnrolCopied
mere_enrol_get_copied (MereStore *store)
{
  return (MereEnrolCopied) mere_settings_load_int (store, KEY_COPIED, MERE_ENROL_COPIED_NO);
}

gboolean
mere_enrol_settle_copied (MereStore *store,
                          GError   **error)
{
  return mere_settings_save_int (store, KEY_COPIED, MERE_ENROL_COPIED_SETTLED, error);
}

gboolean
mere_enrol_set_copied (MereStore *store,
                       GError   **error)
{
  return mere_enrol_get_copied (store) != MERE_ENROL_COPIED_NO ||
         mere_settings_save_int (store, KEY_COPIED, MERE_ENROL_COPIED_YES, error);
}

gboolean
mere_enrol_renew (MereStore *store,
                  GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereRoadKeys) keys = work != NULL ? mere_road_keys_renew (store, error) : NULL;

  if (keys == NULL ||
      !mere_settings_save_int (store, KEY_OFFERED, 0, error) ||
      !mere_settings_save_int (store, KEY_ANSWERED, 0, error) ||
      !mere_settings_save_int (store, KEY_COPIED, MERE_ENROL_COPIED_NO, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_OTHER);

  return mere_transaction_commit (g_steal_pointer (&work), error);
}
