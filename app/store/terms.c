/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/terms.h"

#include "app/store/settings.h"

#include <string.h>

#define STALE_AFTER "pack.stale-after"
#define APP_MIN "pack.app-min"
#define MESSAGE "pack.message"

void
mere_terms_free (MereTerms *self)
{
  if (self == NULL)
    return;
  g_free (self->stale_after);
  g_free (self->app_min);
  g_free (self->message);
  g_free (self);
}

MereTerms *
mere_terms_load (MereStore *store,
                 GError   **error)
{
  g_autoptr (MereTerms) self = g_new0 (MereTerms, 1);
  g_autoptr (GError) failure = NULL;

  self->stale_after = mere_settings_load_text (store, STALE_AFTER, &failure);
  if (failure == NULL)
    self->app_min = mere_settings_load_text (store, APP_MIN, &failure);
  if (failure == NULL)
    self->message = mere_settings_load_text (store, MESSAGE, &failure);
  if (failure == NULL)
    return g_steal_pointer (&self);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

gboolean
mere_terms_save (MereStore  *store,
                 const char *stale_after,
                 const char *app_min,
                 const char *message,
                 GError    **error)
{
  mere_store_touch (store, MERE_STORE_BUNDLES);
  return mere_settings_save_text (store, STALE_AFTER, stale_after, error) && mere_settings_save_text (store, APP_MIN, app_min, error) &&
         mere_settings_save_text (store, MESSAGE, message, error);
}

static gboolean
is_day (const char *text)
{
  static const char pattern[] = "0000-00-00";

  if (strlen (text) != strlen (pattern))
    return FALSE;
  for (guint i = 0; pattern[i] != '\0'; i++)
    if (pattern[i] == '-' ? text[i] != '-' : !g_ascii_isdigit (text[i]))
      return FALSE;
  return TRUE;
}

gboolean
mere_terms_is_stale (const MereTerms *self,
                     const char      *today)
{
  return self->stale_after != NULL && is_day (self->stale_after) && strcmp (today, self->stale_after) > 0;
}

/* What is not there counts as 0: 0.9 is 0.9.0. */
gboolean
mere_terms_wants_newer (const MereTerms *self,
                        const char      *version)
{
  g_auto (GStrv) wanted = self->app_min != NULL ? g_strsplit (self->app_min, ".", -1) : NULL;
  g_auto (GStrv) present = g_strsplit (version, ".", -1);
  guint n_wanted = wanted != NULL ? g_strv_length (wanted) : 0;
  guint n_present = g_strv_length (present);

  for (guint i = 0; i < n_wanted; i++)
    {
      guint64 a = g_ascii_strtoull (wanted[i], NULL, 10);
      guint64 b = i < n_present ? g_ascii_strtoull (present[i], NULL, 10) : 0;

      if (a != b)
        return a > b;
    }
  return FALSE;
}
