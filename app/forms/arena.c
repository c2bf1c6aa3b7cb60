/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks in a list; the newest one is filled. A piece larger than a block gets a block of its own. */

#include "config.h"

#include "app/forms/arena.h"

#include <string.h>

#define BLOCK_BYTES ((gsize) 64 * 1024)
#define ALIGNMENT ((gsize) 16)

typedef struct _Block
{
  struct _Block *next;
  gsize          used;
  gsize          size;
} Block;

struct _MereArena
{
  Block      *blocks;
  GHashTable *strings;
  GHashTable *records;
  gsize       size;
};

#define HEADER_BYTES ((sizeof (Block) + ALIGNMENT - 1) & ~(ALIGNMENT - 1))

static Block *
add_block (MereArena *self, gsize payload)
{
  Block *block = g_malloc0 (HEADER_BYTES + payload);

  block->size = payload;
  block->next = self->blocks;
  self->blocks = block;
  self->size += HEADER_BYTES + payload;
  return block;
}

MereArena *
mere_arena_new (void)
{
  MereArena *self = g_new0 (MereArena, 1);

  self->strings = g_hash_table_new (g_str_hash, g_str_equal);
  self->records = g_hash_table_new (g_str_hash, g_str_equal);
  add_block (self, BLOCK_BYTES);
  return self;
}

void
mere_arena_free (MereArena *self)
{
  if (self == NULL)
    return;
  while (self->blocks != NULL)
    {
      Block *block = self->blocks;

      self->blocks = block->next;
      g_free (block);
    }
  g_hash_table_unref (self->strings);
  g_hash_table_unref (self->records);
  g_free (self);
}

/* A large piece goes behind the block that is being filled, so that the rest of that one is not lost. */
static gpointer
alloc_large (MereArena *self, gsize size)
{
  Block *current = self->blocks;
  Block *block = add_block (self, size);

  block->used = size;
  self->blocks = current;
  block->next = current->next;
  current->next = block;
  return (char *) block + HEADER_BYTES;
}

gpointer
mere_arena_alloc (MereArena *self, gsize size)
{
  gsize  rounded = (MAX (size, 1) + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
  Block *block = self->blocks;

  if (rounded > BLOCK_BYTES / 4)
    return alloc_large (self, rounded);
  if (block->used + rounded > block->size)
    block = add_block (self, BLOCK_BYTES);
  block->used += rounded;
  return (char *) block + HEADER_BYTES + block->used - rounded;
}

char *
mere_arena_strndup (MereArena *self, const char *text, gsize length)
{
  char *copy = mere_arena_alloc (self, length + 1);

  if (length > 0)
    memcpy (copy, text, length);
  return copy;
}

char *
mere_arena_strdup (MereArena *self, const char *text)
{
  return text != NULL ? mere_arena_strndup (self, text, strlen (text)) : NULL;
}

const char *
mere_arena_intern (MereArena *self, const char *text)
{
  const char *known = g_hash_table_lookup (self->strings, text);

  if (known == NULL)
    {
      known = mere_arena_strdup (self, text);
      g_hash_table_add (self->strings, (gpointer) known);
    }
  return known;
}

const char *
mere_arena_lookup (MereArena *self, const char *text)
{
  return g_hash_table_lookup (self->strings, text);
}

const char *
mere_arena_internn (MereArena *self, const char *text, gsize length)
{
  char             small[128];
  g_autofree char *large = NULL;

  if (length < sizeof small)
    {
      memcpy (small, text, length);
      small[length] = '\0';
      return mere_arena_intern (self, small);
    }
  large = g_strndup (text, length);
  return mere_arena_intern (self, large);
}

gpointer
mere_arena_record (MereArena *self, const char *key, gsize size)
{
  gpointer record = g_hash_table_lookup (self->records, key);

  if (record == NULL)
    {
      record = mere_arena_alloc (self, size);
      g_hash_table_insert (self->records, mere_arena_strdup (self, key), record);
    }
  return record;
}

gsize
mere_arena_get_size (MereArena *self)
{
  return self->size;
}
