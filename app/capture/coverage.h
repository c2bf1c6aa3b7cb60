/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/framework/framework.h"
#include "app/store/crossing.h"
#include "app/store/instrument.h"
#include "app/store/store.h"

G_BEGIN_DECLS

/* What is covered and what is not: crossings by the items of the framework, over the newest versions of this laptop's own records and
 * those of the colleagues that it leads. */

/* What an item is at a crossing, in the order in which it grows. */
typedef enum {
  MERE_COVERAGE_NOT_ASKED, /* the framework has no question for a place of this kind, and nothing is there */
  MERE_COVERAGE_MISSING,   /* nothing is there */
  MERE_COVERAGE_PARTLY,    /* something is there; not on every question */
  MERE_COVERAGE_WHOLE,     /* something is there on every question that is asked at such a place */
} MereCoverageState;

/**
 * MereCoverageCell:
 * @n_asked: questions of the framework on the item that are asked at a place of this kind
 * @n_answered: of them, those on which there is something
 * @n_records: that have something on the item
 * @n_people: laptops that these are of
 * @n_conflicts: questions to which two laptops have chosen different answers
 */
typedef struct
{
  MereCoverageState state;
  guint             n_asked;
  guint             n_answered;
  guint             n_records;
  guint             n_people;
  guint             n_conflicts;
} MereCoverageCell;

/**
 * MereCoveragePlace:
 * @crossing: (nullable): id; %NULL for what belongs to no crossing: the capital's questions are asked there
 * @name: (nullable): of the crossing
 * @cells: one for each item, in the framework's order
 * @n_begun: items on which there is something; @n_whole of them on every question
 * @n_asked: items that are asked at a place of this kind
 * @n_conflicts: of all cells
 */
typedef struct
{
  char             *crossing;
  char             *name;
  MereCrossingKind  kind;
  MereCoverageCell *cells;
  guint             n_begun;
  guint             n_whole;
  guint             n_asked;
  guint             n_conflicts;
} MereCoveragePlace;

/**
 * MereCoverage:
 * @places: (element-type MereCoveragePlace): active crossings and those with a record, by name; last what belongs to none, where there is any
 * @n_items: length of each @cells
 * @n_unknown: records that cannot be counted: of a questionnaire that is not here, or erased before they were looked through
 */
typedef struct
{
  GPtrArray *places;
  guint      n_items;
  gint64     n_unknown;
} MereCoverage;

/* Gathers what was not looked through (gathering.h), then sums. Run it in a thread. */
MereCoverage *mere_coverage_load (MereStore *store, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void          mere_coverage_free (MereCoverage *self);

/**
 * MereCoverageRecord:
 * @label: (nullable): the colleague whose it is; %NULL for this laptop's own
 * @finalised_us: when, UTC, as its laptop says; 0 where it says nothing
 * @n_answers: on the item
 * @readable: whether its answers are here
 *
 * A record that has something on an item.
 */
typedef struct
{
  char              *id;
  char              *label;
  char              *title;
  MereInstrumentKind kind;
  gint64             finalised_us;
  guint              n_answers;
  gboolean           readable;
} MereCoverageRecord;

/**
 * MereCoverageAnswer:
 * @record: (nullable): id of the record
 * @label: as #MereCoverageRecord has it
 * @answer: in the words of the form
 */
typedef struct
{
  char *record;
  char *label;
  char *answer;
} MereCoverageAnswer;

/**
 * MereCoverageConflict:
 * @question: in the words of the form
 * @answers: (element-type MereCoverageAnswer): own first
 */
typedef struct
{
  char      *question;
  GPtrArray *answers;
} MereCoverageConflict;

/**
 * MereCoverageItem:
 * @cell: as the page showed it
 * @records: (element-type MereCoverageRecord): who did what, own first
 * @conflicts: (element-type MereCoverageConflict):
 * @missing: (element-type guint): questions of the framework's item that are asked at such a place, and on which there is nothing
 */
typedef struct
{
  MereCoverageCell cell;
  char            *place; /* name of the crossing, or NULL */
  GPtrArray       *records;
  GPtrArray       *conflicts;
  GArray          *missing;
} MereCoverageItem;

/**
 * mere_coverage_load_item:
 * @crossing: (nullable): id
 * @item: index in the framework
 */
MereCoverageItem *mere_coverage_load_item (MereStore *store, const char *crossing, guint item, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void              mere_coverage_item_free (MereCoverageItem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereCoverage, mere_coverage_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereCoverageItem, mere_coverage_item_free)

G_END_DECLS
