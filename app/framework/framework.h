/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MereFramework:
 *
 * What an assessment looks at: 28 items in four pillars, each with its questions. Immutable, read once from
 * schemas/framework/framework.json, may be shared by threads. Everything it hands out is borrowed and lasts as long.
 */
typedef struct _MereFramework MereFramework;

#define MERE_FRAMEWORK_ERROR (mere_framework_error_quark ())

typedef enum {
  MERE_FRAMEWORK_ERROR_FORMAT = 1, /* not the JSON that schemas/framework/README.md describes */
} MereFrameworkError;

GQuark mere_framework_error_quark (void);

/* How a question is answered. */
typedef enum {
  MERE_ANSWER_YES_PARTIAL_NO, /* yes, partial, no, not observed, not applicable */
  MERE_ANSWER_COUNT,
  MERE_ANSWER_DURATION,
  MERE_ANSWER_PERCENT, /* x of n */
  MERE_ANSWER_SCALE,   /* 1 to 5 */
  MERE_ANSWER_TEXT,
  MERE_ANSWER_CHOICE,
  MERE_ANSWER_DATE,
  MERE_ANSWER_SET, /* a set of checks of its own */
} MereAnswerKind;

typedef enum {
  MERE_METHOD_OBSERVE = 1 << 0,   /* O */
  MERE_METHOD_SYSTEM = 1 << 1,    /* S: system check */
  MERE_METHOD_INTERVIEW = 1 << 2, /* I */
  MERE_METHOD_DOCUMENT = 1 << 3,  /* D */
} MereMethod;

typedef enum {
  MERE_POST_LAND = 1 << 0,    /* L */
  MERE_POST_AIR = 1 << 1,     /* A */
  MERE_POST_SEA = 1 << 2,     /* S: sea, river, lake */
  MERE_POST_RAIL = 1 << 3,    /* R */
  MERE_POST_CAPITAL = 1 << 4, /* HQ */
} MerePost;

typedef struct
{
  const char           *id;      /* "A1.1" */
  const char           *text;    /* in the language asked for, English where there is none */
  const MereAnswerKind *answers; /* one or more, n_answers */
  guint                 n_answers;
  gboolean              each; /* one answer for each thing that the text lists */
  MereMethod            methods;
  MerePost              posts;
  const char           *trace; /* the standard or source that it goes back to, "" without one */
} MereFrameworkQuestion;

typedef struct
{
  const char *id;     /* "A1" */
  const char *pillar; /* "A", "O", "R", "I" */
  const char *title;
  const char *evidence; /* what to ask for and look at */
  guint       n_questions;
} MereFrameworkItem;

typedef struct
{
  const char *id; /* "A" */
  const char *title;
  guint       n_items;
} MereFrameworkPillar;

/* The framework that comes with the program; made on first use, never freed. */
MereFramework *mere_framework_get_default (void);

/* Another one, as schemas/framework/README.md describes it; for tests and tools. */
MereFramework *mere_framework_load (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
MereFramework *mere_framework_ref (MereFramework *self);
void           mere_framework_unref (MereFramework *self);

/* By index, in the framework's order. @language is a code as "fr" or "fr_FR.UTF-8"; NULL for that of the locale. */
guint    mere_framework_get_n_pillars (MereFramework *self);
gboolean mere_framework_get_pillar (MereFramework *self, guint index, const char *language, MereFrameworkPillar *pillar);
guint    mere_framework_get_n_items (MereFramework *self);
gboolean mere_framework_get_item (MereFramework *self, guint index, const char *language, MereFrameworkItem *item);
gboolean mere_framework_get_question (MereFramework *self, guint item, guint index, const char *language, MereFrameworkQuestion *question);

/**
 * mere_framework_find:
 * @id: an item or a question: "O2", "O2.1"; a check's "I1.6" too
 * @item: (out) (optional): index of the item
 * @question: (out) (optional): index of the question in it, or -1
 *
 * Returns: whether the framework has it
 */
gboolean mere_framework_find (MereFramework *self, const char *id, guint *item, int *question);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereFramework, mere_framework_unref)

G_END_DECLS
