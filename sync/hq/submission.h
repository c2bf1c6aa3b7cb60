/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/forms/document.h"

G_BEGIN_DECLS

/* Bytes of a submission that are taken; its answers are text, its recordings and pictures are attachments. */
#define MERE_SUBMISSION_MAX_SIZE (16 * 1024 * 1024)

/**
 * MereSubmission:
 * @root: the instance
 * @form: the root's id, "" without one
 * @version: the root's version, "" without one
 * @id: meta/instanceID, "" without one
 * @deprecated_id: meta/deprecatedID, or %NULL
 * @name: meta/instanceName, or %NULL
 *
 * A submission that was read: XML of foreign origin, within bounds, for looking at. All strings are its own.
 */
typedef struct
{
  const MereXmlNode *root;
  const char        *form;
  const char        *version;
  const char        *id;
  const char        *deprecated_id;
  const char        *name;
  /*< private >*/
  MereArena       *arena;
  MereXmlDocument *document;
} MereSubmission;

/**
 * mere_submission_parse:
 * @error: return location, domain %MERE_FORM_ERROR: NOT_XML or TOO_LARGE
 */
MereSubmission *mere_submission_parse (GBytes *xml, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void            mere_submission_free (MereSubmission *self);

/**
 * MereSubmissionVisit:
 * @ref: "/data/person[2]/name": with a position wherever the form could have more than one, which is where it has
 *   more than one of that name, or a first one that a repeat made
 * @node: a leaf
 */
typedef void (*MereSubmissionVisit) (gpointer user_data, const char *ref, const MereXmlNode *node);

/**
 * mere_submission_walk:
 * @is_repeat: (nullable): whether the element at a path without positions ("/data/person") is a repeat
 *
 * Visits the leaves in the order of the document.
 */
void mere_submission_walk (const MereSubmission *self,
                           gboolean (*is_repeat) (gpointer user_data, const char *path),
                           MereSubmissionVisit visit,
                           gpointer            user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereSubmission, mere_submission_free)

G_END_DECLS
