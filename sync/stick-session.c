/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The folders of a stick's sessions: a fresh one at each insertion, and their removal once headquarters has answered. */

#include "config.h"

#include <errno.h>
#include <string.h>

#include "sync/stick-private.h"

#define SESSION_LENGTH 7 /* "s000012" */

gboolean
mere_stick_session_is (const char *name)
{
  if (strlen (name) < SESSION_LENGTH || name[0] != 's' || strspn (name + 1, "0123456789") != SESSION_LENGTH - 1)
    return FALSE;

  return name[SESSION_LENGTH] == '\0' || (g_ascii_islower (name[SESSION_LENGTH]) && name[SESSION_LENGTH + 1] == '\0');
}

/* Makes the folder and goes into it. After a pull in the middle of a long name a FAT driver may answer ENOENT or EIO for that
 * name for ever, and not for another one. */
static int
begin (MereStickHandle *folder,
       const char      *name)
{
  MereVolume *volume = folder->volume;
  int         failure = volume->make_folder (volume, folder->number, name);
  int         number;

  if (failure == 0)
    failure = volume->flush (volume, folder->number);
  if (failure != 0)
    return failure;

  number = volume->open_folder (volume, folder->number, name);
  if (number < 0)
    return number;
  mere_stick_handle_close (folder);
  folder->number = number;

  return 0;
}

static gboolean
may_try_another (int failure)
{
  return failure == -EEXIST || failure == -EIO || failure == -ENOENT;
}

char *
mere_stick_begin_session (MereStickHandle *folder,
                          const char      *session,
                          GError         **error)
{
  g_autofree char *name = g_strdup (session);
  int              failure = begin (folder, name);

  for (char suffix = 'a'; may_try_another (failure) && suffix <= 'z'; suffix++)
    {
      g_free (name);
      name = g_strdup_printf ("%s%c", session, suffix);
      failure = begin (folder, name);
    }
  if (failure != 0)
    {
      mere_stick_fail (MERE_STICK_MAKING, failure, name, error);
      return NULL;
    }

  return g_steal_pointer (&name);
}

typedef struct
{
  GPtrArray *names;
  gboolean (*wanted) (const char *name, MereVolumeType type);
  guint n_seen;
} Gathering;

static gboolean
gather (gpointer       user_data,
        const char    *name,
        MereVolumeType type)
{
  Gathering *self = user_data;

  if (self->wanted (name, type))
    g_ptr_array_add (self->names, g_strdup (name));

  return ++self->n_seen < MERE_STICK_MAX_NAMES;
}

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_wanted (const MereStickHandle *folder,
             gboolean (*wanted) (const char *name, MereVolumeType type),
             GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  Gathering gathering = { names, wanted, 0 };
  int       failure = folder->volume->list (folder->volume, folder->number, gather, &gathering);

  if (failure != 0)
    {
      mere_stick_fail (MERE_STICK_READING, failure, NULL, error);
      return NULL;
    }
  if (gathering.n_seen >= MERE_STICK_MAX_NAMES)
    {
      mere_stick_refuse (MERE_STICK_ERROR_CROWDED, NULL, error);
      return NULL;
    }
  g_ptr_array_sort (names, compare_names);

  return g_steal_pointer (&names);
}

static gboolean
is_session (const char    *name,
            MereVolumeType type)
{
  return type == MERE_VOLUME_FOLDER && mere_stick_session_is (name);
}

static gboolean
is_signature (const char    *name,
              MereVolumeType type)
{
  return type == MERE_VOLUME_FILE && mere_stick_name_kind (name) == MERE_STICK_NAME_SIGNATURE;
}

static gboolean
is_main (const char    *name,
         MereVolumeType type)
{
  return type == MERE_VOLUME_FILE && mere_stick_name_kind (name) != MERE_STICK_NAME_NONE && !is_signature (name, type);
}

/* Whether a lane is simply not there, which is no failure for those who look. */
static gboolean
is_absent (int failure)
{
  return failure == -ENOENT || failure == -ENOTDIR || failure == -ELOOP;
}

char **
mere_stick_list_sessions (MereStick    *self,
                          MereStickLane lane,
                          const char   *device,
                          GError      **error)
{
  g_auto (MereStickHandle) folder = { NULL, -1 };
  g_autoptr (GPtrArray) names = NULL;
  int failure = mere_stick_enter_lane (self, &folder, lane, device, NULL);

  if (is_absent (failure))
    return g_new0 (char *, 1);
  if (failure != 0)
    {
      mere_stick_fail (MERE_STICK_READING, failure, device, error);
      return NULL;
    }
  names = list_wanted (&folder, is_session, error);
  if (names == NULL)
    return NULL;
  g_ptr_array_add (names, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static gboolean
remove_files (const MereStickHandle *folder,
              gboolean (*wanted) (const char *name, MereVolumeType type),
              GError **error)
{
  g_autoptr (GPtrArray) names = list_wanted (folder, wanted, error);
  int failure = 0;

  if (names == NULL)
    return FALSE;

  for (guint i = 0; i < names->len && failure == 0; i++)
    failure = folder->volume->remove (folder->volume, folder->number, names->pdata[i], MERE_VOLUME_FILE);
  if (failure == 0 && names->len > 0)
    failure = folder->volume->flush (folder->volume, folder->number);

  return failure == 0 || mere_stick_fail (MERE_STICK_MAKING, failure, NULL, error);
}

gboolean
mere_stick_remove_session (MereStick    *self,
                           MereStickLane lane,
                           const char   *device,
                           const char   *placed,
                           GError      **error)
{
  g_auto (MereStickHandle) parent = { NULL, -1 };
  g_auto (MereStickHandle) folder = { NULL, -1 };
  int failure = mere_stick_enter_lane (self, &parent, lane, device, NULL);

  if (failure == 0)
    failure = mere_stick_enter_lane (self, &folder, lane, device, placed);
  if (is_absent (failure))
    return TRUE;
  if (failure != 0)
    return mere_stick_fail (MERE_STICK_READING, failure, placed, error);

  /* The signatures first: what is left of a removal that was cut is no pair. */
  if (!remove_files (&folder, is_signature, error) || !remove_files (&folder, is_main, error))
    return FALSE;
  mere_stick_handle_close (&folder);
  failure = self->volume->remove (self->volume, parent.number, placed, MERE_VOLUME_FOLDER);
  if (failure == -ENOTEMPTY || failure == -EEXIST)
    return TRUE; /* files of others lie in it */
  if (failure == 0)
    failure = self->volume->flush (self->volume, parent.number);

  return failure == 0 || mere_stick_fail (MERE_STICK_MAKING, failure, placed, error);
}
