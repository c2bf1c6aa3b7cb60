/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MereArena:
 *
 * Memory that lives as long as the form: given out piece by piece, freed as a whole. Strings can be interned in it:
 * equal text is then the same pointer. Not for two threads at a time.
 */
typedef struct _MereArena MereArena;

MereArena  *mere_arena_new (void);
void        mere_arena_free (MereArena *self);
gpointer    mere_arena_alloc (MereArena *self, gsize size); /* zeroed, aligned for anything */
char       *mere_arena_strndup (MereArena *self, const char *text, gsize length);
char       *mere_arena_strdup (MereArena *self, const char *text);
const char *mere_arena_intern (MereArena *self, const char *text);
const char *mere_arena_internn (MereArena *self, const char *text, gsize length);
const char *mere_arena_lookup (MereArena *self, const char *text);            /* the interned text, or NULL; changes nothing */
gpointer    mere_arena_record (MereArena *self, const char *key, gsize size); /* zeroed at first, then the same for the same key */
gsize       mere_arena_get_size (MereArena *self);                            /* bytes asked of the system */

#define mere_arena_new0(arena, Type) ((Type *) mere_arena_alloc ((arena), sizeof (Type)))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereArena, mere_arena_free)

G_END_DECLS
