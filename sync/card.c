/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cards. The trust list that headquarters' card carries is text within text, cut into pieces that fit the longest string
 * a reader takes; put together again they are its signed bytes. */

#include "config.h"

#include "sync/card.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/age.h"
#include "sync/code.h"
#include "sync/ijson.h"

#define FORMAT "merestone-card"
#define VERSION 1
#define MAX_SIZE 65536 /* bytes */
#define PIECE 4096     /* bytes of the trust list in one string */

G_DEFINE_QUARK (mere_card_error, mere_card_error)

void
mere_card_free (MereCard *self)
{
  if (self == NULL)
    return;

  g_free (self->device);
  g_free (self->sign_key);
  g_free (self->box_key);
  g_free (self->label);
  g_free (self->replaces);
  mere_trust_free (self->trust);
  g_clear_pointer (&self->handovers, g_ptr_array_unref);
  g_free (self);
}

MereCard *
mere_card_new_device (const MereMinisignKey *sign_key,
                      const char            *box_key,
                      const char            *label)
{
  MereCard *self = g_new0 (MereCard, 1);

  self->device = mere_device_code_new (sign_key);
  self->sign_key = mere_minisign_key_to_text (sign_key);
  self->box_key = g_strdup (box_key);
  self->label = g_strdup (label != NULL ? label : "");

  return self;
}

MereCard *
mere_card_new_hq (const MereTrust *trust,
                  GPtrArray       *handovers,
                  const char      *label)
{
  MereCard *self = g_new0 (MereCard, 1);

  self->is_hq = TRUE;
  self->device = g_strdup (trust->hq);
  self->sign_key = g_strdup (trust->root);
  self->box_key = g_strdup (trust->operational);
  self->label = g_strdup (label != NULL ? label : "");
  self->trust = mere_trust_copy (trust);
  self->handovers = handovers != NULL ? g_ptr_array_ref (handovers) : NULL;

  return self;
}

static const char *
get_role (const MereCard *self)
{
  return self->is_hq ? MERE_CODE_ROLE_HQ : MERE_CODE_ROLE_DEVICE;
}

char *
mere_card_dup_code (const MereCard *self)
{
  MereMinisignKey key = { 0 };

  mere_minisign_key_parse (self->sign_key, &key, NULL);

  return mere_code_new (get_role (self), &key, self->box_key, NULL);
}

static gboolean
refuse_format (GError    **error,
               const char *problem)
{
  /* Translators: %s is a technical phrase in English. */
  g_set_error (error, MERE_CARD_ERROR, MERE_CARD_ERROR_FORMAT,
               _ ("The card breaks its format (%s). It was not taken."), problem);

  return FALSE;
}

static gboolean
refuse_signature (GError **error)
{
  g_set_error_literal (error, MERE_CARD_ERROR, MERE_CARD_ERROR_SIGNATURE,
                       _ ("The card is not signed with its own key, or was changed on its way. It was not taken."));

  return FALSE;
}

/* While a card is read: it comes first, so that one table of fields serves both. */
typedef struct
{
  MereCard card;
  char    *format;
  guint    version;
  char    *role;
  char   **trust;
  char    *trust_signature;
  char   **handovers;
} Reading;

#define OF(member) G_STRUCT_OFFSET (Reading, member)

static const MereJsonField fields[] = {
  { "format", MERE_JSON_STRING, OF (format), MERE_JSON_REQUIRED, 64, NULL },
  { "version", MERE_JSON_UINT, OF (version), MERE_JSON_REQUIRED, 0, NULL },
  { "role", MERE_JSON_STRING, OF (role), MERE_JSON_REQUIRED, 32, NULL },
  { "device", MERE_JSON_STRING, OF (card.device), MERE_JSON_REQUIRED, MERE_DEVICE_CODE_LENGTH, NULL },
  { "sign_key", MERE_JSON_STRING, OF (card.sign_key), MERE_JSON_REQUIRED, 56, NULL },
  { "box_key", MERE_JSON_STRING, OF (card.box_key), MERE_JSON_REQUIRED, 62, NULL },
  { "label", MERE_JSON_STRING, OF (card.label), MERE_JSON_OPTIONAL, MERE_CARD_MAX_LABEL, NULL },
  { "replaces", MERE_JSON_STRING, OF (card.replaces), MERE_JSON_OPTIONAL, MERE_DEVICE_CODE_LENGTH, NULL },
  { "trust", MERE_JSON_STRINGS, OF (trust), MERE_JSON_OPTIONAL, MERE_TRUST_MAX_SIZE, NULL },
  { "trust_signature", MERE_JSON_STRING, OF (trust_signature), MERE_JSON_OPTIONAL, MERE_MINISIGN_MAX_SIZE, NULL },
  { "handovers", MERE_JSON_STRINGS, OF (handovers), MERE_JSON_OPTIONAL, 2 * MERE_HANDOVER_MAX, NULL },
};

static void
reading_clear (Reading *self)
{
  g_free (self->format);
  g_free (self->role);
  g_strfreev (self->trust);
  g_free (self->trust_signature);
  g_strfreev (self->handovers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

/* NULL, or what is broken. */
static const char *
check (const MereCard *self)
{
  MereMinisignKey  key;
  guint8           box[MERE_AGE_KEY_SIZE];
  g_autofree char *device = NULL;

  if (!mere_minisign_key_parse (self->sign_key, &key, NULL))
    return "a signing key that is none";
  if (!mere_age_recipient_parse (self->box_key, box, NULL))
    return "a box key that is none";
  if (self->replaces != NULL && !mere_device_code_is (self->replaces))
    return "a name before that is none";
  device = mere_device_code_new (&key);

  return strcmp (device, self->device) == 0 ? NULL : "a name that is not that of its key";
}

static const char *
finish (Reading  *reading,
        MereJson *json)
{
  MereCard *self = &reading->card;

  if (json->problem != NULL)
    return json->problem;
  if (strcmp (reading->format, FORMAT) != 0 || reading->version < 1)
    return "another format";
  if (reading->version > VERSION)
    return "made by a newer version of the program";
  self->is_hq = strcmp (reading->role, MERE_CODE_ROLE_HQ) == 0;
  if (!self->is_hq && strcmp (reading->role, MERE_CODE_ROLE_DEVICE) != 0)
    return "a role that is none";
  if (self->is_hq != (reading->trust != NULL) || self->is_hq != (reading->trust_signature != NULL))
    return "a trust list that is missing or out of place";
  if (reading->handovers != NULL && (!self->is_hq || g_strv_length (reading->handovers) % 2 != 0))
    return "hand-overs that are not whole or out of place";
  if (self->label == NULL)
    self->label = g_strdup ("");

  return check (self);
}

static gboolean
verify (const MereCard *self,
        GBytes         *text,
        GBytes         *signature_text,
        GError        **error)
{
  g_autofree char *comment = g_strdup_printf ("merestone-card/1 d=%s", self->device);
  MereMinisignKey  key;
  g_autoptr (MereMinisign) signature = NULL;

  mere_minisign_key_parse (self->sign_key, &key, NULL);
  signature = mere_minisign_parse (g_bytes_get_data (signature_text, NULL), g_bytes_get_size (signature_text), NULL);
  if (signature != NULL &&
      mere_minisign_verify_data (signature, &key, g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL) &&
      strcmp (signature->trusted_comment, comment) == 0)
    return TRUE;

  return refuse_signature (error);
}

/* Headquarters' list must be its own: signed by the card's key, and naming the card's box key. */
static gboolean
open_trust (Reading *reading,
            GError **error)
{
  MereCard       *self = &reading->card;
  char           *joined = g_strjoinv (NULL, reading->trust);
  MereMinisignKey root;
  g_autoptr (GBytes) text = g_bytes_new_take (joined, strlen (joined));
  g_autoptr (GBytes) signature = g_bytes_new (reading->trust_signature, strlen (reading->trust_signature));

  mere_minisign_key_parse (self->sign_key, &root, NULL);
  self->trust = mere_trust_open (text, signature, &root, error);
  if (self->trust == NULL)
    return FALSE;

  return strcmp (self->trust->operational, self->box_key) == 0 || refuse_signature (error);
}

/* Documents and signatures take turns. */
static gboolean
open_handovers (Reading *reading,
                GError **error)
{
  MereCard *self = &reading->card;

  self->handovers = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_handover_free);
  for (char **text = reading->handovers; text != NULL && *text != NULL; text += 2)
    {
      g_autoptr (GBytes) document = g_bytes_new (text[0], strlen (text[0]));
      g_autoptr (GBytes) signature = g_bytes_new (text[1], strlen (text[1]));
      MereHandover *handover = mere_handover_open (document, signature, error);

      if (handover == NULL)
        return FALSE;
      g_ptr_array_add (self->handovers, handover);
    }

  return TRUE;
}

static gboolean
read_card (Reading *reading,
           GBytes  *text,
           GBytes  *signature,
           GError **error)
{
  MereJson    json;
  const char *problem;
  g_autoptr (GError) failure = NULL;

  mere_json_init (&json, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (g_bytes_get_size (text) > MAX_SIZE)
    mere_json_fail (&json, "too large");
  if (mere_json_read_fields (&json, fields, G_N_ELEMENTS (fields), reading))
    mere_json_end (&json);
  problem = finish (reading, &json);
  if (problem != NULL)
    return refuse_format (error, problem);
  if (!verify (&reading->card, text, signature, error))
    return FALSE;
  if (!reading->card.is_hq || (open_trust (reading, &failure) && open_handovers (reading, &failure)))
    return TRUE;

  g_set_error_literal (error, MERE_CARD_ERROR, MERE_CARD_ERROR_SIGNATURE, failure->message);

  return FALSE;
}

MereCard *
mere_card_open (GBytes  *text,
                GBytes  *signature,
                GError **error)
{
  g_auto (Reading) reading = { 0 };
  g_autoptr (MereCard) self = NULL;
  gboolean sound = read_card (&reading, text, signature, error);

  self = g_memdup2 (&reading.card, sizeof reading.card);

  return sound ? g_steal_pointer (&self) : NULL;
}

/* Pieces end between characters. */
static char **
cut (const char *text,
     gsize       size)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  while (size > 0)
    {
      gsize            n = MIN (size, PIECE);
      g_autofree char *piece = NULL;

      while (n < size && (text[n] & 0xc0) == 0x80)
        n--;
      piece = g_strndup (text, n);
      g_strv_builder_add (builder, piece);
      text += n;
      size -= n;
    }

  return g_strv_builder_end (builder);
}

static char *
dup_text (GBytes *bytes)
{
  gsize       size;
  const char *text = g_bytes_get_data (bytes, &size);

  return g_strndup (text, size);
}

static void
append_trust (GString         *text,
              const MereTrust *trust)
{
  gsize       size;
  const char *bytes = g_bytes_get_data (trust->text, &size);
  g_auto (GStrv) pieces = cut (bytes, size);
  g_autofree char *signature = dup_text (trust->signature);

  mere_json_append_strings (text, "trust", (const char *const *) pieces);
  mere_json_append_text (text, "trust_signature", signature);
}

static void
append_handovers (GString   *text,
                  GPtrArray *handovers)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) pieces = NULL;

  for (guint i = 0; i < handovers->len; i++)
    {
      const MereHandover *handover = handovers->pdata[i];
      g_autofree char    *document = dup_text (handover->text);
      g_autofree char    *signature = dup_text (handover->signature);

      g_strv_builder_add (builder, document);
      g_strv_builder_add (builder, signature);
    }
  pieces = g_strv_builder_end (builder);
  mere_json_append_strings (text, "handovers", (const char *const *) pieces);
}

static GBytes *
write_text (const MereCard *self)
{
  g_autoptr (GString) text = g_string_new ("{");

  mere_json_append_text (text, "format", FORMAT);
  mere_json_append_int (text, "version", VERSION);
  mere_json_append_text (text, "role", get_role (self));
  mere_json_append_text (text, "device", self->device);
  mere_json_append_text (text, "sign_key", self->sign_key);
  mere_json_append_text (text, "box_key", self->box_key);
  mere_json_append_text (text, "label", self->label);
  mere_json_append_text (text, "replaces", self->replaces);
  if (self->trust != NULL)
    append_trust (text, self->trust);
  if (self->handovers != NULL && self->handovers->len > 0)
    append_handovers (text, self->handovers);
  g_string_append (text, "}\n");

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

void
mere_card_sign (const MereCard   *self,
                const MereSecret *secret,
                GBytes          **text,
                GBytes          **signature)
{
  g_autofree char *comment = g_strdup_printf ("merestone-card/1 d=%s", self->device);
  char            *lines;

  *text = write_text (self);
  lines = mere_minisign_sign_data (secret, g_bytes_get_data (*text, NULL), g_bytes_get_size (*text), comment);
  *signature = g_bytes_new_take (lines, strlen (lines));
}
