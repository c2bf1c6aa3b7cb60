/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keys of an observation. They are places on the keyboard, not letters, so that the hand finds them whatever the
 * layout says; the letters on the screen follow the layout. */

#include "config.h"
#include "ui/observe-keys.h"

#include <linux/input-event-codes.h>

#include <glib/gi18n-lib.h>

/* X11 and Wayland count a key 8 higher than the kernel does. */
#define EVDEV_OFFSET 8

#define SECOND_US ((gint64) G_USEC_PER_SEC)

static const MereObserveKey keys[] = {
  { "observe.next", KEY_SPACE, NC_ ("key", "Next"), MERE_OBSERVE_PRESS, MERE_STUDY_NEXT },
  { "observe.undo", KEY_BACKSPACE, NC_ ("key", "Undo"), MERE_OBSERVE_PRESS, MERE_STUDY_TAKE_BACK },
  { "observe.second-line", KEY_F, NC_ ("key", "Second line"), MERE_OBSERVE_PRESS, MERE_STUDY_SEND_SECOND },
  { "observe.refuse", KEY_J, NC_ ("key", "Refused"), MERE_OBSERVE_PRESS, MERE_STUDY_REFUSE },
  { "observe.lose", KEY_L, NC_ ("key", "Lost from sight"), MERE_OBSERVE_PRESS, MERE_STUDY_LOSE },
  { "observe.idle", KEY_W, NC_ ("key", "Officer waits"), MERE_OBSERVE_PRESS, MERE_STUDY_IDLE },
  { "observe.interrupt", KEY_I, NC_ ("key", "Interruption"), MERE_OBSERVE_PRESS, MERE_STUDY_INTERRUPT },
  { "observe.outage", KEY_N, NC_ ("key", "System down"), MERE_OBSERVE_PRESS, MERE_STUDY_TOGGLE_OUTAGE },
  { "observe.open", KEY_O, NC_ ("key", "Booth opens"), MERE_OBSERVE_PRESS, MERE_STUDY_TOGGLE_OPEN },
  { "observe.marker", KEY_M, NC_ ("key", "Marker"), MERE_OBSERVE_PRESS, MERE_STUDY_MARK },
  { "observe.second-start", KEY_S, NC_ ("key", "Second line starts"), MERE_OBSERVE_PRESS, MERE_STUDY_START_SECOND },
  { "observe.second-end", KEY_E, NC_ ("key", "Second line ends"), MERE_OBSERVE_PRESS, MERE_STUDY_END_SECOND },
  { "observe.count", KEY_K, NC_ ("key", "Count the queue"), MERE_OBSERVE_COUNT },
  { "observe.note", KEY_ENTER, NC_ ("key", "Note"), MERE_OBSERVE_NOTE },
  { "observe.earlier", KEY_DOWN, NC_ ("key", "1 s earlier"), MERE_OBSERVE_SHIFT, .shift_us = -SECOND_US },
  { "observe.later", KEY_UP, NC_ ("key", "1 s later"), MERE_OBSERVE_SHIFT, .shift_us = SECOND_US },
  { "observe.much-earlier", KEY_PAGEDOWN, NC_ ("key", "10 s earlier"), MERE_OBSERVE_SHIFT, .shift_us = -10 * SECOND_US },
  { "observe.much-later", KEY_PAGEUP, NC_ ("key", "10 s later"), MERE_OBSERVE_SHIFT, .shift_us = 10 * SECOND_US },
};

/* Keys that print nothing. */
static const struct
{
  guint       code;
  const char *cap;
} caps[] = {
  { KEY_SPACE, NC_ ("keyboard", "Space") },
  { KEY_BACKSPACE, NC_ ("keyboard", "Backspace") },
  { KEY_ENTER, NC_ ("keyboard", "Enter") },
  { KEY_DOWN, "↓" },
  { KEY_UP, "↑" },
  { KEY_PAGEDOWN, NC_ ("keyboard", "PgDn") },
  { KEY_PAGEUP, NC_ ("keyboard", "PgUp") },
};

const MereObserveKey *
mere_observe_key_get (guint nth)
{
  return nth < G_N_ELEMENTS (keys) ? &keys[nth] : NULL;
}

const MereObserveKey *
mere_observe_key_find_action (const char *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (g_str_equal (keys[i].action, action))
        return &keys[i];
    }

  return NULL;
}

const MereObserveKey *
mere_observe_key_find_code (guint keycode)
{
  guint code = keycode - EVDEV_OFFSET;

  if (code == KEY_KPENTER)
    code = KEY_ENTER;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (keys[i].code == code)
        return &keys[i];
    }

  return NULL;
}

MereStudyVerb
mere_observe_key_get_verb (const MereObserveKey *self,
                           MereStudyBoard       *board)
{
  if (self->verb == MERE_STUDY_MARK && mere_study_board_get_marker (board) != 0)
    return MERE_STUDY_MARKER_ARRIVES;

  return self->verb;
}

const char *
mere_observe_key_get_label (const MereObserveKey *self,
                            MereStudyBoard       *board)
{
  if (self->deed == MERE_OBSERVE_PRESS && self->verb == MERE_STUDY_TOGGLE_OUTAGE && mere_study_board_is_down (board))
    return C_ ("key", "System up");
  if (self->deed == MERE_OBSERVE_PRESS && self->verb == MERE_STUDY_TOGGLE_OPEN && mere_study_board_is_open (board))
    return C_ ("key", "Booth closes");
  if (self->deed == MERE_OBSERVE_PRESS && self->verb == MERE_STUDY_MARK && mere_study_board_get_marker (board) != 0)
    return C_ ("key", "Marker arrives");

  return g_dpgettext2 (GETTEXT_PACKAGE, "key", self->label);
}

/* (nullable): the letter of a key, without any modifier. */
static char *
dup_letter (GdkDisplay *display,
            guint       code,
            int         layout)
{
  g_autofree GdkKeymapKey *places = NULL;
  g_autofree guint        *values = NULL;
  int                      n = 0;

  if (!gdk_display_map_keycode (display, code + EVDEV_OFFSET, &places, &values, &n))
    return NULL;

  for (int i = 0; i < n; i++)
    {
      gunichar letter = gdk_keyval_to_unicode (values[i]);
      char     text[6 + 1] = "";

      if (places[i].group != layout || places[i].level != 0 || !g_unichar_isgraph (letter))
        continue;

      g_unichar_to_utf8 (g_unichar_toupper (letter), text);

      return g_strdup (text);
    }

  return NULL;
}

char *
mere_observe_key_dup_cap (const MereObserveKey *self,
                          GdkDisplay           *display,
                          int                   layout)
{
  char *letter;

  for (gsize i = 0; i < G_N_ELEMENTS (caps); i++)
    {
      if (caps[i].code == self->code)
        return g_strdup (g_dpgettext2 (GETTEXT_PACKAGE, "keyboard", caps[i].cap));
    }

  letter = dup_letter (display, self->code, layout);
  if (letter == NULL && layout != 0)
    letter = dup_letter (display, self->code, 0);

  return letter != NULL ? letter : g_strdup ("");
}
