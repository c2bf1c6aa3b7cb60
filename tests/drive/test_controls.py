# SPDX-License-Identifier: GPL-3.0-or-later
"""A form with every control and appearance, filled at the window from outside; headquarters reads what was meant.

test_controls.py MERESTONE MERESTONE-HQ
"""
import pathlib
import subprocess
import sys
import tempfile

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi

from window import Window, await_words, fill, find, get, press, says    # brings desk into reach
from desk import until
from typist import find_line
from headquarters import PASSPHRASE, Headquarters

MERESTONE, HQ = sys.argv[1:3]
FORM = pathlib.Path(__file__).parent.parent / 'ui/forms/every-control.xml'
FIELDS = ('text', 'entry', 'spin button')
STEPS = []


def step(function):
    STEPS.append(function)
    return function


class Sheet:
    """The open form: the line that has the focus, and the keys that answer it."""

    def __init__(self, window):
        self.window = window
        self.list = get(window.root, ('list',), 'Questions')
        self.line('A line of text')

    def line(self, name):
        """Waits until the question of that name has the focus; returns the part of it that has it."""
        def arrived():
            part = self.window.focus.node
            line = find_line(part) if part is not None else None
            while line is not None and line.name != name:       # an order to be made is a list in a line
                line = line.ancestor('list item')
            return line and (line, part)
        return until(arrived, what=f'“{name}” to have the focus')

    def go(self, name, words=None):
        """By Ctrl+F: the question is found by what can be read on it."""
        self.window.keys('ctrl+f')
        field = get(self.window.root, FIELDS, 'Find in the form')
        until(lambda: 'focused' in field.states(), what='the search to be open')
        field.text = words or name
        self.window.keys('Escape')
        return self.line(name)

    def await_button(self, name):
        return until(lambda: self.window.focus.node.name == name and self.window.focus.node, what=f'“{name}” to have the focus')

    def past_button(self, name):
        self.await_button(name)
        self.next('Tab')

    def add(self, name):
        self.await_button(name)
        self.next('space')

    def next(self, key='Return'):
        self.window.keys(key)

    def write(self, name, text, key='Return'):
        line, part = self.line(name)
        assert part.role in FIELDS, (name, part.role)
        part.text = text
        until(lambda: part.text == text, what=f'“{text}” in “{name}”')
        self.next(key)

    def digits(self, name, *digits, key='Return'):
        self.line(name)
        self.window.keys(*digits)
        self.next(key)

    def pick(self, name, *labels, many=False):
        """From the list behind a button, by what it finds."""
        line, button = self.line(name)
        self.window.keys('space')
        for label in labels:
            until(lambda: self.window.focus.node.role in FIELDS, what=f'the list of “{name}” to open')
            field = self.window.focus.node
            field.text = label
            until(lambda: field.text == label, what=f'“{label}” to be searched')
            self.window.keys('Return')
        if many:
            self.window.keys('Escape')
        until(lambda: self.window.focus.node.role in ('push button', 'toggle button'), what=f'the list of “{name}” to close')
        self.next('Tab')


def await_place(node):
    """Where it is in the window, once it stays there."""
    component = node.acc.get_component_iface()
    places = []

    def stays():
        box = component.get_extents(Atspi.CoordType.WINDOW)
        places.append((box.x, box.y, box.width, box.height))
        return box.height > 0 and len(places) > 3 and len(set(places[-4:])) == 1 and places[-1]
    return until(stays, what=f'“{node.name}” to stay where it is')


def drag(node, *points):
    """With the mouse; @points within the node, in parts of its size."""
    left, top, width, height = await_place(node)
    places = [(str(round(left + width * x)), str(round(top + height * y))) for x, y in points]
    words = ['mousemove', *places[0], 'mousedown', '1']
    for place in places[1:]:
        words += ['mousemove', *place]
    subprocess.run(['xdotool', *words, 'mouseup', '1'], check=True)


class Desk:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.hq = Headquarters(HQ, self.folder)
        self.window = None
        self.sheet = None
        self.files = make_files(self.folder)        # question → path


@step
def the_form_comes_to_the_laptop(self):
    self.window = Window(MERESTONE)
    self.window.make_vault('Utopia', self.folder / 'field', PASSPHRASE)
    page = self.window.go('Stick')
    digits = self.hq.meet(page, '--title', 'Every control', '--country', 'UTO', '--instrument', str(FORM))
    fill(page, 'The digits of headquarters', digits)
    press(page, 'Confirm')
    await_words(page, 'The digits fit: this is your headquarters.')
    press(page, 'Read from stick')
    await_words(page, 'The mission “Every control” is in the vault.')


@step
def the_form_is_begun(self):
    press(self.window.go('Crossings'), 'Add a crossing')
    dialog = self.window.dialog('Add a crossing')
    fill(dialog, 'Name', 'Salt Gate')
    press(dialog, 'Add')
    until(lambda: says(self.window.frame, 'Crossing: Salt Gate · land'), what='the crossing to be chosen')
    press(self.window.go('Interviews'), 'Begin')
    self.sheet = Sheet(self.window)


@step
def texts_and_numbers_are_typed(self):
    self.sheet.write('A line of text', 'Salt Gate')
    self.sheet.write('Several lines', 'one\ntwo', key='ctrl+Return')
    self.sheet.write('Number of the booth', '12')
    self.sheet.write('Crossings in a year', '1234567')
    self.sheet.write('Width of the lane, in metres', '2,5')


@step
def days_and_hours_are_typed(self):
    self.sheet.write('Day of the visit', '24.11.2026')
    self.sheet.write('Month of the last training', '2026-11')
    self.sheet.write('Year of building', '1998')
    self.sheet.write('Begin of the shift', '1405')
    line, part = self.sheet.line('When was it seen?')
    part.text = '2026-11-24'
    get(line, FIELDS, 'Time').text = '9:30'
    self.sheet.next()


@step
def a_code_is_scanned(self):
    """A keyboard scanner is a keyboard that types fast and ends with Enter."""
    self.sheet.line('Code on the device')
    subprocess.run(['xdotool', 'key', '--delay', '5', *'4006381333931', 'Return'], check=True)


@step
def places_are_typed_in_three_ways(self):
    self.sheet.write('Place in degrees', '14.5833 -90.5211')
    self.sheet.write('Place in degrees, minutes and seconds', '14°35\'0"N 90°31\'30"W')
    line, part = self.sheet.line('Place on the grid')
    part.text = '15PYS6708213693'
    await_words(line, '14°35′00″ N 90°31′16″ W · 15P YS 67082 13693')
    self.sheet.next()


@step
def choices_are_made(self):
    self.sheet.digits('Is it open?', '1')
    self.sheet.digits('What is at the booth?', '2', '4')
    self.sheet.line('Is it lit?')
    self.window.keys('2')                                           # quick: goes on by itself
    self.sheet.pick('Which post is next?', 'Post 17')
    self.sheet.pick('Which post was first?', 'Post 23')
    self.sheet.pick('Which posts are closed?', 'Post 31', many=True)
    self.sheet.digits('How is the light?', '3')
    self.sheet.digits('Which tools are used?', '1', '5')


@step
def tables_are_filled(self):
    self.sheet.digits('The hall', '2')
    self.sheet.digits('The yard', '3')
    self.sheet.digits('The road', '4')
    self.sheet.digits('The gate', '1')


@step
def amounts_and_orders_are_set(self):
    self.sheet.digits('How heavy is the work?', '7')
    self.sheet.digits('How satisfied are they?', '4')
    self.sheet.line('Put the needs in order')
    self.window.keys('alt+Down')
    self.sheet.next()
    self.sheet.line('Read the closing words aloud')
    self.window.keys('space')
    self.sheet.next()


@step
def a_signature_and_a_sketch_are_drawn(self):
    for name, pad, file in (('Signature of the officer', 'Sign here', 'signature.png'), ('A sketch of the post', 'Draw here', 'drawing.png')):
        line, _ = self.sheet.line(name)
        paper = next(each for each in line.walk() if each.name == pad)
        drag(paper, (0.2, 0.5), (0.5, 0.2), (0.8, 0.6))
        await_words(line, file + '…')
        self.sheet.next('ctrl+Return')


@step
def files_are_chosen(self):
    """By keys: a slash in the window for files begins a path."""
    for name, path in self.files.items():
        line, _ = self.sheet.line(name)
        self.window.keys('space')
        dialog = self.window.dialog('Choose a file')
        self.window.keys('slash')
        field = until(lambda: next((each for each in dialog.walk() if each.role in FIELDS and 'focused' in each.states()), None), what='the path to be asked for')
        field.text = str(path)
        self.window.keys('Return')
        await_words(line, f'{path.stem}.…')
        self.sheet.next('ctrl+Return')


@step
def entries_are_added_and_taken_back(self):
    self.sheet.go('Booths in the hall')
    self.sheet.next('Tab')
    self.sheet.add('Add: Lane')
    self.sheet.write('Lane 1: Name of the lane', 'Buses')
    self.sheet.write('Lane 1: Width', '3.5')
    self.sheet.digits('Lane 1: Is it used?', '1', key='Tab')
    self.sheet.add('Add another: Lane')
    self.sheet.write('Lane 2: Name of the lane', 'Cars')
    press(self.sheet.list, 'Remove Lane 1')
    until(lambda: not says(self.sheet.list, 'Lane 2'), what='the second lane to be the first')
    self.window.keys('ctrl+z')
    until(lambda: says(self.sheet.list, 'Lane 2'), what='both lanes to be back')
    self.sheet.go('Lane 2: Name of the lane', 'Cars')
    self.sheet.next()
    self.sheet.write('Lane 2: Width', '4.5')
    self.sheet.digits('Lane 2: Is it used?', '2', key='Tab')
    self.sheet.past_button('Add another: Lane')
    self.sheet.add('Add: Visit')
    self.sheet.write('Visit 1: What was seen?', 'a queue\nat noon', key='ctrl+Return')
    self.sheet.write('Visit 1: How many days?', '2')


@step
def answers_are_undone_and_done_again(self):
    line, part = self.sheet.go('A line of text')
    part.text = 'Another gate'
    self.window.keys('ctrl+z')
    until(lambda: part.text == 'Salt Gate', what='the answer before')
    self.window.keys('ctrl+shift+z')
    until(lambda: part.text == 'Another gate', what='the answer again')
    self.window.keys('ctrl+z')
    until(lambda: part.text == 'Salt Gate', what='the answer before')


@step
def a_question_is_commented(self):
    self.sheet.go('Is it open?')
    self.window.keys('ctrl+m')
    part = until(lambda: self.window.focus.node.role in FIELDS and self.window.focus.node, what='the comment to have the focus')
    part.text = 'Closed at night'
    until(lambda: part.text == 'Closed at night', what='the comment')


@step
def what_is_missing_and_what_is_wrong_is_led_to(self):
    self.sheet.go('Booths in the hall')
    line, part = self.sheet.line('Booths in the hall')
    part.text = '11'
    await_words(line, 'At most ten.')
    self.sheet.go('A line of text')
    self.window.keys('F8')
    self.sheet.line('Name of the post')
    self.sheet.go('A line of text')
    self.window.keys('shift+F8')
    line, part = self.sheet.line('Booths in the hall')

    press(self.window.root, 'Finalise')
    self.sheet.line('Name of the post')
    press(self.window.root, 'Booths in the hall – At most ten.')       # the links to what keeps it from being finalised
    line, part = self.sheet.line('Booths in the hall')
    part.text = '4'
    press(self.window.root, 'Name of the post – A post has a name.')
    self.sheet.write('Name of the post', 'North')


@step
def the_record_is_finalised_and_sent(self):
    press(self.window.root, 'Finalise')
    await_words(self.window.root, 'Finalised. It goes with the next bundle.')
    page = self.window.go('Stick')
    press(page, 'Write to stick')
    await_words(page, 'Written and read back: 1 record in 1 bundle…')
    self.hq('receive', str(self.hq.stick))


@step
def headquarters_reads_what_was_meant(self):
    record = self.hq('records', 'list')['records'][0]['id']
    shown = self.hq.answers(record)
    wrong = {ref: (value, shown.get('/data/' + ref)) for ref, value in MEANT.items() if not fits(value, shown.get('/data/' + ref, ''))}
    assert not wrong, wrong


def fits(meant, value):
    """What ends with “…” begins so."""
    return value.startswith(meant[:-1]) if meant.endswith('…') else value == meant


MEANT = {
    'line': 'Salt Gate', 'several': 'one\ntwo', 'digits': '12', 'crossings': '1234567', 'width': '2.5',
    'day': '2026-11-24', 'month': '2026-11-01', 'year': '1998-01-01', 'hour': '14:05:00.000…', 'moment': '2026-11-24T09:30:00.000…',
    'code': '4006381333931', 'degrees': '14.5833 -90.5211…', 'dms': '14.5833333 -90.525…', 'grid': '14.5833012 -90.5211009…',
    'one': 'yes', 'many': 'lamp reader', 'quick': 'no', 'minimal': 'post-17', 'searched': 'post-23', 'some': 'post-31',
    'likert': 'good', 'columns': 'scanner camera', 'table/table_hall': 'fair', 'table/table_yard': 'good',
    'list/list_road': 'best', 'list/list_gate': 'bad', 'range': '7', 'rating': '4', 'rank': 'lamp scanner glass', 'trigger': 'OK',
    'signature': 'signature…', 'drawing': 'drawing…', 'image': 'booth.…', 'audio': 'talk.wav', 'video': 'way.mp4', 'file': 'plan.pdf',
    'must': 'North', 'booths': '4', 'lane[1]/lane_name': 'Buses', 'lane[1]/lane_width': '3.5', 'lane[1]/lane_open': 'yes', 'lane[2]/lane_name': 'Cars', 'lane[2]/lane_width': '4.5', 'lane[2]/lane_open': 'no',
    'visit[1]/visit_notes': 'a queue\nat noon', 'visit[1]/visit_days': '2',
}


def make_files(folder):
    """Files to attach: a picture of one pixel, and files whose content is not looked at."""
    picture = folder / 'booth.pgm'
    picture.write_bytes(b'P5 1 1 255 \x80')
    files = {'A picture of the booth': picture, 'A recording': folder / 'talk.wav', 'A film': folder / 'way.mp4', 'A file': folder / 'plan.pdf'}
    for path in files.values():
        if path != picture:
            path.write_bytes(path.name.encode())
    return files


def main():
    print(f'1..{len(STEPS)}')
    with tempfile.TemporaryDirectory() as folder:
        run = Desk(folder)
        try:
            for number, function in enumerate(STEPS, 1):
                function(run)
                print(f'ok {number} - {function.__name__.replace("_", " ")}', flush=True)
        finally:
            if run.window is not None and run.window.program.process.poll() is None:
                run.window.kill()


main()
