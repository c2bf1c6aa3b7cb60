# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/threat-model.md says which test shows what: each program and each case that it names is there."""
import re
import tree

PAGE = 'docs/threat-model.md'
# `PROGRAM`: a-case, another-case…; words that are no cases, as "each cut of the file", are for people.
NAMED = re.compile(r'`((?:[a-z]+/)*(?:test-|fuzz-)?[a-z0-9-]+|[a-z_]+\.py)`(?:: ([^`|;.]+))?')
CASE = re.compile(r'^([a-z0-9]+(?:-[a-z0-9]+)+-?)(…?)$|^([a-z0-9]+-?)(…)$')


def sources():
    """Name as the page has it → texts of the programs that are called so."""
    found = {}
    for path in tree.files('test-*.c', 'test_*.py', 'fuzz-*.c', '*.py'):
        if path.parts[0] != 'tests':
            continue
        stem = re.sub(r'^test[-_]', '', path.stem).replace('_', '-')
        folder = path.parent.name
        names = {path.stem, path.name, stem, f'{folder}-{stem}', f'{folder}/{path.stem}', folder}
        for name in names:
            found.setdefault(name, []).append(tree.text(path))
    return found


def rows():
    """The lines of the tables that have a column of tests."""
    shows = False
    for number, line in enumerate(tree.text(PAGE).splitlines(), 1):
        if not line.startswith('|'):
            shows = False
        elif 'shown by' in line or 'answer that can be run' in line:
            shows = True
        elif shows:
            yield number, line.rsplit(' | ', 1)[1]


def faults():
    programs = sources()
    for number, cell in rows():
        for program, cases in NAMED.findall(cell):
            if program not in programs:
                if cases or program.startswith(('test-', 'fuzz-', 'hq-', 'sync')):
                    yield f'{PAGE}:{number}: there is no test “{program}”'
                continue
            text = '\n'.join(programs[program]).replace('_', '-')
            for word in (word.strip() for word in cases.split(',')):
                case = CASE.match(word)
                name = case and (case[1] or case[3])
                if name and name.strip('-') not in text:
                    yield f'{PAGE}:{number}: {program} has no case “{word}”'


tree.report([('each test that the page on threats names is there', list(faults()))])
