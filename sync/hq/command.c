/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The part of merestone-hq that is the same for every verb: global options, help, the vault, what is printed where. */

#include "config.h"

#include "sync/hq/command.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct _MereHq
{
  const MereVerb *verbs;
  gsize           n_verbs;
  const MereVerb *verb;
  MerePlace       place;
  char           *passphrase_file;
  char           *root_file;
  char           *root_passphrase_file;
  gboolean        json;
  MereStore      *store;
};

void
mere_hq_print (const char *format,
               ...)
{
  va_list arguments;

  va_start (arguments, format);
  vfprintf (stdout, format, arguments);
  va_end (arguments);
}

void
mere_hq_say (const char *format,
             ...)
{
  va_list arguments;

  fputs ("merestone-hq: ", stderr);
  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fputc ('\n', stderr);
}

void
mere_hq_print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  puts (text);
  json_node_unref (node);
}

void
mere_hq_print_json_line (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  puts (text);
  fflush (stdout);
  json_node_unref (node);
}

void
mere_hq_set_text (JsonObject *object,
                  const char *name,
                  const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

static GDateTime *
local_time (gint64 utc_us,
            gint32 offset_s)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (offset_s);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
}

void
mere_hq_set_time (JsonObject *object,
                  const char *name,
                  gint64      utc_us,
                  gint32      offset_s)
{
  g_autoptr (GDateTime) time = utc_us != 0 ? local_time (utc_us, offset_s) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;

  mere_hq_set_text (object, name, text);
}

char *
mere_hq_dup_time (gint64 utc_us,
                  gint32 offset_s)
{
  g_autoptr (GDateTime) time = utc_us != 0 ? local_time (utc_us, offset_s) : NULL;

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("–");
}

JsonNode *
mere_hq_object_node (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

int
mere_hq_fail (const GError *error)
{
  mere_hq_say ("%s", error->message);
  return g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED) ||
             g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE) ||
             g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION)
           ? MERE_HQ_USAGE
           : MERE_HQ_REFUSED;
}

gboolean
mere_hq_wants_json (MereHq *hq)
{
  return hq->json;
}

const MerePlace *
mere_hq_get_place (MereHq *hq)
{
  return &hq->place;
}

/* One line from the terminal, without echo. NULL at its end, or where it is longer than any passphrase. */
static MereSecret *
ask (const char *prompt)
{
  g_autoptr (MereSecret) line = mere_secret_new (1024);
  char          *text = (char *) mere_secret_get_data (line);
  struct termios shown, hidden;
  gsize          size = 0;
  int            key;

  fputs (prompt, stderr);
  tcgetattr (STDIN_FILENO, &shown);
  hidden = shown;
  hidden.c_lflag &= (tcflag_t) ~ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  setvbuf (stdin, NULL, _IONBF, 0);
  while ((key = getchar ()) != EOF && key != '\n' && size < 1023)
    text[size++] = (char) key;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  fputc ('\n', stderr);
  return key == '\n' && size > 0 ? mere_secret_new_from_text (text) : NULL;
}

static gboolean
is_same (const MereSecret *a,
         const MereSecret *b)
{
  return a != NULL && b != NULL && mere_secret_get_size (a) == mere_secret_get_size (b) &&
         memcmp (mere_secret_get_data (a), mere_secret_get_data (b), mere_secret_get_size (a)) == 0;
}

/* @file: (nullable): to be read instead of asking, and what its option is called. */
static MereSecret *
dup_passphrase (const char *file,
                const char *option,
                const char *prompt,
                gboolean    twice,
                GError    **error)
{
  g_autoptr (MereSecret) passphrase = NULL;
  g_autoptr (MereSecret) again = NULL;

  if (file != NULL)
    return mere_secret_load_file (file, error);
  if (!isatty (STDIN_FILENO))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("There is no terminal to ask for the passphrase; give %s FILE."), option);
      return NULL;
    }
  passphrase = ask (prompt);
  if (twice)
    again = ask (_ ("The same again: "));
  if (passphrase != NULL && (!twice || is_same (passphrase, again)))
    return g_steal_pointer (&passphrase);
  g_set_error_literal (error,
                       G_IO_ERROR,
                       G_IO_ERROR_INVALID_ARGUMENT,
                       twice ? _ ("The two passphrases are not the same. Nothing was done.")
                             : _ ("No passphrase was typed. Nothing was done."));
  return NULL;
}

MereSecret *
mere_hq_dup_passphrase (MereHq  *hq,
                        gboolean twice,
                        GError **error)
{
  return dup_passphrase (hq->passphrase_file, "--passphrase-file", _ ("Passphrase: "), twice, error);
}

MereSecret *
mere_hq_dup_root_passphrase (MereHq  *hq,
                             gboolean twice,
                             GError **error)
{
  return dup_passphrase (hq->root_passphrase_file, "--root-passphrase-file", _ ("Passphrase of the root: "), twice, error);
}

const char *
mere_hq_get_root_file (MereHq *hq)
{
  return hq->root_file;
}

MereStore *
mere_hq_open (MereHq  *hq,
              GError **error)
{
  g_autoptr (MereSecret) passphrase = NULL;

  if (hq->store != NULL)
    return hq->store;
  if (!mere_place_check (&hq->place, error))
    return NULL;
  passphrase = mere_hq_dup_passphrase (hq, FALSE, error);
  hq->store = passphrase != NULL ? mere_place_open (&hq->place, passphrase, error) : NULL;
  return hq->store;
}

void
mere_hq_take_store (MereHq    *hq,
                    MereStore *store)
{
  g_return_if_fail (hq->store == NULL);
  hq->store = store;
}

static void
add_global_options (MereHq         *hq,
                    GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "vault", 0, 0, G_OPTION_ARG_FILENAME, &hq->place.vault, N_ ("Headquarters' vault"), N_ ("DIR") },
    { "store", 0, 0, G_OPTION_ARG_STRING, &hq->place.address, N_ ("Headquarters' PostgreSQL database, instead of a vault"), N_ ("ADDRESS") },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &hq->place.folder, N_ ("Where bundles lie on their way in and out, with --store"), N_ ("DIR") },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &hq->passphrase_file, N_ ("Read the passphrase from its first line, instead of asking"), N_ ("FILE") },
    { "root", 0, 0, G_OPTION_ARG_FILENAME, &hq->root_file, N_ ("The root's file, for verbs that sign a trust list while it lies offline"), N_ ("FILE") },
    { "root-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &hq->root_passphrase_file, N_ ("Read the root's passphrase from its first line, instead of asking"), N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &hq->json, N_ ("Print data as JSON"), NULL },
    { NULL },
  };
  GOptionGroup *group = g_option_group_new ("global", _ ("Options of every verb:"), NULL, NULL, NULL);

  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
}

#define HELP_WIDTH 45 /* characters of a verb and its arguments */

static void
print_verb (const MereVerb *verb)
{
  g_autofree char *use = g_strdup_printf ("%s %s", verb->name, verb->synopsis);

  mere_hq_print ("  %s%*s%s\n", use, MAX (HELP_WIDTH - (int) g_utf8_strlen (use, -1), 1), "", _ (verb->summary));
}

static void
print_help (MereHq *hq)
{
  mere_hq_print (_ ("Usage: merestone-hq [--vault DIR | --store ADDRESS] [--passphrase-file FILE] VERB …\n\n"));
  for (gsize i = 0; i < hq->n_verbs; i++)
    print_verb (&hq->verbs[i]);
  mere_hq_print (_ ("\n"
                    "  --vault DIR             headquarters' vault\n"
                    "  --store ADDRESS         its PostgreSQL database, instead of a vault\n"
                    "  --folder DIR            where bundles lie on their way in and out, with --store\n"
                    "  --passphrase-file FILE  read its passphrase from the first line, instead of asking\n"
                    "  --json                  print data as JSON\n"
                    "  --help, --version       VERB --help tells about a verb\n\n"
                    "Exit status: 0 done, 1 something was refused or is wrong, 2 wrong usage.\n"));
}

static int
wrong_usage (const char *message)
{
  mere_hq_say ("%s", message);
  mere_hq_say ("%s", _ ("“merestone-hq --help” lists what there is."));
  return MERE_HQ_USAGE;
}

gboolean
mere_hq_parse (MereHq             *hq,
               const GOptionEntry *entries,
               int                 min,
               int                 max,
               char             ***args,
               int                *status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (hq->verb->synopsis);
  g_autoptr (GError) error = NULL;
  gboolean help = FALSE;
  int      n_left;

  const GOptionEntry own_help[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, N_ ("Show this"), NULL },
    { NULL },
  };

  add_global_options (hq, context);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, _ (hq->verb->summary));
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, own_help, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, args, &error))
    {
      mere_hq_say ("%s", error->message);
      *status = MERE_HQ_USAGE;
      return FALSE;
    }
  if (help)
    {
      g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);

      mere_hq_print ("%s", text);
      *status = MERE_HQ_DONE;
      return FALSE;
    }
  n_left = (int) g_strv_length (*args) - 1;
  if (n_left >= min && (max < 0 || n_left <= max))
    return TRUE;
  mere_hq_say (_ ("Usage: merestone-hq %s %s"), hq->verb->name, hq->verb->synopsis);
  *status = MERE_HQ_USAGE;
  return FALSE;
}

/* The verb that the words name; @n_words says how many of them it took. */
static const MereVerb *
find_verb (MereHq *hq,
           char  **words,
           guint  *n_words)
{
  g_autofree char *two = words[0] != NULL && words[1] != NULL ? g_strdup_printf ("%s %s", words[0], words[1]) : NULL;

  for (gsize i = 0; i < hq->n_verbs; i++)
    {
      gboolean is_two = strchr (hq->verbs[i].name, ' ') != NULL;

      if (g_strcmp0 (hq->verbs[i].name, is_two ? two : words[0]) != 0)
        continue;
      *n_words = is_two ? 2 : 1;
      return &hq->verbs[i];
    }
  return NULL;
}

static int
run_verb (MereHq *hq,
          char  **words)
{
  g_auto (GStrv) args = NULL;
  guint n_words = 0;

  hq->verb = find_verb (hq, words, &n_words);
  if (hq->verb == NULL)
    {
      g_autofree char *message = g_strdup_printf (_ ("There is no verb “%s”."), words[0]);

      return wrong_usage (message);
    }
  args = g_strdupv (words + n_words - 1);
  g_free (args[0]);
  args[0] = g_strdup (hq->verb->name);
  return hq->verb->run (hq, &args);
}

/* Options before the verb; what follows it is the verb's own. */
static gboolean
parse_front (MereHq *hq,
             char ***words,
             int    *status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean version = FALSE;
  gboolean help = FALSE;

  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Show the version"), NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, N_ ("Show this"), NULL },
    { NULL },
  };

  add_global_options (hq, context);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  *status = MERE_HQ_DONE;
  if (!g_option_context_parse_strv (context, words, &error))
    {
      *status = wrong_usage (error->message);
      return FALSE;
    }
  if (version)
    mere_hq_print ("merestone-hq %s\n", PACKAGE_VERSION);
  else if (help)
    print_help (hq);
  else if ((*words)[1] == NULL)
    *status = wrong_usage (_ ("What is to be done? Give a verb."));
  else
    return TRUE;
  return FALSE;
}

int
mere_command_run (const MereVerb *verbs,
                  gsize           n_verbs,
                  int             argc,
                  char          **argv)
{
  MereHq hq = { .verbs = verbs, .n_verbs = n_verbs };
  g_auto (GStrv) words = g_strdupv (argv);
  int status;

  if (parse_front (&hq, &words, &status))
    status = run_verb (&hq, words + 1);
  mere_store_close (hq.store);
  g_free (hq.place.vault);
  g_free (hq.place.address);
  g_free (hq.place.folder);
  g_free (hq.passphrase_file);
  g_free (hq.root_file);
  g_free (hq.root_passphrase_file);
  if (fflush (stdout) != 0 && status == MERE_HQ_DONE)
    status = MERE_HQ_REFUSED;
  return status;
}
