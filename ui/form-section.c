/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The outline's sections, counted in one walk along the lines: a section ends where a line comes that is no deeper.
 * What a line counted for is remembered, so that an answer costs the same in a form of any length. */

#include "config.h"
#include "ui/form-section.h"

#define MOST_DEPTH 2 /* headings that the outline shows; deeper ones count for the section around them */

struct _MereFormSection
{
  GObject parent_instance;

  MereQuestionItem *item;
  char             *title;
  guint             position; /* of the item among the lines, when they were last walked */
  guint             end;      /* of the first line behind it */
  guint             outer;    /* the section around it, or G_MAXUINT */
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

  if (mere_question_item_get_cells (item) != NULL)
    return FALSE; /* a row of a table counts for its repeat */

  return (role == MERE_QUESTION_HEADING || role == MERE_QUESTION_INSTANCE) && mere_question_item_get_depth (item) < MOST_DEPTH;
}

/* What a line counts for. */
enum {
  ASKED = 1 << 0,
  ANSWERED = 1 << 1,
  FAULTY = 1 << 2,
};

static guint8
get_state (MereQuestionItem *item)
{
  g_autofree char *message = NULL;
  gboolean         answered;

  if (!mere_question_item_is_open (item))
    return 0;

  message = mere_question_item_dup_message (item);
  answered = *mere_form_node_get_value (mere_question_item_get_node (item)) != '\0';

  return (guint8) (ASKED | (answered ? ANSWERED : 0) | (message != NULL ? FAULTY : 0));
}

static void
count (MereFormSection *section,
       guint8           state,
       guint            by)
{
  section->asked += state & ASKED ? by : 0;
  section->answered += state & ANSWERED ? by : 0;
  section->faults += state & FAULTY ? by : 0;
}

typedef struct
{
  GPtrArray *found; /* MereFormSection, in their order */
  GArray    *open;  /* indices of those around the line */
} Walk;

static void
begin (Walk             *walk,
       MereQuestionItem *item,
       guint             position,
       const char       *start)
{
  MereFormSection *section = g_object_new (MERE_TYPE_FORM_SECTION, NULL);
  guint            at = walk->found->len;

  section->item = g_object_ref (item);
  section->position = position;
  section->level = start != NULL ? 0 : get_level (item);
  section->title = start != NULL ? g_strdup (start) : mere_question_item_dup_name (item);
  section->outer = walk->open->len > 0 ? g_array_index (walk->open, guint, walk->open->len - 1) : G_MAXUINT;
  g_ptr_array_add (walk->found, section);
  g_array_append_val (walk->open, at);
}

static MereFormSection *
get_open (Walk *walk,
          guint i)
{
  return g_ptr_array_index (walk->found, g_array_index (walk->open, guint, i));
}

static void
close_above (Walk *walk,
             guint level,
             guint position)
{
  while (walk->open->len > 0 && get_open (walk, walk->open->len - 1)->level >= level)
    {
      get_open (walk, walk->open->len - 1)->end = position;
      g_array_set_size (walk->open, walk->open->len - 1);
    }
}

static GPtrArray *
walk_lines (MereQuestionList *list,
            const char       *start,
            GByteArray       *states)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint));
  Walk              walk = { g_ptr_array_new_with_free_func (g_object_unref), open };
  MereQuestionItem *item;

  g_byte_array_set_size (states, mere_question_list_get_n_lines (list));
  for (guint i = 0; (item = mere_question_list_peek (list, i)) != NULL; i++)
    {
      if (begins_section (item))
        {
          close_above (&walk, get_level (item), i);
          begin (&walk, item, i, NULL);
        }
      else if (i == 0)
        begin (&walk, item, i, start);
      else if (walk.found->len > 1 || begins_section (mere_question_list_peek (list, 0)))
        close_above (&walk, get_level (item), i);

      states->data[i] = get_state (item);
      for (guint each = 0; each < open->len; each++)
        count (get_open (&walk, each), states->data[i], 1);
    }
  close_above (&walk, 0, states->len);

  return walk.found;
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
  self->end = found->end;
  self->outer = found->outer;
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
                          const char       *start,
                          GByteArray       *states)
{
  g_autoptr (GPtrArray) found = walk_lines (list, start, states);
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

static guint
find (GListModel *sections,
      guint       position)
{
  guint low = 0;
  guint high = g_list_model_get_n_items (sections);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      g_autoptr (MereFormSection) section = g_list_model_get_item (sections, middle);

      if (section->position <= position)
        low = middle + 1;
      else
        high = middle;
    }

  return low > 0 ? low - 1 : G_MAXUINT;
}

void
mere_form_section_update (GListModel       *sections,
                          GByteArray       *states,
                          guint             position,
                          MereQuestionItem *item)
{
  guint8 before, now;
  guint  at;

  if (position >= states->len)
    return;

  before = states->data[position];
  now = get_state (item);
  at = before != now ? find (sections, position) : G_MAXUINT;
  states->data[position] = now;
  while (at != G_MAXUINT)
    {
      g_autoptr (MereFormSection) section = g_list_model_get_item (sections, at);

      at = section->outer;
      if (position >= section->end)
        continue;
      count (section, before, (guint) -1);
      count (section, now, 1);
      g_signal_emit (section, signals[CHANGED], 0);
    }
}

guint
mere_form_section_find (GListModel *sections,
                        guint       position)
{
  guint at = find (sections, position);

  return at != G_MAXUINT ? at : GTK_INVALID_LIST_POSITION;
}
