/* SPDX-License-Identifier: GPL-3.0-or-later */

/* manifest.json: written. */

#include "config.h"

#include "sync/manifest-private.h"

static void
append_sender_and_chain (GString            *text,
                         const MereManifest *self)
{
  mere_json_append_key (text, "sender");
  g_string_append_c (text, '{');
  mere_json_append_text (text, "device", self->device);
  mere_json_append_text (text, "sign_key", self->sign_key);
  mere_json_append_text (text, "box_key", self->box_key);
  g_string_append_c (text, '}');
  mere_json_append_strings (text, "recipients", (const char *const *) self->recipients);
  mere_json_append_int (text, "trust", self->trust);

  mere_json_append_key (text, "chain");
  g_string_append_c (text, '{');
  mere_json_append_text (text, "id", self->chain_id);
  mere_json_append_int (text, "no", self->chain_no);
  mere_json_append_int (text, "seq", self->seq);
  mere_json_append_key (text, "prev");
  mere_json_append_string (text, self->prev);
  mere_json_append_key (text, "parent");
  if (self->parent_id != NULL)
    {
      g_string_append_c (text, '{');
      mere_json_append_text (text, "id", self->parent_id);
      mere_json_append_int (text, "seq", self->parent_seq);
      mere_json_append_text (text, "b2", self->parent_b2);
      g_string_append_c (text, '}');
    }
  else
    g_string_append (text, "null");
  g_string_append_c (text, '}');
}

static void
append_state (GString            *text,
              const MereManifest *self)
{
  mere_json_append_text (text, "created", self->created);
  mere_json_append_key (text, "clock");
  g_string_append_printf (text, "{\"trusted\":%s,\"boots\":%u}", self->clock_trusted ? "true" : "false", self->boots);

  mere_json_append_key (text, "seen");
  g_string_append_c (text, '{');
  mere_json_append_int (text, "trust", self->seen_trust);
  mere_json_append_int (text, "receipt", self->seen_receipt);
  mere_json_append_int (text, "dispatch", self->seen_dispatch);
  g_string_append_c (text, '}');

  mere_json_append_key (text, "unacked");
  g_string_append_c (text, '[');
  for (guint i = 0; self->unacked != NULL && i < self->unacked->len; i++)
    {
      const MereChainPlace *place = &g_array_index (self->unacked, MereChainPlace, i);

      g_string_append_printf (text, "%s[%u,%u]", i > 0 ? "," : "", place->chain_no, place->seq);
    }
  g_string_append_c (text, ']');
}

void
mere_manifest_append_head (GString            *text,
                           const MereManifest *self)
{
  static const char *const none[] = { NULL };

  g_string_append_c (text, '{');
  mere_json_append_text (text, "format", MERE_MANIFEST_FORMAT);
  mere_json_append_int (text, "version", MERE_MANIFEST_VERSION);
  mere_json_append_strings (text, "critical", none);
  mere_json_append_text (text, "kind", mere_bundle_kind_to_string (self->kind));
  mere_json_append_text (text, "bundle", self->bundle);
  append_sender_and_chain (text, self);
  append_state (text, self);
  if (self->log_hash != NULL)
    {
      mere_json_append_key (text, "log");
      g_string_append_c (text, '{');
      mere_json_append_int (text, "seq", self->log_seq);
      mere_json_append_text (text, "hash", self->log_hash);
      g_string_append_c (text, '}');
    }
  mere_json_append_key (text, "app");
  g_string_append_c (text, '{');
  mere_json_append_text (text, "name", self->app_name);
  mere_json_append_text (text, "version", self->app_version);
  g_string_append_c (text, '}');
  mere_json_append_key (text, "tar");
  g_string_append_printf (text, "{\"entries\":%u,\"bytes\":%" G_GUINT64_FORMAT "}", self->entries, self->bytes);
  mere_json_append_key (text, "files");
  g_string_append (text, "[\n");
}
