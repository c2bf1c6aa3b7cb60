/* SPDX-License-Identifier: GPL-3.0-or-later */

/* --root: the root comes out of its file for as long as one command runs. */

#include "config.h"

#include "sync/hq/root.h"

static gboolean
lend_root (MereHq      *hq,
           MereKeyring *keys,
           GError     **error)
{
  const char *file = mere_hq_get_root_file (hq);
  g_autoptr (MereSecret) passphrase = file != NULL ? mere_hq_dup_root_passphrase (hq, FALSE, error) : NULL;
  MereSecret *root;

  if (passphrase == NULL)
    return file == NULL;
  root = mere_keyring_read_root (file, passphrase, error);
  return root != NULL && mere_keyring_lend_root (keys, root, error);
}

MereKeyring *
mere_root_open_keys (MereHq     *hq,
                     MereStore **store,
                     GError    **error)
{
  g_autoptr (MereKeyring) keys = NULL;

  *store = mere_hq_open (hq, error);
  keys = *store != NULL ? mere_keyring_load (*store, error) : NULL;
  return keys != NULL && lend_root (hq, keys, error) ? g_steal_pointer (&keys) : NULL;
}
