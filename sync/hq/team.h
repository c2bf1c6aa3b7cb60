/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/team.h"

G_BEGIN_DECLS

/* Who leads whom, as headquarters has it; laptops learn of it with the next pack. */

/**
 * mere_hq_team_set:
 * @leader: a laptop
 * @members: (array zero-terminated=1): laptops whose bundles it may read; empty dissolves its team
 * @error: return location, domain %MERE_STORE_ERROR (NOT_FOUND, or CONFLICT where one is revoked or leads itself)
 *
 * Takes the place of the team that the leader had. A laptop has one leader.
 */
gboolean mere_hq_team_set (MereStore *store, const char *leader, const char *const *members, GError **error);

/* All active laptops that lead or are led by an active one: (element-type MereTeamMember). */
GPtrArray *mere_hq_team_list (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
