/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/document.h"

G_BEGIN_DECLS

/* What values are, where all versions of a form agree; else text. */
typedef enum {
  MERE_SHAPE_TEXT,
  MERE_SHAPE_INT,
  MERE_SHAPE_DECIMAL,
  MERE_SHAPE_DATE,
  MERE_SHAPE_PLACE, /* geopoint: "latitude longitude altitude accuracy" */
} MereShapeType;

/* One of the words that may be chosen; @label: (nullable). */
typedef struct
{
  char *value;
  char *label;
} MereShapeChoice;

/**
 * MereShape:
 * @name: local name of the element
 * @parent: (nullable):
 * @children: (nullable) (element-type MereShape): in their order
 * @is_leaf: whether it may hold a value
 * @is_repeat: whether it may be there several times: it is then a table
 * @is_many: whether several of its choices may be chosen
 * @label: (nullable): what the newest version of the form calls it
 * @choices: (nullable) (element-type MereShapeChoice): of all versions, as far as the form itself lists them
 *
 * The union of all versions of a form, and of what records hold beside: the tree that tables follow from.
 */
typedef struct _MereShape MereShape;

struct _MereShape
{
  char         *name;
  MereShape    *parent;
  GPtrArray    *children;
  MereShapeType type;
  gboolean      is_leaf;
  gboolean      is_repeat;
  gboolean      is_many;
  char         *label;
  GPtrArray    *choices;
  /*< private >*/
  gboolean    is_typed;
  GHashTable *by_name;
  GHashTable *by_value; /* of choices */
};

MereShape *mere_shape_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
void       mere_shape_free (MereShape *self);

/**
 * mere_shape_add_form:
 * @xml: an XForm
 * @language: (nullable): of labels, by its name in the form; else the form's own choice
 * @error: return location, domain %MERE_FORM_ERROR
 *
 * Adds what a form can hold: its primary instance, its repeats, types, labels, choices. A node that is new comes after the
 * one that stands before it there. Give older versions first.
 */
gboolean mere_shape_add_form (MereShape *self, GBytes *xml, const char *language, GError **error);

/* Adds what a submission holds beside. An element that comes twice beside itself is a repeat, though no form says so; a
 * word that was chosen is a choice. */
void mere_shape_add_instance (MereShape *self, const MereXmlNode *root);

MereShape *mere_shape_find (MereShape *self, const char *name); /* a child, or NULL */

/* The node of an absolute path, "/data/person/name"; positions in it are passed over. NULL where there is none. */
MereShape *mere_shape_find_path (MereShape *self, const char *path);

/* The choice of that value, or NULL; makes it known, the newest label counts. */
const MereShapeChoice *mere_shape_find_choice (const MereShape *self, const char *value);
void                   mere_shape_add_choice (MereShape *self, const char *value, const char *label);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereShape, mere_shape_free)

G_END_DECLS
