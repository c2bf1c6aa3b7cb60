# SPDX-License-Identifier: GPL-3.0-or-later
"""The evening in the hotel room, from outside: two laptops and a stick show the leader what the team has covered, and a colleague's
record to read; headquarters still gets each record once.

test_team.py MERESTONE MERESTONE-HQ
"""
import json
import pathlib
import sys
import tempfile

from window import Window, await_words, fill, find, press, says     # brings desk into reach
from desk import until
from headquarters import PASSPHRASE, Headquarters
from typist import Sheet, Typist

MERESTONE, HQ = sys.argv[1:3]
HOUSE = pathlib.Path(__file__).parent.parent.parent
SCRIPT = json.loads((HOUSE / 'tests/fieldday/day.json').read_text())
LEADER, MEMBER = 'Laptop 1', 'Laptop 2'
STEPS = []


def step(function):
    STEPS.append(function)
    return function


class Team:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.hq = Headquarters(HQ, self.folder)
        self.window = None
        self.typed = {}

    def vault(self, label):
        return self.folder / label / 'Utopia.vault'

    def open(self, label):
        self.window.close()
        self.window = Window(MERESTONE, str(self.vault(label)))
        self.window.unlock(PASSPHRASE)

    def join(self, label, *pack):
        """A new laptop that headquarters knows, and that has read its pack."""
        self.window = Window(MERESTONE)
        self.window.make_vault('Utopia', self.vault(label).parent, PASSPHRASE)
        page = self.window.go('Stick')
        digits = self.hq.meet(page, *pack, label=label)
        fill(page, 'The digits of headquarters', digits)
        press(page, 'Confirm')
        await_words(page, 'The digits fit: this is your headquarters.')

    def read(self, words):
        page = self.window.go('Stick')
        press(page, 'Read from stick')
        await_words(page, words)

    def find_button(self, page, words):
        return until(lambda: next((each for each in page.walk() if each.role == 'push button' and each.name.startswith(words)), None),
                     what=f'a button “{words}…”')


@step
def two_laptops_join_and_one_leads(team):
    crossings = HOUSE / 'tests/fieldday/crossings.csv'
    team.join(LEADER, '--title', SCRIPT['mission']['title'], '--country', 'UTO', '--crossings', str(crossings))
    team.read(f'The mission “{SCRIPT["mission"]["title"]}” is in the vault.')
    team.window.close()
    team.join(MEMBER)
    team.hq('enrol', 'team', team.hq.devices[LEADER], team.hq.devices[MEMBER])
    team.hq('pack', str(team.hq.stick))
    team.read(f'The mission “{SCRIPT["mission"]["title"]}” is in the vault.')


@step
def the_member_holds_an_interview_and_writes_the_stick(team):
    press(team.window.go('Interviews'), 'Begin')
    until(lambda: find(team.window.root, ('list',), 'Questions'), what='the form')
    sheet = Sheet(HOUSE / 'schemas/instruments/officer-interview.xml')
    team.typed = Typist(team.window, sheet, SCRIPT['interview']['steps']).fill()
    press(team.window.root, 'Finalise')
    await_words(team.window.root, 'Finalised. It goes with the next bundle.')
    page = team.window.go('Stick')
    press(page, 'Write to stick')
    await_words(page, 'Written and read back: 1 record in 1 bundle…')


@step
def before_the_stick_the_leader_sees_nothing_covered(team):
    team.open(LEADER)
    page = team.window.go('Coverage')
    assert 'nothing yet' in team.find_button(page, 'A1 ').name


@step
def with_the_stick_the_leader_sees_what_the_team_has(team):
    page = team.window.go('Stick')
    press(page, 'Read from stick')                      # the pack that makes a leader of it comes with the same stick
    until(lambda: any('1 record of the team was read' in each.name for each in page.walk()), what='the record of the team')
    page = team.window.go('Coverage')
    await_words(page, 'Records of this laptop, and of 1 laptop that you lead…')
    until(lambda: any(each.role == 'push button' and each.name.startswith('A1 ') and 'questions' in each.name for each in page.walk()),
          what='A1 to be begun')


@step
def the_item_says_who_did_what_and_what_is_missing(team):
    button = next(each for each in team.window.page('Coverage').walk()
                  if each.role == 'push button' and each.name.startswith('A1 ') and 'questions' in each.name)
    button.act('click')
    page = team.window.page('Item')
    await_words(page, 'Still missing')
    await_words(page, f'{MEMBER} · …')


@step
def a_colleagues_record_opens_to_read(team):
    press(team.window.page('Item'), 'Open')
    page = team.window.page('Record')
    await_words(page, f'A record of {MEMBER}, to read. Headquarters gets it from there, not from this laptop.')
    assert not find(page, ('push button',), 'Edit as a new version')
    words = max((value for value in team.typed.values() if ' ' in value and not value[0].isdigit()), key=len)
    assert says(page, words), words
    team.window.keys('alt+Left')
    team.window.page('Item')
    team.window.keys('alt+Left')
    team.window.page('Coverage')


@step
def the_records_of_colleagues_are_a_list_of_their_own(team):
    page = team.window.go('Records')
    assert not says(page, MEMBER)
    assert find(page, ('combo box',), 'Which records')


@step
def headquarters_has_the_record_once_from_whoever_made_it(team):
    page = team.window.go('Stick')
    press(page, 'Write to stick')
    until(lambda: find(page, ('push button',), 'Write to stick'), what='the stick to be written')
    team.hq('receive', str(team.hq.stick))
    team.hq('receive', str(team.hq.stick))
    records = team.hq('records', 'list')['records']
    assert [each['device'] for each in records] == [team.hq.devices[MEMBER]], records


@step
def erasing_takes_what_is_of_the_colleague(team):
    page = team.window.go('Stick')
    press(page, 'Erase what headquarters has…')
    await_words(team.window.root, '1 record of colleagues is removed from this laptop; theirs has it.')
    # A response of a dialog says its label twice.
    until(lambda: next((each for each in team.window.root.walk() if each.role == 'push button' and set(each.name.split()) == {'Erase'}), None),
          what='the button “Erase”').act('click')
    until(lambda: any('1 record of colleagues was removed from this laptop.' in each.name for each in page.walk()), what='the result')
    page = team.window.go('Coverage')
    button = until(lambda: next((each for each in page.walk() if each.role == 'push button' and each.name.startswith('A1 ') and each.name.endswith('1 record')), None),
                   what='A1 to be evidence without answers')
    button.act('click')
    await_words(team.window.page('Item'), f'{MEMBER} · …')
    assert not find(team.window.page('Item'), ('push button',), 'Open')
    team.window.close()


def main():
    print(f'1..{len(STEPS)}')
    with tempfile.TemporaryDirectory() as folder:
        team = Team(folder)
        try:
            for number, function in enumerate(STEPS, 1):
                function(team)
                print(f'ok {number} - {function.__name__.replace("_", " ")}', flush=True)
        finally:
            if team.window is not None and team.window.program.process.poll() is None:
                team.window.kill()


main()
