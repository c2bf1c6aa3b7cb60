/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Landlock: Linux, Documentation/userspace-api/landlock.rst. glibc has no functions for it. */

#include "config.h"

#include "sync/hq/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

G_DEFINE_QUARK (mere - sandbox - error - quark, mere_sandbox_error)

#define TRUNCATE (G_GUINT64_CONSTANT (1) << 14) /* LANDLOCK_ACCESS_FS_TRUNCATE, which the headers of Debian 12 lack */

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define CHANGE                                                                                                                    \
  (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | \
   LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER | TRUNCATE)
#define NEVER                                                                                                                \
  (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | \
   LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)
#define OF_FILES (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE)

/* What a version of the kernel's interface knows: version 1 has no REFER, and 2 no TRUNCATE. */
static guint64
get_known (long version)
{
  guint64 all = READ | CHANGE | NEVER;

  if (version < 2)
    all &= ~(guint64) LANDLOCK_ACCESS_FS_REFER;
  if (version < 3)
    all &= ~TRUNCATE;
  return all;
}

static gboolean
refuse (GError **error,
        int      failure)
{
  g_set_error (error,
               MERE_SANDBOX_ERROR,
               MERE_SANDBOX_ERROR_FILES,
               _ ("this kernel does not keep files apart (Landlock: %s)"),
               g_strerror (failure));
  return FALSE;
}

static gboolean
allow (int         rules,
       const char *path,
       guint64     access)
{
  struct landlock_path_beneath_attr rule = { .allowed_access = access };
  struct stat                       status;
  gboolean                          done;

  rule.parent_fd = open (path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0)
    return TRUE; /* what is not there needs no leave */
  if (fstat (rule.parent_fd, &status) == 0 && !S_ISDIR (status.st_mode))
    rule.allowed_access &= OF_FILES;
  done = syscall (SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  close (rule.parent_fd);
  return done;
}

static gboolean
allow_all (int                rules,
           const char *const *paths,
           guint64            access)
{
  for (; *paths != NULL; paths++)
    if (!allow (rules, *paths, access))
      return FALSE;
  return TRUE;
}

static gboolean
refuse_files (const char *const *read,
              const char *const *write,
              GError           **error)
{
  long     version = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  guint64  known = get_known (version);
  guint64  handled[] = { known }; /* the oldest form of landlock_ruleset_attr */
  int      rules = version > 0 ? (int) syscall (SYS_landlock_create_ruleset, handled, sizeof handled, 0) : -1;
  int      failure = errno;
  gboolean done;

  if (rules < 0)
    return refuse (error, failure);
  done = allow_all (rules, read, READ) && allow_all (rules, write, (READ | CHANGE) & known) &&
         syscall (SYS_landlock_restrict_self, rules, 0) == 0;
  failure = errno;
  close (rules);
  return done || refuse (error, failure);
}

gboolean
mere_sandbox_enter (const char *const *read,
                    const char *const *write,
                    GError           **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean files, calls;

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return refuse (error, errno);
  files = refuse_files (read, write, &failure);
  calls = mere_sandbox_refuse_calls (failure == NULL ? &failure : NULL);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return files && calls;
}
