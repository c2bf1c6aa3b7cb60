/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Questionnaires from elsewhere: loading says what is wrong, or gives a form. */

#include "config.h"

#include "app/forms/form.h"
#include "fuzz.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) xml = g_bytes_new (data, size);
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereForm) form = mere_form_load (xml, NULL, NULL, &problems, &error);

  g_assert ((form == NULL) == (error != NULL));

  return 0;
}
