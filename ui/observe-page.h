/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/capture/observation.h"

G_BEGIN_DECLS

/**
 * MereObservePage:
 *
 * A time study at one booth. Two sides of one sheet: the head (which lane, which direction …) as a form, and the watch:
 * the step that comes next in letters for an arm's length, the keys, the last five events, the figures. A key is an
 * event in the vault before the screen shows it. Keys are places on the keyboard, not letters, so that every layout works.
 *
 * Signals: “closed”, “done” (s: instanceID); actions it activates: desk.toast, desk.trouble (see ui/README.md).
 */
#define MERE_TYPE_OBSERVE_PAGE (mere_observe_page_get_type ())
G_DECLARE_FINAL_TYPE (MereObservePage, mere_observe_page, MERE, OBSERVE_PAGE, AdwBin)

/* @observation: (transfer full) */
MereObservePage *mere_observe_page_new (MereObservation *observation);

G_END_DECLS
