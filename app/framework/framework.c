/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The framework as the program uses it: found by index or by id, said in a language. read.c makes it from its file. */

#include "config.h"

#include "app/framework/framework.h"

#include <string.h>

#include "app/framework/read.h"

#define RESOURCE "/org/merestone/Merestone/framework/framework.json"
#define FALLBACK_LANGUAGE "en"

G_DEFINE_QUARK (mere - framework - error - quark, mere_framework_error)

MereFramework *
mere_framework_load (GBytes *json, GError **error)
{
  g_autoptr (MereFramework) self = g_atomic_rc_box_new0 (MereFramework);

  g_return_val_if_fail (json != NULL, NULL);

  self->strings = g_string_chunk_new (4096);
  self->sayings = g_array_new (FALSE, FALSE, sizeof (MereFrameworkSaying));
  self->pillars = g_array_new (FALSE, FALSE, sizeof (MereFrameworkPillarEntry));
  self->items = g_array_new (FALSE, FALSE, sizeof (MereFrameworkItemEntry));
  self->questions = g_array_new (FALSE, FALSE, sizeof (MereFrameworkQuestionEntry));
  self->answers = g_array_new (FALSE, FALSE, sizeof (MereAnswerKind));
  self->items_by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->questions_by_id = g_hash_table_new (g_str_hash, g_str_equal);
  if (!mere_framework_read (self, json, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* It is compiled in: where it cannot be used, the program is broken. */
static MereFramework *
load_default (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = g_resources_lookup_data (RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  MereFramework *framework = json != NULL ? mere_framework_load (json, &error) : NULL;

  if (framework == NULL)
    g_error ("%s: %s", RESOURCE, error->message);
  return framework;
}

MereFramework *
mere_framework_get_default (void)
{
  static MereFramework *framework = NULL;
  static gsize          done = 0;

  if (g_once_init_enter (&done))
    {
      framework = load_default ();
      g_once_init_leave (&done, 1);
    }
  return framework;
}

MereFramework *
mere_framework_ref (MereFramework *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (MereFramework *self)
{
  g_hash_table_unref (self->questions_by_id);
  g_hash_table_unref (self->items_by_id);
  g_array_unref (self->answers);
  g_array_unref (self->questions);
  g_array_unref (self->items);
  g_array_unref (self->pillars);
  g_array_unref (self->sayings);
  g_string_chunk_free (self->strings);
}

void
mere_framework_unref (MereFramework *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear);
}

static const char *
find_words (MereFramework *self, MereFrameworkText text, const char *language)
{
  for (guint i = text.first; i < text.first + text.n; i++)
    {
      const MereFrameworkSaying *saying = &g_array_index (self->sayings, MereFrameworkSaying, i);

      if (strcmp (saying->language, language) == 0)
        return saying->words;
    }
  return NULL;
}

static const char *
find_words_in_any (MereFramework *self, MereFrameworkText text, const char *const *languages)
{
  const char *words = NULL;

  for (guint i = 0; languages[i] != NULL && words == NULL; i++)
    words = find_words (self, text, languages[i]);
  return words != NULL ? words : find_words (self, text, FALLBACK_LANGUAGE);
}

static const char *
say (MereFramework *self, MereFrameworkText text, const char *language)
{
  g_auto (GStrv) variants = NULL;

  if (language == NULL)
    return find_words_in_any (self, text, g_get_language_names ());
  variants = g_get_locale_variants (language);
  return find_words_in_any (self, text, (const char *const *) variants);
}

guint
mere_framework_get_n_pillars (MereFramework *self)
{
  return self->pillars->len;
}

gboolean
mere_framework_get_pillar (MereFramework *self, guint index, const char *language, MereFrameworkPillar *pillar)
{
  const MereFrameworkPillarEntry *entry;

  if (index >= self->pillars->len)
    return FALSE;
  entry = &g_array_index (self->pillars, MereFrameworkPillarEntry, index);
  *pillar = (MereFrameworkPillar){
    .id = entry->id,
    .title = say (self, entry->title, language),
    .n_items = entry->n_items,
  };
  return TRUE;
}

guint
mere_framework_get_n_items (MereFramework *self)
{
  return self->items->len;
}

gboolean
mere_framework_get_item (MereFramework *self, guint index, const char *language, MereFrameworkItem *item)
{
  const MereFrameworkItemEntry *entry;

  if (index >= self->items->len)
    return FALSE;
  entry = &g_array_index (self->items, MereFrameworkItemEntry, index);
  *item = (MereFrameworkItem){
    .id = entry->id,
    .pillar = g_array_index (self->pillars, MereFrameworkPillarEntry, entry->pillar).id,
    .title = say (self, entry->title, language),
    .evidence = say (self, entry->evidence, language),
    .n_questions = entry->n_questions,
  };
  return TRUE;
}

gboolean
mere_framework_get_question (MereFramework         *self,
                             guint                  item,
                             guint                  index,
                             const char            *language,
                             MereFrameworkQuestion *question)
{
  const MereFrameworkItemEntry     *parent;
  const MereFrameworkQuestionEntry *entry;

  if (item >= self->items->len)
    return FALSE;
  parent = &g_array_index (self->items, MereFrameworkItemEntry, item);
  if (index >= parent->n_questions)
    return FALSE;
  entry = &g_array_index (self->questions, MereFrameworkQuestionEntry, parent->first_question + index);
  *question = (MereFrameworkQuestion){
    .id = entry->id,
    .text = say (self, entry->text, language),
    .answers = &g_array_index (self->answers, MereAnswerKind, entry->first_answer),
    .n_answers = entry->n_answers,
    .each = entry->each,
    .methods = entry->methods,
    .posts = entry->posts,
    .trace = entry->trace,
  };
  return TRUE;
}

gboolean
mere_framework_find (MereFramework *self, const char *id, guint *item, int *question)
{
  gpointer place;
  guint    found_item;
  int      found_question = -1;

  g_return_val_if_fail (id != NULL, FALSE);

  if (g_hash_table_lookup_extended (self->items_by_id, id, NULL, &place))
    found_item = GPOINTER_TO_UINT (place);
  else if (g_hash_table_lookup_extended (self->questions_by_id, id, NULL, &place))
    {
      found_item = g_array_index (self->questions, MereFrameworkQuestionEntry, GPOINTER_TO_UINT (place)).item;
      found_question = GPOINTER_TO_INT (place) - (int) g_array_index (self->items, MereFrameworkItemEntry, found_item).first_question;
    }
  else
    return FALSE;

  if (item != NULL)
    *item = found_item;
  if (question != NULL)
    *question = found_question;
  return TRUE;
}
