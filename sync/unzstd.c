/* SPDX-License-Identifier: GPL-3.0-or-later */

/* zstd streams (RFC 8878): any number of frames, as `zstd -d` reads them. */

#include "config.h"

#include "sync/unzstd.h"

#include <glib/gi18n-lib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "sync/bundle-format.h"

#define MAX_WINDOW_LOG 23 /* 8 MiB: what a frame may make us allocate */

struct _MereUnzstd
{
  ZSTD_DCtx    *context;
  MereNextFunc  next;
  gpointer      source;
  guint64       left;  /* bytes that may still come out */
  gsize         hint;  /* 0 at the end of a frame */
  gboolean      ended; /* the source has */
  ZSTD_inBuffer in;
  gsize         out_size;
  guint8       *out;
};

MereUnzstd *
mere_unzstd_new (MereNextFunc next,
                 gpointer     source,
                 guint64      limit)
{
  MereUnzstd *self = g_new0 (MereUnzstd, 1);

  self->context = ZSTD_createDCtx ();
  ZSTD_DCtx_setParameter (self->context, ZSTD_d_windowLogMax, MAX_WINDOW_LOG);
  self->next = next;
  self->source = source;
  self->left = limit;
  self->hint = 1;
  self->out_size = ZSTD_DStreamOutSize ();
  self->out = g_malloc (self->out_size);

  return self;
}

static gboolean
refuse_stream (GError **error,
               gsize    result)
{
  if (ZSTD_getErrorCode (result) == ZSTD_error_frameParameter_windowTooLarge)
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_COMPRESSION,
                               _ ("The bundle is compressed in a way that needs too much memory. Nothing was taken from it."));

  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_COMPRESSION,
                             _ ("The compressed content of the bundle is damaged. Nothing was taken from it."));
}

static gboolean
refill (MereUnzstd *self,
        GError    **error)
{
  const guint8 *bytes;
  gsize         size;

  if (!self->next (self->source, &bytes, &size, error))
    return FALSE;

  self->in = (ZSTD_inBuffer){ bytes, size, 0 };
  self->ended = size == 0;
  if (self->ended && self->hint != 0)
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_COMPRESSION,
                               _ ("The compressed content of the bundle ends too early. Nothing was taken from it."));

  return TRUE;
}

gboolean
mere_unzstd_next (gpointer       data,
                  const guint8 **bytes,
                  gsize         *size,
                  GError       **error)
{
  MereUnzstd    *self = data;
  ZSTD_outBuffer out = { self->out, self->out_size, 0 };

  while (out.pos == 0 && !self->ended)
    {
      /* At the end of a frame zstd keeps a byte of its input back as long as there is more to come out. */
      if (self->in.pos == self->in.size && !refill (self, error))
        return FALSE;
      if (self->ended)
        break;
      self->hint = ZSTD_decompressStream (self->context, &out, &self->in);
      if (ZSTD_isError (self->hint))
        return refuse_stream (error, self->hint);
    }
  if (out.pos > self->left)
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_EXPANDS,
                               _ ("More comes out of the bundle than its sender declared. Nothing was taken from it."));
  self->left -= out.pos;
  *bytes = self->out;
  *size = out.pos;

  return TRUE;
}

void
mere_unzstd_free (MereUnzstd *self)
{
  if (self == NULL)
    return;

  ZSTD_freeDCtx (self->context);
  g_free (self->out);
  g_free (self);
}
