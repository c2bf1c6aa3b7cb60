/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * mere_form_list_media:
 * @xml: an XForm
 * @error: return location, domain %MERE_FORM_ERROR
 *
 * Which files a form refers to: pictures, recordings and tables (jr://images/…, jr://audio/…, jr://video/…, jr://file/…,
 * jr://file-csv/…), wherever they stand.
 *
 * Returns: (transfer full): their names, sorted, each once; %NULL-terminated
 */
char **mere_form_list_media (GBytes *xml, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
