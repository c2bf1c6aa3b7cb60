/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/assessment.h"
#include "app/store/media.h"
#include "app/store/crossing.h"

G_BEGIN_DECLS

/* dispatch.json: what headquarters publishes to laptops, always as a whole snapshot: the mission, its instruments, its
 * lists. It travels in a bundle of kind "dispatch", with the instruments and lists that the laptops may not hold yet. The
 * first one is the mission pack. Format: docs/formats-road.md, "Dispatch". */

#define MERE_DISPATCH_NAME "dispatch.json"        /* entry name in a bundle */
#define MERE_DISPATCH_CROSSINGS "crossings"       /* id of the list of crossings, and its entry's name */
#define MERE_DISPATCH_MAX_SIZE (1024 * 1024)      /* bytes */
#define MERE_DISPATCH_MAX_LIST (16 * 1024 * 1024) /* bytes of a list */
#define MERE_DISPATCH_MAX_INSTRUMENTS 1000
#define MERE_DISPATCH_MAX_CROSSINGS 10000
#define MERE_DISPATCH_MAX_MEDIA (64 * 1024 * 1024) /* bytes of a file beside an instrument */
#define MERE_DISPATCH_MAX_FILES 1000               /* beside one instrument */
#define MERE_DISPATCH_MAX_MESSAGE 8000             /* bytes: 2000 characters */

#define MERE_DISPATCH_ERROR (mere_dispatch_error_quark ())
GQuark mere_dispatch_error_quark (void);

/**
 * MereDispatchError:
 * @MERE_DISPATCH_ERROR_FORMAT: not a dispatch or list, or one that breaks the format; the message says where
 * @MERE_DISPATCH_ERROR_INCOMPLETE: an instrument or list of the snapshot is neither in the bundle nor held
 * @MERE_DISPATCH_ERROR_INSTRUMENT: an instrument is not the form and version that the snapshot names
 */
typedef enum {
  MERE_DISPATCH_ERROR_FORMAT = 1,
  MERE_DISPATCH_ERROR_INCOMPLETE,
  MERE_DISPATCH_ERROR_INSTRUMENT,
} MereDispatchError;

/**
 * MereDispatchInstrument:
 * @id: the form's id
 * @version: the form's version, "" without one
 * @b2: BLAKE2b-256 of the XForm, 64 hex digits; its entry is of type "instrument"
 * @active: %FALSE: retired
 * @media: (element-type MereMedia): all files beside it, by name; each entry is of type "blob"
 */
typedef struct
{
  char      *id;
  char      *version;
  char      *b2;
  gboolean   active;
  GPtrArray *media;
} MereDispatchInstrument;

/* A list: its entry is of type "blob", named by @id. */
typedef struct
{
  char *id;
  guint version;
  char *b2;
} MereDispatchList;

/**
 * MereDispatch:
 * @counter: grows with each dispatch that one signing key signs
 * @to: names of the laptops it is for
 * @trust: version of the trust list
 * @issued: RFC 3339, UTC; information only
 * @assessment: (nullable): the mission
 * @instruments: (element-type MereDispatchInstrument): all; what is missing from here becomes retired
 * @lists: (element-type MereDispatchList): all
 * @app_min: (nullable): oldest version of the program that should read it
 * @stale_after: (nullable): "YYYY-MM-DD": after that day the laptop warns, and works on
 * @message: (nullable): text to the team
 */
typedef struct
{
  gint64          counter;
  char          **to;
  guint           trust;
  char           *issued;
  MereAssessment *assessment;
  GPtrArray      *instruments;
  GPtrArray      *lists;
  char           *app_min;
  char           *stale_after;
  char           *message;
} MereDispatch;

MereDispatch *mere_dispatch_new (void) G_GNUC_WARN_UNUSED_RESULT; /* empty, all lists there */
void          mere_dispatch_free (MereDispatch *self);

MereDispatchInstrument *mere_dispatch_add_instrument (MereDispatch *self, const char *id, const char *version, const char *b2, gboolean active);
void                    mere_dispatch_add_list (MereDispatch *self, const char *id, guint version, const char *b2);

const MereDispatchList *mere_dispatch_find_list (const MereDispatch *self, const char *id); /* (nullable) */

GBytes       *mere_dispatch_write (const MereDispatch *self) G_GNUC_WARN_UNUSED_RESULT;
MereDispatch *mere_dispatch_parse (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The list of crossings: a JSON array. (element-type MereCrossing); a parsed one is active, of origin "pack", and of
 * @assessment (nullable). */
GBytes    *mere_dispatch_write_crossings (GPtrArray *crossings) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *mere_dispatch_parse_crossings (GBytes *text, const char *assessment, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * MereDispatchContent:
 *
 * Gives the bytes of an entry of the bundle by its b2; %NULL without it.
 */
typedef GBytes *(*MereDispatchContent) (gpointer user_data, const char *b2);

/**
 * MereDispatchInstalled:
 * @n_instruments: that are new, or have a new version
 * @n_crossings: in the list of crossings
 */
typedef struct
{
  guint n_instruments;
  guint n_crossings;
} MereDispatchInstalled;

/**
 * mere_dispatch_install:
 * @content: (scope call): gives what came with it
 * @installed: (out) (optional):
 * @error: return location, domain %MERE_DISPATCH_ERROR, %MERE_FORM_ERROR or %MERE_STORE_ERROR
 *
 * Makes the store hold the snapshot: the mission becomes the current one, instruments are added, retired where the
 * snapshot has retired or dropped them, crossings likewise; those that were added on the laptop stay. In one transaction,
 * or the caller's: all of it, or nothing. Does not look at @counter and @to.
 */
gboolean mere_dispatch_install (MereStore             *store,
                                const MereDispatch    *self,
                                MereDispatchContent    content,
                                gpointer               user_data,
                                MereDispatchInstalled *installed,
                                GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereDispatch, mere_dispatch_free)

G_END_DECLS
