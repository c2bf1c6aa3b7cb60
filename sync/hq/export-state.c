/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sync/hq/export-state.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/ijson.h"

#define FORMAT "merestone-export"
#define VERSION 1
#define MAX_WAITING 1000000

#define OF(member) G_STRUCT_OFFSET (MereExportState, member)

static const MereJsonField fields[] = {
  { "format", MERE_JSON_STRING, OF (format), MERE_JSON_REQUIRED, 64, NULL },
  { "version", MERE_JSON_UINT, OF (version), MERE_JSON_REQUIRED, 0, NULL },
  { "kind", MERE_JSON_STRING, OF (kind), MERE_JSON_REQUIRED, 64, NULL },
  { "hq", MERE_JSON_STRING, OF (hq), MERE_JSON_REQUIRED, 64, NULL },
  { "runs", MERE_JSON_UINT, OF (runs), MERE_JSON_REQUIRED, 0, NULL },
  { "through", MERE_JSON_UINT64, OF (through), MERE_JSON_REQUIRED, 0, NULL },
  { "waiting", MERE_JSON_STRINGS, OF (waiting), MERE_JSON_OPTIONAL, MAX_WAITING, NULL },
};

void
mere_export_state_free (MereExportState *self)
{
  if (self == NULL)
    return;
  g_free (self->format);
  g_free (self->kind);
  g_free (self->hq);
  g_strfreev (self->waiting);
  g_free (self);
}

static gboolean
refuse (const char *path,
        GError    **error)
{
  g_set_error (error,
               G_FILE_ERROR,
               G_FILE_ERROR_INVAL,
               _ ("“%s” is not of exports of this kind and of this headquarters. Nothing was written; name another folder."),
               path);
  return FALSE;
}

static gboolean
read_state (MereExportState *self,
            const char      *path,
            const char      *text,
            gsize            length,
            GError         **error)
{
  g_autofree char *kind = g_steal_pointer (&self->kind);
  g_autofree char *hq = g_steal_pointer (&self->hq);
  MereJson         json;

  mere_json_init (&json, text, length);
  if (mere_json_read_fields (&json, fields, G_N_ELEMENTS (fields), self))
    mere_json_end (&json);
  return (json.problem == NULL && strcmp (self->format, FORMAT) == 0 && self->version == VERSION && strcmp (self->kind, kind) == 0 &&
          strcmp (self->hq, hq) == 0) ||
         refuse (path, error);
}

MereExportState *
mere_export_state_load (const char *folder,
                        const char *kind,
                        const char *hq,
                        GError    **error)
{
  g_autoptr (MereExportState) self = g_new0 (MereExportState, 1);
  g_autofree char *path = g_build_filename (folder, MERE_EXPORT_STATE_NAME, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) failure = NULL;
  gsize length;

  self->kind = g_strdup (kind);
  self->hq = g_strdup (hq);
  if (!g_file_get_contents (path, &text, &length, &failure))
    {
      if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer (&self);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  return read_state (self, path, text, length, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
mere_export_state_save (const MereExportState *self,
                        const char            *folder,
                        GError               **error)
{
  static const char *const none[] = { NULL };
  g_autofree char         *path = g_build_filename (folder, MERE_EXPORT_STATE_NAME, NULL);
  g_autoptr (GString) text = g_string_new ("{");

  mere_json_append_text (text, "format", FORMAT);
  mere_json_append_int (text, "version", VERSION);
  mere_json_append_text (text, "kind", self->kind);
  mere_json_append_text (text, "hq", self->hq);
  mere_json_append_int (text, "runs", self->runs);
  mere_json_append_int (text, "through", self->through);
  mere_json_append_strings (text, "waiting", self->waiting != NULL ? (const char *const *) self->waiting : none);
  g_string_append (text, "}\n");
  return g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}
