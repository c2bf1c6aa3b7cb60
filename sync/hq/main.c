/* SPDX-License-Identifier: GPL-3.0-or-later */

/* merestone-hq: the command of headquarters. One table of verbs; each verb is a file of its own. */

#include "config.h"

#include "app/vault/secret.h"
#include "sync/hq/command.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

/* In the order of the help. */
static const MereVerb verbs[] = {
  { "form check", "FORM.xml", N_ ("Say what is wrong with a questionnaire, and where"), mere_verb_form_check },
  { "form run", "FORM.xml [STEPS.json]", N_ ("Fill a questionnaire by a list of steps; print its state"), mere_verb_form_run },
};

int
main (int    argc,
      char **argv)
{
  mere_secret_forbid_dumps ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, MERE_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  return mere_command_run (verbs, G_N_ELEMENTS (verbs), argc, argv);
}
