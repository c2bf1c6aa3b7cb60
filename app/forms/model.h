/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/form.h"
#include "app/forms/session.h"
#include "app/forms/xpath.h"

G_BEGIN_DECLS

/* What a form is once it is loaded; nothing here changes afterwards. A definition is a node of the primary instance
 * as the form knows it: all instances of a repeat share one. What a definition computes are its units; who has to be
 * worked out again when its value changes are its dependents. */

typedef struct _MereUnit     MereUnit;
typedef struct _MereText     MereText;
typedef struct _MereItext    MereItext;
typedef struct _MereProblems MereProblems;

typedef enum {
  MERE_DEF_LEAF,
  MERE_DEF_GROUP,
  MERE_DEF_REPEAT,
  MERE_DEF_ATTRIBUTE,
} MereDefKind;

/* In the order in which they are worked out where nothing else decides. */
typedef enum {
  MERE_UNIT_RELEVANT,
  MERE_UNIT_COUNT,
  MERE_UNIT_ITEMSET,
  MERE_UNIT_CALCULATE,
  MERE_UNIT_READONLY,
  MERE_UNIT_REQUIRED,
  MERE_UNIT_CONSTRAINT,
  MERE_UNIT_TEXT, /* a label, hint or message says something else: nothing to compute, only to show */
  MERE_N_UNITS,
} MereUnitKind;

/* A reference of an expression: it has to be worked out again for all nodes under the same instance of @common as the
 * node of @target that changed. */
typedef struct
{
  MereDef *target;
  MereDef *common;
  gboolean structure; /* only whether instances come and go matters, not what is in them */
  gboolean soft;      /* goes through a predicate: another instance of the repeat may be meant, so a cycle need not be one */
  gboolean text;      /* what is written at the target, not what is answered; of the root: any text of the itext */
} MereReference;

struct _MereUnit
{
  MereUnitKind kind;
  MereDef     *def;
  MereExpr    *expr;
  const char  *text; /* of the expression */
  int          line;
  guint        order;      /* place in the topological order */
  gboolean     speaks;     /* its value is in the session's language */
  gboolean     chancy;     /* uuid() or random(): not worked out again for a record that is read back */
  gboolean     fleeting;   /* chancy, or by the clock */
  GArray      *references; /* of MereReference; while loading only */
};

typedef struct
{
  MereUnit *unit;
  MereDef  *common;
  gboolean  structure;
} MereDependent;

typedef enum {
  MERE_PRELOAD_NONE,
  MERE_PRELOAD_UID,
  MERE_PRELOAD_DATE,
  MERE_PRELOAD_START,
  MERE_PRELOAD_END,
  MERE_PRELOAD_PROPERTY,
} MerePreload;

typedef enum {
  MERE_EVENT_FIRST_LOAD = 1 << 0,
  MERE_EVENT_LOAD = 1 << 1,
  MERE_EVENT_NEW_REPEAT = 1 << 2,
  MERE_EVENT_VALUE_CHANGED = 1 << 3,
} MereEvent;

typedef struct
{
  guint     events;
  MereDef  *source; /* whose change or whose repeat fires it; NULL in the model */
  MereDef  *target;
  MereExpr *ref;   /* bound to @source, or to the root: finds the node */
  MereExpr *value; /* bound to @target; NULL: setgeopoint, a place that only a person can give */
} MereAction;

typedef struct
{
  const char *value;
  MereText   *label; /* NULL: the value */
} MereItem;

typedef struct
{
  MereExpr   *nodes;
  const char *nodes_text;
  MereExpr   *value;  /* bound to the item */
  MereText   *label;  /* NULL: the value; bound to the item */
  gboolean    shared; /* the same for every node: nothing of the primary instance is asked */
} MereItemset;

/* What only questions have. */
typedef struct
{
  MereFormControl    control;
  const MereXmlNode *element;
  MereText          *label;
  MereText          *hint;
  MereItem          *items;
  guint              n_items;
  MereItemset       *itemset;
  double             range_start, range_end;
} MereBody;

struct _MereDef
{
  const MereXmlName *name;
  MereDef           *parent;
  MereDef          **children; /* in the instance's order, attributes last */
  guint              n_children;
  guint              n_attributes;
  guint              slot; /* place among the parent's children */
  guint              depth;
  guint              index;
  MereDefKind        kind;
  MereFormType       type;
  const char        *nodeset;
  const MereXmlNode *template;    /* defaults; of a repeat what a new instance is made from */
  gboolean           keep_values; /* of a repeat: the template is an explicit one, so its values count */
  const char        *value;       /* default of an attribute */
  const MereXmlNode *bind;
  MereUnit          *units[MERE_N_UNITS];
  MereText          *constraint_message;
  MereText          *required_message;
  MerePreload        preload;
  const char        *preload_property;
  MereBody          *body;
  gboolean           is_note;
  gboolean           no_add_remove;
  guint              fixed_count; /* instances of a repeat that says jr:noAddRemove */
  guint16           *body_order;  /* children as a person sees them */
  MereDependent     *dependents;
  guint              n_dependents;
  gboolean           placed;  /* the body has it */
  guint              mark;    /* the last set that it was gathered into; while loading only */
  gboolean           written; /* an action writes it when something changes */
  gboolean           located; /* odk:setgeopoint names it: a person may say where it is, control or not */
  gboolean           deep;    /* it or something below has dependents */
  GPtrArray         *actions; /* of MereAction that a change of this value fires */
  GPtrArray         *new_repeat_actions;
};

typedef struct
{
  const char        *id;
  const MereXmlNode *node; /* holds the document's element as its child */
  const char        *source;
} MereSecondary;

struct _MereForm
{
  int                ref_count;
  MereArena         *arena;
  MereXmlDocument   *document;
  GArray            *namespaces;
  const char        *id;
  const char        *version;
  const char        *title;
  char             **languages;
  guint              n_languages;
  guint              default_language;
  MereDef           *root;
  GPtrArray         *defs;      /* by index */
  GHashTable        *lookup;    /* definitions by parent and name */
  GPtrArray         *units;     /* in topological order */
  GArray            *secondary; /* of MereSecondary */
  MereItext         *itext;
  GPtrArray         *actions; /* of MereAction fired by loading */
  MereDef           *instance_id;
  MereDef           *deprecated_id;
  MereDef           *audit; /* meta/audit, or NULL */
  const MereXmlNode *submission;
  gboolean           has_dynamic_texts;
  gboolean           paths_follow_context; /* an absolute path in a repeat means the current instance */
  guint              n_references;         /* while loading only */
  guint              mark;                 /* of the last set of definitions that was gathered */
  GArray            *spoken;               /* of MereReference: what texts refer to that are only known when they are shown; while loading only */
};

/* problem.c: everything that is wrong, gathered while loading goes on. */
struct _MereProblems
{
  GPtrArray *list; /* of MereFormProblem */
  guint      n_errors;
};

void mere_problems_add (MereProblems *self,
                        gboolean      warning,
                        int           line,
                        const char   *bind,
                        const char   *expression,
                        const char   *format,
                        ...) G_GNUC_PRINTF (6, 7);

/* model.c */
gboolean  mere_model_build (MereForm *form, const MereXmlNode *model, MereProblems *problems);
MereDef  *mere_def_find_child (MereForm *form, MereDef *parent, const char *test);
MereDef  *mere_def_find_attribute (MereForm *form, MereDef *parent, const char *test);
MereDef  *mere_def_ancestor (MereDef *self, guint depth);
MereDef  *mere_def_common (MereDef *a, MereDef *b);
gboolean  mere_def_is_under (const MereDef *self, const MereDef *ancestor);       /* or the same */
MereDef  *mere_form_resolve (MereForm *form, MereDef *context, const char *path); /* a plain path, predicates ignored; NULL */
MereUnit *mere_def_add_unit (MereForm *form, MereDef *def, MereUnitKind kind);
gboolean  mere_def_is_fleeting (const MereDef *self); /* mere_form_node_is_fleeting() of its nodes */
gboolean  mere_def_is_template (const MereXmlNode *node);
void      mere_model_check (MereForm *form, MereProblems *problems);

/* binds.c */
void mere_binds_read (MereForm *form, const MereXmlNode *model, MereProblems *problems);

/* body.c */
void mere_body_mark_repeats (MereForm *form, const MereXmlNode *body);
void mere_body_read (MereForm *form, const MereXmlNode *body, MereProblems *problems);

/* actions-read.c */
void mere_actions_read (MereForm *form, const MereXmlNode *parent, MereDef *source, MereProblems *problems);

/* Whether one more reference is within what a form may have. When it is full, binding ends, and graph.c tells why. */
gboolean mere_form_count_reference (MereForm *form);
gboolean mere_form_is_full (const MereForm *form);

/* reference.c: binds a tree to the form: functions, paths, indexes; gathers what it refers to. */
typedef struct
{
  MereForm     *form;
  MereDef      *current;
  MereDef      *item;       /* what a relative path starts from; NULL: not a node of the primary instance */
  GArray       *references; /* of MereReference, or NULL */
  MereProblems *problems;   /* or NULL */
  int           line;
  const char   *bind;
  const char   *text;
  gboolean      locates; /* the expression says where something stands: it goes through the current instances, whatever the form's version */
} MereBinding;

gboolean mere_expr_bind (MereExpr *expr, const MereBinding *binding);
/* Parses and binds; reports what is wrong, then %NULL. */
MereExpr *mere_expr_compile (MereBinding *binding, const char *text);

/* entities.c, remarks.c: what a server or this client makes of the form; problems only. */
void mere_entities_check (MereForm *form, const MereXmlNode *model, MereProblems *problems);
void mere_remarks_add (MereForm *form, const MereXmlNode *model, MereProblems *problems);

/* graph.c */
gboolean mere_graph_build (MereForm *form, MereProblems *problems);

/* secondary.c */
void               mere_secondary_read (MereForm *form, const MereXmlNode *model, MereFormMedia media, gpointer user_data, MereProblems *problems);
guint              mere_secondary_find (MereForm *form, const char *id); /* 1 + index, 0 where there is none */
const MereXmlNode *mere_csv_read (MereArena *arena, const char *text, gsize length, char **message);
const MereXmlNode *mere_geojson_read (MereArena *arena, const char *text, gsize length, char **message);

G_END_DECLS
