# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of it, configured and built without what may be left out. Takes minutes, so it runs with MERESTONE_TEST_DEEP only;
what such a build has of its own is compiled in each run by tests/sync/hq/without."""
import os
import subprocess
import sys
import tempfile

OPTIONS = ('-Dui=disabled', '-Dpostgresql=disabled', '-Dseccomp=disabled', '-Dwerror=true')


def main():
    if not os.environ.get('MERESTONE_TEST_DEEP'):
        print('1..0 # SKIP takes minutes: MERESTONE_TEST_DEEP is not set')
        return 0
    print('1..1')
    with tempfile.TemporaryDirectory(prefix='merestone-without-') as folder:
        for words in (['meson', 'setup', folder, sys.argv[1], *OPTIONS], ['ninja', '-C', folder]):
            done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode:
                print('not ok 1 - it builds without what may be left out')
                print('\n'.join(f'# {line}' for line in done.stdout.splitlines()[-40:]))
                return 1
    print('ok 1 - it builds without what may be left out')
    return 0


sys.exit(main())
