/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/instrument.h"

G_BEGIN_DECLS

/* Records of colleagues, on the laptop of their leader: copies to read. They are never packed, never edited and in no list of this
 * laptop's own records; headquarters gets them from whoever made them. */

/**
 * MereColleagueRecord:
 * @id: instanceID
 * @device: name of the laptop that it is of
 * @label: what headquarters calls that laptop; its name where it is in the team no more
 * @supersedes: (nullable): the version that it replaces
 * @title: of the questionnaire; its form where this laptop does not have that
 * @crossing: (nullable): id of the crossing
 * @crossing_name: (nullable): its name, where this laptop knows it
 * @b2: BLAKE2b-256 of the XML
 * @bundle: name of the one that it came in
 * @finalised: (nullable): RFC 3339, as its laptop says
 * @received_us: when it was first read here, UTC
 * @readable: whether its answers are here
 *
 * One version of a record, without its XML.
 */
typedef struct
{
  char              *id;
  char              *device;
  char              *label;
  char              *supersedes;
  char              *form;
  char              *form_version;
  char              *title;
  MereInstrumentKind kind;
  char              *crossing;
  char              *crossing_name;
  char              *b2;
  char              *bundle;
  char              *finalised;
  gint64             received_us;
  gboolean           readable;
} MereColleagueRecord;

void mere_colleague_record_free (MereColleagueRecord *self);

/**
 * mere_colleague_add:
 * @record: label, title, kind, names, time and @readable are not looked at
 * @xml: (nullable): %NULL where only what it is can be kept
 * @n_new: grows by one where it was not here
 *
 * Keeps a record; the same one again changes nothing, but that it may bring the XML that was not here. What was erased
 * stays erased. In one transaction, or the caller's.
 */
gboolean mere_colleague_add (MereStore *store, const MereColleagueRecord *record, GBytes *xml, guint *n_new, GError **error);

/* The newest versions, the last that came first; @limit of them after @offset. (element-type MereColleagueRecord) */
GPtrArray           *mere_colleague_list (MereStore *store, guint offset, guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
MereColleagueRecord *mere_colleague_load (MereStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;     /* NOT_FOUND */
GBytes              *mere_colleague_load_xml (MereStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* NOT_FOUND */

/* Versions whose answers are here, and the size of these; each out parameter may be NULL. */
gboolean mere_colleague_measure (MereStore *store, gint64 *n_records, gint64 *n_bytes, GError **error);

/* Erases what they say; that they are there stays in the counts. In one transaction, or the caller's. */
gboolean mere_colleague_erase_all (MereStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereColleagueRecord, mere_colleague_record_free)

G_END_DECLS
