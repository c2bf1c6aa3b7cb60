/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereMedia:
 * @name: as the form calls it: "gate.png" of jr://images/gate.png
 * @b2: BLAKE2b-256 of its content, hex
 *
 * A file beside an instrument: a picture of a label or choice, or a table that choices come from.
 */
typedef struct
{
  char *name;
  char *b2;
} MereMedia;

MereMedia *mere_media_new (const char *name, const char *b2) G_GNUC_WARN_UNUSED_RESULT;
void       mere_media_free (MereMedia *self);

/* A file's name as a form may give it: no path, no hidden file, at most 240 bytes of UTF-8 without control characters. */
gboolean mere_media_is_name (const char *name);

/**
 * mere_media_save:
 * @instrument: row of the instrument
 *
 * Keeps the file with the instrument, in place of one of the same name. Content that is held is not kept twice.
 */
gboolean mere_media_save (MereStore *store, gint64 instrument, const char *name, GBytes *content, GError **error);

/* Drops what an instrument has; content that nothing else has goes with it. */
gboolean mere_media_clear (MereStore *store, gint64 instrument, GError **error);

GPtrArray *mere_media_list (MereStore *store, gint64 instrument, GError **error); /* MereMedia by name */

/* Content by name, or by hash; %NULL without an error: not here. */
GBytes *mere_media_load (MereStore *store, gint64 instrument, const char *name, GError **error);
GBytes *mere_media_load_content (MereStore *store, const char *b2, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereMedia, mere_media_free)

G_END_DECLS
