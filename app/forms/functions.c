/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All functions by name. The families stand in files of their own, in the order of the specification. */

#include "config.h"

#include "app/forms/evaluate.h"

#include <string.h>

static const MereFunction *const families[] = {
  mere_functions_string,
  mere_functions_boolean,
  mere_functions_number,
  mere_functions_nodes,
  mere_functions_date,
  mere_functions_select,
  mere_functions_geo,
};

static GHashTable *
make_table (void)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    for (const MereFunction *function = families[i]; function->name != NULL; function++)
      g_hash_table_insert (table, (gpointer) function->name, (gpointer) function);
  return table;
}

const MereFunction *
mere_function_find (const char *name)
{
  static gsize table;

  if (g_once_init_enter (&table))
    g_once_init_leave (&table, (gsize) make_table ());
  return g_hash_table_lookup ((GHashTable *) table, name);
}
