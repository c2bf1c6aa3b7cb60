/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Expressions from elsewhere, at every place where a form may have one, in a record that changes. */

#include "config.h"

#include "app/forms/session.h"
#include "fuzz.h"

#include <string.h>

#define BEFORE                                                                                                 \
  "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'"                       \
  " xmlns:jr='http://openrosa.org/javarosa'><h:head><h:title>t</h:title><model>"                               \
  "<itext><translation lang='en'><text id='t'><value>T</value></text></translation></itext>"                   \
  "<instance><data id='t'><a>1</a><b>2026-11-24</b><c/><d/><e/><list>x y</list><place>38.25 21.75 0 0</place>" \
  "<r><q>2</q><s/></r><r><q>3</q><s/></r><meta><instanceID/></meta></data></instance>"                         \
  "<instance id='i'><root><item><n>1</n><l>one</l></item><item><n>2</n><l>two</l></item></root></instance>"
#define BODY                                                                                                            \
  "</model></h:head><h:body><input ref='/data/a'><label>A</label></input><input ref='/data/c'><label>C</label></input>" \
  "<group ref='/data/r'><repeat nodeset='/data/r'><input ref='/data/r/q'><label>Q</label></input></repeat></group>"

static MereForm *
load (const char *expression)
{
  g_autofree char *escaped = g_markup_escape_text (expression, -1);
  g_autofree char *text = g_strdup_printf (
    BEFORE "<bind nodeset='/data/c' constraint=\"%s\" relevant=\"%s\"/><bind nodeset='/data/d' calculate=\"%s\"/>"
           "<bind nodeset='/data/r/s' calculate=\"%s\"/>" BODY
           "<select1 ref='/data/e'><label><output value=\"%s\"/></label><itemset nodeset=\"%s\"><value ref='n'/><label ref='l'/></itemset></select1></h:body></h:html>",
    escaped, escaped, escaped, escaped, escaped, escaped);
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));

  return mere_form_load (xml, NULL, NULL, NULL, NULL);
}

static void
set (MereFormSession *session,
     const char      *ref,
     const char      *value)
{
  mere_form_session_set_value (session, mere_form_session_find (session, ref), value, NULL);
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *expression = g_strndup ((const char *) data, size);
  g_autoptr (MereForm) form = g_utf8_validate (expression, -1, NULL) ? load (expression) : NULL;
  g_autoptr (MereFormSession) session = form != NULL ? mere_form_session_new (form) : NULL;
  g_autoptr (GBytes) submission = NULL;

  if (session == NULL)
    return 0;
  set (session, "/data/a", "x");
  mere_form_session_add_instance (session, mere_form_session_find (session, "/data/r"), NULL);
  set (session, "/data/r[1]/q", "5");
  set (session, "/data/c", "2");
  mere_form_node_get_label (mere_form_session_find (session, "/data/e"));
  mere_form_session_remove_instance (session, mere_form_session_find (session, "/data/r[1]"), NULL);
  submission = mere_form_session_serialize (session, TRUE);

  return 0;
}
