/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Forms that mean harm: each is refused with a word of why, or runs within its bounds. Every one is tried in a process
 * of its own, whose largest size is looked at. */

#include "config.h"

#include "tests/app/forms/sample.h"

#include <string.h>
#include <sys/resource.h>

#define MIB (1024 * 1024)

/* Sanitizers keep shadows and what was freed. */
#if defined(__SANITIZE_ADDRESS__)
#define MOST_MIB 3000
#else
#define MOST_MIB 512
#endif

static void
assert_small (void)
{
  struct rusage usage;

  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
  g_assert_cmpint (usage.ru_maxrss / 1024, <, MOST_MIB);
}

static MereForm *
load (const char *text,
      gsize       length,
      int         code)
{
  g_autoptr (GBytes) xml = g_bytes_new_static (text, length);
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  MereForm *form = mere_form_load (xml, NULL, NULL, &problems, &error);

  if (code == 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, MERE_FORM_ERROR, code);
  g_assert_true (form != NULL || problems->len > 0);
  return form;
}

static void
assert_refused (const GString *text,
                int            code)
{
  g_autoptr (MereForm) form = load (text->str, text->len, code);

  g_assert_null (form);
}

static void
append_many (GString    *out,
             const char *text,
             guint       n)
{
  gsize length = strlen (text);

  g_string_set_size (out, out->len + n * length);
  for (guint i = 0; i < n; i++)
    memcpy (out->str + out->len - (i + 1) * length, text, length);
}

static void
entity_bomb (void)
{
  g_autoptr (GString) text = g_string_new ("<!DOCTYPE a [<!ENTITY a0 \"ha\">");

  for (guint i = 1; i < 40; i++)
    g_string_append_printf (text, "<!ENTITY a%u \"&a%u;&a%u;\">", i, i - 1, i - 1);
  g_string_append (text, "]><a>&a39;</a>");
  assert_refused (text, MERE_FORM_ERROR_NOT_XML);
}

static void
external_entity (void)
{
  g_autoptr (GString) text = g_string_new ("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>");

  assert_refused (text, MERE_FORM_ERROR_NOT_XML);
}

static void
external_dtd (void)
{
  g_autoptr (GString) text = g_string_new ("<!DOCTYPE a SYSTEM \"http://localhost/a.dtd\"><a/>");

  assert_refused (text, MERE_FORM_ERROR_NOT_XML);
}

/* The XML library would print what it thinks of them. */
static void
broken_encodings (void)
{
  static const char *const texts[] = {
    "<?xml version=\"1.0\" encoding=\"ASCII\"?><a>\xff</a>",
    "<?xml version=\"1.0\" encoding=\"EUC-JP\"?><a>\xff\xff\x80</a>",
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
    "<?xml version=\"1.0\" encoding=\"none\"?><a/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GString) text = g_string_new (texts[i]);

      assert_refused (text, MERE_FORM_ERROR_NOT_XML);
    }
}

static void
deep (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_many (text, "<a>", 100000);
  append_many (text, "</a>", 100000);
  assert_refused (text, MERE_FORM_ERROR_TOO_LARGE);
}

static void
large (void)
{
  g_autoptr (GString) text = g_string_new ("<a>");

  append_many (text, "x", 100 * MIB);
  g_string_append (text, "</a>");
  assert_refused (text, MERE_FORM_ERROR_TOO_LARGE);
}

static void
many_elements (void)
{
  g_autoptr (GString) text = g_string_new ("<a>");

  append_many (text, "<b/>", 5000000);
  g_string_append (text, "</a>");
  assert_refused (text, MERE_FORM_ERROR_TOO_LARGE);
}

static void
many_attributes (void)
{
  g_autoptr (GString) text = g_string_new ("<a");

  for (guint i = 0; i < 1000000; i++)
    g_string_append_printf (text, " a%u=''", i);
  g_string_append (text, "/>");
  assert_refused (text, MERE_FORM_ERROR_TOO_LARGE);
}

static GString *
sample (const char *instance,
        const char *model,
        const char *body)
{
  g_autoptr (GBytes) xml = mere_sample_xml (instance, model, body);

  return g_string_new_len (g_bytes_get_data (xml, NULL), (gssize) g_bytes_get_size (xml));
}

static void
nested_expression (void)
{
  g_autoptr (GString) bind = g_string_new ("<bind nodeset='/data/a' calculate='");
  g_autoptr (GString) text = NULL;

  append_many (bind, "(", 100000);
  g_string_append (bind, "1");
  append_many (bind, ")", 100000);
  g_string_append (bind, "'/>");
  text = sample ("<a/>", bind->str, NULL);
  assert_refused (text, MERE_FORM_ERROR_INVALID);
}

static void
long_expression (void)
{
  g_autoptr (GString) bind = g_string_new ("<bind nodeset='/data/a' calculate='1");
  g_autoptr (GString) text = NULL;

  append_many (bind, "+1", 100000);
  g_string_append (bind, "'/>");
  text = sample ("<a/>", bind->str, NULL);
  assert_refused (text, MERE_FORM_ERROR_INVALID);
}

static void
references (const char *expression)
{
  g_autoptr (GString) nodes = g_string_new (NULL);
  g_autoptr (GString) binds = g_string_new (NULL);
  g_autoptr (GString) text = NULL;

  for (guint i = 0; i < 10000; i++)
    {
      g_string_append_printf (nodes, "<a%u/>", i);
      g_string_append_printf (binds, "<bind nodeset='/data/a%u' constraint='%s' calculate='%s'/>", i, expression, expression);
    }
  text = sample (nodes->str, binds->str, NULL);
  assert_refused (text, MERE_FORM_ERROR_INVALID);
}

static void
references_to_all (void)
{
  references ("string(/data)");
}

static void
references_to_any (void)
{
  references ("count(//*[. = //*])");
}

static MereFormSession *
begin (const char *instance,
       const char *model,
       const char *body)
{
  g_autoptr (GString) text = sample (instance, model, body);
  g_autoptr (MereForm) form = load (text->str, text->len, 0);

  return mere_form_session_new (form);
}

static void
huge_count (void)
{
  g_autoptr (MereFormSession) session =
    begin ("<r><q><a/></q></r>", NULL,
           "<repeat nodeset='/data/r' jr:count='1000000000'><repeat nodeset='/data/r/q' jr:count='1000000000'><input ref='/data/r/q/a'/></repeat></repeat>");

  g_assert_cmpuint (mere_form_node_get_n_children (mere_sample_node (session, "/data/r")), <=, 10000);
}

static void
growing_values (void)
{
  g_autoptr (GString) nodes = g_string_new ("<a0>xxxxxxxxxxxxxxxx</a0>");
  g_autoptr (GString) binds = g_string_new (NULL);
  g_autoptr (MereFormSession) session = NULL;

  for (guint i = 1; i < 60; i++)
    {
      g_string_append_printf (nodes, "<a%u/>", i);
      g_string_append_printf (binds, "<bind nodeset='/data/a%u' calculate='concat(/data/a%u, /data/a%u)'/>", i, i - 1, i - 1);
    }
  session = begin (nodes->str, binds->str, NULL);
  g_assert_cmpuint (strlen (mere_sample_value (session, "/data/a3")), ==, 128);
}

static void
slow_pattern (void)
{
  g_autoptr (MereFormSession) session =
    begin ("<a>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!</a><b/>", "<bind nodeset='/data/b' calculate=\"regex(/data/a, '^(a+)+$')\"/>", NULL);

  g_assert_cmpstr (mere_sample_value (session, "/data/b"), ==, "false");
}

static void
endless_actions (void)
{
  g_autoptr (MereFormSession) session =
    begin ("<a/><b/>", NULL,
           "<input ref='/data/a'><label>a</label><setvalue event='xforms-value-changed' ref='/data/b' value='/data/a + 1'/></input>"
           "<input ref='/data/b'><label>b</label><setvalue event='xforms-value-changed' ref='/data/a' value='/data/b + 1'/></input>");

  mere_sample_set (session, "/data/a", "1");
  g_assert_cmpstr (mere_sample_value (session, "/data/a"), !=, "");
}

static void
endless_repeat (void)
{
  g_autoptr (MereFormSession) session =
    begin ("<r><a/></r>", NULL, "<repeat nodeset='/data/r' jr:count='count(/data/r) + 1'><input ref='/data/r/a'/></repeat>");

  g_assert_cmpuint (mere_form_node_get_n_children (mere_sample_node (session, "/data/r")), <=, 10000);
}

static void
much_to_look_at (void)
{
  g_autoptr (GString) items = g_string_new ("<instance id='i'><root>");
  g_autoptr (GString) nodes = g_string_new ("<go/>");
  g_autoptr (MereFormSession) session = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (items, "<item><n>%u</n></item>", i);
  g_string_append (items, "</root></instance>");
  for (guint i = 0; i < 200; i++)
    {
      g_string_append_printf (nodes, "<a%u/>", i);
      g_string_append_printf (items, "<bind nodeset='/data/a%u' calculate=\"count(instance('i')/root/item[/data/go = '' and count(instance('i')/root/item[n &gt; current()/../go]) &gt;= 0])\"/>", i);
    }
  session = begin (nodes->str, items->str, NULL);
}

static const struct
{
  const char *name;
  void (*attack) (void);
} attacks[] = {
  { "entity-bomb", entity_bomb },
  { "external-entity", external_entity },
  { "external-dtd", external_dtd },
  { "broken-encodings", broken_encodings },
  { "deep", deep },
  { "large", large },
  { "many-elements", many_elements },
  { "many-attributes", many_attributes },
  { "nested-expression", nested_expression },
  { "long-expression", long_expression },
  { "references-to-all", references_to_all },
  { "references-to-any", references_to_any },
  { "huge-count", huge_count },
  { "growing-values", growing_values },
  { "slow-pattern", slow_pattern },
  { "endless-actions", endless_actions },
  { "endless-repeat", endless_repeat },
  { "much-to-look-at", much_to_look_at },
};

static void
test_attack (gconstpointer data)
{
  void (*const *attack) (void) = data;

  if (g_test_subprocess ())
    {
      (*attack) ();
      assert_small ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      g_autofree char *path = g_strconcat ("/forms/hostile/", attacks[i].name, NULL);

      g_test_add_data_func (path, &attacks[i].attack, test_attack);
    }

  return g_test_run ();
}
