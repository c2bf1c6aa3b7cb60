/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/capture/capture.h"

G_BEGIN_DECLS

/**
 * MereFormRecording:
 *
 * A recording that a label has beside its words: nothing of it is read before somebody wants to hear or see it. Where it
 * cannot be played (GTK's media module or a decoder is missing), it can be saved as a file.
 */
#define MERE_TYPE_FORM_RECORDING (mere_form_recording_get_type ())
G_DECLARE_FINAL_TYPE (MereFormRecording, mere_form_recording, MERE, FORM_RECORDING, AdwBin)

/**
 * mere_form_recording_new:
 * @name: (nullable): of a file beside the form, as mere_form_node_dup_media() gives it
 * @seen: a video, which is watched; else it is listened to
 *
 * Returns: (nullable): %NULL where the form came without it
 */
GtkWidget *mere_form_recording_new (MereCapture *capture, const char *name, gboolean seen);

/* What plays, or %NULL; and the same for its file as bytes, written where a person said. */
GtkMediaStream *mere_form_recording_get_stream (MereFormRecording *self);
gboolean        mere_form_recording_save (MereFormRecording *self, GFile *file, GError **error);

G_END_DECLS
