/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *word;
  const char *icon;
} crossing_kinds[MERE_CROSSING_N_KINDS] = {
  [MERE_CROSSING_LAND] = { NC_ ("crossing", "land"), "mere-land-symbolic" },
  [MERE_CROSSING_AIR] = { NC_ ("crossing", "air"), "mere-air-symbolic" },
  [MERE_CROSSING_SEA] = { NC_ ("crossing", "sea"), "mere-sea-symbolic" },
  [MERE_CROSSING_RAIL] = { NC_ ("crossing", "rail"), "mere-rail-symbolic" },
};

#define RETURNED MERE_RECORD_N_STATES /* sent back, in whichever state */

static const struct
{
  const char *word;
  const char *story;
  const char *style;
} record_states[] = {
  [MERE_RECORD_FINAL] = { NC_ ("record", "Final"), N_ ("On this laptop only"), "final" },
  [MERE_RECORD_PACKED] = { NC_ ("record", "Packed"), N_ ("In a sealed bundle, not yet on a stick"), "packed" },
  [MERE_RECORD_DELIVERED] = { NC_ ("record", "Delivered"), N_ ("On a stick, not yet acknowledged by headquarters"), "delivered" },
  [MERE_RECORD_ACKNOWLEDGED] = { NC_ ("record", "Acknowledged"), N_ ("Headquarters has it"), "acknowledged" },
  [MERE_RECORD_REFUSED] = { NC_ ("record", "Refused"), N_ ("Headquarters could not take it; edit it and send it again"), "refused" },
  [MERE_RECORD_ERASED] = { NC_ ("record", "Erased"), N_ ("Erased here; headquarters has it"), "erased" },
  [RETURNED] = { NC_ ("record", "Sent back"), N_ ("Headquarters has sent it back: edit it, and it goes out again as a new version"), "returned" },
};

const char *
mere_words_crossing_kind (MereCrossingKind kind)
{
  g_return_val_if_fail (kind < MERE_CROSSING_N_KINDS, "");

  return g_dpgettext2 (GETTEXT_PACKAGE, "crossing", crossing_kinds[kind].word);
}

const char *
mere_words_crossing_icon (MereCrossingKind kind)
{
  g_return_val_if_fail (kind < MERE_CROSSING_N_KINDS, "");

  return crossing_kinds[kind].icon;
}

const char *
mere_words_kind_icon (MereInstrumentKind kind)
{
  static const char *const icons[MERE_INSTRUMENT_N_KINDS] = {
    [MERE_INSTRUMENT_OBSERVATION] = "mere-observe-symbolic",
    [MERE_INSTRUMENT_CHECK] = "mere-checks-symbolic",
    [MERE_INSTRUMENT_INTERVIEW] = "mere-interviews-symbolic",
    [MERE_INSTRUMENT_OTHER] = "x-office-document-symbolic",
  };

  g_return_val_if_fail (kind < MERE_INSTRUMENT_N_KINDS, "");

  return icons[kind];
}

/* Row of the table. */
static guint
place_of_record (const MereRecord *record)
{
  g_return_val_if_fail (record->state < MERE_RECORD_N_STATES, MERE_RECORD_FINAL);

  return record->returned && record->state != MERE_RECORD_ERASED ? RETURNED : record->state;
}

const char *
mere_words_record_state (const MereRecord *record)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "record", record_states[place_of_record (record)].word);
}

const char *
mere_words_record_story (const MereRecord *record)
{
  return _ (record_states[place_of_record (record)].story);
}

const char *
mere_words_record_style (const MereRecord *record)
{
  return record_states[place_of_record (record)].style;
}

char *
mere_words_remark (const char *remark)
{
  /* Translators: what a reviewer at headquarters says of a question */
  return g_strdup_printf (_ ("Headquarters: %s"), remark);
}

char *
mere_words_join (const char *first,
                 ...)
{
  GString *line = g_string_new (NULL);
  va_list  parts;

  va_start (parts, first);
  for (const char *part = first; part != NULL; part = va_arg (parts, const char *))
    {
      if (*part == '\0')
        continue;

      if (line->len > 0)
        g_string_append (line, " · ");
      g_string_append (line, part);
    }
  va_end (parts);

  return g_string_free (line, FALSE);
}
