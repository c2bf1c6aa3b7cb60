/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereEnrolmentBox:
 *
 * How this laptop and headquarters come to know each other: the laptop's card on the stick, its digits to be read out,
 * headquarters' digits to be typed in. Shows only the steps that are left.
 *
 * Signal: “changed”: something was exchanged, or lies on the stick now.
 */
#define MERE_TYPE_ENROLMENT_BOX (mere_enrolment_box_get_type ())
G_DECLARE_FINAL_TYPE (MereEnrolmentBox, mere_enrolment_box, MERE, ENROLMENT_BOX, AdwBin)

/* Once, before it is shown. */
void mere_enrolment_box_set_store (MereEnrolmentBox *self,
                                   MereStore        *store);

/* @folder: (nullable): the stick; %NULL: there is none now */
void mere_enrolment_box_set_folder (MereEnrolmentBox *self,
                                    const char       *folder);

/* Shows how far it is. */
void mere_enrolment_box_refresh (MereEnrolmentBox *self);

G_END_DECLS
