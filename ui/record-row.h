/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/colleague.h"
#include "app/store/record.h"

G_BEGIN_DECLS

/* A final record in a list: its title, where and when, its state as a chip, and “Open”, over the desk's actions. */
GtkWidget *mere_record_row_new (const MereRecord *record);

/* The same of a colleague's; the chip says whose it is. */
GtkWidget *mere_colleague_row_new (const MereColleagueRecord *record);

/* The state alone: a word in a shape. */
GtkWidget *mere_record_chip_new (const MereRecord *record);
GtkWidget *mere_colleague_chip_new (const MereColleagueRecord *record);

G_END_DECLS
