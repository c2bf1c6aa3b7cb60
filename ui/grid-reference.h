/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Places as the military grid writes them ("15PYS6704312963"): NGA.STND.0037, "Universal grids and grid reference systems",
 * on WGS 84; between 80° south and 84° north, where the grid stands on Universal Transverse Mercator. */

/* Degrees. Spaces do not matter. A reference names a square; the answer is its middle. FALSE where it is none. */
gboolean mere_grid_reference_parse (const char *text, double *latitude, double *longitude);

/* (transfer full): to the metre, in groups: "15P YS 67043 12963"; NULL at the poles. */
char *mere_grid_reference_format (double latitude, double longitude);

G_END_DECLS
