/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may be noted of a passenger: a closed list, so that a study cannot identify anyone. The codes are those of the
 * instrument passenger-processing. */

#include "config.h"

#include "app/study/event.h"

#include <glib/gi18n-lib.h>

#define IDENTIFIER_MAX 16
#define SIZE_MAX_PERSONS 999

typedef enum {
  VALUE_CODE,
  VALUE_SIZE,
  VALUE_IDENTIFIER,
} ValueKind;

#define CODES(...)      \
  (const char *const[]) \
  {                     \
    __VA_ARGS__, NULL   \
  }
#define YES_NO CODES ("yes", "no")

static const struct
{
  const char        *name;
  ValueKind          kind;
  const char *const *codes;
} attributes[] = {
  { "direction", VALUE_CODE, CODES ("entry", "exit") },
  { "mode", VALUE_CODE, CODES ("land", "air", "sea", "rail") },
  { "lane", VALUE_CODE, CODES ("mixed", "citizen", "regional", "foreign", "visa", "crew", "egate", "priority") },
  { "unit", VALUE_CODE, CODES ("person", "family", "group", "vehicle") },
  { "size", VALUE_SIZE, NULL },
  { "vehicle", VALUE_CODE, CODES ("car", "bus", "truck", "motorcycle", "other") },
  { "batch", VALUE_IDENTIFIER, NULL },
  { "booth", VALUE_IDENTIFIER, NULL },
  { "document", VALUE_CODE, CODES ("booklet", "card", "visa", "laissez-passer", "none") },
  { "outcome", VALUE_CODE, CODES ("released", "second-line", "refused", "referred") },
  { "reader", VALUE_CODE, YES_NO },
  { "chip", VALUE_CODE, YES_NO },
  { "light", VALUE_CODE, YES_NO },
  { "biometrics", VALUE_CODE, YES_NO },
};

const char *const *
mere_study_attribute_list (void)
{
  static const char *names[G_N_ELEMENTS (attributes) + 1];
  static gsize       done = 0;

  if (g_once_init_enter (&done))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
        names[i] = attributes[i].name;
      g_once_init_leave (&done, 1);
    }
  return names;
}

static gssize
find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    if (g_strcmp0 (attributes[i].name, name) == 0)
      return (gssize) i;
  return -1;
}

const char *const *
mere_study_attribute_get_codes (const char *name)
{
  gssize index = find (name);

  return index < 0 ? NULL : attributes[index].codes;
}

static gboolean
is_identifier (const char *value)
{
  gsize length = strlen (value);

  return length >= 1 && length <= IDENTIFIER_MAX &&
         strspn (value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.") == length;
}

static gboolean
is_allowed (gssize index, const char *value)
{
  guint64 size;

  switch (attributes[index].kind)
    {
    case VALUE_CODE:
      return g_strv_contains (attributes[index].codes, value);
    case VALUE_SIZE:
      return g_ascii_string_to_unsigned (value, 10, 1, SIZE_MAX_PERSONS, &size, NULL);
    case VALUE_IDENTIFIER:
      return is_identifier (value);
    default:
      g_return_val_if_reached (FALSE);
    }
}

gboolean
mere_study_attribute_check (const char *name, const char *value, GError **error)
{
  gssize index = find (name);

  if (index < 0)
    {
      g_set_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_NOT_ALLOWED,
                   _ ("A time study keeps nothing called “%s”"), name ? name : "");
      return FALSE;
    }
  if (!value || !is_allowed (index, value))
    {
      g_set_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_NOT_ALLOWED,
                   /* Translators: first the value, then the name of the attribute */
                   _ ("“%s” is not a value of “%s”"), value ? value : "", name);
      return FALSE;
    }
  return TRUE;
}
