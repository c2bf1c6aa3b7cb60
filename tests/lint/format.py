# SPDX-License-Identifier: GPL-3.0-or-later
"""Every C file is as clang-format leaves it: `./dev format` settles every argument."""
import re
import subprocess
import tree

names = tree.files('*.c', '*.h')
checked = subprocess.run(['clang-format', '--dry-run', '--Werror', *names], cwd=tree.ROOT,
                         capture_output=True, text=True, check=False)
unformatted = sorted(set(re.findall(r'^(\S+?):\d+:\d+: error', checked.stderr, re.M)))
if checked.returncode and not unformatted:
    unformatted = [checked.stderr.strip()]

tree.report([(f'{len(names)} C files are formatted', unformatted)])
