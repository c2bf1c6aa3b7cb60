/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The quick look at a submission never says anything but what the XML library says. */

#include "config.h"

#include "sync/hq/glance.h"
#include "sync/hq/submission.h"

#include <string.h>

#define MUTANTS 30000

/* What is read quickly, and what is left to the library: both have to say the same. */
static const struct
{
  const char *xml;
  gboolean    quick;
} documents[] = {
  { "<data id=\"f\" version=\"1\"><meta><instanceID>uuid:1</instanceID></meta><a>1</a></data>", TRUE },
  { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<h:data xmlns:h=\"urn:h\" id='f'><h:meta>\n<h:instanceID>uuid:1</h:instanceID>"
    "<h:deprecatedID>uuid:0</h:deprecatedID><h:instanceName>Caf\xc3\xa9 &amp; B\xc3\xbchne &lt;1&gt; &quot;&apos;</h:instanceName></h:meta></h:data>\n",
    TRUE },
  { "<data xmlns=\"urn:d\" xmlns:orx=\"http://openrosa.org/xforms\" id=\"f\"><orx:meta><orx:instanceID>i</orx:instanceID></orx:meta></data>", TRUE },
  { "<?xml version='1.0' ?><data id=\"f\"/>", TRUE },
  { "<data><meta/><meta><instanceID>second</instanceID></meta></data>", TRUE },
  { "<data><meta><instanceID/><instanceID>second</instanceID></meta></data>", TRUE },
  { "<data><meta><instanceID>a<b/></instanceID><instanceName><c>n</c></instanceName></meta></data>", TRUE },
  { "<data><group><meta><instanceID>deeper</instanceID></meta></group></data>", TRUE },
  { "<data><meta><instanceID>  </instanceID><x><instanceName>n</instanceName></x></meta></data>", TRUE },
  { "<meta><instanceID>root</instanceID></meta>", TRUE },
  { "<data><meta><instanceID>a]]b</instanceID></meta></data>", FALSE },
  { "<data><meta><instanceID>a]]>b</instanceID></meta></data>", FALSE },
  { "<data><meta><instanceID><![CDATA[a]]></instanceID></meta></data>", FALSE },
  { "<data><meta><instanceID>a<!-- no -->b</instanceID></meta></data>", FALSE },
  { "<data><meta><instanceID>&#65;</instanceID></meta></data>", FALSE },
  { "<data><meta><instanceID>a\r\nb</instanceID></meta></data>", FALSE },
  { "<data><meta><instanceID>&nbsp;</instanceID></meta></data>", FALSE },
  { "<data id=\"a&amp;b\"/>", FALSE },
  { "<data id=\"a\tb\"/>", FALSE },
  { "<data id=\"a\" id=\"b\"/>", FALSE },
  { "<data p:id=\"a\"/>", FALSE },
  { "<data xml:id=\"a\"/>", FALSE },
  { "<data id=\"a\"x=\"b\"/>", FALSE },
  { "<data id=a/>", FALSE },
  { "<data id=\"<\"/>", FALSE },
  { "<a><b></a></b>", FALSE },
  { "<a/><b/>", FALSE },
  { "<a/>text", FALSE },
  { "text<a/>", FALSE },
  { "<a", FALSE },
  { "<a>", FALSE },
  { "<a></a", FALSE },
  { "<a/ >", FALSE },
  { "< a/>", FALSE },
  { "<a:b:c/>", FALSE },
  { "<:a/>", FALSE },
  { "<1a/>", FALSE },
  { "<a>\x01</a>", FALSE },
  { "<a>\xff</a>", FALSE },
  { "<a>\xef\xbf\xbf</a>", FALSE },
  { "<a>\xed\xa0\x80</a>", FALSE },
  { "<\xc3\xa9/>", FALSE },
  { "<!DOCTYPE a><a/>", FALSE },
  { "", FALSE },
};

static gboolean
says_the_same (const char *xml,
               gsize       size,
               gboolean   *quick)
{
  g_autoptr (GBytes) bytes = g_bytes_new (xml, size);
  g_autoptr (MereSubmission) submission = mere_submission_parse (bytes, NULL);
  g_auto (MereGlance) scanned = { 0 };
  g_auto (MereGlance) glance = { 0 };
  gboolean is_xml = mere_glance_read (&glance, bytes);

  *quick = mere_glance_scan (&scanned, xml, size);
  if (submission == NULL)
    return !is_xml && !*quick;
  return is_xml && g_strcmp0 (glance.form, submission->form) == 0 && g_strcmp0 (glance.id, submission->id) == 0 &&
         g_strcmp0 (glance.deprecated_id, submission->deprecated_id) == 0 && g_strcmp0 (glance.name, submission->name) == 0;
}

static void
test_both_ways_say_the_same (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autofree char *shown = g_strescape (documents[i].xml, NULL);
      gboolean         quick;

      g_test_message ("%s", shown);
      g_assert_true (says_the_same (documents[i].xml, strlen (documents[i].xml), &quick));
      g_assert_cmpint (quick, ==, documents[i].quick);
    }
}

/* A cut, a piece of another document, or a character that means something. */
static void
change (GRand   *random,
        GString *text)
{
  static const char characters[] = "<>/=\"'&;]! \t\r\n:xmlnsid?-\xc3\xa9\xef\xbf\xbe";
  const char       *other = documents[g_rand_int_range (random, 0, G_N_ELEMENTS (documents))].xml;
  gssize            at = g_rand_int_range (random, 0, (gint32) text->len + 1);
  gsize             length = strlen (other);

  switch (g_rand_int_range (random, 0, 4))
    {
    case 0:
      g_string_erase (text, at, g_rand_int_range (random, 0, (gint32) MIN (text->len - (gsize) at + 1, 8)));
      break;
    case 1:
      if (length > 0)
        {
          gint32 from = g_rand_int_range (random, 0, (gint32) length);

          g_string_insert_len (text, at, other + from, g_rand_int_range (random, 0, (gint32) (length - (gsize) from)));
        }
      break;
    case 2:
      if ((gsize) at < text->len)
        text->str[at] = characters[g_rand_int_range (random, 0, sizeof characters - 1)];
      break;
    default:
      g_string_insert_c (text, at, characters[g_rand_int_range (random, 0, sizeof characters - 1)]);
    }
}

/* @seed in the output, so that a failure can be met again. */
static void
test_changed_documents_say_the_same (void)
{
  guint32 seed = g_getenv ("MERESTONE_TEST_DEEP") != NULL ? g_random_int () : 5;
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint n_quick = 0;

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < MUTANTS; i++)
    {
      g_autoptr (GString) text = g_string_new (documents[g_rand_int_range (random, 0, 10)].xml);
      gboolean quick;

      for (gint32 n = g_rand_int_range (random, 1, 4); n > 0; n--)
        change (random, text);
      if (!says_the_same (text->str, text->len, &quick))
        g_error ("document %u of seed %u is read in two ways", i, seed);
      n_quick += quick;
    }
  g_assert_cmpuint (n_quick, >, MUTANTS / 20);
}

/* Bounds of the quick way: what is beyond them is read all the same. */
static void
test_large_documents_are_left_to_the_library (void)
{
  g_autoptr (GString) deep = g_string_new ("<data id=\"f\"><meta><instanceID>i</instanceID></meta>");
  g_autoptr (GString) large = g_string_new (deep->str);
  gboolean quick;

  for (guint i = 0; i < 100; i++)
    g_string_append (deep, "<a>");
  for (guint i = 0; i < 100; i++)
    g_string_append (deep, "</a>");
  g_string_append (deep, "</data>");
  g_assert_true (says_the_same (deep->str, deep->len, &quick));
  g_assert_false (quick);

  while (large->len < 1024 * 1024)
    g_string_append (large, "<a>some text that is an answer</a>");
  g_string_append (large, "</data>");
  g_assert_true (says_the_same (large->str, large->len, &quick));
  g_assert_false (quick);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/glance/both-ways-say-the-same", test_both_ways_say_the_same);
  g_test_add_func ("/glance/changed-documents-say-the-same", test_changed_documents_say_the_same);
  g_test_add_func ("/glance/large-documents-are-left-to-the-library", test_large_documents_are_left_to_the_library);
  return g_test_run ();
}
