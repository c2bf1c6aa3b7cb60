/* SPDX-License-Identifier: GPL-3.0-or-later */

/* trust.json: read and written. */

#include "config.h"

#include "sync/trust-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/age.h"
#include "sync/code.h"
#include "sync/ijson.h"

#define FORMAT "merestone-trust"
#define MAX_REVOKED 10000

static gboolean
refuse_format (GError    **error,
               const char *problem)
{
  /* Translators: %s is a technical phrase in English. */
  g_set_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_FORMAT,
               _ ("The trust list breaks its format (%s). It was not taken."), problem);

  return FALSE;
}

/* While a list is read: it comes first, so that one table of fields serves both. */
typedef struct
{
  MereTrust trust;
  char     *format;
  char    **critical;
  char    **roots;
} Reading;

#define OF(member) G_STRUCT_OFFSET (Reading, member)

static const MereJsonField signer_fields[] = {
  { "key", MERE_JSON_STRING, G_STRUCT_OFFSET (MereTrustSigner, key), MERE_JSON_REQUIRED, 56, NULL },
  { "from", MERE_JSON_UINT, G_STRUCT_OFFSET (MereTrustSigner, from), MERE_JSON_REQUIRED, 0, NULL },
};

static gboolean
read_signers (MereJson *json,
              gpointer  structure)
{
  MereTrust *self = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereTrustSigner *signer = g_new0 (MereTrustSigner, 1);

      g_ptr_array_add (self->signers, signer);
      if (self->signers->len > MERE_TRUST_MAX_KEYS)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, signer_fields, G_N_ELEMENTS (signer_fields), signer))
        return FALSE;
    }

  return json->problem == NULL;
}

typedef struct
{
  char *key;
  char *use;
} Box;

static const MereJsonField box_fields[] = {
  { "key", MERE_JSON_STRING, G_STRUCT_OFFSET (Box, key), MERE_JSON_REQUIRED, 62, NULL },
  { "use", MERE_JSON_STRING, G_STRUCT_OFFSET (Box, use), MERE_JSON_REQUIRED, 32, NULL },
};

/* Keys for a use that is unknown here are passed over. */
static gboolean
take_box (MereJson  *json,
          MereTrust *self,
          Box       *box)
{
  char **member = NULL;

  if (strcmp (box->use, "operational") == 0)
    member = &self->operational;
  else if (strcmp (box->use, "recovery") == 0)
    member = &self->recovery;
  else if (strcmp (box->use, "escrow") == 0)
    member = &self->escrow;
  if (member != NULL && *member != NULL)
    return mere_json_fail (json, "two box keys for one use");
  if (member != NULL)
    *member = g_steal_pointer (&box->key);

  return TRUE;
}

static gboolean
read_boxes (MereJson *json,
            gpointer  structure)
{
  gboolean read = mere_json_begin_array (json);

  for (guint n = 0; read && mere_json_next_item (json); n++)
    {
      Box box = { 0 };

      read = (n < MERE_TRUST_MAX_KEYS || mere_json_fail (json, "a list is too long")) &&
             mere_json_read_fields (json, box_fields, G_N_ELEMENTS (box_fields), &box) &&
             take_box (json, structure, &box);
      g_free (box.key);
      g_free (box.use);
    }

  return read && json->problem == NULL;
}

static const MereJsonField fields[] = {
  { "format", MERE_JSON_STRING, OF (format), MERE_JSON_REQUIRED, 64, NULL },
  { "critical", MERE_JSON_STRINGS, OF (critical), MERE_JSON_OPTIONAL, MERE_TRUST_MAX_KEYS, NULL },
  { "version", MERE_JSON_UINT, OF (trust.version), MERE_JSON_REQUIRED, 0, NULL },
  { "prev", MERE_JSON_STRING, OF (trust.prev), MERE_JSON_REQUIRED | MERE_JSON_NULLABLE, 64, NULL },
  { "root", MERE_JSON_STRINGS, OF (roots), MERE_JSON_REQUIRED, MERE_TRUST_MAX_KEYS, NULL },
  { "hq_sign", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_signers },
  { "hq_box", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_boxes },
  { "revoked", MERE_JSON_STRINGS, OF (trust.revoked), MERE_JSON_OPTIONAL, MAX_REVOKED, NULL },
  { "issued", MERE_JSON_STRING, OF (trust.issued), MERE_JSON_OPTIONAL, 64, NULL },
};

static const char *
check_signers (const MereTrust *self)
{
  MereMinisignKey key;

  if (self->signers->len == 0)
    return "no signing key";
  for (guint i = 0; i < self->signers->len; i++)
    {
      const MereTrustSigner *signer = self->signers->pdata[i];

      if (!mere_minisign_key_parse (signer->key, &key, NULL))
        return "a signing key that is none";
      if (signer->from < 1 || signer->from > self->version)
        return "a signing key of a version that is not yet";
    }

  return NULL;
}

/* The rules between the parts. NULL, or what is broken. */
static const char *
check (const MereTrust *self)
{
  guint8          box[MERE_AGE_KEY_SIZE];
  MereMinisignKey key;

  if (self->version < 1)
    return "a version that there never was";
  if ((self->prev == NULL) != (self->version == 1) || (self->prev != NULL && !mere_hex_is (self->prev, MERE_CONTENT_SIZE)))
    return "a link to the version before that is missing, out of place or no hash";
  if (self->root == NULL || !mere_minisign_key_parse (self->root, &key, NULL))
    return "a root that is no key";
  if (self->operational == NULL || !mere_age_recipient_parse (self->operational, box, NULL))
    return "no operational box key";
  if (self->recovery != NULL && (!mere_age_recipient_parse (self->recovery, box, NULL) || strcmp (self->recovery, self->operational) == 0))
    return "a recovery key that is none";
  if (self->escrow != NULL && (!mere_age_recipient_parse (self->escrow, box, NULL) || strcmp (self->escrow, self->operational) == 0 ||
                               g_strcmp0 (self->escrow, self->recovery) == 0))
    return "an escrow key that is none";
  for (gsize i = 0; self->revoked != NULL && self->revoked[i] != NULL; i++)
    if (!mere_device_code_is (self->revoked[i]))
      return "a revoked laptop that is none";

  return check_signers (self);
}

static const char *
finish (Reading  *reading,
        MereJson *json)
{
  MereTrust *self = &reading->trust;

  if (json->problem != NULL)
    return json->problem;
  if (strcmp (reading->format, FORMAT) != 0)
    return "another format";
  if (reading->critical != NULL && reading->critical[0] != NULL)
    return "made by a newer version of the program";
  if (g_strv_length (reading->roots) != 1)
    return "not exactly one root";
  self->root = g_strdup (reading->roots[0]);

  return check (self);
}

MereTrust *
mere_trust_parse_text (GBytes  *text,
                       GError **error)
{
  g_autoptr (MereTrust) self = mere_trust_new ();
  Reading     reading = { .trust = *self };
  MereJson    json;
  const char *problem;

  mere_json_init (&json, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (g_bytes_get_size (text) > MERE_TRUST_MAX_SIZE)
    mere_json_fail (&json, "too large");
  if (mere_json_read_fields (&json, fields, G_N_ELEMENTS (fields), &reading))
    mere_json_end (&json);
  problem = finish (&reading, &json);
  *self = reading.trust;
  g_free (reading.format);
  g_strfreev (reading.critical);
  g_strfreev (reading.roots);
  if (problem != NULL)
    refuse_format (error, problem);

  return problem == NULL ? g_steal_pointer (&self) : NULL;
}

static void
append_signers (GString         *text,
                const MereTrust *self)
{
  mere_json_append_key (text, "hq_sign");
  g_string_append_c (text, '[');
  for (guint i = 0; i < self->signers->len; i++)
    {
      const MereTrustSigner *signer = self->signers->pdata[i];

      g_string_append (text, i > 0 ? ",{" : "{");
      mere_json_append_text (text, "key", signer->key);
      mere_json_append_int (text, "from", signer->from);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_box (GString    *text,
            const char *key,
            const char *use)
{
  if (key == NULL)
    return;

  g_string_append (text, text->str[text->len - 1] == '[' ? "{" : ",{");
  mere_json_append_text (text, "key", key);
  mere_json_append_text (text, "use", use);
  g_string_append_c (text, '}');
}

GBytes *
mere_trust_write_text (const MereTrust *self)
{
  static const char *const none[] = { NULL };
  const char *const        roots[] = { self->root, NULL };
  g_autoptr (GString) text = g_string_new ("{");

  mere_json_append_text (text, "format", FORMAT);
  mere_json_append_int (text, "version", self->version);
  mere_json_append_key (text, "prev");
  mere_json_append_string (text, self->prev);
  mere_json_append_strings (text, "root", roots);
  append_signers (text, self);
  mere_json_append_key (text, "hq_box");
  g_string_append_c (text, '[');
  append_box (text, self->operational, "operational");
  append_box (text, self->recovery, "recovery");
  append_box (text, self->escrow, "escrow");
  g_string_append_c (text, ']');
  mere_json_append_strings (text, "revoked", self->revoked != NULL ? (const char *const *) self->revoked : none);
  mere_json_append_text (text, "issued", self->issued);
  g_string_append (text, "}\n");

  return g_string_free_to_bytes (g_steal_pointer (&text));
}
