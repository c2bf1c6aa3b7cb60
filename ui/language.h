/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sets locale and catalogue: the language of the preferences, else the system's. Call it first of all. */
void mere_language_choose (void);

/* Lets the window run as the language is written. GTK does so only where its own catalogue is installed. */
void mere_language_set_direction (void);

G_END_DECLS
