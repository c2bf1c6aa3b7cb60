/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/statement.h"

G_BEGIN_DECLS

/* The team, as the mission pack has it: the list "team" of a dispatch. A laptop encrypts its bundles to its leader's, too; that
 * one reads them from the stick and counts what the whole team has, without headquarters. Format: docs/formats-road.md,
 * "Team". */

#define MERE_TEAM_LIST "team" /* id of the list, and its entry's name */
#define MERE_TEAM_MAX 10000   /* laptops */

/**
 * MereTeamMember:
 * @device: name of a laptop
 * @label: what headquarters calls it
 * @sign_key: "RW…"
 * @box_key: "age1…"
 * @leader: (nullable): the laptop that its bundles are encrypted to as well
 */
typedef struct
{
  char *device;
  char *label;
  char *sign_key;
  char *box_key;
  char *leader;
} MereTeamMember;

MereTeamMember *mere_team_member_new (const char *device, const char *label, const char *sign_key, const char *box_key, const char *leader) G_GNUC_WARN_UNUSED_RESULT;
MereTeamMember *mere_team_member_read (MereStatement *row) G_GNUC_WARN_UNUSED_RESULT; /* its columns in the order of the members */
void            mere_team_member_free (MereTeamMember *self);

/* The list as JSON; read: %MERE_DISPATCH_ERROR_FORMAT. (element-type MereTeamMember) */
GBytes    *mere_team_write (GPtrArray *members) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *mere_team_parse (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the place of the team that was; (element-type MereTeamMember). In one transaction, or the caller's. */
gboolean mere_team_save (MereStore *store, GPtrArray *members, GError **error);

/* Those whose leader is @device, by label; and the one that leads @device (NULL without an error: nobody). */
GPtrArray      *mere_team_list_led (MereStore *store, const char *device, GError **error) G_GNUC_WARN_UNUSED_RESULT;
MereTeamMember *mere_team_load_leader (MereStore *store, const char *device, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * MereTeamCount:
 * @crossing: (nullable): name of a crossing; %NULL for records without one
 * @label: (nullable): whose; %NULL for this laptop's own
 * @n_records: newest versions
 */
typedef struct
{
  char *crossing;
  char *label;
  guint n_records;
} MereTeamCount;

/* What the team has, by crossing and laptop: (element-type MereTeamCount), in the order of the crossings' names, own first. */
GPtrArray *mere_team_list_coverage (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTeamMember, mere_team_member_free)

G_END_DECLS
