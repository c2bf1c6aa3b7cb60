/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/form-keys.h"

void
mere_form_keys_add (GtkWidget *page)
{
  static const struct
  {
    guint           key;
    GdkModifierType modifiers;
    const char     *action;
  } keys[] = {
    { GDK_KEY_F8, 0, "form.next-missing" },
    { GDK_KEY_F8, GDK_SHIFT_MASK, "form.next-invalid" },
    { GDK_KEY_F9, 0, "form.sections" },
    { GDK_KEY_f, GDK_CONTROL_MASK, "form.find" },
    { GDK_KEY_m, GDK_CONTROL_MASK, "form.comment" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "form.undo" },
    { GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "form.redo" },
    { GDK_KEY_y, GDK_CONTROL_MASK, "form.redo" },
    { GDK_KEY_w, GDK_CONTROL_MASK, "form.close" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                                                            gtk_named_action_new (keys[i].action)));

  gtk_widget_add_controller (page, controller);
}
