# SPDX-License-Identifier: GPL-3.0-or-later
"""merestone-hq as a person or a script meets it: exit status, words on stderr, data on stdout, its man page.

test_command.py MERESTONE-HQ MAN-PAGE COMPLETION
"""
import hashlib
import hashlib
import json
import os
import pathlib
import re
import stat
import subprocess
import sys
import tempfile
import zlib

sys.path.append(os.path.join(os.path.dirname(__file__), '../..', 'support'))
import place  # noqa: E402

HQ, MAN, COMPLETION = sys.argv[1:4]
PASSPHRASE = 'three quiet lanterns'
CASES = []

BROKEN_FORM = '''<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
  <h:head>
    <h:title>Gate</h:title>
    <model>
      <instance><data id="gate"><lanes/></data></instance>
      <bind nodeset="/data/lanes" type="int" relevant="unheard-of(1)"/>
    </model>
  </h:head>
  <h:body>
    <input ref="/data/lanes"><label>Lanes</label></input>
  </h:body>
</h:html>
'''
SOUND_FORM = BROKEN_FORM.replace(' relevant="unheard-of(1)"', '')


def case(function):
    CASES.append(function)
    return function


def run(*words, status=0, stdin=subprocess.DEVNULL):
    done = subprocess.run([HQ, *map(str, words)], capture_output=True, text=True, stdin=stdin,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8'}, check=False)
    assert done.returncode == status, (words, done)
    return done


class Headquarters:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.passphrase = self.folder / 'passphrase'
        self.passphrase.write_text(PASSPHRASE + '\n')
        self.vault = self.folder / 'hq.vault'
        self.identity = self.folder / 'hq.key'
        self.recovery = self.folder / 'recovery.key'
        self.stick = self.folder / 'stick'
        self.stick.mkdir()
        self.told = json.loads(self.run('init', '--label', 'Headquarters', '--identity-file', self.identity,
                                        '--recovery-file', self.recovery, '--json').stdout)

    def run(self, *words, status=0, passphrase=None):
        return run(*place.options(self.vault), '--passphrase-file', passphrase or self.passphrase, *words, status=status)

    def json(self, *words):
        return json.loads(self.run(*words, '--json').stdout)


@case
def init_tells_its_digits_and_keeps_its_files_private(hq):
    assert re.fullmatch(r'(\d{5} ){4}\d{5}', hq.told['code'])
    assert re.fullmatch(r'[0-9a-z]{8}', hq.told['hq'])
    for path in (hq.identity, hq.recovery):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert hq.told['recipient'] in hq.identity.read_text()
    assert hq.told['recovery'] in hq.recovery.read_text()


@case
def stock_age_opens_what_is_encrypted_to_headquarters(hq):
    for recipient, identity in ((hq.told['recipient'], hq.identity), (hq.told['recovery'], hq.recovery)):
        sealed = subprocess.run(['age', '-r', recipient], input=b'Utopia', capture_output=True, check=True).stdout
        opened = subprocess.run(['age', '-d', '-i', identity], input=sealed, capture_output=True, check=True).stdout
        assert opened == b'Utopia'


@case
def init_overwrites_nothing(hq):
    before = hq.identity.read_bytes()
    said = hq.run('init', status=1).stderr
    assert 'Nothing was changed' in said, said
    with tempfile.TemporaryDirectory() as folder:
        other = pathlib.Path(folder) / 'other.vault'
        run('--vault', other, '--passphrase-file', hq.passphrase, 'init', '--identity-file', hq.identity, status=1)
        assert not other.exists()
    assert hq.identity.read_bytes() == before


@case
def an_init_that_fails_leaves_no_vault(hq):
    with tempfile.TemporaryDirectory() as folder:
        other = pathlib.Path(folder) / 'other.vault'
        run('--vault', other, '--passphrase-file', hq.passphrase, 'init',
            '--identity-file', pathlib.Path(folder) / 'missing' / 'hq.key', status=1)
        assert not list(pathlib.Path(folder).glob('other.vault/*'))


@case
def a_backup_is_a_vault_of_the_same_headquarters(hq):
    if place.STORE:
        assert 'pg_dump' in hq.run('backup', hq.folder / 'copy.vault', status=1).stderr
        return
    copy, restored = hq.folder / 'copy.vault', hq.folder / 'restored.vault'
    assert json.loads(hq.run('backup', copy, '--json').stdout) == {'folder': str(copy)}
    assert run('--vault', copy, '--passphrase-file', hq.passphrase, 'status', '--json').stdout == hq.run('status', '--json').stdout
    run('--vault', copy, '--passphrase-file', hq.passphrase, 'backup', restored)
    assert run('--vault', restored, '--passphrase-file', hq.passphrase, 'status', '--json').stdout == hq.run('status', '--json').stdout
    assert 'Nothing was changed' in hq.run('backup', copy, status=1).stderr


@case
def recover_answers_nobody_it_does_not_know(hq):
    said = hq.run('recover', 'ggps4-rcy7k-2m9qx-d04fz', status=2).stderr
    assert '--identity-file' in said, said
    said = hq.run('recover', 'ggps4-rcy7k-2m9qx-d04fz', '--identity-file', hq.recovery, status=2).stderr
    assert '--checked' in said, said
    asked = ('recover', '--identity-file', hq.recovery, '--checked', 'called back')
    done = hq.run(*asked, 'ggps4-rcy7k-2m9qx-d04fz', status=1)
    assert 'does not check' in done.stderr and done.stdout == '', done
    assert '20 letters' in hq.run(*asked, 'ggps4', status=1).stderr
    challenge = challenge_of('ggps4rcy', hq.told['recovery'])
    done = hq.run(*asked, challenge, status=1)
    assert 'ggps4rcy' in done.stderr and done.stdout == '', done


def challenge_of(device, recovery):
    """As docs/formats-road.md has it."""
    alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
    text = device + '7k2m9qxd'
    check = hashlib.blake2b(b'merestone-recover-check/1' + text.encode() + recovery.encode(), digest_size=32).digest()
    return text + ''.join(alphabet[byte & 31] for byte in check[:4])


@case
def a_wrong_passphrase_says_so_and_prints_no_data(hq):
    hq.run('keys', 'export', root, '--root', root, *own, status=1)           # a file that is there is never overwritten
    hq.run('keys', 'import', root, *own)
    assert hq.json('keys', 'list')['root_offline'] is False


@case
def the_man_page_is_sound_and_names_every_verb_and_option(hq):
    done = subprocess.run(['man', '--warnings', '-l', MAN], capture_output=True, text=True, check=True,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8', 'MANPAGER': 'cat', 'MANWIDTH': '100', 'MAN_KEEP_FORMATTING': ''})
    assert not done.stderr, done.stderr
    page = re.sub(r'\s+', ' ', done.stdout.replace('‐', '-').replace('−', '-'))
    for verb in verbs():
        assert verb in page, verb
        for option in re.findall(r'^  (?:-h, )?(--[a-z-]+)', run(*verb.split(), '--help').stdout, re.M):
            assert option in page, (verb, option)


@case
def completion_knows_every_verb_and_option(hq):
    subprocess.run(['bash', '-n', COMPLETION], check=True)
    for verb in verbs():
        for option in sorted(set(re.findall(r'--[a-z-]+', run(*verb.split(), '--help').stdout)) - {'--vault', '--passphrase-file', '--json', '--help'}):
            line = [HQ, *verb.split(), option[:4]]
            assert option in complete(line), (line, complete(line))
    assert {'list', 'show'} <= set(complete([HQ, 'records', '']))
    assert 'receive' in complete([HQ, '--vault', 'hq.vault', 'rec'])


def complete(line):
    words = ' '.join(f"'{word}'" for word in line)
    script = f'source {COMPLETION}; COMP_WORDS=({words}); COMP_CWORD={len(line) - 1}; _merestone_hq; printf "%s\\n" "${{COMPREPLY[@]}}"'
    return subprocess.run(['bash', '-c', script], capture_output=True, text=True, check=True).stdout.split()


def main():
    print(f'1..{len(CASES)}', flush=True)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        hq = Headquarters(folder)
        for number, function in enumerate(CASES, 1):
            try:
                function(hq)
                print(f'ok {number} - {function.__name__}', flush=True)
            except (AssertionError, KeyError, StopIteration, ValueError, subprocess.CalledProcessError) as error:
                failed = True
                print(f'not ok {number} - {function.__name__}')
                print('\n'.join(f'# {line}' for line in f'{type(error).__name__}: {error}'.splitlines()), flush=True)
    return int(failed)


sys.exit(main())
