/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/document.h"

G_BEGIN_DECLS

/**
 * MereShape:
 * @name: local name of the element
 * @parent: (nullable):
 * @children: (nullable) (element-type MereShape): in their order
 * @is_leaf: whether it may hold a value
 * @is_repeat: whether it may be there several times: it is then a table
 * @is_place: whether it is a geopoint
 *
 * The union of all versions of a form, and of what records hold beside: the tree that tables follow from.
 */
typedef struct _MereShape MereShape;

struct _MereShape
{
  char      *name;
  MereShape *parent;
  GPtrArray *children;
  gboolean   is_leaf;
  gboolean   is_repeat;
  gboolean   is_place;
  /*< private >*/
  GHashTable *by_name;
};

MereShape *mere_shape_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
void       mere_shape_free (MereShape *self);

/**
 * mere_shape_add_form:
 * @xml: an XForm
 * @error: return location, domain %MERE_FORM_ERROR
 *
 * Adds what a form can hold: its primary instance, its repeats, its geopoints. A node that is new comes after the one that
 * stands before it there.
 */
gboolean mere_shape_add_form (MereShape *self, GBytes *xml, GError **error);

/* Adds what a submission holds beside. An element that comes twice beside itself is a repeat, though no form says so. */
void mere_shape_add_instance (MereShape *self, const MereXmlNode *root);

MereShape *mere_shape_find (MereShape *self, const char *name); /* a child, or NULL */

/* The node of an absolute path, "/data/person/name"; positions in it are passed over. NULL where there is none. */
MereShape *mere_shape_find_path (MereShape *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereShape, mere_shape_free)

G_END_DECLS
