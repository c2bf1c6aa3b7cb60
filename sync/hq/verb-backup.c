/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `backup`: a copy of headquarters' vault. */

#include "config.h"

#include "app/vault/backup.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

/* On a terminal, in one line. */
static void
show_progress (guint    done,
               guint    all,
               gpointer data)
{
  if (all > 0)
    g_printerr ("\r%3u %%", (guint) ((guint64) done * 100 / all));
}

int
mere_verb_backup (MereHq *hq,
                  char ***args)
{
  MereVaultProgress progress = isatty (STDERR_FILENO) ? show_progress : NULL;
  g_autoptr (GError) error = NULL;
  MereStore  *store;
  JsonObject *object;
  gboolean    done;
  int         status;

  if (!mere_hq_parse (hq, NULL, 1, 1, args, &status))
    return status;
  store = mere_hq_open (hq, &error);
  if (store == NULL)
    return mere_hq_fail (error);
  if (mere_store_get_vault (store) == NULL)
    {
      mere_hq_say ("%s", _ ("This headquarters lies in a database: copy it by the database's own tools (pg_dump). Nothing was done."));
      return MERE_HQ_REFUSED;
    }
  done = mere_vault_backup (mere_store_get_vault (store), (*args)[1], progress, NULL, NULL, &error);
  if (progress != NULL)
    g_printerr ("\n");
  if (!done)
    return mere_hq_fail (error);

  mere_hq_say (_ ("%s: a copy of the vault, read back and checked. The same passphrases open it."), (*args)[1]);
  if (!mere_hq_wants_json (hq))
    return MERE_HQ_DONE;
  object = json_object_new ();
  mere_hq_set_text (object, "folder", (*args)[1]);
  mere_hq_print_json (mere_hq_object_node (object));
  return MERE_HQ_DONE;
}
