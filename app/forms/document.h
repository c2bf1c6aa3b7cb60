/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/arena.h"

G_BEGIN_DECLS

#define MERE_NS_XFORMS "http://www.w3.org/2002/xforms"
#define MERE_NS_XHTML "http://www.w3.org/1999/xhtml"
#define MERE_NS_JAVAROSA "http://openrosa.org/javarosa"
#define MERE_NS_OPENROSA "http://openrosa.org/xforms"
#define MERE_NS_ODK "http://www.opendatakit.org/xforms"
#define MERE_NS_ENTITIES "http://www.opendatakit.org/xforms/entities"
#define MERE_NS_ENKETO "http://enketo.org/xforms"
#define MERE_NS_MERESTONE "https://merestone.org/xforms"
#define MERE_NS_XML "http://www.w3.org/XML/1998/namespace"

/**
 * MereXmlName:
 *
 * A name of an element or attribute, interned: equal names are the same pointer. @test is what a name test of an
 * expression compares: "local" without a prefix (in whatever default namespace), "{uri}local" with one.
 */
typedef struct
{
  const char *prefix; /* NULL without one */
  const char *local;
  const char *uri; /* NULL without one */
  const char *qualified;
  const char *test; /* interned */
} MereXmlName;

typedef struct _MereXmlNode MereXmlNode;

typedef struct
{
  const MereXmlName *name;
  const char        *value;
  MereXmlNode       *owner;
} MereXmlAttribute;

/* An element, or with name NULL a run of text between elements. An element that holds nothing but text has it in @text. */
struct _MereXmlNode
{
  const MereXmlName *name;
  MereXmlNode       *parent;
  MereXmlNode       *next;
  MereXmlNode       *first;
  const char        *text; /* never NULL */
  MereXmlAttribute  *attributes;
  guint              n_attributes;
  int                line;
};

typedef struct
{
  const char *prefix; /* "" for the default namespace */
  const char *uri;
} MereXmlNamespace;

/**
 * MereXmlDocument:
 *
 * A parsed document in the arena. @namespaces: every prefix declared anywhere, the first declaration of each.
 */
typedef struct
{
  MereXmlNode *root;
  GArray      *namespaces; /* of MereXmlNamespace */
  guint        n_nodes;
} MereXmlDocument;

/**
 * mere_xml_document_parse:
 * @arena: what the document lives in
 * @error_line: (out) (optional): line of the error, 0 where it has none
 *
 * Parses without network, DTD or entities (refused, not skipped), within the limits of bounds.h.
 * Errors: %MERE_FORM_ERROR_NOT_XML, %MERE_FORM_ERROR_TOO_LARGE.
 */
MereXmlDocument *mere_xml_document_parse (MereArena  *arena,
                                          const char *xml,
                                          gsize       length,
                                          int        *error_line,
                                          GError    **error);
void             mere_xml_document_free (MereXmlDocument *self);

/* Building by hand, for CSV and GeoJSON. */
const MereXmlName *mere_xml_name_intern (MereArena *arena, const char *prefix, const char *local, const char *uri);
const char        *mere_xml_name_test (MereArena *arena, const char *uri, const char *local);
MereXmlNode       *mere_xml_node_append (MereArena *arena, MereXmlNode *parent, MereXmlNode *last, const MereXmlName *name);

gboolean     mere_xml_node_is (const MereXmlNode *self, const char *uri, const char *local);
const char  *mere_xml_node_get (const MereXmlNode *self, const char *attribute); /* without namespace, or NULL */
const char  *mere_xml_node_get_ns (const MereXmlNode *self, const char *uri, const char *attribute);
const char  *mere_xml_node_get_any (const MereXmlNode *self, const char *local); /* in whatever namespace */
MereXmlNode *mere_xml_node_first_child (const MereXmlNode *self);                /* elements only */
MereXmlNode *mere_xml_node_next_element (const MereXmlNode *self);
MereXmlNode *mere_xml_node_find_child (const MereXmlNode *self, const char *local); /* first one, in whatever namespace */
char        *mere_xml_node_dup_text (const MereXmlNode *self);                      /* of all descendants */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereXmlDocument, mere_xml_document_free)

G_END_DECLS
