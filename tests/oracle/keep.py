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
import sys

from compare import Peer

# The engine's clock, somewhat more than a year later.
LATER = ('data:text/javascript,const Then = Date; globalThis.Date = class extends Then {'
         'constructor(...a) { if (a.length) super(...a); else super(Then.now() + 4e10); } static now() { return Then.now() + 4e10; } };')


def write(folder, name, text):
    with open(os.path.join(folder, name), 'w', encoding='utf-8') as out:
        out.write(text)


def keep_case(peers, folder, case, with_submission):
    form = os.path.join(folder, 'form.xml')
    again = peers[1].ask(form=form, steps=case['steps'])
    submission = peers[0].ask(form=form, steps=case['steps'], submission=True) if with_submission else None
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
    peers = Peer(), Peer('--import', LATER)
    refused = 0
    for folder in options.folders:
        form = os.path.join(folder, 'form.xml')
        cases = peers[0].ask(form=form, seeds=[int(seed) for seed in options.seeds.split(',')], count=options.steps) or []
        kept = [keep_case(peers, folder, case, i == 0) for i, case in enumerate(cases)]
        refused += not any(kept)
        print(f'{folder}: {sum(kept)} cases', flush=True)
    for peer in peers:
        peer.stop()
    return 1 if refused else 0


if __name__ == '__main__':
    sys.exit(main())
