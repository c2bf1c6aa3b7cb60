/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `receive`: sticks come in, receipts go out. */

#include "config.h"

#include "sync/hq/confine.h"
#include "sync/hq/outbox.h"
#include "sync/hq/received-tell.h"

#include <glib/gi18n-lib.h>

static gboolean
receive_all (MereHq       *hq,
             char        **paths,
             const char   *answer_to,
             MereReceived *received,
             GError      **error)
{
  MereStore *store = mere_hq_open (hq, error);
  g_autoptr (MereKeyring) keys = store != NULL ? mere_keyring_load (store, error) : NULL;

  if (keys == NULL)
    return FALSE;
  mere_hq_confine (hq, paths, answer_to);
  if (!mere_receive_quarantine (store, keys, received, mere_received_tell_result, hq, NULL, error))
    return FALSE;
  for (; *paths != NULL; paths++)
    if (!mere_receive_stick (store, keys, *paths, answer_to, received, mere_received_tell_result, hq, NULL, error))
      return FALSE;
  return mere_outbox_clear (store, error);
}

int
mere_verb_receive (MereHq *hq,
                   char ***args)
{
  g_autofree char   *answer_to = NULL;
  const GOptionEntry entries[] = {
    { "receipt-to", 0, 0, G_OPTION_ARG_FILENAME, &answer_to, N_ ("Write receipts to this stick instead of the one that came in"), N_ ("PATH") },
    { NULL },
  };
  g_autoptr (MereReceived) received = mere_received_new ();
  g_autoptr (GError) error = NULL;
  gboolean done;
  int      status;

  if (!mere_hq_parse (hq, entries, 0, -1, args, &status))
    return status;
  done = receive_all (hq, *args + 1, answer_to, received, &error);
  if (mere_hq_wants_json (hq) && (done || received->results->len > 0))
    mere_hq_print_json (mere_received_to_json (received));
  if (!done)
    return mere_hq_fail (error);
  return mere_received_sum_up (received);
}
