/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A framework from its JSON, as schemas/framework/README.md describes it. Whatever is missing, misspelt or of another
 * type is refused, with the id of what it stands in. */

#include "config.h"

#include "app/framework/read.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define FORMAT_NAME "merestone-framework"
#define FORMAT_VERSION 1
#define MAX_BYTES (1024 * 1024) /* ours has 90 KiB */
#define MAX_DEPTH 16            /* ours goes 8 deep; the parser recurses */
#define MAX_LANGUAGES 32

/* By MereAnswerKind, MereMethod and MerePost. */
typedef struct
{
  const char *name;
  guint       value;
} Word;

static const Word answer_words[] = {
  { "yes-partial-no", MERE_ANSWER_YES_PARTIAL_NO },
  { "count", MERE_ANSWER_COUNT },
  { "duration", MERE_ANSWER_DURATION },
  { "percent", MERE_ANSWER_PERCENT },
  { "scale", MERE_ANSWER_SCALE },
  { "text", MERE_ANSWER_TEXT },
  { "choice", MERE_ANSWER_CHOICE },
  { "date", MERE_ANSWER_DATE },
  { "set", MERE_ANSWER_SET },
  { NULL, 0 },
};

static const Word method_words[] = {
  { "O", MERE_METHOD_OBSERVE },
  { "S", MERE_METHOD_SYSTEM },
  { "I", MERE_METHOD_INTERVIEW },
  { "D", MERE_METHOD_DOCUMENT },
  { NULL, 0 },
};

static const Word post_words[] = {
  { "L", MERE_POST_LAND },
  { "A", MERE_POST_AIR },
  { "S", MERE_POST_SEA },
  { "R", MERE_POST_RAIL },
  { "HQ", MERE_POST_CAPITAL },
  { "*", MERE_POST_LAND | MERE_POST_AIR | MERE_POST_SEA | MERE_POST_RAIL },
  { NULL, 0 },
};

static gboolean
refuse (GError **error, const char *where, const char *member)
{
  g_set_error (error, MERE_FRAMEWORK_ERROR, MERE_FRAMEWORK_ERROR_FORMAT,
               /* Translators: first the name of a member, then the id of what it stands in, as "A1.1" */
               _ ("The framework cannot be used: “%s” of “%s” is missing or wrong"), member, where);
  return FALSE;
}

/* Whether text is JSON in its strict spelling, as far as brackets can be counted by it, and not too deep. The parser
 * also takes comments and other quotes, in which brackets could hide. */
static gboolean
is_shallow (const char *text, gsize length)
{
  guint    depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (quoted && c == '\\')
        i++;
      else if (c == '"')
        quoted = !quoted;
      else if (quoted)
        continue;
      else if (c == '{' || c == '[')
        {
          if (++depth > MAX_DEPTH)
            return FALSE;
        }
      else if (c == '}' || c == ']')
        depth -= depth > 0;
      else if (!g_ascii_isalnum (c) && (c == '\0' || strchr (" \t\r\n:,+-.", c) == NULL))
        return FALSE;
    }
  return TRUE;
}

static JsonNode *
get_member (JsonObject *object, const char *name, JsonNodeType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_node_type (node) == type ? node : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name, JSON_NODE_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

static JsonObject *
get_element (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_string_of (JsonNode *node)
{
  const char *text = NULL;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_get_string (node);
  return text != NULL && *text != '\0' ? text : NULL;
}

static const char *
get_string (JsonObject *object, const char *name)
{
  return get_string_of (json_object_get_member (object, name));
}

/* { "en": "…", "fr": "…" }; English must be there. */
static gboolean
read_text (MereFramework *self, JsonObject *object, const char *name, const char *where, MereFrameworkText *text, GError **error)
{
  JsonNode      *node = get_member (object, name, JSON_NODE_OBJECT);
  JsonObject    *languages = node != NULL ? json_node_get_object (node) : NULL;
  JsonObjectIter iter;
  const char    *language;

  if (languages == NULL || get_string (languages, "en") == NULL || json_object_get_size (languages) > MAX_LANGUAGES)
    return refuse (error, where, name);
  *text = (MereFrameworkText){ self->sayings->len, json_object_get_size (languages) };
  json_object_iter_init_ordered (&iter, languages);
  while (json_object_iter_next_ordered (&iter, &language, &node))
    {
      const char         *words = get_string_of (node);
      MereFrameworkSaying saying;

      if (words == NULL)
        return refuse (error, where, name);
      saying.language = g_string_chunk_insert_const (self->strings, language);
      saying.words = g_string_chunk_insert (self->strings, words);
      g_array_append_val (self->sayings, saying);
    }
  return TRUE;
}

static const Word *
find_word (const Word *words, const char *name)
{
  for (; name != NULL && words->name != NULL; words++)
    if (strcmp (words->name, name) == 0)
      return words;
  return NULL;
}

/* ["L", "R"] as flags. */
static gboolean
read_flags (JsonObject *object, const char *name, const Word *words, const char *where, guint *flags, GError **error)
{
  JsonArray *array = get_array (object, name);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const Word *word = find_word (words, get_string_of (json_array_get_element (array, i)));

      if (word == NULL)
        return refuse (error, where, name);
      *flags |= word->value;
    }
  return *flags != 0 || refuse (error, where, name);
}

static gboolean
read_answers (MereFramework *self, JsonObject *object, MereFrameworkQuestionEntry *entry, GError **error)
{
  JsonArray *array = get_array (object, "answers");
  JsonNode  *each = json_object_get_member (object, "each");

  entry->first_answer = self->answers->len;
  entry->n_answers = array != NULL ? json_array_get_length (array) : 0;
  for (guint i = 0; i < entry->n_answers; i++)
    {
      const Word    *word = find_word (answer_words, get_string_of (json_array_get_element (array, i)));
      MereAnswerKind kind;

      if (word == NULL)
        return refuse (error, entry->id, "answers");
      kind = (MereAnswerKind) word->value;
      g_array_append_val (self->answers, kind);
    }
  if (each != NULL && !(JSON_NODE_HOLDS_VALUE (each) && json_node_get_value_type (each) == G_TYPE_BOOLEAN))
    return refuse (error, entry->id, "each");
  entry->each = each != NULL && json_node_get_boolean (each);
  return entry->n_answers > 0 || refuse (error, entry->id, "answers");
}

static gboolean
read_trace (MereFramework *self, JsonObject *object, MereFrameworkQuestionEntry *entry, GError **error)
{
  const char *trace = get_string (object, "trace");

  if (trace == NULL && json_object_has_member (object, "trace"))
    return refuse (error, entry->id, "trace");
  entry->trace = g_string_chunk_insert_const (self->strings, trace != NULL ? trace : "");
  return TRUE;
}

/* "A1" within "A" and "A1.1" within "A1": what it stands in, then a number from 1. */
static gboolean
is_id_within (const char *id, const char *parent, const char *separator)
{
  g_autofree char *prefix = g_strconcat (parent, separator, NULL);
  const char      *number = id + strlen (prefix);

  return g_str_has_prefix (id, prefix) && *number != '\0' && *number != '0' &&
         strlen (number) <= 3 && strspn (number, G_CSET_DIGITS) == strlen (number);
}

/* Interned in the framework, or NULL where the object has no fitting id. */
static const char *
read_id (MereFramework *self, JsonObject *object, const char *parent, const char *separator)
{
  const char *id = object != NULL ? get_string (object, "id") : NULL;

  return id != NULL && is_id_within (id, parent, separator) ? g_string_chunk_insert (self->strings, id) : NULL;
}

static gboolean
read_question (MereFramework *self, JsonObject *object, guint item, const char *parent, GError **error)
{
  MereFrameworkQuestionEntry entry = { .item = item };
  guint                      methods = 0, posts = 0;

  entry.id = read_id (self, object, parent, ".");
  if (entry.id == NULL || !g_hash_table_insert (self->questions_by_id, (gpointer) entry.id, GUINT_TO_POINTER (self->questions->len)))
    return refuse (error, parent, "questions");
  if (!read_text (self, object, "text", entry.id, &entry.text, error) ||
      !read_answers (self, object, &entry, error) ||
      !read_flags (object, "methods", method_words, entry.id, &methods, error) ||
      !read_flags (object, "posts", post_words, entry.id, &posts, error) ||
      !read_trace (self, object, &entry, error))
    return FALSE;
  entry.methods = (MereMethod) methods;
  entry.posts = (MerePost) posts;
  g_array_append_val (self->questions, entry);
  return TRUE;
}

static gboolean
read_item (MereFramework *self, JsonObject *object, guint pillar, const char *parent, GError **error)
{
  MereFrameworkItemEntry entry = { .pillar = pillar, .first_question = self->questions->len };
  JsonArray             *questions;

  entry.id = read_id (self, object, parent, "");
  if (entry.id == NULL || !g_hash_table_insert (self->items_by_id, (gpointer) entry.id, GUINT_TO_POINTER (self->items->len)))
    return refuse (error, parent, "items");
  questions = get_array (object, "questions");
  if (questions == NULL || json_array_get_length (questions) == 0)
    return refuse (error, entry.id, "questions");
  if (!read_text (self, object, "title", entry.id, &entry.title, error) ||
      !read_text (self, object, "evidence", entry.id, &entry.evidence, error))
    return FALSE;
  entry.n_questions = json_array_get_length (questions);
  for (guint i = 0; i < entry.n_questions; i++)
    if (!read_question (self, get_element (questions, i), self->items->len, entry.id, error))
      return FALSE;
  g_array_append_val (self->items, entry);
  return TRUE;
}

/* A pillar's id is one letter, so that no two pillars can hold the same item. */
static gboolean
is_new_pillar (MereFramework *self, const char *id)
{
  for (guint i = 0; i < self->pillars->len; i++)
    if (strcmp (g_array_index (self->pillars, MereFrameworkPillarEntry, i).id, id) == 0)
      return FALSE;
  return g_ascii_isupper (id[0]) && id[1] == '\0';
}

static gboolean
read_pillar (MereFramework *self, JsonObject *object, GError **error)
{
  MereFrameworkPillarEntry entry = { 0 };
  const char              *id = object != NULL ? get_string (object, "id") : NULL;
  JsonArray               *items;

  if (id == NULL || !is_new_pillar (self, id))
    return refuse (error, FORMAT_NAME, "pillars");
  entry.id = g_string_chunk_insert (self->strings, id);
  items = get_array (object, "items");
  if (items == NULL || json_array_get_length (items) == 0)
    return refuse (error, entry.id, "items");
  if (!read_text (self, object, "title", entry.id, &entry.title, error))
    return FALSE;
  entry.n_items = json_array_get_length (items);
  for (guint i = 0; i < entry.n_items; i++)
    if (!read_item (self, get_element (items, i), self->pillars->len, entry.id, error))
      return FALSE;
  g_array_append_val (self->pillars, entry);
  return TRUE;
}

static gboolean
read_root (MereFramework *self, JsonObject *root, GError **error)
{
  JsonNode  *version = get_member (root, "version", JSON_NODE_VALUE);
  JsonArray *pillars = get_array (root, "pillars");

  if (g_strcmp0 (get_string (root, "format"), FORMAT_NAME) != 0)
    return refuse (error, FORMAT_NAME, "format");
  if (version == NULL || json_node_get_value_type (version) != G_TYPE_INT64 || json_node_get_int (version) != FORMAT_VERSION)
    return refuse (error, FORMAT_NAME, "version");
  if (pillars == NULL || json_array_get_length (pillars) == 0)
    return refuse (error, FORMAT_NAME, "pillars");
  for (guint i = 0; i < json_array_get_length (pillars); i++)
    if (!read_pillar (self, get_element (pillars, i), error))
      return FALSE;
  return TRUE;
}

gboolean
mere_framework_read (MereFramework *self, GBytes *json, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) misread = NULL;
  gsize       length;
  const char *text = g_bytes_get_data (json, &length);
  JsonNode   *root;

  if (length == 0 || length > MAX_BYTES || !is_shallow (text, length))
    {
      g_set_error_literal (error, MERE_FRAMEWORK_ERROR, MERE_FRAMEWORK_ERROR_FORMAT, _ ("The framework cannot be used: it is no JSON, or too large"));
      return FALSE;
    }
  if (!json_parser_load_from_data (parser, text, (gssize) length, &misread))
    {
      g_set_error (error, MERE_FRAMEWORK_ERROR, MERE_FRAMEWORK_ERROR_FORMAT, _ ("The framework cannot be used: %s"), misread->message);
      return FALSE;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return refuse (error, FORMAT_NAME, "format");
  return read_root (self, json_node_get_object (root), error);
}
