# SPDX-License-Identifier: GPL-3.0-or-later
"""The assessor's day at the window, from outside, by the names that a screen reader says and by real keys; headquarters by
its command.

test_day.py MERESTONE MERESTONE-HQ
"""
import json
import pathlib
import sys
import tempfile

from window import Window, await_words, fill, find, press, says     # brings desk into reach
from desk import until
from headquarters import PASSPHRASE, Headquarters
from typist import Sheet, Typist, without_positions

MERESTONE, HQ = sys.argv[1:3]
HOUSE = pathlib.Path(__file__).parent.parent.parent
SCRIPT = json.loads((HOUSE / 'tests/fieldday/day.json').read_text())
CROSSING = 'Salt Gate'
OUTCOMES = ('released', 'second-line', 'refused', 'released', 'released')
STEPS = []


def step(function):
    STEPS.append(function)
    return function


class Day:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.hq = Headquarters(HQ, self.folder)
        self.stick = self.hq.stick
        self.vault = self.folder / 'field' / 'Utopia.vault'
        self.window = None
        self.typed = {}             # form → answers by ref

    def records(self):
        return {record['form']: record['id'] for record in self.hq('records', 'list')['records']}

    def answers(self, form):
        return {ref.replace('[1]', ''): value for ref, value in self.hq.answers(self.records()[form]).items()}

    def fill_form(self, form, steps):
        until(lambda: find(self.window.root, ('list',), 'Questions'), what='the form')
        sheet = Sheet(HOUSE / f'schemas/instruments/{form}.xml')
        self.typed[form] = Typist(self.window, sheet, steps).fill()
        missing = {each['set'] for each in steps if 'set' in each} - set(self.typed[form])
        assert not missing, missing

    def look_as_a_thief(self):
        """Whether anything that was typed, or what it belongs to, stands in a file as it is."""
        words = {value for typed in self.typed.values() for value in typed.values() if len(value) >= 8 and not value[:4].isdigit()}
        words |= {CROSSING, SCRIPT['mission']['title'], 'Passenger processing', 'officer-interview'}
        for path in (path for place in (self.vault, self.stick) for path in place.rglob('*')):
            content = path.read_bytes() if path.is_file() and path.name != 'README.TXT' else b''
            found = [word for word in words if word.encode() in content]
            assert not found, (path, found)
        assert not list(self.folder.rglob('core*'))

    def restart(self):
        """As after a fall of the power, with a thief beside it."""
        self.window.kill()
        assert (self.vault / 'vault.db-wal').stat().st_size > 0
        self.look_as_a_thief()
        self.window = Window(MERESTONE, str(self.vault))
        self.window.unlock(PASSPHRASE)


@step
def a_vault_is_made(day):
    day.window = Window(MERESTONE)
    day.window.make_vault('Utopia', day.vault.parent, PASSPHRASE)
    assert (day.vault / 'keys.json').exists()


@step
def the_laptop_and_headquarters_come_to_know_each_other(day):
    page = day.window.go('Stick')
    crossings = HOUSE / 'tests/fieldday/crossings.csv'
    digits = day.hq.meet(page, '--title', SCRIPT['mission']['title'], '--country', 'UTO', '--crossings', str(crossings))

    fill(page, 'The digits of headquarters', ('1' if digits[0] == '0' else '0') + digits[1:])
    assert 'sensitive' not in next(each for each in page.walk() if each.name == 'Confirm').states()
    fill(page, 'The digits of headquarters', digits)
    press(page, 'Confirm')
    await_words(page, 'The digits fit: this is your headquarters.')


@step
def the_mission_pack_is_read(day):
    page = day.window.go('Stick')
    press(page, 'Read from stick')
    await_words(page, f'The mission “{SCRIPT["mission"]["title"]}” is in the vault.')
    await_words(day.window.go('Interviews'), 'Interview: first-line officer')


@step
def a_crossing_is_added(day):
    press(day.window.go('Crossings'), 'Add')
    dialog = day.window.dialog('Add a crossing')
    fill(dialog, 'Name', CROSSING)
    press(dialog, 'Add')
    await_words(day.window.frame, f'Crossing: {CROSSING} · land')


@step
def an_interview_is_held(day):
    press(day.window.go('Interviews'), 'Begin')
    day.fill_form('officer-interview', SCRIPT['interview']['steps'])
    press(day.window.root, 'Finalise')
    await_words(day.window.root, 'Finalised. It goes with the next bundle.')


@step
def five_passengers_are_timed(day):
    press(day.window.go('Observe'), 'Begin')
    by_itself = {'/data/study/crossing', '/data/study/date'}       # the form knows where and when it is
    day.fill_form('passenger-processing', [each for each in SCRIPT['observation']['steps'] if each['set'] not in by_itself])
    press(day.window.root, 'Start timing')
    watch = day.window.page('Time study')
    until(lambda: 'focused' in watch.states(), what='the watch to be shown')

    for number, outcome in enumerate(OUTCOMES, 1):
        for key in ('space', 'space', {'released': 'space', 'second-line': 'f', 'refused': 'j'}[outcome]):
            day.window.keys(key)
        await_words(watch, 'Nobody at the booth, next:')
        await_words(watch, f'Passengers decided: {number}')

    day.window.keys('space')
    await_words(watch, 'Passenger 6, next:')
    day.window.keys('BackSpace')
    await_words(watch, 'Nobody at the booth, next:')
    await_words(watch, 'not enough data: 5 of 6')


@step
def what_was_shown_survives_a_fall_of_the_power(day):
    day.restart()
    press(day.window.go('Observe'), 'Continue')
    watch = day.window.page('Time study')
    await_words(watch, 'Nobody at the booth, next:')
    await_words(watch, 'not enough data: 5 of 6')


@step
def the_study_is_finalised(day):
    press(day.window.page('Time study'), 'End the study')
    press(day.window.root, 'Finalise')
    await_words(day.window.root, 'Finalised. It goes with the next bundle.')


@step
def the_bundle_is_written_to_the_stick(day):
    page = day.window.go('Stick')
    press(page, 'Write to stick')
    await_words(page, 'Written and read back: 2 records in 1 bundle…')


@step
def headquarters_has_exactly_what_was_typed(day):
    day.hq('receive', str(day.stick))
    for form, typed in day.typed.items():
        shown = day.answers(form)
        for ref, value in typed.items():
            assert shown[ref.replace('[1]', '')].split() == value.split() or \
                sorted(shown[ref.replace('[1]', '')].split()) == sorted(value.split()), (form, ref, shown.get(ref), value)


@step
def headquarters_has_five_passengers(day):
    outcomes = [value for ref, value in day.answers('passenger-processing').items()
                if without_positions(ref) == '/data/passenger/outcome']
    assert outcomes == list(OUTCOMES), outcomes


@step
def the_receipt_makes_the_records_acknowledged(day):
    page = day.window.go('Stick')
    press(page, 'Read from stick')
    await_words(page, 'Headquarters now has 2 records more.')
    page = day.window.go('Records')
    until(lambda: sum(each.name == 'Acknowledged' for each in page.walk()) == 2, what='two acknowledged records')


@step
def locked_it_shows_nothing(day):
    day.window.keys('ctrl+l')
    until(lambda: not says(day.window.root, 'Today'), what='the desk to be gone')
    assert not says(day.window.root, CROSSING)
    day.window.close()


@step
def a_thief_reads_nothing(day):
    day.look_as_a_thief()


def main():
    print(f'1..{len(STEPS)}')
    with tempfile.TemporaryDirectory() as folder:
        day = Day(folder)
        try:
            for number, function in enumerate(STEPS, 1):
                function(day)
                print(f'ok {number} - {function.__name__.replace("_", " ")}', flush=True)
        finally:
            if day.window is not None and day.window.program.process.poll() is None:
                day.window.kill()


main()
