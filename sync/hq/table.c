/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a tree to tables. Sources for names and keys: the CSV files that ODK Central exports. */

#include "config.h"

#include "sync/hq/table.h"

#include <string.h>

static void
column_free (gpointer data)
{
  MereColumn *column = data;

  g_free (column->name);
  g_free (column);
}

static void
table_free (gpointer data)
{
  MereTable *table = data;

  g_free (table->name);
  g_ptr_array_unref (table->columns);
  g_hash_table_unref (table->places);
  g_free (table);
}

MereShapeType
mere_column_get_type (const MereColumn *self)
{
  if (self->part >= 0)
    return MERE_SHAPE_DECIMAL;
  return self->choice != NULL ? MERE_SHAPE_INT : self->shape->type;
}

static void
add_column (MereTable       *table,
            const MereShape *shape,
            const char      *name,
            const char      *suffix,
            int              part,
            const char      *choice)
{
  MereColumn *column = g_new0 (MereColumn, 1);

  column->name = g_strconcat (name, suffix, NULL);
  column->shape = shape;
  column->part = part;
  column->choice = choice;
  if (part <= 0 && choice == NULL)
    g_hash_table_insert (table->places, (gpointer) shape, GUINT_TO_POINTER (table->columns->len));
  g_ptr_array_add (table->columns, column);
}

static void
add_choices (MereTable       *table,
             const MereShape *shape,
             const char      *name)
{
  for (guint i = 0; i < shape->choices->len; i++)
    {
      const MereShapeChoice *choice = shape->choices->pdata[i];
      gboolean               label = (table->flags & MERE_TABLE_LABELS) && choice->label != NULL;
      g_autofree char       *suffix = g_strconcat ("/", label ? choice->label : choice->value, NULL);

      add_column (table, shape, name, suffix, -1, choice->value);
    }
}

static gboolean
has_column (const MereTable *table,
            const char      *name)
{
  for (guint i = 0; i < table->columns->len; i++)
    if (g_str_equal (((MereColumn *) table->columns->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

/* Two questions may have one label: the second one's path tells them apart. */
static char *
dup_title (const MereTable *table,
           const MereShape *shape,
           const char      *path)
{
  if (!(table->flags & MERE_TABLE_LABELS) || shape->label == NULL)
    return g_strdup (path);
  return has_column (table, shape->label) ? g_strdup_printf ("%s [%s]", shape->label, path) : g_strdup (shape->label);
}

static void
add_value (MereTable       *table,
           const MereShape *shape,
           const char      *path)
{
  static const char *const parts[] = { "-Latitude", "-Longitude", "-Altitude", "-Accuracy" };
  g_autofree char         *name = dup_title (table, shape, path);

  if (shape->type != MERE_SHAPE_PLACE)
    add_column (table, shape, name, "", -1, NULL);
  for (guint i = 0; shape->type == MERE_SHAPE_PLACE && i < G_N_ELEMENTS (parts); i++)
    add_column (table, shape, name, parts[i], (int) i, NULL);
  if ((table->flags & MERE_TABLE_SPLIT) && shape->is_many && shape->choices != NULL)
    add_choices (table, shape, name);
}

/* Columns of all that is below @shape and in no repeat. */
static void
add_columns (MereTable       *table,
             const MereShape *shape,
             const char      *prefix)
{
  for (guint i = 0; shape->children != NULL && i < shape->children->len; i++)
    {
      const MereShape *child = shape->children->pdata[i];
      g_autofree char *name = *prefix != '\0' ? g_strconcat (prefix, "-", child->name, NULL) : g_strdup (child->name);

      if (child->is_repeat)
        continue;
      if (child->is_leaf)
        add_value (table, child, name);
      add_columns (table, child, name);
    }
}

static void
add_table (GPtrArray       *tables,
           const MereShape *shape,
           char            *name,
           MereTableFlags   flags)
{
  MereTable *table = g_new0 (MereTable, 1);

  table->name = name;
  table->shape = shape;
  table->flags = flags;
  table->is_repeat = tables->len > 0;
  table->columns = g_ptr_array_new_with_free_func (column_free);
  table->places = g_hash_table_new (NULL, NULL);
  g_ptr_array_add (tables, table);
  if (table->is_repeat && shape->is_leaf)
    add_value (table, shape, shape->name);
  add_columns (table, shape, "");
}

static void
list_repeats (GPtrArray       *repeats,
              const MereShape *shape)
{
  for (guint i = 0; shape->children != NULL && i < shape->children->len; i++)
    {
      MereShape *child = shape->children->pdata[i];

      if (child->is_repeat)
        g_ptr_array_add (repeats, child);
      list_repeats (repeats, child);
    }
}

/* How many repeats before @end are called so. */
static guint
count_name (GPtrArray  *repeats,
            const char *name,
            guint       end)
{
  guint n = 0;

  for (guint i = 0; i < end; i++)
    n += g_str_equal (((MereShape *) repeats->pdata[i])->name, name);
  return n;
}

GPtrArray *
mere_table_list (const MereShape *shape,
                 const char      *form,
                 MereTableFlags   flags)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (table_free);
  g_autoptr (GPtrArray) repeats = g_ptr_array_new ();

  add_table (tables, shape, g_strdup (form), flags);
  list_repeats (repeats, shape);
  for (guint i = 0; i < repeats->len; i++)
    {
      const MereShape *repeat = repeats->pdata[i];

      add_table (tables,
                 repeat,
                 count_name (repeats, repeat->name, repeats->len) == 1
                   ? g_strdup_printf ("%s-%s", form, repeat->name)
                   : g_strdup_printf ("%s-%s~%u", form, repeat->name, count_name (repeats, repeat->name, i) + 1),
                 flags);
    }
  return tables;
}

typedef struct
{
  GPtrArray   *tables;
  MereTableRow row;
  gpointer     user_data;
  GError     **error;
} Filling;

/* A row that is being filled; cells are borrowed from the submission, or from @parts. */
typedef struct
{
  guint        table;
  const char **cells;
  const char  *key;
  GPtrArray   *parts;
} Row;

static guint
find_table (GPtrArray       *tables,
            const MereShape *shape)
{
  guint index = 0;

  while (((MereTable *) tables->pdata[index])->shape != shape)
    index++;
  return index;
}

static void
put_place (Row        *row,
           guint       column,
           const char *value)
{
  g_auto (GStrv) words = g_strsplit_set (value, " \t\r\n", -1);
  guint n = 0;

  for (char **word = words; *word != NULL && n < 4; word++)
    if (**word != '\0')
      {
        row->cells[column + n++] = *word;
        g_ptr_array_add (row->parts, *word);
        *word = g_strdup ("");
      }
}

/* Words that were chosen, each by its label where it has one. */
static char *
dup_labels (const MereShape *shape,
            const char      *value)
{
  g_auto (GStrv) words = g_strsplit_set (value, shape->is_many ? " \t\r\n" : "\n", -1);
  GString *text = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    {
      const MereShapeChoice *choice = mere_shape_find_choice (shape, *word);

      if (**word != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", choice != NULL && choice->label != NULL ? choice->label : *word);
    }
  return g_string_free (text, FALSE);
}

/* The columns of choices behind that of all of them. */
static void
put_choices (const MereTable *table,
             Row             *row,
             guint            column,
             const char      *value)
{
  g_auto (GStrv) words = g_strsplit_set (value, " \t\r\n", -1);

  for (guint i = column + 1; i < table->columns->len; i++)
    {
      const MereColumn *choice = table->columns->pdata[i];

      if (choice->choice == NULL || choice->shape != ((MereColumn *) table->columns->pdata[column])->shape)
        return;
      row->cells[i] = g_strv_contains ((const char *const *) words, choice->choice) ? "1" : "0";
    }
}

static void
put_word (const MereTable *table,
          Row             *row,
          const MereShape *shape,
          guint            column,
          const char      *value)
{
  char *labels = (table->flags & MERE_TABLE_LABELS) && shape->choices != NULL ? dup_labels (shape, value) : NULL;

  if (labels != NULL)
    g_ptr_array_add (row->parts, labels);
  row->cells[column] = labels != NULL ? labels : value;
  if ((table->flags & MERE_TABLE_SPLIT) && shape->is_many && *value != '\0')
    put_choices (table, row, column, value);
}

static void
put_value (Filling         *self,
           Row             *row,
           const MereShape *shape,
           const char      *value)
{
  MereTable *table = self->tables->pdata[row->table];
  gpointer   place;

  if (!g_hash_table_lookup_extended (table->places, shape, NULL, &place))
    return;
  if (shape->type == MERE_SHAPE_PLACE)
    put_place (row, GPOINTER_TO_UINT (place), value);
  else
    put_word (table, row, shape, GPOINTER_TO_UINT (place), value);
}

/* Recursion is bounded by the parser's limit of depth. @path is that of @node, with positions on repeats. */
static gboolean fill_row (Filling *self, Row *row, MereShape *shape, const MereXmlNode *node, const char *path);

static gboolean
fill_repeat (Filling           *self,
             const Row         *parent,
             MereShape         *shape,
             const MereXmlNode *node,
             const char        *key)
{
  guint                   index = find_table (self->tables, shape);
  MereTable              *table = self->tables->pdata[index];
  g_autofree const char **cells = g_new0 (const char *, table->columns->len + 1);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  Row row = { index, cells, key, parts };

  if (shape->is_leaf && mere_xml_node_first_child (node) == NULL)
    put_value (self, &row, shape, node->text);
  return fill_row (self, &row, shape, node, key) &&
         self->row (self->user_data, index, cells, key, parent->key, self->error);
}

static guint
count_up (GHashTable *counts,
          gpointer    key)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;

  g_hash_table_insert (counts, key, GUINT_TO_POINTER (n));
  return n;
}

static gboolean
fill_row (Filling           *self,
          Row               *row,
          MereShape         *shape,
          const MereXmlNode *node,
          const char        *path)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);

  for (const MereXmlNode *child = mere_xml_node_first_child (node); child != NULL; child = mere_xml_node_next_element (child))
    {
      MereShape       *below = mere_shape_find (shape, child->name->local);
      g_autofree char *below_path = NULL;

      if (below == NULL)
        continue;
      if (below->is_repeat)
        {
          below_path = g_strdup_printf ("%s/%s[%u]", path, below->name, count_up (counts, below));
          if (!fill_repeat (self, row, below, child, below_path))
            return FALSE;
          continue;
        }
      below_path = g_strdup_printf ("%s/%s", path, below->name);
      if (mere_xml_node_first_child (child) == NULL)
        put_value (self, row, below, child->text);
      else if (!fill_row (self, row, below, child, below_path))
        return FALSE;
    }
  return TRUE;
}

gboolean
mere_table_fill (GPtrArray            *tables,
                 const MereSubmission *submission,
                 MereTableRow          row,
                 gpointer              user_data,
                 GError              **error)
{
  MereTable              *table = tables->pdata[0];
  g_autofree const char **cells = g_new0 (const char *, table->columns->len + 1);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  Filling filling = { tables, row, user_data, error };
  Row     root = { 0, cells, submission->id, parts };

  return fill_row (&filling, &root, (MereShape *) table->shape, submission->root, submission->id) &&
         row (user_data, 0, cells, submission->id, NULL, error);
}
