# SPDX-License-Identifier: GPL-3.0-or-later
"""tally.py MESON-LOGS: counts the cases of the newest run and prints `N passed, N failed`; fails where any failed."""
import json
import pathlib
import re
import sys

CASE = re.compile(r'^\s*(not ok|ok)\b(.*)$', re.M)
ENDED_WELL = {'OK', 'EXPECTEDFAIL'}


def newest_log(folder):
    return max(folder.glob('testlog*.json'), key=lambda path: path.stat().st_mtime)


def count(run):
    """(passed, failed, skipped) of one program: its TAP cases, or the program itself where it prints none."""
    passed = failed = skipped = 0
    for verdict, rest in CASE.findall(run.get('stdout') or ''):
        if re.search(r'#\s*skip', rest, re.I):
            skipped += 1
        elif verdict == 'ok':
            passed += 1
        else:
            failed += 1
    if run['result'] == 'SKIP' and not passed + failed + skipped:
        skipped = 1
    elif run['result'] not in ENDED_WELL | {'SKIP'}:
        failed = max(failed, 1)     # it crashed or hung, whatever it had printed until then
    elif not passed + failed + skipped:
        passed = 1
    return passed, failed, skipped


def tell_of_postgresql(runs, counts):
    """Twins of tests, over a cluster: their number, so that nobody takes a run without them for one with them."""
    twins = [counted for run, counted in zip(runs, counts) if any('cluster.py' in word for word in run['command'])]
    passed, failed, skipped = (sum(column) for column in zip(*twins)) if twins else (0, 0, 0)
    print(f'on PostgreSQL: {len(twins)} programs, {passed + failed} cases' + (f', {skipped} skipped' if skipped else ''))


def main():
    runs = [json.loads(line) for line in newest_log(pathlib.Path(sys.argv[1])).read_text().splitlines()]
    counts = [count(run) for run in runs]
    passed, failed, skipped = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0)
    for run, (_, bad, _) in zip(runs, counts):
        if bad:
            print(f'failed: {run["name"]}')
    tell_of_postgresql(runs, counts)
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed or not passed else 0


sys.exit(main())
