/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereTerms:
 * @stale_after: (nullable): "YYYY-MM-DD": last day that the mission pack is meant for
 * @app_min: (nullable): oldest version of the program that headquarters wants, "0.9.0"
 * @message: (nullable): headquarters' text to the team
 *
 * What headquarters says along with the newest mission pack. Nothing is ever blocked because of it.
 */
typedef struct
{
  char *stale_after;
  char *app_min;
  char *message;
} MereTerms;

MereTerms *mere_terms_load (MereStore *store, GError **error); /* never NULL without an error */
void       mere_terms_free (MereTerms *self);

/* In the caller's transaction; NULL is kept as nothing. */
gboolean mere_terms_save (MereStore *store, const char *stale_after, const char *app_min, const char *message, GError **error);

/* Whether that day is over: @today as "YYYY-MM-DD", of the place. A text that is no day is never over. */
gboolean mere_terms_is_stale (const MereTerms *self, const char *today);

/* Whether the program, of @version, is older than headquarters wants. Versions are numbers with dots. */
gboolean mere_terms_wants_newer (const MereTerms *self, const char *version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTerms, mere_terms_free)

G_END_DECLS
