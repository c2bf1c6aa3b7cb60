/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/record.h"
#include "sync/hq/review.h"

G_BEGIN_DECLS

/* Records as headquarters keeps them: those of app/store, and from which laptop each came. They come in any order and any
 * number of times; what is kept is the same in the end. */

/* How a record stands at headquarters. */
typedef enum {
  MERE_KEPT_COMPLETE,     /* all of it is here */
  MERE_KEPT_WAITING,      /* an attachment is still on its way */
  MERE_KEPT_UNKNOWN_FORM, /* its form is not here: kept and exported as it is, without labels */
  MERE_KEPT_CONFLICT,     /* two versions replace the same one: the laptop was copied */
} MereKeptState;

#define MERE_KEPT_N_STATES 4

/* "complete", "waiting", "unknown-form", "conflict". */
const char *mere_kept_state_to_string (MereKeptState state);
gboolean    mere_kept_state_from_string (const char *text, MereKeptState *state);

/**
 * MereKept:
 * @record: what app/store knows of it
 * @supersedes: (nullable): the version that it replaces, which may not be here
 * @device: laptop that it came from
 * @label: what that laptop is called
 * @bundle: name of the bundle that it came in first
 * @received_us: when, UTC
 * @reviewed: how it stands with its reviewers
 */
typedef struct
{
  MereRecord   *record;
  char         *supersedes;
  char         *device;
  char         *label;
  char         *bundle;
  gint64        received_us;
  MereKeptState state;
  MereReviewed  reviewed;
} MereKept;

void mere_kept_free (MereKept *self);

#define MERE_KEPT_MAX_NAME 120 /* bytes of an attachment's name */

/* Gives an attachment its name in the records that came before it was known. */
gboolean mere_kept_name_attachment (MereStore *store, const char *b2, const char *name, GError **error);

/**
 * MereKeptFilter:
 * @form: (nullable): only of this form
 * @crossing: (nullable): only at this crossing: its id or its name
 * @device: (nullable): only from this laptop
 * @state: a #MereKeptState, or -1
 * @reviewed: a #MereReviewed, or -1
 * @older_versions: whether versions that have a newer one are listed too
 * @forms: (nullable): only of these versions of forms, "ID VERSION", NULL-terminated
 * @since_us: only what was finalised then or later, UTC; 0 for all
 * @until_us: only what was finalised before, UTC; 0 for all
 * @part: (nullable): only records whose id has this in it
 * @after_row: only records with a higher row
 * @before_row: only records with a lower row; 0 for the first page
 * @limit: how many at most, 0 for 100
 */
typedef struct
{
  const char        *form;
  const char        *crossing;
  const char        *device;
  int                state;
  int                reviewed;
  gboolean           older_versions;
  gint64             since_us;
  gint64             until_us;
  const char        *part;
  gint64             after_row;
  gint64             before_row;
  guint              limit;
  const char *const *forms;
} MereKeptFilter;

#define MERE_KEPT_FILTER_INIT \
  {                           \
    .state = -1,              \
    .reviewed = -1            \
  }

GPtrArray *mere_kept_list (MereStore *store, const MereKeptFilter *filter, GError **error); /* MereKept, newest first */
MereKept  *mere_kept_load (MereStore *store, const char *id, GError **error);               /* MERE_STORE_ERROR_NOT_FOUND */

/* "uuid:…" may be left out, and of the rest all that is not needed to tell it from others: the whole id.
 * %MERE_STORE_ERROR_NOT_FOUND, or CONFLICT where several begin so. */
char *mere_kept_find (MereStore *store, const char *beginning, GError **error);

/* Ids of forms that records have, in alphabetical order: (element-type utf8). */
GPtrArray *mere_kept_list_forms (MereStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereKept, mere_kept_free)

G_END_DECLS
