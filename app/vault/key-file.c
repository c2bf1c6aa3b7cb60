/* SPDX-License-Identifier: GPL-3.0-or-later */

/* keys.json as bytes. The file is read before anything of it can be trusted: its size, depth and numbers are bounded first.
 * It ends in its authentication code, which covers every byte before itself. */

#include "config.h"

#include "app/vault/key-file.h"

#include "app/vault/vault.h"
#include "app/vault/vfs-private.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>

#define FORMAT "merestone-keys"
#define VERSION 1
#define DEPTH 3 /* the file, its slots, a slot */
#define CODE 32
#define DIGITS (2 * CODE)
#define TAIL "\"\n}\n" /* what follows the digits of the code, to the end */

struct _MereKeyFile
{
  guint8     id[MERE_VFS_ID];
  JsonArray *slots;
  GBytes    *text; /* as it was read; NULL for a new one */
};

MereKeyFile *
mere_key_file_new (const guint8 *id)
{
  MereKeyFile *self = g_new0 (MereKeyFile, 1);

  memcpy (self->id, id, MERE_VFS_ID);
  self->slots = json_array_new ();
  return self;
}

void
mere_key_file_free (MereKeyFile *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->slots, json_array_unref);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self);
}

const guint8 *
mere_key_file_get_id (MereKeyFile *self)
{
  return self->id;
}

GBytes *
mere_key_file_get_text (MereKeyFile *self)
{
  return self->text;
}

/* Authentication */

static void
compute_code (guint8 code[CODE], const char *text, gsize size, const MereSecret *data_key)
{
  g_autoptr (MereSecret) key = mere_secret_new (MERE_SEAL_KEY);

  mere_subkey_derive (mere_secret_get_data (key), mere_secret_get_data (data_key), MERE_SUBKEY_SLOTS);
  crypto_generichash (code, CODE, (const guint8 *) text, size, mere_secret_get_data (key), MERE_SEAL_KEY);
}

static gsize
size_before_code (gsize size)
{
  return size - DIGITS - strlen (TAIL);
}

static gboolean
has_code (const char *text, gsize size)
{
  return size > DIGITS + strlen (TAIL) && memcmp (text + size - strlen (TAIL), TAIL, strlen (TAIL)) == 0;
}

gboolean
mere_key_file_is_authentic (MereKeyFile *self, const MereSecret *data_key)
{
  gsize       size;
  const char *text = g_bytes_get_data (self->text, &size);
  guint8      code[CODE];
  char        digits[DIGITS + 1];

  compute_code (code, text, size_before_code (size), data_key);
  sodium_bin2hex (digits, sizeof digits, code, CODE);
  return sodium_memcmp (digits, text + size_before_code (size), DIGITS) == 0;
}

/* Reading */

static void
set_damaged (GError **error)
{
  g_set_error_literal (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED,
                       _ ("The keys of this vault are damaged or were changed. Put back keys.json from a copy of the vault."));
}

/* The JSON parser recurses, and loses memory where more than one value comes; our strings hold no brackets, so they need not be
 * told apart. The text ends in "}" and a line feed. */
static gboolean
is_one_shallow_object (const char *text, gsize size)
{
  int depth = 0;

  for (gsize i = 0; i < size - 2; i++)
    {
      if (text[i] == '{' || text[i] == '[')
        depth++;
      else if (text[i] == '}' || text[i] == ']')
        depth--;
      if (depth < 1 || depth > DEPTH)
        return FALSE;
    }
  return depth == 1;
}

static gboolean
check_format (JsonObject *object, GError **error)
{
  JsonNode *version = json_object_get_member (object, "version");
  gboolean  ours = g_strcmp0 (mere_key_json_get_text (object, "format"), FORMAT) == 0;

  if (ours && version != NULL && JSON_NODE_HOLDS_VALUE (version) && json_node_get_int (version) == VERSION)
    return TRUE;
  g_set_error_literal (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_NOT_A_VAULT,
                       ours ? _ ("This vault was made by a newer version of the program.") : _ ("This folder holds no vault."));
  return FALSE;
}

/* A slot of a known kind has to be whole; one of another kind only has to say which. */
static gboolean
slots_are_valid (JsonArray *slots)
{
  guint n = json_array_get_length (slots);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *node = json_array_get_element (slots, i);
      JsonObject *slot = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (slot == NULL || mere_key_json_get_text (slot, "kind") == NULL || mere_key_slot_is_broken (slot))
        return FALSE;
    }
  return n > 0 && n <= MERE_KEY_FILE_MOST_SLOTS;
}

static gboolean
take_object (MereKeyFile *self, JsonObject *object, GError **error)
{
  JsonNode *slots = json_object_get_member (object, "slots");

  if (!check_format (object, error))
    return FALSE;
  if (slots != NULL && JSON_NODE_HOLDS_ARRAY (slots) && slots_are_valid (json_node_get_array (slots)) &&
      mere_key_json_get_bytes (object, "vault", self->id, MERE_VFS_ID))
    {
      self->slots = json_array_ref (json_node_get_array (slots));
      return TRUE;
    }
  set_damaged (error);
  return FALSE;
}

MereKeyFile *
mere_key_file_parse (const char *text, gsize size, GError **error)
{
  g_autoptr (MereKeyFile) self = g_new0 (MereKeyFile, 1);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;

  if (size > MERE_KEY_FILE_MOST_BYTES || !has_code (text, size) || !g_utf8_validate_len (text, size, NULL) ||
      !is_one_shallow_object (text, size) || !json_parser_load_from_data (parser, text, (gssize) size, NULL))
    {
      set_damaged (error);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      set_damaged (error);
      return NULL;
    }
  if (!take_object (self, json_node_get_object (root), error))
    return NULL;
  self->text = g_bytes_new (text, size);
  return g_steal_pointer (&self);
}

MereSecret *
mere_key_file_unlock (MereKeyFile *self, MereKeySlotKind kind, const MereSecret *secret, guint *slot, GError **error)
{
  g_autoptr (GError) refused = NULL;

  for (guint i = 0; i < json_array_get_length (self->slots); i++)
    {
      JsonObject *object = json_array_get_object_element (self->slots, i);
      g_autoptr (MereSecret) data_key = NULL;

      if (!mere_key_slot_is (object, kind))
        continue;
      g_clear_error (&refused);
      data_key = mere_key_slot_open (self->id, object, secret, &refused);
      if (data_key == NULL && !g_error_matches (refused, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE))
        break;
      if (data_key == NULL)
        continue;
      if (slot != NULL)
        *slot = i;
      if (mere_key_file_is_authentic (self, data_key))
        return g_steal_pointer (&data_key);
      set_damaged (error);
      return NULL;
    }
  if (refused != NULL)
    g_propagate_error (error, g_steal_pointer (&refused));
  else
    set_damaged (error); /* no slot of this kind at all */
  return NULL;
}

guint
mere_key_file_get_n_slots (MereKeyFile *self)
{
  return json_array_get_length (self->slots);
}

JsonObject *
mere_key_file_get_slot (MereKeyFile *self, guint index)
{
  return json_array_get_object_element (self->slots, index);
}

/* Writing */

/* What was read is immutable. */
static JsonArray *
copy_slots_but (MereKeyFile *self, guint index, JsonObject *instead)
{
  JsonArray *slots = json_array_new ();

  for (guint i = 0; i < json_array_get_length (self->slots); i++)
    if (i != index)
      json_array_add_element (slots, json_array_dup_element (self->slots, i));
    else if (instead != NULL)
      json_array_add_object_element (slots, json_object_ref (instead));
  return slots;
}

void
mere_key_file_add_slot (MereKeyFile *self, JsonObject *slot)
{
  JsonArray *slots = copy_slots_but (self, G_MAXUINT, NULL);

  json_array_add_object_element (slots, json_object_ref (slot));
  json_array_unref (self->slots);
  self->slots = slots;
}

void
mere_key_file_replace_slot (MereKeyFile *self, guint index, JsonObject *slot)
{
  JsonArray *slots = copy_slots_but (self, index, slot);

  json_array_unref (self->slots);
  self->slots = slots;
}

/* The file with zeros for its code. */
static char *
compose (MereKeyFile *self)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *zeros = g_strnfill (DIGITS, '0');
  g_autofree char *json = NULL;
  char             id[2 * MERE_VFS_ID + 1];

  sodium_bin2hex (id, sizeof id, self->id, MERE_VFS_ID);
  json_object_set_string_member (object, "format", FORMAT);
  json_object_set_int_member (object, "version", VERSION);
  json_object_set_string_member (object, "vault", id);
  json_object_set_array_member (object, "slots", json_array_ref (self->slots));
  json_object_set_string_member (object, "code", zeros);
  json_node_set_object (root, object);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  json = json_generator_to_data (generator, NULL);
  return g_strconcat (json, "\n", NULL);
}

GBytes *
mere_key_file_seal (MereKeyFile *self, const MereSecret *data_key)
{
  char  *text = compose (self);
  gsize  size = strlen (text);
  guint8 code[CODE];
  char   digits[DIGITS + 1];

  g_assert (has_code (text, size));
  compute_code (code, text, size_before_code (size), data_key);
  sodium_bin2hex (digits, sizeof digits, code, CODE);
  memcpy (text + size_before_code (size), digits, DIGITS);
  return g_bytes_new_take (text, size);
}
