# SPDX-License-Identifier: GPL-3.0-or-later
"""A laptop made of stock tools: minisign, age, zstd, tar and what docs/formats*.md say, nothing of ours. Headquarters enrols
it, takes its bundle in, and answers; the answer is opened with stock tools.

test_stock_laptop.py MERESTONE-HQ
"""
import base64
import csv
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(__file__), '../..', 'support'))
import place  # noqa: E402

HQ = sys.argv[1]
CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'
BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
DAMM = ('0317598642', '7092154863', '4206871359', '1750983426', '6123045978',
        '3674209581', '5869720134', '8945362017', '9438617205', '2581436790')
RECORD = '0c1f2e3d-4b5a-4697-8879-6a5b4c3d2e1f'
XML = (f'<data id="gate" version="1"><name>Zenith Gate</name><picture>gate.jpg</picture>'
       f'<meta><instanceID>uuid:{RECORD}</instanceID></meta></data>').encode()
PICTURE = b'a picture of the gate'
CASES = []


def case(function):
    CASES.append(function)
    return function


def tool(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, **more).stdout


def b2(content, size=32):
    return hashlib.blake2b(content, digest_size=size).hexdigest()


def name_of(key):
    """docs/formats-road.md, "Common rules": the first 40 bits of the hash, in base 32."""
    number = int.from_bytes(hashlib.blake2b(key, digest_size=32).digest()[:5], 'big')
    return ''.join(CROCKFORD[number >> shift & 31] for shift in range(35, -5, -5))


def bytes_of_recipient(text):
    number = 0
    for character in text[len('age1'):-6]:
        number = number << 5 | BECH32.index(character)
    return (number >> 4).to_bytes(32, 'big')


def digits_of(role, sign_key, box_key):
    """docs/formats-road.md, "The 25 digits"."""
    return digits_of_hash(hashlib.blake2b(b'merestone-code/1' + role + sign_key + box_key, digest_size=32))


def digits_of_hash(code):
    number = int.from_bytes(code.digest(), 'big')
    digits = f'{number % 10 ** 24:024}'
    check = 0
    for digit in digits:
        check = int(DAMM[check][int(digit)])
    return digits + str(check)


def x25519(secret, point):
    """RFC 7748, section 5, on numbers."""
    prime = 2 ** 255 - 19
    scalar = int.from_bytes(secret, 'little') & ~7 & (1 << 254) - 1 | 1 << 254
    u = int.from_bytes(point, 'little') & (1 << 255) - 1
    x2, z2, x3, z3 = 1, 0, u, 1
    for bit in range(254, -1, -1):
        if scalar >> bit & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        x3, z3 = (d * a + c * b) ** 2 % prime, u * (d * a - c * b) ** 2 % prime
        e = a * a - b * b
        x2, z2 = a * a * b * b % prime, e * (a * a + 121665 * e) % prime
        if scalar >> bit & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, prime - 2, prime) % prime).to_bytes(32, 'little')


class Laptop:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.stick = self.folder / 'stick'
        self.stick.mkdir()
        tool('minisign', '-G', '-W', '-p', self.folder / 'device.pub', '-s', self.folder / 'device.sec')
        tool('age-keygen', '-o', self.folder / 'device.key')
        self.sign_key = (self.folder / 'device.pub').read_text().splitlines()[1]
        self.key = base64.b64decode(self.sign_key)[10:]
        self.box_key = tool('age-keygen', '-y', self.folder / 'device.key', text=True).strip()
        self.name = name_of(self.key)
        self.digits = digits_of(b'device', self.key, bytes_of_recipient(self.box_key))

    def challenge(self, recovery):
        """docs/formats-road.md, "Recovery"."""
        text = self.name + '7k2m9qxd'
        check = hashlib.blake2b(b'merestone-recover-check/1' + text.encode() + recovery.encode(), digest_size=32).digest()
        return text + ''.join(CROCKFORD[byte & 31] for byte in check[:4])

    def answer(self, recovery, challenge):
        secret = (self.folder / 'device.key').read_text().splitlines()[-1].lower()
        number = 0
        for character in secret[len('age-secret-key-1'):-6]:
            number = number << 5 | BECH32.index(character)
        box, paper = bytes_of_recipient(self.box_key), bytes_of_recipient(recovery)
        shared = x25519((number >> 4).to_bytes(32, 'big'), paper)
        return digits_of_hash(hashlib.blake2b(b'merestone-recover/1' + box + paper + challenge.encode(), digest_size=32, key=shared))

    def sign(self, path, comment):
        tool('minisign', '-SHm', path, '-s', self.folder / 'device.sec', '-t', comment)

    def write_card(self):
        place = self.stick / 'MERESTONE' / 'ENROL' / self.name / 's000001'
        place.mkdir(parents=True)
        card = place / 'enrol.json'
        card.write_text(json.dumps({'format': 'merestone-card', 'version': 1, 'role': 'device', 'device': self.name,
                                    'sign_key': self.sign_key, 'box_key': self.box_key, 'label': 'Stock laptop'}) + '\n')
        self.sign(card, f'merestone-card/1 d={self.name}')

    def write_bundle(self, recipient):
        work = self.folder / 'work'
        (work / 'records').mkdir(parents=True)
        (work / 'blobs').mkdir()
        names = [f'records/{RECORD}.xml', f'blobs/{b2(PICTURE)}']
        (work / names[0]).write_bytes(XML)
        (work / names[1]).write_bytes(PICTURE)
        self.bundle = self.seal(work, recipient, 's000001', self.manifest(f'{self.name}-01-000001', recipient, names), names)

    def write_empty(self, recipient, session, seq, previous, **more):
        """A later bundle of the same chain, with nothing in it."""
        work = self.folder / session
        work.mkdir()
        manifest = self.manifest(f'{self.name}-01-{seq:06}', recipient, [], **more)
        manifest['chain'].update(seq=seq, prev=b2(previous.read_bytes(), 64))
        return self.seal(work, recipient, session, manifest, [])

    def seal(self, work, recipient, session, manifest, names):
        name = manifest['bundle']
        (work / 'manifest.json').write_text(json.dumps(manifest) + '\n')
        self.sign(work / 'manifest.json', f'merestone-manifest/1 b={name}')
        place = self.stick / 'MERESTONE' / 'TO-HQ' / self.name / session
        place.mkdir(parents=True)
        bundle = place / f'{name}.age'
        tool('bash', '-o', 'pipefail', '-c', 'tar c --format=ustar "${@:3}" | zstd -q | age -r "$1" -o "$2"', 'bash', recipient, bundle,
             'manifest.json', 'manifest.json.minisig', *names, cwd=work)
        self.sign(bundle, f'merestone-bundle/1 b={name} k=records r=1 t=10240 e={len(names) + 2}')
        return bundle

    def manifest(self, bundle, recipient, names, created='2026-11-24T15:06:00Z'):
        manifest = self.head(bundle, recipient, created)
        if names:
            manifest['files'] = self.files(names)
        manifest['tar']['entries'] = len(names) + 2
        return manifest

    @staticmethod
    def files(names):
        record = {'path': names[0], 'size': len(XML), 'b2': b2(XML), 'type': 'record', 'record': f'uuid:{RECORD}', 'form': 'gate',
                  'form_version': '1', 'form_b2': b2(b''), 'supersedes': None, 'blobs': [b2(PICTURE)],
                  'finalised': '2026-11-24T16:05:09+01:00'}
        blob = {'path': names[1], 'size': len(PICTURE), 'b2': b2(PICTURE), 'type': 'blob', 'mime': 'image/jpeg', 'name': 'gate.jpg'}
        return [record, blob]

    def head(self, bundle, recipient, created):
        return {'format': 'merestone-bundle', 'version': 1, 'critical': [], 'kind': 'records', 'bundle': bundle,
                'sender': {'device': self.name, 'sign_key': self.sign_key, 'box_key': self.box_key}, 'recipients': [recipient],
                'trust': 1, 'chain': {'id': '00112233445566778899aabbccddeeff', 'no': 1, 'seq': 1, 'prev': None, 'parent': None},
                'created': created, 'clock': {'trusted': True, 'boots': 1},
                'seen': {'trust': 1, 'receipt': 0, 'dispatch': 0}, 'unacked': [], 'app': {'name': 'stock tools', 'version': '1'},
                'tar': {'bytes': 10240}, 'files': []}

    def open(self, bundle, sign_key):
        """What is in a bundle of headquarters: name within → content."""
        folder = self.folder / 'opened' / bundle.stem
        folder.mkdir(parents=True)
        tool('minisign', '-VHm', bundle, '-P', sign_key)
        tool('bash', '-o', 'pipefail', '-c', 'age -d -i "$0" "$1" | zstd -dcq | tar x -C "$2"', self.folder / 'device.key', bundle, folder)
        tool('minisign', '-VHm', folder / 'manifest.json', '-P', sign_key)
        return folder, json.loads((folder / 'manifest.json').read_text())


class Day:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.passphrase = self.folder / 'passphrase'
        self.passphrase.write_text('three quiet lanterns\n')
        self.laptop = Laptop(folder)
        self.headquarters = json.loads(self.hq('init', '--recovery-file', self.folder / 'recovery.key', '--json'))

    def hq(self, *words, status=0):
        done = subprocess.run([HQ, *place.options(self.folder / 'hq.vault'), '--passphrase-file', self.passphrase, *map(str, words)],
                              capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C.UTF-8'}, check=False)
        assert done.returncode == status, done
        return done.stdout if status == 0 else done.stderr


@case
def its_card_is_found_but_not_believed(day):
    day.laptop.write_card()
    found = json.loads(day.hq('enrol', 'list', day.laptop.stick, '--json'))['devices']
    assert [(device['device'], device['state']) for device in found] == [(day.laptop.name, 'waiting')]
    digits = day.laptop.digits
    mistyped = digits[:7] + str((int(digits[7]) + 1) % 10) + digits[8:]
    other = digits_of(b'device', bytes(32), bytes(32))
    for wrong in (mistyped, other, digits[:24]):
        said = day.hq('enrol', 'approve', day.laptop.name, day.laptop.stick, '--code', wrong, status=1)
        assert digits not in said.replace(' ', '')
    assert json.loads(day.hq('enrol', 'list', '--json'))['devices'] == []


@case
def its_bundle_waits_until_its_digits_are_typed(day):
    day.laptop.write_bundle(day.headquarters['recipient'])
    assert 'E_SENDER_UNKNOWN' in day.hq('receive', day.laptop.stick, status=1)
    assert json.loads(day.hq('records', 'list', '--json'))['records'] == []
    grouped = ' '.join(day.laptop.digits[i:i + 5] for i in range(0, 25, 5))
    day.hq('enrol', 'approve', day.laptop.name, day.laptop.stick, '--code', grouped, '--label', 'Stock laptop')
    taken = json.loads(day.hq('receive', '--json'))['bundles']
    assert [(bundle['verdict'], bundle['new']) for bundle in taken] == [('accepted', 1)], taken


@case
def its_record_is_shown_and_exported_as_it_was_sent(day):
    assert day.hq('records', 'show', RECORD, '--xml').encode() == XML
    shown = json.loads(day.hq('records', 'show', RECORD[:8], '--json'))
    assert {answer['ref']: answer['value'] for answer in shown['answers']}['/data/name'] == 'Zenith Gate'
    assert shown['finalised'].startswith('2026-11-24T16:05:09+01')
    assert shown['state'] == 'unknown-form' and shown['attachments'][0]['name'] == 'gate.jpg'
    day.hq('export', '--csv', day.folder / 'tables')
    with open(day.folder / 'tables' / 'gate.csv', newline='') as file:
        rows = list(csv.DictReader(file))
    assert [(row['name'], row['KEY'], row['AttachmentsPresent']) for row in rows] == [('Zenith Gate', f'uuid:{RECORD}', '1')]
    assert (day.folder / 'tables' / 'media' / 'gate.jpg').read_bytes() == PICTURE


@case
def its_bundle_is_verified_with_and_without_the_vault(day):
    told = json.loads(day.hq('verify', day.laptop.bundle, '--json'))
    assert told['verdict'] == 'sound' and told['device'] == day.laptop.name and len(told['files']) == 2
    told = json.loads(tool(HQ, 'verify', day.laptop.bundle, '--key', day.laptop.folder / 'device.pub', '--json'))
    assert told['verdict'] == 'signed'


@case
def it_opens_its_receipt(day):
    taken = json.loads(day.hq('receive', day.laptop.stick, '--json'))
    assert taken['bundles'][0]['verdict'] == 'duplicate' and taken['receipts'] == [day.laptop.name]
    bundle, = day.laptop.stick.glob(f'MERESTONE/TO-FIELD/{day.laptop.name}/*/*.age')
    signer = json.loads(day.hq('verify', bundle, '--json'))['sign_key']
    folder, manifest = day.laptop.open(bundle, signer)
    files = {file['name']: folder / file['path'] for file in manifest['files']}
    trust = json.loads(files['trust.json'].read_text())
    tool('minisign', '-VHm', files['trust.json'], '-x', files['trust.json.minisig'], '-P', trust['root'][0])
    assert signer in [key['key'] for key in trust['hq_sign']]
    receipt = json.loads(files['receipt.json'].read_text())
    line = receipt['chains'][0]['bundles'][0]
    assert receipt['to'] == day.laptop.name and receipt['hq'] == day.headquarters['hq']
    assert line == {'seq': 1, 'b2': b2(day.laptop.bundle.read_bytes(), 64), 'status': 'accepted', 'records': 1, 'rejected': []}


@case
def it_opens_its_mission(day):
    crossings = day.folder / 'crossings.csv'
    crossings.write_text('name,kind,latitude,longitude\nZenith Gate,land,1.5,-2.25\n')
    day.hq('pack', '--title', 'Utopia 2026', '--country', 'UTO', '--crossings', crossings, day.laptop.stick)
    bundle, = day.laptop.stick.glob('MERESTONE/TO-FIELD/all/*/*.age')
    folder, manifest = day.laptop.open(bundle, json.loads(day.hq('verify', bundle, '--json'))['sign_key'])
    files = {file['name']: folder / file['path'] for file in manifest['files']}
    dispatch = json.loads(files['dispatch.json'].read_text())
    assert dispatch['snapshot']['assessment']['title'] == 'Utopia 2026' and dispatch['to'] == [day.laptop.name]
    assert json.loads(files['crossings'].read_text())[0]['name'] == 'Zenith Gate'
    for instrument in dispatch['snapshot']['instruments']:
        assert b2(files[instrument['id']].read_bytes()) == instrument['b2']


@case
def a_newer_pack_takes_the_place_of_the_older(day):
    day.hq('pack', '--message', 'Good journey.', day.laptop.stick)
    bundle, = day.laptop.stick.glob('MERESTONE/TO-FIELD/all/*/*.age')
    assert bundle.stem.endswith('-000003'), bundle
    assert json.loads(day.hq('status', '--json'))['mission']['title'] == 'Utopia 2026'


def chain_of(day):
    """What status says of the laptop's only chain, and of its newest bundle."""
    device, = json.loads(day.hq('status', '--json'))['devices']
    chain, = device['chains']
    return chain, device


@case
def gaps_and_forks_are_named_while_they_are_there(day):
    recipient = day.headquarters['recipient']
    second = day.laptop.write_empty(recipient, 's000002', 2, day.laptop.bundle)
    third = day.laptop.write_empty(recipient, 's000003', 3, second)
    shutil.move(second.parent, day.folder / 'late')
    day.hq('receive', day.laptop.stick)
    chain, device = chain_of(day)
    assert (chain['through'], chain['missing'], chain['beyond'], chain['forks']) == (1, [2], [3], []), chain
    assert device['latest']['bundle'] == third.stem and device['silent_days'] == 0, device
    assert 'missing: 2' in day.hq('status')
    shutil.move(day.folder / 'late', second.parent)
    other = day.laptop.write_empty(recipient, 's000004', 3, second, created='2026-11-24T15:07:00Z')
    day.hq('receive', day.laptop.stick)
    chain, _ = chain_of(day)
    assert (chain['through'], chain['missing'], chain['beyond']) == (3, [], []), chain
    fork, = chain['forks']
    assert fork['seq'] == 3 and sorted(fork['b2']) == sorted(b2(path.read_bytes(), 64) for path in (third, other)), fork
    assert 'two bundles for place 3' in day.hq('status')


@case
def what_appears_in_a_watched_folder_is_received(day):
    folder = day.folder / 'watched'
    place_there = folder / 'MERESTONE' / 'TO-HQ' / day.laptop.name / 's000009'
    folder.mkdir()
    watching = subprocess.Popen([HQ, *place.options(day.folder / 'hq.vault'), '--passphrase-file', day.passphrase, 'watch', folder, '--json'],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    try:
        assert 'Watching' in watching.stderr.readline()
        place_there.mkdir(parents=True)
        shutil.copy(day.laptop.bundle, place_there)
        shutil.copy(f'{day.laptop.bundle}.minisig', place_there)
        told = json.loads(watching.stdout.readline())
        assert [bundle['verdict'] for bundle in told['bundles']] == ['duplicate'], told
        assert told['receipts'] == [day.laptop.name], told
        assert list(folder.glob(f'MERESTONE/TO-FIELD/{day.laptop.name}/*/*.age.minisig'))
        again = place_there.parent / 's000010'
        again.mkdir()
        shutil.copy(day.laptop.bundle, again)
        (folder / 'letter.txt').write_text('a letter')
        (again / f'{day.laptop.bundle.name}.minisig').write_bytes(pathlib.Path(f'{day.laptop.bundle}.minisig').read_bytes())
        told = json.loads(watching.stdout.readline())
        assert [bundle['verdict'] for bundle in told['bundles']] == ['duplicate'], told
    finally:
        watching.terminate()
        out, said = watching.communicate()
    assert watching.returncode == 0 and not out, (watching.returncode, out, said)


def ask(day, challenge, status=0):
    done = day.hq('recover', challenge, '--identity-file', day.folder / 'recovery.key', '--checked', 'called back', '--json', status=status)
    return json.loads(done) if status == 0 else done


@case
def a_forgotten_passphrase_is_answered(day):
    challenge = day.laptop.challenge(day.headquarters['recovery'])
    typed = '-'.join(challenge[i:i + 5] for i in range(0, 20, 5)).upper()
    told = ask(day, typed)
    assert told['answer'].replace(' ', '') == day.laptop.answer(day.headquarters['recovery'], challenge)
    assert told['device'] == day.laptop.name and told['label'] == 'Stock laptop'
    assert ask(day, challenge) == told
    assert 'does not check' in ask(day, challenge[:-1] + ('0' if challenge[-1] != '0' else '1'), status=1)
    said = day.hq('recover', challenge, '--identity-file', day.laptop.folder / 'device.key', '--checked', 'called back', status=1)
    assert day.headquarters['recovery'] in said


@case
def once_revoked_it_is_held_back(day):
    day.hq('enrol', 'revoke', day.laptop.name)
    day.hq('enrol', 'revoke', day.laptop.name)
    status = json.loads(day.hq('status', '--json'))
    assert status['trust'] == 2 and status['devices'][0]['state'] == 'revoked' and status['records'] == 1
    said = day.hq('enrol', 'approve', day.laptop.name, day.laptop.stick, '--code', day.laptop.digits, status=1)
    assert 'revoked' in said
    assert 'revoked' in ask(day, day.laptop.challenge(day.headquarters['recovery']), status=1)


def main():
    print(f'1..{len(CASES)}', flush=True)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        day = Day(folder)
        for number, function in enumerate(CASES, 1):
            try:
                function(day)
                print(f'ok {number} - {function.__name__}', flush=True)
            except (AssertionError, KeyError, ValueError, subprocess.CalledProcessError) as error:
                failed = True
                said = getattr(error, 'stderr', None) or ''
                print(f'not ok {number} - {function.__name__}')
                print('\n'.join(f'# {line}' for line in f'{type(error).__name__}: {error} {said}'.splitlines()), flush=True)
    return int(failed)


sys.exit(main())
