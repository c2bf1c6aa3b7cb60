/* SPDX-License-Identifier: GPL-3.0-or-later */

/* keys.json of a vault, read before any key is known; and what is read can be written. */

#include "config.h"

#include <sodium.h>

#include "app/vault/key-file.h"
#include "fuzz.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereKeyFile) keys = mere_key_file_parse ((const char *) data, size, &error);

  g_assert ((keys == NULL) == (error != NULL));
  if (keys != NULL)
    {
      g_autoptr (MereSecret) key = mere_secret_new (MERE_VFS_KEY);
      g_autoptr (GBytes) text = mere_key_file_seal (keys, key);

      g_assert_cmpuint (g_bytes_get_size (text), >, 0);
    }

  return 0;
}
