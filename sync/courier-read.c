/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a stick: cards of our headquarters first, since a newer trust list may stand there, then its bundles in the
 * order in which it made them. What is refused is listed and keeps nothing else out. */

#include "config.h"

#include "sync/courier-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/forms/form.h"
#include "sync/bundle-format.h"
#include "sync/card.h"
#include "sync/dispatch.h"
#include "sync/receipt.h"

void
mere_courier_refusal_free (MereCourierRefusal *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->code);
  g_free (self->message);
  g_free (self);
}

void
mere_courier_read_free (MereCourierRead *self)
{
  if (self == NULL)
    return;

  g_free (self->assessment);
  g_free (self->message);
  g_free (self->strange_hq);
  g_ptr_array_unref (self->refusals);
  g_free (self);
}

/* A code for a refusal, in the style of those of bundles. */
static const char *
get_code (const GError *failure)
{
  const struct
  {
    GQuark      domain;
    const char *code;
  } codes[] = {
    { MERE_TRUST_ERROR, "E_TRUST" },
    { MERE_CARD_ERROR, "E_CARD" },
    { MERE_RECEIPT_ERROR, "E_RECEIPT" },
    { MERE_DISPATCH_ERROR, "E_DISPATCH" },
    { MERE_FORM_ERROR, "E_FORM" },
    { MERE_STICK_ERROR, "E_READ" },
  };

  if (failure->domain == MERE_BUNDLE_ERROR)
    return mere_bundle_error_get_name (failure->code);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].domain == failure->domain)
      return codes[i].code;

  return "E_CONFLICT";
}

/* A failure that ends the errand; others are of one file alone. */
static gboolean
ends_errand (const GError *failure)
{
  if (failure->domain == MERE_STORE_ERROR)
    return failure->code != MERE_STORE_ERROR_CONFLICT;
  if (failure->domain == MERE_STICK_ERROR)
    return failure->code == MERE_STICK_ERROR_GONE || failure->code == MERE_STICK_ERROR_CANCELLED || failure->code == MERE_STICK_ERROR_LOCAL;

  return failure->domain == G_IO_ERROR;
}

/* Lists a refusal, or passes on what ends the errand. Takes @failure. */
static gboolean
refuse (MereCourierRead      *read,
        const MereStickFound *found,
        GError               *failure,
        GError              **error)
{
  MereCourierRefusal *refusal;

  if (ends_errand (failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  refusal = g_new (MereCourierRefusal, 1);
  refusal->name = found->folder[0] != '\0' ? g_strdup_printf ("%s/%s", found->folder, found->name) : g_strdup (found->name);
  refusal->code = g_strdup (get_code (failure));
  refusal->message = g_strdup (failure->message);
  g_ptr_array_add (read->refusals, refusal);
  g_error_free (failure);

  return TRUE;
}

/* A card carries the newest list only. It is signed by the root that a person has compared, or by one that this root was
 * handed over to, so the lists between need not be seen: this is how a laptop catches up that has missed some, or whose
 * headquarters has changed or lost a key. */
static gboolean
take_card (MereCourier     *self,
           const MereCard  *card,
           MereCourierRead *read,
           GError         **error)
{
  gboolean same;

  if (!card->is_hq)
    return TRUE;
  same = strcmp (card->trust->root, self->trust->root) == 0;
  if (!same && !mere_handover_leads (card->handovers, self->trust->root, card->trust->root))
    {
      g_free (read->strange_hq);
      read->strange_hq = g_strdup (card->device);
      return TRUE;
    }
  if (card->trust->version <= self->trust->version)
    return TRUE;
  if (!mere_trust_save (self->store, card->trust, error))
    return FALSE;
  read->new_root |= !same;
  mere_trust_free (self->trust);
  self->trust = mere_trust_copy (card->trust);

  return TRUE;
}

static gboolean
take_cards (MereCourier     *self,
            MereCourierRead *read,
            GError         **error)
{
  g_autoptr (GPtrArray) cards = mere_card_scan (self->stick, self->found, NULL, self->cancellable, error);

  for (guint i = 0; cards != NULL && i < cards->len; i++)
    if (!take_card (self, cards->pdata[i], read, error))
      return FALSE;

  return cards != NULL;
}

static void
remove_copy (const char *path)
{
  g_autofree char *signature = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);

  g_unlink (path);
  g_unlink (signature);
}

/* A copy, read and removed again. @colleague: (nullable): who made it; %NULL for headquarters. */
static gboolean
take_copy (MereCourier          *self,
           const MereStickFound *found,
           const MereTeamMember *colleague,
           MereCourierRead      *read,
           MereCourierTaking    *taking,
           GError              **error)
{
  g_autofree char *incoming = mere_road_dup_folder (self->store, MERE_ROAD_INCOMING, error);
  g_autofree char *path = NULL;
  gboolean         taken;

  if (incoming == NULL)
    return FALSE;
  path = mere_stick_copy_in (self->stick, found, incoming, NULL, NULL, NULL, self->cancellable, error);
  if (path == NULL)
    return FALSE;
  taken = colleague != NULL ? mere_courier_take_colleague (self, colleague, path, read, taking, error)
                            : mere_courier_take (self, path, read, taking, error);
  remove_copy (path);

  return taken;
}

static gboolean
take_bundle (MereCourier          *self,
             const MereStickFound *found,
             const MereTeamMember *colleague,
             const char           *name,
             MereCourierRead      *read,
             GError              **error)
{
  g_autoptr (GBytes) signature = mere_stick_load_signature (self->stick, found, error);
  MereCourierSight  sight;
  MereCourierTaking taking;

  if (signature == NULL)
    return FALSE;
  sight = mere_courier_load_sight (self->store, name, signature);
  if (sight == MERE_COURIER_UNSEEN)
    {
      if (!take_copy (self, found, colleague, read, &taking, error))
        return FALSE;
      sight = taking == MERE_COURIER_OTHERS ? MERE_COURIER_SEEN_OTHERS : MERE_COURIER_SEEN;
      if (!mere_courier_save_sight (self->store, name, signature, sight, error))
        return FALSE;
    }
  else
    taking = MERE_COURIER_KNOWN;
  if (sight == MERE_COURIER_SEEN_OTHERS)
    read->n_others++;
  else if (taking == MERE_COURIER_KNOWN)
    read->n_known++;

  return TRUE;
}

static gboolean
look_at (MereCourier          *self,
         const MereStickFound *found,
         MereCourierRead      *read,
         GError              **error)
{
  MereTeamMember  *colleague = mere_courier_find_colleague (self->team, found->name);
  g_autofree char *name = mere_courier_dup_name (found->name, colleague != NULL ? colleague->device : self->trust->hq, NULL, NULL);
  g_autofree char *own = mere_courier_dup_name (found->name, self->keys->device, NULL, NULL);
  GError          *failure = NULL;

  if (found->enrolment || own != NULL)
    return TRUE;
  if (name == NULL || (colleague != NULL && !found->finished))
    {
      read->n_others += found->finished;
      return TRUE;
    }
  if (!found->finished)
    g_set_error_literal (&failure, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_UNFINISHED,
                         _ ("It was not written to its end: its signature is missing. It was left alone; ask headquarters for another stick."));
  else if (take_bundle (self, found, colleague, name, read, &failure))
    return TRUE;

  return refuse (read, found, failure, error);
}

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  const MereStickFound *one = *(const MereStickFound *const *) a;
  const MereStickFound *other = *(const MereStickFound *const *) b;

  return strcmp (one->name, other->name);
}

static guint64
sum_sizes (GPtrArray *found)
{
  guint64 sum = 0;

  for (guint i = 0; i < found->len; i++)
    sum += ((const MereStickFound *) found->pdata[i])->size;

  return sum;
}

static gboolean
load_team (MereCourier *self,
           GError     **error)
{
  self->team = mere_team_list_led (self->store, self->keys->device, error);
  for (guint i = self->team != NULL ? self->team->len : 0; i > 0; i--)
    if (mere_trust_is_revoked (self->trust, ((const MereTeamMember *) self->team->pdata[i - 1])->device))
      g_ptr_array_remove_index (self->team, i - 1);

  return self->team != NULL;
}

static gboolean
is_of_hq (MereCourier          *self,
          const MereStickFound *found)
{
  g_autofree char *name = mere_courier_dup_name (found->name, self->trust->hq, NULL, NULL);

  return name != NULL;
}

/* Those of headquarters, or all others. */
static gboolean
take_bundles_of (MereCourier     *self,
                 GPtrArray       *sorted,
                 gboolean         hq,
                 MereCourierRead *read,
                 guint64         *done,
                 GError         **error)
{
  MereCourierReport report = { self, MERE_COURIER_READING };
  guint64           total = sum_sizes (sorted);

  for (guint i = 0; i < sorted->len; i++)
    {
      const MereStickFound *found = sorted->pdata[i];

      if (is_of_hq (self, found) != hq)
        continue;
      mere_courier_report (&report, *done, total);
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error) || !look_at (self, found, read, error))
        return FALSE;
      *done += found->size;
    }
  mere_courier_report (&report, *done, total);

  return TRUE;
}

/* In the order of their names, which is that of headquarters' chain. First those of headquarters: a pack among them may make this
 * laptop a leader's, whose team's bundles lie beside it. */
static gboolean
take_bundles (MereCourier     *self,
              MereCourierRead *read,
              GError         **error)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (self->found, NULL, NULL);
  guint64 done = 0;

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_names);

  return take_bundles_of (self, sorted, TRUE, read, &done, error) && load_team (self, error) &&
         take_bundles_of (self, sorted, FALSE, read, &done, error);
}

static gboolean
read_all (MereCourier     *self,
          MereCourierRead *read,
          GError         **error)
{
  gboolean restored;

  if (!take_cards (self, read, error) || !take_bundles (self, read, error) || !mere_courier_check_copy (self, &restored, error))
    return FALSE;
  read->new_chain |= restored;
  read->trust = self->trust->version;
  read->revoked = mere_trust_is_revoked (self->trust, self->keys->device);

  return TRUE;
}

MereCourierRead *
mere_courier_read (MereStore          *store,
                   const char         *folder,
                   MereCourierProgress progress,
                   gpointer            user_data,
                   GCancellable       *cancellable,
                   GError            **error)
{
  g_auto (MereCourier) self = { 0 };
  g_autoptr (MereCourierRead) read = g_new0 (MereCourierRead, 1);
  GError *failure = NULL;

  read->refusals = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_courier_refusal_free);
  if (mere_courier_begin (&self, store, folder, progress, user_data, cancellable, &failure) &&
      read_all (&self, read, &failure))
    return g_steal_pointer (&read);
  mere_courier_fail (failure, error);

  return NULL;
}
