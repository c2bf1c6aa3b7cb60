/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of the team in a dispatch. */

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "fuzz.h"
#include "sync/team.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

/* What is taken says the same when it is written again. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GPtrArray) team = mere_team_parse (text, NULL);
  g_autoptr (GBytes) written = team != NULL ? mere_team_write (team) : NULL;
  g_autoptr (GPtrArray) again = written != NULL ? mere_team_parse (written, NULL) : NULL;

  if (team == NULL)
    return 0;
  g_assert (again != NULL && again->len == team->len);
  for (guint i = 0; i < team->len; i++)
    {
      const MereTeamMember *one = team->pdata[i];
      const MereTeamMember *other = again->pdata[i];

      g_assert (strcmp (one->device, other->device) == 0 && strcmp (one->label, other->label) == 0 &&
                g_strcmp0 (one->leader, other->leader) == 0);
    }

  return 0;
}
