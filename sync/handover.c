/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Hand-overs: a short document that the old root signs. Nothing of it counts before that signature has been checked. */

#include "config.h"

#include "sync/handover.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/store/settings.h"
#include "sync/code.h"
#include "sync/ijson.h"

#define FORMAT "merestone-handover"
#define VERSION 1
#define MAX_SIZE 2048 /* bytes */
#define COUNT_KEY "trust.handovers"

void
mere_handover_free (MereHandover *self)
{
  if (self == NULL)
    return;

  g_free (self->from);
  g_free (self->to);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->signature, g_bytes_unref);
  g_free (self);
}

static char *
make_comment (const MereMinisignKey *from,
              const MereMinisignKey *to)
{
  g_autofree char *one = mere_device_code_new (from);
  g_autofree char *other = mere_device_code_new (to);

  return g_strdup_printf ("merestone-handover/1 from=%s to=%s", one, other);
}

MereHandover *
mere_handover_seal (const MereSecret      *from,
                    const MereMinisignKey *to,
                    guint                  trust)
{
  MereHandover    *self = g_new0 (MereHandover, 1);
  g_autofree char *comment = NULL;
  g_autoptr (GString) text = g_string_new ("{");
  MereMinisignKey key;
  char           *lines;

  mere_minisign_secret_get_key (from, &key);
  self->from = mere_minisign_key_to_text (&key);
  self->to = mere_minisign_key_to_text (to);
  self->trust = trust;
  mere_json_append_text (text, "format", FORMAT);
  mere_json_append_int (text, "version", VERSION);
  mere_json_append_text (text, "from", self->from);
  mere_json_append_text (text, "to", self->to);
  mere_json_append_int (text, "trust", trust);
  g_string_append (text, "}\n");
  self->text = g_string_free_to_bytes (g_steal_pointer (&text));
  comment = make_comment (&key, to);
  lines = mere_minisign_sign_data (from, g_bytes_get_data (self->text, NULL), g_bytes_get_size (self->text), comment);
  self->signature = g_bytes_new_take (lines, strlen (lines));

  return self;
}

/* While it is read: it comes first, so that one table of fields serves both. */
typedef struct
{
  MereHandover handover;
  char        *format;
  guint        version;
} Reading;

#define OF(member) G_STRUCT_OFFSET (Reading, member)

static const MereJsonField fields[] = {
  { "format", MERE_JSON_STRING, OF (format), MERE_JSON_REQUIRED, 64, NULL },
  { "version", MERE_JSON_UINT, OF (version), MERE_JSON_REQUIRED, 0, NULL },
  { "from", MERE_JSON_STRING, OF (handover.from), MERE_JSON_REQUIRED, 56, NULL },
  { "to", MERE_JSON_STRING, OF (handover.to), MERE_JSON_REQUIRED, 56, NULL },
  { "trust", MERE_JSON_UINT, OF (handover.trust), MERE_JSON_REQUIRED, 0, NULL },
};

/* NULL, or what is broken. */
static const char *
check (const Reading   *reading,
       const MereJson  *json,
       MereMinisignKey *from,
       MereMinisignKey *to)
{
  if (json->problem != NULL)
    return json->problem;
  if (strcmp (reading->format, FORMAT) != 0)
    return "another format";
  if (reading->version != VERSION)
    return "made by a newer version of the program";
  if (!mere_minisign_key_parse (reading->handover.from, from, NULL) || !mere_minisign_key_parse (reading->handover.to, to, NULL))
    return "a root that is no key";

  return reading->handover.trust >= 2 ? NULL : "a version that no new root can sign";
}

static gboolean
parse (MereHandover    *self,
       GBytes          *text,
       MereMinisignKey *from,
       MereMinisignKey *to,
       GError         **error)
{
  Reading     reading = { 0 };
  MereJson    json;
  const char *problem;

  mere_json_init (&json, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (g_bytes_get_size (text) > MAX_SIZE)
    mere_json_fail (&json, "too large");
  if (mere_json_read_fields (&json, fields, G_N_ELEMENTS (fields), &reading))
    mere_json_end (&json);
  problem = check (&reading, &json, from, to);
  *self = reading.handover;
  g_free (reading.format);
  if (problem != NULL)
    /* Translators: %s is a technical phrase in English. */
    g_set_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_FORMAT,
                 _ ("The hand-over of headquarters’ root breaks its format (%s). It was not taken."), problem);

  return problem == NULL;
}

MereHandover *
mere_handover_open (GBytes  *text,
                    GBytes  *signature_text,
                    GError **error)
{
  g_autoptr (MereHandover) self = g_new0 (MereHandover, 1);
  g_autoptr (MereMinisign) signature = NULL;
  g_autofree char *comment = NULL;
  MereMinisignKey  from, to;

  if (!parse (self, text, &from, &to, error))
    return NULL;
  comment = make_comment (&from, &to);
  signature = mere_minisign_parse (g_bytes_get_data (signature_text, NULL), g_bytes_get_size (signature_text), NULL);
  if (signature == NULL || strcmp (signature->trusted_comment, comment) != 0 ||
      !mere_minisign_verify_data (signature, &from, g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL))
    {
      g_set_error_literal (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_SIGNATURE,
                           _ ("The hand-over of headquarters’ root is not signed by the old root, or was changed on its way. It was not taken."));
      return NULL;
    }
  self->text = g_bytes_ref (text);
  self->signature = g_bytes_ref (signature_text);

  return g_steal_pointer (&self);
}

/* What a root was handed over to; NULL where it was not. */
static const char *
find_next (GPtrArray  *handovers,
           const char *from)
{
  for (guint i = 0; handovers != NULL && i < handovers->len; i++)
    {
      const MereHandover *handover = handovers->pdata[i];

      if (strcmp (handover->from, from) == 0)
        return handover->to;
    }

  return NULL;
}

gboolean
mere_handover_leads (GPtrArray  *handovers,
                     const char *from,
                     const char *to)
{
  /* As many steps as there are hand-overs: a ring ends, too. */
  for (guint i = 0; handovers != NULL && i < handovers->len && from != NULL; i++)
    {
      from = find_next (handovers, from);
      if (g_strcmp0 (from, to) == 0)
        return TRUE;
    }

  return FALSE;
}

static char *
make_key (gint64      number,
          const char *part)
{
  return g_strdup_printf ("trust.handover.%" G_GINT64_FORMAT "%s", number, part);
}

gboolean
mere_handover_save (MereStore          *store,
                    const MereHandover *self,
                    GError            **error)
{
  gint64           number = mere_settings_load_int (store, COUNT_KEY, 0) + 1;
  g_autofree char *text_key = make_key (number, "");
  g_autofree char *signature_key = make_key (number, MERE_MINISIGN_SUFFIX);
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  return work != NULL &&
         mere_settings_save_bytes (store, text_key, self->text, error) &&
         mere_settings_save_bytes (store, signature_key, self->signature, error) &&
         mere_settings_save_int (store, COUNT_KEY, number, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

static MereHandover *
load (MereStore *store,
      gint64     number,
      GError   **error)
{
  g_autofree char *text_key = make_key (number, "");
  g_autofree char *signature_key = make_key (number, MERE_MINISIGN_SUFFIX);
  g_autoptr (GBytes) text = mere_settings_load_bytes (store, text_key, error);
  g_autoptr (GBytes) signature = text != NULL ? mere_settings_load_bytes (store, signature_key, error) : NULL;

  return signature != NULL ? mere_handover_open (text, signature, error) : NULL;
}

GPtrArray *
mere_handover_list (MereStore *store,
                    GError   **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_handover_free);
  gint64 n = mere_settings_load_int (store, COUNT_KEY, 0);

  for (gint64 number = MAX (1, n - MERE_HANDOVER_MAX + 1); number <= n; number++)
    {
      GError       *failure = NULL;
      MereHandover *handover = load (store, number, &failure);

      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return NULL;
        }
      if (handover != NULL)
        g_ptr_array_add (list, handover);
    }

  return g_steal_pointer (&list);
}
