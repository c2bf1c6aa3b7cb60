/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* JSON from others (RFC 8259, and of RFC 7493 "I-JSON": UTF-8, whole numbers within 2^53, no key twice), read straight into
 * structures: no tree, no recursion beyond a fixed depth, memory for what is asked only.
 *
 * The reader is pulled; the first failure stays, and every later call is %FALSE, so one look at the end suffices. */

#define MERE_JSON_MAX_DEPTH 16
#define MERE_JSON_MAX_STRING 8192 /* bytes of a string that is kept */
#define MERE_JSON_KEY_SIZE 32     /* longer keys are none of ours */
#define MERE_JSON_MAX_INT G_GINT64_CONSTANT (9007199254740991)

typedef struct
{
  const char *text;
  gsize       size;
  gsize       at;
  guint       depth;
  gboolean    fresh;   /* a container was just opened: no comma before its first member */
  const char *problem; /* NULL, or what is wrong at @at; an untranslated phrase */
} MereJson;

void     mere_json_init (MereJson *self, const char *text, gsize size);
gboolean mere_json_fail (MereJson *self, const char *problem); /* always FALSE */

gboolean mere_json_begin_object (MereJson *self);
gboolean mere_json_next_key (MereJson *self, char key[MERE_JSON_KEY_SIZE]); /* FALSE at the end; "" for a key too long */
gboolean mere_json_begin_array (MereJson *self);
gboolean mere_json_next_item (MereJson *self); /* FALSE at the end */

gboolean mere_json_take_null (MereJson *self); /* TRUE where a null was there */
gboolean mere_json_read_string (MereJson *self, char **value);
gboolean mere_json_read_int (MereJson *self, gint64 *value); /* whole, within 2^53 */
gboolean mere_json_read_bool (MereJson *self, gboolean *value);
gboolean mere_json_skip (MereJson *self); /* any value, checked */
gboolean mere_json_end (MereJson *self);  /* nothing but white space follows */

/**
 * MereJsonField:
 * @name: key
 * @kind: what it holds
 * @offset: of the member in the structure
 * @most: longest string in bytes, largest number, or most items; 0 for what the reader allows
 * @read: of %MERE_JSON_CUSTOM: reads the value into the structure
 *
 * One key of an object. Unknown keys are passed over, a key that comes twice fails, a missing one that is required, too.
 */
typedef enum {
  MERE_JSON_STRING,  /* char * */
  MERE_JSON_STRINGS, /* char ** */
  MERE_JSON_UINT,    /* guint */
  MERE_JSON_UINT64,  /* guint64, gint64 */
  MERE_JSON_BOOL,    /* gboolean */
  MERE_JSON_CUSTOM,
} MereJsonKind;

typedef enum {
  MERE_JSON_OPTIONAL = 0,
  MERE_JSON_REQUIRED = 1 << 0,
  MERE_JSON_NULLABLE = 1 << 1, /* null leaves the member as it is */
} MereJsonFlags;

typedef struct
{
  const char   *name;
  MereJsonKind  kind;
  gsize         offset;
  MereJsonFlags flags;
  guint64       most;
  gboolean (*read) (MereJson *json, gpointer structure);
} MereJsonField;

/* Reads an object into @structure; at most 32 fields. */
gboolean mere_json_read_fields (MereJson *self, const MereJsonField *fields, gsize n_fields, gpointer structure);

/* The value of one field into @structure. */
gboolean mere_json_read_field (MereJson *self, const MereJsonField *field, gpointer structure);

/* Appends a string in quotes, or null. */
void mere_json_append_string (GString *text, const char *value);

/* Appends `,"key":value`; the comma only where something but an opening bracket stands before. Nothing for a NULL value. */
void mere_json_append_key (GString *text, const char *key);
void mere_json_append_text (GString *text, const char *key, const char *value);
void mere_json_append_int (GString *text, const char *key, gint64 value);
void mere_json_append_strings (GString *text, const char *key, const char *const *values);

G_END_DECLS
