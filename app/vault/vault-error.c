/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/vault-error.h"

#include "app/vault/vault.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (mere - vault - error - quark, mere_vault_error)

static gboolean
is_space (int code)
{
  return code == ENOSPC || code == EDQUOT || code == EFBIG || code == EROFS || code == EACCES || code == EPERM;
}

void
mere_vault_error_set_errno (GError **error, int code, const char *path)
{
  if (is_space (code))
    g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_SPACE,
                 _ ("“%s” cannot be written: %s. What was saved before is kept."), path, g_strerror (code));
  else
    g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED, _ ("“%s” cannot be used: %s"), path, g_strerror (code));
}

/* For a person who may have to tell somebody else. */
char *
mere_vault_error_dup_damage (const char *vfs)
{
  MereVfsDamage damage;

  mere_vfs_get_damage (vfs, &damage);
  switch (damage.kind)
    {
    case MERE_VFS_DAMAGE_PAGE:
      return g_strdup_printf (_ ("page %u does not open"), damage.number);
    case MERE_VFS_DAMAGE_PAGE_OLD:
      return g_strdup_printf (_ ("page %u is of an earlier time"), damage.number);
    case MERE_VFS_DAMAGE_SHORT:
      return g_strdup_printf (_ ("the database ends before page %u"), damage.number);
    case MERE_VFS_DAMAGE_TABLE:
      return g_strdup (_ ("the page table does not open"));
    case MERE_VFS_DAMAGE_WAL_HEADER:
      return g_strdup (_ ("the log’s header does not open"));
    case MERE_VFS_DAMAGE_WAL_OTHER:
      return g_strdup (_ ("the log is of another time"));
    case MERE_VFS_DAMAGE_FRAME:
      return g_strdup_printf (_ ("frame %u of the log does not open"), damage.number);
    case MERE_VFS_DAMAGE_NONE:
      break;
    }
  return NULL;
}

static void
set_damaged (GError **error, const char *vfs)
{
  g_autofree char *what = mere_vault_error_dup_damage (vfs);

  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED,
               _ ("This vault is damaged or was changed: %s. Opening it changed nothing; keep a copy of the folder and tell headquarters."),
               what != NULL ? what : _ ("its database is not in order"));
}

void
mere_vault_error_set_sqlite (GError **error, sqlite3 *database, int status, const char *vfs, const char *path)
{
  int code = database != NULL ? sqlite3_system_errno (database) : 0;

  switch (status & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_IN_USE, _ ("“%s” is open in another window or program."), path);
      return;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      set_damaged (error, vfs);
      return;
    case SQLITE_FULL:
      mere_vault_error_set_errno (error, ENOSPC, path);
      return;
    case SQLITE_READONLY:
      mere_vault_error_set_errno (error, EROFS, path);
      return;
    default:
      break;
    }
  if (status == SQLITE_IOERR_DATA)
    set_damaged (error, vfs);
  else if (is_space (code))
    mere_vault_error_set_errno (error, code, path);
  else
    g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED, _ ("“%s” cannot be used: %s"), path,
                 database != NULL ? sqlite3_errmsg (database) : sqlite3_errstr (status));
}
