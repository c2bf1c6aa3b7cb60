/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/model.h"

G_BEGIN_DECLS

/* Texts that people read: labels, hints, messages. A text is literal, with values put in (<output>), or an entry of the
 * form's itext, which is one such text a language and a form (long, short, guidance, image …). */

typedef struct
{
  const char *literal; /* NULL: the expression */
  MereExpr   *expr;
} MereChunk;

typedef struct
{
  MereChunk *chunks;
  guint      n;
} MereChunks;

typedef enum {
  MERE_TEXT_PLAIN,   /* chunks */
  MERE_TEXT_ITEXT,   /* of a fixed id: chunks by language */
  MERE_TEXT_DYNAMIC, /* jr:itext(expression): looked up when it is shown */
} MereTextKind;

struct _MereText
{
  MereTextKind kind;
  const char  *id;        /* of ITEXT */
  MereExpr    *id_expr;   /* of DYNAMIC */
  MereChunks  *languages; /* one, or one a language */
  gboolean     varies;    /* has outputs */
};

typedef enum {
  MERE_TEXT_FORM_TEXT, /* without a form, or long, or short */
  MERE_TEXT_FORM_SHORT,
  MERE_TEXT_FORM_GUIDANCE,
  MERE_TEXT_FORM_IMAGE,
  MERE_TEXT_FORM_BIG_IMAGE,
  MERE_TEXT_FORM_AUDIO,
  MERE_TEXT_FORM_VIDEO,
  MERE_N_TEXT_FORMS,
} MereTextForm;

/* itext.c */
void     mere_itext_read (MereForm *form, const MereXmlNode *model, MereProblems *problems);
void     mere_itext_free (MereItext *self);
gboolean mere_itext_has (MereForm *form, const char *id);
/* The <value> of an entry, or NULL. */
const MereXmlNode *mere_itext_find (MereForm *form, guint language, const char *id, MereTextForm kind);
/* The chunks of an entry whose outputs are bound to the root; for ids that are only known when they are shown. */
const MereChunks *mere_itext_get_chunks (MereForm *form, guint language, const char *id);

/* Makes the chunks of all entries, for a form whose ids are partly known only when they are shown. */
void mere_itext_prepare (MereForm *form, MereProblems *problems);

/* text.c: reading */
MereText  *mere_text_read (MereBinding *binding, const MereXmlNode *element); /* of a label or hint; ref or content */
MereText  *mere_text_read_message (MereForm *form, MereDef *def, const char *message, int line, MereProblems *problems);
MereChunks mere_text_read_chunks (MereBinding *binding, const MereXmlNode *element);

G_END_DECLS
