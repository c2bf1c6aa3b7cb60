/* SPDX-License-Identifier: GPL-3.0-or-later */

/* XLSX, by libxlsxwriter in its mode of constant memory: each sheet keeps one row, the rest lies in a file of its own until
 * the workbook is finished. */

#include "config.h"

#include "sync/hq/xlsx.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <xlsxwriter.h>

#define MAX_TEXT 32767 /* characters of a cell: Excel's limit */
#define MAX_DIGITS 15  /* of a number that a spreadsheet keeps exactly */
#define MAX_NAME 31    /* characters of a sheet's name: Excel's limit */
#define NAME_ROOM 26   /* of them, where a number has to follow */

struct _MereWorkbook
{
  lxw_workbook *book; /* NULL once it is finished */
  lxw_format   *date;
  char         *path;
  char         *work;
  GHashTable   *names; /* of sheets, folded */
  guint         n_cut;
};

typedef struct
{
  MereSheet      sheet;
  MereWorkbook  *book;
  lxw_worksheet *page;
  char          *name;
  GPtrArray     *head; /* cells of the first row */
  gboolean       has_head;
  lxw_row_t      row;
  lxw_col_t      column;
  lxw_error      failure; /* the first one */
} Sheet;

MereWorkbook *
mere_workbook_new (const char *path,
                   const char *work,
                   gint64      made_us)
{
  MereWorkbook        *self = g_new0 (MereWorkbook, 1);
  lxw_workbook_options options = { .constant_memory = LXW_TRUE, .use_zip64 = LXW_TRUE };
  lxw_doc_properties   properties = { .created = (time_t) (made_us / G_USEC_PER_SEC) };

  self->path = g_strdup (path);
  self->work = g_strdup (work);
  options.tmpdir = self->work;
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->book = workbook_new_opt (path, &options);
  self->date = workbook_add_format (self->book);
  format_set_num_format (self->date, "yyyy-mm-dd");
  workbook_set_properties (self->book, &properties);
  return self;
}

void
mere_workbook_free (MereWorkbook *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->book, lxw_workbook_free);
  g_hash_table_unref (self->names);
  g_free (self->path);
  g_free (self->work);
  g_free (self);
}

guint
mere_workbook_get_n_cut (MereWorkbook *self)
{
  return self->n_cut;
}

/* What a sheet may be called, and none is yet. */
static char *
take_name (MereWorkbook *self,
           const char   *name)
{
  g_autofree char *clean = g_utf8_make_valid (name, -1);

  g_strdelimit (clean, "[]:*?/\\'", '-');
  for (guint n = 1;; n++)
    {
      g_autofree char *cut = g_utf8_substring (clean, 0, MIN (g_utf8_strlen (clean, -1), n == 1 ? MAX_NAME : NAME_ROOM));
      char            *whole = n == 1 ? g_strdup (*cut != '\0' ? cut : "-") : g_strdup_printf ("%s~%u", cut, n);

      if (g_hash_table_add (self->names, g_utf8_casefold (whole, -1)))
        return whole;
      g_free (whole);
    }
}

static void
note (Sheet    *self,
      lxw_error result)
{
  if (self->failure == LXW_NO_ERROR)
    self->failure = result;
}

static void
open_page (Sheet *self)
{
  g_autofree char *name = take_name (self->book, self->name);

  self->page = workbook_add_worksheet (self->book->book, name);
  self->row = 0;
  if (self->page == NULL)
    note (self, LXW_ERROR_CREATING_TMPFILE);
}

static void
write_text (Sheet      *self,
            const char *cell)
{
  g_autofree char *cut = NULL;

  if (g_utf8_strlen (cell, -1) > MAX_TEXT)
    {
      g_autofree char *head = g_utf8_substring (cell, 0, MAX_TEXT - 1);

      cut = g_strconcat (head, "…", NULL);
      self->book->n_cut++;
    }
  note (self, worksheet_write_string (self->page, self->row, self->column, cut != NULL ? cut : cell, NULL));
}

/* Digits that a spreadsheet gives back as they are. */
static gboolean
write_number (Sheet      *self,
              const char *cell)
{
  gsize  length = strlen (cell);
  char  *end;
  double value = g_ascii_strtod (cell, &end);
  gsize  n_digits = 0;

  for (gsize i = 0; i < length; i++)
    n_digits += g_ascii_isdigit (cell[i]) ? 1 : 0;
  if (end == cell || *end != '\0' || !isfinite (value) || n_digits == 0 || n_digits > MAX_DIGITS ||
      strspn (cell, "+-.0123456789eE") != length)
    return FALSE;
  note (self, worksheet_write_number (self->page, self->row, self->column, value, NULL));
  return TRUE;
}

static gboolean
write_date (Sheet      *self,
            const char *cell)
{
  g_autofree char *moment = g_strconcat (cell, "T00:00:00Z", NULL);
  g_autoptr (GDateTime) day = strlen (cell) == strlen ("2026-11-24") ? g_date_time_new_from_iso8601 (moment, NULL) : NULL;
  lxw_datetime date = { 0 };

  if (day == NULL || g_date_time_get_year (day) < 1900)
    return FALSE;
  date.year = g_date_time_get_year (day);
  date.month = g_date_time_get_month (day);
  date.day = g_date_time_get_day_of_month (day);
  note (self, worksheet_write_datetime (self->page, self->row, self->column, &date, self->book->date));
  return TRUE;
}

static void
write_cell (Sheet        *self,
            MereShapeType type,
            const char   *cell)
{
  gboolean number = type == MERE_SHAPE_INT || type == MERE_SHAPE_DECIMAL;

  if (self->page == NULL)
    return;
  if (self->column >= LXW_COL_MAX)
    note (self, LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE);
  else if (!(number && write_number (self, cell)) && !(type == MERE_SHAPE_DATE && write_date (self, cell)))
    write_text (self, cell);
}

/* The first row is kept, for a sheet that has to go on in another one. */
static void
add (MereSheet    *sheet,
     MereShapeType type,
     const char   *cell)
{
  Sheet *self = (Sheet *) sheet;

  if (!self->has_head)
    g_ptr_array_add (self->head, g_strdup (cell != NULL ? cell : ""));
  if (cell != NULL && *cell != '\0')
    write_cell (self, type, cell);
  self->column++;
}

static void
go_on (Sheet *self)
{
  open_page (self);
  for (self->column = 0; self->column < self->head->len; self->column++)
    write_cell (self, MERE_SHAPE_TEXT, self->head->pdata[self->column]);
  self->row = 1;
}

static gboolean
check (Sheet   *self,
       GError **error)
{
  if (self->failure == LXW_NO_ERROR)
    return TRUE;
  g_set_error (error,
               G_FILE_ERROR,
               self->failure == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE ? G_FILE_ERROR_INVAL : G_FILE_ERROR_IO,
               _ ("The sheet “%s” was not written: %s"),
               self->name,
               lxw_strerror (self->failure));
  return FALSE;
}

static gboolean
end_row (MereSheet *sheet,
         GError   **error)
{
  Sheet *self = (Sheet *) sheet;

  self->has_head = TRUE;
  if (++self->row >= LXW_ROW_MAX)
    go_on (self);
  self->column = 0;
  return check (self, error);
}

static gboolean
finish (MereSheet *sheet,
        GError   **error)
{
  return check ((Sheet *) sheet, error);
}

static void
sheet_free (MereSheet *sheet)
{
  Sheet *self = (Sheet *) sheet;

  g_ptr_array_unref (self->head);
  g_free (self->name);
  g_free (self);
}

MereSheet *
mere_workbook_add_sheet (MereWorkbook *book,
                         const char   *name)
{
  Sheet *self = g_new0 (Sheet, 1);

  self->sheet = (MereSheet){ add, end_row, finish, sheet_free };
  self->book = book;
  self->name = g_strdup (name);
  self->head = g_ptr_array_new_with_free_func (g_free);
  open_page (self);
  return &self->sheet;
}

/* An empty workbook is none that a spreadsheet opens. */
gboolean
mere_workbook_finish (MereWorkbook *self,
                      GError      **error)
{
  lxw_error result;

  if (g_hash_table_size (self->names) == 0)
    workbook_add_worksheet (self->book, NULL);
  result = workbook_close (g_steal_pointer (&self->book));
  if (result == LXW_NO_ERROR)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_IO, _ ("“%s” was not written: %s"), self->path, lxw_strerror (result));
  return FALSE;
}
