/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MereWelcomePage:
 *
 * The first thing seen: make a vault, open one, or go on with one that was open before on this computer.
 */
#define MERE_TYPE_WELCOME_PAGE (mere_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (MereWelcomePage, mere_welcome_page, MERE, WELCOME_PAGE, AdwBin)

/* Lists anew the vaults that are remembered; those that are not there any more are left out. */
void mere_welcome_page_refresh (MereWelcomePage *self);

G_END_DECLS
