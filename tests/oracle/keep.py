#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes cases for tests/corpus/odk: random steps on a form, and what ODK's own engine comes to after them.

keep.py [--seeds N,N…] [--steps N] FOLDER…

FOLDER holds form.xml and the files that it refers to. For each seed it gets SEED.steps.json and SEED.expected.json, for the
first one SEED.submission.xml. What another moment or another chance changes is listed under "ignore" in the expected state.
"""
import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PEER_S = 120
STEPS = '/dev/stdin'
# The engine's clock, somewhat more than a year later.
LATER = ('data:text/javascript,const Then = Date; globalThis.Date = class extends Then {'
         'constructor(...a) { if (a.length) super(...a); else super(Then.now() + 4e10); } static now() { return Then.now() + 4e10; } };')


def ask(later, *arguments, steps=()):
    """What ODK's engine prints, or None; it reads @steps where an argument says STEPS."""
    command = ['node', *(['--import', LATER] if later else []), os.path.join(HERE, 'odk-engine.mjs'), *arguments]
    try:
        done = subprocess.run(command, input=json.dumps(steps), capture_output=True, text=True, env={**os.environ, 'TZ': 'UTC'}, timeout=PEER_S)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def ask_state(later, *arguments, steps=()):
    """The same as JSON; what the form itself printed before is left."""
    printed = ask(later, *arguments, steps=steps)
    return json.loads(printed.split('\n')[-1]) if printed else None


def write(folder, name, text):
    with open(os.path.join(folder, name), 'w', encoding='utf-8') as out:
        out.write(text)


def keep_case(folder, case, with_submission):
    form = os.path.join(folder, 'form.xml')
    again = ask_state(True, 'run', form, STEPS, steps=case['steps'])
    submission = ask(False, 'submission', form, STEPS, steps=case['steps']) if with_submission else None
    if again is None or [node['ref'] for node in again['nodes']] != [node['ref'] for node in case['nodes']]:
        return False
    ignore = [first['ref'] for first, second in zip(case['nodes'], again['nodes']) if first != second]
    write(folder, f"{case['seed']}.steps.json", json.dumps(case['steps'], ensure_ascii=False))
    write(folder, f"{case['seed']}.expected.json", json.dumps({'ignore': ignore, 'nodes': case['nodes']}, ensure_ascii=False))
    if submission is not None:
        write(folder, f"{case['seed']}.submission.xml", submission)
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folders', nargs='+')
    parser.add_argument('--seeds', default='11,12,13')
    parser.add_argument('--steps', type=int, default=25)
    options = parser.parse_args()
    refused = 0
    for folder in options.folders:
        cases = ask_state(False, 'cases', os.path.join(folder, 'form.xml'), options.seeds, str(options.steps)) or []
        kept = [keep_case(folder, case, i == 0) for i, case in enumerate(cases)]
        refused += not any(kept)
        print(f'{folder}: {sum(kept)} cases', flush=True)
    return 1 if refused else 0


if __name__ == '__main__':
    sys.exit(main())
