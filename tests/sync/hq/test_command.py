# SPDX-License-Identifier: GPL-3.0-or-later
"""merestone-hq as a person or a script meets it: exit status, words on stderr, data on stdout, its man page.

test_command.py MERESTONE-HQ MAN-PAGE COMPLETION
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
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
    wrong = hq.folder / 'wrong'
    wrong.write_text('three loud lanterns\n')
    done = hq.run('status', '--json', status=1, passphrase=wrong)
    assert not done.stdout and 'passphrase' in done.stderr.lower(), done


@case
def there_is_one_store(hq):
    assert '--store' in run('--vault', hq.vault, '--store', 'dbname=nowhere', 'status', status=2).stderr
    assert 'nowhere' in run('--store', 'nowhere', 'status', status=2).stderr
    done = run('--store', f'host={hq.folder} dbname=nowhere', '--passphrase-file', hq.passphrase, 'status', status=1)
    assert 'cannot be reached' in done.stderr and not done.stdout, done


@case
def without_a_terminal_it_does_not_wait_for_a_passphrase(hq):
    assert '--passphrase-file' in run('--vault', hq.vault, 'status', status=2).stderr


@case
def wrong_usage_is_2_and_goes_to_stderr(hq):
    wrong = [(), ('unheard-of',), ('records',), ('status', 'more'), ('--unheard-of', 'status'), ('status', '--unheard-of'),
             ('enrol', 'approve'), ('enrol', 'revoke'), ('verify',), ('records', 'show'), ('form', 'check'), ('export',), ('export', '--csv', 'a', '--odk', 'b'), ('export', '--odk', 'a', '--labels'),
             ('records', 'list', '--state', 'lost'), ('records', 'list', '--review', 'lost'), ('review', 'accept'), ('watch',), ('publish',), ('refusals',),
             ('refusals', 'list', '--since', 'yesterday'), ('records', 'list', '--until', 'tomorrow'), ('verify', '--age', 'a'),
             ('review', 'return', '0a', '--question', 'lanes'), ('records', 'list', '--limit', '-1'),
             ('pack', '--starts', 'tomorrow', '.'), ('pack', '--starts', '2026-02-30', '.'),
             ('pack', '--starts', '2026-11-24', '--ends', '2026-11-23', '.'), ('pack',)]
    for words in wrong:
        done = hq.run(*words, status=2)
        assert done.stderr.strip() and not done.stdout, (words, done)
    assert '--vault' in run('status', status=2).stderr


@case
def help_and_version_need_no_vault(hq):
    shown = run('--help').stdout
    for verb in verbs():
        assert f'  {verb} ' in shown, verb
        assert 'Usage:' in run(*verb.split(), '--help').stdout
    assert re.fullmatch(r'merestone-hq \d+\.\d+\.\d+\n', run('--version').stdout)


def verbs():
    return re.findall(r'^  ([a-z]+(?: [a-z]+)?)(?= )', run('--help').stdout, re.M)


@case
def an_empty_headquarters_is_told_as_json(hq):
    status = hq.json('status')
    assert status['hq'] == hq.told['hq'] and status['code'] == hq.told['code']
    assert status['devices'] == [] and status['records'] == 0 and status['mission'] is None
    assert hq.json('records', 'list') == {'records': []}
    assert hq.json('enrol', 'list') == {'devices': []}
    assert hq.json('receive', hq.stick) == {'bundles': [], 'failures': [], 'receipts': [], 'unfinished': 0, 'others': 0}


@case
def with_json_stdout_is_json_or_nothing(hq):
    form = hq.folder / 'gate.xml'
    form.write_text(SOUND_FORM)
    steps = hq.folder / 'steps.json'
    steps.write_text('[]')
    for words in (['status'], ['records', 'list'], ['enrol', 'list', hq.stick], ['enrol', 'card', hq.stick], ['keys', 'list'], ['refusals', 'list'],
                  ['receive', hq.stick], ['form', 'check', form], ['form', 'run', form], ['form', 'run', form, steps],
                  *(['export', f'--{kind}', hq.folder / f'empty-{kind}'] for kind in ('csv', 'xlsx', 'jsonl', 'geojson', 'odk'))):
        out = hq.run(*words, '--json').stdout
        if out:
            json.loads(out)


@case
def options_may_stand_after_the_verb(hq):
    done = run('status', '--json', *place.options(hq.vault), '--passphrase-file', hq.passphrase)
    assert json.loads(done.stdout)['hq'] == hq.told['hq']


@case
def the_card_is_public_and_holds_no_secret(hq):
    hq.run('enrol', 'card', hq.stick)
    cards = list(hq.stick.glob('MERESTONE/ENROL/*/*/enrol.json'))
    assert len(cards) == 1
    card = cards[0].read_text()
    assert hq.told['recipient'] in card and 'SECRET' not in card.upper()
    hq.run('enrol', 'card', hq.stick)
    assert len(list(hq.stick.glob('MERESTONE/ENROL/*/*/enrol.json'))) == 1


@case
def what_is_not_there_is_said(hq):
    assert '0a000000' in hq.run('records', 'show', '0a000000', status=1).stderr
    assert 'k7q2m9xd' in hq.run('enrol', 'revoke', 'k7q2m9xd', status=1).stderr
    assert 'k7q2m9xd' in hq.run('enrol', 'approve', 'k7q2m9xd', hq.stick, '--code', '0' * 25, status=1).stderr
    done = hq.run('receive', hq.folder / 'nowhere', status=1)
    assert 'nowhere' in done.stderr


@case
def a_mission_without_a_laptop_is_not_kept(hq):
    done = hq.run('pack', '--title', 'Utopia 2026', '--country', 'UTO', hq.stick, status=1)
    assert 'laptop' in done.stderr
    assert hq.json('status')['mission'] is None


@case
def a_table_of_crossings_is_refused_by_its_line(hq):
    table = hq.folder / 'crossings.csv'
    table.write_text('name,kind\nZenith Gate,land\nZenith Harbour,river\n')
    done = hq.run('pack', '--title', 'Utopia 2026', '--country', 'UTO', '--crossings', table, hq.stick, status=1)
    assert 'line 3' in done.stderr, done
    assert hq.json('status')['mission'] is None


@case
def verify_without_a_vault_needs_a_key(hq):
    folder = hq.folder / 'foreign'
    folder.mkdir()
    bundle = folder / 'k7q2m9xd-01-000001.age'
    bundle.write_bytes(b'anything')
    assert '--key' in run('verify', bundle, status=2).stderr
    subprocess.run(['minisign', '-G', '-W', '-p', folder / 'key.pub', '-s', folder / 'key.sec'], check=True, capture_output=True)
    subprocess.run(['minisign', '-SHm', bundle, '-s', folder / 'key.sec', '-t',
                    'merestone-bundle/1 b=k7q2m9xd-01-000001 k=records r=1 t=10240 e=2'], check=True, capture_output=True)
    told = json.loads(run('verify', bundle, '--key', folder / 'key.pub', '--json').stdout)
    assert told['verdict'] == 'signed' and told['bundle'] == 'k7q2m9xd-01-000001', told
    told = json.loads(run('verify', str(bundle) + '.minisig', '--key', folder / 'key.pub', '--json').stdout)
    assert told['verdict'] == 'signed'
    told = json.loads(run('verify', bundle, '--key', folder / 'key.pub', '--identity', hq.identity, '--json', status=1).stdout)
    assert told['verdict'] == 'refused' and told['code'] == 'E_CIPHER', told
    bundle.write_bytes(b'anything else')
    told = json.loads(run('verify', bundle, '--key', folder / 'key.pub', '--json', status=1).stdout)
    assert told['code'] == 'E_SIGNATURE', told


def vectors():
    """Of each: name, what is said of it, whether an X25519 key is to open it unarmoured, that key, the file."""
    for path in sorted((pathlib.Path(__file__).parents[2] / 'corpus' / 'age').iterdir()):
        content = path.read_bytes()
        if not content.startswith(b'expect: '):
            continue
        head, body = content.split(b'\n\n', 1)
        field = dict(line.split(': ', 1) for line in head.decode().splitlines())
        body = zlib.decompress(body) if field.get('compressed') == 'zlib' else body
        identity = field.get('identity', '')
        yield path.name, field, identity.startswith('AGE-SECRET-KEY-1') and not {'armored', 'passphrase'} & set(field), identity, body


@case
def verify_age_gives_what_the_vectors_expect(hq):
    age, key, seen = hq.folder / 'vector.age', hq.folder / 'vector.key', 0
    for name, field, ours, identity, body in vectors():
        age.write_bytes(body)
        key.write_text((identity if ours else (hq.identity.read_text())) + '\n')
        done = subprocess.run([HQ, 'verify', '--age', age, '-i', key], capture_output=True, check=False)
        if not ours:
            assert done.returncode == 1 and not done.stdout, (name, done)
            continue
        seen += 1
        assert (done.returncode == 0) == (field['expect'] == 'success'), (name, done)
        if field.get('payload'):
            assert hashlib.sha256(done.stdout).hexdigest() == field['payload'], (name, done)
        else:
            assert not done.stdout, (name, done)
    assert seen > 30, seen


@case
def what_was_refused_is_listed(hq):
    assert hq.json('refusals', 'list') == {'refusals': []}
    place = hq.folder / 'forged' / 'MERESTONE' / 'TO-HQ' / 'k7q2m9xd' / 's000001'
    place.mkdir(parents=True)
    (place / 'k7q2m9xd-01-000001.age').write_bytes(b'anything')
    (place / 'k7q2m9xd-01-000001.age.minisig').write_bytes(b'anything')
    hq.run('receive', hq.folder / 'forged', status=1)
    refusals = hq.json('refusals', 'list')['refusals']
    assert [refusal['code'] for refusal in refusals] == ['E_SIGNATURE_FORM'], refusals
    assert hq.json('refusals', 'list', '--since', '2999-01-01') == {'refusals': []}


@case
def form_check_names_line_node_and_expression(hq):
    path = hq.folder / 'broken.xml'
    path.write_text(BROKEN_FORM)
    done = run('form', 'check', path, status=1)
    assert f'{path}:7: error:' in done.stdout, done
    assert '/data/lanes' in done.stdout and 'unheard-of(1)' in done.stdout
    told = json.loads(run('form', 'check', path, '--json', status=1).stdout)
    fault = next(problem for problem in told['problems'] if problem['level'] == 'error')
    assert told['usable'] is False and fault['line'] == 7
    assert fault['bind'] == '/data/lanes' and fault['expression'] == 'unheard-of(1)'


@case
def form_check_says_where_xml_ends_to_be_xml(hq):
    path = hq.folder / 'cut.xml'
    path.write_text(SOUND_FORM.replace('</h:body>', ''))
    done = run('form', 'check', path, status=1)
    assert re.search(rf'{re.escape(str(path))}:1\d: error:', done.stdout), done
    assert run('form', 'check', hq.folder / 'missing.xml', status=1).stderr


@case
def form_run_prints_the_state_as_json(hq):
    path = hq.folder / 'sound.xml'
    steps = hq.folder / 'steps.json'
    path.write_text(SOUND_FORM)
    steps.write_text('[{"set": "/data/lanes", "value": "4"}]')
    state = json.loads(run('form', 'run', path, steps).stdout)
    assert [node['value'] for node in state['nodes'] if node['ref'] == '/data/lanes'] == ['4']
    steps.write_text('[{"set": "/data/nowhere", "value": "4"}]')
    assert '/data/nowhere' in run('form', 'run', path, steps, status=1).stderr


@case
def the_root_lies_offline_and_signs_there(hq):
    root, secret = hq.folder / 'root.key', hq.folder / 'root-passphrase'
    secret.write_text('four slow ferries\n')
    own, draft = ('--root-passphrase-file', secret), hq.folder / 'draft'
    hq.run('keys', 'export', root, '--remove', *own)
    assert stat.S_IMODE(root.stat().st_mode) == 0o600
    assert '--root' in hq.run('keys', 'change', 'sign', status=1).stderr
    hq.run('enrol', 'card', hq.stick)                        # everyday work needs no root

    before = hq.json('keys', 'list')
    assert before['root_offline'] is True
    hq.run('keys', 'change', 'box', '--root', root, *own)
    hq.run('keys', 'draft', draft, '--new-sign')
    shutil.copytree(draft, hq.folder / 'copy-of-draft')
    told = json.loads(run('keys', 'sign', hq.folder / 'copy-of-draft', '--root', root, *own, '--json').stdout)
    said = run('keys', 'sign', draft, '--root', root, *own).stdout         # another computer: no vault, no store
    assert f'Headquarters {before["hq"]}: list {before["trust"] + 2} after list {before["trust"] + 1}' in said, said
    assert told['hq'] == before['hq'] and (told['before'], told['trust']) == (before['trust'] + 1, before['trust'] + 2), told
    assert set(told) == {'hq', 'before', 'trust', 'sign', 'changed', 'revoked'} and told['revoked'] == [], told
    hq.run('keys', 'take', draft)
    after = hq.json('keys', 'list')
    assert told['sign'] == after['sign'] and told['changed'] == {}, told
    assert after['trust'] == before['trust'] + 2 and after['box'] != before['box'] and after['sign'][1:] == before['sign'][:1], after
    assert after['root_offline'] is True and after['hq'] == before['hq']

    # The file is minisign's own: stock minisign signs with it, and verifies what the root has signed.
    note = hq.folder / 'note'
    note.write_text('Utopia')
    subprocess.run(['minisign', '-Sm', note, '-s', root], input='four slow ferries\n', text=True, check=True, capture_output=True)
    subprocess.run(['minisign', '-Vm', note, '-P', after['root']], check=True, capture_output=True)
    subprocess.run(['minisign', '-VHm', draft / 'trust.json', '-P', after['root']], check=True, capture_output=True)

    hq.run('keys', 'export', root, '--root', root, *own, status=1)         # a file that is there is never overwritten
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
