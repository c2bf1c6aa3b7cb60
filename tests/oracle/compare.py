#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random steps on every form, by ODK's engine and by ours, until a time budget ends.

compare.py FORM-RUN [--seconds N] [--seed N] [FORM.xml…]

FORM-RUN is tests/app/forms/form-run of a build; the forms are by default those of tests/corpus and the product's own
instruments, and between them forms made by chance (random_form.py), which are left beside FORM-RUN where they differ. Goes
over them again and again, each time with other steps. Prints each difference with what repeats it, and
fails if there was one that tests/corpus/odk-differences.md does not name. As part of the tests it runs only where
MERESTONE_TEST_DEEP is set.
"""
import argparse
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time

from random_form import RandomForm

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(os.path.dirname(HERE), 'corpus')
INSTRUMENTS = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'schemas', 'instruments')
PEER_S = 120  # a repeat of 100 takes ODK's engine minutes
SKIPPED = 77
MOMENT = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d')


def fold(text):
    """Without layout, and without what the clock says."""
    return MOMENT.sub('now', ' '.join((text or '').split()))


def same(ours, theirs, ignored):
    """The first difference of two states, or None."""
    for mine, other in zip(ours['nodes'], theirs['nodes']):
        if other['ref'] in ignored:
            continue
        for key in ('ref', 'relevant', 'readonly', 'required', 'valid', 'violation', 'value'):
            if mine.get(key) != other.get(key) and (key != 'value' or MOMENT.sub('now', mine.get(key) or '') != MOMENT.sub('now', other.get(key) or '')):
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
    """Nodes that are not the same in two runs of the same engine: clock and chance."""
    return {a['ref'] for a, b in zip(first['nodes'], second['nodes']) if a != b}


def run_ours(tool, form, steps):
    lines = ''.join(json.dumps(one) + '\n' for one in steps)
    done = subprocess.run([tool, form], input=lines, capture_output=True, text=True, env={**os.environ, 'TZ': 'UTC'}, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()]


class Peer:
    """ODK's engine as a process that answers one request after the other; a new one after a failure, and for its memory's sake."""
    REQUESTS = 40

    def __init__(self, *node_options):
        self.command = ['node', *node_options, os.path.join(HERE, 'odk-engine.mjs'), 'serve']
        self.process, self.left = None, 0

    def start(self):
        self.stop()
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        env={**os.environ, 'TZ': 'UTC'})
        self.left = self.REQUESTS

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.communicate()
        self.process = None

    def ask(self, **request):
        """The answer, or None where the engine refuses the form or takes too long."""
        if not self.process or self.left == 0:
            self.start()
        self.left -= 1
        self.process.stdin.write(json.dumps(request).encode() + b'\n')
        self.process.stdin.flush()
        late = threading.Timer(PEER_S, self.process.kill)
        late.start()
        answer = self.process.stdout.readline()
        late.cancel()
        if not answer.endswith(b'\n'):
            self.stop()
            return None
        return json.loads(answer)


def differences():
    with open(os.path.join(CORPUS, 'odk-differences.md'), encoding='utf-8') as text:
        return {name.split('/')[0] for name in re.findall(r'^- `([^`]+)`', text.read(), re.M)}


def name_of(form):
    name = os.path.basename(form)
    return os.path.basename(os.path.dirname(form)) if name == 'form.xml' else name.removesuffix('.xml')


def compare_form(tool, peer, form, seeds, count):
    cases = peer.ask(form=form, seeds=seeds, count=count)
    if not cases:
        return 0, []
    twice = run_ours(tool, form, [case['steps'] for case in cases] * 2)
    if len(twice) != 2 * len(cases):
        return len(cases), [f'{form}: {twice}']
    found = []
    for i, case in enumerate(cases):
        if 'error' in twice[i]:
            found.append(f"{form} seed {case['seed']}: {twice[i]['error']}")
            continue
        problem = same(twice[i], case, volatile(twice[i], twice[i + len(cases)]))
        if problem:
            found.append(f"{form} seed {case['seed']}: {problem}")
    return len(cases), found


def find_forms():
    forms = glob.glob(os.path.join(CORPUS, '*', '*', 'form.xml')) + glob.glob(os.path.join(INSTRUMENTS, '*.xml'))
    known = differences()
    return [form for form in sorted(forms) if name_of(form) not in known]


def compare_random(options, peer, chance):
    """A form by chance; ODK's engine refuses some, a choice of which it asks the name where there is none, say."""
    seed = chance.randrange(1, 1 << 30)
    form = os.path.join(options.scratch, f'random-{seed}.xml')
    with open(form, 'w', encoding='utf-8') as out:
        out.write(RandomForm(seed).xml())
    done, found = compare_form(options.tool, peer, form, (1, 2), options.steps)
    if not found:
        os.remove(form)
    return done, found


def compare_until(end, options, forms, chance):
    peer = Peer()
    n, problems, unanswered = 0, [], set()
    while time.monotonic() < end:
        chance.shuffle(forms)
        for form in forms:
            if time.monotonic() > end:
                break
            done, found = compare_form(options.tool, peer, form, [chance.randrange(1, 1 << 30) for _ in range(3)], options.steps)
            if done == 0:
                unanswered.add(name_of(form))
            if options.scratch:
                more, other = compare_random(options, peer, chance)
                done, found = done + more, found + other
            n += done
            problems += found
            for line in found:
                print(line, flush=True)
    peer.stop()
    return n, problems, unanswered


def empty_folder(path):
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tool')
    parser.add_argument('forms', nargs='*')
    parser.add_argument('--seconds', type=float, default=float(os.environ.get('MERESTONE_DEEP_SECONDS', 600)))
    parser.add_argument('--seed', type=int, default=int(time.time()))
    parser.add_argument('--steps', type=int, default=30)
    parser.add_argument('--test', action='store_true', help='skip unless MERESTONE_TEST_DEEP is set')
    options = parser.parse_args()
    if options.test and not os.environ.get('MERESTONE_TEST_DEEP'):
        print('skipped: set MERESTONE_TEST_DEEP, or ./dev test --deep')
        return SKIPPED
    if not os.path.isdir(os.path.join(HERE, 'node_modules')):
        subprocess.run(['npm', 'ci', '--silent', '--no-audit', '--no-fund'], cwd=HERE, check=True)
    forms = options.forms or find_forms()
    options.scratch = None if options.forms else empty_folder(os.path.join(os.path.dirname(os.path.abspath(options.tool)), 'random-forms'))
    print(f'seed {options.seed}, {len(forms)} forms', flush=True)
    n, problems, unanswered = compare_until(time.monotonic() + options.seconds, options, forms, random.Random(options.seed))
    if unanswered:
        print('no answer from ODK’s engine, now and then:', ', '.join(sorted(unanswered)))
    print(f'{n} cases, {len(problems)} differ')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
