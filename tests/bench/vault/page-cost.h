/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* Prints what one page costs: the bare cipher over 4,056 bytes, ours with its nonce, and a page through the VFS where the disk
 * below is memory, without what that takes for itself. */
void page_cost_print (void);
