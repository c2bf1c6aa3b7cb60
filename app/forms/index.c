/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Indexes over secondary instances, so that item[country = /data/country] among 50,000 costs what it finds. */

#include "config.h"

#include "app/forms/instance.h"

#include <string.h>

typedef struct
{
  MereAny     base;
  const char *test;
  const char *key;
} Which;

typedef struct
{
  Which       which;
  GHashTable *first; /* text to 1 + place of the first entry */
  GArray     *items; /* of MereAny */
  GArray     *next;  /* 1 + place of the next entry of the same text */
  GPtrArray  *texts; /* texts that had to be made */
} Index;

static guint
hash_which (gconstpointer key)
{
  const Which *which = key;

  return (guint) (which->base >> 4) * 31 + g_direct_hash (which->test) * 7 + g_direct_hash (which->key);
}

static gboolean
same_which (gconstpointer a, gconstpointer b)
{
  const Which *left = a, *right = b;

  return left->base == right->base && left->test == right->test && left->key == right->key;
}

static void
free_index (gpointer data)
{
  Index *index = data;

  g_hash_table_unref (index->first);
  g_array_unref (index->items);
  g_array_unref (index->next);
  g_ptr_array_unref (index->texts);
  g_free (index);
}

static void
enter (Index *index, MereAny item, MereAny key)
{
  char       *owned;
  const char *text = mere_any_to_string (key, &owned);
  guint       head = GPOINTER_TO_UINT (g_hash_table_lookup (index->first, text));

  if (owned != NULL)
    g_ptr_array_add (index->texts, owned);
  g_array_append_val (index->items, item);
  g_array_append_val (index->next, head);
  g_hash_table_insert (index->first, (gpointer) text, GUINT_TO_POINTER (index->items->len));
}

/* From the last to the first, so that each chain is in document order. */
static Index *
build_index (const Which *which)
{
  Index    *index = g_new0 (Index, 1);
  MereNodes items;

  index->which = *which;
  index->first = g_hash_table_new (g_str_hash, g_str_equal);
  index->items = g_array_new (FALSE, FALSE, sizeof (MereAny));
  index->next = g_array_new (FALSE, FALSE, sizeof (guint));
  index->texts = g_ptr_array_new_with_free_func (g_free);
  mere_nodes_init (&items);
  mere_any_children (which->base, which->test, &items);
  for (guint i = items.n; i > 0; i--)
    {
      MereNodes keys;

      mere_nodes_init (&keys);
      mere_any_children (items.items[i - 1], which->key, &keys);
      for (guint k = 0; k < keys.n; k++)
        enter (index, items.items[i - 1], keys.items[k]);
      mere_nodes_clear (&keys);
    }
  mere_nodes_clear (&items);
  return index;
}

static Index *
find_index (MereFormSession *session, const Which *which)
{
  Index *index;

  if (session->indexes == NULL)
    session->indexes = g_hash_table_new_full (hash_which, same_which, NULL, free_index);
  index = g_hash_table_lookup (session->indexes, which);
  if (index == NULL)
    {
      index = build_index (which);
      g_hash_table_insert (session->indexes, &index->which, index);
    }
  return index;
}

void
mere_index_look_up (MereFormSession *session, const MereNodes *base, const char *test, const char *key, const char *value, MereNodes *nodes)
{
  for (guint i = 0; i < base->n; i++)
    {
      Which        which = { base->items[i], test, key };
      const Index *index = find_index (session, &which);
      guint        at = GPOINTER_TO_UINT (g_hash_table_lookup (index->first, value));

      for (; at > 0; at = g_array_index (index->next, guint, at - 1))
        {
          MereAny item = g_array_index (index->items, MereAny, at - 1);

          /* an item may have the key twice with the same text */
          if (nodes->n == 0 || nodes->items[nodes->n - 1] != item)
            mere_nodes_add (nodes, item);
        }
    }
}
