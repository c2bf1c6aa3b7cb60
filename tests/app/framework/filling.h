/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"

G_BEGIN_DECLS

/* Filling an instrument of the program in a test. Each of these fails the test where something is not as it should be. */

#define MERE_FILLING_FOLDER "/org/merestone/Merestone/instruments/"

GBytes          *mere_filling_read_xml (const char *file);
MereForm        *mere_filling_load (const char *file); /* without a single problem */
MereFormSession *mere_filling_begin (const char *file);

MereFormNode *mere_filling_find (MereFormSession *session, const char *ref);
const char   *mere_filling_get (MereFormSession *session, const char *ref); /* the value */

/* Questions must be relevant to be answered. */
void mere_filling_answer (MereFormSession *session, const char *ref, const char *value);
void mere_filling_answer_all (MereFormSession *session, const char *const (*answers)[2], guint n);

void  mere_filling_assert_complete (MereFormSession *session); /* it can be finalised */
char *mere_filling_dup_submission (MereFormSession *session);

/* Every node at and below @node, with one instance at least in every repeat. */
typedef void (*MereFillingVisit) (MereFormNode *node, gpointer user_data);
void mere_filling_walk (MereFormSession *session, MereFormNode *node, MereFillingVisit visit, gpointer user_data);

gboolean mere_filling_is_asked (MereFormNode *node); /* a question that is no note */

G_END_DECLS
