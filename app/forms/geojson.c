/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GeoJSON as a secondary instance: an item a feature, with geometry, id and properties. ODK XForms, section "Secondary
 * Instances from GeoJSON"; RFC 7946. */

#include "config.h"

#include "app/forms/bounds.h"
#include "app/forms/model.h"
#include "app/forms/value.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define DEEPEST_JSON 64 /* the parser recurses */

typedef struct
{
  MereArena   *arena;
  MereXmlNode *item;
  MereXmlNode *last;
} Item;

static gboolean
is_shallow (const char *text, gsize length)
{
  guint    depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (quoted && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        quoted = !quoted;
      else if (!quoted && (text[i] == '{' || text[i] == '[') && ++depth > DEEPEST_JSON)
        return FALSE;
      else if (!quoted && (text[i] == '}' || text[i] == ']') && depth > 0)
        depth--;
    }
  return TRUE;
}

static void
add (Item *self, const char *name, const char *text)
{
  self->last = mere_xml_node_append (self->arena, self->item, self->last, mere_xml_name_intern (self->arena, NULL, name, NULL));
  self->last->text = mere_arena_strdup (self->arena, text);
}

static char *
to_text (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  return mere_number_to_string (json_node_get_double (node));
}

static JsonArray *
get_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* "latitude longitude 0 0", from [longitude, latitude]. */
static gboolean
append_point (GString *out, JsonNode *node)
{
  JsonArray       *pair = get_array (node);
  g_autofree char *latitude = NULL, *longitude = NULL;

  if (pair == NULL || json_array_get_length (pair) < 2)
    return FALSE;
  longitude = to_text (json_array_get_element (pair, 0));
  latitude = to_text (json_array_get_element (pair, 1));
  if (longitude == NULL || latitude == NULL)
    return FALSE;
  g_string_append_printf (out, "%s%s %s 0 0", out->len > 0 ? "; " : "", latitude, longitude);
  return TRUE;
}

static gboolean
append_points (GString *out, JsonArray *points)
{
  gboolean ok = points != NULL;

  for (guint i = 0; ok && i < json_array_get_length (points); i++)
    ok = append_point (out, json_array_get_element (points, i));
  return ok;
}

static gboolean
read_geometry (Item *self, JsonObject *feature)
{
  JsonNode   *node = json_object_get_member (feature, "geometry");
  JsonObject *geometry = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode   *coordinates = geometry != NULL ? json_object_get_member (geometry, "coordinates") : NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *type = geometry != NULL ? to_text (json_object_get_member (geometry, "type")) : NULL;
  gboolean         ok = FALSE;

  if (g_strcmp0 (type, "Point") == 0)
    ok = append_point (out, coordinates);
  else if (g_strcmp0 (type, "LineString") == 0)
    ok = append_points (out, get_array (coordinates));
  else if (g_strcmp0 (type, "Polygon") == 0 && get_array (coordinates) != NULL)
    ok = json_array_get_length (get_array (coordinates)) == 0 || append_points (out, get_array (json_array_get_element (get_array (coordinates), 0)));
  if (ok)
    add (self, "geometry", out->str);
  return ok;
}

static void
read_properties (Item *self, JsonObject *feature)
{
  JsonNode        *node = json_object_get_member (feature, "properties");
  JsonObject      *properties = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autofree char *id = to_text (json_object_get_member (feature, "id"));
  g_autoptr (GList) names = properties != NULL ? json_object_get_members (properties) : NULL;

  if (id != NULL)
    add (self, "id", id);
  for (GList *at = names; at != NULL; at = at->next)
    {
      g_autofree char *text = to_text (json_object_get_member (properties, at->data));

      if (text != NULL && (id == NULL || strcmp (at->data, "id") != 0))
        add (self, at->data, text);
    }
}

static gboolean
read_features (MereArena *arena, JsonArray *features, MereXmlNode *root)
{
  Item item = { .arena = arena };

  for (guint i = 0; i < json_array_get_length (features); i++)
    {
      JsonNode *feature = json_array_get_element (features, i);

      item.item = mere_xml_node_append (arena, root, item.item, mere_xml_name_intern (arena, NULL, "item", NULL));
      item.last = NULL;
      if (!JSON_NODE_HOLDS_OBJECT (feature) || !read_geometry (&item, json_node_get_object (feature)))
        return FALSE;
      read_properties (&item, json_node_get_object (feature));
    }
  return TRUE;
}

const MereXmlNode *
mere_geojson_read (MereArena *arena, const char *text, gsize length, char **message)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) error = NULL;
  MereXmlNode *holder = mere_xml_node_append (arena, NULL, NULL, mere_xml_name_intern (arena, NULL, "instance", NULL));
  MereXmlNode *root = mere_xml_node_append (arena, holder, NULL, mere_xml_name_intern (arena, NULL, "root", NULL));
  JsonNode    *top;
  JsonArray   *features = NULL;

  if (!is_shallow (text, length) || !json_parser_load_from_data (parser, text, length, &error))
    {
      *message = g_strdup (error != NULL ? error->message : _ ("it is nested too deeply"));
      return NULL;
    }
  top = json_parser_get_root (parser);
  if (top != NULL && JSON_NODE_HOLDS_OBJECT (top))
    features = get_array (json_object_get_member (json_node_get_object (top), "features"));
  if (features != NULL && read_features (arena, features, root))
    return holder;
  *message = g_strdup (_ ("it is no FeatureCollection of points, lines and polygons"));
  return NULL;
}
