/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereRefusal:
 * @name: of the file or bundle
 * @record: (nullable): instanceID, where the bundle was taken and this record of it was not
 * @code: "E_SIGNATURE"
 * @message: (nullable): the same as a sentence
 * @b2: (nullable): hash of what was refused
 * @device: (nullable): of a record: the laptop that sent it
 * @refused_us: when, UTC
 *
 * What headquarters did not take, and why.
 */
typedef struct
{
  char  *name;
  char  *record;
  char  *code;
  char  *message;
  char  *b2;
  char  *device;
  gint64 refused_us;
} MereRefusal;

void mere_refusal_free (MereRefusal *self);

/* (element-type MereRefusal): files and records since then (UTC, 0 for all), the newest first, at most @limit (0: all). */
GPtrArray *mere_refusal_list (MereStore *store, gint64 since_us, guint limit, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereRefusal, mere_refusal_free)

G_END_DECLS
