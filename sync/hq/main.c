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
  { "init", "", N_ ("Make headquarters' vault and keys"), mere_verb_init },
  { "enrol list", "[PATH…]", N_ ("List the laptops that are known, and those whose cards lie on sticks"), mere_verb_enrol_list },
  { "enrol approve", "DEVICE PATH… --code DIGITS", N_ ("Make a laptop known, by the digits that its owner has read out"), mere_verb_enrol_approve },
  { "enrol revoke", "DEVICE", N_ ("Trust a laptop no longer"), mere_verb_enrol_revoke },
  { "enrol team", "LEADER [MEMBER…]", N_ ("Let a team leader's laptop read what its team has, from the next pack on"), mere_verb_enrol_team },
  { "enrol card", "PATH", N_ ("Write headquarters' card to a stick, for a new laptop"), mere_verb_enrol_card },
  { "keys list", "", N_ ("Show headquarters' keys, and which laptops have not heard of the newest"), mere_verb_keys_list },
  { "keys change", "KEY", N_ ("Put a new key in the place of one: sign, box or root"), mere_verb_keys_change },
  { "keys escrow", "RECIPIENT", N_ ("Have laptops encrypt to a second holder, too"), mere_verb_keys_escrow },
  { "keys forget", "RECIPIENT", N_ ("Destroy a box key that was replaced"), mere_verb_keys_forget },
  { "keys export", "FILE", N_ ("Write the root into a file under a passphrase of its own, to lie offline"), mere_verb_keys_export },
  { "keys import", "FILE", N_ ("Put the root back into headquarters' store"), mere_verb_keys_import },
  { "keys draft", "DIR", N_ ("Write the next trust list into a folder, for the root to sign elsewhere"), mere_verb_keys_draft },
  { "keys sign", "DIR", N_ ("Sign such a list with the root, on a computer that is never online"), mere_verb_keys_sign },
  { "keys take", "DIR", N_ ("Take the list in that the root has signed"), mere_verb_keys_take },
  { "pack", "PATH", N_ ("Write the mission to a stick, for all active laptops"), mere_verb_pack },
  { "publish", "[FORM.xml…] [--retire ID]", N_ ("Put a questionnaire, or a new version of one, into the mission"), mere_verb_publish },
  { "receive", "[PATH…]", N_ ("Take in what laptops have sent, and write receipts"), mere_verb_receive },
  { "watch", "DIR", N_ ("Receive what appears in a folder, until it is told to end"), mere_verb_watch },
  { "refusals list", "", N_ ("Show what was not taken in, and why"), mere_verb_refusals_list },
  { "status", "", N_ ("Show what each laptop has sent, and what is missing"), mere_verb_status },
  { "verify", "FILE", N_ ("Say who made a bundle, and whether it is sound"), mere_verb_verify },
  { "records list", "", N_ ("List records, the newest first"), mere_verb_records_list },
  { "records show", "ID", N_ ("Show a record and its answers"), mere_verb_records_show },
  { "review accept", "ID", N_ ("Say that a record is good as it is"), mere_verb_review_accept },
  { "review return", "ID", N_ ("Send a record back to its assessor, to be corrected"), mere_verb_review_return },
  { "review comment", "ID", N_ ("Comment on a record or its questions"), mere_verb_review_comment },
  { "export", "--csv|--xlsx|--jsonl|--geojson|--odk DIR", N_ ("Write records for the tools of analysts"), mere_verb_export },
  { "recover", "CHALLENGE --identity-file FILE --checked TEXT", N_ ("Answer a laptop whose passphrase was forgotten"), mere_verb_recover },
  { "backup", "DIR", N_ ("Copy the vault, encrypted as it is, and read the copy back"), mere_verb_backup },
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
