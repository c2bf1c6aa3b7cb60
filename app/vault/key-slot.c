/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One slot of keys.json: the data key, sealed by XChaCha20-Poly1305 under a key that Argon2id makes of a secret: a passphrase, or
 * headquarters' answer. */

#include "config.h"

#include "app/vault/key-slot.h"

#include "app/vault/vault.h"
#include "app/vault/vfs-private.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#define KDF "argon2id13" /* Argon2id, version 1.3 */
#define SALT crypto_pwhash_SALTBYTES
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define SEALED (MERE_VFS_KEY + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define LONGEST_KIND 10
#define AD (MERE_VFS_ID + LONGEST_KIND + 8 + 8 + SALT)
#define TARGET_US G_USEC_PER_SEC

static const char *const kinds[MERE_KEY_SLOT_N_KINDS] = { "passphrase", "recovery" };

typedef struct
{
  MereKeySlotKind kind;
  MereKeyCost     cost;
  guint8          salt[SALT];
  guint8          nonce[NONCE];
  guint8          sealed[SEALED];
} Slot;

static gint64
processor_time_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Time of the processor, not of the wall: a machine that is busy now is not slow. */
MereKeyCost
mere_key_cost_calibrate (void)
{
  MereKeyCost cost = { crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE };
  guint8      key[MERE_SEAL_KEY], salt[SALT] = { 0 };
  gint64      start = processor_time_us (), taken_us;

  if (crypto_pwhash (key, sizeof key, "", 0, salt, cost.passes, cost.memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return cost; /* no memory: making the slot will say so */
  taken_us = MAX (processor_time_us () - start, 1);
  cost.passes = CLAMP (cost.passes * TARGET_US / (guint64) taken_us, cost.passes, MERE_KEY_COST_MOST_PASSES);
  return cost;
}

/* Returns: bytes of @ad */
static gsize
bind (guint8 ad[AD], const guint8 *id, const Slot *slot)
{
  const char *kind = kinds[slot->kind];
  guint8     *to = ad;

  memcpy (to, id, MERE_VFS_ID);
  to += MERE_VFS_ID;
  memcpy (to, kind, strlen (kind));
  to += strlen (kind);
  mere_put_u64 (to, slot->cost.passes);
  mere_put_u64 (to + 8, slot->cost.memory);
  memcpy (to + 16, slot->salt, SALT);
  return (gsize) (to + 16 + SALT - ad);
}

/* The key that seals the slot. */
static MereSecret *
derive (const Slot *slot, const MereSecret *passphrase, GError **error)
{
  g_autoptr (MereSecret) key = mere_secret_new (MERE_SEAL_KEY);

  if (crypto_pwhash (mere_secret_get_data (key), MERE_SEAL_KEY, (const char *) mere_secret_get_data (passphrase),
                     mere_secret_get_size (passphrase), slot->salt, slot->cost.passes, slot->cost.memory,
                     crypto_pwhash_ALG_ARGON2ID13) == 0)
    return g_steal_pointer (&key);

  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED,
               _ ("The passphrase cannot be tried: this needs %u MiB of free memory. Close other programs and try again."),
               (guint) (slot->cost.memory >> 20));
  return NULL;
}

static void
set_bytes (JsonObject *object, const char *name, const guint8 *bytes, gsize size)
{
  g_autofree char *hex = g_malloc (2 * size + 1);

  sodium_bin2hex (hex, 2 * size + 1, bytes, size);
  json_object_set_string_member (object, name, hex);
}

static void
set_today (JsonObject *object)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");

  json_object_set_string_member (object, MERE_KEY_SLOT_MADE, day);
}

static JsonObject *
slot_to_json (const Slot *slot)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", kinds[slot->kind]);
  json_object_set_string_member (object, "kdf", KDF);
  json_object_set_int_member (object, "passes", (gint64) slot->cost.passes);
  json_object_set_int_member (object, "memory", (gint64) slot->cost.memory);
  set_bytes (object, "salt", slot->salt, SALT);
  set_bytes (object, "nonce", slot->nonce, NONCE);
  set_bytes (object, "key", slot->sealed, SEALED);
  set_today (object);
  return object;
}

JsonObject *
mere_key_slot_new (MereKeySlotKind    kind,
                   const guint8      *id,
                   const MereSecret  *data_key,
                   const MereSecret  *passphrase,
                   const MereKeyCost *cost,
                   GError           **error)
{
  g_autoptr (MereSecret) key = NULL;
  Slot   slot = { .kind = kind, .cost = *cost };
  guint8 ad[AD];
  gsize  bound;

  randombytes_buf (slot.salt, SALT);
  randombytes_buf (slot.nonce, NONCE);
  key = derive (&slot, passphrase, error);
  if (key == NULL)
    return NULL;
  bound = bind (ad, id, &slot);
  crypto_aead_xchacha20poly1305_ietf_encrypt (slot.sealed, NULL, mere_secret_get_data (data_key), MERE_VFS_KEY, ad, bound,
                                              NULL, slot.nonce, mere_secret_get_data (key));
  return slot_to_json (&slot);
}

static JsonNode *
get_value (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node : NULL;
}

const char *
mere_key_json_get_text (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

gboolean
mere_key_json_get_bytes (JsonObject *object, const char *name, guint8 *bytes, gsize size)
{
  const char *text = mere_key_json_get_text (object, name);
  gsize       done = 0;

  return text != NULL && strlen (text) == 2 * size &&
         sodium_hex2bin (bytes, size, text, 2 * size, NULL, &done, NULL) == 0 && done == size;
}

static gboolean
get_number (JsonObject *object, const char *name, guint64 least, guint64 most, guint64 *number)
{
  JsonNode *node = get_value (object, name, G_TYPE_INT64);
  gint64    value = node != NULL ? json_node_get_int (node) : -1;

  *number = (guint64) value;
  return value >= 0 && *number >= least && *number <= most;
}

static gboolean
kind_from_json (MereKeySlotKind *kind, JsonObject *object)
{
  const char *text = mere_key_json_get_text (object, "kind");

  for (guint i = 0; i < MERE_KEY_SLOT_N_KINDS; i++)
    if (g_strcmp0 (text, kinds[i]) == 0)
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
slot_from_json (Slot *slot, JsonObject *object)
{
  return kind_from_json (&slot->kind, object) &&
         g_strcmp0 (mere_key_json_get_text (object, "kdf"), KDF) == 0 &&
         get_number (object, "passes", crypto_pwhash_OPSLIMIT_MIN, MERE_KEY_COST_MOST_PASSES, &slot->cost.passes) &&
         get_number (object, "memory", crypto_pwhash_MEMLIMIT_MIN, MERE_KEY_COST_MOST_MEMORY, &slot->cost.memory) &&
         mere_key_json_get_bytes (object, "salt", slot->salt, SALT) &&
         mere_key_json_get_bytes (object, "nonce", slot->nonce, NONCE) &&
         mere_key_json_get_bytes (object, "key", slot->sealed, SEALED);
}

gboolean
mere_key_slot_is (JsonObject *slot, MereKeySlotKind kind)
{
  Slot fields;

  return slot_from_json (&fields, slot) && fields.kind == kind;
}

gboolean
mere_key_slot_is_broken (JsonObject *slot)
{
  MereKeySlotKind kind;

  return kind_from_json (&kind, slot) && !mere_key_slot_is (slot, kind);
}

MereKeyCost
mere_key_slot_get_cost (JsonObject *slot)
{
  Slot fields;

  return slot_from_json (&fields, slot) ? fields.cost : (MereKeyCost){ 0, 0 };
}

MereSecret *
mere_key_slot_open (const guint8 *id, JsonObject *slot, const MereSecret *passphrase, GError **error)
{
  g_autoptr (MereSecret) key = NULL;
  g_autoptr (MereSecret) data_key = mere_secret_new (MERE_VFS_KEY);
  Slot   fields;
  guint8 ad[AD];
  gsize  bound;

  g_return_val_if_fail (slot_from_json (&fields, slot), NULL);

  key = derive (&fields, passphrase, error);
  if (key == NULL)
    return NULL;
  bound = bind (ad, id, &fields);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt (mere_secret_get_data (data_key), NULL, NULL, fields.sealed, SEALED, ad,
                                                  bound, fields.nonce, mere_secret_get_data (key)) == 0)
    return g_steal_pointer (&data_key);

  g_set_error_literal (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE, _ ("That is not the passphrase of this vault."));
  return NULL;
}
