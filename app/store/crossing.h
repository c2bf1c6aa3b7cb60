/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "app/store/store.h"

G_BEGIN_DECLS

typedef enum {
  MERE_CROSSING_LAND,
  MERE_CROSSING_AIR,
  MERE_CROSSING_SEA,
  MERE_CROSSING_RAIL,
} MereCrossingKind;

#define MERE_CROSSING_N_KINDS 4

typedef enum {
  MERE_CROSSING_PACK,  /* came with a mission pack */
  MERE_CROSSING_LOCAL, /* added on this laptop */
} MereCrossingOrigin;

/**
 * MereCrossing:
 * @id: bare UUID, the same on every laptop for a crossing that came with a pack
 * @assessment: (nullable): id of its assessment
 * @name: as people there call it
 * @note: where it is, what to know; "" without
 * @latitude: degrees, NaN where not known
 * @longitude: degrees, NaN where not known
 * @active: %FALSE hides it from lists of choice; its records stay
 *
 * A border crossing point.
 */
typedef struct
{
  char              *id;
  char              *assessment;
  char              *name;
  char              *note;
  MereCrossingKind   kind;
  MereCrossingOrigin origin;
  double             latitude;
  double             longitude;
  gboolean           active;
} MereCrossing;

#define MERE_TYPE_CROSSING (mere_crossing_get_type ())

GType         mere_crossing_get_type (void) G_GNUC_CONST;
MereCrossing *mere_crossing_new (const char *name, MereCrossingKind kind, const char *note); /* fresh id, local, active */
MereCrossing *mere_crossing_copy (const MereCrossing *self);
void          mere_crossing_free (MereCrossing *self);

/* "land", "air", "sea", "rail": what the database, packs and instruments say. */
const char *mere_crossing_kind_to_string (MereCrossingKind kind);
gboolean    mere_crossing_kind_from_string (const char *text, MereCrossingKind *kind);

/**
 * mere_crossing_save:
 *
 * Adds it, or updates the one of that id; so packs and the edit dialog both do. A name may not be empty
 * (%MERE_STORE_ERROR_CONFLICT).
 */
gboolean      mere_crossing_save (MereStore *store, const MereCrossing *self, GError **error);
MereCrossing *mere_crossing_load (MereStore *store, const char *id, GError **error); /* NOT_FOUND */

/* MereCrossing by name, in the order of the locale. */
GPtrArray *mere_crossing_list (MereStore *store, gboolean with_inactive, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereCrossing, mere_crossing_free)

G_END_DECLS
