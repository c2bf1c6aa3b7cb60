/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/secret.h"
#include "sync/handover.h"
#include "sync/stick.h"

G_BEGIN_DECLS

/* Cards: enrol.json and its signature, public keys that a laptop and headquarters show each other before they trust each
 * other. A card is signed by its own key: that proves that the key is held, not whose it is; that is what the digits are
 * for. Format: docs/formats-road.md, "Card". */

#define MERE_CARD_MAX_LABEL 240 /* bytes: 60 characters */

#define MERE_CARD_ERROR (mere_card_error_quark ())
GQuark mere_card_error_quark (void);

/**
 * MereCardError:
 * @MERE_CARD_ERROR_FORMAT: not a card, or one that breaks the format
 * @MERE_CARD_ERROR_SIGNATURE: not signed by its own key, or changed; of headquarters also: its trust list is not its own
 */
typedef enum {
  MERE_CARD_ERROR_FORMAT = 1,
  MERE_CARD_ERROR_SIGNATURE,
} MereCardError;

/**
 * MereCard:
 * @is_hq: headquarters', else a laptop's
 * @device: eight characters, that of @sign_key
 * @sign_key: "RW…"; of headquarters, its root
 * @box_key: "age1…"; of headquarters, its operational one
 * @label: what its owner calls it; ""
 * @replaces: (nullable): of a laptop: its name before it made new keys; for people, not to be believed by itself
 * @trust: (nullable): headquarters' newest trust list, its signature checked; %NULL iff a laptop's
 * @handovers: (nullable) (element-type MereHandover): changes of headquarters' root, their signatures checked
 */
typedef struct
{
  gboolean   is_hq;
  char      *device;
  char      *sign_key;
  char      *box_key;
  char      *label;
  char      *replaces;
  MereTrust *trust;
  GPtrArray *handovers;
} MereCard;

/* For a laptop, from its keys, and for headquarters from its newest list; @handovers: (nullable) (element-type MereHandover). */
MereCard *mere_card_new_device (const MereMinisignKey *sign_key, const char *box_key, const char *label) G_GNUC_WARN_UNUSED_RESULT; /* @replaces is set by the caller */
MereCard *mere_card_new_hq (const MereTrust *trust, GPtrArray *handovers, const char *label) G_GNUC_WARN_UNUSED_RESULT;
void      mere_card_free (MereCard *self);

/* "25 digits": see sync/code.h; 25 ASCII digits without blanks. */
char *mere_card_dup_code (const MereCard *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_card_open:
 * @text: enrol.json
 * @signature: enrol.json.minisig; its trusted comment is `merestone-card/1 d=<device>`
 * @error: return location, domain %MERE_CARD_ERROR
 *
 * Reads a card and checks all that can be checked without a person.
 */
MereCard *mere_card_open (GBytes *text, GBytes *signature, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_card_sign:
 * @secret: of @sign_key
 * @text: (out) (transfer full): enrol.json
 * @signature: (out) (transfer full): enrol.json.minisig
 */
void mere_card_sign (const MereCard *self, const MereSecret *secret, GBytes **text, GBytes **signature);

/**
 * mere_card_publish:
 * @text: as mere_card_sign() gave it; headquarters may have signed its card long ago
 * @folder: on our own disk, made where it is missing; the two files are written there first, and stay
 * @session: "s000012": see mere_stick_publish()
 * @error: return location, domain %MERE_STICK_ERROR
 *
 * Writes a card to ENROL/<device>/<session>/ of a stick and reads it back; then removes the older ones of this device.
 */
gboolean mere_card_publish (MereStick    *stick,
                            const char   *device,
                            GBytes       *text,
                            GBytes       *signature,
                            const char   *folder,
                            const char   *session,
                            GCancellable *cancellable,
                            GError      **error);

/* Removes the cards of a device from a stick: its name is used no more. */
gboolean mere_card_withdraw (MereStick *stick, const char *device, GError **error);

/**
 * mere_card_scan:
 * @found: (element-type MereStickFound): what mere_stick_scan() found; what is no enrolment is passed over
 * @n_damaged: (out) (optional): how many were called like cards but are none
 * @error: return location, domain %MERE_STICK_ERROR
 *
 * Reads all whole cards on a stick. A card that lies there twice comes once.
 *
 * Returns: (transfer full) (element-type MereCard): in the order of @found
 */
GPtrArray *mere_card_scan (MereStick    *stick,
                           GPtrArray    *found,
                           guint        *n_damaged,
                           GCancellable *cancellable,
                           GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereCard, mere_card_free)

G_END_DECLS
