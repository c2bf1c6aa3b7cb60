/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of a mission's crossings, out of a table. */

#include "config.h"

#include "sync/hq/mission.h"

#include "app/forms/model.h"
#include "app/store/crossing.h"
#include "sync/dispatch.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean
fail_line (guint       line,
           const char *what,
           GError    **error)
{
  g_set_error (error,
               G_IO_ERROR,
               G_IO_ERROR_INVALID_DATA,
               /* Translators: the number of a line of a table of crossings, and what is wrong with it */
               _ ("Crossings, line %u: %s"),
               line,
               what);
  return FALSE;
}

static const char *
get_cell (const MereXmlNode *row,
          const char        *column)
{
  const MereXmlNode *cell = mere_xml_node_find_child (row, column);

  return cell != NULL ? cell->text : "";
}

/* Degrees; NaN for an empty cell. */
static gboolean
read_degrees (const char *text,
              double      most,
              double     *degrees)
{
  char *end;

  *degrees = NAN;
  if (*text == '\0')
    return TRUE;
  *degrees = g_ascii_strtod (text, &end);
  return *end == '\0' && fabs (*degrees) <= most;
}

static gboolean
read_id (const char *text,
         char      **id)
{
  if (*text != '\0' && !g_uuid_string_is_valid (text))
    return FALSE;
  *id = g_ascii_strdown (text, -1);
  return TRUE;
}

static MereCrossing *
read_crossing (const MereXmlNode *row,
               guint              line,
               GError           **error)
{
  g_autofree char *name = g_strstrip (g_strdup (get_cell (row, "name")));
  g_autofree char *id = NULL;
  g_autoptr (MereCrossing) crossing = NULL;
  MereCrossingKind kind;

  if (*name == '\0')
    fail_line (line, _ ("it has no name."), error);
  else if (!mere_crossing_kind_from_string (get_cell (row, "kind"), &kind))
    fail_line (line, _ ("its kind must be land, air, sea or rail."), error);
  else if (!read_id (get_cell (row, "id"), &id))
    fail_line (line, _ ("its id must be a UUID, or empty."), error);
  else
    {
      crossing = mere_crossing_new (name, kind, get_cell (row, "note"));
      crossing->origin = MERE_CROSSING_PACK;
      g_free (crossing->id);
      crossing->id = g_steal_pointer (&id);
      if (read_degrees (get_cell (row, "latitude"), 90, &crossing->latitude) &&
          read_degrees (get_cell (row, "longitude"), 180, &crossing->longitude))
        return g_steal_pointer (&crossing);
      fail_line (line, _ ("latitude and longitude must be degrees, as -12.5, or empty."), error);
    }
  return NULL;
}

/* A name twice would be one crossing for the laptop and two for a reader. */
static gboolean
check_name (GHashTable         *names,
            const MereCrossing *crossing,
            guint               line,
            GError            **error)
{
  return g_hash_table_add (names, crossing->name) || fail_line (line, _ ("another line has the same name."), error);
}

static GPtrArray *
read_all (const MereXmlNode *rows,
          GError           **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_crossing_free);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint line = 1;

  for (const MereXmlNode *row = mere_xml_node_first_child (rows); row != NULL; row = mere_xml_node_next_element (row))
    {
      MereCrossing *crossing = read_crossing (row, ++line, error);

      if (crossing == NULL)
        return NULL;
      g_ptr_array_add (list, crossing);
      if (!check_name (names, crossing, line, error))
        return NULL;
    }
  if (list->len > 0 && list->len <= MERE_DISPATCH_MAX_CROSSINGS)
    return g_steal_pointer (&list);
  fail_line (line, list->len == 0 ? _ ("there is no crossing.") : _ ("there are too many crossings."), error);
  return NULL;
}

GPtrArray *
mere_mission_read_crossings (GBytes  *text,
                             GError **error)
{
  g_autoptr (MereArena) arena = mere_arena_new ();
  g_autofree char   *message = NULL;
  gsize              size;
  const char        *bytes = g_bytes_get_data (text, &size);
  const MereXmlNode *table = mere_csv_read (arena, bytes != NULL ? bytes : "", size, &message);

  if (table != NULL)
    return read_all (mere_xml_node_first_child (table), error);
  fail_line (1, message, error);
  return NULL;
}
