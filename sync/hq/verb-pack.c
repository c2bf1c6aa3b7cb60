/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `pack`: the mission onto a stick. `publish`: a questionnaire into the mission. */

#include "config.h"

#include "app/forms/form.h"
#include "app/forms/media-names.h"
#include "sync/hq/pack.h"
#include "sync/hq/verb.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char    *title;
  char    *country;
  char    *starts;
  char    *ends;
  char    *crossings;
  char   **instruments;
  char    *media;
  char    *message;
  char    *stale_after;
  char    *app_min;
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
  g_free (self->media);
  g_free (self->message);
  g_free (self->stale_after);
  g_free (self->app_min);
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

/* Beside each form: a folder that was named, that of the form with “-media” behind its name, or that of the form. */
static GPtrArray *
list_folders (char      **paths,
              const char *media)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);

  for (; *paths != NULL; paths++)
    {
      g_autofree char *stem = g_strndup (*paths, strlen (*paths) - (g_str_has_suffix (*paths, ".xml") ? strlen (".xml") : 0));
      g_autofree char *beside = g_strconcat (stem, "-media", NULL);

      if (media != NULL)
        g_ptr_array_add (folders, g_strdup (media));
      else
        g_ptr_array_add (folders, g_file_test (beside, G_FILE_TEST_IS_DIR) ? g_strdup (beside) : g_path_get_dirname (*paths));
    }
  return folders;
}

/* Not a failure: a laptop does without. */
static void
tell_missing (GPtrArray *forms,
              GPtrArray *folders)
{
  for (guint i = 0; i < forms->len; i++)
    {
      g_auto (GStrv) names = mere_form_list_media (forms->pdata[i], NULL);

      for (char **name = names; name != NULL && *name != NULL; name++)
        {
          g_autoptr (GBytes) content = mere_form_media_from_folder (*name, folders->pdata[i]);

          if (content == NULL)
            mere_hq_say (_ ("“%s”, which a questionnaire refers to, is not in %s. It goes out without."), *name, (char *) folders->pdata[i]);
        }
    }
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
  g_autoptr (GPtrArray) folders = NULL;
  g_autoptr (GError) error = NULL;

  if (!check_options (options, &error) ||
      (options->crossings != NULL && (crossings = read_crossings (options->crossings, &error)) == NULL) ||
      (options->instruments != NULL && (instruments = read_instruments (options->instruments, &error)) == NULL))
    return mere_hq_fail (error);
  change.crossings = crossings;
  if (instruments != NULL)
    {
      folders = list_folders (options->instruments, options->media);
      tell_missing (instruments, folders);
    }
  change.instruments = instruments;
  change.folders = folders;
  change.message = options->message;
  change.stale_after = options->stale_after;
  change.app_min = options->app_min;
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
    { "media", 0, 0, G_OPTION_ARG_FILENAME, &options.media, N_ ("Where the files beside the questionnaires lie"), N_ ("DIR") },
    { "message", 0, 0, G_OPTION_ARG_STRING, &options.message, N_ ("Text to the team; empty takes it away"), N_ ("TEXT") },
    { "stale-after", 0, 0, G_OPTION_ARG_STRING, &options.stale_after, N_ ("Day after which laptops warn that the pack is old"), N_ ("YYYY-MM-DD") },
    { "app-min", 0, 0, G_OPTION_ARG_STRING, &options.app_min, N_ ("Oldest version of the program that laptops should have; empty takes it away"), N_ ("VERSION") },
    { "new", 0, 0, G_OPTION_ARG_NONE, &options.begin_new, N_ ("Begin another mission, instead of changing the present one"), NULL },
    { NULL },
  };
  int status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  return pack (hq, &options, (*args)[1]);
}

/* Kept for the next pack. */
static int
keep (MereHq                  *hq,
      const MereMissionChange *change)
{
  g_autoptr (MereTransaction) work = NULL;
  g_autoptr (GError) error = NULL;
  MereStore *store = mere_hq_open (hq, &error);

  work = store != NULL ? mere_transaction_begin (store, &error) : NULL;
  if (work == NULL || !mere_mission_change (store, change, &error) || !mere_transaction_commit (g_steal_pointer (&work), &error))
    return mere_hq_fail (error);
  mere_hq_say ("%s", _ ("It is kept, and goes out with the next pack."));
  return MERE_HQ_DONE;
}

int
mere_verb_publish (MereHq *hq,
                   char ***args)
{
  g_autofree char *stick = NULL;
  g_autofree char *media = NULL;
  g_auto (GStrv) retired = NULL;
  const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &stick, N_ ("Write a pack with it to this stick at once"), N_ ("PATH") },
    { "media", 0, 0, G_OPTION_ARG_FILENAME, &media, N_ ("Where the files beside the questionnaires lie"), N_ ("DIR") },
    { "retire", 0, 0, G_OPTION_ARG_STRING_ARRAY, &retired, N_ ("Begin nothing new with this form; may be given several times"), N_ ("ID") },
    { NULL },
  };
  MereMissionChange change = { 0 };
  g_autoptr (GPtrArray) published = NULL;
  g_autoptr (GPtrArray) folders = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!mere_hq_parse (hq, entries, 0, -1, args, &status))
    return status;
  if ((*args)[1] == NULL && retired == NULL)
    {
      mere_hq_say ("%s", _ ("What is to be published? Give FORM.xml, or --retire ID."));
      return MERE_HQ_USAGE;
    }
  if ((published = read_instruments (*args + 1, &error)) == NULL)
    return mere_hq_fail (error);
  folders = list_folders (*args + 1, media);
  tell_missing (published, folders);
  change.published = published;
  change.folders = folders;
  change.retired = retired;
  return stick != NULL ? write_pack (hq, &change, stick) : keep (hq, &change);
}
