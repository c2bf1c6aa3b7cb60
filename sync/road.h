/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/bundle.h"
#include "app/vault/secret.h"
#include "sync/minisign.h"

G_BEGIN_DECLS

/* What a laptop keeps in its vault for the road: its keys, its chain of bundles, and where sealed bundles lie. For
 * enrol.c and the courier. Settings: docs/formats-road.md, "Laptop". */

/**
 * MereRoadKeys:
 * @sign: minisign secret
 * @box: age identity
 * @key: public half of @sign
 * @device: the laptop's name
 * @sign_key: "RW…"
 * @box_key: "age1…"
 */
typedef struct
{
  MereSecret     *sign;
  MereSecret     *box;
  MereMinisignKey key;
  char           *device;
  char           *sign_key;
  char           *box_key;
} MereRoadKeys;

/* NULL without an error: they were not made yet. */
MereRoadKeys *mere_road_keys_load (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Those that are there, or new ones with a first chain; in one transaction. */
MereRoadKeys *mere_road_keys_ensure (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void          mere_road_keys_free (MereRoadKeys *self);

/**
 * mere_road_keys_renew:
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * New keys and a first chain in the place of the present ones, in one transaction: another laptop, as headquarters sees it.
 */
MereRoadKeys *mere_road_keys_renew (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Its name before it had other keys; NULL without an error: these are its first. */
char *mere_road_load_replaced (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The name alone: cheap, without secrets. NULL without an error: no keys yet. */
char *mere_road_load_device (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * MereRoadChain:
 * @id: 32 hex digits
 * @no: from 1
 * @parent_id: (nullable): the chain before it, with the number and hash of its last bundle known here
 */
typedef struct
{
  char *id;
  guint no;
  char *parent_id;
  guint parent_seq;
  char *parent_b2;
} MereRoadChain;

MereRoadChain *mere_road_chain_load (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void           mere_road_chain_free (MereRoadChain *self);

/**
 * mere_road_chain_renew:
 * @above: highest number of a chain of this laptop that is known from elsewhere
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Begins a new chain after the present one, because that was continued by another copy of this vault, or is at its end.
 */
gboolean mere_road_chain_renew (MereStore *store, guint above, GError **error);

/**
 * mere_road_dup_folder:
 * @name: "outbox", "incoming", "card"
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * A folder on the laptop's own disk, made where it is missing: beside the vault's database, or in the folder that the
 * setting "road.folder" names, for a store without a vault.
 */
char *mere_road_dup_folder (MereStore *store, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "s000012": one more than the last, for each insertion. */
char *mere_road_take_session (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define MERE_ROAD_OUTBOX "outbox"     /* sealed bundles */
#define MERE_ROAD_INCOMING "incoming" /* copies of what is on a stick, while they are read */
#define MERE_ROAD_CARD "card"         /* the laptop's own card */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereRoadKeys, mere_road_keys_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereRoadChain, mere_road_chain_free)

G_END_DECLS
