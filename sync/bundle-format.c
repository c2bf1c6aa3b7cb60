/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names, the trusted comment, and the codes of refusals. */

#include "config.h"

#include "sync/bundle-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/store/words.h"
#include "sync/code.h"

#define COMMENT_TAG "merestone-bundle/1"

G_DEFINE_QUARK (mere_bundle_error, mere_bundle_error)

static const char *const error_names[] = {
  [MERE_BUNDLE_ERROR_UNFINISHED] = "E_UNFINISHED",
  [MERE_BUNDLE_ERROR_SIGNATURE_FORM] = "E_SIGNATURE_FORM",
  [MERE_BUNDLE_ERROR_COMMENT] = "E_COMMENT",
  [MERE_BUNDLE_ERROR_RENAMED] = "E_RENAMED",
  [MERE_BUNDLE_ERROR_SENDER_UNKNOWN] = "E_SENDER_UNKNOWN",
  [MERE_BUNDLE_ERROR_TOO_LARGE] = "E_TOO_LARGE",
  [MERE_BUNDLE_ERROR_SIGNATURE] = "E_SIGNATURE",
  [MERE_BUNDLE_ERROR_NOT_FOR_US] = "E_NOT_FOR_US",
  [MERE_BUNDLE_ERROR_CIPHER] = "E_CIPHER",
  [MERE_BUNDLE_ERROR_COMPRESSION] = "E_COMPRESSION",
  [MERE_BUNDLE_ERROR_EXPANDS] = "E_EXPANDS",
  [MERE_BUNDLE_ERROR_ARCHIVE] = "E_ARCHIVE",
  [MERE_BUNDLE_ERROR_EXTENSION] = "E_EXTENSION",
  [MERE_BUNDLE_ERROR_LINK] = "E_LINK",
  [MERE_BUNDLE_ERROR_NAME] = "E_NAME",
  [MERE_BUNDLE_ERROR_DUPLICATE] = "E_DUPLICATE",
  [MERE_BUNDLE_ERROR_MANIFEST_MISSING] = "E_MANIFEST_MISSING",
  [MERE_BUNDLE_ERROR_INNER_SIGNATURE] = "E_INNER_SIGNATURE",
  [MERE_BUNDLE_ERROR_RESIGNED] = "E_RESIGNED",
  [MERE_BUNDLE_ERROR_MANIFEST] = "E_MANIFEST",
  [MERE_BUNDLE_ERROR_NEWER] = "E_NEWER",
  [MERE_BUNDLE_ERROR_SWAPPED] = "E_SWAPPED",
  [MERE_BUNDLE_ERROR_RECIPIENTS] = "E_RECIPIENTS",
  [MERE_BUNDLE_ERROR_ENTRIES] = "E_ENTRIES",
  [MERE_BUNDLE_ERROR_CONTENT] = "E_CONTENT",
  [MERE_BUNDLE_ERROR_READ] = "E_READ",
  [MERE_BUNDLE_ERROR_WRITE] = "E_WRITE",
  [MERE_BUNDLE_ERROR_SOURCE] = "E_SOURCE",
};

const char *
mere_bundle_error_get_name (MereBundleError code)
{
  return code < G_N_ELEMENTS (error_names) ? error_names[code] : NULL;
}

gboolean
mere_bundle_refuse (GError        **error,
                    MereBundleError code,
                    const char     *message)
{
  g_set_error_literal (error, MERE_BUNDLE_ERROR, code, message);

  return FALSE;
}

static const char *const kinds[] = { "records", "receipt", "dispatch" };

const char *
mere_bundle_kind_to_string (MereBundleKind kind)
{
  return kinds[kind];
}

gboolean
mere_bundle_kind_parse (const char     *text,
                        MereBundleKind *kind)
{
  int found = mere_words_find (kinds, G_N_ELEMENTS (kinds), text);

  if (found >= 0)
    *kind = (MereBundleKind) found;
  return found >= 0;
}

char *
mere_bundle_name_new (const char *device,
                      guint       chain_no,
                      guint       seq)
{
  return g_strdup_printf ("%s-%02u-%06u", device, chain_no, seq);
}

/* @n digits; FALSE where there is anything else. */
static gboolean
read_digits (const char *text,
             gsize       n,
             guint      *value)
{
  guint sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      sum = sum * 10 + (guint) (text[i] - '0');
    }
  *value = sum;

  return sum > 0;
}

gboolean
mere_bundle_name_parse (const char *name,
                        char        device[9],
                        guint      *chain_no,
                        guint      *seq)
{
  char  found[MERE_DEVICE_CODE_LENGTH + 1];
  guint number, sequence;

  if (strlen (name) != MERE_BUNDLE_NAME_LENGTH || name[8] != '-' || name[11] != '-' ||
      !read_digits (name + 9, 2, &number) || !read_digits (name + 12, 6, &sequence))
    return FALSE;
  g_strlcpy (found, name, sizeof found);
  if (!mere_device_code_is (found))
    return FALSE;

  if (device != NULL)
    memcpy (device, found, sizeof found);
  if (chain_no != NULL)
    *chain_no = number;
  if (seq != NULL)
    *seq = sequence;

  return TRUE;
}

char *
mere_bundle_comment_to_text (const MereBundleComment *self)
{
  return g_strdup_printf (COMMENT_TAG " b=%s k=%s r=%u t=%" G_GUINT64_FORMAT " e=%u",
                          self->name, mere_bundle_kind_to_string (self->kind), self->trust, self->bytes, self->entries);
}

/* "x=…": a number without sign or leading zero. */
static gboolean
read_number (const char *word,
             const char *key,
             guint64     most,
             guint64    *value)
{
  if (!g_str_has_prefix (word, key) || !g_ascii_isdigit (word[2]) || (word[2] == '0' && word[3] != '\0'))
    return FALSE;

  return g_ascii_string_to_unsigned (word + 2, 10, 0, most, value, NULL);
}

gboolean
mere_bundle_comment_parse (const char        *text,
                           MereBundleComment *comment,
                           GError           **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 8);
  MereBundleComment found = { 0 };
  guint64           trust = 0, entries = 0;

  if (g_strv_length (words) != 6 || strcmp (words[0], COMMENT_TAG) != 0 ||
      !g_str_has_prefix (words[1], "b=") || !mere_bundle_name_parse (words[1] + 2, NULL, NULL, NULL) ||
      !g_str_has_prefix (words[2], "k=") || !mere_bundle_kind_parse (words[2] + 2, &found.kind) ||
      !read_number (words[3], "r=", G_MAXINT, &trust) ||
      !read_number (words[4], "t=", G_MAXUINT64, &found.bytes) ||
      !read_number (words[5], "e=", G_MAXUINT64, &entries))
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_COMMENT,
                               _ ("The signature is not that of a bundle: its trusted comment says something else. Nothing was taken from it."));
  if (found.bytes > MERE_BUNDLE_MAX_TAR || entries > MERE_BUNDLE_MAX_ENTRIES)
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_TOO_LARGE,
                               _ ("The bundle claims to hold more than any bundle may. Nothing was taken from it."));
  g_strlcpy (found.name, words[1] + 2, sizeof found.name);
  found.trust = trust;
  found.entries = entries;
  *comment = found;

  return TRUE;
}
