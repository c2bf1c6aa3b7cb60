/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How much memory a piece of work takes at most. What getrusage() tells is of the whole life of a process, so that nothing
 * is seen any more after a test that has prepared something large; the kernel lets a process forget its peak. */

#pragma once

#include <gio/gio.h>
#include <malloc.h>
#include <string.h>

G_BEGIN_DECLS

static inline gint64
mere_test_peak_read (const char *field)
{
  g_autofree char *status = NULL;
  const char      *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, field);
  g_assert_nonnull (line);
  return g_ascii_strtoll (line + strlen (field), NULL, 10);
}

/* KiB in memory now; from here on the peak is counted. */
static inline gint64
mere_test_peak_begin (void)
{
  static const char forget[] = "5"; /* proc(5), "clear_refs" */
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_for_path ("/proc/self/clear_refs");
  g_autoptr (GFileOutputStream) stream = NULL;

  malloc_trim (0); /* what was freed before is no room for what comes */
  stream = g_file_append_to (file, G_FILE_CREATE_NONE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (stream), forget, strlen (forget), NULL, NULL, &error));
  g_assert_no_error (error);
  return mere_test_peak_read ("VmRSS:");
}

/* Asserts that the process had at most @most KiB more than @before at any time since. A sanitizer keeps what was freed: then
 * there is nothing to see. */
static inline void
mere_test_peak_end (gint64 before,
                    gint64 most)
{
  gint64 more = mere_test_peak_read ("VmHWM:") - before;

  g_test_message ("%" G_GINT64_FORMAT " KiB more than before, of %" G_GINT64_FORMAT, more, most);
#if !defined(__SANITIZE_ADDRESS__)
  g_assert_cmpint (more, <=, most);
#endif
}

G_END_DECLS
