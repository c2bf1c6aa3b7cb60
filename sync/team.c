/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The team: its list in a dispatch, as the store has it, and what it has collected. */

#include "config.h"

#include "sync/team.h"

#include <glib/gi18n-lib.h>

#include "app/store/row-list.h"
#include "sync/age.h"
#include "sync/code.h"
#include "sync/dispatch.h"
#include "sync/ijson.h"
#include "sync/minisign.h"

#define MAX_LABEL 240 /* bytes: 60 characters */
#define COLUMNS "device, label, sign_key, box_key, leader"

MereTeamMember *
mere_team_member_new (const char *device,
                      const char *label,
                      const char *sign_key,
                      const char *box_key,
                      const char *leader)
{
  MereTeamMember *self = g_new0 (MereTeamMember, 1);

  self->device = g_strdup (device);
  self->label = g_strdup (label);
  self->sign_key = g_strdup (sign_key);
  self->box_key = g_strdup (box_key);
  self->leader = g_strdup (leader);

  return self;
}

void
mere_team_member_free (MereTeamMember *self)
{
  if (self == NULL)
    return;

  g_free (self->device);
  g_free (self->label);
  g_free (self->sign_key);
  g_free (self->box_key);
  g_free (self->leader);
  g_free (self);
}

GBytes *
mere_team_write (GPtrArray *members)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < members->len; i++)
    {
      const MereTeamMember *member = members->pdata[i];

      g_string_append (text, i > 0 ? ",\n{" : "{");
      mere_json_append_text (text, "device", member->device);
      mere_json_append_text (text, "label", member->label);
      mere_json_append_text (text, "sign_key", member->sign_key);
      mere_json_append_text (text, "box_key", member->box_key);
      mere_json_append_text (text, "leader", member->leader);
      g_string_append_c (text, '}');
    }
  g_string_append (text, "]\n");

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

#define OF(member) G_STRUCT_OFFSET (MereTeamMember, member)

static const MereJsonField fields[] = {
  { "device", MERE_JSON_STRING, OF (device), MERE_JSON_REQUIRED, MERE_DEVICE_CODE_LENGTH, NULL },
  { "label", MERE_JSON_STRING, OF (label), MERE_JSON_REQUIRED, MAX_LABEL, NULL },
  { "sign_key", MERE_JSON_STRING, OF (sign_key), MERE_JSON_REQUIRED, 56, NULL },
  { "box_key", MERE_JSON_STRING, OF (box_key), MERE_JSON_REQUIRED, 62, NULL },
  { "leader", MERE_JSON_STRING, OF (leader), MERE_JSON_NULLABLE, MERE_DEVICE_CODE_LENGTH, NULL },
};

/* NULL, or what is broken. */
static const char *
check (const MereTeamMember *member)
{
  guint8           box[MERE_AGE_KEY_SIZE];
  MereMinisignKey  key;
  g_autofree char *device = NULL;

  if (!mere_minisign_key_parse (member->sign_key, &key, NULL) || !mere_age_recipient_parse (member->box_key, box, NULL))
    return "a laptop without its keys";
  device = mere_device_code_new (&key);
  if (!g_str_equal (device, member->device))
    return "a name that is not that of its key";

  return member->leader == NULL || mere_device_code_is (member->leader) ? NULL : "a leader that is none";
}

static gboolean
read_members (MereJson  *json,
              GPtrArray *members)
{
  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      MereTeamMember *member = g_new0 (MereTeamMember, 1);
      const char     *problem;

      g_ptr_array_add (members, member);
      if (members->len > MERE_TEAM_MAX)
        return mere_json_fail (json, "a list is too long");
      if (!mere_json_read_fields (json, fields, G_N_ELEMENTS (fields), member))
        return FALSE;
      problem = check (member);
      if (problem != NULL)
        return mere_json_fail (json, problem);
    }

  return mere_json_end (json);
}

GPtrArray *
mere_team_parse (GBytes  *text,
                 GError **error)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_team_member_free);
  MereJson json;

  mere_json_init (&json, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (g_bytes_get_size (text) > MERE_DISPATCH_MAX_LIST)
    mere_json_fail (&json, "too large");
  if (read_members (&json, members))
    return g_steal_pointer (&members);
  /* Translators: the %s is a technical phrase in English. */
  g_set_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_FORMAT,
               _ ("The list of the team breaks its format (%s). Nothing of the dispatch was installed."), json.problem);

  return NULL;
}

static gboolean
insert_member (MereStore            *store,
               const MereTeamMember *member,
               GError              **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO colleague (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, member->device);
  mere_statement_bind_text (insert, 2, member->label);
  mere_statement_bind_text (insert, 3, member->sign_key);
  mere_statement_bind_text (insert, 4, member->box_key);
  mere_statement_bind_text (insert, 5, member->leader);

  return mere_statement_run (insert, error);
}

gboolean
mere_team_save (MereStore *store,
                GPtrArray *members,
                GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !mere_store_execute (store, "DELETE FROM colleague", error))
    return FALSE;
  for (guint i = 0; i < members->len; i++)
    if (!insert_member (store, members->pdata[i], error))
      return FALSE;
  mere_store_touch (store, MERE_STORE_OTHER);

  return mere_transaction_commit (g_steal_pointer (&work), error);
}

MereTeamMember *
mere_team_member_read (MereStatement *row)
{
  return mere_team_member_new (mere_statement_get_text (row, 0), mere_statement_get_text (row, 1), mere_statement_get_text (row, 2),
                               mere_statement_get_text (row, 3), mere_statement_get_text (row, 4));
}

static GPtrArray *
list_members (MereStore  *store,
              const char *sql,
              const char *device,
              GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, device);

  return mere_statement_read_all (query, (MereRowReader) mere_team_member_read, (GDestroyNotify) mere_team_member_free, error);
}

GPtrArray *
mere_team_list_led (MereStore  *store,
                    const char *device,
                    GError    **error)
{
  return list_members (store, "SELECT " COLUMNS " FROM colleague WHERE leader = ?1 AND device <> ?1 ORDER BY label, device",
                       device, error);
}

MereTeamMember *
mere_team_load_leader (MereStore  *store,
                       const char *device,
                       GError    **error)
{
  g_autoptr (GPtrArray) list = list_members (
    store,
    "SELECT " COLUMNS " FROM colleague WHERE device <> ?1 AND device = (SELECT leader FROM colleague WHERE device = ?1)",
    device, error);

  return list != NULL && list->len > 0 ? g_ptr_array_steal_index (list, 0) : NULL;
}

static void
count_free (gpointer data)
{
  MereTeamCount *self = data;

  g_free (self->crossing);
  g_free (self->label);
  g_free (self);
}

/* A colleague who is in the team no more is called by the name of the laptop. */
#define COVERAGE                                                                                                       \
  "SELECT c.name, NULL AS label, count (*), 0 AS rank, c.name IS NULL AS nowhere FROM record AS d"                     \
  "  LEFT JOIN crossing AS c ON c.id = d.crossing WHERE d.superseded = 0 GROUP BY c.name"                              \
  " UNION ALL "                                                                                                        \
  "SELECT c.name, coalesce (nullif (m.label, ''), d.device) AS label, count (*), 1 AS rank, c.name IS NULL AS nowhere" \
  "  FROM colleague_record AS d LEFT JOIN crossing AS c ON c.id = d.crossing"                                          \
  "  LEFT JOIN colleague AS m ON m.device = d.device"                                                                  \
  "  WHERE NOT EXISTS (SELECT 1 FROM colleague_record AS n WHERE n.supersedes = d.record)"                             \
  "  GROUP BY c.name, coalesce (nullif (m.label, ''), d.device)"                                                       \
  " ORDER BY 5, 1, 4, 2"

static gpointer
read_count (MereStatement *row)
{
  MereTeamCount *item = g_new (MereTeamCount, 1);

  item->crossing = mere_statement_dup_text (row, 0);
  item->label = mere_statement_dup_text (row, 1);
  item->n_records = (guint) mere_statement_get_int (row, 2);

  return item;
}

GPtrArray *
mere_team_list_coverage (MereStore *store,
                         GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, COVERAGE, error);

  if (query == NULL)
    return NULL;

  return mere_statement_read_all (query, read_count, count_free, error);
}
