/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Teams, at headquarters. */

#include "config.h"

#include "sync/hq/team.h"

#include "app/store/row-list.h"
#include "sync/hq/device.h"

#include <glib/gi18n-lib.h>

static gboolean
check_active (MereStore  *store,
              const char *name,
              GError    **error)
{
  g_autoptr (MereDevice) device = mere_device_load (store, name, error);

  if (device == NULL)
    return FALSE;
  if (!device->revoked)
    return TRUE;
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("The laptop %s was revoked. Nothing was changed."), name);
  return FALSE;
}

static gboolean
dissolve (MereStore  *store,
          const char *leader,
          GError    **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (store, "DELETE FROM hq_team WHERE leader = ?1", error);

  if (delete == NULL)
    return FALSE;
  mere_statement_bind_text (delete, 1, leader);
  return mere_statement_run (delete, error);
}

static gboolean
add (MereStore  *store,
     const char *leader,
     const char *member,
     GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO hq_team (member, leader) VALUES (?1, ?2) ON CONFLICT (member) DO UPDATE SET leader = excluded.leader",
    error);

  if (insert == NULL || !check_active (store, member, error))
    return FALSE;
  if (g_str_equal (leader, member))
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("A laptop cannot lead itself. Nothing was changed."));
      return FALSE;
    }
  mere_statement_bind_text (insert, 1, member);
  mere_statement_bind_text (insert, 2, leader);
  return mere_statement_run (insert, error);
}

gboolean
mere_hq_team_set (MereStore         *store,
                  const char        *leader,
                  const char *const *members,
                  GError           **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !check_active (store, leader, error) || !dissolve (store, leader, error))
    return FALSE;
  for (; *members != NULL; members++)
    if (!add (store, leader, *members, error))
      return FALSE;
  mere_store_touch (store, MERE_STORE_OTHER);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

#define TEAMS                                                                                                     \
  "SELECT d.device, d.label, d.sign_key, d.box_key, l.device FROM hq_device AS d"                                 \
  " LEFT JOIN hq_team AS t ON t.member = d.device"                                                                \
  " LEFT JOIN hq_device AS l ON l.device = t.leader AND l.state = 'active'"                                       \
  " WHERE d.state = 'active'"                                                                                     \
  "   AND (l.device IS NOT NULL OR EXISTS (SELECT 1 FROM hq_team AS o JOIN hq_device AS m ON m.device = o.member" \
  "                                         WHERE o.leader = d.device AND m.state = 'active'))"                   \
  " ORDER BY d.device"

GPtrArray *
mere_hq_team_list (MereStore *store,
                   GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, TEAMS, error);

  if (query == NULL)
    return NULL;
  return mere_statement_read_all (query, (MereRowReader) mere_team_member_read, (GDestroyNotify) mere_team_member_free, error);
}
