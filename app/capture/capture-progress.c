/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How far a filling is. Each node that was looked at is kept with what it counted as, so that a change costs what it
 * touches. */

#include "config.h"

#include "app/capture/capture.h"
#include "app/capture/capture-private.h"

enum {
  ASKED = 1 << 0,
  ANSWERED = 1 << 1,
  MISSING = 1 << 2,
  INVALID = 1 << 3,
};

static guint
judge (MereFormNode *node)
{
  guint is = ASKED;

  if (mere_form_node_get_kind (node) != MERE_FORM_NODE_QUESTION || mere_form_node_get_control (node) == MERE_FORM_CONTROL_NOTE ||
      !mere_form_node_is_relevant (node) || mere_form_node_is_readonly (node))
    return 0;
  if (*mere_form_node_get_value (node) != '\0')
    is |= ANSWERED;
  if (mere_form_node_get_validity (node) == MERE_FORM_VIOLATES_REQUIRED)
    is |= MISSING;
  if (mere_form_node_get_validity (node) == MERE_FORM_VIOLATES_CONSTRAINT)
    is |= INVALID;
  return is;
}

static void
add (MereCaptureProgress *progress,
     guint                is,
     int                  sign)
{
  progress->asked += (guint) (is & ASKED ? sign : 0);
  progress->answered += (guint) (is & ANSWERED ? sign : 0);
  progress->missing += (guint) (is & MISSING ? sign : 0);
  progress->invalid += (guint) (is & INVALID ? sign : 0);
}

static void
count_node (MereCapture  *self,
            MereFormNode *node)
{
  guint was = GPOINTER_TO_UINT (g_hash_table_lookup (self->judged, node));
  guint is = judge (node);

  if (was == is)
    return;
  add (&self->progress, was, -1);
  add (&self->progress, is, 1);
  if (is != 0)
    g_hash_table_insert (self->judged, node, GUINT_TO_POINTER (is));
  else
    g_hash_table_remove (self->judged, node);
}

void
mere_capture_count_tree (MereCapture  *self,
                         MereFormNode *top)
{
  count_node (self, top);
  for (guint i = 0; i < mere_form_node_get_n_children (top); i++)
    mere_capture_count_tree (self, mere_form_node_get_child (top, i));
}

void
mere_capture_count_all (MereCapture *self)
{
  g_hash_table_remove_all (self->judged);
  self->progress = (MereCaptureProgress){ 0 };
  mere_capture_count_tree (self, mere_form_session_get_root (self->session));
}

void
mere_capture_count_changed (MereCapture  *self,
                            MereFormNode *node)
{
  /* A group that becomes read-only is all that is told of it; of a repeat each instance is told. */
  if (mere_form_node_get_kind (node) == MERE_FORM_NODE_REPEAT)
    return;
  mere_capture_count_tree (self, node);
}

void
mere_capture_get_progress (MereCapture         *self,
                           MereCaptureProgress *progress)
{
  *progress = self->progress;
}

static void
measure (MereFormNode        *node,
         MereCaptureProgress *progress)
{
  add (progress, judge (node), 1);
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    measure (mere_form_node_get_child (node, i), progress);
}

void
mere_capture_measure (MereCapture         *self,
                      MereFormNode        *node,
                      MereCaptureProgress *progress)
{
  *progress = (MereCaptureProgress){ 0 };
  measure (node, progress);
}
