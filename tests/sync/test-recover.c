/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Both sides of a recovery: what the locked laptop shows, what headquarters works out, what opens. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/vault/recovery.h"
#include "app/vault/vault-private.h"
#include "road-fixture.h"
#include "sync/code.h"
#include "sync/recover.h"
#include "sync/road.h"

#define PASSPHRASE "Utopia Eriksson L898902C3"
#define DEVICE "ggps4rcy"

static const MereKeyCost cost = { 1, 8192 };

/* A laptop with a vault that trusts a headquarters. */
typedef struct
{
  char         *folder;
  char         *path;
  MereStore    *store;
  MereTestHq   *hq;
  MereRoadKeys *keys;
} Laptop;

static Laptop *
laptop_new (void)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (PASSPHRASE);
  g_autoptr (GError) error = NULL;
  Laptop          *self = g_new0 (Laptop, 1);
  g_autofree char *hq = NULL;

  self->folder = g_dir_make_tmp ("merestone-recover-XXXXXX", &error);
  self->path = g_build_filename (self->folder, "utopia.vault", NULL);
  hq = g_build_filename (self->folder, "hq", NULL);
  self->hq = mere_test_hq_new (hq);
  self->store = mere_store_open (mere_vault_create_with_cost (self->path, passphrase, &cost, &error), &error);
  g_assert_no_error (error);
  self->keys = mere_road_keys_ensure (self->store, &error);
  g_assert_true (mere_trust_save (self->store, self->hq->trust, &error));
  g_assert_true (mere_recover_ensure (self->store, &error));
  g_assert_no_error (error);
  return self;
}

static void
laptop_free (Laptop *self)
{
  g_autofree char *hq = g_strdup (self->hq->folder);

  g_clear_pointer (&self->store, mere_store_close);
  g_assert_true (mere_vault_destroy (self->path, NULL));
  mere_road_keys_free (self->keys);
  mere_test_hq_free (self->hq);
  g_rmdir (hq);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Laptop, laptop_free)

static void
laptop_lock (Laptop *self)
{
  g_clear_pointer (&self->store, mere_store_close);
}

/* What headquarters answers. */
static MereSecret *
answer (Laptop *self, const MereSecret *identity, const char *challenge)
{
  g_autoptr (GError) error = NULL;
  MereSecret *secret = mere_recover_answer_new (identity, self->keys->box_key, self->hq->trust->recovery, challenge, &error);

  g_assert_no_error (error);
  return secret;
}

static void
test_headquarters_works_out_the_same_answer (void)
{
  g_autoptr (Laptop) laptop = laptop_new ();
  g_autofree char *challenge = mere_recovery_dup_challenge (laptop->path);
  g_autofree char *device = mere_recover_challenge_dup_device (challenge);
  g_autofree char *group = NULL;
  g_autofree char *upper = NULL;
  g_autofree char *typed = NULL;
  g_autofree char *digits = NULL;
  g_autoptr (MereSecret) told = NULL;
  g_autoptr (MereSecret) read = NULL;
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text ("Zenith 1234 Utopia");
  g_autoptr (GError) error = NULL;
  MereVault *vault;

  laptop_lock (laptop);
  g_assert_cmpstr (device, ==, laptop->keys->device);
  group = mere_recover_challenge_group (challenge);
  upper = g_ascii_strup (group, -1);
  typed = mere_recover_challenge_read (upper, &error);
  g_assert_cmpstr (typed, ==, challenge);
  g_assert_true (mere_recover_challenge_is_for (typed, laptop->hq->trust->recovery));

  told = answer (laptop, laptop->hq->recovery, typed);
  digits = mere_code_group ((const char *) mere_secret_get_data (told));
  read = mere_recover_answer_read (digits, &error);
  vault = mere_vault_recover_with_cost (laptop->path, read, passphrase, &cost, &error);
  g_assert_no_error (error);
  laptop->store = mere_store_open (vault, &error);
  g_assert_no_error (error);
}

static void
test_after_use_there_is_another_challenge (void)
{
  g_autoptr (Laptop) laptop = laptop_new ();
  g_autofree char *first = mere_recovery_dup_challenge (laptop->path);
  g_autofree char *second = NULL;
  g_autoptr (MereSecret) old = answer (laptop, laptop->hq->recovery, first);
  g_autoptr (MereSecret) fresh = NULL;
  g_autoptr (GError) error = NULL;

  laptop_lock (laptop);
  laptop->store = mere_store_open (mere_vault_recover_with_cost (laptop->path, old, old, &cost, &error), &error);
  g_assert_true (mere_recover_ensure (laptop->store, &error));
  g_assert_no_error (error);
  second = mere_recovery_dup_challenge (laptop->path);
  g_assert_cmpstr (first, !=, second);
  laptop_lock (laptop);
  g_assert_false (mere_recovery_check (laptop->path, old, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE);
  fresh = answer (laptop, laptop->hq->recovery, second);
  g_assert_true (mere_recovery_check (laptop->path, fresh, NULL));
}

static void
test_an_answer_is_for_one_laptop_and_one_key (void)
{
  g_autoptr (Laptop) laptop = laptop_new ();
  g_autoptr (Laptop) other = laptop_new ();
  g_autofree char *challenge = mere_recovery_dup_challenge (laptop->path);
  g_autoptr (MereSecret) foreign = answer (other, other->hq->recovery, challenge);
  g_autoptr (MereSecret) operational = answer (laptop, laptop->hq->box, challenge);

  laptop_lock (laptop);
  g_assert_false (mere_recovery_check (laptop->path, foreign, NULL));
  g_assert_false (mere_recovery_check (laptop->path, operational, NULL));
  g_assert_false (mere_recover_challenge_is_for (challenge, other->hq->trust->recovery));
}

static void
test_nothing_is_done_twice (void)
{
  g_autoptr (Laptop) laptop = laptop_new ();
  g_autofree char *before = mere_recovery_dup_challenge (laptop->path);
  g_autofree char *after = NULL;
  g_autofree char *none = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_recover_ensure (laptop->store, &error));
  after = mere_recovery_dup_challenge (laptop->path);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (mere_recover_set_wanted (laptop->store, FALSE, &error));
  g_assert_true (mere_recover_ensure (laptop->store, &error));
  none = mere_recovery_dup_challenge (laptop->path);
  g_assert_null (none);
}

/* A newer trust list with another recovery key makes another challenge. */
static void
test_another_recovery_key_makes_another_challenge (void)
{
  g_autoptr (Laptop) laptop = laptop_new ();
  g_autofree char *before = mere_recovery_dup_challenge (laptop->path);
  g_autofree char *after = NULL;
  g_autoptr (MereSecret) identity = mere_age_identity_new ();
  g_autofree char *recipient = mere_age_identity_dup_recipient (identity);
  g_autoptr (MereTrust) draft = mere_trust_copy (laptop->hq->trust);
  g_autoptr (MereTrust) next = NULL;
  g_autoptr (GError) error = NULL;

  g_free (draft->recovery);
  draft->recovery = g_strdup (recipient);
  next = mere_trust_seal (draft, laptop->hq->trust, laptop->hq->root, &error);
  g_assert_true (mere_trust_save (laptop->store, next, &error));
  g_assert_true (mere_recover_ensure (laptop->store, &error));
  after = mere_recovery_dup_challenge (laptop->path);
  g_assert_false (mere_recover_challenge_is_for (before, recipient));
  g_assert_true (mere_recover_challenge_is_for (after, recipient));
}

static void
test_mistyping_is_found (void)
{
  static const char recovery[] = "age17qc830c9tq9yxv5qp4r32and9f04qt8gdwmq2dcxxyf80kpayulqu5ngwc";
  g_autofree char  *challenge = mere_recover_challenge_new (DEVICE, recovery);
  guint             unnoticed = 0;

  for (gsize i = 0; i < MERE_RECOVER_LENGTH; i++)
    for (const char *c = mere_code_alphabet; *c != '\0'; c++)
      {
        g_autofree char *wrong = g_strdup (challenge);

        wrong[i] = *c;
        unnoticed += *c != challenge[i] && mere_recover_challenge_is_for (wrong, recovery);
      }
  g_assert_cmpuint (unnoticed, ==, 0);
}

static void
test_what_is_no_challenge_is_said (void)
{
  static const struct
  {
    const char      *typed;
    MereRecoverError code;
  } cases[] = {
    { "", MERE_RECOVER_ERROR_LENGTH },
    { "ggps4-rcy7k-2m9qx-d04f", MERE_RECOVER_ERROR_LENGTH },
    { "ggps4-rcy7k-2m9qx-d04fzz", MERE_RECOVER_ERROR_LENGTH },
    { "ggps4-rcy7k-2m9qx-d04f!", MERE_RECOVER_ERROR_CHARACTER },
    { "ggps4-rcy7k-2m9qx-d04fu", MERE_RECOVER_ERROR_CHARACTER },
    { "ggps4-rcy7k-2m9qx-d04f\xff", MERE_RECOVER_ERROR_CHARACTER },
  };
  g_autofree char *read = mere_recover_challenge_read (" OIL01—ggps4 RCY7K-2m9qx ", NULL);

  g_assert_cmpstr (read, ==, "01101ggps4rcy7k2m9qx");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_recover_challenge_read (cases[i].typed, &error));
      g_assert_true (g_error_matches (error, MERE_RECOVER_ERROR, (int) cases[i].code));
    }
  g_assert_null (mere_recover_challenge_group ("<b>not one</b>"));
}

/* docs/formats-road.md has this one: whoever reads it can check his own. */
static void
test_the_documented_answer (void)
{
  guint8 bytes[2][MERE_AGE_KEY_SIZE];

  for (guint8 i = 0; i < MERE_AGE_KEY_SIZE; i++)
    {
      bytes[0][i] = i;
      bytes[1][i] = (guint8) (255 - i);
    }
  {
    g_autoptr (MereSecret) laptop = mere_secret_new_from_bytes (bytes[0], sizeof bytes[0]);
    g_autoptr (MereSecret) recovery = mere_secret_new_from_bytes (bytes[1], sizeof bytes[1]);
    g_autofree char *box = mere_age_identity_dup_recipient (laptop);
    g_autofree char *paper = mere_age_identity_dup_recipient (recovery);
    g_autoptr (MereSecret) ours = mere_recover_answer_new (laptop, box, paper, "ggps4rcy7k2m9qxd04fz", NULL);
    g_autoptr (MereSecret) theirs = mere_recover_answer_new (recovery, box, paper, "ggps4rcy7k2m9qxd04fz", NULL);

    g_test_message ("answer %s", (const char *) mere_secret_get_data (ours));
    g_assert_cmpmem (mere_secret_get_data (ours), MERE_CODE_LENGTH, mere_secret_get_data (theirs), MERE_CODE_LENGTH);
    g_assert_cmpstr ((const char *) mere_secret_get_data (ours), ==, "9523333396035116418953153");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recover/headquarters-works-out-the-same-answer", test_headquarters_works_out_the_same_answer);
  g_test_add_func ("/recover/after-use-there-is-another-challenge", test_after_use_there_is_another_challenge);
  g_test_add_func ("/recover/an-answer-is-for-one-laptop-and-one-key", test_an_answer_is_for_one_laptop_and_one_key);
  g_test_add_func ("/recover/nothing-is-done-twice", test_nothing_is_done_twice);
  g_test_add_func ("/recover/another-recovery-key-makes-another-challenge", test_another_recovery_key_makes_another_challenge);
  g_test_add_func ("/recover/mistyping-is-found", test_mistyping_is_found);
  g_test_add_func ("/recover/what-is-no-challenge-is-said", test_what_is_no_challenge_is_said);
  g_test_add_func ("/recover/the-documented-answer", test_the_documented_answer);
  return g_test_run ();
}
