/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/instrument.h"

G_BEGIN_DECLS

/**
 * MereInstrumentsPage:
 *
 * One kind of work (observations, checks, interviews): what was begun and goes on, and what can be begun.
 */
#define MERE_TYPE_INSTRUMENTS_PAGE (mere_instruments_page_get_type ())
G_DECLARE_FINAL_TYPE (MereInstrumentsPage, mere_instruments_page, MERE, INSTRUMENTS_PAGE, AdwBin)

MereInstrumentsPage *mere_instruments_page_new (MereStore         *store,
                                                MereInstrumentKind kind);

G_END_DECLS
