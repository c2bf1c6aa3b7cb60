/* SPDX-License-Identifier: GPL-3.0-or-later */

/* dispatch.json and the list of crossings: written and read. Declared in dispatch.h. */

#include "config.h"

#include "sync/dispatch.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "sync/age.h"
#include "sync/code.h"
#include "sync/hash.h"
#include "sync/ijson.h"

#define FORMAT "merestone-dispatch"
#define VERSION 1
#define REPLACES "snapshot" /* the only kind there is: all or nothing */
#define MAX_LISTS 100
#define MAX_TEXT 1024 /* bytes */
#define DAY_LENGTH 10 /* YYYY-MM-DD */
#define COORDINATE_SIZE 32

static const char *const statuses[] = { "retired", "active" };

/* Begins an object that is the item number @index of a list. */
static void
append_item (GString *text,
             guint    index)
{
  g_string_append (text, index > 0 ? ",{" : "{");
}

static void
append_assessment (GString              *text,
                   const MereAssessment *assessment)
{
  if (assessment == NULL)
    return;

  mere_json_append_key (text, "assessment");
  g_string_append_c (text, '{');
  mere_json_append_text (text, "id", assessment->id);
  mere_json_append_text (text, "title", assessment->title);
  mere_json_append_text (text, "country", assessment->country);
  mere_json_append_text (text, "starts", assessment->starts);
  mere_json_append_text (text, "ends", assessment->ends);
  g_string_append_c (text, '}');
}

/* Most instruments have none. */
static void
append_media (GString   *text,
              GPtrArray *media)
{
  if (media->len == 0)
    return;
  mere_json_append_key (text, "media");
  g_string_append_c (text, '[');
  for (guint i = 0; i < media->len; i++)
    {
      const MereMedia *file = media->pdata[i];

      append_item (text, i);
      mere_json_append_text (text, "name", file->name);
      mere_json_append_text (text, "b2", file->b2);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_instruments (GString   *text,
                    GPtrArray *instruments)
{
  mere_json_append_key (text, "instruments");
  g_string_append_c (text, '[');
  for (guint i = 0; i < instruments->len; i++)
    {
      const MereDispatchInstrument *instrument = instruments->pdata[i];

      append_item (text, i);
      mere_json_append_text (text, "id", instrument->id);
      mere_json_append_text (text, "version", instrument->version);
      mere_json_append_text (text, "b2", instrument->b2);
      mere_json_append_text (text, "status", statuses[instrument->active]);
      append_media (text, instrument->media);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_lists (GString   *text,
              GPtrArray *lists)
{
  mere_json_append_key (text, "lists");
  g_string_append_c (text, '[');
  for (guint i = 0; i < lists->len; i++)
    {
      const MereDispatchList *list = lists->pdata[i];

      append_item (text, i);
      mere_json_append_text (text, "id", list->id);
      mere_json_append_int (text, "version", list->version);
      mere_json_append_text (text, "b2", list->b2);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

GBytes *
mere_dispatch_write (const MereDispatch *self)
{
  g_autoptr (GString) text = g_string_new ("{");

  mere_json_append_text (text, "format", FORMAT);
  mere_json_append_int (text, "version", VERSION);
  mere_json_append_int (text, "dispatch", self->counter);
  mere_json_append_strings (text, "to", (const char *const *) self->to);
  mere_json_append_text (text, "replaces", REPLACES);
  mere_json_append_int (text, "trust", self->trust);
  mere_json_append_text (text, "issued", self->issued);
  mere_json_append_key (text, "snapshot");
  g_string_append_c (text, '{');
  append_assessment (text, self->assessment);
  append_instruments (text, self->instruments);
  append_lists (text, self->lists);
  mere_json_append_text (text, "app_min", self->app_min);
  g_string_append_c (text, '}');
  mere_json_append_text (text, "stale_after", self->stale_after);
  mere_json_append_text (text, "message", self->message);
  g_string_append (text, "}\n");

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* While a dispatch is read: it comes first, so that one table of fields serves both. */
typedef struct
{
  MereDispatch dispatch;
  char        *format;
  guint        version;
  char        *replaces;
} Reading;

#define OF_READING(member) G_STRUCT_OFFSET (Reading, member)
#define OF(member) G_STRUCT_OFFSET (MereDispatch, member)
#define OF_ASSESSMENT(member) G_STRUCT_OFFSET (MereAssessment, member)
#define OF_INSTRUMENT(member) G_STRUCT_OFFSET (MereDispatchInstrument, member)
#define OF_LIST(member) G_STRUCT_OFFSET (MereDispatchList, member)

static const MereJsonField assessment_fields[] = {
  { "id", MERE_JSON_STRING, OF_ASSESSMENT (id), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "title", MERE_JSON_STRING, OF_ASSESSMENT (title), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "country", MERE_JSON_STRING, OF_ASSESSMENT (country), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "starts", MERE_JSON_STRING, OF_ASSESSMENT (starts), MERE_JSON_NULLABLE, DAY_LENGTH, NULL },
  { "ends", MERE_JSON_STRING, OF_ASSESSMENT (ends), MERE_JSON_NULLABLE, DAY_LENGTH, NULL },
};

static gboolean
read_assessment (MereJson *json,
                 gpointer  structure)
{
  MereDispatch *self = structure;

  self->assessment = mere_assessment_new (NULL, NULL, NULL, NULL, NULL);

  return mere_json_read_fields (json, assessment_fields, G_N_ELEMENTS (assessment_fields), self->assessment) &&
         (self->assessment->id[0] != '\0' || mere_json_fail (json, "a mission without id"));
}

static gboolean
read_status (MereJson *json,
             gpointer  structure)
{
  MereDispatchInstrument *instrument = structure;
  g_autofree char        *text = NULL;

  if (!mere_json_read_string (json, &text))
    return FALSE;
  instrument->active = strcmp (text, statuses[TRUE]) == 0;

  return instrument->active || strcmp (text, statuses[FALSE]) == 0 || mere_json_fail (json, "a status that is unknown here");
}

static const MereJsonField media_fields[] = {
  { "name", MERE_JSON_STRING, G_STRUCT_OFFSET (MereMedia, name), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "b2", MERE_JSON_STRING, G_STRUCT_OFFSET (MereMedia, b2), MERE_JSON_REQUIRED, 2 * MERE_CONTENT_SIZE, NULL },
};

/* In the order of their names, so that none comes twice. */
static gboolean
read_media (MereJson *json,
            gpointer  structure)
{
  MereDispatchInstrument *instrument = structure;
  const char             *before = "";

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereMedia *media = mere_media_new (NULL, NULL);

      g_ptr_array_add (instrument->media, media);
      if (instrument->media->len > MERE_DISPATCH_MAX_FILES)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, media_fields, G_N_ELEMENTS (media_fields), media))
        return FALSE;
      if (!mere_media_is_name (media->name) || strcmp (media->name, before) <= 0 || !mere_hex_is (media->b2, MERE_CONTENT_SIZE))
        return mere_json_fail (json, "a file without a name or hash, or out of order");
      before = media->name;
    }

  return json->problem == NULL;
}

static const MereJsonField instrument_fields[] = {
  { "id", MERE_JSON_STRING, OF_INSTRUMENT (id), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "version", MERE_JSON_STRING, OF_INSTRUMENT (version), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "b2", MERE_JSON_STRING, OF_INSTRUMENT (b2), MERE_JSON_REQUIRED, 2 * MERE_CONTENT_SIZE, NULL },
  { "status", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_status },
  { "media", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_media },
};

static gboolean
read_instruments (MereJson *json,
                  gpointer  structure)
{
  MereDispatch *self = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereDispatchInstrument *instrument = mere_dispatch_add_instrument (self, NULL, NULL, NULL, FALSE);

      if (self->instruments->len > MERE_DISPATCH_MAX_INSTRUMENTS)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, instrument_fields, G_N_ELEMENTS (instrument_fields), instrument))
        return FALSE;
      if (instrument->id[0] == '\0' || !mere_hex_is (instrument->b2, MERE_CONTENT_SIZE))
        return mere_json_fail (json, "an instrument without id or hash");
    }

  return json->problem == NULL;
}

static const MereJsonField list_fields[] = {
  { "id", MERE_JSON_STRING, OF_LIST (id), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "version", MERE_JSON_UINT, OF_LIST (version), MERE_JSON_REQUIRED, 0, NULL },
  { "b2", MERE_JSON_STRING, OF_LIST (b2), MERE_JSON_REQUIRED, 2 * MERE_CONTENT_SIZE, NULL },
};

static gboolean
read_lists (MereJson *json,
            gpointer  structure)
{
  MereDispatch *self = structure;

  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereDispatchList *list;

      mere_dispatch_add_list (self, NULL, 0, NULL);
      list = self->lists->pdata[self->lists->len - 1];
      if (self->lists->len > MAX_LISTS)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, list_fields, G_N_ELEMENTS (list_fields), list))
        return FALSE;
      if (!mere_hex_is (list->b2, MERE_CONTENT_SIZE))
        return mere_json_fail (json, "a list without hash");
    }

  return json->problem == NULL;
}

static const MereJsonField snapshot_fields[] = {
  { "assessment", MERE_JSON_CUSTOM, 0, MERE_JSON_NULLABLE, 0, read_assessment },
  { "instruments", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_instruments },
  { "lists", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_lists },
  { "app_min", MERE_JSON_STRING, OF (app_min), MERE_JSON_NULLABLE, 64, NULL },
};

static gboolean
read_snapshot (MereJson *json,
               gpointer  structure)
{
  return mere_json_read_fields (json, snapshot_fields, G_N_ELEMENTS (snapshot_fields), structure);
}

static const MereJsonField fields[] = {
  { "format", MERE_JSON_STRING, OF_READING (format), MERE_JSON_REQUIRED, 64, NULL },
  { "version", MERE_JSON_UINT, OF_READING (version), MERE_JSON_REQUIRED, 0, NULL },
  { "dispatch", MERE_JSON_UINT64, OF (counter), MERE_JSON_REQUIRED, 0, NULL },
  { "to", MERE_JSON_STRINGS, OF (to), MERE_JSON_REQUIRED, MERE_AGE_MAX_RECIPIENTS, NULL },
  { "replaces", MERE_JSON_STRING, OF_READING (replaces), MERE_JSON_REQUIRED, 64, NULL },
  { "trust", MERE_JSON_UINT, OF (trust), MERE_JSON_REQUIRED, 0, NULL },
  { "issued", MERE_JSON_STRING, OF (issued), MERE_JSON_OPTIONAL, 64, NULL },
  { "snapshot", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_snapshot },
  { "stale_after", MERE_JSON_STRING, OF (stale_after), MERE_JSON_NULLABLE, DAY_LENGTH, NULL },
  { "message", MERE_JSON_STRING, OF (message), MERE_JSON_NULLABLE, MERE_DISPATCH_MAX_MESSAGE, NULL },
};

/* NULL, or what is broken. */
static const char *
finish (const Reading  *reading,
        const MereJson *json)
{
  const MereDispatch *self = &reading->dispatch;

  if (json->problem != NULL)
    return json->problem;
  if (strcmp (reading->format, FORMAT) != 0 || reading->version < 1)
    return "another format";
  if (reading->version > VERSION || strcmp (reading->replaces, REPLACES) != 0)
    return "made by a newer version of the program";
  for (gsize i = 0; self->to[i] != NULL; i++)
    if (!mere_device_code_is (self->to[i]))
      return "a name that is none";
  if (self->counter < 1)
    return "a number that there never was";

  return NULL;
}

static void
refuse (GError        **error,
        const char     *problem,
        const MereJson *json)
{
  /* Translators: the first %s is a technical phrase in English. */
  g_set_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_FORMAT,
               _ ("The dispatch breaks its format (%s, at byte %zu). Nothing of it was installed."), problem, json->at);
}

MereDispatch *
mere_dispatch_parse (GBytes  *text,
                     GError **error)
{
  g_autoptr (MereDispatch) self = mere_dispatch_new ();
  Reading     reading = { .dispatch = *self };
  MereJson    json;
  const char *problem;

  mere_json_init (&json, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (g_bytes_get_size (text) > MERE_DISPATCH_MAX_SIZE)
    mere_json_fail (&json, "too large");
  if (mere_json_read_fields (&json, fields, G_N_ELEMENTS (fields), &reading))
    mere_json_end (&json);
  problem = finish (&reading, &json);
  *self = reading.dispatch;
  g_free (reading.format);
  g_free (reading.replaces);
  if (problem != NULL)
    refuse (error, problem, &json);

  return problem == NULL ? g_steal_pointer (&self) : NULL;
}

static void
append_coordinate (GString    *text,
                   const char *key,
                   double      value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return;

  mere_json_append_key (text, key);
  g_string_append (text, g_ascii_dtostr (digits, sizeof digits, value));
}

GBytes *
mere_dispatch_write_crossings (GPtrArray *crossings)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < crossings->len; i++)
    {
      const MereCrossing *crossing = crossings->pdata[i];

      append_item (text, i);
      mere_json_append_text (text, "id", crossing->id);
      mere_json_append_text (text, "name", crossing->name);
      mere_json_append_text (text, "kind", mere_crossing_kind_to_string (crossing->kind));
      mere_json_append_text (text, "note", crossing->note);
      append_coordinate (text, "latitude", crossing->latitude);
      append_coordinate (text, "longitude", crossing->longitude);
      g_string_append_c (text, '}');
    }
  g_string_append (text, "]\n");

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* A number, of which the reader of I-JSON knows whole ones only. */
static gboolean
read_coordinate (MereJson *json,
                 double    limit,
                 double   *value)
{
  char  digits[COORDINATE_SIZE];
  gsize start;

  while (json->at < json->size && g_ascii_isspace (json->text[json->at]))
    json->at++;
  start = json->at;
  if (start == json->size || (json->text[start] != '-' && !g_ascii_isdigit (json->text[start])) || !mere_json_skip (json))
    return mere_json_fail (json, "a number is expected");
  if (json->at - start >= sizeof digits)
    return mere_json_fail (json, "a number is too long");
  g_strlcpy (digits, json->text + start, json->at - start + 1);
  *value = g_ascii_strtod (digits, NULL);

  return fabs (*value) <= limit || mere_json_fail (json, "a place that is not on earth");
}

static gboolean
read_latitude (MereJson *json,
               gpointer  structure)
{
  return read_coordinate (json, 90, &((MereCrossing *) structure)->latitude);
}

static gboolean
read_longitude (MereJson *json,
                gpointer  structure)
{
  return read_coordinate (json, 180, &((MereCrossing *) structure)->longitude);
}

static gboolean
read_kind (MereJson *json,
           gpointer  structure)
{
  g_autofree char *text = NULL;

  return mere_json_read_string (json, &text) &&
         (mere_crossing_kind_from_string (text, &((MereCrossing *) structure)->kind) ||
          mere_json_fail (json, "a kind of crossing that is unknown here"));
}

#define OF_CROSSING(member) G_STRUCT_OFFSET (MereCrossing, member)

static const MereJsonField crossing_fields[] = {
  { "id", MERE_JSON_STRING, OF_CROSSING (id), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "name", MERE_JSON_STRING, OF_CROSSING (name), MERE_JSON_REQUIRED, MAX_TEXT, NULL },
  { "kind", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_kind },
  { "note", MERE_JSON_STRING, OF_CROSSING (note), MERE_JSON_NULLABLE, 0, NULL },
  { "latitude", MERE_JSON_CUSTOM, 0, MERE_JSON_NULLABLE, 0, read_latitude },
  { "longitude", MERE_JSON_CUSTOM, 0, MERE_JSON_NULLABLE, 0, read_longitude },
};

static gboolean
read_crossings (MereJson   *json,
                GPtrArray  *crossings,
                const char *assessment)
{
  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereCrossing *crossing = mere_crossing_new ("", MERE_CROSSING_LAND, "");

      g_ptr_array_add (crossings, crossing);
      if (crossings->len > MERE_DISPATCH_MAX_CROSSINGS)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, crossing_fields, G_N_ELEMENTS (crossing_fields), crossing))
        return FALSE;
      if (crossing->id[0] == '\0' || crossing->name[0] == '\0')
        return mere_json_fail (json, "a crossing without id or name");
      crossing->origin = MERE_CROSSING_PACK;
      g_free (crossing->assessment);
      crossing->assessment = g_strdup (assessment);
    }

  return mere_json_end (json);
}

GPtrArray *
mere_dispatch_parse_crossings (GBytes     *text,
                               const char *assessment,
                               GError    **error)
{
  g_autoptr (GPtrArray) crossings = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_crossing_free);
  MereJson json;

  mere_json_init (&json, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (g_bytes_get_size (text) > MERE_DISPATCH_MAX_LIST)
    mere_json_fail (&json, "too large");
  if (read_crossings (&json, crossings, assessment))
    return g_steal_pointer (&crossings);
  refuse (error, json.problem, &json);

  return NULL;
}
