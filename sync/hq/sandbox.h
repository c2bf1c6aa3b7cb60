/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The process shuts itself in, for good: what a bundle's content could make it do by an error of ours, or of a library, the kernel
 * refuses. Landlock for files (Linux 5.13 and newer), seccomp for the rest. */

#define MERE_SANDBOX_ERROR (mere_sandbox_error_quark ())
GQuark mere_sandbox_error_quark (void);

typedef enum {
  MERE_SANDBOX_ERROR_FILES = 1, /* the kernel does not keep files apart */
  MERE_SANDBOX_ERROR_CALLS,     /* it does not refuse calls, or this was built without libseccomp */
} MereSandboxError;

/**
 * mere_sandbox_enter:
 * @read: (array zero-terminated=1): files and folders that may be read, with all that is in them; what is not there is passed over
 * @write: (array zero-terminated=1): likewise, and changed
 * @error: return location, domain %MERE_SANDBOX_ERROR: what could not be shut; all else is
 *
 * From now on this thread, and every thread that it begins, opens no other files, begins no program or process, makes and connects no
 * socket, and reaches no other process. What is open stays open: files, and the connection to a database.
 */
gboolean mere_sandbox_enter (const char *const *read, const char *const *write, GError **error);

/* The half of it that is about calls (seccomp). */
gboolean mere_sandbox_refuse_calls (GError **error);

G_END_DECLS
