/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/keyring.h"

G_BEGIN_DECLS

/* keyring-change.c, for keyring-draft.c too: the list after the present one, and what a new key changes in it. */

MereTrust *mere_keyring_begin_list (MereKeyring *self) G_GNUC_WARN_UNUSED_RESULT;

/* @secret speaks from this list on; the one before goes on speaking, unless it @leaked. */
void mere_keyring_put_signer (MereKeyring *self, MereTrust *head, const MereSecret *secret, gboolean leaked);
void mere_keyring_put_box (MereTrust *head, const MereSecret *secret);

/* Keeps the present box key beside its successor, which list @trust names. */
gboolean mere_keyring_keep_old_box (MereKeyring *self, MereStore *store, guint trust, GError **error);

G_END_DECLS
