/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `pack`: the mission onto a stick. */

#include "config.h"

#include "sync/hq/pack.h"
#include "sync/hq/verb.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  char    *title;
  char    *country;
  char    *starts;
  char    *ends;
  char    *crossings;
  char   **instruments;
  char    *message;
  char    *stale_after;
  gboolean begin_new;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->title);
  g_free (self->country);
  g_free (self->starts);
  g_free (self->ends);
  g_free (self->crossings);
  g_strfreev (self->instruments);
  g_free (self->message);
  g_free (self->stale_after);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static GBytes *
read_file (const char *path,
           GError    **error)
{
  char *contents;
  gsize length;

  return g_file_get_contents (path, &contents, &length, error) ? g_bytes_new_take (contents, length) : NULL;
}

/* "YYYY-MM-DD", a day that there is. */
static gboolean
check_day (const char *option,
           const char *text,
           GError    **error)
{
  g_autofree char *moment = text != NULL ? g_strconcat (text, "T00:00:00Z", NULL) : NULL;
  g_autoptr (GDateTime) day = moment != NULL ? g_date_time_new_from_iso8601 (moment, NULL) : NULL;
  g_autofree char *again = day != NULL ? g_date_time_format (day, "%Y-%m-%d") : NULL;

  if (text == NULL || g_strcmp0 (text, again) == 0)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("%s: “%s” is no day; write it as 2026-11-24."), option, text);
  return FALSE;
}

static gboolean
check_options (const Options *options,
               GError       **error)
{
  if (!check_day ("--starts", options->starts, error) || !check_day ("--ends", options->ends, error) ||
      !check_day ("--stale-after", options->stale_after, error))
    return FALSE;
  if (options->starts == NULL || options->ends == NULL || g_strcmp0 (options->starts, options->ends) <= 0)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("The mission ends before it starts."));
  return FALSE;
}

static GPtrArray *
read_crossings (const char *path,
                GError    **error)
{
  g_autoptr (GBytes) text = read_file (path, error);

  return text != NULL ? mere_mission_read_crossings (text, error) : NULL;
}

static GPtrArray *
read_instruments (char   **paths,
                  GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (; *paths != NULL; paths++)
    {
      GBytes *xml = read_file (*paths, error);

      if (xml == NULL)
        return NULL;
      g_ptr_array_add (list, xml);
    }
  return g_steal_pointer (&list);
}

static void
tell (MereHq           *hq,
      const MerePacked *packed)
{
  JsonObject *object;
  JsonArray  *receipts;

  mere_hq_say (_ ("Pack %" PRId64 " is on the stick and reads back the same, beside headquarters' card."), packed->counter);
  if (packed->receipts->len > 0)
    mere_hq_say (ngettext ("So is a receipt for %u laptop, with what its reviewers say.", "So are receipts for %u laptops, with what their reviewers say.", packed->receipts->len), packed->receipts->len);
  if (!mere_hq_wants_json (hq))
    return;
  object = json_object_new ();
  receipts = json_array_new ();
  for (guint i = 0; i < packed->receipts->len; i++)
    json_array_add_string_element (receipts, packed->receipts->pdata[i]);
  json_object_set_int_member (object, "dispatch", packed->counter);
  mere_hq_set_text (object, "bundle", packed->bundle);
  json_object_set_array_member (object, "receipts", receipts);
  mere_hq_print_json (mere_hq_object_node (object));
}

/* What is to change is in @change already, but for the files that are read here. */
static int
write_pack (MereHq            *hq,
            MereMissionChange *change,
            const char        *path)
{
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (MereStick) stick = NULL;
  g_autoptr (MerePacked) packed = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store;

  if ((store = mere_hq_open (hq, &error)) == NULL || (keys = mere_keyring_load (store, &error)) == NULL ||
      (stick = mere_stick_open (path, &error)) == NULL ||
      (packed = mere_pack_write (store, keys, change, stick, &error)) == NULL)
    return mere_hq_fail (error);
  tell (hq, packed);
  return MERE_HQ_DONE;
}

static int
pack (MereHq        *hq,
      const Options *options,
      const char    *path)
{
  MereMissionChange change = { options->title, options->country, options->starts, options->ends, options->begin_new };
  g_autoptr (GPtrArray) crossings = NULL;
  g_autoptr (GPtrArray) instruments = NULL;
  g_autoptr (GError) error = NULL;

  if (!check_options (options, &error) ||
      (options->crossings != NULL && (crossings = read_crossings (options->crossings, &error)) == NULL) ||
      (options->instruments != NULL && (instruments = read_instruments (options->instruments, &error)) == NULL))
    return mere_hq_fail (error);
  change.crossings = crossings;
  change.instruments = instruments;
  change.message = options->message;
  change.stale_after = options->stale_after;
  return write_pack (hq, &change, path);
}

int
mere_verb_pack (MereHq *hq,
                char ***args)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "title", 0, 0, G_OPTION_ARG_STRING, &options.title, N_ ("Title of the mission"), N_ ("TEXT") },
    { "country", 0, 0, G_OPTION_ARG_STRING, &options.country, N_ ("Country, by its three letters"), N_ ("CODE") },
    { "starts", 0, 0, G_OPTION_ARG_STRING, &options.starts, N_ ("First day"), N_ ("YYYY-MM-DD") },
    { "ends", 0, 0, G_OPTION_ARG_STRING, &options.ends, N_ ("Last day"), N_ ("YYYY-MM-DD") },
    { "crossings", 0, 0, G_OPTION_ARG_FILENAME, &options.crossings, N_ ("All crossings: name, kind, note, latitude, longitude, id"), N_ ("FILE.csv") },
    { "instrument", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.instruments, N_ ("A questionnaire, instead of the built-in ones; may be given several times"), N_ ("FORM.xml") },
    { "message", 0, 0, G_OPTION_ARG_STRING, &options.message, N_ ("Text to the team; empty takes it away"), N_ ("TEXT") },
    { "stale-after", 0, 0, G_OPTION_ARG_STRING, &options.stale_after, N_ ("Day after which laptops warn that the pack is old"), N_ ("YYYY-MM-DD") },
    { "new", 0, 0, G_OPTION_ARG_NONE, &options.begin_new, N_ ("Begin another mission, instead of changing the present one"), NULL },
    { NULL },
  };
  int status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  return pack (hq, &options, (*args)[1]);
}
