/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MereGlance:
 * @form: the root's id, "" without one
 * @id: meta/instanceID, "" without one
 * @deprecated_id: (nullable): meta/deprecatedID
 * @name: (nullable): meta/instanceName
 *
 * Which record of which form a submission says it is: all that headquarters asks of one that comes in.
 */
typedef struct
{
  char *form;
  char *id;
  char *deprecated_id;
  char *name;
} MereGlance;

/**
 * mere_glance_read:
 * @self: (out caller-allocates): to be cleared, also after %FALSE
 * @xml: a submission
 *
 * Says what mere_submission_parse() says of it, in a tenth of the time where the submission is written as they usually are.
 *
 * Returns: %FALSE where it is not XML, or larger than %MERE_SUBMISSION_MAX_SIZE
 */
gboolean mere_glance_read (MereGlance *self, GBytes *xml);

/**
 * mere_glance_scan:
 * @self: (out caller-allocates): to be cleared, also after %FALSE
 *
 * The quick way alone: elements, attributes and text in UTF-8, names in ASCII, at most 1 MiB. Whatever it takes, the XML library
 * takes too, and reads the same from it.
 *
 * Returns: %FALSE where it takes more than that to tell
 */
gboolean mere_glance_scan (MereGlance *self, const char *xml, gsize size);

void mere_glance_clear (MereGlance *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereGlance, mere_glance_clear)

G_END_DECLS
