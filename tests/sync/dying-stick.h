/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MereDyingStick:
 * @mount: where it is seen
 * @medium: the folder that it is made of: what is left when it was pulled
 *
 * A real file system, by FUSE: it passes everything on to a folder, and dies after a number of bytes and calls that change
 * something. From then on every call fails with EIO, as it does for a stick that was pulled.
 */
typedef struct _MereDyingStick MereDyingStick;

/* Begin before any thread is made. @cached: the kernel may keep what it read; what is written passes at once all the same.
 * %NULL with @reason where this machine has no FUSE for us. */
MereDyingStick *mere_dying_stick_new (const char *medium, const char *mount, gboolean cached, const char **reason);
void            mere_dying_stick_free (MereDyingStick *self);

/* Plugs it in; it dies after so many bytes and calls; negative: never. */
void mere_dying_stick_plug (MereDyingStick *self, gint64 moves);

/* What is written at once, or not at all: 1, or bytes of a sector. */
void mere_dying_stick_set_unit (MereDyingStick *self, guint bytes);

/* Bytes and calls since then. */
gint64 mere_dying_stick_count (MereDyingStick *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereDyingStick, mere_dying_stick_free)

G_END_DECLS
