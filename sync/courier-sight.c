/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which bundles of headquarters were read before: so a stick that goes round is not read again as a whole each time. Only
 * what was accepted, or is for others, is remembered; what was refused is looked at again. */

#include "config.h"

#include "sync/courier-private.h"

#include <string.h>

#include "app/store/digest.h"
#include "app/store/settings.h"

/* "road.seen.<bundle>": a letter, then BLAKE2b-256 of the .minisig. */
#define PREFIX "road.seen."
#define OURS 'u'
#define OTHERS 'o'

static char *
make_key (const char *name)
{
  return g_strconcat (PREFIX, name, NULL);
}

MereCourierSight
mere_courier_load_sight (MereStore  *store,
                         const char *name,
                         GBytes     *signature)
{
  g_autofree char *key = make_key (name);
  g_autofree char *value = mere_settings_load_text (store, key, NULL);
  g_autofree char *b2 = signature != NULL ? mere_digest_dup_hex_of_bytes (signature) : NULL;

  if (value == NULL || (b2 != NULL && strcmp (value + 1, b2) != 0))
    return MERE_COURIER_UNSEEN;

  return value[0] == OURS ? MERE_COURIER_SEEN : MERE_COURIER_SEEN_OTHERS;
}

gboolean
mere_courier_save_sight (MereStore       *store,
                         const char      *name,
                         GBytes          *signature,
                         MereCourierSight sight,
                         GError         **error)
{
  g_autofree char *key = make_key (name);
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (signature);
  g_autofree char *value = g_strdup_printf ("%c%s", sight == MERE_COURIER_SEEN ? OURS : OTHERS, b2);

  return mere_settings_save_text (store, key, value, error);
}
