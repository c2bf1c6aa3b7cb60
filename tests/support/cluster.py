# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a test beside a PostgreSQL of its own, and ends that with it.

cluster.py COMMAND…: a cluster in a temporary folder, on a Unix socket in it, without network; its address is in
MERESTONE_TEST_STORE. Where PostgreSQL is missing, the test is skipped and says so; where Debian's package of it is
installed and it cannot be run all the same, the test fails. With --bench before the command it writes to the disk as it
would at headquarters.
"""
import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

SETTINGS = {
    'listen_addresses': "''",
    'fsync': 'off',                 # what a crash of the machine leaves is PostgreSQL's own matter
    'full_page_writes': 'off',
    'shared_buffers': '64MB',
    'max_connections': '40',
    'deadlock_timeout': '200ms',
    'max_locks_per_transaction': '10',  # so that nobody takes one for each of what may be many
}


BENCH = {
    'listen_addresses': "''",
    'shared_buffers': '512MB',
    'max_wal_size': '4GB',
    'max_connections': '40',
}


def find_programs():
    """Debian keeps the server's programs out of the path, one folder a version."""
    places = [pathlib.Path(folder) for folder in os.environ.get('PATH', '').split(':') if folder]
    places += sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin'), reverse=True)
    return next((place for place in places if (place / 'initdb').exists() and (place / 'postgres').exists()), None)


def find_user():
    """initdb refuses root: somebody else then, and how to become him."""
    if os.geteuid() != 0:
        return [], None
    for name in ('postgres', 'nobody'):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return ['setpriv', f'--reuid={found.pw_uid}', f'--regid={found.pw_gid}', '--clear-groups'], found
    return None, None


def is_installed():
    """Whether Debian's package is; elsewhere nobody knows."""
    if shutil.which('dpkg-query') is None:
        return False
    found = subprocess.run(['dpkg-query', '-W', '-f', '${db:Status-Status}', 'postgresql'], capture_output=True, text=True, check=False)
    return found.stdout == 'installed'


def skip(reason):
    if is_installed():
        print(f'Bail out! The package postgresql is installed, but {reason}', flush=True)
        return 1
    print(f'1..0 # SKIP {reason}', flush=True)
    return 0


class Cluster:
    def __init__(self, programs, become, owner, settings=SETTINGS):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='merestone-cluster-'))
        self.programs, self.become, self.settings = programs, become, settings
        self.data, self.log = self.folder / 'data', self.folder / 'log'
        if owner is not None:
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.folder.chmod(0o755)

    def run(self, program, *words, **more):
        return subprocess.run([*self.become, self.programs / program, *words], check=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, cwd=self.folder, **more)

    def start(self):
        self.run('initdb', '-D', self.data, '-A', 'trust', '-U', 'merestone', '-E', 'UTF8', '--locale=C', '--no-sync')
        with (self.data / 'postgresql.conf').open('a') as file:
            file.writelines(f'{name} = {value}\n' for name, value in self.settings.items())
            file.write(f"unix_socket_directories = '{self.folder}'\n")
        self.run('pg_ctl', '-D', self.data, '-l', self.log, '-w', 'start')

    def address(self):
        return f'host={self.folder} user=merestone dbname=postgres'

    def end(self):
        if (self.data / 'postmaster.pid').exists():
            self.run('pg_ctl', '-D', self.data, '-m', 'immediate', '-w', 'stop')
        shutil.rmtree(self.folder)


def main():
    programs = find_programs()
    if programs is None:
        return skip('initdb of PostgreSQL is nowhere')
    become, owner = find_user()
    if become is None:
        return skip('root cannot run PostgreSQL, and there is no other user to run it as')
    bench = sys.argv[1] == '--bench'
    command = sys.argv[2 if bench else 1:]
    cluster = Cluster(programs, become, owner, BENCH if bench else SETTINGS)
    try:
        cluster.start()
        script = [sys.executable] if command[0].endswith('.py') else []
        return subprocess.run([*script, *command], env={**os.environ, 'MERESTONE_TEST_STORE': cluster.address()},
                              check=False).returncode
    finally:
        cluster.end()


if __name__ == '__main__':
    sys.exit(main())
