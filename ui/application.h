/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MereApplication:
 *
 * The program: opens a window, on the vault named on the command line where there is one, and owns what belongs to no
 * window (about, preferences, quit, the keys of actions).
 */
#define MERE_TYPE_APPLICATION (mere_application_get_type ())
G_DECLARE_FINAL_TYPE (MereApplication, mere_application, MERE, APPLICATION, AdwApplication)

MereApplication *mere_application_new (void);

G_END_DECLS
