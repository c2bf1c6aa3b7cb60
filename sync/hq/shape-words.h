/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/shape.h"

G_BEGIN_DECLS

/**
 * mere_shape_add_words:
 * @model: of the form
 * @body: of the form
 * @context: ref of the primary instance's root: "/data"
 * @language: (nullable): as of mere_shape_add_form()
 *
 * Reads labels and choices from a form's text, without its engine: what is asked, whatever was answered.
 */
void mere_shape_add_words (MereShape *self, const MereXmlNode *model, const MereXmlNode *body, const char *context, const char *language);

G_END_DECLS
