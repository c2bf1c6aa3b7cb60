/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Archives, as they are and compressed, given in pieces of odd sizes. */

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "fuzz.h"
#include "sync/unzstd.h"
#include "sync/ustar.h"

#define LIMIT 1048576 /* bytes that may come out of zstd */

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

static gboolean
give (gpointer       data,
      const guint8 **bytes,
      gsize         *size,
      GError       **error)
{
  MereSpan *rest = data;

  *bytes = rest->bytes;
  *size = MIN (rest->size, 333);
  rest->bytes += *size;
  rest->size -= *size;

  return TRUE;
}

static void
walk (MereNextFunc next,
      gpointer     source)
{
  g_autoptr (MereUstarReader) reader = mere_ustar_reader_new (next, source);
  const char   *name;
  const guint8 *bytes;
  guint64       size;

  while (mere_ustar_reader_next (reader, &name, &size, NULL))
    {
      guint64 seen = 0;
      gsize   n = 1;

      if (name == NULL)
        {
          mere_ustar_reader_finish (reader, NULL);
          return;
        }
      g_assert (strlen (name) < MERE_USTAR_NAME_SIZE);
      while (n > 0 && mere_ustar_reader_data (reader, &bytes, &n, NULL))
        seen += n;
      if (n > 0)
        return; /* it was cut */
      g_assert (seen == size);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  MereSpan plain = { data, size };
  MereSpan compressed = { data, size };
  g_autoptr (MereUnzstd) unzstd = mere_unzstd_new (give, &compressed, LIMIT);

  walk (give, &plain);
  walk (mere_unzstd_next, unzstd);

  return 0;
}
