/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the manifest of the next bundle says before its files: who, to whom, its place in the chain, how the laptop stands. */

#include "config.h"

#include "sync/courier-private.h"

#include <sys/timex.h>

#include "app/store/log.h"
#include "app/study/moment.h"
#include "sync/manifest.h"

static char *
format_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
}

/* Whether something has set this machine's clock right. */
static gboolean
is_clock_trusted (void)
{
  struct timex times = { 0 };

  return adjtimex (&times) >= 0 && (times.status & STA_UNSYNC) == 0;
}

static gboolean
fill_in_unacked (MereStore    *store,
                 MereManifest *head,
                 GError      **error)
{
  g_autoptr (GPtrArray) open = mere_bundle_list (store, TRUE, error);

  if (open == NULL)
    return FALSE;
  head->unacked = g_array_new (FALSE, FALSE, sizeof (MereChainPlace));
  for (guint i = 0; i < open->len; i++)
    {
      const MereBundle *bundle = open->pdata[i];
      MereChainPlace    place = { (guint) bundle->chain_no, (guint) bundle->seq };

      if (g_str_has_prefix (bundle->name, head->device))
        g_array_append_val (head->unacked, place);
    }

  return TRUE;
}

static gboolean
fill_in_log (MereStore    *store,
             MereManifest *head,
             GError      **error)
{
  GError *failure = NULL;
  g_autoptr (MereLogLine) line = mere_log_load_head (store, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (line != NULL)
    {
      head->log_seq = line->seq;
      head->log_hash = g_strdup (line->hash);
    }

  return TRUE;
}

/* The chain of the next bundle; a new one where the present one has no number left. */
static MereRoadChain *
load_chain (MereStore   *store,
            MereBundle **newest,
            GError     **error)
{
  GError *failure = NULL;
  g_autoptr (MereRoadChain) chain = mere_road_chain_load (store, error);

  if (chain == NULL)
    return NULL;
  *newest = mere_bundle_load_newest (store, chain->id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  if (*newest == NULL || (*newest)->seq < MERE_CHAIN_MAX_SEQ)
    return g_steal_pointer (&chain);

  g_clear_pointer (newest, mere_bundle_free);

  return mere_road_chain_renew (store, chain->no, error) ? mere_road_chain_load (store, error) : NULL;
}

static gboolean
fill_in_chain (MereStore    *store,
               MereManifest *head,
               GError      **error)
{
  g_autoptr (MereBundle) newest = NULL;
  g_autoptr (MereRoadChain) chain = load_chain (store, &newest, error);

  if (chain == NULL)
    return FALSE;
  head->chain_id = g_strdup (chain->id);
  head->chain_no = chain->no;
  head->seq = newest != NULL ? (guint) newest->seq + 1 : 1;
  head->prev = newest != NULL ? g_strdup (newest->b2) : NULL;
  head->parent_id = g_strdup (chain->parent_id);
  head->parent_seq = chain->parent_seq;
  head->parent_b2 = g_strdup (chain->parent_b2);

  return TRUE;
}

/* Headquarters, and the leader of the team where the pack names one. */
static char **
list_recipients (MereCourier *self,
                 GError     **error)
{
  g_auto (GStrv) recipients = mere_trust_dup_recipients (self->trust);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (MereTeamMember) leader = NULL;
  GError *failure = NULL;

  leader = mere_team_load_leader (self->store, self->keys->device, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  g_strv_builder_addv (builder, (const char **) recipients);
  if (leader != NULL && !mere_trust_is_revoked (self->trust, leader->device) &&
      !g_strv_contains ((const char *const *) recipients, leader->box_key))
    g_strv_builder_add (builder, leader->box_key);

  return g_strv_builder_end (builder);
}

MereManifest *
mere_courier_make_head (MereCourier *self,
                        GError     **error)
{
  g_autoptr (MereManifest) head = mere_manifest_new ();

  head->kind = MERE_BUNDLE_RECORDS;
  head->device = g_strdup (self->keys->device);
  head->box_key = g_strdup (self->keys->box_key);
  head->recipients = list_recipients (self, error);
  head->trust = self->trust->version;
  head->created = format_now ();
  head->clock_trusted = is_clock_trusted ();
  head->boots = mere_moment_now ().boot & G_MAXINT; /* as large as a manifest's numbers may be */
  head->seen_trust = self->trust->version;
  head->seen_receipt = mere_courier_get_seen_receipt (self->store);
  head->seen_dispatch = mere_courier_get_seen_dispatch (self->store);
  head->app_name = g_strdup (PACKAGE_NAME);
  head->app_version = g_strdup (PACKAGE_VERSION);

  return head->recipients != NULL && fill_in_chain (self->store, head, error) && fill_in_unacked (self->store, head, error) &&
             fill_in_log (self->store, head, error)
           ? g_steal_pointer (&head)
           : NULL;
}
