/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/form.h"

G_BEGIN_DECLS

/**
 * MereFormSession:
 *
 * One filling of a form: the primary instance, and what follows from it (relevance, required, validity, calculations,
 * choices, labels). Setting an answer recomputes only what depends on it. Belongs to one thread.
 *
 * A node is addressed by its pointer; a pointer stays valid until the node's repeat instance is removed or the
 * session is freed. A ref is an absolute path with positions on repeats: `/data/person[2]/name`; `[1]` may be left out.
 */
#define MERE_TYPE_FORM_SESSION (mere_form_session_get_type ())
G_DECLARE_FINAL_TYPE (MereFormSession, mere_form_session, MERE, FORM_SESSION, GObject)

typedef struct _MereFormNode MereFormNode;

typedef enum {
  MERE_FORM_NODE_GROUP,
  MERE_FORM_NODE_REPEAT, /* the range that holds the instances */
  MERE_FORM_NODE_REPEAT_INSTANCE,
  MERE_FORM_NODE_QUESTION, /* a leaf with a control in the body */
  MERE_FORM_NODE_VALUE,    /* a leaf without one: calculations, metadata */
} MereFormNodeKind;

typedef enum {
  MERE_FORM_CONTROL_NONE,
  MERE_FORM_CONTROL_INPUT,
  MERE_FORM_CONTROL_NOTE, /* a readonly input of type string without a calculation or an answer to give */
  MERE_FORM_CONTROL_SELECT_ONE,
  MERE_FORM_CONTROL_SELECT_MANY,
  MERE_FORM_CONTROL_RANK,
  MERE_FORM_CONTROL_TRIGGER,
  MERE_FORM_CONTROL_RANGE,
  MERE_FORM_CONTROL_UPLOAD,
} MereFormControl;

typedef enum {
  MERE_FORM_TYPE_STRING,
  MERE_FORM_TYPE_INT,
  MERE_FORM_TYPE_DECIMAL,
  MERE_FORM_TYPE_BOOLEAN,
  MERE_FORM_TYPE_DATE,
  MERE_FORM_TYPE_TIME,
  MERE_FORM_TYPE_DATETIME,
  MERE_FORM_TYPE_GEOPOINT,
  MERE_FORM_TYPE_GEOTRACE,
  MERE_FORM_TYPE_GEOSHAPE,
  MERE_FORM_TYPE_BINARY,
  MERE_FORM_TYPE_BARCODE,
  MERE_FORM_TYPE_INTENT,
} MereFormType;

typedef enum {
  MERE_FORM_VALID,
  MERE_FORM_VIOLATES_CONSTRAINT,
  MERE_FORM_VIOLATES_REQUIRED,
} MereFormValidity;

typedef struct
{
  const char *value;
  const char *label; /* plain text in the session's language */
} MereFormChoice;

/**
 * mere_form_session_new:
 * @form: what to fill
 *
 * A fresh instance: defaults, first-load actions, preloads, instanceID ("uuid:…").
 */
MereFormSession *mere_form_session_new (MereForm *form) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_form_session_new_from_instance:
 * @instance: an instance of @form, as mere_form_session_serialize() wrote it
 * @edit: whether it is a final record that is edited: it then gets a new instanceID, and the old one as deprecatedID
 * @error: return location, domain %MERE_FORM_ERROR
 *
 * Goes on with a filling. Nodes that the form does not know are dropped; missing ones get their defaults.
 */
MereFormSession *mere_form_session_new_from_instance (MereForm *form,
                                                      GBytes   *instance,
                                                      gboolean  edit,
                                                      GError  **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_form_session_new_from_record:
 * @record: a submission of @form
 * @error: return location, domain %MERE_FORM_ERROR
 *
 * A record to look at: it shows what was recorded. Nothing is worked out again but labels and choices, no event is
 * dispatched, what is not in the record is not relevant, and no question may be answered.
 */
MereFormSession *mere_form_session_new_from_record (MereForm *form, GBytes *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;

MereForm   *mere_form_session_get_form (MereFormSession *self);
const char *mere_form_session_get_instance_id (MereFormSession *self);
/* Gives the record an id where the form has a place for it and neither a preload nor a calculation: every record has one. */
void        mere_form_session_ensure_id (MereFormSession *self);
const char *mere_form_session_get_language (MereFormSession *self); /* "" without itext */
gboolean    mere_form_session_set_language (MereFormSession *self, const char *language, GError **error);

/* The tree. Children are in document order of the body for what has a control; nodes without one follow. */
MereFormNode *mere_form_session_get_root (MereFormSession *self);
MereFormNode *mere_form_session_find (MereFormSession *self, const char *ref); /* NULL where there is none */
MereFormNode *mere_form_node_get_parent (MereFormNode *node);
guint         mere_form_node_get_n_children (MereFormNode *node);
MereFormNode *mere_form_node_get_child (MereFormNode *node, guint index);
MereFormNode *mere_form_node_get_child_in_document (MereFormNode *node, guint index); /* in the instance's order instead */
MereFormNode *mere_form_node_find_child (MereFormNode *node, const char *name);       /* by local name, or NULL; of NULL, NULL */

/* What a node is. Strings are borrowed and hold until the next change of the session. */
MereFormNodeKind mere_form_node_get_kind (MereFormNode *node);
MereFormControl  mere_form_node_get_control (MereFormNode *node);
MereFormType     mere_form_node_get_value_type (MereFormNode *node);
const char      *mere_form_node_get_name (MereFormNode *node);
char            *mere_form_node_dup_ref (MereFormNode *node);
const char      *mere_form_node_get_appearance (MereFormNode *node);                       /* "" without one */
const char      *mere_form_node_get_attribute (MereFormNode *node, const char *name);      /* of the bind, by local name, or NULL; "item", "method" */
const char      *mere_form_node_get_body_attribute (MereFormNode *node, const char *name); /* of the control: "rows", "start", "mediatype" … */

/* How it stands now. */
const char      *mere_form_node_get_value (MereFormNode *node);   /* as the instance stores it, "" when empty */
gboolean         mere_form_node_is_relevant (MereFormNode *node); /* with what it inherits */
gboolean         mere_form_node_is_readonly (MereFormNode *node);
gboolean         mere_form_node_is_required (MereFormNode *node);
MereFormValidity mere_form_node_get_validity (MereFormNode *node);
const char      *mere_form_node_get_message (MereFormNode *node);      /* constraintMsg or requiredMsg in the language, or NULL */
const char      *mere_form_node_get_label (MereFormNode *node);        /* plain text, outputs filled in, or NULL */
const char      *mere_form_node_get_label_markup (MereFormNode *node); /* the same in Pango markup, for ODK's markdown subset, or NULL */
const char      *mere_form_node_get_hint (MereFormNode *node);
const char      *mere_form_node_get_guidance (MereFormNode *node);
guint            mere_form_node_get_n_choices (MereFormNode *node);
MereFormChoice   mere_form_node_get_choice (MereFormNode *node, guint index);
char            *mere_form_node_dup_answer (MereFormNode *node); /* the value in the words that were on the screen: labels of what was chosen */

/* The name of a file that belongs to the label ("image", "big-image", "audio", "video") in the language, or NULL. */
char *mere_form_node_dup_media (MereFormNode *node, const char *kind);
char *mere_form_node_dup_choice_media (MereFormNode *node, guint index, const char *kind);

/**
 * mere_form_session_set_value:
 * @node: a question that is not read-only
 * @value: as the instance stores it: ISO dates, "." decimals, select values separated by spaces, "OK" for a trigger
 * @error: return location, domain %MERE_FORM_ERROR; a value that does not fit the type leaves the old one
 *
 * Answers, recomputes what depends on it, and emits #MereFormSession::changed once. An answer that violates its
 * constraint is stored all the same; validity says so.
 */
gboolean mere_form_session_set_value (MereFormSession *self, MereFormNode *node, const char *value, GError **error);

/**
 * mere_form_node_wants_place:
 *
 * Whether the form has asked for the place where the device is (odk:setgeopoint) and nobody has said it yet. No receiver
 * is asked here: a person gives it with mere_form_session_set_value(), "latitude longitude altitude accuracy", also
 * where the node has no control; "" says that it is not known.
 */
gboolean   mere_form_node_wants_place (MereFormNode *node);
GPtrArray *mere_form_session_list_wanted_places (MereFormSession *self); /* (transfer container) of MereFormNode, in document order */

/* For whoever keeps a journal of answers. The value as it is kept, also where the node is not relevant or its choices do
 * not have it now; and giving such a value back, whatever the question allows now: what depends on it is worked out. */
const char *mere_form_node_get_kept_value (MereFormNode *node);
void        mere_form_session_put_back (MereFormSession *self, MereFormNode *node, const char *kept);

/* Whether the same answers might give it another value the next time: an action writes it, it is worked out by chance or
 * by the clock, or it is calculated and may be corrected all the same. */
gboolean mere_form_node_is_fleeting (MereFormNode *node);

/* Repeats. jr:count and jr:noAddRemove are respected: then these fail with MERE_FORM_ERROR_REFERENCE. */
gboolean      mere_form_node_can_add_remove (MereFormNode *repeat);
MereFormNode *mere_form_session_add_instance (MereFormSession *self, MereFormNode *repeat, GError **error);
gboolean      mere_form_session_remove_instance (MereFormSession *self, MereFormNode *instance, GError **error);

/**
 * MereFormSession::changed:
 * @nodes: (element-type MereFormNode): the nodes of which anything changed, or %NULL when all may have (language)
 * @structure: whether instances were added or removed
 */

/**
 * mere_form_session_serialize:
 * @submission: %TRUE for what is sent: nodes that are not relevant are left out, metadata is complete; %FALSE for a
 *   snapshot of a draft, which keeps everything
 *
 * Returns: (transfer full): the instance XML, UTF-8
 */
GBytes *mere_form_session_serialize (MereFormSession *self, gboolean submission);

/**
 * mere_form_session_validate:
 * @invalid: (out) (optional) (transfer container) (element-type MereFormNode): relevant nodes that violate required or
 *   constraint, in document order
 *
 * Returns: whether the record can be finalised
 */
gboolean mere_form_session_validate (MereFormSession *self, GPtrArray **invalid);

/* Names the file of the log in meta/audit, where the form has one: audit.h. */
void mere_form_session_set_audit (MereFormSession *self, const char *file);

/* Sets meta/timeEnd and jr:preload end properties, and ensures the id; call right before the submission is serialised. */
void mere_form_session_finish (MereFormSession *self);

/* Properties for jr:preload: "deviceid", "username", "email", "phonenumber". */
void mere_form_session_set_property (MereFormSession *self, const char *name, const char *value);

G_END_DECLS
