/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-reader.h"
#include "sync/bundle-writer.h"

G_BEGIN_DECLS

/**
 * Road:
 * @folder: holds everything; the caller's
 * @paths: (element-type utf8): files in its folder "plain": records and pictures by turns
 * @size: of all of them
 * @n_records: how many of them are records
 * @recipients: headquarters; the first stands for the laptop's own key as well
 * @firsts: (element-type guint): of each writer, the number of its first path
 * @writers: (element-type MereBundleWriter): all contents announced, as many bundles as they take; hashes are known, as in a vault
 *
 * The load of a bench, and the laptop's key. Bundles come to lie in the folder "stick".
 */
typedef struct
{
  char       *folder;
  GPtrArray  *paths;
  guint64     size;
  guint       n_records;
  GPtrArray  *writers;
  GArray     *firsts;
  MereSecret *sign;
  char      **recipients;
} Road;

Road *road_new (const char *folder, guint64 size, const char *const *recipients);

/* The same files again, for another process. */
Road *road_open (const char *folder, const char *const *recipients);
void  road_free (Road *self);

/* Seals everything; (transfer full) (element-type MereSealed). */
GPtrArray *road_seal (Road *self);

/* Opens all and reads them to the end. */
void road_read (Road *self, const MereSecret *identity, GPtrArray *sealed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Road, road_free)

G_END_DECLS
