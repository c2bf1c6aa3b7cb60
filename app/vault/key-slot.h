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

/**
 * mere_key_slot_new:
 * @id: (array fixed-size=16): of the vault
 * @data_key: what the slot is to hold
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Wraps the data key under a passphrase, at @cost. Format: docs/formats.md, "keys.json".
 *
 * Returns: (transfer full): a slot as keys.json has it
 */
JsonObject *mere_key_slot_new (const guint8      *id,
                               const MereSecret  *data_key,
                               const MereSecret  *passphrase,
                               const MereKeyCost *cost,
                               GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @slot is a passphrase slot of bounded cost with all its fields. */
gboolean mere_key_slot_is_valid (JsonObject *slot);

/**
 * mere_key_slot_open:
 * @slot: a valid slot
 * @error: return location, %MERE_VAULT_ERROR_PASSPHRASE if it does not open, %MERE_VAULT_ERROR_FAILED without memory
 *
 * Costs what the slot says.
 *
 * Returns: (transfer full): the data key
 */
MereSecret *mere_key_slot_open (const guint8 *id, JsonObject *slot, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define MERE_KEY_SLOT_LABEL "label" /* of any kind of slot, where it has one: the member for whose it is */

/* Members of hostile JSON: %NULL, or %FALSE, where it is missing or of another type or length. */
const char *mere_key_json_get_text (JsonObject *object, const char *name);
gboolean    mere_key_json_get_bytes (JsonObject *object, const char *name, guint8 *bytes, gsize size);

G_END_DECLS
