#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-read-vault.py SAMPLE-VAULT: a vault is read by docs/formats.md alone, closed and after a crash, and says what was written."""
import os
import sqlite3
import subprocess
import sys
import tempfile

try:
    import nacl  # noqa: F401
except ImportError:
    print('Skipped: PyNaCl (Debian: python3-nacl) is not installed.')
    sys.exit(77)
import read_vault

PASSPHRASE = 'Utopia Eriksson L898902C3'


def dump(path):
    with sqlite3.connect(path) as database:
        assert database.execute('PRAGMA integrity_check').fetchone() == ('ok',)
        return list(database.iterdump())


def check_block(vault, read):
    with sqlite3.connect(read) as database:
        block, version = database.execute('SELECT block, version FROM attachment_block').fetchone()
    content = read_vault.read_block(vault, PASSPHRASE.encode(), block, version)
    assert content == bytes(i * 7 % 256 for i in range(read_vault.BLOCK)), 'a block says something else'


def check(program, folder, end):
    vault, secret, plain, read = (os.path.join(folder, f'{end}{name}') for name in ('.vault', '.txt', '.db', '.read.db'))
    with open(secret, 'w', encoding='utf-8') as file:
        file.write(PASSPHRASE + '\n')
    subprocess.run([program, vault, secret, plain, end], check=True)
    assert os.path.exists(os.path.join(vault, 'vault.db-wal')) == (end == 'killed')
    with open(read, 'wb') as file:
        file.write(read_vault.decrypt(vault, PASSPHRASE.encode()))
    assert dump(read) == dump(plain), f'the {end} vault says something else'
    check_block(vault, read)
    print(f'ok: {end}, {os.path.getsize(read)} bytes')


def main():
    with tempfile.TemporaryDirectory() as folder:
        for end in ('closed', 'killed'):
            check(sys.argv[1], folder, end)


if __name__ == '__main__':
    main()
