/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "app/store/store.h"
#include "app/vault/secret.h"
#include "sync/hq/place.h"

G_BEGIN_DECLS

/* What every verb of merestone-hq is made of. A verb is one file `verb-NAME.c` that exports one or more functions of type
 * #MereVerbFunc, declared at the end of this header and listed in the table in main.c. Data goes to stdout by
 * mere_hq_print() or mere_hq_print_json(), words for people go to stderr by mere_hq_say(). */

/* Exit statuses. */
#define MERE_HQ_DONE 0    /* done */
#define MERE_HQ_REFUSED 1 /* something was refused, or is wrong */
#define MERE_HQ_USAGE 2   /* the command was not given as it must be */

typedef struct _MereHq MereHq;

/**
 * MereVerbFunc:
 * @hq: the command
 * @args: (inout) (array zero-terminated=1): [0] is the verb's name, the rest what followed it; give it to mere_hq_parse()
 *
 * Returns: the exit status
 */
typedef int (*MereVerbFunc) (MereHq *hq, char ***args);

/**
 * MereVerb:
 * @name: one word, or two: "records list"
 * @synopsis: its arguments, as the help shows them
 * @summary: one line
 * @run: does it
 */
typedef struct
{
  const char  *name;
  const char  *synopsis;
  const char  *summary;
  MereVerbFunc run;
} MereVerb;

/**
 * mere_hq_parse:
 * @entries: (nullable): the verb's own options; --json and --help are known to all
 * @min: fewest arguments that must be left
 * @max: most, -1 for any number
 * @args: (inout): the options are taken out
 * @status: (out): exit status where it ends here
 *
 * Returns: %TRUE: go on. %FALSE: the help was shown, or the usage was wrong and said so
 */
gboolean mere_hq_parse (MereHq *hq, const GOptionEntry *entries, int min, int max, char ***args, int *status);

gboolean mere_hq_wants_json (MereHq *hq);

/* What --vault, --store and --folder say. */
const MerePlace *mere_hq_get_place (MereHq *hq);

/**
 * mere_hq_open:
 * @error: return location, domain %MERE_VAULT_ERROR, %MERE_STORE_ERROR, %G_FILE_ERROR or %G_OPTION_ERROR (no --vault, no --store)
 *
 * Opens headquarters' store with the passphrase file or by asking; once.
 *
 * Returns: (transfer none): its store
 */
MereStore *mere_hq_open (MereHq *hq, GError **error);

/* The passphrase from --passphrase-file or, asked twice where @twice, from the terminal. */
MereSecret *mere_hq_dup_passphrase (MereHq *hq, gboolean twice, GError **error);

/* What --root says, or NULL; and the passphrase of that file. */
const char *mere_hq_get_root_file (MereHq *hq);
MereSecret *mere_hq_dup_root_passphrase (MereHq *hq, gboolean twice, GError **error);

/* Hands a store to @hq, which closes it; for `init`. */
void mere_hq_take_store (MereHq *hq, MereStore *store);

/* To stdout, UTF-8 as it is. */
void mere_hq_print (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* A value and a line end to stdout; takes @node. As one line, and at once: for what goes on. */
void mere_hq_print_json (JsonNode *node);
void mere_hq_print_json_line (JsonNode *node);

/* Members of a JSON object: NULL and 0 become null. A time is RFC 3339, in UTC or at an offset in seconds. */
void mere_hq_set_text (JsonObject *object, const char *name, const char *text);
void mere_hq_set_time (JsonObject *object, const char *name, gint64 utc_us, gint32 offset_s);

/* The same time for people: "2026-07-31 11:12"; "–" for 0. */
char *mere_hq_dup_time (gint64 utc_us, gint32 offset_s);

/* An object as a value that mere_hq_print_json() takes. */
JsonNode *mere_hq_object_node (JsonObject *object);

/* One line to stderr, after "merestone-hq: ". */
void mere_hq_say (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Says @error and gives the exit status that fits: %MERE_HQ_USAGE for %G_OPTION_ERROR, else %MERE_HQ_REFUSED. */
int mere_hq_fail (const GError *error);

/* verb-backup.c */
int mere_verb_backup (MereHq *hq, char ***args);

/* verb-enrol.c */
int mere_verb_enrol_approve (MereHq *hq, char ***args);
int mere_verb_enrol_card (MereHq *hq, char ***args);
int mere_verb_enrol_list (MereHq *hq, char ***args);
int mere_verb_enrol_revoke (MereHq *hq, char ***args);
int mere_verb_enrol_team (MereHq *hq, char ***args);

/* verb-export.c */
int mere_verb_export (MereHq *hq, char ***args);

/* verb-form.c */
int mere_verb_form_check (MereHq *hq, char ***args);
int mere_verb_form_run (MereHq *hq, char ***args);

/* verb-init.c */
int mere_verb_init (MereHq *hq, char ***args);

/* verb-keys.c */
int mere_verb_keys_change (MereHq *hq, char ***args);
int mere_verb_keys_escrow (MereHq *hq, char ***args);
int mere_verb_keys_forget (MereHq *hq, char ***args);
int mere_verb_keys_list (MereHq *hq, char ***args);

/* verb-pack.c */
int mere_verb_pack (MereHq *hq, char ***args);

/* verb-pack.c */
int mere_verb_publish (MereHq *hq, char ***args);

/* verb-receive.c */
int mere_verb_receive (MereHq *hq, char ***args);

/* verb-records-list.c, verb-records-show.c */
int mere_verb_records_list (MereHq *hq, char ***args);
int mere_verb_records_show (MereHq *hq, char ***args);

/* verb-refusals.c */
int mere_verb_refusals_list (MereHq *hq, char ***args);

/* verb-recover.c */
int mere_verb_recover (MereHq *hq, char ***args);

/* verb-review.c */
int mere_verb_review_accept (MereHq *hq, char ***args);
int mere_verb_review_comment (MereHq *hq, char ***args);
int mere_verb_review_return (MereHq *hq, char ***args);

/* verb-root.c */
int mere_verb_keys_draft (MereHq *hq, char ***args);
int mere_verb_keys_export (MereHq *hq, char ***args);
int mere_verb_keys_import (MereHq *hq, char ***args);
int mere_verb_keys_sign (MereHq *hq, char ***args);
int mere_verb_keys_take (MereHq *hq, char ***args);

/* verb-status.c */
int mere_verb_status (MereHq *hq, char ***args);

/* verb-verify.c */
int mere_verb_verify (MereHq *hq, char ***args);

/* verb-verify-age.c: its part for any age file; @identities: (element-type MereSecret). */
int mere_verify_age (const char *path, GPtrArray *identities);

/* verb-watch.c */
int mere_verb_watch (MereHq *hq, char ***args);

G_END_DECLS
