/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stick itself: which names are ours, what an errno means to a person, how one file is read. Publishing, sessions,
 * scanning and copying in have files of their own. */

#include "config.h"

#include "sync/stick.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/bundle-format.h"
#include "sync/code.h"
#include "sync/ijson.h"
#include "sync/stick-private.h"

#define ENROLMENT_NAME "enrol.json"
#define IDENTITY_MAX_SIZE 256 /* bytes of a STICK.JSN that is looked at */
#define IDENTITY_SIZE 8       /* bytes of its random number */
#define ROOT_NAME_MAX 11      /* fits a volume label, too */

G_DEFINE_QUARK (mere_stick_error, mere_stick_error)

/* What an errno means while reading, while making folders, and while writing. */
static const struct
{
  int            failure;
  MereStickError reading, making, writing;
} meanings[] = {
  { EIO, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ENODEV, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ENXIO, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ENOMEDIUM, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ENOTCONN, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ECONNABORTED, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ETIMEDOUT, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { EHOSTDOWN, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ESHUTDOWN, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ESTALE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ENOENT, MERE_STICK_ERROR_NOT_FOUND, MERE_STICK_ERROR_GONE, MERE_STICK_ERROR_GONE },
  { ENOTDIR, MERE_STICK_ERROR_NOT_FOUND, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_DAMAGED },
  { ELOOP, MERE_STICK_ERROR_NOT_FOUND, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_DAMAGED },
  { EINVAL, MERE_STICK_ERROR_NOT_FOUND, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_DAMAGED },
  { EXDEV, MERE_STICK_ERROR_NOT_FOUND, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_DAMAGED },
  { ENOSPC, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_FULL, MERE_STICK_ERROR_FULL },
  { EDQUOT, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_FULL, MERE_STICK_ERROR_FULL },
  { EPERM, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_READ_ONLY, MERE_STICK_ERROR_FULL }, /* some FAT drivers, when full */
  { EACCES, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_READ_ONLY, MERE_STICK_ERROR_READ_ONLY },
  { EROFS, MERE_STICK_ERROR_DAMAGED, MERE_STICK_ERROR_READ_ONLY, MERE_STICK_ERROR_GONE }, /* the kernel gave it up midway */
};

static const char *const sentences[] = {
  [MERE_STICK_ERROR_GONE] = N_ ("The stick does not answer any more: it was pulled, or is broken. This computer still holds everything; put it in again, or take another one."),
  [MERE_STICK_ERROR_FULL] = N_ ("There is no room on the stick. This computer still holds everything; make room, or take another stick."),
  [MERE_STICK_ERROR_READ_ONLY] = N_ ("The stick cannot be written to: look at its switch and at the rights of the folder. This computer still holds everything."),
  [MERE_STICK_ERROR_DIFFERS] = N_ ("What was written to the stick does not read back the same. This computer still holds everything; take another stick."),
  [MERE_STICK_ERROR_CANCELLED] = N_ ("Stopped as you asked. This computer still holds everything."),
  [MERE_STICK_ERROR_DAMAGED] = N_ ("The stick’s file system refuses what it should do. Repair it, or take another stick; this computer still holds everything."),
  [MERE_STICK_ERROR_CROWDED] = N_ ("There are too many files on the stick to look through. Move the MERESTONE folder to an emptier one."),
  [MERE_STICK_ERROR_TOO_LARGE] = N_ ("The file is larger than its kind may be; it was not taken."),
  [MERE_STICK_ERROR_NOT_FOUND] = N_ ("There is no such file or folder."),
  [MERE_STICK_ERROR_LOCAL] = N_ ("This computer’s own disk failed; the stick is all right."),
};

gboolean
mere_stick_refuse (MereStickError code,
                   const char    *name,
                   GError       **error)
{
  g_autofree char *shown = name == NULL ? NULL : g_filename_display_name (name);

  if (shown == NULL)
    g_set_error_literal (error, MERE_STICK_ERROR, code, _ (sentences[code]));
  else
    /* Translators: the name of a file, then a sentence about it */
    g_set_error (error, MERE_STICK_ERROR, code, _ ("“%s”: %s"), shown, _ (sentences[code]));

  return FALSE;
}

gboolean
mere_stick_fail (MereStickStage stage,
                 int            failure,
                 const char    *name,
                 GError       **error)
{
  MereStickError code = MERE_STICK_ERROR_DAMAGED;

  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].failure == -failure)
      code = stage == MERE_STICK_READING ? meanings[i].reading : stage == MERE_STICK_MAKING ? meanings[i].making
                                                                                            : meanings[i].writing;

  return mere_stick_refuse (code, name, error);
}

gboolean
mere_stick_check_cancelled (GCancellable *cancellable,
                            GError      **error)
{
  return !g_cancellable_is_cancelled (cancellable) || mere_stick_refuse (MERE_STICK_ERROR_CANCELLED, NULL, error);
}

/* "k7q2m9xd-01-000042.age", "enrol.json": the part before the suffix of a signature is judged alike. */
static MereStickName
main_kind (const char *name,
           gsize       length)
{
  char text[MERE_STICK_MAX_NAME + 1];

  if (length > MERE_STICK_MAX_NAME)
    return MERE_STICK_NAME_NONE;

  g_strlcpy (text, name, length + 1);
  if (strcmp (text, ENROLMENT_NAME) == 0)
    return MERE_STICK_NAME_ENROLMENT;
  if (length != MERE_BUNDLE_NAME_LENGTH + strlen (MERE_BUNDLE_SUFFIX) || !g_str_has_suffix (text, MERE_BUNDLE_SUFFIX))
    return MERE_STICK_NAME_NONE;

  text[MERE_BUNDLE_NAME_LENGTH] = '\0';

  return mere_bundle_name_parse (text, NULL, NULL, NULL) ? MERE_STICK_NAME_BUNDLE : MERE_STICK_NAME_NONE;
}

MereStickName
mere_stick_name_kind (const char *name)
{
  gsize length = strlen (name);

  if (!g_str_has_suffix (name, MERE_MINISIGN_SUFFIX))
    return main_kind (name, length);

  return main_kind (name, length - strlen (MERE_MINISIGN_SUFFIX)) == MERE_STICK_NAME_NONE ? MERE_STICK_NAME_NONE
                                                                                          : MERE_STICK_NAME_SIGNATURE;
}

guint64
mere_stick_name_get_limit (const char *name)
{
  static const guint64 limits[] = {
    [MERE_STICK_NAME_NONE] = IDENTITY_MAX_SIZE,
    [MERE_STICK_NAME_BUNDLE] = MERE_BUNDLE_MAX_SIZE,
    [MERE_STICK_NAME_ENROLMENT] = MERE_STICK_MAX_ENROLMENT,
    [MERE_STICK_NAME_SIGNATURE] = MERE_STICK_MAX_SIGNATURE,
  };

  return limits[mere_stick_name_kind (name)];
}

void
mere_stick_handle_close (MereStickHandle *self)
{
  if (self->number >= 0 && self->volume != NULL)
    self->volume->close (self->volume, self->number);
  self->number = -1;
}

int
mere_stick_enter (MereStickHandle *handle,
                  const char      *name)
{
  int number = handle->volume->open_folder (handle->volume, handle->number, name);

  mere_stick_handle_close (handle);
  handle->number = number;

  return MIN (number, 0);
}

const char *
mere_stick_lane_get_name (MereStickLane lane)
{
  static const char *const names[] = { "TO-HQ", "TO-FIELD", "ENROL" };

  return names[lane];
}

int
mere_stick_enter_lane (MereStick       *self,
                       MereStickHandle *handle,
                       MereStickLane    lane,
                       const char      *device,
                       const char      *session)
{
  const char *const names[] = { self->root_name, mere_stick_lane_get_name (lane), device, session };
  int               failure = 0;

  *handle = (MereStickHandle){ self->volume, 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (names) && names[i] != NULL && failure == 0; i++)
    failure = mere_stick_enter (handle, names[i]);

  return failure;
}

void
mere_stick_progress_add (MereStickProgress *self,
                         gsize              n)
{
  if (self == NULL)
    return;

  self->done += n;
  if (self->report != NULL && (self->done - self->told >= MERE_STICK_PROGRESS || self->done == self->total))
    {
      self->report (self->user_data, self->done, self->total);
      self->told = self->done;
    }
}

gsize
mere_stick_get_block (guint64 size)
{
  return MIN (size + 1, MERE_STICK_BLOCK);
}

/* One file to its end, whatever its size was said to be. */
static gboolean
read_all (const MereStickHandle *file,
          const char            *name,
          guint64                size,
          const MereStickTaking *taking,
          MereHash              *hash,
          GError               **error)
{
  gsize              room = mere_stick_get_block (size);
  g_autofree guint8 *block = g_malloc (room);
  guint64            limit = mere_stick_name_get_limit (name);

  for (;;)
    {
      gssize n = file->volume->read (file->volume, file->number, block, room);

      if (n < 0)
        return mere_stick_fail (MERE_STICK_READING, (int) n, name, error);
      if (n == 0)
        return TRUE;
      mere_hash_update (hash, block, n);
      if (hash->n_bytes > limit)
        return mere_stick_refuse (MERE_STICK_ERROR_TOO_LARGE, name, error);
      if (taking->sink != NULL && !taking->sink (taking->sink_data, block, n, NULL))
        return mere_stick_refuse (MERE_STICK_ERROR_LOCAL, name, error);
      mere_stick_progress_add (taking->progress, n);
      if (!mere_stick_check_cancelled (taking->cancellable, error))
        return FALSE;
    }
}

gboolean
mere_stick_read_file (MereStick             *self,
                      int                    folder,
                      const char            *name,
                      const MereStickTaking *taking,
                      guint8                 hash[MERE_HASH_SIZE],
                      guint64               *size,
                      GError               **error)
{
  MereHash state;
  int      failure = 0;
  g_auto (MereStickHandle) file = { self->volume, self->volume->open_file (self->volume, folder, name, size) };

  if (file.number < 0)
    return mere_stick_fail (MERE_STICK_READING, file.number, name, error);
  if (*size > mere_stick_name_get_limit (name))
    return mere_stick_refuse (MERE_STICK_ERROR_TOO_LARGE, name, error);
  if (taking->fresh)
    failure = self->volume->drop_cache (self->volume, file.number);
  if (failure != 0)
    return mere_stick_fail (MERE_STICK_READING, failure, name, error);

  mere_hash_init (&state, MERE_HASH_SIZE);
  if (!read_all (&file, name, *size, taking, &state, error))
    return FALSE;
  *size = state.n_bytes;
  mere_hash_finish (&state, hash);

  return TRUE;
}

MereStick *
mere_stick_new (MereVolume *volume)
{
  MereStick *self = g_new0 (MereStick, 1);

  self->volume = volume;
  self->root_name = g_strdup (MERE_STICK_ROOT);

  return self;
}

MereStick *
mere_stick_open (const char *path,
                 GError    **error)
{
  int         failure;
  MereVolume *volume = mere_volume_open (path, &failure);

  if (volume == NULL)
    {
      mere_stick_fail (MERE_STICK_READING, failure, path, error);
      return NULL;
    }

  return mere_stick_new (volume);
}

void
mere_stick_free (MereStick *self)
{
  if (self == NULL)
    return;

  mere_volume_free (self->volume);
  g_free (self->root_name);
  g_free (self->id);
  g_free (self);
}

void
mere_stick_set_root_name (MereStick  *self,
                          const char *name)
{
  gsize length = strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

  g_return_if_fail (length > 0 && length <= ROOT_NAME_MAX && name[length] == '\0');

  g_free (self->root_name);
  self->root_name = g_strdup (name);
  g_clear_pointer (&self->id, g_free);
}

static char *
parse_identity (const char *text,
                gsize       size)
{
  static const MereJsonField fields[] = {
    { "stick", MERE_JSON_STRING, 0, MERE_JSON_REQUIRED, 2 * IDENTITY_SIZE, NULL },
  };
  MereJson         json;
  g_autofree char *id = NULL;

  mere_json_init (&json, text, size);
  if (!mere_json_read_fields (&json, fields, G_N_ELEMENTS (fields), &id) || !mere_json_end (&json) ||
      !mere_hex_is (id, IDENTITY_SIZE))
    return NULL;

  return g_steal_pointer (&id);
}

const char *
mere_stick_get_id (MereStick *self)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  const MereStickTaking taking = { .sink = mere_write_to_bytes, .sink_data = text };
  guint8                hash[MERE_HASH_SIZE];
  guint64               size;
  g_auto (MereStickHandle) root = { self->volume, 0 };

  if (self->id == NULL && mere_stick_enter (&root, self->root_name) == 0 &&
      mere_stick_read_file (self, root.number, MERE_STICK_IDENTITY, &taking, hash, &size, NULL))
    self->id = parse_identity ((const char *) text->data, text->len);

  return self->id;
}
