/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stick with a real file system, pulled at any byte that its driver writes: ext4 of the kernel, FAT32 and exFAT by their
 * FUSE drivers. Half of the pulls tear a sector, half leave sectors whole. What is promised then: docs/formats-road.md, "Stick",
 * P1 to P4. Takes long, so it runs with MERESTONE_TEST_DEEP only. */

#include "config.h"

#include <glib/gstdio.h>

#include "app/store/statement.h"
#include "tests/sync/disk-stick.h"
#include "tests/sync/schedule-world.h"

#define N_CUTS_PER_WORLD 128 /* chains that are walked at each step grow */

/* What it took until an insertion was complete. */
typedef enum {
  AS_IT_WAS,
  REPAIRED, /* by the system's own check */
  ANOTHER,  /* stick */
  N_CURES,
} Cure;

typedef struct
{
  const MereDiskKind *kind;
  guint               n_cuts;
} Case;

static const Case cases[] = {
  { &mere_disk_ext4, 2048 },
  { &mere_disk_fat32, 1536 },
  { &mere_disk_exfat, 1536 },
};

typedef struct
{
  char          *folder;
  char          *prepared;
  MereDiskStick *stick;
  const char    *reason; /* why there is none */
} Desk;

static Desk desk;

/* One file system. */
typedef struct
{
  const Case    *it;
  MereTestWorld *world;
  gint64         n_moves; /* that reached the stick in the newest insertion, until it was taken out */
  guint          n_dead;  /* pulls before the laptop was done */
  guint          n_unmountable;
  guint          n_cured[N_CURES];
} Trial;

static MereTestLaptop *
get_laptop (Trial *self)
{
  return self->world->laptops->pdata[0];
}

static const char *
get_path (void)
{
  return mere_disk_stick_get_path (desk.stick);
}

/* Whether all went well; else it was said what went wrong, and it was the stick. */
static gboolean
write_bundles (Trial *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierWritten) written = mere_courier_write (get_laptop (self)->store, get_path (), NULL, NULL, NULL, &error);

  if (written != NULL)
    return TRUE;
  g_assert_true (error->domain == MERE_STICK_ERROR);
  g_assert_cmpint (error->code, !=, MERE_STICK_ERROR_LOCAL);
  return FALSE;
}

/* Taken in; or its signature, which comes last, was cut, or is what lay in that place of the stick before. One that fits has
 * its bundle: P2. */
static void
assert_whole_or_unfinished (const MereInboxResult *result)
{
  g_assert_true (result->verdict <= MERE_INBOX_DUPLICATE ||
                 strcmp (result->code, mere_bundle_error_get_name (MERE_BUNDLE_ERROR_SIGNATURE_FORM)) == 0 ||
                 strcmp (result->code, mere_bundle_error_get_name (MERE_BUNDLE_ERROR_RENAMED)) == 0);
}

/* Whether headquarters could read all, and write its receipt. */
static gboolean
receive (Trial *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereReceived) received = mere_received_new ();

  g_assert_true (mere_receive_stick (self->world->hq, self->world->keys, get_path (), NULL, received, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < received->results->len; i++)
    assert_whole_or_unfinished (received->results->pdata[i]);
  return received->failures->len == 0;
}

static gboolean
read_receipt (Trial *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierRead) read = mere_courier_read (get_laptop (self)->store, get_path (), NULL, NULL, NULL, &error);

  return read != NULL;
}

static gboolean
deliver (Trial *self)
{
  return write_bundles (self) && receive (self) && read_receipt (self);
}

typedef gboolean (*Step) (Trial *self);

static gboolean
try (Trial *self,
     Step   step)
{
  gboolean done = mere_disk_stick_insert (desk.stick, -1, FALSE) && step (self);

  mere_disk_stick_pull (desk.stick);
  return done;
}

static void
take_another (Trial *self)
{
  g_autofree char *reason = NULL;

  mere_disk_stick_format (desk.stick, self->it->kind, &reason);
  g_assert_null (reason);
}

static gboolean
holds (MereTestWorld *world,
       const char    *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = mere_statement_new (world->hq, "SELECT 1 FROM hq_record AS h JOIN record AS r ON r.row = h.row WHERE r.id = ?1", &error);
  gboolean found = FALSE;

  g_assert_no_error (error);
  mere_statement_bind_text (query, 1, record);
  g_assert_true (mere_statement_step (query, &found, &error));
  return found;
}

/* Goes on as a person would: nothing that fails is silent. */
static Cure
heal (Trial *self)
{
  Cure cure = AS_IT_WAS;

  while (!try (self, deliver))
    {
      g_assert_cmpint (++cure, <, N_CURES);
      if (cure == REPAIRED)
        mere_disk_stick_repair (desk.stick);
      else
        take_another (self);
    }
  return cure;
}

/* The stick was pulled, and goes to headquarters. */
static void
look_at_what_is_left (Trial *self)
{
  if (try (self, receive))
    return;
  self->n_unmountable++;
  mere_disk_stick_repair (desk.stick);
  try (self, receive);
}

static gboolean
insert (Trial   *self,
        gint64   moves,
        gboolean sectors)
{
  gboolean written = mere_disk_stick_insert (desk.stick, moves, sectors) && write_bundles (self);

  self->n_moves = mere_disk_stick_pull (desk.stick);
  return written;
}

static Cure
cut (Trial   *self,
     gint64   moves,
     gboolean sectors)
{
  g_autofree char *earlier = mere_test_laptop_add_record (get_laptop (self), "an answer");
  g_autofree char *now = NULL;
  gboolean         delivered;
  Cure             cure;

  g_assert_true (insert (self, -1, FALSE));
  now = mere_test_laptop_add_record (get_laptop (self), "another answer");
  delivered = insert (self, moves, sectors);
  self->n_dead += !delivered;
  look_at_what_is_left (self);
  g_assert_true (!delivered || holds (self->world, now));   /* P1 */
  g_assert_true (!sectors || holds (self->world, earlier)); /* P3 */
  cure = heal (self);                                       /* P4 */
  g_assert_true (holds (self->world, now) && holds (self->world, earlier));
  g_assert_cmpint (mere_test_laptop_get_state (get_laptop (self), now), ==, MERE_RECORD_ACKNOWLEDGED);
  g_assert_cmpint (mere_test_laptop_get_state (get_laptop (self), earlier), ==, MERE_RECORD_ACKNOWLEDGED);
  return cure;
}

/* Bytes and calls of one insertion over what an earlier one left. */
static gint64
measure (Trial *self)
{
  take_another (self);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (cut (self, -1, FALSE), ==, AS_IT_WAS);
  return self->n_moves;
}

/* "ID B2" of each record. */
static char *
list_records (MereStore  *store,
              const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, &error);
  GString *list = g_string_new (NULL);
  gboolean row;

  g_assert_no_error (error);
  while (mere_statement_step (query, &row, &error) && row)
    g_string_append_printf (list, "%s %s\n", mere_statement_get_text (query, 0), mere_statement_get_text (query, 1));
  g_assert_no_error (error);
  return g_string_free (list, FALSE);
}

static void
assert_complete (Trial *self)
{
  g_autofree char *made = list_records (get_laptop (self)->store, "SELECT id, b2 FROM record ORDER BY id");
  g_autofree char *held = list_records (
    self->world->hq, "SELECT r.id, r.b2 FROM record AS r JOIN hq_record AS h ON h.row = r.row ORDER BY r.id");

  g_assert_cmpstr (made, ==, held);
}

/* Of all cuts, those of one world: @first, and every @step after it. */
static void
cut_one_world (Trial *self,
               guint  first,
               guint  step)
{
  g_autofree char *folder = g_build_filename (desk.folder, "world", NULL);
  guint            n = self->it->n_cuts;
  gint64           all;

  self->world = mere_test_world_new (desk.prepared, folder);
  all = measure (self);
  for (guint i = first; i < n; i += step)
    self->n_cured[cut (self, all * i / n, i / step % 2 == 0)]++;
  assert_complete (self);
  mere_test_world_free (self->world);
}

static void
prepare (void)
{
  if (g_mkdir (desk.prepared, 0700) == 0)
    mere_test_world_prepare (desk.prepared);
}

static void
test_whatever_was_cut_headquarters_has_everything_in_the_end (gconstpointer data)
{
  Trial            self = { .it = data };
  guint            n_worlds = MAX (self.it->n_cuts / N_CUTS_PER_WORLD, 1);
  g_autofree char *reason = NULL;

  if (desk.stick == NULL)
    {
      g_test_skip (desk.reason);
      return;
    }
  if (!mere_disk_stick_format (desk.stick, self.it->kind, &reason))
    {
      g_test_skip (reason);
      return;
    }
  prepare ();
  for (guint i = 0; i < n_worlds; i++)
    cut_one_world (&self, i, n_worlds);
  g_test_message ("%s: %u cuts, of them %u before the laptop was done; %u left what could not be read; then complete: %u at once, "
                  "%u after a repair, %u on another stick",
                  self.it->kind->name, self.it->n_cuts, self.n_dead, self.n_unmountable, self.n_cured[AS_IT_WAS],
                  self.n_cured[REPAIRED], self.n_cured[ANOTHER]);
}

/* The file system is a process of its own, made before there are threads. */
static void
set_up (void)
{
  desk.reason = "takes long: MERESTONE_TEST_DEEP is not set";
  if (g_getenv ("MERESTONE_TEST_DEEP") == NULL)
    return;
  desk.folder = g_dir_make_tmp ("merestone-disk-XXXXXX", NULL);
  desk.prepared = g_build_filename (desk.folder, "prepared", NULL);
  desk.stick = mere_disk_stick_new (desk.folder, &desk.reason);
}

static void
tear_down (void)
{
  if (desk.folder == NULL)
    return;
  mere_disk_stick_free (desk.stick);
  mere_test_remove_tree (desk.folder);
  g_free (desk.folder);
  g_free (desk.prepared);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  mere_test_use_memory ();
  set_up ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/stick-disk/%s/whatever-was-cut-headquarters-has-everything-in-the-end", cases[i].kind->name);

      g_test_add_data_func (path, &cases[i], test_whatever_was_cut_headquarters_has_everything_in_the_end);
    }
  status = g_test_run ();
  tear_down ();

  return status;
}
