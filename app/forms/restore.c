/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Going on with an instance that was written before: a draft, or a final record that is edited. */

#include "config.h"

#include "app/forms/instance.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *
attribute_text (const MereXmlNode *root, const char *name)
{
  const char *text = mere_xml_node_get_any (root, name);

  return text != NULL ? text : "";
}

static gboolean
belongs (MereForm *form, const MereXmlNode *root, GError **error)
{
  const char *id = form->id != NULL ? form->id : "";

  if (strcmp (root->name->local, form->root->name->local) == 0 && (*attribute_text (root, "id") == '\0' || strcmp (attribute_text (root, "id"), id) == 0))
    return TRUE;
  g_set_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_INVALID, _ ("The record is one of the form “%s”, not of “%s”"), attribute_text (root, "id"), id);
  return FALSE;
}

static void
write_node_of (MereFormSession *self, MereDef *def, const char *text)
{
  MereFormNode *node = self->root;

  if (def == NULL || def->parent == NULL || def->parent->parent != self->form->root)
    return;
  node = node->children[def->parent->slot];
  if (node->is_range || def->slot >= node->n_children)
    return;
  mere_node_overwrite (node->children[def->slot], text);
}

/* The version that is edited stays what it is; this one gets an id of its own and names it. */
static void
renew_id (MereFormSession *self)
{
  g_autofree char *old = g_strdup (mere_form_session_get_instance_id (self));
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *fresh = g_strconcat ("uuid:", uuid, NULL);

  write_node_of (self, self->form->deprecated_id, old);
  write_node_of (self, self->form->instance_id, fresh);
  self->id_of_edited = g_steal_pointer (&old);
}

/* A form without a place for it still keeps whom an edited record replaces. */
static void
keep_deprecated_id (MereFormSession *self, const MereXmlNode *root)
{
  const MereXmlNode *meta = mere_xml_node_find_child (root, "meta");
  const MereXmlNode *id = meta != NULL ? mere_xml_node_find_child (meta, "deprecatedID") : NULL;

  if (id != NULL && *id->text != '\0')
    self->id_of_edited = g_strdup (id->text);
}

gboolean
mere_session_restore (MereFormSession *self, const MereXmlNode *root, gboolean edit, GError **error)
{
  if (!belongs (self->form, root, error))
    return FALSE;
  self->root = mere_node_new (self, self->form->root, NULL, root, FALSE);
  if (edit)
    renew_id (self);
  else
    {
      keep_deprecated_id (self, root);
      if (!self->frozen && *mere_form_session_get_instance_id (self) == '\0')
        mere_preload_all (self, 1 << MERE_PRELOAD_UID);
    }
  return TRUE;
}
