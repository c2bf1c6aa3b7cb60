/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite's own allocator (https://sqlite.org/malloc.html, "Pluggable memory allocators"), with a wipe before each free. */

#include "config.h"

#include "app/vault/sqlite-memory.h"

#include "app/vault/heap.h"

#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

static sqlite3_mem_methods own; /* SQLite's */

static void
wipe_and_free (void *memory)
{
  if (memory == NULL)
    return;
  sodium_memzero (memory, (gsize) own.xSize (memory));
  own.xFree (memory);
}

/* The allocator's own would leave a copy behind where it moves; and what a smaller block no longer holds. */
static void *
resize (void *memory, int size)
{
  int   before = own.xSize (memory);
  void *moved;

  if (size <= before && size > before / 2)
    {
      sodium_memzero ((guint8 *) memory + size, (gsize) (before - size));
      return memory;
    }
  moved = own.xMalloc (size);
  if (moved == NULL)
    return NULL;
  memcpy (moved, memory, (gsize) MIN (before, size));
  wipe_and_free (memory);
  return moved;
}

/* Statistics, which nobody asks for, cost a lock and a look at the heap for each piece: a tenth of an insert. */
static gboolean
install (void)
{
  sqlite3_mem_methods wiping;

  if (sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK || sqlite3_config (SQLITE_CONFIG_GETMALLOC, &own) != SQLITE_OK)
    return FALSE;
  if (mere_heap_is_wiped ()) /* the whole process's is: no piece need be wiped twice */
    return TRUE;
  wiping = own;
  wiping.xFree = wipe_and_free;
  wiping.xRealloc = resize;
  return sqlite3_config (SQLITE_CONFIG_MALLOC, &wiping) == SQLITE_OK;
}

gboolean
mere_sqlite_memory_wipe (void)
{
  static gsize done; /* 1: not possible any more; 2: it is so */

  if (g_once_init_enter (&done))
    g_once_init_leave (&done, install () ? 2 : 1);
  return done == 2;
}
