/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A vault, or a database elsewhere. */

#include "config.h"

#include "sync/hq/place.h"

#include "app/store/statement.h"
#include "sync/hq/postgres.h"
#include "sync/hq/seal.h"

#include <glib/gi18n-lib.h>

/* As libpq takes them. */
static gboolean
is_address (const char *text)
{
  return g_str_has_prefix (text, "postgresql://") || g_str_has_prefix (text, "postgres://") || strchr (text, '=') != NULL;
}

gboolean
mere_place_check (const MerePlace *self,
                  GError         **error)
{
  if (self->vault == NULL && self->address == NULL)
    g_set_error_literal (
      error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("This needs headquarters' store; give --vault DIR or --store ADDRESS."));
  else if (self->vault != NULL && self->address != NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("--vault and --store name two stores; give one of them."));
  else if (self->address != NULL && !is_address (self->address))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is no address of a PostgreSQL database."), self->address);
  else
    return TRUE;
  return FALSE;
}

char *
mere_place_dup_folder (const MerePlace *self)
{
  if (self->vault != NULL)
    return g_strdup (self->vault);
  return self->folder != NULL ? g_strdup (self->folder) : g_build_filename (g_get_user_state_dir (), "merestone-hq", NULL);
}

#if HAVE_LIBPQ
static MereStore *
connect_store (const MerePlace *self,
               GError         **error)
{
  g_autofree char *folder = mere_place_dup_folder (self);
  MereDatabase    *database = mere_postgres_connect (self->address, error);
  MereStore       *store = database != NULL ? mere_store_open_engine (database, error) : NULL;

  if (store != NULL)
    mere_store_set_folder (store, folder);
  return store;
}
#else
static MereStore *
connect_store (const MerePlace *self,
               GError         **error)
{
  g_set_error_literal (
    error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("This merestone-hq was built without PostgreSQL; give --vault DIR."));
  return NULL;
}
#endif

static MereStore *
open_vault (MereVault *vault,
            GError   **error)
{
  MereStore *store = vault != NULL ? mere_store_open (vault, error) : NULL;

  if (store == NULL || mere_store_execute (store, MERE_PLACE_CACHE, error))
    return store;
  mere_store_close (store);
  return NULL;
}

static MereStore *
unlock (MereStore        *store,
        const MereSecret *passphrase,
        gboolean (*give_seal) (MereStore *, const MereSecret *, GError **),
        GError **error)
{
  if (store == NULL || give_seal (store, passphrase, error))
    return store;
  mere_store_close (store);
  return NULL;
}

MereStore *
mere_place_create (const MerePlace  *self,
                   const MereSecret *passphrase,
                   GError          **error)
{
  return self->vault != NULL ? open_vault (mere_vault_create (self->vault, passphrase, error), error)
                             : unlock (connect_store (self, error), passphrase, mere_seal_make, error);
}

MereStore *
mere_place_open (const MerePlace  *self,
                 const MereSecret *passphrase,
                 GError          **error)
{
  return self->vault != NULL ? open_vault (mere_vault_open (self->vault, passphrase, error), error)
                             : unlock (connect_store (self, error), passphrase, mere_seal_open, error);
}

gboolean
mere_place_undo (const MerePlace *self,
                 MereStore       *store,
                 GError         **error)
{
  gboolean done = self->vault != NULL || mere_store_execute (store, "DELETE FROM hq_key; DELETE FROM setting;", error);

  mere_store_close (store);
  return done && (self->vault == NULL || mere_vault_destroy (self->vault, error));
}
