#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes large forms, and steps that answer them, for benches.

generate-form.py questions N FOLDER    skip logic, calculation chains, constraints, three languages
generate-form.py repeat N M FOLDER     a repeat of N instances with M questions each
generate-form.py cascade N FOLDER      three selects, the last over N choices that the others narrow down

Writes FOLDER/form.xml and FOLDER/steps.json.
"""
import json
import os
import random
import sys

HEAD = ('<?xml version="1.0"?>\n<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"><h:head><h:title>{title}</h:title><model>')
META = '<meta><orx:instanceID/></meta>'
LANGUAGES = {'English (en)': 'Question', 'Français (fr)': 'Question', 'العربية (ar)': 'سؤال'}


def path(i):
    return f'/data/s{i // 20}/q{i}'


def bind(i):
    """Ten kinds of question in turn; each looks at some of those before it."""
    p = path(i)
    before = [path(i - k) if i >= k else path(i) for k in range(8)]
    return {
        0: f'<bind nodeset="{p}" type="int" constraint=". &gt;= 0 and . &lt; 500"/>',
        1: f'<bind nodeset="{p}" type="int" required="true()"/>',
        2: f'<bind nodeset="{p}" type="int"/>',
        3: f'<bind nodeset="{p}" type="string" relevant="{before[1]} &gt; 12"/>',
        4: f'<bind nodeset="{p}" type="string" required="{before[1]} != \'\'"/>',
        5: f'<bind nodeset="{p}" type="int" readonly="true()" calculate="{before[3]} + {before[5]}"/>',
        6: f'<bind nodeset="{p}" type="int" readonly="true()" calculate="if({before[1]} &gt; 9, {before[1]} * 2, coalesce({before[7]}, 0))"/>',
        7: f'<bind nodeset="{p}" type="string" relevant="{before[1]} &gt; 3 or {before[3]} = \'a\'"/>',
        8: f'<bind nodeset="{p}" type="date" relevant="selected({before[1]}, \'b\')"/>',
        9: f'<bind nodeset="{p}" type="decimal" readonly="true()" calculate="round({before[3]} div 3, 2)"/>',
    }[i % 10]


def questions(n):
    out = [HEAD.format(title=f'{n} questions'), '<itext>']
    for language, word in LANGUAGES.items():
        out.append(f'<translation lang="{language}">')
        out += [f'<text id="q{i}"><value>{word} {i}</value></text>' for i in range(n)]
        out.append('</translation>')
    out.append(f'</itext><instance><data id="questions-{n}" version="1">')
    for start in range(0, n, 20):
        out.append(f'<s{start // 20}>' + ''.join(f'<q{i}/>' for i in range(start, min(n, start + 20))) + f'</s{start // 20}>')
    out.append(f'{META}</data></instance>')
    out += [bind(i) for i in range(n)]
    out.append('</model></h:head><h:body>')
    for start in range(0, n, 20):
        out.append(f'<group ref="/data/s{start // 20}"><label>Section {start // 20 + 1}</label>')
        for i in range(start, min(n, start + 20)):
            label = f'<label ref="jr:itext(\'q{i}\')"/>'
            if i % 10 == 7:
                items = ''.join(f'<item><label>{c.upper()}</label><value>{c}</value></item>' for c in 'abcde')
                out.append(f'<select1 ref="{path(i)}">{label}{items}</select1>')
            else:
                out.append(f'<input ref="{path(i)}">{label}</input>')
        out.append('</group>')
    out.append('</h:body></h:html>')
    chance = random.Random(n)
    first = n // 2 // 20 * 20
    steps = []
    for turn in range(6):
        for i in range(first, first + 20):
            if i % 10 in (0, 1, 2):
                steps.append({'set': path(i), 'value': str(chance.randrange(20) + 20 * (turn % 2))})
            elif i % 10 == 4:
                steps.append({'set': path(i), 'value': f'answer {turn}'})
    return ''.join(out), steps


def repeat(n, m):
    rows = ''.join(f'<q{k}/>' for k in range(m))
    out = [HEAD.format(title=f'{n} instances of {m} questions'), f'<instance><data id="repeat-{n}-{m}" version="1"><total/>',
           f'<traveller>{rows}</traveller>' * n, f'{META}</data></instance>',
           '<bind nodeset="/data/total" type="int" calculate="sum(/data/traveller/q1)"/>']
    for k in range(m):
        p = f'/data/traveller/q{k}'
        kind = k % 5
        if kind in (0, 1):
            out.append(f'<bind nodeset="{p}" type="int"' + (' constraint=". &lt; 200"' if kind else '') + '/>')
        elif kind == 2:
            out.append(f'<bind nodeset="{p}" type="int" readonly="true()" calculate="../q{k - 1} + ../q{k - 2}"/>')
        elif kind == 3:
            out.append(f'<bind nodeset="{p}" type="string" relevant="../q{k - 1} &gt; 20"/>')
        else:
            out.append(f'<bind nodeset="{p}" type="int" readonly="true()" calculate="position(..)"/>')
    out.append('</model></h:head><h:body><group ref="/data/traveller"><label>Traveller</label><repeat nodeset="/data/traveller">')
    out += [f'<input ref="/data/traveller/q{k}"><label>Question {k}</label></input>' for k in range(m)]
    out.append('</repeat></group></h:body></h:html>')
    steps = [{'set': f'/data/traveller[{1 + (7 * turn) % n}]/q{turn % 2}', 'value': str(turn % 50)} for turn in range(60)]
    steps += [{'add': '/data/traveller'}, {'remove': f'/data/traveller[{n // 2}]'}] * 5
    return ''.join(out), steps


def cascade(n):
    districts, per_district = 250, max(1, n // 250)
    out = [HEAD.format(title=f'{n} choices'), f'<instance><data id="cascade-{n}" version="1"><region/><district/><place/>{META}</data></instance>',
           '<instance id="regions"><root>', ''.join(f'<item><name>r{i}</name><label>Region {i}</label></item>' for i in range(10)),
           '</root></instance><instance id="districts"><root>',
           ''.join(f'<item><name>d{i}</name><label>District {i}</label><region>r{i % 10}</region></item>' for i in range(districts)),
           '</root></instance><instance id="places"><root>']
    out += [f'<item><name>p{i}</name><label>Place {i}</label><district>d{i // per_district}</district></item>' for i in range(n)]
    out.append('</root></instance></model></h:head><h:body>')
    out.append("<select1 ref=\"/data/region\"><label>Region</label><itemset nodeset=\"instance('regions')/root/item\">"
               '<value ref="name"/><label ref="label"/></itemset></select1>')
    out.append("<select1 ref=\"/data/district\"><label>District</label><itemset nodeset=\"instance('districts')/root/item[region = /data/region]\">"
               '<value ref="name"/><label ref="label"/></itemset></select1>')
    out.append("<select1 ref=\"/data/place\"><label>Place</label><itemset nodeset=\"instance('places')/root/item[district = /data/district]\">"
               '<value ref="name"/><label ref="label"/></itemset></select1></h:body></h:html>')
    steps = []
    for turn in range(10):
        district = turn * 10 + turn % 10
        steps += [{'set': '/data/region', 'value': f'r{district % 10}'}, {'set': '/data/district', 'value': f'd{district}'},
                  {'set': '/data/place', 'value': f'p{district * per_district}'}]
    return ''.join(out), steps


def main():
    kind, *numbers, folder = sys.argv[1:]
    form, steps = {'questions': questions, 'repeat': repeat, 'cascade': cascade}[kind](*map(int, numbers))
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'form.xml'), 'w', encoding='utf-8') as out:
        out.write(form)
    with open(os.path.join(folder, 'steps.json'), 'w', encoding='utf-8') as out:
        json.dump(steps, out)


if __name__ == '__main__':
    main()
