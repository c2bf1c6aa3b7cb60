/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "app/store/store.h"
#include "app/vault/secret.h"

G_BEGIN_DECLS

/**
 * MereLaptop:
 *
 * The assessor's laptop in the field day, through the calls that the window makes.
 */
typedef struct
{
  MereStore  *store;
  const char *stick;
  JsonArray  *expected; /* {"id", "form", "answers"} of each record */
} MereLaptop;

/* Makes the vault. */
gboolean mere_laptop_begin (MereLaptop *self, const char *path, const MereSecret *passphrase, GError **error);
void     mere_laptop_end (MereLaptop *self);

/* Writes the laptop's card; @device and @code: what headquarters is told by telephone. */
gboolean mere_laptop_offer (MereLaptop *self, const char *label, char **device, char **code, GError **error);

/* Types headquarters' digits, then reads the mission pack. */
gboolean mere_laptop_trust (MereLaptop *self, const char *code, GError **error);
gboolean mere_laptop_read (MereLaptop *self, GError **error);

/* Times passengers; fills questionnaires; finalises each. @crossing is a name. */
gboolean mere_laptop_observe (MereLaptop *self, const char *crossing, JsonObject *observation, GError **error);
gboolean mere_laptop_fill (MereLaptop *self, const char *crossing, JsonObject *record, GError **error);

gboolean mere_laptop_write (MereLaptop *self, GError **error);

/* One line a record: title and state. Fails where one is not acknowledged. */
gboolean mere_laptop_tell_states (MereLaptop *self, GError **error);

/* The laptop's minisign public key, as `minisign -p` reads it. */
gboolean mere_laptop_save_public_key (MereLaptop *self, const char *path, GError **error);

G_END_DECLS
