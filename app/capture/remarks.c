/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From paths to nodes. A reviewer may leave out positions that are 1, so paths are compared without them. */

#include "config.h"

#include "app/capture/remarks.h"

#include "app/store/digest.h"

#include <string.h>

char *
mere_remarks_dup_plain (const char *ref)
{
  g_auto (GStrv) parts = g_strsplit (ref, "[1]", -1);

  return g_strjoinv ("", parts);
}

static void
add_line (GHashTable *table,
          gpointer    key,
          const char *line)
{
  const char *before = g_hash_table_lookup (table, key);

  g_hash_table_replace (table, key, before != NULL ? g_strconcat (before, "\n", line, NULL) : g_strdup (line));
}

static void
collect (MereFormNode *node,
         GHashTable   *nodes)
{
  g_autofree char *ref = mere_form_node_dup_ref (node);

  g_hash_table_insert (nodes, mere_remarks_dup_plain (ref), node);
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    collect (mere_form_node_get_child (node, i), nodes);
}

/* Path without positions that are 1 → node. */
static GHashTable *
index_nodes (MereFormSession *session)
{
  GHashTable *nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  collect (mere_form_session_get_root (session), nodes);
  return nodes;
}

MereComments *
mere_remarks_match (GPtrArray       *returned,
                    MereFormSession *session)
{
  MereComments *remarks = mere_comments_new ();
  g_autoptr (GHashTable) nodes = NULL;

  if (returned == NULL || returned->len == 0)
    return remarks;
  nodes = index_nodes (session);
  for (guint i = 0; i < returned->len; i++)
    {
      const MereReturned *word = returned->pdata[i];
      g_autofree char    *plain = mere_remarks_dup_plain (word->ref);
      MereFormNode       *node = g_hash_table_lookup (nodes, plain);

      if (node != NULL)
        add_line (remarks, node, word->comment);
    }
  return remarks;
}

char *
mere_remarks_dup_summary (GPtrArray       *returned,
                          MereFormSession *session)
{
  g_autoptr (GHashTable) nodes = returned != NULL ? index_nodes (session) : NULL;
  GString *text = g_string_new (NULL);

  for (guint i = 0; returned != NULL && i < returned->len; i++)
    {
      const MereReturned *word = returned->pdata[i];
      g_autofree char    *plain = mere_remarks_dup_plain (word->ref);
      gboolean            whole = *plain == '\0';

      if (*word->comment == '\0' || g_hash_table_contains (nodes, plain))
        continue;
      g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? "\n" : "", whole ? "" : word->ref, whole ? "" : ": ", word->comment);
    }
  return g_string_free (text, FALSE);
}

/* Lists of it have an order of their own. */
char *
mere_remarks_dup_digest (GPtrArray *returned)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < returned->len; i++)
    {
      const MereReturned *word = returned->pdata[i];

      g_string_append_len (text, word->ref, (gssize) strlen (word->ref) + 1);
      g_string_append_len (text, word->comment, (gssize) strlen (word->comment) + 1);
    }
  return mere_digest_dup_hex (text->str, text->len);
}
