/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The markdown that ODK's labels use, as Pango markup: headings, bold, italics, links, bullet lists, and <span style>
 * with colour and font. What is not recognised stays as it was typed. */

#include "config.h"

#include "app/forms/instance.h"

#include <string.h>

/* The length of a run that opens and closes with @mark, content between, no white space at its edges; 0 if it is none. */
static gsize
emphasis_length (const char *at, const char *mark)
{
  gsize       n = strlen (mark);
  const char *end;

  if (strncmp (at, mark, n) != 0 || at[n] == '\0' || g_ascii_isspace (at[n]) || at[n] == *mark)
    return 0;
  for (end = strstr (at + n, mark); end != NULL; end = strstr (end + 1, mark))
    if (!g_ascii_isspace (end[-1]) && (n > 1 || end[1] != *mark) && end > at + n)
      return end + n - at;
  return 0;
}

static void convert_inline (GString *out, const char *text, gsize length, guint depth);

static gsize
convert_emphasis (GString *out, const char *at, guint depth)
{
  static const struct
  {
    const char *mark;
    const char *tag;
  } marks[] = { { "**", "b" }, { "__", "b" }, { "*", "i" }, { "_", "i" } };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      gsize length = emphasis_length (at, marks[i].mark), n = strlen (marks[i].mark);

      if (length == 0)
        continue;
      g_string_append_printf (out, "<%s>", marks[i].tag);
      convert_inline (out, at + n, length - 2 * n, depth + 1);
      g_string_append_printf (out, "</%s>", marks[i].tag);
      return length;
    }
  return 0;
}

static void
append_escaped (GString *out, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, length);

  g_string_append (out, escaped);
}

static gsize
convert_link (GString *out, const char *at, guint depth)
{
  const char *middle = *at == '[' ? strstr (at, "](") : NULL;
  const char *end = middle != NULL ? strchr (middle, ')') : NULL;

  if (end == NULL || (memchr (at, '\n', end - at) != NULL))
    return 0;
  if (!g_str_has_prefix (middle + 2, "http://") && !g_str_has_prefix (middle + 2, "https://"))
    return 0;
  g_string_append (out, "<a href=\"");
  append_escaped (out, middle + 2, end - middle - 2);
  g_string_append (out, "\">");
  convert_inline (out, at + 1, middle - at - 1, depth + 1);
  g_string_append (out, "</a>");
  return end + 1 - at;
}

static gboolean
is_plain_value (const char *value)
{
  gboolean any = FALSE;

  for (; *value != '\0'; value++, any = TRUE)
    if (!g_ascii_isalnum (*value) && !strchr ("#-_ ,", *value))
      return FALSE;
  return any;
}

static void
append_style (GString *out, const char *style)
{
  g_auto (GStrv) properties = g_strsplit (style, ";", 16);

  for (guint i = 0; properties[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (properties[i], ":", 2);

      if (g_strv_length (pair) != 2 || !is_plain_value (g_strstrip (pair[1])))
        continue;
      g_strstrip (pair[0]);
      if (strcmp (pair[0], "color") == 0)
        g_string_append_printf (out, " foreground=\"%s\"", pair[1]);
      else if (strcmp (pair[0], "font-family") == 0)
        g_string_append_printf (out, " face=\"%s\"", pair[1]);
    }
}

/* Pango refuses a colour that it does not know, and the whole text with it: only names of letters and #rrggbb pass. */
static gsize
convert_span (GString *out, const char *at, guint depth)
{
  const char      *open, *close, *quote;
  g_autofree char *style = NULL;
  char             end_quote[2] = { 0 };

  if (!g_str_has_prefix (at, "<span"))
    return 0;
  open = strchr (at, '>');
  close = open != NULL ? strstr (open, "</span>") : NULL;
  quote = open != NULL ? strpbrk (at, "\"'") : NULL;
  if (close == NULL || quote == NULL || quote > open)
    return 0;
  end_quote[0] = *quote;
  style = g_strndup (quote + 1, strcspn (quote + 1, end_quote));
  g_string_append (out, "<span");
  append_style (out, style);
  g_string_append_c (out, '>');
  convert_inline (out, open + 1, close - open - 1, depth + 1);
  g_string_append (out, "</span>");
  return close + strlen ("</span>") - at;
}

#define DEEPEST_MARKUP 8

static void
convert_inline (GString *out, const char *text, gsize length, guint depth)
{
  g_autofree char *copy = g_strndup (text, length);
  const char      *at = copy;

  while (*at != '\0')
    {
      gsize    used = 0;
      gboolean inside_word = at > copy && g_ascii_isalnum (at[-1]) && *at == '_';

      if (*at == '\\' && at[1] != '\0' && g_ascii_ispunct (at[1]))
        {
          append_escaped (out, at + 1, 1);
          at += 2;
          continue;
        }
      if (depth < DEEPEST_MARKUP && (*at == '*' || *at == '_') && !inside_word)
        used = convert_emphasis (out, at, depth);
      else if (depth < DEEPEST_MARKUP && *at == '[')
        used = convert_link (out, at, depth);
      else if (depth < DEEPEST_MARKUP && *at == '<')
        used = convert_span (out, at, depth);
      if (used == 0)
        {
          used = g_utf8_next_char (at) - at;
          append_escaped (out, at, MIN (used, strlen (at)));
        }
      at += MIN (used, strlen (at));
    }
}

static void
convert_line (GString *out, const char *line)
{
  static const char *const sizes[] = { "xx-large", "x-large", "large", "medium", "medium", "small" };
  gsize                    hashes = strspn (line, "#");
  gsize                    space = strspn (line, " \t");

  if (hashes >= 1 && hashes <= 6 && line[hashes] == ' ')
    {
      g_string_append_printf (out, "<span size=\"%s\" weight=\"bold\">", sizes[hashes - 1]);
      convert_inline (out, line + hashes + 1, strlen (line + hashes + 1), 0);
      g_string_append (out, "</span>");
    }
  else if ((line[space] == '-' || line[space] == '*' || line[space] == '+') && line[space + 1] == ' ')
    {
      g_string_append (out, "• ");
      convert_inline (out, line + space + 2, strlen (line + space + 2), 0);
    }
  else
    convert_inline (out, line, strlen (line), 0);
}

char *
mere_markdown_to_markup (const char *text)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *out = g_string_new (NULL);

  lines = g_strsplit (valid, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, '\n');
      convert_line (out, lines[i]);
    }
  return g_string_free (out, FALSE);
}
