# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills a form page question by question, as a person at the keyboard does: what has the focus is answered, Enter goes on."""
import re
import xml.etree.ElementTree

from desk import until
from window import press

XF = '{http://www.w3.org/2002/xforms}'


def find_line(part):
    """What is named by the question: its line, or its cell in a table of entries."""
    if part.role in ('list item', 'table cell'):
        return part
    return part.ancestor('table cell') or part.ancestor('list item')


class Question:
    def __init__(self, ref, label, choices):
        self.ref = ref
        self.label = label
        self.choices = choices      # value → label, in their order

    def __repr__(self):
        return f'{self.ref} “{self.label}”'


class Sheet:
    """The questions of an XForm in the order of the document, with their English words."""

    def __init__(self, path):
        self.root = xml.etree.ElementTree.parse(path).getroot()
        self.words = self._read_words()
        self.questions = [self._read_question(control) for control in self.root.iter() if self._is_question(control)]

    def _read_words(self):
        translations = list(self.root.iter(XF + 'translation'))
        english = next(each for each in translations if each.get('lang', '').startswith('English'))
        return {text.get('id'): ''.join(text.find(XF + 'value').itertext()) for text in english.iter(XF + 'text')}

    @staticmethod
    def _is_question(control):
        return control.tag in {XF + name for name in ('input', 'select', 'select1', 'trigger', 'range', 'rank', 'upload')}

    def _say(self, element):
        if element is None:
            return ''
        found = re.fullmatch(r"jr:itext\('(.*)'\)", element.get('ref', ''))
        return self.words[found.group(1)] if found else ''.join(element.itertext())

    def _read_choices(self, control):
        """Value → label, in their order."""
        itemset = control.find(XF + 'itemset')
        if itemset is None:
            return {item.find(XF + 'value').text: self._say(item.find(XF + 'label')) for item in control.iter(XF + 'item')}
        name = re.match(r"instance\('(.*?)'\)", itemset.get('nodeset')).group(1)
        instance = next(each for each in self.root.iter(XF + 'instance') if each.get('id') == name)
        return {item.findtext(XF + 'name'): self.words[item.findtext(XF + 'itextId')] for item in instance.iter(XF + 'item')}

    def _read_question(self, control):
        return Question(control.get('ref'), self._say(control.find(XF + 'label')), self._read_choices(control))


def without_positions(ref):
    return re.sub(r'\[\d+\]', '', ref)


class Typist:
    """@steps: as tests/fieldday/day.json has them."""

    def __init__(self, window, sheet, steps):
        self.window = window
        self.sheet = sheet
        self.answers = {step['set']: step['value'] for step in steps if 'set' in step}
        self.to_add = [step['add'] for step in steps if 'add' in step]
        self.at = 0                 # in the sheet
        self.entry = 1              # of the repeat that is filled
        self.given = {}

    def _focus(self):
        """The question that has the focus, and the part of it that has it; (None, None) where the focus is elsewhere."""
        part = self.window.focus.node
        line = find_line(part)
        return (line, part) if line is not None and line.ancestor('list').name == 'Questions' else (None, None)

    def _identify(self, line):
        """Labels may be the same: the next one in the document that is called so."""
        for at in range(self.at, len(self.sheet.questions)):
            label = self.sheet.questions[at].label
            if line.name == label or line.name.endswith(': ' + label):      # “Tool 1: Which one?”
                self.at = at
                return self.sheet.questions[at]
        raise AssertionError(f'no question “{line.name}” after {self.sheet.questions[self.at]}')

    def _ref(self, question):
        """With the position of the entry, where day.json has one."""
        numbered = [ref for ref in self.answers if without_positions(ref) == question.ref]
        if len(numbered) > 1 or any('[' in ref for ref in numbered):
            return next((ref for ref in numbered if f'[{self.entry}]' in ref), question.ref)
        return question.ref

    def _choose(self, line, place):
        """The first ten by their digit, the others by hand."""
        if place < 10:
            self.window.keys(str((place + 1) % 10))
            return
        box = [each for each in line.walk() if each.role in ('check box', 'radio button')][place]
        while self.window.focus.node.acc != box.acc:
            self._move_focus('Tab')
        self.window.keys('space')

    def _pick(self, label):
        """From the list behind a button."""
        self._move_focus('space')
        until(lambda: self.window.focus.node.role in ('text', 'entry'), what='the list to open')
        self.window.focus.node.text = label
        self._move_focus('Return')
        until(lambda: self.window.focus.node.role == 'push button', what='the list to close')

    def _move_focus(self, key):
        moves = self.window.focus.moves
        self.window.keys(key)
        until(lambda: self.window.focus.moves > moves, what='the focus to move')

    def _answer(self, question, line, part, value):
        if part.role == 'push button':
            self._pick(question.choices[value])
        elif question.choices:
            for chosen in value.split():
                self._choose(line, list(question.choices).index(chosen))
        elif part.role in ('text', 'entry'):
            part.text = value
        else:
            self.window.keys('space')

    def _go_on(self, line, key):
        self.window.keys(key)
        return self._await_other(line)

    def _await_other(self, line):
        """Another question has the focus, or a button after the last one: within a question it moves too, and while
        lines come and go it is nowhere."""
        found = []

        def moved():
            found[:] = self._focus()
            if found[0] is None:
                return self.window.focus.node.role == 'push button' and self.window.focus.node.ancestor('list item') is None
            return found[0].acc != line.acc
        until(moved, what=f'the focus to leave “{line.name}”')
        return found

    def _stay(self, line, part):
        """Answers the question that has the focus, where there is an answer for it; returns what has it next."""
        if part.role == 'push button' and part.name.startswith('Add') and self.to_add:
            return self._add(line, part)
        return self._go_on(line, self._key_after(line, part))

    def _key_after(self, line, part):
        """Answers what is asked, then says which key goes on."""
        if part.role == 'push button' and part.name.startswith(('Add', 'Remove')):
            return 'Tab'
        question = self._identify(line)
        ref = self._ref(question)
        # Enter opens what is behind a button, and ends a line; said first: an answer may make the part anew.
        key = 'Tab' if part.role == 'push button' or 'multi-line' in part.states() else 'Return'
        if ref in self.answers and ref not in self.given:
            self._answer(question, line, part, self.answers[ref])
            self.given[ref] = self.answers[ref]
        self.at += 1
        return key

    def _add(self, line, button):
        self.entry += 1
        self.at = next(at for at, each in enumerate(self.sheet.questions) if each.ref.startswith(self.to_add[0]))
        self.to_add.pop(0)
        button.act('click')
        return self._await_other(line)

    def fill(self):
        """Returns the answers that were given, by ref."""
        until(lambda: self._focus()[0] is not None, what='a question to have the focus')
        line, part = self._focus()
        while line is not None:
            line, part = self._stay(line, part)
        return self.given
