/* SPDX-License-Identifier: GPL-3.0-or-later */

/* free() and realloc() of the whole process, around those of the GNU C library ("Replacing malloc" in its manual: a definition in
 * the program comes before the library's). Wiping costs what writing the memory does, some 20 ns for a small piece. */

#include "config.h"

#include "app/vault/heap.h"

#include <stdlib.h>
#include <string.h>

#if defined(__clang__)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define MERE_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MERE_SANITIZED
#endif

#if defined(__GLIBC__) && !defined(MERE_SANITIZED)

#include <malloc.h>

extern void __libc_free (void *memory);

void
free (void *memory)
{
  if (memory == NULL)
    return;
  explicit_bzero (memory, malloc_usable_size (memory));
  __libc_free (memory);
}

/* The library's own would leave a copy behind where it moves. */
void *
realloc (void *memory, size_t size)
{
  size_t before = memory != NULL ? malloc_usable_size (memory) : 0;
  void  *moved;

  if (memory != NULL && size == 0)
    {
      free (memory);
      return NULL;
    }
  if (size <= before && size > before / 2)
    {
      explicit_bzero ((char *) memory + size, before - size);
      return memory;
    }
  moved = malloc (size);
  if (moved == NULL || memory == NULL)
    return moved;
  memcpy (moved, memory, MIN (before, size));
  free (memory);
  return moved;
}

gboolean
mere_heap_is_wiped (void)
{
  return TRUE;
}

#else

gboolean
mere_heap_is_wiped (void)
{
  return FALSE;
}

#endif
