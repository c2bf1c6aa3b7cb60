/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "app/capture/coverage.h"

G_BEGIN_DECLS

/* (transfer floating) One crossing and its 28 items under their four heads. Each item is a button that opens it: desk.show-item. */
GtkWidget *mere_coverage_card_new (const MereCoveragePlace *place);

G_END_DECLS
