/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/courier.h"

G_BEGIN_DECLS

/* What the Stick page says about the road to headquarters, in sentences. Each returns a copy. */

/* After writing. @on_medium: it lies on a medium that is still mounted, so that it is not safe to remove yet. */
char *mere_stick_words_written (const MereCourierWritten *written,
                                gboolean                  on_medium);

/* After reading; then what else is to be told, a line each, "" where there is nothing. */
char *mere_stick_words_read (const MereCourierRead *read);
char *mere_stick_words_read_details (const MereCourierRead *read);

/* After erasing. */
char *mere_stick_words_erased (const MereErasureResult *erased);

/* "Writing · 12.3 MB of 256.0 MB · 4.1 MB/s"; @rate: bytes a second, 0 where not known yet. */
char *mere_stick_words_progress (MereCourierStep step,
                                 guint64         done,
                                 guint64         total,
                                 guint64         rate);

/* What waits there beside our own bundles. */
char *mere_stick_words_look (const MereCourierLook *look);

G_END_DECLS
