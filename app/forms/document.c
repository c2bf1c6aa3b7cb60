/* SPDX-License-Identifier: GPL-3.0-or-later */

/* XML into a compact tree of our own, by libxml2's SAX interface: no DOM is built beside it, so memory is bounded by
 * what we count, and parsing ends at the first thing that a form must not have. */

#include "config.h"

#include "app/forms/document.h"
#include "app/forms/form.h"
#include "app/forms/bounds.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <string.h>

typedef struct
{
  MereArena       *arena;
  MereXmlDocument *document;
  xmlParserCtxt   *context;
  MereXmlNode     *current;
  MereXmlNode     *last[MERE_LIMIT_XML_DEPTH + 1]; /* newest child at each depth */
  GString         *text;
  GHashTable      *prefixes;
  guint            depth;
  int              error_line;
  GError          *error;
} Parser;

const char *
mere_xml_name_test (MereArena *arena, const char *uri, const char *local)
{
  g_autofree char *key = NULL;

  if (uri == NULL || *uri == '\0')
    return mere_arena_intern (arena, local);
  key = g_strconcat ("{", uri, "}", local, NULL);
  return mere_arena_intern (arena, key);
}

const MereXmlName *
mere_xml_name_intern (MereArena *arena, const char *prefix, const char *local, const char *uri)
{
  g_autofree char *key = g_strconcat (uri != NULL ? uri : "", " ", prefix != NULL ? prefix : "", ":", local, NULL);
  MereXmlName     *name = mere_arena_record (arena, key, sizeof (MereXmlName));

  if (name->local == NULL)
    {
      g_autofree char *qualified = prefix != NULL ? g_strconcat (prefix, ":", local, NULL) : g_strdup (local);

      name->prefix = prefix != NULL ? mere_arena_intern (arena, prefix) : NULL;
      name->local = mere_arena_intern (arena, local);
      name->uri = uri != NULL ? mere_arena_intern (arena, uri) : NULL;
      name->qualified = mere_arena_intern (arena, qualified);
      name->test = mere_xml_name_test (arena, prefix != NULL ? uri : NULL, local);
    }
  return name;
}

static void
refuse (Parser *self, int code, const char *message)
{
  if (self->error == NULL)
    {
      g_set_error_literal (&self->error, MERE_FORM_ERROR, code, message);
      self->error_line = self->context->input != NULL ? self->context->input->line : 0;
    }
  xmlStopParser (self->context);
}

MereXmlNode *
mere_xml_node_append (MereArena *arena, MereXmlNode *parent, MereXmlNode *last, const MereXmlName *name)
{
  MereXmlNode *node = mere_arena_new0 (arena, MereXmlNode);

  node->name = name;
  node->parent = parent;
  node->text = "";
  if (last != NULL)
    last->next = node;
  else if (parent != NULL)
    parent->first = node;
  return node;
}

static MereXmlNode *
append (Parser *self, const MereXmlName *name)
{
  MereXmlNode *node = mere_xml_node_append (self->arena, self->current, self->last[self->depth], name);

  self->last[self->depth] = node;
  node->line = self->context->input != NULL ? self->context->input->line : 0;
  if (++self->document->n_nodes > MERE_LIMIT_XML_NODES)
    refuse (self, MERE_FORM_ERROR_TOO_LARGE, _ ("The file has too many elements"));
  return node;
}

static gboolean
is_blank (const GString *text)
{
  for (gsize i = 0; i < text->len; i++)
    if (!strchr (" \t\r\n", text->str[i]))
      return FALSE;
  return TRUE;
}

/* White space between elements is layout, but in a label it may stand between two outputs. */
static gboolean
keeps_space (const MereXmlNode *node)
{
  static const char *const mixed[] = { "label", "hint", "value", "help", "alert", NULL };

  return node != NULL && node->name != NULL && g_strv_contains (mixed, node->name->local);
}

static void
flush_text (Parser *self)
{
  if (self->text->len == 0 || self->current == NULL)
    return;
  if (!is_blank (self->text) || keeps_space (self->current))
    {
      MereXmlNode *run = append (self, NULL);

      run->text = mere_arena_strndup (self->arena, self->text->str, self->text->len);
    }
  g_string_truncate (self->text, 0);
}

/* SAX tells of an element when its start tag has been read; its line is that of the "<", which no attribute holds. */
static int
line_of_tag (const Parser *self)
{
  const xmlParserInput *input = self->context->input;
  const xmlChar        *at;
  int                   line;

  if (input == NULL)
    return 0;
  line = input->line;
  for (at = input->cur - 1; at > input->base && *at != '<'; at--)
    line -= *at == '\n';
  return line;
}

static void
note_namespaces (Parser *self, int n, const xmlChar **namespaces)
{
  for (int i = 0; i < n; i++)
    {
      const char      *prefix = namespaces[2 * i] != NULL ? (const char *) namespaces[2 * i] : "";
      const char      *uri = namespaces[2 * i + 1] != NULL ? (const char *) namespaces[2 * i + 1] : "";
      MereXmlNamespace entry = { mere_arena_intern (self->arena, prefix), mere_arena_intern (self->arena, uri) };

      if (g_hash_table_add (self->prefixes, (gpointer) entry.prefix))
        g_array_append_val (self->document->namespaces, entry);
    }
}

static void
note_attributes (Parser *self, MereXmlNode *node, int n, const xmlChar **attributes)
{
  if (n > MERE_LIMIT_XML_ATTRIBUTES)
    {
      refuse (self, MERE_FORM_ERROR_TOO_LARGE, _ ("An element has too many attributes"));
      return;
    }
  node->attributes = n > 0 ? mere_arena_alloc (self->arena, n * sizeof (MereXmlAttribute)) : NULL;
  node->n_attributes = n;
  for (int i = 0; i < n; i++)
    {
      const xmlChar **at = attributes + 5 * i;

      node->attributes[i].name = mere_xml_name_intern (self->arena, (const char *) at[1], (const char *) at[0], (const char *) at[2]);
      node->attributes[i].value = mere_arena_strndup (self->arena, (const char *) at[3], at[4] - at[3]);
      node->attributes[i].owner = node;
    }
}

static void
on_start (void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
  Parser      *self = ((xmlParserCtxt *) data)->_private;
  MereXmlNode *node;

  if (self->error != NULL)
    return;
  if (self->depth >= MERE_LIMIT_XML_DEPTH)
    {
      refuse (self, MERE_FORM_ERROR_TOO_LARGE, _ ("Elements are nested too deeply"));
      return;
    }
  flush_text (self);
  node = append (self, mere_xml_name_intern (self->arena, (const char *) prefix, (const char *) local, (const char *) uri));
  node->line = line_of_tag (self);
  note_namespaces (self, n_namespaces, namespaces);
  note_attributes (self, node, n_attributes, attributes);
  if (self->document->root == NULL)
    self->document->root = node;
  self->current = node;
  self->last[++self->depth] = NULL;
}

static void
on_end (void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
  Parser      *self = ((xmlParserCtxt *) data)->_private;
  MereXmlNode *node = self->current;

  if (self->error != NULL || node == NULL)
    return;
  if (node->first == NULL)
    {
      node->text = mere_arena_strndup (self->arena, self->text->str, self->text->len);
      g_string_truncate (self->text, 0);
    }
  else
    flush_text (self);
  self->current = node->parent;
  self->depth--;
}

static void
on_text (void *data, const xmlChar *text, int length)
{
  Parser *self = ((xmlParserCtxt *) data)->_private;

  if (self->error == NULL && length > 0)
    g_string_append_len (self->text, (const char *) text, length);
}

/* Entities are how a small file becomes a large one, or reads another: a form has no use for them. */
static void
on_doctype (void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
  Parser *self = ((xmlParserCtxt *) data)->_private;

  refuse (self, MERE_FORM_ERROR_NOT_XML, _ ("The file declares a document type or entities, which forms must not have"));
}

static xmlEntity *
on_entity (void *data, const xmlChar *name)
{
  return xmlGetPredefinedEntity (name);
}

static void
on_error (void *data, xmlError *problem)
{
  xmlParserCtxt   *context = data;
  Parser          *self = context->_private;
  g_autofree char *message = NULL;

  if (self->error != NULL || problem->level < XML_ERR_ERROR || problem->domain == XML_FROM_NAMESPACE)
    return;
  message = g_strchomp (g_strdup (problem->message != NULL ? problem->message : "?"));
  self->error_line = problem->line;
  /* Translators: %s is what the XML library says about the file. */
  g_set_error (&self->error, MERE_FORM_ERROR, MERE_FORM_ERROR_NOT_XML, _ ("The file is not well-formed XML: %s"), message);
}

static void
set_handlers (xmlSAXHandler *sax)
{
  memset (sax, 0, sizeof *sax);
  sax->initialized = XML_SAX2_MAGIC;
  sax->startElementNs = on_start;
  sax->endElementNs = on_end;
  sax->characters = on_text;
  sax->cdataBlock = on_text;
  sax->internalSubset = on_doctype;
  sax->getEntity = on_entity;
  sax->serror = (xmlStructuredErrorFunc) (void (*) (void)) on_error;
}

/* Where a piece of markup that is no tag ends: a comment, a CDATA section, an instruction; NULL where @at begins a tag. */
static const char *
skip_markup (const char *at, const char *end)
{
  static const struct
  {
    const char *begin;
    const char *finish;
  } kinds[] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize       n = strlen (kinds[i].begin);
      const char *finish;

      if ((gsize) (end - at) < n || memcmp (at, kinds[i].begin, n) != 0)
        continue;
      finish = g_strstr_len (at + n, end - at - n, kinds[i].finish);
      return finish != NULL ? finish : end;
    }
  return NULL;
}

/* The XML library compares each attribute with all before it: a tag with a million of them would keep it for hours. */
static gboolean
has_crowded_tag (const char *xml, gsize length)
{
  const char *end;
  guint       n = 0;
  gboolean    in_tag = FALSE;
  char        quote = '\0';

  if (length == 0)
    return FALSE;
  end = xml + length;
  for (const char *at = xml; at < end; at++)
    if (!in_tag)
      {
        const char *skipped = *at == '<' ? skip_markup (at, end) : NULL;

        in_tag = *at == '<' && skipped == NULL;
        n = 0;
        if (skipped != NULL)
          at = MIN (skipped, end - 1);
      }
    else if (quote != '\0')
      quote = *at == quote ? '\0' : quote;
    else if (*at == '"' || *at == '\'')
      quote = *at;
    else if (*at == '=' && ++n > MERE_LIMIT_XML_ATTRIBUTES)
      return TRUE;
    else if (*at == '>')
      in_tag = FALSE;
  return FALSE;
}

/* Bytes that are none of the encoding which the file names: the library tells that to the thread alone, and else would print it. */
static void
parse_quietly (xmlParserCtxt *context)
{
  xmlStructuredErrorFunc before = xmlStructuredError;
  void                  *before_data = xmlStructuredErrorContext;

  xmlSetStructuredErrorFunc (context, (xmlStructuredErrorFunc) (void (*) (void)) on_error);
  xmlParseDocument (context);
  xmlSetStructuredErrorFunc (before_data, before);
}

static void
run_parser (Parser *self, const char *xml, gsize length)
{
  self->context = xmlCreateMemoryParserCtxt (xml, (int) length);
  if (self->context == NULL)
    {
      g_set_error_literal (&self->error, MERE_FORM_ERROR, MERE_FORM_ERROR_NOT_XML, _ ("The file is empty"));
      return;
    }
  /* NOENT: without it "&amp;" stays "&#38;" in attributes. Nothing else can be put in: a DTD is refused before it is read. */
  xmlCtxtUseOptions (self->context, XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOENT);
  set_handlers (self->context->sax);
  self->context->_private = self;
  self->context->userData = self->context;
  parse_quietly (self->context);
  if (self->error == NULL && (!self->context->wellFormed || self->document->root == NULL))
    g_set_error_literal (&self->error, MERE_FORM_ERROR, MERE_FORM_ERROR_NOT_XML, _ ("The file is not well-formed XML"));
  if (self->context->myDoc != NULL)
    xmlFreeDoc (self->context->myDoc);
  xmlFreeParserCtxt (self->context);
}

MereXmlDocument *
mere_xml_document_parse (MereArena *arena, const char *xml, gsize length, int *error_line, GError **error)
{
  Parser parser = { .arena = arena };
  g_autoptr (MereXmlDocument) document = g_new0 (MereXmlDocument, 1);

  document->namespaces = g_array_new (FALSE, FALSE, sizeof (MereXmlNamespace));
  if (length > MERE_FORM_MOST_BYTES)
    {
      g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_TOO_LARGE, _ ("The file is larger than 64 MiB"));
      return NULL;
    }
  if (has_crowded_tag (xml, length))
    {
      g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_TOO_LARGE, _ ("An element has too many attributes"));
      return NULL;
    }
  xmlInitParser ();
  parser.document = document;
  parser.text = g_string_new (NULL);
  parser.prefixes = g_hash_table_new (g_str_hash, g_str_equal);
  run_parser (&parser, xml, length);
  g_string_free (parser.text, TRUE);
  g_hash_table_unref (parser.prefixes);
  if (error_line != NULL)
    *error_line = parser.error_line;
  if (parser.error != NULL)
    {
      g_propagate_error (error, parser.error);
      return NULL;
    }
  return g_steal_pointer (&document);
}

void
mere_xml_document_free (MereXmlDocument *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->namespaces);
  g_free (self);
}
