# SPDX-License-Identifier: GPL-3.0-or-later
"""What every file of the house has."""
import re
import tree

SOURCES = ('*.c', '*.h', '*.blp', '*.py', '*.sh')
DATA = ('tests/corpus/',)


def sources(*patterns):
    return [name for name in tree.files(*patterns) if not str(name).startswith(DATA)]


def without_licence():
    for name in sources(*SOURCES):
        head = tree.text(name)[:400]
        if 'SPDX-License-Identifier:' not in head:
            yield name


def headers_without_guard():
    return [name for name in sources('*.h') if '#pragma once' not in tree.text(name)]


def modules_without_header():
    for name in sources('app/*.c', 'sync/*.c', 'app/*/*.c'):
        own = f'"{name.with_suffix(".h")}"'
        includes = re.findall(r'#\s*include\s+("[^"]+")', tree.text(name))
        if (tree.ROOT / name.with_suffix('.h')).exists() and own not in includes:
            yield f'{name} does not include {own}'


def left_for_later():
    word = re.compile(r'\b(TODO|FIXME|XXX|HACK)\b')
    for name in sources('*.c', '*.h', '*.blp'):
        for number, line in enumerate(tree.text(name).splitlines(), 1):
            # XXX and UTO are also codes of Doc 9303.
            if word.search(line) and 'Doc 9303' not in line and '"XXX' not in line:
                yield f'{name}:{number}: {line.strip()}'


def vague_names():
    return [name for name in sources('*.c', '*.h')
            if name.stem in ('utils', 'util', 'helpers', 'helper', 'common', 'misc')]


def left_out_without_libraries():
    """tests/sync/hq/without compiles once more what asks for libpq or libseccomp; nothing else may."""
    recompiled = tree.text('tests/sync/hq/without/meson.build')
    for name in sources('*.[ch]'):
        text = tree.text(name)
        if re.search(r'\bHAVE_(LIBPQ|SECCOMP)\b', text) and f"{name.name}'" not in recompiled:
            yield f'{name} asks for a library: see tests/sync/hq/without'
        if re.search(r'libpq-fe\.h|postgres-private\.h', text) and not name.name.startswith('postgres'):
            yield f'{name} includes libpq'


tree.report([
    ('every source names its licence', list(without_licence())),
    ('every header is included once', headers_without_guard()),
    ('a module includes its own header', list(modules_without_header())),
    ('nothing is left for later in the code', list(left_for_later())),
    ('a file is named after its subject', vague_names()),
    ('headquarters is also built without libpq', list(left_out_without_libraries())),
])
