# SPDX-License-Identifier: GPL-3.0-or-later
"""The window of Merestone from outside, by the names that a screen reader says."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
import desk
from desk import until

EDITABLE = ('text', 'password text', 'entry')


def find(node, roles, name):
    return next((each for each in node.walk() if each.role in roles and each.name == name), None)


def get(node, roles, name):
    return until(lambda: find(node, roles, name), what=f'{roles} “{name}”')


def says(node, words):
    """Whether something on it reads so, or begins so where the words end with “…”."""
    if words.endswith('…'):
        return any(each.name.startswith(words[:-1]) for each in node.walk())
    return any(each.name == words for each in node.walk())


def await_words(node, words):
    until(lambda: says(node, words), what=f'“{words}”')


def fill(node, name, text):
    field = get(node, EDITABLE, name)
    field.text = text
    if field.role != 'password text':
        until(lambda: field.text == text, what=f'“{text}” in “{name}”')


def press(node, name):
    """Presses a button once it can be pressed. GTK answers before it has happened: wait for what it does."""
    button = get(node, ('push button',), name)
    until(lambda: 'sensitive' in button.states(), what=f'“{name}” to be ready')
    button.act('click')


class Window:
    def __init__(self, program, *arguments):
        self.program = desk.Program(program, *arguments)
        self.root = self.program.__enter__()

    @property
    def frame(self):
        """The window itself, without dialogs: GTK 4.8 may fall over a question about one that is just closing."""
        return until(lambda: self._find_window('Merestone'), what='the window')

    @property
    def focus(self):
        return self.program.focus

    def close(self):
        """Ctrl+Q: locks and ends."""
        self.keys('ctrl+q')
        self.program.process.wait(desk.PATIENCE)

    def kill(self):
        self.program.process.kill()
        self.program.process.wait(desk.PATIENCE)

    def page(self, name):
        """What has that name as a whole: a page, the desk's place."""
        return until(lambda: find(self.root, ('filler', 'frame', 'dialog', 'window'), name), what=f'the page “{name}”')

    def dialog(self, name):
        return until(lambda: self._find_window(name), what=f'the window “{name}”')

    def _find_window(self, name):
        windows = (self.root.acc.get_child_at_index(i) for i in range(self.root.acc.get_child_count()))
        return next((desk.Node(each) for each in windows if each is not None and each.get_name() == name), None)

    def keys(self, *names):
        """Real keys, to the uppermost window; without a window manager nobody else gives it the focus. Windows have a
        title; tooltips and popovers are surfaces without one, and a key that is sent to a tooltip is lost."""
        shown = subprocess.run(['xdotool', 'search', '--all', '--onlyvisible', '--pid', str(self.program.process.pid), '--name', '.'],
                               check=True, capture_output=True, text=True).stdout.split()
        subprocess.run(['xdotool', 'windowfocus', '--sync', shown[-1]], check=True, capture_output=True)
        desk.keys(*names)

    def make_vault(self, name, folder, passphrase):
        press(self.page('Welcome'), 'Make a vault')
        page = self.page('Make a vault')
        until(lambda: 'focused' in get(page, EDITABLE, 'Name').states(), what='the page to be shown')
        fill(page, 'Name', name)
        fill(page, 'Folder', str(folder))
        fill(page, 'Passphrase', passphrase)
        fill(page, 'Passphrase again', passphrase)
        press(page, 'Make the vault')
        self.await_desk()

    def unlock(self, passphrase):
        page = self.page('Unlock')
        fill(page, 'Passphrase', passphrase)
        press(page, 'Unlock')
        self.await_desk()

    def await_desk(self):
        self.page('Today')

    def go(self, place):
        """By its key: Ctrl+1 … Ctrl+8, in the order of the side bar."""
        places = ('Today', 'Crossings', 'Observe', 'Checks', 'Interviews', 'Coverage', 'Records', 'Stick')
        self.keys(f'ctrl+{places.index(place) + 1}')
        page = self.page(place)
        until(lambda: any('focused' in each.states() for each in page.walk()), what=f'“{place}” to be shown')
        return page
