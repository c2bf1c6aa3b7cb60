/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MereForm:
 *
 * A loaded XForm: model, binds, body, languages, compiled expressions and their dependency graph. Immutable after
 * loading, reference counted, may be shared by threads. Knows neither SQL nor GTK.
 *
 * Source: ODK XForms specification (getodk.github.io/xforms-spec).
 */
typedef struct _MereForm MereForm;

#define MERE_FORM_ERROR (mere_form_error_quark ())

typedef enum {
  MERE_FORM_ERROR_NOT_XML = 1, /* not well-formed, or over a limit of size, depth or entities */
  MERE_FORM_ERROR_NOT_A_FORM,  /* XML, but no XForm */
  MERE_FORM_ERROR_INVALID,     /* a cycle, an unknown function, a bad reference, a syntax error: see the problems */
  MERE_FORM_ERROR_REFERENCE,   /* a step or a call names a node that is not there, or may not be changed so */
  MERE_FORM_ERROR_TOO_LARGE,
  MERE_FORM_ERROR_VALUE, /* an answer that does not fit its question's type */
} MereFormError;

GQuark mere_form_error_quark (void);

/* Of a form, and of each file that it refers to: larger ones are refused. */
#define MERE_FORM_MOST_BYTES (64 * 1024 * 1024)

/* One thing that `form check` found. */
typedef struct
{
  gboolean warning;    /* FALSE: the form cannot be used */
  int      line;       /* in the file, from 1; 0 where it has none */
  char    *bind;       /* nodeset of the bind or ref of the control, or NULL */
  char    *expression; /* the expression at fault, or NULL */
  char    *message;
} MereFormProblem;

void mere_form_problem_free (MereFormProblem *self);

/**
 * MereFormMedia:
 *
 * Gives a form's external files (secondary instances, pulldata's CSV) by their name. Returns %NULL for a file that is
 * not there; such an instance is then empty. "last-saved" is the record of this form that was saved last
 * (jr://instance/last-saved), as XML.
 */
typedef GBytes *(*MereFormMedia) (const char *name, gpointer user_data);

/* Reads media from the folder whose path is @user_data; names with a separator are refused. */
GBytes *mere_form_media_from_folder (const char *name, gpointer user_data);

/**
 * mere_form_load:
 * @xml: the XForm; hostile: sizes, depth and entities are bounded
 * @media: (nullable) (scope call): where external files come from
 * @problems: (out) (optional) (transfer full) (element-type MereFormProblem): everything found, errors first; may be
 *   non-empty (warnings) on success too
 * @error: return location, domain %MERE_FORM_ERROR; its message names the first error with bind and expression
 *
 * Returns: (transfer full): a form, or %NULL
 */
MereForm *mere_form_load (GBytes       *xml,
                          MereFormMedia media,
                          gpointer      user_data,
                          GPtrArray   **problems,
                          GError      **error) G_GNUC_WARN_UNUSED_RESULT;

MereForm *mere_form_ref (MereForm *self);
void      mere_form_unref (MereForm *self);

const char *mere_form_get_id (MereForm *self);      /* the root's id attribute */
const char *mere_form_get_version (MereForm *self); /* the root's version attribute, "" without one */
const char *mere_form_get_title (MereForm *self);   /* h:title, not translated */

/* Languages in the form's order, NULL-terminated; empty where the form has no itext. The first is the default unless
 * one is marked so. "English (en)" carries its BCP 47 code in parentheses. */
const char *const *mere_form_get_languages (MereForm *self);
const char        *mere_form_get_default_language (MereForm *self);

/* An attribute of the instance's root by its local name, in whatever namespace, or NULL. */
const char *mere_form_get_attribute (MereForm *self, const char *name);

/* Whether giving an answer back may leave anything otherwise than it was: counted repeats, and nodes that
 * mere_form_node_is_fleeting() is about. */
gboolean mere_form_has_side_effects (MereForm *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereForm, mere_form_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereFormProblem, mere_form_problem_free)

G_END_DECLS
