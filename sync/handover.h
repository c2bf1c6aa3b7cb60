/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/trust.h"

G_BEGIN_DECLS

/* A change of headquarters' root: the old root's signed word that another one takes its place. Headquarters' card carries
 * all of them, so that a laptop follows over any number of changes. Format: docs/formats-road.md, "Hand-over". */

#define MERE_HANDOVER_MAX 16 /* that one card carries */

/**
 * MereHandover:
 * @from: the old root, "RW…"
 * @to: the new one
 * @trust: version of the first list that the new root signs
 * @text: the signed bytes, @signature: the .minisig
 */
typedef struct
{
  char   *from;
  char   *to;
  guint   trust;
  GBytes *text;
  GBytes *signature;
} MereHandover;

/**
 * mere_handover_seal:
 * @from: the old root's secret
 * @to: the new root
 * @trust: version of the first list that it will sign
 */
MereHandover *mere_handover_seal (const MereSecret *from, const MereMinisignKey *to, guint trust) G_GNUC_WARN_UNUSED_RESULT;

/* %MERE_TRUST_ERROR_FORMAT or _SIGNATURE: signed by the old root, with the trusted comment
 * `merestone-handover/1 from=<name> to=<name>`. */
MereHandover *mere_handover_open (GBytes *text, GBytes *signature, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void          mere_handover_free (MereHandover *self);

/* Whether hand-overs (element-type MereHandover) lead from one root to another, however many lie between. */
gboolean mere_handover_leads (GPtrArray *handovers, const char *from, const char *to);

/* Headquarters' own: kept, and listed, the oldest first (element-type MereHandover). */
gboolean   mere_handover_save (MereStore *store, const MereHandover *self, GError **error);
GPtrArray *mere_handover_list (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereHandover, mere_handover_free)

G_END_DECLS
