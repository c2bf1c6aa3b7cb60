/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/forms/audit.h"
#include "app/forms/instance.h"

#include <string.h>

struct _MereFormAudit
{
  GString *csv;
  char    *user;
  gboolean places;
  gboolean changes;
  gboolean users;
};

gboolean
mere_form_wants_audit (MereForm *form)
{
  return form->audit != NULL;
}

static const char *
attribute (const MereDef *audit, const char *name)
{
  return audit != NULL && audit->bind != NULL ? mere_xml_node_get_ns (audit->bind, MERE_NS_ODK, name) : NULL;
}

/* "escape values with commas or newlines by wrapping the value in double quotes; escape double quotes by prepending
 * another double quote only if a value containing commas or newlines also contains double quotes" */
static void
append_value (GString *csv, const char *value)
{
  gboolean wrap = strpbrk (value, ",\n\r") != NULL;

  if (wrap)
    g_string_append_c (csv, '"');
  for (; *value != '\0'; value++)
    {
      if (wrap && *value == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *value);
    }
  if (wrap)
    g_string_append_c (csv, '"');
}

static void
append_header (MereFormAudit *self)
{
  g_string_append (self->csv, "event,node,start,end");
  if (self->places)
    g_string_append (self->csv, ",latitude,longitude,accuracy");
  if (self->changes)
    g_string_append (self->csv, ",old-value,new-value");
  if (self->users)
    g_string_append (self->csv, ",user");
  g_string_append_c (self->csv, '\n');
}

/* Of a form whose log had other columns, the earlier lines cannot be gone on with. */
static void
append_earlier (MereFormAudit *self, GBytes *earlier)
{
  gsize       length;
  const char *text = g_bytes_get_data (earlier, &length);

  if (length > self->csv->len && memcmp (text, self->csv->str, self->csv->len) == 0)
    g_string_append_len (self->csv, text + self->csv->len, length - self->csv->len);
}

MereFormAudit *
mere_form_audit_new (MereFormSession *session, GBytes *earlier)
{
  const MereDef *audit = session->form->audit;
  MereFormAudit *self = g_new0 (MereFormAudit, 1);
  const char    *user = g_hash_table_lookup (session->properties, "username");

  self->csv = g_string_new (NULL);
  self->user = g_strdup (user != NULL ? user : "");
  self->places = attribute (audit, "location-priority") != NULL && attribute (audit, "location-min-interval") != NULL && attribute (audit, "location-max-age") != NULL;
  self->changes = g_strcmp0 (attribute (audit, "track-changes"), "true") == 0;
  self->users = g_strcmp0 (attribute (audit, "identify-user"), "true") == 0;
  append_header (self);
  if (earlier != NULL)
    append_earlier (self, earlier);
  return self;
}

void
mere_form_audit_add (MereFormAudit *self, const MereFormAuditEvent *event)
{
  gboolean changed = g_strcmp0 (event->old_value, event->new_value) != 0;

  append_value (self->csv, event->event);
  g_string_append_c (self->csv, ',');
  append_value (self->csv, event->node != NULL ? event->node : "");
  g_string_append_printf (self->csv, ",%" G_GINT64_FORMAT ",", event->start_ms);
  if (event->end_ms != 0)
    g_string_append_printf (self->csv, "%" G_GINT64_FORMAT, event->end_ms);
  if (self->places)
    g_string_append (self->csv, ",,,");
  if (self->changes)
    {
      g_string_append_c (self->csv, ',');
      append_value (self->csv, changed && event->old_value != NULL ? event->old_value : "");
      g_string_append_c (self->csv, ',');
      append_value (self->csv, changed && event->new_value != NULL ? event->new_value : "");
    }
  if (self->users)
    {
      g_string_append_c (self->csv, ',');
      append_value (self->csv, self->user);
    }
  g_string_append_c (self->csv, '\n');
}

GBytes *
mere_form_audit_dup_csv (MereFormAudit *self)
{
  return g_bytes_new (self->csv->str, self->csv->len);
}

void
mere_form_audit_free (MereFormAudit *self)
{
  if (self == NULL)
    return;
  g_string_free (self->csv, TRUE);
  g_free (self->user);
  g_free (self);
}
