/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/minisign.h"

G_BEGIN_DECLS

/* A secret key under a passphrase, as minisign's own secret key file (“minisign.key”): stock minisign signs with it. scrypt, as that
 * format has it, at 256 MiB and about a second. */

#define MERE_MINISIGN_BOX_ERROR (mere_minisign_box_error_quark ())
GQuark mere_minisign_box_error_quark (void);

/**
 * MereMinisignBoxError:
 * @MERE_MINISIGN_BOX_ERROR_FORMAT: not a secret key file, one without a passphrase, or one that asks for more than 1 GiB
 * @MERE_MINISIGN_BOX_ERROR_PASSPHRASE: another passphrase, or the file was changed
 * @MERE_MINISIGN_BOX_ERROR_MEMORY: there is not as much memory as its passphrase costs
 */
typedef enum {
  MERE_MINISIGN_BOX_ERROR_FORMAT = 1,
  MERE_MINISIGN_BOX_ERROR_PASSPHRASE,
  MERE_MINISIGN_BOX_ERROR_MEMORY,
} MereMinisignBoxError;

#define MERE_MINISIGN_BOX_MAX_SIZE 2048 /* bytes of such a file; longer ones are refused */

/* (transfer full): the text of the file. @comment: one line, not secret and not signed. */
char *mere_minisign_box_close (const MereSecret *secret, const MereSecret *passphrase, const char *comment, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): a key as mere_minisign_secret_new() makes it. @text may hold any bytes. */
MereSecret *mere_minisign_box_open (const char *text, gsize size, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
