/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The form's languages and texts. ODK XForms, sections "Languages" and "Media". */

#include "config.h"

#include "app/forms/bounds.h"
#include "app/forms/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const MereXmlNode *values[MERE_N_TEXT_FORMS];
  MereChunks        *chunks; /* made when first asked for */
} Entry;

struct _MereItext
{
  GHashTable **languages; /* id to Entry */
  guint        n;
};

static const struct
{
  const char  *name;
  MereTextForm form;
} forms[] = {
  { "long", MERE_TEXT_FORM_TEXT },
  { "short", MERE_TEXT_FORM_SHORT },
  { "guidance", MERE_TEXT_FORM_GUIDANCE },
  { "print", MERE_TEXT_FORM_GUIDANCE },
  { "image", MERE_TEXT_FORM_IMAGE },
  { "big-image", MERE_TEXT_FORM_BIG_IMAGE },
  { "audio", MERE_TEXT_FORM_AUDIO },
  { "video", MERE_TEXT_FORM_VIDEO },
};

static void
read_value (Entry *entry, const MereXmlNode *value)
{
  const char *form = mere_xml_node_get (value, "form");

  if (form == NULL)
    {
      /* the one without a form is the text, wherever it stands */
      entry->values[MERE_TEXT_FORM_TEXT] = value;
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (strcmp (forms[i].name, form) == 0 && entry->values[forms[i].form] == NULL)
      entry->values[forms[i].form] = value;
}

static void
read_entry (MereForm *form, GHashTable *table, const MereXmlNode *text, MereProblems *problems)
{
  const char *id = mere_xml_node_get (text, "id");
  Entry      *entry;

  if (id == NULL)
    {
      mere_problems_add (problems, TRUE, text->line, NULL, NULL, _ ("A text of the itext has no id"));
      return;
    }
  if (g_hash_table_contains (table, id))
    mere_problems_add (problems, TRUE, text->line, NULL, NULL, _ ("The text “%s” stands twice in one language"), id);
  entry = mere_arena_new0 (form->arena, Entry);
  for (const MereXmlNode *value = mere_xml_node_first_child (text); value != NULL; value = mere_xml_node_next_element (value))
    if (strcmp (value->name->local, "value") == 0)
      read_value (entry, value);
  g_hash_table_insert (table, (gpointer) id, entry);
}

static GHashTable *
read_translation (MereForm *form, const MereXmlNode *translation, MereProblems *problems)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (const MereXmlNode *text = mere_xml_node_first_child (translation); text != NULL; text = mere_xml_node_next_element (text))
    if (strcmp (text->name->local, "text") == 0)
      read_entry (form, table, text, problems);
  return table;
}

/* default="" and default="true()" both mark it. */
static gboolean
is_default (const MereXmlNode *translation)
{
  const char *mark = mere_xml_node_get (translation, "default");

  return mark != NULL && strcmp (mark, "false()") != 0;
}

static gboolean
is_first_with (const MereItext *itext, guint language, const char *id)
{
  for (guint i = 0; i < language; i++)
    if (g_hash_table_contains (itext->languages[i], id))
      return FALSE;
  return TRUE;
}

/* What is said in one language but not in another is found here, once for all. */
static void
compare_languages (MereForm *form, int line, MereProblems *problems)
{
  for (guint i = 0; i < form->itext->n; i++)
    for (guint k = 0; k < form->itext->n; k++)
      {
        GHashTableIter iter;
        gpointer       id;

        g_hash_table_iter_init (&iter, form->itext->languages[k]);
        while (g_hash_table_iter_next (&iter, &id, NULL))
          if (!g_hash_table_contains (form->itext->languages[i], id) && is_first_with (form->itext, k, id))
            mere_problems_add (problems, TRUE, line, NULL, NULL, _ ("The text “%s” is missing in the language “%s”"), (char *) id, form->languages[i]);
      }
}

void
mere_itext_read (MereForm *form, const MereXmlNode *model, MereProblems *problems)
{
  const MereXmlNode *itext = mere_xml_node_find_child (model, "itext");
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) tables = g_ptr_array_new ();

  for (const MereXmlNode *node = mere_xml_node_first_child (itext); node != NULL; node = mere_xml_node_next_element (node))
    {
      const char *name = mere_xml_node_get (node, "lang");

      if (strcmp (node->name->local, "translation") != 0)
        continue;
      if (name == NULL)
        {
          mere_problems_add (problems, TRUE, node->line, NULL, NULL, _ ("A translation does not say its language"));
          continue;
        }
      if (names->len == MERE_LIMIT_LANGUAGES)
        {
          mere_problems_add (problems, FALSE, node->line, NULL, NULL, _ ("The form has too many languages"));
          break;
        }
      if (is_default (node))
        form->default_language = names->len;
      g_ptr_array_add (names, (gpointer) name);
      g_ptr_array_add (tables, read_translation (form, node, problems));
    }
  form->n_languages = names->len;
  g_ptr_array_add (names, NULL);
  form->languages = (char **) g_ptr_array_steal (names, NULL);
  form->itext = g_new0 (MereItext, 1);
  form->itext->n = tables->len;
  form->itext->languages = (GHashTable **) g_ptr_array_steal (tables, NULL);
  if (itext != NULL)
    compare_languages (form, itext->line, problems);
}

void
mere_itext_free (MereItext *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n; i++)
    g_hash_table_unref (self->languages[i]);
  g_free (self->languages);
  g_free (self);
}

static Entry *
find_entry (MereForm *form, guint language, const char *id)
{
  return form->itext != NULL && language < form->itext->n ? g_hash_table_lookup (form->itext->languages[language], id) : NULL;
}

gboolean
mere_itext_has (MereForm *form, const char *id)
{
  for (guint i = 0; form->itext != NULL && i < form->itext->n; i++)
    if (g_hash_table_contains (form->itext->languages[i], id))
      return TRUE;
  return FALSE;
}

const MereXmlNode *
mere_itext_find (MereForm *form, guint language, const char *id, MereTextForm kind)
{
  const Entry *entry = find_entry (form, language, id);

  if (entry == NULL)
    return NULL;
  if (kind == MERE_TEXT_FORM_TEXT && entry->values[kind] == NULL)
    return entry->values[MERE_TEXT_FORM_SHORT];
  return entry->values[kind];
}

const MereChunks *
mere_itext_get_chunks (MereForm *form, guint language, const char *id)
{
  Entry *entry = find_entry (form, language, id);

  return entry != NULL ? entry->chunks : NULL;
}

static gboolean
has_output (const MereXmlNode *value)
{
  return value != NULL && mere_xml_node_first_child (value) != NULL;
}

void
mere_itext_prepare (MereForm *form, MereProblems *problems)
{
  for (guint i = 0; i < form->itext->n; i++)
    {
      GHashTableIter iter;
      gpointer       id, data;

      g_hash_table_iter_init (&iter, form->itext->languages[i]);
      while (g_hash_table_iter_next (&iter, &id, &data))
        {
          Entry             *entry = data;
          const MereXmlNode *value = mere_itext_find (form, i, id, MERE_TEXT_FORM_TEXT);
          MereBinding        binding = { form, form->root, form->root, form->spoken, problems, 0, id, NULL };

          if (!has_output (value))
            continue;
          entry->chunks = mere_arena_new0 (form->arena, MereChunks);
          *entry->chunks = mere_text_read_chunks (&binding, value);
        }
    }
}
