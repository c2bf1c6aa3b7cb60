#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes small forms by chance: nested groups and repeats, with every kind of expression that looks at what stands before.

random_form.py SEED…    prints the form of each seed

What tests/corpus/odk-differences.md names is not made: actions at calculated nodes, actions of a repeat's instances when
something changes, answers that no choice has, counts of what loading itself changes, sums of nothing, positions among the
children of several parents, relevance that asks for the node's own value (as `once()` does).
"""
import random
import re
import sys
from xml.sax.saxutils import escape, quoteattr

TYPES = {'string': ['a', 'b', ' x ', '12'], 'int': ['1', '5', '07', 'x', '2.7'], 'decimal': ['1.5', '2', '0.10'],
         'date': ['2024-02-29', '2020-01-01', 'zz'], 'select1': ['a', 'b', 'c'], 'select': ['b', 'a b', 'c a']}
MOST_REPEATS = 3
DEEPEST = 3

# What an expression of a kind may be made of; words in braces are filled in.
MADE = {
    'number': ['({number} + {number})', '({number} - {number})', '({number} * {number})', '({number} div {number})', '({number} mod {number})',
               'round({number})', 'round({number}, 1)', 'int({number})', 'number({text})', 'abs({number})', 'pow({number}, 2)', 'floor({number})',
               'ceiling({number})', 'string-length({text})', 'count-selected({text})', 'coalesce({number}, {number})',
               'if({truth}, {number}, {number})', 'min({number}, {number})', 'max({number}, {number})', 'decimal-date-time({date})',
               'count({repeat})', 'count-non-empty({many})', '{sum}', 'min({many})', 'max({many})', '{place}'],
    'text': ['concat({text}, {text})', 'concat({many})', 'join(",", {many})', 'if({truth}, {text}, {text})', 'coalesce({text}, {text})',
             'substr({text}, 0, 2)', 'substr({text}, 1)', 'substring({text}, 2, 2)', 'string({number})', 'string({truth})', 'once({text})',
             'normalize-space({text})', 'translate({text}, "ab", "x")', 'selected-at({text}, 0)', 'substring-before({text}, "b")',
             'substring-after({text}, " ")', 'format-date({date}, "%Y/%m/%d")', '{many}'],
    'truth': ['{number} = {number}', '{number} < {number}', '{number} >= {number}', '{text} = {text}', '{text} != {text}', '{date} < {date}',
              '{date} >= {date}', '({truth}) and ({truth})', '({truth}) or ({truth})', 'not({truth})', 'selected({text}, "a")',
              'contains({text}, "a")', 'starts-with({text}, "a")', 'ends-with({text}, "b")', 'regex({text}, "^[a-z]+$")', 'boolean({text})',
              'boolean-from-string({text})', '{many} = {text}', '{many} > {number}', '{many} != {text}'],
}
PLAIN = {'number': ['0', '1', '2', '3', '10', '2.5', '100', '-1'], 'text': ["'a'", "'b'", "''", "'yes'", "'12'", "' x '", "'2024-02-29'"],
         'truth': ['true()', 'false()'], 'date': ["'2024-02-29'", "date('2020-01-31')", 'date(18000)']}


class Place:
    """A node of the form: data, a group, a repeat or a question."""

    def __init__(self, name, kind, parent):
        self.name, self.kind, self.parent, self.children = name, kind, parent, []
        self.path = (parent.path if parent else '') + '/' + name
        self.type = self.default = None
        self.calculated = self.hides = False
        self.instances = 1

    def lineage(self):
        return [self] + (self.parent.lineage() if self.parent else [])

    def repeats(self):
        return [place for place in self.lineage() if place.kind == 'repeat']

    def way_to(self, other):
        above = other.lineage()
        for up, place in enumerate(self.lineage()):
            if place in above:
                down = [step.name for step in reversed(above[:above.index(place)])]
                return '/'.join(['..'] * up + down) or '.'

    def first_question(self):
        return self if self.kind == 'question' else next((found for found in (child.first_question() for child in self.children) if found), None)


class RandomForm:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.questions, self.repeats, self.n = [], [], 0
        self.root = Place('data', 'group', None)
        self.fill(self.root, 0)
        while len(self.questions) < 5:
            self.add_question(self.root)

    def likely(self, share):
        return self.chance.random() < share

    def add(self, kind, parent):
        self.n += 1
        place = Place(f'{kind[0]}{self.n}', kind, parent)
        parent.children.append(place)
        return place

    def add_question(self, parent):
        question = self.add('question', parent)
        question.type = self.chance.choice(list(TYPES))
        question.default = self.chance.choice(TYPES[question.type]) if self.likely(.25) else ''
        self.questions.append(question)

    def fill(self, parent, depth):
        for _ in range(self.chance.randint(2, 5)):
            kind = 'question' if depth >= DEEPEST else self.chance.choices(['question', 'group', 'repeat'], [6, 2, 2])[0]
            if kind == 'question' or (kind == 'repeat' and len(self.repeats) >= MOST_REPEATS):
                self.add_question(parent)
                continue
            place = self.add(kind, parent)
            if kind == 'repeat':
                place.instances = self.chance.choice([1, 1, 1, 2, 3])
                self.repeats.append(place)
            self.fill(place, depth + 1)

    # Expressions at @at, which look at the questions before the @before-th.

    def single(self, at, question):
        """A path to one node, or None where it would be several."""
        if any(repeat not in at.repeats() for repeat in question.repeats()):
            return None
        return question.path if not question.repeats() and self.likely(.5) else at.way_to(question)

    def singles(self, at, before, kind):
        paths = [self.single(at, question) for question in self.questions[:before] if kind != 'date' or question.type == 'date']
        return [path for path in paths if path]

    def repeat(self, at, repeat):
        return f'{at.way_to(repeat.parent)}/{repeat.name}'

    def many(self, at, before):
        inside = [question for question in self.questions[:before] if question.repeats()]
        if not inside:
            return self.chance.choice(self.singles(at, before, 'text') or ["''"])
        question = self.chance.choice(inside)
        repeat = question.repeats()[0]
        tail = repeat.way_to(question)
        filters = [f"[{tail} != '']", f'[{tail} > 1]']
        if all(outer in at.repeats() for outer in repeat.parent.repeats()):
            filters += ['[position() = 1]', '[2]', '[position() < 3]']
        which = self.chance.choice(filters) if self.likely(.4) else ''
        return f'{self.repeat(at, repeat)}{which}/{tail}'

    def sum(self, at, before):
        many = self.many(at, before)
        return '0' if many == "''" else f'if(count({many}) > 0, sum({many}), -1)'

    def place(self, at):
        return f'position({at.way_to(at.repeats()[0])})' if at.repeats() and at.kind == 'question' else '1'

    def expression(self, kind, at, before, depth=0):
        paths = [] if kind == 'truth' else self.singles(at, before, kind)
        if paths and self.likely(.5):
            return self.chance.choice(paths)
        if depth > 2 or kind not in MADE or self.likely(.2):
            return self.chance.choice(PLAIN[kind])

        def fill(word):
            if word[1] in ('many', 'sum'):
                return getattr(self, word[1])(at, before)
            if word[1] == 'repeat':
                return self.repeat(at, self.chance.choice(self.repeats)) if self.repeats else '0'
            return self.place(at) if word[1] == 'place' else self.expression(word[1], at, before, depth + 1)
        made = self.chance.choice(MADE[kind])
        return re.sub(r'\{(\w+)\}', fill, '1' if 'count({repeat})' in made and not self.repeats else made)

    def relevance(self, at, before):
        return self.expression('truth', at, before).replace('once(', 'string(')

    # The form's parts

    def bind(self, i, question):
        parts = {'nodeset': question.path, 'type': 'string' if question.type.startswith('select') else question.type}
        if i > 0 and self.likely(.3):
            question.hides = True
            parts['relevant'] = self.relevance(question, i)
        if i > 0 and self.likely(.35):
            question.calculated = True
            parts['calculate'] = self.expression(self.chance.choice(['number', 'text', 'truth']), question, i)
        if i > 0 and self.likely(.25):
            parts['required'] = self.expression('truth', question, i)
        if i > 0 and self.likely(.2):
            parts['readonly'] = self.expression('truth', question, i)
        if self.likely(.25):
            parts['constraint'] = self.chance.choice(['. > 1', ". != 'a'", 'string-length(.) < 3'])
            if i > 0 and self.likely(.5):
                parts['constraint'] += ' or ' + self.expression('truth', question, i)
        return parts

    def binds(self):
        order = {question: i for i, question in enumerate(self.questions)}
        yield from (self.bind(i, question) for question, i in order.items())
        above = {place for question in self.questions for place in question.lineage()[1:-1]}
        for place in sorted(above, key=lambda place: place.path):
            before = order[place.first_question()]
            if before > 0 and self.likely(.3):
                place.hides = True
                yield {'nodeset': place.path, 'relevant': self.relevance(place, before)}

    def instance(self, place):
        content = escape(place.default) if place.kind == 'question' else ''.join(map(self.instance, place.children))
        return f'<{place.name}>{content}</{place.name}>' * place.instances

    def action(self, i, question):
        later = [other for other in self.questions[i + 1:] if not other.repeats() and not other.calculated and not other.type.startswith('select')]
        if question.repeats() or not later or not self.likely(.15):
            return ''
        target = self.chance.choice(later)
        return f'<setvalue event="xforms-value-changed" ref="{target.path}" value={quoteattr(self.expression("text", target, i))}/>'

    def control(self, question):
        i = self.questions.index(question)
        output = f' <output value={quoteattr(self.expression("text", question, i))}/>' if i and self.likely(.3) else ''
        inside = f'<label>{question.name}{output}</label>'
        tag = question.type if question.type.startswith('select') else 'input'
        if tag != 'input' and self.likely(.4):
            left_out = self.chance.choice('dez' if question.default else 'abz')
            inside += f"""<itemset nodeset="instance('i')/root/item[n != '{left_out}']"><value ref="n"/><label ref="l"/></itemset>"""
        elif tag != 'input':
            inside += ''.join(f'<item><label>{name.upper()}</label><value>{name}</value></item>' for name in 'abc')
        return f'<{tag} ref="{question.path}">{inside}{self.action(i, question)}</{tag}>'

    def count(self, repeat):
        first = self.questions.index(repeat.first_question())
        counts = [question for question in self.questions[:first] if question.type == 'int' and not question.repeats() and
                  not question.calculated and not any(place.hides for place in question.lineage())]
        return f' jr:count="{self.chance.choice(counts).path} mod 4"' if counts and self.likely(.25) else ''

    def body(self, place):
        if place.kind == 'question':
            return self.control(place)
        inside = ''.join(map(self.body, place.children))
        if place.kind == 'repeat':
            free = [child for child in place.children if child.type in ('string', 'int') and not child.calculated]
            new = f'<setvalue event="odk-new-repeat" ref="{self.chance.choice(free).path}" value="position(..)"/>' if free and self.likely(.3) else ''
            inside = f'<repeat nodeset="{place.path}"{self.count(place)}>{new}{inside}</repeat>'
        return f'<group ref="{place.path}"><label>{place.name}</label>{inside}</group>'

    def xml(self):
        binds = '\n'.join('<bind ' + ' '.join(f'{name}={quoteattr(value)}' for name, value in parts.items()) + '/>' for parts in self.binds())
        items = ''.join(f'<item><n>{name}</n><l>{name.upper()}!</l></item>' for name in 'abcde')
        data = ''.join(map(self.instance, self.root.children))
        return ('<?xml version="1.0"?>\n<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
                'xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"><h:head><h:title>t</h:title>'
                f'<model odk:xforms-version="1.0.0">\n<instance><data id="t">{data}<meta><instanceID/></meta></data></instance>\n'
                f'<instance id="i"><root>{items}</root></instance>\n{binds}\n</model></h:head><h:body>\n'
                + '\n'.join(map(self.body, self.root.children)) + '\n</h:body></h:html>\n')


if __name__ == '__main__':
    for number in sys.argv[1:]:
        print(RandomForm(int(number)).xml())
