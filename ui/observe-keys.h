/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

#include "app/study/board.h"

G_BEGIN_DECLS

/* What a key of an observation does. */
typedef enum {
  MERE_OBSERVE_PRESS, /* @verb */
  MERE_OBSERVE_SHIFT, /* corrects the last event by @shift_us */
  MERE_OBSERVE_NOTE,  /* asks for a note to the last event */
  MERE_OBSERVE_COUNT, /* asks how many wait, and how many booths are staffed */
} MereObserveDeed;

/**
 * MereObserveKey:
 * @action: the action of #MereObservePage that does it
 * @code: the key as a place on the keyboard: evdev's number (linux/input-event-codes.h)
 * @label: untranslated, with the context “key”
 */
typedef struct
{
  const char     *action;
  guint           code;
  const char     *label;
  MereObserveDeed deed;
  MereStudyVerb   verb;
  gint64          shift_us;
} MereObserveKey;

/* The keys in the order of the screen: “next” first. %NULL after the last. */
const MereObserveKey *mere_observe_key_get (guint nth);

const MereObserveKey *mere_observe_key_find_action (const char *action);

/* @keycode: of a key event; hardware code */
const MereObserveKey *mere_observe_key_find_code (guint keycode);

/* What it does as @board stands now: “System down” or “System up”. */
const char *mere_observe_key_get_label (const MereObserveKey *self,
                                        MereStudyBoard       *board);

/* What @verb means as @board stands now: the key of a marker sets it first, and lets it arrive then. */
MereStudyVerb mere_observe_key_get_verb (const MereObserveKey *self,
                                         MereStudyBoard       *board);

/* What is printed on the key in layout @layout of @display: “F”, “Space”. (transfer full) */
char *mere_observe_key_dup_cap (const MereObserveKey *self,
                                GdkDisplay           *display,
                                int                   layout);

G_END_DECLS
