/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "hq-fixture.h"
#include "sync/courier.h"
#include "sync/hq/receive.h"

G_BEGIN_DECLS

/* Headquarters, laptops and a stick as they really are, in one temporary folder: every step through the calls of the
 * programs. Each call must succeed. */

typedef struct
{
  MereTestHq *hq;
  char       *stick;   /* folder */
  GPtrArray  *laptops; /* MereTestMember */
} MereTestTeam;

typedef struct
{
  char      *folder;
  char      *label;
  char      *device;
  MereStore *store;
} MereTestMember;

MereTestTeam *mere_test_team_new (void);
void          mere_test_team_free (MereTestTeam *self);

/* A laptop that headquarters knows, and that has read its first receipt; owned by the team. */
MereTestMember *mere_test_team_add (MereTestTeam *self, const char *label);

/* Both sides type the digits (again, where the laptop has other keys); its name is taken up. */
void mere_test_team_enrol (MereTestTeam *self, MereTestMember *laptop);

/* Its database as it is, to be put back later: (transfer full): path of the copy. */
char *mere_test_member_copy (MereTestMember *self);
void  mere_test_member_put_back (MereTestMember *self, const char *copy);

/* Finalises a record at a crossing (nullable); (transfer full): its id. */
char  *mere_test_member_add_record (MereTestMember *self, const char *answer, const char *crossing);
gint64 mere_test_ask (MereStore *store, const char *sql);

/* One insertion of the stick each. */
MereCourierWritten *mere_test_team_write (MereTestTeam *self, MereTestMember *laptop);
MereCourierRead    *mere_test_team_read (MereTestTeam *self, MereTestMember *laptop);
void                mere_test_team_receive (MereTestTeam *self);
void                mere_test_team_pack (MereTestTeam *self);

/* As if it were another stick. */
void mere_test_team_wipe_stick (MereTestTeam *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestTeam, mere_test_team_free)

G_END_DECLS
