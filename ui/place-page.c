/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/place-page.h"

#include "ui/coverage-page.h"
#include "ui/crossings-page.h"
#include "ui/instruments-page.h"
#include "ui/records-page.h"
#include "ui/stick-page.h"
#include "ui/today-page.h"

GtkWidget *
mere_place_page_new (MerePlace  place,
                     MereStore *store)
{
  switch (place)
    {
    case MERE_PLACE_TODAY:
      return GTK_WIDGET (mere_today_page_new (store));
    case MERE_PLACE_CROSSINGS:
      return GTK_WIDGET (mere_crossings_page_new (store));
    case MERE_PLACE_OBSERVE:
      return GTK_WIDGET (mere_instruments_page_new (store, MERE_INSTRUMENT_OBSERVATION));
    case MERE_PLACE_CHECKS:
      return GTK_WIDGET (mere_instruments_page_new (store, MERE_INSTRUMENT_CHECK));
    case MERE_PLACE_INTERVIEWS:
      return GTK_WIDGET (mere_instruments_page_new (store, MERE_INSTRUMENT_INTERVIEW));
    case MERE_PLACE_COVERAGE:
      return GTK_WIDGET (mere_coverage_page_new (store));
    case MERE_PLACE_RECORDS:
      return GTK_WIDGET (mere_records_page_new (store));
    case MERE_PLACE_STICK:
    default:
      return GTK_WIDGET (mere_stick_page_new (store));
    }
}

GtkEventController *
mere_place_keys_new (const char *action)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);

  for (guint place = 0; place < MERE_N_PLACES; place++)
    {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_1 + place, GDK_CONTROL_MASK),
                                                gtk_named_action_new (action));

      gtk_shortcut_set_arguments (shortcut, g_variant_new_string (mere_place_get_info (place)->name));
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }

  return controller;
}
