/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two vaults with the same keys, by their logs: every bundle signs the newest line of its laptop's log. One laptop's lines
 * grow from bundle to bundle; declared in chain.h. */

#include "config.h"

#include "sync/hq/chain.h"

#include "app/store/statement.h"

#define MAX_BRANCHES 100

static void
branch_free (gpointer data)
{
  MereChainBranch *self = data;

  g_free (self->name);
  g_free (self->other);
  g_free (self);
}

/* One line with two hashes. */
#define FORKS                                                                                  \
  "SELECT log_seq, min (name), max (name), 0 FROM hq_bundle WHERE device = ?1 AND log_seq > 0" \
  " GROUP BY log_seq HAVING count (DISTINCT log_hash) > 1 ORDER BY log_seq"

/* The first bundle of a chain was made at an earlier line than the last one of the chain before it. */
#define BACKS                                                                                             \
  "SELECT f.log_seq, f.name, l.name, 1 FROM hq_bundle AS f JOIN hq_bundle AS l"                           \
  "  ON l.device = f.device AND l.chain_no < f.chain_no AND l.log_seq >= f.log_seq"                       \
  " WHERE f.device = ?1 AND f.seq = 1 AND f.log_seq > 0"                                                  \
  "   AND NOT EXISTS (SELECT 1 FROM hq_bundle AS m WHERE m.device = f.device AND m.chain_no < f.chain_no" \
  "                    AND (m.log_seq > l.log_seq OR (m.log_seq = l.log_seq AND m.row > l.row)))"         \
  " ORDER BY f.log_seq"

static gboolean
read_branches (MereStore  *store,
               const char *sql,
               const char *device,
               GPtrArray  *list,
               GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, device);
  while (list->len < MAX_BRANCHES)
    {
      MereChainBranch *branch;

      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      branch = g_new (MereChainBranch, 1);
      branch->log_seq = mere_statement_get_int (query, 0);
      branch->name = mere_statement_dup_text (query, 1);
      branch->other = mere_statement_dup_text (query, 2);
      branch->back = mere_statement_get_int (query, 3) != 0;
      g_ptr_array_add (list, branch);
    }
  return TRUE;
}

GPtrArray *
mere_chain_list_branches (MereStore  *store,
                          const char *device,
                          GError    **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (branch_free);

  return read_branches (store, FORKS, device, list, error) && read_branches (store, BACKS, device, list, error)
           ? g_steal_pointer (&list)
           : NULL;
}
