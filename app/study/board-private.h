/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/study/board.h"

G_BEGIN_DECLS

/* What decides which event may come next. Kept with each event, so that undo is to put it back. */
typedef struct
{
  guint    current; /* the last one who was followed to or at the booth; maybe decided since */
  guint    marker;
  gboolean open;
  gboolean down;
} BoardState;

/* An event on the board. */
typedef struct
{
  MereStudyEvent *event;
  gboolean        undone;
  gint64          shift_us;    /* sum of its corrections that stand */
  guint           corrections; /* how many these are */
  BoardState      before;
  char           *standing_before; /* of an attribute for all: what it was, or NULL */
} Entry;

/* A passenger on the board. */
typedef struct
{
  MereStudyPassenger seen;
  GPtrArray         *entries;  /* borrowed Entry: its own, undone ones too */
  GHashTable        *standing; /* attributes that held for all when it appeared */
} Passenger;

struct _MereStudyBoard
{
  MereStudySight sight;
  GPtrArray     *entries;    /* of Entry */
  GPtrArray     *passengers; /* of Passenger */
  GHashTable    *standing;   /* attributes for all that follow */
  BoardState     state;
  guint          n_decided;
  MereSample    *samples[MERE_STUDY_N_SPANS];
  guint          censored[MERE_STUDY_N_SPANS];
  guint          wall_clock[MERE_STUDY_N_SPANS];
};

/* By number and by sequence, from 1; NULL where there is none. */
Passenger *mere_board_passenger (MereStudyBoard *self, guint number);
Entry     *mere_board_entry (MereStudyBoard *self, guint sequence);

/* Whether somebody is followed or served now. */
gboolean mere_board_is_busy (MereStudyBoard *self);

/* Says what was seen, rather than about what was seen. */
gboolean mere_board_is_observed (MereStudyKind kind);

/* The last entry that still stands: any, or only of what was observed; NULL where there is none. */
Entry *mere_board_last (MereStudyBoard *self, gboolean observed);

MereMoment mere_board_corrected (const Entry *entry);

/* Whether @event may be taken in now. */
gboolean mere_board_fits (MereStudyBoard *self, const MereStudyEvent *event, GError **error);

G_END_DECLS
