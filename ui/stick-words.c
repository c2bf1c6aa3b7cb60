/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/stick-words.h"

#include <glib/gi18n-lib.h>

/* "3 records" */
static char *
say_records (guint n)
{
  return g_strdup_printf (ngettext ("%u record", "%u records", n), n);
}

static void
add_line (GString    *text,
          const char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
}

G_GNUC_PRINTF (2, 3)
static void
add_count (GString    *text,
           const char *format,
           ...)
{
  g_autofree char *line = NULL;
  va_list          arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  add_line (text, line);
}

char *
mere_stick_words_written (const MereCourierWritten *written,
                          gboolean                  on_medium)
{
  g_autofree char *records = say_records (written->n_records);
  g_autofree char *bundles = g_strdup_printf (ngettext ("%u bundle", "%u bundles", written->n_bundles), written->n_bundles);
  g_autofree char *size = g_format_size (written->n_bytes);

  if (written->n_bundles == 0)
    return g_strdup (_ ("Nothing had to be written: headquarters has all that is final."));

  if (on_medium)
    /* Translators: “3 records”, “1 bundle”, “12.3 kB” */
    return g_strdup_printf (_ ("Checked: %s in %s, %s. Eject the stick before you pull it."), records, bundles, size);

  /* Translators: “3 records”, “1 bundle”, “12.3 kB” */
  return g_strdup_printf (_ ("Written and read back: %s in %s, %s."), records, bundles, size);
}

static char *
say_team (guint n)
{
  return g_strdup_printf (ngettext ("%u record of the team was read: see Coverage.", "%u records of the team were read: see Coverage.", n), n);
}

char *
mere_stick_words_read (const MereCourierRead *read)
{
  g_autofree char *records = say_records (read->n_acknowledged);

  if (read->revoked)
    return g_strdup (_ ("Headquarters has revoked this laptop: nothing is packed here any more."));

  if (read->assessment != NULL)
    /* Translators: title of a mission */
    return g_strdup_printf (_ ("The mission “%s” is in the vault."), read->assessment);

  if (read->n_acknowledged > 0)
    /* Translators: “3 records” */
    return g_strdup_printf (_ ("Headquarters now has %s more."), records);

  if (read->n_team_records > 0)
    return say_team (read->n_team_records);

  if (read->n_receipts + read->n_dispatches > 0)
    return g_strdup (_ ("What headquarters sent was read; nothing changes for the records here."));

  if (read->refusals->len > 0)
    return g_strdup (_ ("Nothing on this stick could be taken in."));

  return g_strdup (_ ("There is nothing new on this stick."));
}

static void
add_refusals (GString         *text,
              const GPtrArray *refusals)
{
  for (guint i = 0; i < refusals->len; i++)
    {
      const MereCourierRefusal *refusal = g_ptr_array_index (refusals, i);

      /* Translators: name of a file, why it was not taken, and a code for headquarters */
      add_count (text, _ ("Not taken: %s. %s (%s)"), refusal->name, refusal->message, refusal->code);
    }
}

char *
mere_stick_words_read_details (const MereCourierRead *read)
{
  GString *text = g_string_new (NULL);

  if (read->message != NULL && *read->message != '\0')
    /* Translators: what headquarters writes to the team */
    add_count (text, _ ("From headquarters: %s"), read->message);
  /* Where the sentence above speaks of something else. */
  if (read->n_team_records > 0 && (read->assessment != NULL || read->n_acknowledged > 0))
    {
      g_autofree char *team = say_team (read->n_team_records);

      add_count (text, "%s", team);
    }
  if (read->n_instruments > 0)
    add_count (text, ngettext ("%u instrument is new", "%u instruments are new", read->n_instruments), read->n_instruments);
  if (read->n_crossings > 0)
    add_count (text, ngettext ("%u crossing came with it", "%u crossings came with it", read->n_crossings), read->n_crossings);
  if (read->assessment != NULL && read->n_acknowledged > 0)
    add_count (text, ngettext ("Headquarters has %u more record", "Headquarters has %u more records", read->n_acknowledged), read->n_acknowledged);
  if (read->n_refused_records > 0)
    add_count (text, ngettext ("Headquarters could not take %u record: see Records", "Headquarters could not take %u records: see Records", read->n_refused_records), read->n_refused_records);
  if (read->n_returned > 0)
    add_count (text, ngettext ("Headquarters sends %u record back with comments", "Headquarters sends %u records back with comments", read->n_returned), read->n_returned);
  if (read->new_chain)
    add_line (text, _ ("This vault was restored from an older copy; from now on it numbers its bundles anew."));
  if (read->copied)
    add_line (text, _ ("Headquarters has bundles of two copies of this vault: see “Enrolment”."));
  if (read->new_root)
    add_line (text, _ ("Headquarters has a new root key and a new name; the old root has signed for it."));
  if (read->key_old)
    add_line (text, _ ("This laptop still encrypts to a key that headquarters has replaced. Ask for a stick with headquarters’ card, and read it."));
  if (read->strange_hq != NULL && read->n_receipts + read->n_dispatches + read->n_known == 0)
    /* Translators: name of a headquarters, eight characters */
    add_count (text, _ ("The card of another headquarters, %s, lies here. If yours has a new root that its old one has not signed for, a new vault must be enrolled with it."), read->strange_hq);
  add_refusals (text, read->refusals);

  return g_string_free (text, FALSE);
}

char *
mere_stick_words_erased (const MereErasureResult *erased)
{
  g_autofree char *own = g_strdup_printf (ngettext ("%d record was erased from this laptop; headquarters has it.",
                                                    "%d records were erased from this laptop; headquarters has them.",
                                                    (gulong) erased->n_records),
                                          (int) erased->n_records);
  g_autofree char *theirs = g_strdup_printf (ngettext ("%d record of colleagues was removed from this laptop.",
                                                       "%d records of colleagues were removed from this laptop.",
                                                       (gulong) erased->n_colleagues),
                                             (int) erased->n_colleagues);

  if (erased->n_colleagues == 0)
    return g_steal_pointer (&own);

  return erased->n_records > 0 ? g_strdup_printf ("%s\n%s", own, theirs) : g_steal_pointer (&theirs);
}

static const char *
say_step (MereCourierStep step)
{
  switch (step)
    {
    case MERE_COURIER_PACKING:
      return _ ("Packing");
    case MERE_COURIER_WRITING:
      return _ ("Writing and reading back");
    case MERE_COURIER_READING:
      return _ ("Reading");
    case MERE_COURIER_ERASING:
      return _ ("Erasing");
    case MERE_COURIER_LOOKING:
    default:
      return _ ("Looking at the stick");
    }
}

char *
mere_stick_words_progress (MereCourierStep step,
                           guint64         done,
                           guint64         total,
                           guint64         rate)
{
  g_autofree char *done_size = g_format_size (done);
  g_autofree char *total_size = g_format_size (total);
  g_autofree char *rate_size = g_format_size (rate);

  if (total == 0)
    return g_strdup (say_step (step));

  if (step == MERE_COURIER_ERASING)
    /* Translators: so many of so many records */
    return g_strdup_printf (_ ("Erasing · %u of %u"), (guint) done, (guint) total);

  if (rate == 0)
    /* Translators: “Writing”, “12.3 MB”, “256.0 MB” */
    return g_strdup_printf (_ ("%s · %s of %s"), say_step (step), done_size, total_size);

  /* Translators: “Writing”, “12.3 MB”, “256.0 MB”, “4.1 MB” */
  return g_strdup_printf (_ ("%s · %s of %s · %s/s"), say_step (step), done_size, total_size, rate_size);
}

char *
mere_stick_words_look (const MereCourierLook *look)
{
  GString *text = g_string_new (NULL);

  if (look->n_for_us > 0)
    add_count (text, ngettext ("%u bundle for this laptop is to be read", "%u bundles for this laptop are to be read", look->n_for_us), look->n_for_us);
  if (look->n_team > 0)
    add_count (text, ngettext ("%u bundle of the team is to be read", "%u bundles of the team are to be read", look->n_team), look->n_team);
  if (look->has_card)
    add_line (text, _ ("The card of a headquarters"));
  if (look->has_enrolment)
    add_line (text, _ ("The card of this laptop"));
  if (look->n_unfinished > 0)
    add_count (text, ngettext ("%u bundle is unfinished: the stick was pulled", "%u bundles are unfinished: the stick was pulled", look->n_unfinished), look->n_unfinished);
  if (look->n_others > 0)
    add_count (text, ngettext ("%u bundle of others", "%u bundles of others", look->n_others), look->n_others);

  return g_string_free (text, FALSE);
}
