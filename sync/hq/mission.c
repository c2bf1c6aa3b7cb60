/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The mission as headquarters keeps it, and its dispatch. The list of crossings is read in mission-crossings.c. */

#include "config.h"

#include "sync/hq/mission.h"

#include "app/capture/intake.h"
#include "app/forms/media-names.h"
#include "app/store/digest.h"
#include "app/store/media.h"
#include "app/store/settings.h"
#include "app/store/statement.h"
#include "sync/age.h"
#include "sync/dispatch.h"
#include "sync/hq/device.h"
#include "sync/hq/outbox.h"
#include "sync/hq/team.h"

#include <glib/gi18n-lib.h>

#define MAX_FILES (200 * 1024 * 1024) /* bytes of a pack; a laptop takes 256 MiB */
#define MESSAGE "hq.message"
#define STALE_AFTER "hq.stale-after"
#define APP_MIN "hq.app-min"
#define INSTRUMENTS "/org/merestone/Merestone/instruments/"

static void
replace (char      **field,
         const char *value)
{
  if (value == NULL)
    return;
  g_free (*field);
  *field = g_strdup (value);
}

/* The present one, or a new one. */
static MereAssessment *
take_assessment (MereStore               *store,
                 const MereMissionChange *change,
                 GError                 **error)
{
  g_autoptr (GError) failure = NULL;
  MereAssessment *assessment = change->begin_new ? NULL : mere_assessment_load_current (store, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (assessment == NULL && (change->title == NULL || change->country == NULL))
    {
      g_set_error_literal (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("A mission needs a title and a country: give --title and --country."));
      return NULL;
    }
  if (assessment == NULL)
    {
      g_autofree char *id = g_uuid_string_random ();

      assessment = mere_assessment_new (id, change->title, change->country, NULL, NULL);
    }
  return assessment;
}

static gboolean
change_head (MereStore               *store,
             const MereMissionChange *change,
             MereAssessment          *assessment,
             GError                 **error)
{
  replace (&assessment->title, change->title);
  replace (&assessment->country, change->country);
  replace (&assessment->starts, change->starts);
  replace (&assessment->ends, change->ends);
  return mere_assessment_save (store, assessment, error) && mere_assessment_set_current (store, assessment->id, error) &&
         (change->message == NULL ||
          mere_settings_save_text (store, MESSAGE, *change->message != '\0' ? change->message : NULL, error)) &&
         (change->app_min == NULL || mere_settings_save_text (store, APP_MIN, *change->app_min != '\0' ? change->app_min : NULL, error)) &&
         (change->stale_after == NULL || mere_settings_save_text (store, STALE_AFTER, change->stale_after, error));
}

/* The crossing of that id, or of that name in the mission. */
static const MereCrossing *
find_crossing (GPtrArray          *held,
               const MereCrossing *wanted,
               const char         *assessment)
{
  for (guint i = 0; i < held->len; i++)
    {
      const MereCrossing *crossing = held->pdata[i];

      if (*wanted->id != '\0' ? g_str_equal (crossing->id, wanted->id)
                              : g_strcmp0 (crossing->assessment, assessment) == 0 && g_str_equal (crossing->name, wanted->name))
        return crossing;
    }
  return NULL;
}

static gboolean
retire_crossings (MereStore  *store,
                  GPtrArray  *held,
                  const char *assessment,
                  GError    **error)
{
  for (guint i = 0; i < held->len; i++)
    {
      MereCrossing *crossing = held->pdata[i];

      if (g_strcmp0 (crossing->assessment, assessment) != 0)
        continue;
      crossing->active = FALSE;
      if (!mere_crossing_save (store, crossing, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
change_crossings (MereStore  *store,
                  GPtrArray  *wanted,
                  const char *assessment,
                  GError    **error)
{
  g_autoptr (GPtrArray) held = mere_crossing_list (store, TRUE, error);

  if (held == NULL || !retire_crossings (store, held, assessment, error))
    return FALSE;
  for (guint i = 0; i < wanted->len; i++)
    {
      g_autoptr (MereCrossing) crossing = mere_crossing_copy (wanted->pdata[i]);
      const MereCrossing *same = find_crossing (held, crossing, assessment);

      if (*crossing->id == '\0')
        {
          g_free (crossing->id);
          crossing->id = same != NULL ? g_strdup (same->id) : g_uuid_string_random ();
        }
      g_free (crossing->assessment);
      crossing->assessment = g_strdup (assessment);
      if (!mere_crossing_save (store, crossing, error))
        return FALSE;
    }
  return TRUE;
}

/* (element-type GBytes): the forms that are compiled in. */
static GPtrArray *
load_built_in (GError **error)
{
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_auto (GStrv) names = g_resources_enumerate_children (INSTRUMENTS, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      g_autofree char *path = g_strconcat (INSTRUMENTS, *name, NULL);
      GBytes          *form = NULL;

      if (!g_str_has_suffix (*name, ".xml"))
        continue;
      form = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
      if (form == NULL)
        return NULL;
      g_ptr_array_add (forms, form);
    }
  return names != NULL ? g_steal_pointer (&forms) : NULL;
}

static gboolean
retire_instruments (MereStore *store,
                    GPtrArray *held,
                    GError   **error)
{
  for (guint i = 0; i < held->len; i++)
    if (!mere_instrument_set_active (store, ((MereInstrument *) held->pdata[i])->row, FALSE, error))
      return FALSE;
  return TRUE;
}

/* The files that a form refers to, as far as they lie in the folder: an earlier version's are another matter. */
static gboolean
take_media (MereStore            *store,
            const MereInstrument *instrument,
            GBytes               *xml,
            const char           *folder,
            GError              **error)
{
  g_auto (GStrv) names = mere_form_list_media (xml, error);

  if (names == NULL || !mere_media_clear (store, instrument->row, error))
    return FALSE;
  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (GBytes) content = mere_form_media_from_folder (*name, (gpointer) folder);

      if (content != NULL && mere_media_is_name (*name) && !mere_media_save (store, instrument->row, *name, content, error))
        return FALSE;
    }
  return TRUE;
}

/* A form of @forms into the store, with what lies beside it. */
static MereInstrument *
take_form (MereStore *store,
           GPtrArray *forms,
           guint      index,
           GPtrArray *folders,
           GError   **error)
{
  g_autoptr (MereInstrument) instrument = mere_intake_instrument (store, forms->pdata[index], -1, NULL, error);

  if (instrument == NULL || (folders != NULL && !take_media (store, instrument, forms->pdata[index], folders->pdata[index], error)))
    return NULL;
  return g_steal_pointer (&instrument);
}

static gboolean
change_instruments (MereStore *store,
                    GPtrArray *wanted,
                    GPtrArray *folders,
                    GError   **error)
{
  g_autoptr (GPtrArray) held = mere_instrument_list (store, error);
  g_autoptr (GPtrArray) built_in = NULL;

  if (held == NULL || (wanted == NULL && held->len > 0))
    return held != NULL;
  if (wanted == NULL)
    wanted = built_in = load_built_in (error);
  if (wanted == NULL || !retire_instruments (store, held, error))
    return FALSE;
  for (guint i = 0; i < wanted->len; i++)
    {
      g_autoptr (MereInstrument) instrument = take_form (store, wanted, i, built_in == NULL ? folders : NULL, error);

      if (instrument == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Older versions stay for the records and drafts that are of them. */
static gboolean
retire_others (MereStore            *store,
               GPtrArray            *held,
               const MereInstrument *instrument,
               GError              **error)
{
  for (guint i = 0; i < held->len; i++)
    {
      const MereInstrument *other = held->pdata[i];

      if (g_str_equal (other->form, instrument->form) && other->row != instrument->row && other->active &&
          !mere_instrument_set_active (store, other->row, FALSE, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
publish (MereStore *store,
         GPtrArray *forms,
         GPtrArray *folders,
         GError   **error)
{
  for (guint i = 0; forms != NULL && i < forms->len; i++)
    {
      g_autoptr (GPtrArray) held = mere_instrument_list (store, error);
      g_autoptr (MereInstrument) instrument = held != NULL ? take_form (store, forms, i, folders, error) : NULL;

      if (instrument == NULL || !retire_others (store, held, instrument, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
retire_form (MereStore  *store,
             const char *form,
             GError    **error)
{
  g_autoptr (GPtrArray) held = mere_instrument_list (store, error);
  gboolean found = FALSE;

  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      const MereInstrument *instrument = held->pdata[i];

      if (!g_str_equal (instrument->form, form))
        continue;
      found = TRUE;
      if (!mere_instrument_set_active (store, instrument->row, FALSE, error))
        return FALSE;
    }
  if (held != NULL && !found)
    g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no questionnaire “%s”. Nothing was changed."), form);
  return found;
}

static gboolean
retire_forms (MereStore *store,
              char     **forms,
              GError   **error)
{
  for (; forms != NULL && *forms != NULL; forms++)
    if (!retire_form (store, *forms, error))
      return FALSE;
  return TRUE;
}

gboolean
mere_mission_change (MereStore               *store,
                     const MereMissionChange *change,
                     GError                 **error)
{
  g_autoptr (MereAssessment) assessment = take_assessment (store, change, error);

  return assessment != NULL && change_head (store, change, assessment, error) &&
         (change->crossings == NULL || change_crossings (store, change->crossings, assessment->id, error)) &&
         change_instruments (store, change->instruments, change->folders, error) &&
         publish (store, change->published, change->folders, error) &&
         retire_forms (store, change->retired, error);
}

static GPtrArray *
list_active (MereStore *store,
             GError   **error)
{
  g_autoptr (GPtrArray) devices = mere_device_list (store, error);

  if (devices == NULL)
    return NULL;
  for (guint i = devices->len; i > 0; i--)
    if (((MereDevice *) devices->pdata[i - 1])->revoked)
      g_ptr_array_remove_index (devices, i - 1);
  if (devices->len > 0)
    return g_steal_pointer (&devices);
  g_set_error_literal (error,
                       MERE_STORE_ERROR,
                       MERE_STORE_ERROR_NOT_FOUND,
                       _ ("No laptop is enrolled, so there is nobody to encrypt the pack to. “enrol approve” comes first."));
  return NULL;
}

/* Within a bundle content stands once, whatever it is called. */
static gboolean
has_content (GPtrArray *files,
             GBytes    *content)
{
  for (guint i = 0; i < files->len; i++)
    if (g_bytes_equal (((MereParcelFile *) files->pdata[i])->content, content))
      return TRUE;
  return FALSE;
}

static gsize
add_sizes (GPtrArray *files)
{
  gsize size = 0;

  for (guint i = 0; i < files->len; i++)
    size += g_bytes_get_size (((MereParcelFile *) files->pdata[i])->content);
  return size;
}

static gboolean
add_media (MereStore              *store,
           gint64                  row,
           MereDispatchInstrument *entry,
           GPtrArray              *files,
           GError                **error)
{
  g_autoptr (GPtrArray) list = mere_media_list (store, row, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereMedia *media = list->pdata[i];
      g_autoptr (GBytes) content = mere_media_load_content (store, media->b2, error);

      if (content == NULL)
        return FALSE;
      g_ptr_array_add (entry->media, mere_media_new (media->name, media->b2));
      if (!has_content (files, content))
        g_ptr_array_add (files, mere_parcel_file_new (MERE_ENTRY_BLOB, media->name, content));
    }
  if (list == NULL || add_sizes (files) <= MAX_FILES)
    return list != NULL;
  g_set_error_literal (error,
                       MERE_STORE_ERROR,
                       MERE_STORE_ERROR_CONFLICT,
                       _ ("The questionnaires and the files beside them are more than 200 MiB, which no pack carries. Make pictures smaller."));
  return FALSE;
}

static gboolean
add_instruments (MereStore    *store,
                 MereDispatch *dispatch,
                 GPtrArray    *files,
                 GError      **error)
{
  g_autoptr (GPtrArray) list = mere_instrument_list (store, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereInstrument   *instrument = list->pdata[i];
      MereDispatchInstrument *entry;
      g_autoptr (GBytes) xml = NULL;

      if (!instrument->active)
        continue;
      xml = mere_instrument_load_xml (store, instrument->row, error);
      if (xml == NULL)
        return FALSE;
      entry = mere_dispatch_add_instrument (dispatch, instrument->form, instrument->version, instrument->b2, TRUE);
      g_ptr_array_add (files, mere_parcel_file_new (MERE_ENTRY_INSTRUMENT, instrument->form, xml));
      if (!add_media (store, instrument->row, entry, files, error))
        return FALSE;
    }
  return list != NULL;
}

static gboolean
add_crossings (MereStore    *store,
               MereDispatch *dispatch,
               GPtrArray    *files,
               GError      **error)
{
  g_autoptr (GPtrArray) list = mere_crossing_list (store, FALSE, error);
  g_autoptr (GBytes) text = NULL;
  g_autofree char *b2 = NULL;

  if (list == NULL)
    return FALSE;
  for (guint i = list->len; i > 0; i--)
    if (g_strcmp0 (((MereCrossing *) list->pdata[i - 1])->assessment, dispatch->assessment->id) != 0)
      g_ptr_array_remove_index (list, i - 1);
  text = mere_dispatch_write_crossings (list);
  b2 = mere_digest_dup_hex_of_bytes (text);
  mere_dispatch_add_list (dispatch, MERE_DISPATCH_CROSSINGS, (guint) dispatch->counter, b2);
  g_ptr_array_add (files, mere_parcel_file_new (MERE_ENTRY_BLOB, MERE_DISPATCH_CROSSINGS, text));
  return TRUE;
}

static gboolean
add_team (MereStore    *store,
          MereDispatch *dispatch,
          GPtrArray    *files,
          GError      **error)
{
  g_autoptr (GPtrArray) members = mere_hq_team_list (store, error);
  g_autoptr (GBytes) text = NULL;
  g_autofree char *b2 = NULL;

  if (members == NULL || members->len == 0)
    return members != NULL;
  text = mere_team_write (members);
  b2 = mere_digest_dup_hex_of_bytes (text);
  mere_dispatch_add_list (dispatch, MERE_TEAM_LIST, (guint) dispatch->counter, b2);
  g_ptr_array_add (files, mere_parcel_file_new (MERE_ENTRY_BLOB, MERE_TEAM_LIST, text));
  return TRUE;
}

static char **
names_of (GPtrArray *devices)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < devices->len; i++)
    g_strv_builder_add (names, ((MereDevice *) devices->pdata[i])->device);
  return g_strv_builder_end (names);
}

static gboolean
load_mission (MereStore    *store,
              MereDispatch *dispatch,
              GError      **error)
{
  g_autoptr (GError) failure = NULL;

  dispatch->assessment = mere_assessment_load_current (store, &failure);
  if (failure == NULL)
    dispatch->message = mere_settings_load_text (store, MESSAGE, &failure);
  if (failure == NULL)
    dispatch->stale_after = mere_settings_load_text (store, STALE_AFTER, &failure);
  if (failure == NULL)
    dispatch->app_min = mere_settings_load_text (store, APP_MIN, &failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (dispatch->assessment == NULL)
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no mission yet."));
  else
    return TRUE;
  return FALSE;
}

static MereDispatch *
build (MereStore   *store,
       MereKeyring *keys,
       GPtrArray   *devices,
       GPtrArray   *files,
       GError     **error)
{
  g_autoptr (MereDispatch) dispatch = mere_dispatch_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  if (!load_mission (store, dispatch, error) ||
      !mere_outbox_take_counter (store, MERE_BUNDLE_DISPATCH, &dispatch->counter, error))
    return NULL;
  dispatch->to = names_of (devices);
  dispatch->trust = keys->trust->version;
  dispatch->issued = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  if (!add_instruments (store, dispatch, files, error) || !add_crossings (store, dispatch, files, error) ||
      !add_team (store, dispatch, files, error))
    return NULL;
  return g_steal_pointer (&dispatch);
}

/* One dispatch, for as many laptops as a bundle can be encrypted to. */
static gint64
seal_for (MereStore   *store,
          MereKeyring *keys,
          GPtrArray   *devices,
          guint        part,
          GError     **error)
{
  const char *recipients[MERE_AGE_MAX_RECIPIENTS + 1] = { NULL };
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_parcel_file_free);
  g_autoptr (MereDispatch) dispatch = build (store, keys, devices, files, error);
  g_autoptr (GBytes) text = dispatch != NULL ? mere_dispatch_write (dispatch) : NULL;
  MereParcel parcel = { .kind = MERE_BUNDLE_DISPATCH, .device = MERE_OUTBOX_ALL, .recipients = recipients, .files = files };

  if (dispatch == NULL)
    return 0;
  parcel.counter = dispatch->counter;
  parcel.part = part;
  parcel.document = text;
  parcel.seen_trust = G_MAXINT;
  for (guint i = 0; i < devices->len; i++)
    {
      const MereDevice *device = devices->pdata[i];

      recipients[i] = device->box_key;
      parcel.seen_trust = MIN (parcel.seen_trust, device->seen_trust);
    }
  return mere_outbox_seal (store, keys, &parcel, error);
}

/* The laptops from @first on, borrowed. */
static GPtrArray *
take_group (GPtrArray *devices,
            guint      first)
{
  GPtrArray *group = g_ptr_array_new ();

  for (guint i = first; i < devices->len && group->len < MERE_AGE_MAX_RECIPIENTS; i++)
    g_ptr_array_add (group, devices->pdata[i]);
  return group;
}

gboolean
mere_mission_dispatch (MereStore   *store,
                       MereKeyring *keys,
                       GArray     **rows,
                       GError     **error)
{
  g_autoptr (GPtrArray) devices = list_active (store, error);
  g_autoptr (GArray) sealed = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (devices == NULL)
    return FALSE;
  for (guint first = 0; first < devices->len; first += MERE_AGE_MAX_RECIPIENTS)
    {
      g_autoptr (GPtrArray) group = take_group (devices, first);
      gint64 row = seal_for (store, keys, group, sealed->len, error);

      if (row == 0)
        return FALSE;
      g_array_append_val (sealed, row);
    }
  *rows = g_steal_pointer (&sealed);
  return TRUE;
}
