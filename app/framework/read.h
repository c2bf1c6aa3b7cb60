/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/framework/framework.h"

G_BEGIN_DECLS

/* Between framework.c and read.c: how a framework lies in memory. */

/* A text in one language; a text in all of them is a stretch of sayings. */
typedef struct
{
  const char *language;
  const char *words;
} MereFrameworkSaying;

typedef struct
{
  guint first;
  guint n;
} MereFrameworkText;

typedef struct
{
  const char       *id;
  MereFrameworkText title;
  guint             n_items;
} MereFrameworkPillarEntry;

typedef struct
{
  const char       *id;
  guint             pillar; /* index */
  MereFrameworkText title;
  MereFrameworkText evidence;
  guint             first_question; /* index; its questions follow each other */
  guint             n_questions;
} MereFrameworkItemEntry;

typedef struct
{
  const char       *id;
  guint             item; /* index */
  MereFrameworkText text;
  guint             first_answer; /* index; its kinds follow each other */
  guint             n_answers;
  gboolean          each;
  MereMethod        methods;
  MerePost          posts;
  const char       *trace;
} MereFrameworkQuestionEntry;

struct _MereFramework
{
  GStringChunk *strings;
  GArray       *sayings;
  GArray       *pillars;
  GArray       *items;
  GArray       *questions;
  GArray       *answers;
  GHashTable   *items_by_id; /* id to index */
  GHashTable   *questions_by_id;
};

/**
 * mere_framework_read:
 * @self: an empty framework; on failure it is not to be used
 * @json: hostile: size and depth are bounded, members and their types checked
 *
 * Format: schemas/framework/README.md.
 */
gboolean mere_framework_read (MereFramework *self, GBytes *json, GError **error);

G_END_DECLS
