/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Calls that nothing needs which takes a bundle in. They fail as if the right to them were missing, so that a library which tries one
 * goes on as it does elsewhere. */

#include "config.h"

#include "sync/hq/sandbox.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sched.h>

#if HAVE_SECCOMP
#include <seccomp.h>

static const int refused[] = {
  /* Programs and other processes; the leak check of the address sanitizer needs to look at its own. */
  SCMP_SYS (execve),
  SCMP_SYS (execveat),
  SCMP_SYS (fork),
  SCMP_SYS (vfork),
#ifndef __SANITIZE_ADDRESS__
  SCMP_SYS (ptrace),
#endif
  SCMP_SYS (process_vm_readv),
  SCMP_SYS (process_vm_writev),
  SCMP_SYS (kill),
  SCMP_SYS (pidfd_open),
  SCMP_SYS (pidfd_getfd),
  SCMP_SYS (pidfd_send_signal),
  /* The network, and other processes by it. */
  SCMP_SYS (socket),
  SCMP_SYS (socketpair),
  SCMP_SYS (connect),
  SCMP_SYS (bind),
  SCMP_SYS (listen),
  SCMP_SYS (accept),
  SCMP_SYS (accept4),
  /* Files by another way than their names, and what names mean. */
  SCMP_SYS (open_by_handle_at),
  SCMP_SYS (chroot),
  SCMP_SYS (pivot_root),
  SCMP_SYS (mount),
  SCMP_SYS (umount2),
  SCMP_SYS (move_mount),
  SCMP_SYS (open_tree),
  SCMP_SYS (fsopen),
  SCMP_SYS (unshare),
  SCMP_SYS (setns),
  /* Large parts of the kernel that errors are found in. */
  SCMP_SYS (bpf),
  SCMP_SYS (perf_event_open),
  SCMP_SYS (userfaultfd),
  SCMP_SYS (io_uring_setup),
  SCMP_SYS (io_uring_enter),
  SCMP_SYS (io_uring_register),
  SCMP_SYS (add_key),
  SCMP_SYS (request_key),
  SCMP_SYS (keyctl),
  /* The machine. */
  SCMP_SYS (init_module),
  SCMP_SYS (finit_module),
  SCMP_SYS (delete_module),
  SCMP_SYS (kexec_load),
  SCMP_SYS (kexec_file_load),
  SCMP_SYS (reboot),
  SCMP_SYS (swapon),
  SCMP_SYS (swapoff),
  SCMP_SYS (settimeofday),
  SCMP_SYS (clock_settime),
  SCMP_SYS (clock_adjtime),
  SCMP_SYS (adjtimex),
  SCMP_SYS (sethostname),
  SCMP_SYS (setdomainname),
  SCMP_SYS (ioperm),
  SCMP_SYS (iopl),
};

static int
refuse_all (scmp_filter_ctx filter)
{
  int failure = 0;

  for (gsize i = 0; failure == 0 && i < G_N_ELEMENTS (refused); i++)
    failure = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), refused[i], 0);
  return failure;
}

/* A new process; a new thread shares more. clone3 hides its flags in memory, so that it seems not to exist: then glibc takes clone. */
static int
refuse_processes (scmp_filter_ctx filter)
{
#ifdef __SANITIZE_ADDRESS__
  return 0;
#else
  int failure = seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0);

  return failure != 0 ? failure
                      : seccomp_rule_add (
                          filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (clone), 1, SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
#endif
}

gboolean
mere_sandbox_refuse_calls (GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  int             failure = filter != NULL ? seccomp_attr_set (filter, SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;

  if (failure == 0)
    failure = refuse_all (filter);
  if (failure == 0)
    failure = refuse_processes (filter);
  if (failure == 0)
    failure = seccomp_load (filter);
  if (filter != NULL)
    seccomp_release (filter);
  if (failure != 0)
    g_set_error (
      error, MERE_SANDBOX_ERROR, MERE_SANDBOX_ERROR_CALLS, _ ("this kernel does not refuse calls (seccomp: %s)"), g_strerror (-failure));
  return failure == 0;
}
#else
gboolean
mere_sandbox_refuse_calls (GError **error)
{
  g_set_error_literal (error, MERE_SANDBOX_ERROR, MERE_SANDBOX_ERROR_CALLS, _ ("this merestone-hq was built without seccomp"));
  return FALSE;
}
#endif
