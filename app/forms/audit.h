/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"

G_BEGIN_DECLS

#define MERE_FORM_AUDIT_FILE "audit.csv"

/**
 * MereFormAudit:
 *
 * The log of a filling, which a form asks for with meta/audit: a CSV file that goes along with the submission. Columns
 * and quoting: ODK XForms, sub-specification "Client Audit Logs"; events: those that ODK's documentation of the form
 * audit log lists.
 */
typedef struct _MereFormAudit MereFormAudit;

/**
 * MereFormAuditEvent:
 * @event: "form start", "question", "add repeat" …
 * @node: (nullable): ref of the node that it is about
 * @start_ms: since 1970 UTC
 * @end_ms: the same, 0 where the event has no end
 * @old_value: (nullable): of the node when the event began
 * @new_value: (nullable): when it ended; the two are kept only where the form tracks changes, and where they differ
 */
typedef struct
{
  const char *event;
  const char *node;
  gint64      start_ms;
  gint64      end_ms;
  const char *old_value;
  const char *new_value;
} MereFormAuditEvent;

/* Whether the form has a place for a log. */
gboolean mere_form_wants_audit (MereForm *form);

/**
 * mere_form_audit_new:
 * @session: what is filled; its property "username" is the user, where the form wants to know
 * @earlier: (nullable): the log of the version that is edited, which this one goes on with
 */
MereFormAudit *mere_form_audit_new (MereFormSession *session, GBytes *earlier) G_GNUC_WARN_UNUSED_RESULT;

void    mere_form_audit_add (MereFormAudit *self, const MereFormAuditEvent *event);
GBytes *mere_form_audit_dup_csv (MereFormAudit *self);
void    mere_form_audit_free (MereFormAudit *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereFormAudit, mere_form_audit_free)

G_END_DECLS
