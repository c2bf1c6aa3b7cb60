# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrows run one way: ui → sync → app, and within app as the table says."""
import re
import tree

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.M)

# A room and what it may stand on, within the project.
STANDS_ON = {
    'app/vault': set(),
    'app/store': {'app/vault', 'app/study/moment.h'},
    'app/forms': set(),
    'app/study': set(),
    'app/checks': set(),
    'app/framework': set(),
    'app/capture': {'app/vault', 'app/store', 'app/forms', 'app/study', 'app/framework'},
    'sync': {'app'},
    'ui': {'app', 'sync'},
}
# Libraries that a room never sees.
FORBIDDEN = {
    'app': ('gtk/', 'adwaita', 'gdk/', 'libpq'),
    'sync': ('gtk/', 'adwaita', 'gdk/'),
    'app/forms': ('sqlite3',),
    'app/study': ('sqlite3',),
    'app/checks': ('sqlite3',),
    'ui': ('sqlite3', 'sodium', 'openssl', 'libpq'),
}


def room_of(name):
    return max((room for room in STANDS_ON if name.startswith(room + '/')), key=len, default=None)


def faults_of_room(room):
    allowed = STANDS_ON[room] | {room}
    for name in tree.files('*.c', '*.h'):
        if room_of(str(name)) != room:
            continue
        for target in INCLUDE.findall(tree.text(name)):
            inside = target.split('/')[0] in ('app', 'sync', 'ui')
            if inside and not any(target == place or target.startswith(place + '/') for place in allowed):
                yield f'{name} includes {target}'
            for place, words in FORBIDDEN.items():
                if (room + '/').startswith(place + '/') and any(target.startswith(word) for word in words):
                    yield f'{name} includes {target}'


tree.report((f'{room} stands only on what it may', list(faults_of_room(room))) for room in STANDS_ON)
