/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/evaluate.h"
#include "app/forms/session.h"

G_BEGIN_DECLS

/* The session from within: its nodes, and what they know of themselves. */

typedef struct
{
  const char *value;
  const char *label;
  MereAny     source; /* an itemset's item, or none */
  char       *owned_value;
  char       *owned_label;
  guint       labelled; /* the text serial that @label is of; 0: not yet made */
} MereChoice;

/* The choices of one question; the same for several where they come from a fixed list. */
typedef struct
{
  int         ref_count;
  MereChoice *items;
  guint       n;
  GHashTable *by_value; /* value to 1 + index; NULL while there are few */
  MereNodes   nodes;
} MereChoices;

/* Texts made for a node when they were first asked for; forgotten when anything changes. */
typedef enum {
  MERE_NODE_TEXT_LABEL,
  MERE_NODE_TEXT_MARKUP,
  MERE_NODE_TEXT_HINT,
  MERE_NODE_TEXT_GUIDANCE,
  MERE_NODE_TEXT_MESSAGE,
  MERE_NODE_TEXT_MEDIA,
  MERE_N_NODE_TEXTS,
} MereNodeTextKind;

typedef struct
{
  char *texts[MERE_N_NODE_TEXTS];
  guint serial;
} MereNodeTexts;

struct _MereFormNode
{
  MereDef           *def;
  MereFormNode      *parent;
  const MereXmlNode *source; /* of a repeat that counts itself: where its first instances stand */
  MereFormSession   *session;
  MereFormNode     **children; /* by slot; of a repeat its instances */
  guint              n_children;
  guint              n_allocated; /* of a repeat */
  guint              position;    /* of an instance among its neighbours, from 0 */
  guint16            pending;     /* units that are scheduled, by bit */
  guint              is_range : 1;
  guint              is_instance : 1;
  guint              relevant_self : 1;
  guint              relevant : 1;
  guint              readonly_self : 1;
  guint              required : 1;
  guint              constraint_ok : 1;
  guint              force : 1;       /* write the calculation even if it came to the same */
  guint              overwritten : 1; /* the value is no longer what was calculated */
  guint              removed : 1;
  guint              changed : 1;
  guint              place_wanted : 1; /* odk:setgeopoint was fired for it, and nobody has said where it is */
  char              *value;            /* as last written; NULL is empty */
  char              *shown;            /* what is left of it by the choices there are; NULL: all of it */
  char              *calculated;       /* what was calculated, where it was overwritten */
  MereChoices       *choices;
  MereNodeTexts     *texts;
};

typedef struct
{
  const MereUnit *unit;
  MereFormNode   *node;
  guint           order;
  guint           sequence;
} MereTask;

struct _MereFormSession
{
  GObject        parent_instance;
  MereForm      *form;
  MereFormNode  *root;
  guint          language;
  guint          serial; /* counts changes: texts older than it are made anew */
  guint          n_nodes;
  gboolean       first_load; /* a fresh record, not one that was read back */
  gboolean       frozen;     /* a record that is only looked at */
  gboolean       settled;    /* the first computation is over */
  GArray        *tasks;      /* heap of MereTask */
  guint          sequence;
  guint          rounds;
  gboolean       running; /* working out what follows from a change */
  gsize          steps;   /* nodes looked at and bytes written for it */
  gsize          n_bytes; /* of all values */
  GQueue        *fired;   /* of Fired: actions that wait until everything is computed */
  guint          n_fired;
  const MereDef *setting_up; /* the root, or the repeat of which there is a new instance, while an action writes what it begins with */
  GPtrArray     *changed;
  gboolean       structure_changed;
  GPtrArray     *graveyard;      /* nodes that were removed, freed when the round is over */
  GHashTable    *indexes;        /* of predicates: id to a table */
  MereChoices  **shared_choices; /* by definition */
  GHashTable    *properties;
  char          *id_of_edited; /* deprecatedID where the form has no node for it */
  MereArena     *restored;     /* what an earlier filling was read into */
};

/* instance.c */
/* @source: the element it is made from, NULL for the form's defaults; @blank: take the structure and no values */
MereFormNode *mere_node_new (MereFormSession *session, MereDef *def, MereFormNode *parent, const MereXmlNode *source, gboolean blank);
MereFormNode *mere_node_add_instance (MereFormNode *range, const MereXmlNode *source, gboolean blank); /* at the end */
void          mere_node_unlink (MereFormNode *instance);                                               /* from its range; to the graveyard */
void          mere_node_free (MereFormNode *self);
MereFormNode *mere_node_parent (MereFormNode *self); /* as expressions see it: an instance's parent is the group */
const char   *mere_node_value (MereFormNode *self);  /* as expressions see it: empty where not relevant */
gboolean      mere_node_is_leaf (MereFormNode *self);
MereFormNode *mere_node_at_def (MereFormNode *self, const MereDef *ancestor); /* climbs */
/* Visits all nodes of @def under @top. */
typedef void (*MereNodeVisit) (MereFormNode *node, gpointer user_data);
void mere_node_visit (MereFormNode *top, const MereDef *def, MereNodeVisit visit, gpointer user_data);
void mere_node_visit_all (MereFormNode *top, MereNodeVisit visit, gpointer user_data);

/* session.c: fixed choices, and all that it computes is scheduled */
void mere_session_prepare_tree (MereFormSession *self, MereFormNode *top);

/* A text within what all values together may have; empty where it is over it. Takes the place of @old. */
char *mere_session_keep_text (MereFormSession *self, const char *text, const char *old);

/* cast.c: text as the type stores it; NULL where it does not fit. */
char *mere_cast (const MereDef *def, const char *text);

/* recalculate.c */
void mere_session_schedule (MereFormSession *self, const MereUnit *unit, MereFormNode *node);
void mere_session_schedule_tree (MereFormSession *self, MereFormNode *top);
void mere_session_value_changed (MereFormSession *self, MereFormNode *node);
void mere_session_structure_changed (MereFormSession *self, MereFormNode *range);
void mere_session_mark_changed (MereFormSession *self, MereFormNode *node);
void mere_session_run (MereFormSession *self);
/* Adds an instance to a repeat and schedules all that it computes; FALSE when the session is full. */
gboolean mere_session_make_instance (MereFormSession *self, MereFormNode *range, const MereXmlNode *source);
/* Like it, but the text is not what a calculation came to: it stands until the calculation comes to something else. */
gboolean mere_node_overwrite (MereFormNode *node, const char *text);
gboolean mere_node_write (MereFormNode *node, const char *text); /* casts, stores, propagates; whether it changed */

/* choices.c */
void        mere_choices_update (MereFormNode *node);                   /* of the node's itemset */
void        mere_choices_filter (MereFormNode *node);                   /* what the choices leave of the value */
char       *mere_choices_order (MereFormNode *node, const char *value); /* an answer in the choices' order, unknown ones left out */
void        mere_choices_unref (MereChoices *self);
const char *mere_choice_label (MereFormNode *node, guint index);
int         mere_choices_find (MereFormNode *node, const char *value);

/* actions.c */
void     mere_actions_fire (MereFormSession *self, GPtrArray *actions, guint event, MereFormNode *source);
void     mere_actions_fire_on_load (MereFormSession *self, guint events);
gboolean mere_actions_run_next (MereFormSession *self);
void     mere_instance_born (MereFormSession *self, MereFormNode *instance); /* odk-new-repeat */

/* preload.c */
void mere_preload_all (MereFormSession *self, guint kinds);

/* show.c: texts of a node in the session's language. */
char *mere_itext_show (MereFormSession *session, MereFormNode *node, const char *id);
char *mere_text_show (const MereText *text, MereFormNode *node, MereAny item);
char *mere_text_show_form (const MereText *text, MereFormNode *node, MereAny item, guint kind);
void  mere_node_texts_free (MereNodeTexts *self);

/* markdown.c: ODK's subset to Pango markup. */
char *mere_markdown_to_markup (const char *text);

/* serialize.c / restore.c */
gboolean mere_session_restore (MereFormSession *self, const MereXmlNode *root, gboolean edit, GError **error);

G_END_DECLS
