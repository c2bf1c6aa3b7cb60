# SPDX-License-Identifier: GPL-3.0-or-later
"""Headquarters as a laptop meets it: its command, the stick between the two, and how they come to know each other."""
import json
import re
import subprocess

from window import await_words, fill, press

PASSPHRASE = 'seven wet lanterns cross the gate'


class Headquarters:
    """Calling it runs merestone-hq with these words, and returns what it prints."""

    def __init__(self, program, folder):
        self.program = program
        self.vault = folder / 'hq.vault'
        self.passphrase = folder / 'passphrase'
        self.passphrase.write_text(PASSPHRASE + '\n')
        self.stick = folder / 'stick'
        self.stick.mkdir()
        self.digits = None
        self.devices = {}           # label → name

    def __call__(self, *words):
        done = subprocess.run([self.program, '--vault', self.vault, '--passphrase-file', self.passphrase, *words, '--json'],
                              capture_output=True, text=True)
        assert done.returncode == 0, (words, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def meet(self, page, *pack, label='Laptop 1'):
        """At the laptop's page of the stick: cards there and back, and a mission pack; returns the digits that are still to
        be typed in at the laptop."""
        self.digits = self.digits or self('init', '--label', 'Headquarters')['code']
        fill(page, 'Folder of the stick', str(self.stick))
        fill(page, 'What you call this laptop', label)
        press(page, 'Write our card')
        await_words(page, 'The card of this laptop is on the stick.')
        own = next(each.name for each in page.walk() if re.fullmatch(r'(\d{5} ?){5}', each.name))
        listed = [each['device'] for each in self('enrol', 'list', str(self.stick))['devices']]
        self.devices[label] = next(each for each in listed if each not in self.devices.values())
        self('enrol', 'approve', '--code', own, '--label', label, self.devices[label], str(self.stick))
        self('pack', *pack, str(self.stick))
        return self.digits

    def answers(self, record):
        """Ref → value, of a record."""
        return {answer['ref']: answer['value'] for answer in self('records', 'show', record)['answers']}
