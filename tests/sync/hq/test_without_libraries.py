# SPDX-License-Identifier: GPL-3.0-or-later
"""A merestone-hq that was built without libpq and libseccomp keeps a vault like any other, and says what it cannot do.

test_without_libraries.py MERESTONE-HQ
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HQ = sys.argv[1]
CASES = []


def case(function):
    CASES.append(function)
    return function


def run(folder, *words, status=0):
    done = subprocess.run([HQ, '--passphrase-file', folder / 'passphrase', *words], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    assert done.returncode == status, done
    return done


@case
def it_needs_neither_of_the_two(_):
    needed = subprocess.run(['objdump', '-p', HQ], capture_output=True, text=True, check=True).stdout
    assert 'libsodium' in needed
    assert 'libpq' not in needed and 'libseccomp' not in needed, needed


@case
def it_keeps_a_vault(folder):
    vault = folder / 'hq.vault'
    run(folder, '--vault', vault, 'init', '--identity-file', folder / 'hq.key')
    assert 'built without seccomp' in run(folder, '--vault', vault, 'receive', folder).stderr
    run(folder, '--vault', vault, 'status')


@case
def it_says_that_it_has_no_postgresql(folder):
    assert 'built without PostgreSQL' in run(folder, '--store', 'postgresql:///merestone', 'status', status=2).stderr


print(f'1..{len(CASES)}')
failed = False
for number, function in enumerate(CASES, 1):
    with tempfile.TemporaryDirectory(prefix='merestone-without-') as name:
        folder = pathlib.Path(name)
        (folder / 'passphrase').write_text('three quiet lanterns\n')
        try:
            function(folder)
            print(f'ok {number} - {function.__name__.replace("_", "-")}')
        except (AssertionError, subprocess.CalledProcessError) as failure:
            failed = True
            print(f'not ok {number} - {function.__name__}: {failure}')
sys.exit(failed)
