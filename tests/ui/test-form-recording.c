/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recordings of labels: played where GTK can play, else said so and given out as a file; never on the disk by themselves. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "tests/ui/form-fixture.h"
#include "tests/ui/walk.h"
#include "ui/form-recording.h"

#define RATE 8000 /* Hz */
#define TONE 0.3  /* radians a sample */

#define NOWHERE "/nonexistent" /* where GTK finds no modules */

/* --- Fixture ------------------------------------------------------------------------------------------------------- */

static void
append (GByteArray *wav,
        const char *mark,
        guint32     number,
        guint       size)
{
  guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (wav, (const guint8 *) mark, strlen (mark));
  g_byte_array_append (wav, (const guint8 *) &little, size);
}

/* A second of a tone: RIFF WAVE, one channel of 16 bits. */
static GBytes *
make_tone (void)
{
  GByteArray *wav = g_byte_array_new ();

  append (wav, "RIFF", 36 + 2 * RATE, 4);
  append (wav, "WAVEfmt ", 16, 4);
  append (wav, "", 1, 2);
  append (wav, "", 1, 2);
  append (wav, "", RATE, 4);
  append (wav, "", 2 * RATE, 4);
  append (wav, "", 2, 2);
  append (wav, "", 16, 2);
  append (wav, "data", 2 * RATE, 4);
  for (guint i = 0; i < RATE; i++)
    append (wav, "", (guint16) (gint16) (8000 * sin (i * TONE)), 2);

  return g_byte_array_free_to_bytes (wav);
}

#define FORM(kind)                                                                                                                    \
  "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:jr='http://openrosa.org/javarosa'>"     \
  "<h:head><h:title>Gate</h:title><model><itext><translation lang='English (en)'><text id='gate'><value>Which gate?</value>"          \
  "<value form='" kind "'>jr://" kind "/gate.wav</value></text></translation></itext>"                                                \
  "<instance><data id='heard' version='1'><gate/><meta><instanceID/></meta></data></instance>"                                        \
  "<bind nodeset='/data/gate' type='string'/><bind nodeset='/data/meta/instanceID' type='string' jr:preload='uid'/></model></h:head>" \
  "<h:body><input ref='/data/gate'><label ref=\"jr:itext('gate')\"/></input></h:body></h:html>"

static void
show (FormFixture *self,
      const char  *form,
      GBytes      *content)
{
  form_fixture_show_with (self, form, "gate.wav", content);
  form_fixture_await_focus (self, "/data/gate");
  mere_walk_assert_named (GTK_WIDGET (self->page));
}

static MereFormRecording *
get_recording (FormFixture *self)
{
  return form_fixture_get_part (self, "/data/gate", MERE_TYPE_FORM_RECORDING, 0);
}

static void
press (FormFixture *self,
       const char  *name)
{
  g_signal_emit_by_name (mere_walk_get (GTK_WIDGET (get_recording (self)), GTK_TYPE_BUTTON, name), "clicked");
  mere_walk_settle ();
}

static gboolean
has_given_up (gpointer recording)
{
  return mere_walk_find (recording, GTK_TYPE_LABEL, "This recording cannot be played here.") != NULL;
}

static gboolean
has_ended (gpointer recording)
{
  return has_given_up (recording) || gtk_media_stream_get_ended (mere_form_recording_get_stream (recording));
}

static gboolean
is_ready_to_save (gpointer recording)
{
  return gtk_widget_is_focus (mere_walk_get (recording, GTK_TYPE_BUTTON, "Save a Copy…"));
}

static gboolean
can_play (void)
{
  GIOExtensionPoint *point = g_io_extension_point_lookup ("gtk-media-file");

  return point != NULL && g_io_extension_point_get_extension_by_name (point, "gstreamer") != NULL;
}

/* --- Promises ------------------------------------------------------------------------------------------------------ */

static void
test_a_sound_is_played_where_it_can_be (FormFixture  *self,
                                        gconstpointer data)
{
  g_autoptr (GBytes) tone = make_tone ();

  show (self, FORM ("audio"), tone);
  g_assert_null (mere_form_recording_get_stream (get_recording (self)));
  press (self, "Listen");
  mere_walk_until (has_ended, get_recording (self), "the end of the tone");
  g_assert_cmpint (has_given_up (get_recording (self)), ==, !can_play ());
}

/* GTK settles on a module once, so another process has to do without. */
static void
test_without_a_module_it_is_said (FormFixture  *self,
                                  gconstpointer data)
{
  g_setenv ("GTK_EXE_PREFIX", NOWHERE, TRUE);
  g_test_trap_subprocess ("/ui/form-recording/played", 0, 0);
  g_test_trap_assert_passed ();

  form_fixture_show (self, FORM ("audio"));
}

static void
test_what_is_no_recording_is_said (FormFixture  *self,
                                   gconstpointer data)
{
  static const char *const contents[] = { "#EXTM3U\nhttp://localhost/gate.mp3\n", "no sound", "" };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GBytes) content = g_bytes_new_static (contents[i], strlen (contents[i]));
      FormFixture fixture = { NULL };

      show (&fixture, FORM ("video"), content);
      press (&fixture, "Watch");
      g_assert_true (has_given_up (get_recording (&fixture)));
      g_assert_null (mere_form_recording_get_stream (get_recording (&fixture)));
      form_fixture_tear_down (&fixture, NULL);
    }

  form_fixture_show (self, FORM ("audio"));
}

static void
test_it_can_be_had_as_a_file (FormFixture  *self,
                              gconstpointer data)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("no sound", 8);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("merestone-recording-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "gate.wav", NULL);
  g_autofree char *saved = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_no_error (error);
  show (self, FORM ("audio"), content);
  press (self, "Listen");
  mere_walk_until (is_ready_to_save, get_recording (self), "the focus on the button that is left");
  g_assert_true (mere_form_recording_save (get_recording (self), file, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &saved, NULL, &error));
  g_assert_cmpstr (saved, ==, "no sound");
  mere_walk_remove_folder (folder);
}

static void
test_what_did_not_come_is_not_offered (FormFixture  *self,
                                       gconstpointer data)
{
  g_autoptr (GBytes) tone = make_tone ();

  form_fixture_show_with (self, FORM ("audio"), "other.wav", tone);
  g_assert_null (mere_walk_find (GTK_WIDGET (form_fixture_get_row (self, "/data/gate")), GTK_TYPE_BUTTON, "Listen"));
}

#define ADD(name, function) g_test_add ("/ui/form-recording/" name, FormFixture, NULL, NULL, function, form_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
#ifdef __SANITIZE_ADDRESS__
  g_setenv ("GTK_EXE_PREFIX", NOWHERE, TRUE); /* GStreamer's own threads and plugins are not what is looked at */
#endif
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  ADD ("played", test_a_sound_is_played_where_it_can_be);
  ADD ("no-module", test_without_a_module_it_is_said);
  ADD ("no-recording", test_what_is_no_recording_is_said);
  ADD ("as-a-file", test_it_can_be_had_as_a_file);
  ADD ("not-here", test_what_did_not_come_is_not_offered);

  return g_test_run ();
}
