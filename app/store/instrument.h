/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "app/store/store.h"

G_BEGIN_DECLS

typedef enum {
  MERE_INSTRUMENT_OBSERVATION,
  MERE_INSTRUMENT_CHECK,
  MERE_INSTRUMENT_INTERVIEW,
  MERE_INSTRUMENT_OTHER,
} MereInstrumentKind;

#define MERE_INSTRUMENT_N_KINDS 4

/**
 * MereInstrument:
 * @row: its number in this store
 * @form: the form's id
 * @version: the form's version, "" without one
 * @title: the form's title
 * @languages: (nullable): names of its languages, NULL-terminated
 * @b2: BLAKE2b-256 of the XML, hex
 * @active: %FALSE: retired; nothing new is begun with it, drafts go on with it
 *
 * A questionnaire, without its XML; that is read by mere_instrument_load_xml().
 */
typedef struct
{
  gint64             row;
  char              *form;
  char              *version;
  char              *title;
  char             **languages;
  char              *b2;
  MereInstrumentKind kind;
  gboolean           active;
} MereInstrument;

#define MERE_TYPE_INSTRUMENT (mere_instrument_get_type ())

GType           mere_instrument_get_type (void) G_GNUC_CONST;
MereInstrument *mere_instrument_copy (const MereInstrument *self);
void            mere_instrument_free (MereInstrument *self);

/* "observation", "check", "interview", "other". */
const char *mere_instrument_kind_to_string (MereInstrumentKind kind);
gboolean    mere_instrument_kind_from_string (const char *text, MereInstrumentKind *kind);

/**
 * mere_instrument_add:
 * @languages: (nullable): NULL-terminated
 * @xml: the XForm
 *
 * Keeps a form. The same form, version and XML again change nothing but title, kind and status (it becomes active);
 * the same form and version with other XML are refused with %MERE_STORE_ERROR_CONFLICT. app/capture/intake.h reads
 * form, version, title and languages from the XML.
 *
 * Returns: (transfer full): the instrument as kept
 */
MereInstrument *mere_instrument_add (MereStore         *store,
                                     const char        *form,
                                     const char        *version,
                                     const char        *title,
                                     MereInstrumentKind kind,
                                     const char *const *languages,
                                     GBytes            *xml,
                                     GError           **error);

MereInstrument *mere_instrument_load (MereStore *store, const char *form, const char *version, GError **error);
MereInstrument *mere_instrument_load_row (MereStore *store, gint64 row, GError **error);
MereInstrument *mere_instrument_load_latest (MereStore *store, const char *form, GError **error); /* the newest active version */
GBytes         *mere_instrument_load_xml (MereStore *store, gint64 row, GError **error);

/* @active FALSE retires. */
gboolean mere_instrument_set_active (MereStore *store, gint64 row, gboolean active, GError **error);

/* MereInstrument by title; the newest active version of each form of @kind, or of all kinds with -1. */
GPtrArray *mere_instrument_list_latest (MereStore *store, int kind, GError **error);
/* All versions, active and retired, by form and then as they came. */
GPtrArray *mere_instrument_list (MereStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereInstrument, mere_instrument_free)

G_END_DECLS
