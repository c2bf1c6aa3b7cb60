# SPDX-License-Identifier: GPL-3.0-or-later
"""The checkout as the lints see it, and how they report."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1]).resolve()


def files(*patterns):
    """Files that git tracks or would track, as paths from the root; without git (a tarball), every file."""
    listed = subprocess.run(['git', '-C', ROOT, 'ls-files', '-co', '--exclude-standard', '-z'],
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = [pathlib.Path(name) for name in listed.stdout.split('\0') if name]
    else:
        names = [path.relative_to(ROOT) for path in ROOT.rglob('*') if path.is_file()]
    return sorted(name for name in names
                  if any(name.match(pattern) for pattern in patterns) and (ROOT / name).is_file())


def text(name):
    return (ROOT / name).read_text(encoding='utf-8')


def report(cases):
    """cases: (promise, [fault, …]) pairs; prints TAP and exits."""
    cases = list(cases)
    print(f'1..{len(cases)}')
    for number, (promise, faults) in enumerate(cases, 1):
        print(f'{"not ok" if faults else "ok"} {number} - {promise}')
        for fault in faults:
            print(f'# {fault}')
    sys.exit(any(faults for _, faults in cases))
