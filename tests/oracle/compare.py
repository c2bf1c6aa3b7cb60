#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random steps on every form, by ODK's engine and by ours, until a time budget ends.

compare.py FORM-RUN [--seconds N] [--seed N] [FOLDER…]

FORM-RUN is tests/app/forms/form-run of a build; each FOLDER holds form.xml (default: all of tests/corpus). Prints each
difference with what repeats it, and fails if there was one that tests/corpus/odk-differences.md does not name.
As part of the tests it runs only where MERESTONE_TEST_DEEP is set.
"""
import argparse
import glob
import json
import os
import random
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(os.path.dirname(HERE), 'corpus')
SKIPPED = 77
CLOCK = re.compile(r'\b(now|today|uuid|random)\s*\(|jr:preload="(uid|timestamp|date)"|randomize\([^,)]*\)')


def fold(text):
    return ' '.join((text or '').split())


def same(ours, theirs, ignored):
    """The first difference of two states, or None."""
    for mine, other in zip(ours['nodes'], theirs['nodes']):
        if other['ref'] in ignored:
            continue
        for key in ('ref', 'relevant', 'readonly', 'required', 'valid', 'violation', 'value'):
            if mine.get(key) != other.get(key):
                return f"{other['ref']}: {key} is {mine.get(key)!r}, expected {other.get(key)!r}"
        if ('label' in mine) != ('label' in other) or fold(mine.get('label')) != fold(other.get('label')):
            return f"{other['ref']}: label is {mine.get('label')!r}, expected {other.get('label')!r}"
        flat = [[[value, fold(label)] for value, label in state.get('choices', [])] for state in (mine, other)]
        if flat[0] != flat[1]:
            return f"{other['ref']}: choices are {flat[0]}, expected {flat[1]}"
    if len(ours['nodes']) != len(theirs['nodes']):
        return f"{len(ours['nodes'])} nodes, expected {len(theirs['nodes'])}"
    return None


def volatile(first, second):
    """Nodes whose value is not the same in two runs of the same engine: clock and chance."""
    return {a['ref'] for a, b in zip(first['nodes'], second['nodes']) if a.get('value') != b.get('value') or a.get('label') != b.get('label')}


def run_ours(tool, form, steps):
    lines = ''.join(json.dumps(one) + '\n' for one in steps)
    done = subprocess.run([tool, form], input=lines, capture_output=True, text=True, env={**os.environ, 'TZ': 'UTC'}, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()]


def run_theirs(form, seeds, count):
    command = ['node', os.path.join(HERE, 'odk-engine.mjs'), 'cases', form, ','.join(map(str, seeds)), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, 'TZ': 'UTC'}, timeout=600)
    if done.returncode != 0:
        return None
    return json.loads(done.stdout.strip().split('\n')[-1])


def differences():
    with open(os.path.join(CORPUS, 'odk-differences.md'), encoding='utf-8') as text:
        return {name.split('/')[0] for name in re.findall(r'^- `([^`]+)`', text.read(), re.M)}


def compare_form(tool, folder, seeds, count):
    form = os.path.join(folder, 'form.xml')
    cases = run_theirs(form, seeds, count)
    if not cases:
        return 0, []
    twice = run_ours(tool, form, [case['steps'] for case in cases] * 2)
    if len(twice) != 2 * len(cases):
        return len(cases), [f'{folder}: {twice}']
    found = []
    for i, case in enumerate(cases):
        if 'error' in twice[i]:
            found.append(f"{folder} seed {case['seed']}: {twice[i]['error']}")
            continue
        problem = same(twice[i], case, volatile(twice[i], twice[i + len(cases)]))
        if problem:
            found.append(f"{folder} seed {case['seed']}: {problem}")
    return len(cases), found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tool')
    parser.add_argument('folders', nargs='*')
    parser.add_argument('--seconds', type=float, default=300)
    parser.add_argument('--seed', type=int, default=int(time.time()))
    parser.add_argument('--steps', type=int, default=30)
    parser.add_argument('--test', action='store_true', help='skip unless MERESTONE_TEST_DEEP is set')
    options = parser.parse_args()
    if options.test and not os.environ.get('MERESTONE_TEST_DEEP'):
        print('skipped: set MERESTONE_TEST_DEEP, or ./dev test --deep')
        return SKIPPED
    if not os.path.isdir(os.path.join(HERE, 'node_modules')):
        subprocess.run(['npm', 'install', '--silent', '--no-audit', '--no-fund'], cwd=HERE, check=True)
    folders = options.folders or [os.path.dirname(path) for path in glob.glob(os.path.join(CORPUS, '*', '*', 'form.xml'))]
    known = differences()
    folders = [folder for folder in sorted(folders) if os.path.basename(os.path.normpath(folder)) not in known]
    chance = random.Random(options.seed)
    chance.shuffle(folders)
    print(f'seed {options.seed}, {len(folders)} forms')
    end = time.monotonic() + options.seconds
    n, problems = 0, []
    for folder in folders:
        if time.monotonic() > end:
            break
        done, found = compare_form(options.tool, folder, [chance.randrange(1, 1 << 30) for _ in range(3)], options.steps)
        n += done
        problems += found
        for line in found:
            print(line, flush=True)
    print(f'{n} cases, {len(problems)} differ')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
