/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Submissions from others, looked at quickly: what the quick way takes, the XML library takes too and reads the same from it;
 * and whoever asks for the identity is told what the tree of the submission says, or that there is none. */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "sync/hq/glance.h"
#include "sync/hq/submission.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return 0;
}

static void
assert_same (const MereGlance     *glance,
             const MereSubmission *submission)
{
  g_assert (strcmp (glance->form, submission->form) == 0);
  g_assert (strcmp (glance->id, submission->id) == 0);
  g_assert (g_strcmp0 (glance->deprecated_id, submission->deprecated_id) == 0);
  g_assert (g_strcmp0 (glance->name, submission->name) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) xml = g_bytes_new (data, size);
  g_autoptr (MereSubmission) submission = mere_submission_parse (xml, NULL);
  g_auto (MereGlance) scanned = { 0 };
  g_auto (MereGlance) read = { 0 };
  gboolean quick = mere_glance_scan (&scanned, (const char *) data, size);
  gboolean is_xml = mere_glance_read (&read, xml);

  g_assert (is_xml == (submission != NULL));
  g_assert (!quick || is_xml);
  if (is_xml)
    assert_same (&read, submission);
  if (quick)
    assert_same (&scanned, submission);

  return 0;
}
