/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever is done to a filling, in whatever order: opened again it is the same, and all undone it is the beginning. */

#include "config.h"

#include "tests/app/capture/filling.h"
#include "tests/support/chance.h"

#include "app/store/statement.h"

#define RUNS 12
#define STEPS 60

typedef struct
{
  MerePlainStore *plain;
  MereCapture    *capture;
} Run;

static void
collect (MereFormNode    *node,
         MereFormNodeKind kind,
         GPtrArray       *found)
{
  if (mere_form_node_get_kind (node) == kind)
    g_ptr_array_add (found, node);
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    collect (mere_form_node_get_child (node, i), kind, found);
}

static MereFormNode *
any (Run             *self,
     MereFormNodeKind kind)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  collect (mere_form_session_get_root (mere_capture_get_session (self->capture)), kind, found);
  return found->len > 0 ? found->pdata[g_test_rand_int_range (0, (gint32) found->len)] : NULL;
}

static const char *
any_value (void)
{
  static const char *const values[] = { "", "0", "1", "2", "5", "600", "north", "south", "n1", "s1", "no", "closed", "e-gate", "a b & <c>" };

  return values[g_test_rand_int_range (0, G_N_ELEMENTS (values))];
}

static void
compare (Run        *self,
         const char *before)
{
  g_autofree char *after = mere_filling_dup_screen (self->capture);

  g_assert_cmpstr (after, ==, before);
}

static void
crash (Run *self)
{
  g_autofree char *before = mere_filling_dup_screen (self->capture);
  g_autoptr (GError) error = NULL;
  gint64 draft = mere_capture_get_draft (self->capture);

  g_clear_object (&self->capture);
  self->capture = mere_capture_open (self->plain->store, draft, &error);
  g_assert_no_error (error);
  compare (self, before);
}

static void
check_progress (Run *self)
{
  MereCaptureProgress kept;
  MereCaptureProgress measured;

  mere_capture_get_progress (self->capture, &kept);
  mere_capture_measure (self->capture, mere_form_session_get_root (mere_capture_get_session (self->capture)), &measured);
  g_assert_cmpmem (&kept, sizeof kept, &measured, sizeof measured);
}

/* One step, which the form may refuse. */
static void
step (Run *self)
{
  MereFormNode *node;

  switch (g_test_rand_int_range (0, 14))
    {
    case 0:
    case 1:
      if ((node = any (self, MERE_FORM_NODE_REPEAT)) != NULL)
        mere_capture_add (self->capture, node, NULL);
      break;
    case 2:
      if ((node = any (self, MERE_FORM_NODE_REPEAT_INSTANCE)) != NULL)
        mere_capture_remove (self->capture, node, NULL);
      break;
    case 3:
      node = any (self, MERE_FORM_NODE_QUESTION);
      mere_capture_set_comment (self->capture, node, any_value (), NULL);
      break;
    case 4:
      mere_capture_set_language (self->capture, g_test_rand_bit () ? "English (en)" : "Français (fr)", NULL);
      break;
    case 5:
    case 6:
      mere_capture_undo (self->capture, NULL, NULL);
      break;
    case 7:
      mere_capture_redo (self->capture, NULL, NULL);
      break;
    case 8:
      mere_capture_compact (self->capture, NULL);
      break;
    default:
      node = any (self, MERE_FORM_NODE_QUESTION);
      mere_capture_set (self->capture, node, any_value (), NULL);
    }
  check_progress (self);
}

static void
refuse_one (Run *self)
{
  g_autofree char *before = mere_filling_dup_screen (self->capture);

  mere_plain_store_refuse_commits (self->plain, TRUE);
  step (self);
  mere_plain_store_refuse_commits (self->plain, FALSE);
  compare (self, before);
}

static void
undo_all (Run        *self,
          const char *beginning)
{
  g_autofree char *state = NULL;
  g_autoptr (GError) error = NULL;

  while (mere_capture_can_undo (self->capture))
    {
      mere_capture_undo (self->capture, NULL, &error);
      g_assert_no_error (error);
    }
  mere_capture_set_language (self->capture, "English (en)", NULL);
  state = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (state, ==, beginning);
}

static void
run (const char *form)
{
  Run              self = { mere_plain_store_new (), NULL };
  g_autofree char *beginning = NULL;

  /* thousands of commits; what a power cut leaves is another test's */
  g_assert_true (mere_store_execute (self.plain->store, "PRAGMA synchronous = OFF", NULL));
  self.capture = mere_capture_new (self.plain->store, mere_filling_take_in (self.plain->store, form), NULL, NULL);
  beginning = mere_filling_dup_state (self.capture);
  for (guint i = 0; i < STEPS; i++)
    {
      step (&self);
      if (g_test_rand_int_range (0, 6) == 0)
        crash (&self);
      if (g_test_rand_int_range (0, 6) == 0)
        refuse_one (&self);
    }
  crash (&self);
  undo_all (&self, beginning);
  crash (&self);
  g_object_unref (self.capture);
  mere_plain_store_free (self.plain);
}

static void
test_any_steps (gconstpointer form)
{
  for (guint i = 0; i < RUNS; i++)
    run (form);
}

int
main (int argc, char **argv)
{
  mere_test_init_chance (&argc, &argv);
  g_test_add_data_func ("/capture/random/lanes", "lanes", test_any_steps);
  g_test_add_data_func ("/capture/random/chance", "chance", test_any_steps);
  return g_test_run ();
}
