/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"

G_BEGIN_DECLS

/* Small forms, put together in a test. */

/* The XML of a form: @instance stands in <data id="sample" version="1">, before its meta block, which has an instanceID;
 * @model and @body (nullable) in the model and the body. The prefixes h, jr, orx, odk, entities and ev are declared. */
GBytes *mere_sample_xml (const char *instance, const char *model, const char *body);

/* A form that must load; a session of it. @media as of mere_form_load(), or NULL. */
MereForm        *mere_sample_form (const char *instance, const char *model, const char *body, MereFormMedia media, gpointer user_data);
MereFormSession *mere_sample_session (const char *instance, const char *model, const char *body);

/* A node that must be there, and steps that must succeed. */
MereFormNode *mere_sample_node (MereFormSession *session, const char *ref);
const char   *mere_sample_value (MereFormSession *session, const char *ref);
void          mere_sample_set (MereFormSession *session, const char *ref, const char *value);
void          mere_sample_add (MereFormSession *session, const char *ref);
void          mere_sample_remove (MereFormSession *session, const char *ref);

/* The instance as XML, without its declaration and with the uuids in it replaced by "#". */
char *mere_sample_dup_xml (MereFormSession *session, gboolean submission);

G_END_DECLS
