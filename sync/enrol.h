/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/* How a laptop and headquarters come to trust each other, the laptop's side. Two codes of 25 digits, each typed by a
 * person on the other side; until both were typed nothing is packed. docs/hq.md, "Enrolment".
 *
 * All calls but mere_enrol_get_state() may touch a stick: run them in a thread. */

#define MERE_ENROL_ERROR (mere_enrol_error_quark ())
GQuark mere_enrol_error_quark (void);

/**
 * MereEnrolError:
 * @MERE_ENROL_ERROR_NO_CARD: no card of a headquarters lies in this folder
 * @MERE_ENROL_ERROR_CARD: there is one, but it is damaged or not signed as it must be
 * @MERE_ENROL_ERROR_CODE: the digits are not those of any card here: wrong card, or not to be trusted
 * @MERE_ENROL_ERROR_ALREADY: this vault trusts another headquarters
 *
 * A code that is mistyped fails in %MERE_CODE_ERROR (sync/code.h), so that the page can say what is wrong with it.
 */
typedef enum {
  MERE_ENROL_ERROR_NO_CARD = 1,
  MERE_ENROL_ERROR_CARD,
  MERE_ENROL_ERROR_CODE,
  MERE_ENROL_ERROR_ALREADY,
} MereEnrolError;

#define MERE_ENROL_MAX_LABEL 60 /* characters */

typedef enum {
  MERE_ENROL_NEW,      /* nothing was exchanged yet */
  MERE_ENROL_OFFERED,  /* our card was written; headquarters' digits were not typed here yet */
  MERE_ENROL_TRUSTING, /* headquarters' digits were typed; it has not answered yet. Packs can be read */
  MERE_ENROL_ACTIVE,   /* headquarters typed ours: its first dispatch or receipt for us was opened. Bundles can be written */
  MERE_ENROL_REVOKED,  /* headquarters' trust list says so; nothing is packed */
} MereEnrolState;

/**
 * MereEnrolStatus:
 * @device: the laptop's name, eight characters; "" before its keys are made
 * @code: the laptop's 25 digits in five groups, to be read out to headquarters; "" before its keys are made
 * @label: what the user calls it; ""
 * @hq: headquarters' name, eight characters; "" before it is trusted
 * @trust: version of the trust list, 0 before
 */
typedef struct
{
  MereEnrolState state;
  char          *device;
  char          *code;
  char          *label;
  char          *hq;
  guint          trust;
} MereEnrolStatus;

MereEnrolStatus *mere_enrol_load_status (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void             mere_enrol_status_free (MereEnrolStatus *self);

/**
 * mere_enrol_get_state:
 *
 * Returns: how far it is; %MERE_ENROL_NEW also where the store cannot be read. Cheap.
 */
MereEnrolState mere_enrol_get_state (MereStore *store);

/**
 * mere_enrol_prepare:
 * @label: (nullable): what the user calls this laptop, cut to %MERE_ENROL_MAX_LABEL characters; %NULL leaves it
 *
 * Makes the laptop's keys where it has none; afterwards mere_enrol_load_status() knows device and code.
 */
gboolean mere_enrol_prepare (MereStore *store, const char *label, GError **error);

/**
 * MereEnrolCopied:
 *
 * Whether headquarters says that two copies of this vault are in use with the same keys. Nothing is lost by that, but the
 * two look like one laptop until somebody makes them two: mere_enrol_renew() on one of them.
 */
typedef enum {
  MERE_ENROL_COPIED_NO,
  MERE_ENROL_COPIED_YES,
  MERE_ENROL_COPIED_SETTLED, /* said before, and the user knows that there is one copy only */
} MereEnrolCopied;

MereEnrolCopied mere_enrol_get_copied (MereStore *store);
gboolean        mere_enrol_settle_copied (MereStore *store, GError **error);

/**
 * mere_enrol_renew:
 *
 * Goes on as a new laptop: new keys, to be enrolled anew; headquarters stays trusted. What it has acknowledged stays so; all
 * other records are packed again under the new keys, and headquarters takes each once.
 */
gboolean mere_enrol_renew (MereStore *store, GError **error);

/**
 * mere_enrol_dup_public_key:
 *
 * The laptop's public signing key as a minisign.pub, for auditors: `minisign -VHm NAME.age -p device.pub`. Makes the keys
 * where there are none.
 *
 * Returns: (transfer full): two lines
 */
char *mere_enrol_dup_public_key (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_enrol_write:
 * @folder: a stick
 * @error: return location, domain %MERE_STICK_ERROR or %MERE_STORE_ERROR
 *
 * Writes the laptop's card: its public keys, its label, signed by itself (ENROL/<dev>/<session>/enrol.json). Makes the
 * keys where there are none. May be done again, on other sticks too.
 */
gboolean mere_enrol_write (MereStore *store, const char *folder, GCancellable *cancellable, GError **error);

/**
 * mere_enrol_has_card:
 *
 * Returns: whether @folder holds what looks like a headquarters' card. Says nothing about trust.
 */
gboolean mere_enrol_has_card (const char *folder);

/**
 * mere_enrol_trust:
 * @folder: a stick with headquarters' card
 * @typed: the 25 digits of headquarters as the user typed them from paper or telephone: never shown by the laptop
 * @error: return location, domain %MERE_ENROL_ERROR, %MERE_CODE_ERROR, %MERE_STICK_ERROR or %MERE_STORE_ERROR
 *
 * Takes headquarters' trust list from the stick if these digits are those of its root and box key. On failure nothing
 * is changed. The same headquarters again changes nothing.
 */
gboolean mere_enrol_trust (MereStore *store, const char *folder, const char *typed, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereEnrolStatus, mere_enrol_status_free)

G_END_DECLS
