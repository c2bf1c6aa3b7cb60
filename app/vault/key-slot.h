/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "app/vault/secret.h"
#include "app/vault/vfs.h"

G_BEGIN_DECLS

/**
 * MereKeyCost:
 * @passes: over the memory
 * @memory: bytes
 *
 * What one guess at a passphrase costs: Argon2id (RFC 9106) with one lane.
 */
typedef struct
{
  guint64 passes;
  guint64 memory;
} MereKeyCost;

/* What a file may ask of the machine that opens it: it is tried before it can be authenticated. */
#define MERE_KEY_COST_MOST_MEMORY (G_GUINT64_CONSTANT (1) << 30) /* bytes */
#define MERE_KEY_COST_MOST_PASSES 64

/**
 * mere_key_cost_calibrate:
 *
 * Measures this machine: 256 MiB, and as many passes as take about a second of its processor, at least three; by
 * deriving a key with three.
 */
MereKeyCost mere_key_cost_calibrate (void);

typedef enum {
  MERE_KEY_SLOT_PASSPHRASE,
  MERE_KEY_SLOT_RECOVERY, /* headquarters' answer opens it */
  MERE_KEY_SLOT_N_KINDS,
} MereKeySlotKind;

/**
 * mere_key_slot_new:
 * @id: (array fixed-size=16): of the vault
 * @data_key: what the slot is to hold
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Wraps the data key under a passphrase or another secret, at @cost. Format: docs/formats.md, "keys.json".
 *
 * Returns: (transfer full): a slot as keys.json has it
 */
JsonObject *mere_key_slot_new (MereKeySlotKind    kind,
                               const guint8      *id,
                               const MereSecret  *data_key,
                               const MereSecret  *passphrase,
                               const MereKeyCost *cost,
                               GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @slot is of this kind, of bounded cost and with all its fields. */
gboolean mere_key_slot_is (JsonObject *slot, MereKeySlotKind kind);

/* Whether it says that it is of a kind that is known, and is not. */
gboolean mere_key_slot_is_broken (JsonObject *slot);

MereKeyCost mere_key_slot_get_cost (JsonObject *slot); /* zeros where it is of an unknown kind */

/**
 * mere_key_slot_open:
 * @slot: of a known kind
 * @error: return location, %MERE_VAULT_ERROR_PASSPHRASE if it does not open, %MERE_VAULT_ERROR_FAILED without memory
 *
 * Costs what the slot says.
 *
 * Returns: (transfer full): the data key
 */
MereSecret *mere_key_slot_open (const guint8 *id, JsonObject *slot, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Members of any kind of slot, where it has them. */
#define MERE_KEY_SLOT_LABEL "label" /* whose it is */
#define MERE_KEY_SLOT_MADE "made"   /* the day on which it was made, YYYY-MM-DD, UTC */

/* Members of hostile JSON: %NULL, or %FALSE, where it is missing or of another type or length. */
const char *mere_key_json_get_text (JsonObject *object, const char *name);
gboolean    mere_key_json_get_bytes (JsonObject *object, const char *name, guint8 *bytes, gsize size);

G_END_DECLS
