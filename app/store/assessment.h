/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereAssessment:
 * @id: bare UUID
 * @title: as the team says it
 * @country: ISO 3166-1 alpha-3, or ICAO's code ("UTO")
 * @starts: (nullable): first day, "YYYY-MM-DD"
 * @ends: (nullable): last day
 *
 * One mission in one country.
 */
typedef struct
{
  char *id;
  char *title;
  char *country;
  char *starts;
  char *ends;
} MereAssessment;

#define MERE_TYPE_ASSESSMENT (mere_assessment_get_type ())

GType           mere_assessment_get_type (void) G_GNUC_CONST;
MereAssessment *mere_assessment_new (const char *id, const char *title, const char *country, const char *starts, const char *ends);
MereAssessment *mere_assessment_copy (const MereAssessment *self);
void            mere_assessment_free (MereAssessment *self);

/* Adds it, or updates the one of that id. */
gboolean        mere_assessment_save (MereStore *store, const MereAssessment *self, GError **error);
MereAssessment *mere_assessment_load (MereStore *store, const char *id, GError **error); /* NOT_FOUND */
GPtrArray      *mere_assessment_list (MereStore *store, GError **error);                 /* MereAssessment, the latest start first */

/* The one that new work belongs to: what was set last, else the one that came last, else NULL without an error. */
MereAssessment *mere_assessment_load_current (MereStore *store, GError **error);
gboolean        mere_assessment_set_current (MereStore *store, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereAssessment, mere_assessment_free)

G_END_DECLS
