/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `init`: headquarters' store and keys. */

#include "config.h"

#include "sync/age.h"
#include "sync/code.h"
#include "sync/hq/keyring.h"
#include "sync/hq/verb.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

typedef struct
{
  char *label;
  char *identity_file;
  char *recovery_file;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->label);
  g_free (self->identity_file);
  g_free (self->recovery_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
check_free (const char *path,
            GError    **error)
{
  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST, _ ("“%s” is there already and is not overwritten. Nothing was done."), path);
  return FALSE;
}

/* The recovery identity is made here, goes into its file and is forgotten: only paper and that file have it. */
static char *
make_recovery (const Options *options,
               GError       **error)
{
  g_autoptr (MereSecret) identity = mere_age_identity_new ();

  if (!mere_keyring_write_identity (identity, options->recovery_file, error))
    return NULL;
  return mere_age_identity_dup_recipient (identity);
}

static MereKeyring *
make_keys (MereStore     *store,
           const Options *options,
           GError       **error)
{
  g_autofree char *recovery = options->recovery_file != NULL ? make_recovery (options, error) : NULL;
  g_autoptr (MereKeyring) keys = NULL;

  if (options->recovery_file != NULL && recovery == NULL)
    return NULL;
  if (!mere_keyring_make (store, options->label, recovery, error) || (keys = mere_keyring_load (store, error)) == NULL)
    return NULL;
  if (options->identity_file != NULL && !mere_keyring_write_identity (keys->box, options->identity_file, error))
    return NULL;
  return g_steal_pointer (&keys);
}

static MereStore *
make_store (MereHq  *hq,
            GError **error)
{
  g_autoptr (MereSecret) passphrase = NULL;

  if (!mere_place_check (mere_hq_get_place (hq), error))
    return NULL;
  passphrase = mere_hq_dup_passphrase (hq, TRUE, error);
  return passphrase != NULL ? mere_place_create (mere_hq_get_place (hq), passphrase, error) : NULL;
}

/* A store without keys would only be in the way of the next try. */
static int
give_up (MereHq       *hq,
         MereStore    *store,
         const GError *error)
{
  g_autoptr (GError) failure = NULL;

  if (!mere_place_undo (mere_hq_get_place (hq), store, &failure))
    mere_hq_say ("%s", failure->message);
  return mere_hq_fail (error);
}

static void
tell (MereHq      *hq,
      MereKeyring *keys)
{
  g_autofree char *code = mere_keyring_dup_code (keys);
  g_autofree char *grouped = mere_code_group (code);
  JsonObject      *object;

  if (!mere_hq_wants_json (hq))
    {
      /* Translators: %s are the eight characters of headquarters' name, then its 25 digits in groups */
      mere_hq_print (_ ("Headquarters %s\nIts digits, to be typed into each laptop: %s\n"), keys->hq, grouped);
      return;
    }
  object = json_object_new ();
  mere_hq_set_text (object, "hq", keys->hq);
  mere_hq_set_text (object, "label", keys->label);
  mere_hq_set_text (object, "code", grouped);
  json_object_set_int_member (object, "trust", keys->trust->version);
  mere_hq_set_text (object, "recipient", keys->trust->operational);
  mere_hq_set_text (object, "recovery", keys->trust->recovery);
  mere_hq_print_json (mere_hq_object_node (object));
}

int
mere_verb_init (MereHq *hq,
                char ***args)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "label", 0, 0, G_OPTION_ARG_STRING, &options.label, N_ ("What headquarters is called"), N_ ("TEXT") },
    { "identity-file", 0, 0, G_OPTION_ARG_FILENAME, &options.identity_file, N_ ("Also write the key that opens bundles, for age -d -i; keep it offline"), N_ ("FILE") },
    { "recovery-file", 0, 0, G_OPTION_ARG_FILENAME, &options.recovery_file, N_ ("Make a second key that opens bundles, and write it here only"), N_ ("FILE") },
    { NULL },
  };
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, entries, 0, 0, args, &status))
    return status;
  if (!check_free (options.identity_file, &error) || !check_free (options.recovery_file, &error) ||
      (store = make_store (hq, &error)) == NULL)
    return mere_hq_fail (error);
  keys = make_keys (store, &options, &error);
  if (keys == NULL)
    return give_up (hq, store, error);
  mere_hq_take_store (hq, store);
  tell (hq, keys);
  return MERE_HQ_DONE;
}
