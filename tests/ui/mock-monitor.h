/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Sticks that come and go without hardware: a volume monitor in the place of the system's, for this process. */

/* Before anything asks for a volume monitor. */
void mere_mock_monitor_install (void);

/* A stick is plugged in: a folder, under a name. It can be ejected. */
void mere_mock_monitor_add (const char *folder, const char *name);

/* It is pulled. */
void mere_mock_monitor_remove (const char *folder);

/* Whether ejecting fails, as it does while another program uses the stick. */
void mere_mock_monitor_set_busy (gboolean busy);

/* How many are plugged in: one that was ejected is not. */
guint mere_mock_monitor_count (void);

G_END_DECLS
