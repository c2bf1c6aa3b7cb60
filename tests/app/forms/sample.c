/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/app/forms/sample.h"

#include <string.h>

#define HEAD                                                                                                       \
  "<?xml version=\"1.0\"?>\n"                                                                                      \
  "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\""                       \
  " xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:orx=\"http://openrosa.org/xforms\""                            \
  " xmlns:odk=\"http://www.opendatakit.org/xforms\" xmlns:entities=\"http://www.opendatakit.org/xforms/entities\"" \
  " xmlns:ev=\"http://www.w3.org/2001/xml-events\"><h:head><h:title>Sample</h:title><model><instance>"             \
  "<data id=\"sample\" version=\"1\">"
#define META "<orx:meta><orx:instanceID/></orx:meta></data></instance>"
#define BIND "<bind nodeset=\"/data/orx:meta/orx:instanceID\" readonly=\"true()\" jr:preload=\"uid\"/>"

GBytes *
mere_sample_xml (const char *instance,
                 const char *model,
                 const char *body)
{
  /* a meta block of its own takes the place of ours */
  const char *meta = strstr (instance, "<orx:meta>") != NULL || strstr (instance, "<meta>") != NULL ? "</data></instance>" : META BIND;
  char       *xml = g_strconcat (HEAD, instance, meta, model != NULL ? model : "", "</model></h:head><h:body>", body != NULL ? body : "", "</h:body></h:html>", NULL);

  return g_bytes_new_take (xml, strlen (xml));
}

MereForm *
mere_sample_form (const char   *instance,
                  const char   *model,
                  const char   *body,
                  MereFormMedia media,
                  gpointer      user_data)
{
  g_autoptr (GBytes) xml = mere_sample_xml (instance, model, body);
  g_autoptr (GError) error = NULL;
  MereForm *form = mere_form_load (xml, media, user_data, NULL, &error);

  g_assert_no_error (error);
  return form;
}

MereFormSession *
mere_sample_session (const char *instance,
                     const char *model,
                     const char *body)
{
  g_autoptr (MereForm) form = mere_sample_form (instance, model, body, NULL, NULL);

  return mere_form_session_new (form);
}

MereFormNode *
mere_sample_node (MereFormSession *session,
                  const char      *ref)
{
  MereFormNode *node = mere_form_session_find (session, ref);

  if (node == NULL)
    g_error ("there is no node %s", ref);
  return node;
}

const char *
mere_sample_value (MereFormSession *session,
                   const char      *ref)
{
  return mere_form_node_get_value (mere_sample_node (session, ref));
}

void
mere_sample_set (MereFormSession *session,
                 const char      *ref,
                 const char      *value)
{
  g_autoptr (GError) error = NULL;

  mere_form_session_set_value (session, mere_sample_node (session, ref), value, &error);
  g_assert_no_error (error);
}

void
mere_sample_add (MereFormSession *session,
                 const char      *ref)
{
  g_autoptr (GError) error = NULL;

  mere_form_session_add_instance (session, mere_sample_node (session, ref), &error);
  g_assert_no_error (error);
}

void
mere_sample_remove (MereFormSession *session,
                    const char      *ref)
{
  g_autoptr (GError) error = NULL;

  mere_form_session_remove_instance (session, mere_sample_node (session, ref), &error);
  g_assert_no_error (error);
}

char *
mere_sample_dup_xml (MereFormSession *session,
                     gboolean         submission)
{
  g_autoptr (GBytes) bytes = mere_form_session_serialize (session, submission);
  g_autoptr (GRegex) uuid = g_regex_new ("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", 0, 0, NULL);
  const char *text = strstr (g_bytes_get_data (bytes, NULL), "?>\n") + strlen ("?>\n");
  gsize       length = (const char *) g_bytes_get_data (bytes, NULL) + g_bytes_get_size (bytes) - text;
  char       *plain = g_regex_replace_literal (uuid, text, (gssize) length, 0, "#", 0, NULL);

  return g_strchomp (plain);
}
