/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereIntake:
 *
 * A file on its way into the vault: read in a thread of its own, never put on the disk in the clear.
 */
typedef struct _MereIntake MereIntake;

MereIntake *mere_intake_new_file (GFile *file);
MereIntake *mere_intake_new_bytes (GBytes *bytes, const char *name, const char *mime);
void        mere_intake_free (MereIntake *self);

const char *mere_intake_get_mime (MereIntake *self);

/* It is a picture of elsewhere: it is written anew, see mere_picture_clean(), and its name ends as what it is then. */
void mere_intake_clean_picture (MereIntake *self, int most_pixels);

/**
 * mere_intake_run_async:
 * @self: (transfer full):
 * @source: what the result is for; held until then
 */
void mere_intake_run_async (MereIntake         *self,
                            gpointer            source,
                            MereStore          *store,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);

/**
 * mere_intake_run_finish:
 * @name: (out) (transfer none): what the file is called now, valid as long as @result
 * @error: return location; of domain #GdkPixbufError where it is no picture that can be read
 *
 * Returns: (transfer full): the content's BLAKE2b, or %NULL
 */
char *mere_intake_run_finish (GAsyncResult *result,
                              const char  **name,
                              GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereIntake, mere_intake_free)

G_END_DECLS
