# SPDX-License-Identifier: GPL-3.0-or-later
"""The field day end to end, then what an auditor, a thief and a clumsy courier would do with what it leaves.

test_fieldday.py FIELDDAY MERESTONE-HQ
"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(__file__), '..', 'support'))
import place  # noqa: E402

FIELDDAY, HQ = sys.argv[1:3]
CASES = []


def case(function):
    CASES.append(function)
    return function


class Day:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.stick = self.folder / 'stick'
        self.expected = []

    def play(self):
        store = ['--store', place.STORE] if place.STORE else []
        subprocess.run([FIELDDAY, '--hq', HQ, *store, self.folder], check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.expected = json.loads((self.folder / 'expected.json').read_text())['records']

    def hq(self, *words, vault=None, passphrase=None, check=True):
        done = subprocess.run([HQ, *place.options(vault or self.folder / 'hq.vault'), '--passphrase-file',
                               passphrase or self.folder / 'passphrase', *words], capture_output=True, text=True)
        if check:
            assert done.returncode == 0, done.stderr
        return done

    def bundles(self):
        return sorted(self.stick.glob('MERESTONE/TO-HQ/**/*.age'))

    def show(self, record):
        return json.loads(self.hq('records', 'show', record, '--json').stdout)

    def identities(self):
        return sorted(record['id'] for record in json.loads(self.hq('records', 'list', '--json').stdout)['records'])


def answers_of(shown):
    """Ref → value of everything that headquarters shows of a record."""
    return {answer['ref']: answer['value'] for answer in shown['answers']}


def without_first(ref):
    return ref.replace('[1]', '')


@case
def the_day_leaves_what_it_says(day):
    for name in ('stick', 'field.vault', 'hq.vault', 'passphrase', 'device.pub', 'hq.key', 'expected.json', 'export'):
        assert (day.folder / name).exists(), name
    assert {record['form'] for record in day.expected} == {'passenger-processing', 'bmis-checks', 'officer-interview'}
    assert all(record['answers'] for record in day.expected)


@case
def headquarters_shows_exactly_what_was_typed(day):
    assert day.identities() == sorted(record['id'] for record in day.expected)
    for record in day.expected:
        shown = {without_first(ref): value for ref, value in answers_of(day.show(record['id'])).items()}
        for ref, value in record['answers'].items():
            assert shown[without_first(ref)] == value, (record['form'], ref, shown.get(without_first(ref)), value)


@case
def five_passengers_were_timed(day):
    study = next(record for record in day.expected if record['form'] == 'passenger-processing')
    decided = [ref for ref, value in answers_of(day.show(study['id'])).items() if ref.endswith('/at_booth') and value]
    assert len(decided) == 5, decided


@case
def the_tables_hold_the_records_and_their_repeats(day):
    tables = {path.name: list(csv.DictReader(path.open(newline=''))) for path in (day.folder / 'export').glob('*.csv')}
    heads = [name for name in tables if tables[name] and 'PARENT_KEY' not in tables[name][0]]
    assert sorted(row['KEY'] for name in heads for row in tables[name]) == sorted(record['id'] for record in day.expected)
    keys = {row['KEY'] for rows in tables.values() for row in rows}
    children = [row for rows in tables.values() for row in rows if 'PARENT_KEY' in row]
    assert len(children) >= 6
    assert all(row['PARENT_KEY'] in keys for row in children)


@case
def stock_tools_open_our_bundle(day):
    for bundle in day.bundles():
        subprocess.run(['minisign', '-VHm', bundle, '-p', day.folder / 'device.pub'], check=True, capture_output=True)
        listed = subprocess.run(['bash', '-o', 'pipefail', '-c', 'age -d -i "$0" "$1" | zstd -dc | tar t', day.folder / 'hq.key', bundle],
                                check=True, capture_output=True, text=True)
        names = listed.stdout.split()
        assert names[:2] == ['manifest.json', 'manifest.json.minisig'], names
        assert sum(name.startswith('records/') for name in names) == len(day.expected), names


def make_passwordless_key(folder):
    subprocess.run(['minisign', '-G', '-W', '-p', folder / 'key.pub', '-s', folder / 'key.sec'], check=True, capture_output=True)


@case
def a_thief_reads_nothing(day):
    """No answer, crossing or title in any file of the vaults and the stick, whole or cut by a page."""
    script = json.loads((pathlib.Path(__file__).parent / 'day.json').read_text())
    words = {value for record in day.expected for value in record['answers'].values() if len(value) >= 8 and not value[:4].isdigit()}
    words |= {script['crossing'], script['mission']['title'], script['mission']['message'], script['label']}
    words |= {'Passenger processing', 'officer-interview', 'bmis-checks', 'instanceID', 'CREATE TABLE'}
    words |= {record['id'] for record in day.expected} | {record['id'][5:] for record in day.expected}
    assert len(words) > 20
    for place in ('field.vault', 'hq.vault', 'stick'):
        for path in (day.folder / place).rglob('*'):
            if not path.is_file() or path.name == 'README.TXT':
                continue
            content = path.read_bytes()
            allowed = {script['label']} if path.name == 'enrol.json' else set()
            found = [word for word in words - allowed if word.encode() in content]
            assert not found, (path, found)
    assert not list(day.folder.rglob('core*'))


@case
def taking_in_the_same_stick_again_changes_nothing(day):
    before = day.hq('records', 'list', '--json').stdout
    day.hq('receive', day.stick)
    assert day.hq('records', 'list', '--json').stdout == before


def refused(day, stick, code):
    before = day.hq('records', 'list', '--json').stdout
    done = day.hq('receive', stick, '--json', check=False)
    assert done.returncode == 1, done
    assert code in done.stdout, (code, done.stdout)
    assert done.stderr.strip(), 'a refusal says why'
    assert day.hq('records', 'list', '--json').stdout == before


def copy_of_stick(day, folder):
    stick = pathlib.Path(folder) / 'stick'
    shutil.copytree(day.stick, stick)
    return stick


def change(stick, function):
    bundle = next(iter(sorted(stick.glob('MERESTONE/TO-HQ/**/*.age'))))
    bundle.write_bytes(function(bytearray(bundle.read_bytes())))
    return bundle


@case
def a_flipped_bundle_is_refused(day):
    def flip(content):
        content[len(content) // 2] ^= 1
        return content
    with tempfile.TemporaryDirectory() as folder:
        stick = copy_of_stick(day, folder)
        change(stick, flip)
        refused(day, stick, 'E_SIGNATURE')


@case
def a_cut_bundle_is_refused(day):
    with tempfile.TemporaryDirectory() as folder:
        stick = copy_of_stick(day, folder)
        change(stick, lambda content: content[:-100])
        refused(day, stick, 'E_SIGNATURE')


@case
def a_bundle_of_a_stranger_is_refused(day):
    with tempfile.TemporaryDirectory() as folder:
        stick = copy_of_stick(day, folder)
        bundle = change(stick, lambda content: content)
        comment = bundle.with_name(bundle.name + '.minisig').read_text().splitlines()[2].removeprefix('trusted comment: ')
        make_passwordless_key(pathlib.Path(folder))
        subprocess.run(['minisign', '-SHm', bundle, '-s', pathlib.Path(folder) / 'key.sec', '-t', comment,
                        '-x', str(bundle) + '.minisig'], check=True, capture_output=True, input=b'')
        refused(day, stick, 'E_SENDER_UNKNOWN')


@case
def a_wrong_passphrase_opens_nothing(day):
    with tempfile.TemporaryDirectory() as folder:
        wrong = pathlib.Path(folder) / 'wrong'
        wrong.write_text('quite another passphrase\n')
        done = day.hq('status', passphrase=wrong, check=False)
        assert done.returncode == 1 and 'passphrase' in done.stderr.lower(), done
        assert not done.stdout


@case
def a_folder_that_cannot_be_written_says_so(day):
    with tempfile.TemporaryDirectory() as folder:
        blocked = pathlib.Path(folder) / 'file'
        blocked.write_text('')
        done = day.hq('export', '--csv', blocked / 'tables', check=False)
        assert done.returncode == 1 and done.stderr.strip(), done


@case
def a_file_that_is_no_form_is_no_instrument(day):
    with tempfile.TemporaryDirectory() as folder:
        form = pathlib.Path(folder) / 'form.xml'
        form.write_text('this is no XML')
        before = day.hq('status', '--json').stdout
        done = day.hq('pack', '--instrument', form, folder, check=False)
        assert done.returncode == 1 and done.stderr.strip(), done
        assert not (pathlib.Path(folder) / 'MERESTONE').exists()
        assert day.hq('status', '--json').stdout == before


@case
def verify_tells_what_a_bundle_is(day):
    told = json.loads(day.hq('verify', day.bundles()[0], '--json').stdout)
    assert told['kind'] == 'records' and told['verdict'] == 'sound', told


def main():
    print(f'1..{len(CASES)}', flush=True)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        day = Day(os.path.join(folder, 'day'))
        try:
            day.play()
        except subprocess.CalledProcessError as error:
            print('Bail out! the field day failed\n' + error.stdout)
            return 1
        for number, function in enumerate(CASES, 1):
            try:
                function(day)
                print(f'ok {number} - {function.__name__}', flush=True)
            except (AssertionError, KeyError, StopIteration, subprocess.CalledProcessError) as error:
                failed = True
                print(f'not ok {number} - {function.__name__}')
                print('\n'.join(f'# {line}' for line in f'{type(error).__name__}: {error}'.splitlines()), flush=True)
    return int(failed)


sys.exit(main())
