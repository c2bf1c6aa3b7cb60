/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `recover`: the answer for a laptop whose passphrase was forgotten. */

#include "config.h"

#include "app/store/digest.h"
#include "app/store/log.h"
#include "app/store/settings.h"
#include "sync/code.h"
#include "sync/hq/device.h"
#include "sync/hq/keyring.h"
#include "sync/hq/verb.h"
#include "sync/recover.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#define LARGEST_IDENTITY 4096 /* bytes of an identity file */

typedef struct
{
  char *identity_file;
  char *checked;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->identity_file);
  g_free (self->checked);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What is asked, and by whom. */
typedef struct
{
  char       *challenge;
  MereDevice *device;
  char       *recovery; /* the recovery key that the laptop means */
  char       *before;   /* what was noted when this challenge was answered before; or NULL */
} Request;

static void
request_clear (Request *self)
{
  g_free (self->challenge);
  g_clear_pointer (&self->device, mere_device_free);
  g_free (self->recovery);
  g_free (self->before);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

/* Of the recovery keys that were ever in the trust list: a laptop may not have heard of the newest yet. */
static char *
find_recovery (MereStore  *store,
               const char *challenge,
               guint       newest,
               GError    **error)
{
  for (guint version = newest; version > 0; version--)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (MereTrust) trust = mere_trust_load (store, version, &failure);

      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      if (trust != NULL && trust->recovery != NULL && mere_recover_challenge_is_for (challenge, trust->recovery))
        return g_steal_pointer (&trust->recovery);
    }
  g_set_error_literal (error, MERE_RECOVER_ERROR, MERE_RECOVER_ERROR_CHECK,
                       _ ("The challenge does not check: a character is wrong, or it is of another headquarters. Have it read out again."));
  return NULL;
}

static gboolean
check_active (const MereDevice *device,
              GError          **error)
{
  if (!device->revoked)
    return TRUE;
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT,
               _ ("%s is revoked: it gets no answer."), device->device);
  return FALSE;
}

static char *
dup_note_key (const char *challenge)
{
  return g_strconcat ("hq.recover.", challenge, NULL);
}

static gboolean
read_request (Request    *self,
              MereStore  *store,
              const char *typed,
              GError    **error)
{
  g_autoptr (MereKeyring) keys = mere_keyring_load (store, error);
  g_autofree char *name = NULL;
  g_autofree char *note = NULL;

  if (keys == NULL || (self->challenge = mere_recover_challenge_read (typed, error)) == NULL ||
      (self->recovery = find_recovery (store, self->challenge, keys->trust->version, error)) == NULL)
    return FALSE;
  name = mere_recover_challenge_dup_device (self->challenge);
  note = dup_note_key (self->challenge);
  self->device = mere_device_load (store, name, error);
  if (self->device == NULL || !check_active (self->device, error))
    return FALSE;
  self->before = mere_settings_load_text (store, note, NULL);
  return TRUE;
}

/* The identity that was written down when headquarters was made. */
static MereSecret *
load_identity (const char *path,
               const char *recovery,
               GError    **error)
{
  g_autofree char *text = NULL;
  g_autofree char *recipient = NULL;
  g_autoptr (MereSecret) identity = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, error))
    return NULL;
  identity = size <= LARGEST_IDENTITY ? mere_age_identity_parse (text, error) : NULL;
  sodium_memzero (text, size);
  if (identity == NULL)
    {
      if (size > LARGEST_IDENTITY)
        g_set_error (error, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY, _ ("“%s” is too large for an identity file."), path);
      return NULL;
    }
  recipient = mere_age_identity_dup_recipient (identity);
  if (g_str_equal (recipient, recovery))
    return g_steal_pointer (&identity);
  g_set_error (error, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY,
               _ ("“%s” is not the recovery identity that this laptop needs: that of %s."), path, recovery);
  return NULL;
}

/* Before the answer is told: who was helped, and how it was known that it was the right person, stays in the vault and its log. */
static gboolean
note (MereStore     *store,
      const Request *request,
      const char    *checked,
      GError       **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *when = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *text = g_strconcat (when, " ", checked, NULL);
  g_autofree char *key = dup_note_key (request->challenge);
  g_autofree char *b2 = mere_digest_dup_hex (text, strlen (text));

  return work != NULL && mere_settings_save_text (store, key, text, error) &&
         mere_log_append (store, "recover", request->challenge, b2, error) && mere_transaction_commit (g_steal_pointer (&work), error);
}

static void
tell (MereHq           *hq,
      const Request    *request,
      const MereSecret *answer)
{
  const char *digits = (const char *) mere_secret_get_data (answer);
  char       *grouped = mere_code_group (digits);

  if (request->before != NULL)
    mere_hq_say (_ ("This challenge was answered before (%s). If the laptop did not open then, a digit was mistyped."), request->before);
  mere_hq_say (_ ("Only for %s (%s), and once: it asks for a new passphrase then."), request->device->device, request->device->label);
  if (mere_hq_wants_json (hq))
    {
      JsonObject *object = json_object_new ();

      mere_hq_set_text (object, "device", request->device->device);
      mere_hq_set_text (object, "label", request->device->label);
      mere_hq_set_text (object, "answer", grouped);
      mere_hq_print_json (mere_hq_object_node (object));
    }
  else
    mere_hq_print ("%s\n", grouped);
  sodium_memzero (grouped, strlen (grouped));
  g_free (grouped);
}

static gboolean
has_options (const Options *options)
{
  if (options->identity_file == NULL)
    mere_hq_say ("%s", _ ("Give the recovery identity with --identity-file: it was written when headquarters was made."));
  else if (options->checked == NULL || *options->checked == '\0')
    mere_hq_say ("%s", _ ("Say with --checked how you know that the laptop’s owner is asking, e.g. “called back on the number in the mission order”. It is noted in the vault."));
  else
    return TRUE;
  return FALSE;
}

int
mere_verb_recover (MereHq *hq,
                   char ***args)
{
  g_auto (Options) options = { NULL };
  g_auto (Request) request = { NULL };
  const GOptionEntry entries[] = {
    { "identity-file", 0, 0, G_OPTION_ARG_FILENAME, &options.identity_file, N_ ("The recovery identity"), N_ ("FILE") },
    { "checked", 0, 0, G_OPTION_ARG_STRING, &options.checked, N_ ("How it is known who asks; it is noted"), N_ ("TEXT") },
    { NULL },
  };
  g_autoptr (MereSecret) identity = NULL;
  g_autoptr (MereSecret) answer = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  if (!has_options (&options))
    return MERE_HQ_USAGE;
  if ((store = mere_hq_open (hq, &error)) == NULL || !read_request (&request, store, (*args)[1], &error) ||
      (identity = load_identity (options.identity_file, request.recovery, &error)) == NULL ||
      (answer = mere_recover_answer_new (identity, request.device->box_key, request.recovery, request.challenge, &error)) == NULL ||
      !note (store, &request, options.checked, &error))
    return mere_hq_fail (error);
  tell (hq, &request, answer);
  return MERE_HQ_DONE;
}
