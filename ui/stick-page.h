/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereStickPage:
 *
 * The road to headquarters and back: laptop, stick, headquarters side by side; one button a direction; a folder that
 * stands for the stick; and the enrolment, without which nothing is packed.
 */
#define MERE_TYPE_STICK_PAGE (mere_stick_page_get_type ())
G_DECLARE_FINAL_TYPE (MereStickPage, mere_stick_page, MERE, STICK_PAGE, AdwBin)

MereStickPage *mere_stick_page_new (MereStore *store);

G_END_DECLS
