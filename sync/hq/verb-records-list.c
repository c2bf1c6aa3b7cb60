/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `records list`: what headquarters has. */

#include "config.h"

#include "sync/hq/item.h"
#include "sync/hq/kept.h"
#include "sync/hq/record-json.h"
#include "sync/hq/verb.h"
#include "sync/hq/when.h"

#include <glib/gi18n-lib.h>

#define PAGE 500 /* records read at once */

static void
print_record (const MereKept *kept)
{
  const MereRecord *record = kept->record;
  g_autofree char  *finalised = mere_hq_dup_time (record->finalised_us, record->finalised_offset_s);

  mere_hq_print ("%s  %s  %-12s  %-22s  %-24s  %-16s  %s\n",
                 record->id,
                 finalised,
                 mere_kept_state_to_string (kept->state),
                 record->form,
                 record->crossing_name != NULL ? record->crossing_name : "–",
                 *kept->label != '\0' ? kept->label : kept->device,
                 record->title);
}

/* Calls for each record that the filter wants, newest first, at most @limit of them. */
static gboolean
walk (MereStore      *store,
      MereKeptFilter *filter,
      guint           limit,
      JsonArray      *array,
      GError        **error)
{
  for (guint n = 0; limit == 0 || n < limit;)
    {
      g_autoptr (GPtrArray) page = NULL;

      filter->limit = limit == 0 ? PAGE : MIN (PAGE, limit - n);
      page = mere_kept_list (store, filter, error);
      if (page == NULL)
        return FALSE;
      if (page->len == 0)
        return TRUE;
      for (guint i = 0; i < page->len; i++)
        if (array != NULL)
          json_array_add_object_element (array, mere_record_to_json (page->pdata[i]));
        else
          print_record (page->pdata[i]);
      n += page->len;
      filter->before_row = ((MereKept *) page->pdata[page->len - 1])->record->row;
    }
  return TRUE;
}

typedef struct
{
  char    *form;
  char    *crossing;
  char    *device;
  char    *state;
  char    *review;
  char    *item;
  char    *since;
  char    *until;
  char    *id;
  int      limit;
  gboolean all;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->form);
  g_free (self->crossing);
  g_free (self->device);
  g_free (self->state);
  g_free (self->review);
  g_free (self->item);
  g_free (self->since);
  g_free (self->until);
  g_free (self->id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
read_review (const Options  *options,
             MereKeptFilter *filter,
             GError        **error)
{
  MereReviewed reviewed;

  if (options->review == NULL)
    return TRUE;
  if (!mere_reviewed_from_string (options->review, &reviewed))
    {
      g_set_error (error,
                   G_OPTION_ERROR,
                   G_OPTION_ERROR_BAD_VALUE,
                   _ ("There is no review “%s”: it is new, accepted, returned or answered."),
                   options->review);
      return FALSE;
    }
  filter->reviewed = (int) reviewed;
  return TRUE;
}

static gboolean
read_state (const Options  *options,
            MereKeptFilter *filter,
            GError        **error)
{
  MereKeptState state;

  if (options->limit < 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("--limit is a number of records; 0 is all."));
      return FALSE;
    }
  if (options->state == NULL)
    return TRUE;
  if (!mere_kept_state_from_string (options->state, &state))
    {
      g_set_error (error,
                   G_OPTION_ERROR,
                   G_OPTION_ERROR_BAD_VALUE,
                   _ ("There is no state “%s”: it is complete, waiting, unknown-form or conflict."),
                   options->state);
      return FALSE;
    }
  filter->state = (int) state;
  return TRUE;
}

static int
list (MereHq        *hq,
      const Options *options)
{
  MereKeptFilter filter = MERE_KEPT_FILTER_INIT;
  g_autoptr (JsonArray) array = mere_hq_wants_json (hq) ? json_array_new () : NULL;
  g_auto (GStrv) versions = NULL;
  g_autoptr (GError) error = NULL;
  MereStore  *store;
  JsonObject *object;

  filter.form = options->form;
  filter.crossing = options->crossing;
  filter.device = options->device;
  filter.older_versions = options->all;
  filter.part = options->id;
  if (!read_state (options, &filter, &error) || !read_review (options, &filter, &error) ||
      !mere_when_parse ("--since", options->since, &filter.since_us, &error) ||
      !mere_when_parse ("--until", options->until, &filter.until_us, &error) || (store = mere_hq_open (hq, &error)) == NULL ||
      (options->item != NULL && (versions = mere_item_list_versions (store, options->item, &error)) == NULL))
    return mere_hq_fail (error);
  filter.forms = (const char *const *) versions;
  if (!walk (store, &filter, (guint) options->limit, array, &error))
    return mere_hq_fail (error);
  if (array == NULL)
    return MERE_HQ_DONE;
  object = json_object_new ();
  json_object_set_array_member (object, "records", g_steal_pointer (&array));
  mere_hq_print_json (mere_hq_object_node (object));
  return MERE_HQ_DONE;
}

int
mere_verb_records_list (MereHq *hq,
                        char ***args)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "form", 0, 0, G_OPTION_ARG_STRING, &options.form, N_ ("Only records of this form"), N_ ("ID") },
    { "crossing", 0, 0, G_OPTION_ARG_STRING, &options.crossing, N_ ("Only records of this crossing, by its name or id"), N_ ("NAME") },
    { "device", 0, 0, G_OPTION_ARG_STRING, &options.device, N_ ("Only records of this laptop"), N_ ("DEVICE") },
    { "state", 0, 0, G_OPTION_ARG_STRING, &options.state, N_ ("Only records in this state: complete, waiting, unknown-form, conflict"), N_ ("STATE") },
    { "review", 0, 0, G_OPTION_ARG_STRING, &options.review, N_ ("Only records of which reviewers say this: new, accepted, returned, answered"), N_ ("REVIEW") },
    { "item", 0, 0, G_OPTION_ARG_STRING, &options.item, N_ ("Only records of questionnaires that ask about this item of the framework"), N_ ("ITEM") },
    { "since", 0, 0, G_OPTION_ARG_STRING, &options.since, N_ ("Only what was finalised then or later"), N_ ("TIME") },
    { "until", 0, 0, G_OPTION_ARG_STRING, &options.until, N_ ("Only what was finalised before"), N_ ("TIME") },
    { "id", 0, 0, G_OPTION_ARG_STRING, &options.id, N_ ("Only records whose id has this in it"), N_ ("TEXT") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, N_ ("No more than the newest N"), N_ ("N") },
    { "all", 0, 0, G_OPTION_ARG_NONE, &options.all, N_ ("Also versions that have a newer one"), NULL },
    { NULL },
  };
  int status;

  if (!mere_hq_parse (hq, entries, 0, 0, args, &status))
    return status;
  return list (hq, &options);
}
