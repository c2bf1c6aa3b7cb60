/* SPDX-License-Identifier: GPL-3.0-or-later */

/* receipt.json: written and read. Declared in receipt.h. */

#include "config.h"

#include "sync/receipt.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/store/words.h"
#include "sync/code.h"
#include "sync/hash.h"
#include "sync/ijson.h"

#define FORMAT "merestone-receipt"
#define VERSION 1
#define CHAIN_ID_SIZE 16 /* bytes */
#define MAX_CHAINS MERE_CHAIN_MAX_NO
#define MAX_NUMBERS 10000 /* gaps, places to be sent again, returned records */
#define MAX_FORKS 1000    /* and hashes of one fork */
#define MAX_CODE 64       /* bytes */
#define MAX_ID 1024       /* bytes */
#define MAX_REF 4096      /* bytes */
#define MAX_COMMENT 8000  /* bytes: 2000 characters */

static const char *const statuses[] = {
  [MERE_RECEIPT_ACCEPTED] = "accepted",
  [MERE_RECEIPT_PARTIAL] = "partial",
  [MERE_RECEIPT_QUARANTINED] = "quarantined",
};

static void
append_numbers (GString    *text,
                const char *key,
                GArray     *numbers)
{
  mere_json_append_key (text, key);
  g_string_append_c (text, '[');
  for (guint i = 0; i < numbers->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", g_array_index (numbers, guint, i));
  g_string_append_c (text, ']');
}

/* Begins an object that is the item number @index of a list. */
static void
append_item (GString *text,
             guint    index)
{
  g_string_append (text, index > 0 ? ",{" : "{");
}

static void
append_line (GString               *text,
             const MereReceiptLine *line)
{
  mere_json_append_int (text, "seq", line->seq);
  mere_json_append_text (text, "b2", line->b2);
  mere_json_append_text (text, "status", statuses[line->status]);
  mere_json_append_int (text, "records", line->n_records);
  mere_json_append_key (text, "rejected");
  g_string_append_c (text, '[');
  for (guint i = 0; i < line->rejected->len; i++)
    {
      const MereReceiptRejection *rejection = line->rejected->pdata[i];

      append_item (text, i);
      mere_json_append_text (text, "record", rejection->record);
      mere_json_append_text (text, "code", rejection->code);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_forks (GString                *text,
              const MereReceiptChain *chain)
{
  mere_json_append_key (text, "forks");
  g_string_append_c (text, '[');
  for (guint i = 0; i < chain->forks->len; i++)
    {
      const MereReceiptFork *branch = chain->forks->pdata[i];

      append_item (text, i);
      mere_json_append_int (text, "seq", branch->seq);
      mere_json_append_strings (text, "b2", (const char *const *) branch->b2);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_log (GString                *text,
            const MereReceiptChain *chain)
{
  if (chain->log_hash == NULL)
    return;
  mere_json_append_key (text, "log");
  g_string_append_c (text, '{');
  mere_json_append_int (text, "seq", chain->log_seq);
  mere_json_append_text (text, "hash", chain->log_hash);
  g_string_append_c (text, '}');
}

static void
append_chain (GString                *text,
              const MereReceiptChain *chain)
{
  mere_json_append_text (text, "id", chain->id);
  mere_json_append_int (text, "no", chain->no);
  mere_json_append_int (text, "through", chain->through);
  mere_json_append_key (text, "head");
  mere_json_append_string (text, chain->head);
  append_log (text, chain);
  append_numbers (text, "missing", chain->missing);
  append_numbers (text, "beyond", chain->beyond);
  append_forks (text, chain);
  mere_json_append_key (text, "bundles");
  g_string_append_c (text, '[');
  for (guint i = 0; i < chain->bundles->len; i++)
    {
      append_item (text, i);
      append_line (text, chain->bundles->pdata[i]);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_chains (GString                   *text,
               const MereReceiptDocument *self)
{
  mere_json_append_key (text, "chains");
  g_string_append_c (text, '[');
  for (guint i = 0; i < self->chains->len; i++)
    {
      append_item (text, i);
      append_chain (text, self->chains->pdata[i]);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_resend (GString                   *text,
               const MereReceiptDocument *self)
{
  mere_json_append_key (text, "resend");
  g_string_append_c (text, '[');
  for (guint i = 0; i < self->resend->len; i++)
    {
      const MereChainPlace *place = &g_array_index (self->resend, MereChainPlace, i);

      g_string_append_printf (text, "%s[%u,%u]", i > 0 ? "," : "", place->chain_no, place->seq);
    }
  g_string_append_c (text, ']');
}

static void
append_returned (GString                   *text,
                 const MereReceiptDocument *self)
{
  mere_json_append_key (text, "returned");
  g_string_append_c (text, '[');
  for (guint i = 0; i < self->returned->len; i++)
    {
      const MereReceiptReturn *returned = self->returned->pdata[i];

      append_item (text, i);
      mere_json_append_text (text, "record", returned->record);
      if (*returned->ref != '\0')
        mere_json_append_text (text, "ref", returned->ref);
      mere_json_append_text (text, "comment", returned->comment);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

GBytes *
mere_receipt_document_write (const MereReceiptDocument *self)
{
  static const char *const none[] = { NULL };
  g_autoptr (GString) text = g_string_new ("{");

  mere_json_append_text (text, "format", FORMAT);
  mere_json_append_int (text, "version", VERSION);
  mere_json_append_text (text, "hq", self->hq);
  mere_json_append_text (text, "to", self->to);
  mere_json_append_int (text, "receipt", self->counter);
  mere_json_append_int (text, "trust", self->trust);
  mere_json_append_text (text, "issued", self->issued);
  append_chains (text, self);
  append_resend (text, self);
  mere_json_append_strings (text, "notice", self->notices != NULL ? (const char *const *) self->notices : none);
  append_returned (text, self);
  mere_json_append_key (text, "totals");
  g_string_append_c (text, '{');
  mere_json_append_int (text, "records", (gint64) self->n_records);
  mere_json_append_int (text, "bundles", (gint64) self->n_bundles);
  g_string_append (text, "}}\n");

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* While a receipt is read: it comes first, so that one table of fields serves both. */
typedef struct
{
  MereReceiptDocument document;
  char               *format;
  guint               version;
  guint               n_bundles; /* lines of all chains */
} Reading;

#define OF_READING(member) G_STRUCT_OFFSET (Reading, member)
#define OF(member) G_STRUCT_OFFSET (MereReceiptDocument, member)
#define OF_CHAIN(member) G_STRUCT_OFFSET (MereReceiptChain, member)
#define OF_LINE(member) G_STRUCT_OFFSET (MereReceiptLine, member)

static const MereJsonField rejection_fields[] = {
  { "record", MERE_JSON_STRING, G_STRUCT_OFFSET (MereReceiptRejection, record), MERE_JSON_REQUIRED, MAX_ID, NULL },
  { "code", MERE_JSON_STRING, G_STRUCT_OFFSET (MereReceiptRejection, code), MERE_JSON_REQUIRED, MAX_CODE, NULL },
};

static gboolean
read_rejected (MereJson *json,
               gpointer  structure)
{
  MereReceiptLine *line = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereReceiptRejection *rejection = g_new0 (MereReceiptRejection, 1);

      g_ptr_array_add (line->rejected, rejection);
      if (line->rejected->len > MERE_BUNDLE_MAX_ENTRIES)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, rejection_fields, G_N_ELEMENTS (rejection_fields), rejection))
        return FALSE;
    }

  return json->problem == NULL;
}

static gboolean
read_status (MereJson *json,
             gpointer  structure)
{
  MereReceiptLine *line = structure;
  g_autofree char *text = NULL;
  int              found;

  if (!mere_json_read_string (json, &text))
    return FALSE;
  found = mere_words_find (statuses, G_N_ELEMENTS (statuses), text);
  if (found < 0)
    return mere_json_fail (json, "a status that is unknown here");
  line->status = (MereReceiptStatus) found;
  return TRUE;
}

static const MereJsonField line_fields[] = {
  { "seq", MERE_JSON_UINT, OF_LINE (seq), MERE_JSON_REQUIRED, MERE_CHAIN_MAX_SEQ, NULL },
  { "b2", MERE_JSON_STRING, OF_LINE (b2), MERE_JSON_REQUIRED, 2 * MERE_HASH_SIZE, NULL },
  { "status", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_status },
  { "records", MERE_JSON_UINT, OF_LINE (n_records), MERE_JSON_OPTIONAL, 0, NULL },
  { "rejected", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_rejected },
};

static gboolean
read_lines (MereJson *json,
            gpointer  structure)
{
  MereReceiptChain *chain = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereReceiptLine *line = mere_receipt_chain_add_line (chain, 0, NULL, MERE_RECEIPT_QUARANTINED, 0);

      if (chain->bundles->len > MERE_RECEIPT_MAX_BUNDLES)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, line_fields, G_N_ELEMENTS (line_fields), line))
        return FALSE;
      if (line->seq < 1 || !mere_hex_is (line->b2, MERE_HASH_SIZE))
        return mere_json_fail (json, "a bundle without number or hash");
    }

  return json->problem == NULL;
}

static gboolean
read_numbers (MereJson *json,
              GArray   *numbers)
{
  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      gint64 number;
      guint  seq;

      if (!mere_json_read_int (json, &number))
        return FALSE;
      if (number < 1 || number > MERE_CHAIN_MAX_SEQ || numbers->len == MAX_NUMBERS)
        return mere_json_fail (json, "a number that is no place in a chain, or too many of them");
      seq = (guint) number;
      g_array_append_val (numbers, seq);
    }

  return json->problem == NULL;
}

static gboolean
read_missing (MereJson *json,
              gpointer  structure)
{
  return read_numbers (json, ((MereReceiptChain *) structure)->missing);
}

static gboolean
read_beyond (MereJson *json,
             gpointer  structure)
{
  return read_numbers (json, ((MereReceiptChain *) structure)->beyond);
}

static const MereJsonField fork_fields[] = {
  { "seq", MERE_JSON_UINT, G_STRUCT_OFFSET (MereReceiptFork, seq), MERE_JSON_REQUIRED, MERE_CHAIN_MAX_SEQ, NULL },
  { "b2", MERE_JSON_STRINGS, G_STRUCT_OFFSET (MereReceiptFork, b2), MERE_JSON_REQUIRED, MAX_FORKS, NULL },
};

static gboolean
read_forks (MereJson *json,
            gpointer  structure)
{
  MereReceiptChain *chain = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereReceiptFork *branch = g_new0 (MereReceiptFork, 1);

      g_ptr_array_add (chain->forks, branch);
      if (chain->forks->len > MAX_FORKS)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, fork_fields, G_N_ELEMENTS (fork_fields), branch))
        return FALSE;
    }

  return json->problem == NULL;
}

static const MereJsonField log_fields[] = {
  { "seq", MERE_JSON_UINT64, OF_CHAIN (log_seq), MERE_JSON_REQUIRED, 0, NULL },
  { "hash", MERE_JSON_STRING, OF_CHAIN (log_hash), MERE_JSON_REQUIRED, 2 * MERE_CONTENT_SIZE, NULL },
};

static gboolean
read_log (MereJson *json,
          gpointer  structure)
{
  MereReceiptChain *chain = structure;

  if (!mere_json_read_fields (json, log_fields, G_N_ELEMENTS (log_fields), chain))
    return FALSE;
  if (chain->log_seq < 1 || !mere_hex_is (chain->log_hash, MERE_CONTENT_SIZE))
    return mere_json_fail (json, "a line of a log without number or hash");

  return TRUE;
}

static const MereJsonField chain_fields[] = {
  { "id", MERE_JSON_STRING, OF_CHAIN (id), MERE_JSON_REQUIRED, 2 * CHAIN_ID_SIZE, NULL },
  { "no", MERE_JSON_UINT, OF_CHAIN (no), MERE_JSON_REQUIRED, MERE_CHAIN_MAX_NO, NULL },
  { "through", MERE_JSON_UINT, OF_CHAIN (through), MERE_JSON_OPTIONAL, MERE_CHAIN_MAX_SEQ, NULL },
  { "head", MERE_JSON_STRING, OF_CHAIN (head), MERE_JSON_NULLABLE, 2 * MERE_HASH_SIZE, NULL },
  { "log", MERE_JSON_CUSTOM, 0, MERE_JSON_NULLABLE, 0, read_log },
  { "missing", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_missing },
  { "beyond", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_beyond },
  { "forks", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_forks },
  { "bundles", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_lines },
};

static gboolean
read_chains (MereJson *json,
             gpointer  structure)
{
  Reading *reading = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereReceiptChain *chain = mere_receipt_document_add_chain (&reading->document, NULL, 0);

      if (reading->document.chains->len > MAX_CHAINS)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, chain_fields, G_N_ELEMENTS (chain_fields), chain))
        return FALSE;
      reading->n_bundles += chain->bundles->len;
      if (!mere_hex_is (chain->id, CHAIN_ID_SIZE) || chain->no < 1 || reading->n_bundles > MERE_RECEIPT_MAX_BUNDLES)
        return mere_json_fail (json, "a chain without id or number, or with too many bundles");
    }

  return json->problem == NULL;
}

/* [[chain no, seq]…] */
static gboolean
read_resend (MereJson *json,
             gpointer  structure)
{
  MereReceiptDocument *self = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
      MereChainPlace place;

      if (!read_numbers (json, numbers))
        return FALSE;
      if (numbers->len != 2 || g_array_index (numbers, guint, 0) > MERE_CHAIN_MAX_NO || self->resend->len == MAX_NUMBERS)
        return mere_json_fail (json, "a pair that is no place in a chain, or too many of them");
      place = (MereChainPlace){ g_array_index (numbers, guint, 0), g_array_index (numbers, guint, 1) };
      g_array_append_val (self->resend, place);
    }

  return json->problem == NULL;
}

static const MereJsonField return_fields[] = {
  { "record", MERE_JSON_STRING, G_STRUCT_OFFSET (MereReceiptReturn, record), MERE_JSON_REQUIRED, MAX_ID, NULL },
  { "ref", MERE_JSON_STRING, G_STRUCT_OFFSET (MereReceiptReturn, ref), MERE_JSON_OPTIONAL, MAX_REF, NULL },
  { "comment", MERE_JSON_STRING, G_STRUCT_OFFSET (MereReceiptReturn, comment), MERE_JSON_REQUIRED, MAX_COMMENT, NULL },
};

static gboolean
read_returned (MereJson *json,
               gpointer  structure)
{
  MereReceiptDocument *self = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereReceiptReturn *returned = g_new0 (MereReceiptReturn, 1);

      g_ptr_array_add (self->returned, returned);
      if (self->returned->len > MAX_NUMBERS)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, return_fields, G_N_ELEMENTS (return_fields), returned))
        return FALSE;
      if (returned->ref == NULL)
        returned->ref = g_strdup ("");
    }

  return json->problem == NULL;
}

static const MereJsonField totals_fields[] = {
  { "records", MERE_JSON_UINT64, OF (n_records), MERE_JSON_OPTIONAL, 0, NULL },
  { "bundles", MERE_JSON_UINT64, OF (n_bundles), MERE_JSON_OPTIONAL, 0, NULL },
};

static gboolean
read_totals (MereJson *json,
             gpointer  structure)
{
  return mere_json_read_fields (json, totals_fields, G_N_ELEMENTS (totals_fields), structure);
}

static const MereJsonField fields[] = {
  { "format", MERE_JSON_STRING, OF_READING (format), MERE_JSON_REQUIRED, 64, NULL },
  { "version", MERE_JSON_UINT, OF_READING (version), MERE_JSON_REQUIRED, 0, NULL },
  { "hq", MERE_JSON_STRING, OF (hq), MERE_JSON_REQUIRED, MERE_DEVICE_CODE_LENGTH, NULL },
  { "to", MERE_JSON_STRING, OF (to), MERE_JSON_REQUIRED, MERE_DEVICE_CODE_LENGTH, NULL },
  { "receipt", MERE_JSON_UINT64, OF (counter), MERE_JSON_REQUIRED, 0, NULL },
  { "trust", MERE_JSON_UINT, OF (trust), MERE_JSON_REQUIRED, 0, NULL },
  { "issued", MERE_JSON_STRING, OF (issued), MERE_JSON_REQUIRED, 64, NULL },
  { "chains", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_chains },
  { "resend", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_resend },
  { "notice", MERE_JSON_STRINGS, OF (notices), MERE_JSON_OPTIONAL, MAX_NUMBERS, NULL },
  { "returned", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_returned },
  { "totals", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_totals },
};

/* NULL, or what is broken. */
static const char *
finish (const Reading  *reading,
        const MereJson *json)
{
  const MereReceiptDocument *self = &reading->document;

  if (json->problem != NULL)
    return json->problem;
  if (strcmp (reading->format, FORMAT) != 0 || reading->version < 1)
    return "another format";
  if (reading->version > VERSION)
    return "made by a newer version of the program";
  if (!mere_device_code_is (self->hq) || !mere_device_code_is (self->to))
    return "a name that is none";
  if (self->counter < 1)
    return "a number that there never was";

  return NULL;
}

MereReceiptDocument *
mere_receipt_document_parse (GBytes  *text,
                             GError **error)
{
  g_autoptr (MereReceiptDocument) self = mere_receipt_document_new ();
  Reading     reading = { .document = *self };
  MereJson    json;
  const char *problem;

  mere_json_init (&json, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (g_bytes_get_size (text) > MERE_RECEIPT_MAX_SIZE)
    mere_json_fail (&json, "too large");
  if (mere_json_read_fields (&json, fields, G_N_ELEMENTS (fields), &reading))
    mere_json_end (&json);
  problem = finish (&reading, &json);
  *self = reading.document;
  g_free (reading.format);
  if (problem == NULL)
    return g_steal_pointer (&self);

  /* Translators: the first %s is a technical phrase in English. */
  g_set_error (error, MERE_RECEIPT_ERROR, MERE_RECEIPT_ERROR_FORMAT,
               _ ("The receipt breaks its format (%s, at byte %zu). It was not taken."), problem, json.at);

  return NULL;
}
