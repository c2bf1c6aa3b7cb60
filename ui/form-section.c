/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The outline's sections, counted in one walk along the lines: a section ends where a line comes that is no deeper. */

#include "config.h"
#include "ui/form-section.h"

#define MOST_DEPTH 2 /* headings that the outline shows; deeper ones count for the section around them */

struct _MereFormSection
{
  GObject parent_instance;

  MereQuestionItem *item;
  char             *title;
  guint             position; /* of the item among the lines, when they were last walked */
  guint             level;
  guint             asked;
  guint             answered;
  guint             faults;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereFormSection, mere_form_section, G_TYPE_OBJECT)

static void
mere_form_section_finalize (GObject *object)
{
  MereFormSection *self = MERE_FORM_SECTION (object);

  g_clear_object (&self->item);
  g_free (self->title);

  G_OBJECT_CLASS (mere_form_section_parent_class)->finalize (object);
}

static void
mere_form_section_class_init (MereFormSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mere_form_section_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mere_form_section_init (MereFormSection *self)
{
}

MereQuestionItem *
mere_form_section_get_item (MereFormSection *self)
{
  return self->item;
}

const char *
mere_form_section_get_title (MereFormSection *self)
{
  return self->title;
}

guint
mere_form_section_get_depth (MereFormSection *self)
{
  return (self->level + 1) / 2;
}

guint
mere_form_section_get_asked (MereFormSection *self)
{
  return self->asked;
}

guint
mere_form_section_get_answered (MereFormSection *self)
{
  return self->answered;
}

guint
mere_form_section_get_faults (MereFormSection *self)
{
  return self->faults;
}

/* A repeat and its entries have the same depth; for the outline an entry is half a step below its repeat. */
static guint
get_level (MereQuestionItem *item)
{
  return 2 * mere_question_item_get_depth (item) + (mere_question_item_get_role (item) == MERE_QUESTION_INSTANCE);
}

static gboolean
begins_section (MereQuestionItem *item)
{
  MereQuestionRole role = mere_question_item_get_role (item);

  return (role == MERE_QUESTION_HEADING || role == MERE_QUESTION_INSTANCE) && mere_question_item_get_depth (item) < MOST_DEPTH;
}

static MereFormSection *
begin (GPtrArray        *found,
       MereQuestionItem *item,
       guint             position,
       const char       *start)
{
  MereFormSection *section = g_object_new (MERE_TYPE_FORM_SECTION, NULL);

  section->item = g_object_ref (item);
  section->position = position;
  section->level = start != NULL ? 0 : get_level (item);
  section->title = start != NULL ? g_strdup (start) : mere_question_item_dup_name (item);
  g_ptr_array_add (found, section);

  return section;
}

static void
count (GPtrArray        *open,
       MereQuestionItem *item)
{
  gboolean         answered = *mere_form_node_get_value (mere_question_item_get_node (item)) != '\0';
  g_autofree char *message = mere_question_item_dup_message (item);

  for (guint i = 0; i < open->len; i++)
    {
      MereFormSection *section = g_ptr_array_index (open, i);

      section->asked++;
      section->answered += answered;
      section->faults += message != NULL;
    }
}

static void
close_above (GPtrArray *open,
             guint      level)
{
  while (open->len > 0 && ((MereFormSection *) g_ptr_array_index (open, open->len - 1))->level >= level)
    g_ptr_array_remove_index (open, open->len - 1);
}

static GPtrArray *
walk (MereQuestionList *list,
      const char       *start)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  MereQuestionItem *item;

  for (guint i = 0; (item = mere_question_list_peek (list, i)) != NULL; i++)
    {
      if (begins_section (item))
        {
          close_above (open, get_level (item));
          g_ptr_array_add (open, begin (found, item, i, NULL));
        }
      else if (i == 0)
        g_ptr_array_add (open, begin (found, item, i, start));
      else if (found->len > 1 || begins_section (mere_question_list_peek (list, 0)))
        close_above (open, get_level (item));

      if (mere_question_item_is_open (item))
        count (open, item);
    }

  return found;
}

static gboolean
is_same (MereFormSection *one,
         MereFormSection *other)
{
  return one->item == other->item && one->level == other->level;
}

static void
take_over (MereFormSection *self,
           MereFormSection *found)
{
  gboolean changed = self->asked != found->asked || self->answered != found->answered || self->faults != found->faults || g_strcmp0 (self->title, found->title) != 0;

  self->position = found->position;
  if (!changed)
    return;

  g_free (self->title);
  self->title = g_strdup (found->title);
  self->asked = found->asked;
  self->answered = found->answered;
  self->faults = found->faults;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
mere_form_section_survey (MereQuestionList *list,
                          GListStore       *sections,
                          const char       *start)
{
  g_autoptr (GPtrArray) found = walk (list, start);
  guint same = 0;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (sections));

  while (same < n && same < found->len)
    {
      g_autoptr (MereFormSection) section = g_list_model_get_item (G_LIST_MODEL (sections), same);

      if (!is_same (section, g_ptr_array_index (found, same)))
        break;
      take_over (section, g_ptr_array_index (found, same));
      same++;
    }

  if (same < n || same < found->len)
    g_list_store_splice (sections, same, n - same, found->pdata + same, found->len - same);
}

guint
mere_form_section_find (GListModel *sections,
                        guint       position)
{
  guint at = g_list_model_get_n_items (sections);

  while (at-- > 0)
    {
      g_autoptr (MereFormSection) section = g_list_model_get_item (sections, at);

      if (section->position <= position)
        return at;
    }

  return GTK_INVALID_LIST_POSITION;
}
