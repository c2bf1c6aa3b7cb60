/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * mere_item_list_versions:
 * @item: of the framework: "O2" for all of its questions, "O2.1" for one
 *
 * Which questionnaires ask about an item: those of which a question is bound to it.
 *
 * Returns: (transfer full): "FORM VERSION" of each, %NULL-terminated
 */
char **mere_item_list_versions (MereStore *store, const char *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
