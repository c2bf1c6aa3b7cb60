#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""read_vault.py VAULT PASSPHRASE-FILE OUT.db: reads a vault by docs/formats.md alone and writes its database in the clear.

Shares no code with the product: Argon2id and XChaCha20-Poly1305 come from PyNaCl, BLAKE2b and JSON from Python. The log's
committed frames are applied. Whatever does not open ends the program with a message.
"""
import hashlib
import json
import os
import struct
import sys

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as aead_open
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

PAGE, TEXT, NONCE, TAG = 4096, 4056, 24, 16
BLOCK = 262144
HEADER, LABEL, FRAME = 92, 76, 76 + PAGE
ENTRIES = TEXT // 8
NEVER = bytes(8)


def u32(data, at=0):
    return struct.unpack_from('>I', data, at)[0]


def open_parts(key, ciphertext, nonce, tag, associated):
    return aead_open(ciphertext + tag, associated, nonce, key)


def open_sealed(key, sealed, associated):
    size = len(sealed) - NONCE - TAG
    return open_parts(key, sealed[:size], sealed[size:size + NONCE], sealed[size + NONCE:], associated)


def opens(key, sealed, associated):
    try:
        return open_sealed(key, sealed, associated)
    except CryptoError:
        return None


def read(path):
    if not os.path.exists(path):
        return b''
    with open(path, 'rb') as file:
        return file.read()


class Keys:
    def __init__(self, folder, passphrase):
        text = read(os.path.join(folder, 'keys.json'))
        data = json.loads(text)
        assert (data['format'], data['version']) == ('merestone-keys', 1)
        self.id = bytes.fromhex(data['vault'])
        self.key = next(filter(None, (self.open_slot(slot, passphrase) for slot in data['slots'])), None)
        assert self.key, 'no slot opens'
        assert text.endswith(b'"\n}\n')
        code = hashlib.blake2b(text[:-68], digest_size=32, key=self.subkey(4)).hexdigest()
        assert text[-68:-4].decode() == code == data['code'], 'keys.json is not what was written'

    def open_slot(self, slot, passphrase):
        if slot['kind'] != 'passphrase':
            return None
        assert slot['kdf'] == 'argon2id13'
        salt = bytes.fromhex(slot['salt'])
        wrapping = argon2id.kdf(32, passphrase, salt, opslimit=slot['passes'], memlimit=slot['memory'])
        associated = self.id + b'passphrase' + struct.pack('>QQ', slot['passes'], slot['memory']) + salt
        try:
            return aead_open(bytes.fromhex(slot['key']), associated, bytes.fromhex(slot['nonce']), wrapping)
        except CryptoError:
            return None

    def subkey(self, number):
        return hashlib.blake2b(b'', digest_size=32, key=self.key, salt=struct.pack('<Q', number) + bytes(8),
                               person=b'MereVlt1' + bytes(8)).digest()


class Table:
    """The page table: versions of pages in leaves, versions of leaves in middle nodes, theirs in the root."""

    def __init__(self, keys, path):
        self.data, self.id, self.key = read(path + '-pages'), keys.id, keys.subkey(3)
        self.epoch, self.root, self.source, self.source_frames, self.size, self.top = 0, bytes(16), bytes(16), 0, 0, b''
        for sealed in self.places(0):
            text = opens(self.key, sealed, self.id + struct.pack('>I', 0))
            if text and struct.unpack_from('>Q', text)[0] > self.epoch:
                self.epoch, self.source, self.source_frames, self.size = struct.unpack_from('>Q16sII', text)
                self.root, self.top = sealed[TEXT:TEXT + 16], text[32:]
        leaves = [self.entries(self.top, 1 + i * (ENTRIES + 1)) for i in range(-(-self.size // ENTRIES ** 2))]
        self.versions = b''.join(self.entries(middle, 2 + i * (ENTRIES + 1) + j, j)
                                 for i, middle in enumerate(leaves) for j in range(ENTRIES)
                                 if (i * ENTRIES + j) * ENTRIES < self.size)

    def places(self, node):
        return [self.data[at:at + PAGE].ljust(PAGE, b'\0') for at in (2 * node * PAGE, (2 * node + 1) * PAGE)]

    def entries(self, above, node, entry=None):
        """The text of a node whose version the one above has."""
        entry = (node - 1) // (ENTRIES + 1) if entry is None else entry
        version = above[8 * entry:8 * entry + 8]
        if version == NEVER:
            return bytes(TEXT)
        sealed = next((place for place in self.places(node) if place[TEXT:TEXT + 8] == version), None)
        assert sealed, f'node {node} of the page table is of another time'
        return open_sealed(self.key, sealed, self.id + struct.pack('>I', node))

    def version(self, page):
        return self.versions[8 * page - 8:8 * page] if page <= self.size else NEVER


def wal_checksum(data, little, sums):
    first, second = sums
    words = struct.unpack(('<' if little else '>') + f'{len(data) // 4}I', data)
    for i in range(0, len(words), 2):
        first = (first + words[i] + second) & 0xffffffff
        second = (second + words[i + 1] + first) & 0xffffffff
    return first, second


class Log:
    """Committed pages of the log, and how many pages the database has after them."""

    def __init__(self, keys, table, path):
        self.pages, self.size = {}, None
        self.data, self.id, self.key, self.page_key = read(path), keys.id, keys.subkey(2), keys.subkey(1)
        headers = [(self.data[at:at + HEADER], opens(self.key, self.data[at:at + HEADER], keys.id))
                   for at in (0, HEADER) if len(self.data) >= at + HEADER]
        headers = [(u32(text, 48), sealed, text) for sealed, text in headers if text]
        if not headers:
            assert len(self.data) <= 2 * HEADER, 'the header of the log does not open'
            return
        _, sealed, text = max(headers)
        assert text[32:48] in (table.root, table.source), 'the log is of another time'
        required = 0 if text[32:48] == table.root else table.source_frames
        valid = self.replay(text[:32], sealed[-TAG:])
        assert valid >= required, f'frame {valid + 1} of the log does not open'

    def replay(self, header, before):
        salts, little = header[16:24], u32(header) == 0x377f0682
        sums, waiting, k = struct.unpack_from('>II', header, 24), {}, 0
        assert wal_checksum(header[:24], little, (0, 0)) == sums
        while 2 * HEADER + (k + 1) * FRAME <= len(self.data):
            at = 2 * HEADER + k * FRAME
            bound = self.id + salts + struct.pack('>I', k + 1)
            label = opens(self.key, self.data[at:at + LABEL], bound + before)
            sealed = self.data[at + LABEL:at + FRAME]
            page = label and opens(self.page_key, sealed, self.id + label[:4])
            if not page or label[28:36] != sealed[TEXT:TEXT + 8] or label[8:16] != salts:
                break
            page += bytes(PAGE - TEXT)
            sums = wal_checksum(page, little, wal_checksum(label[:8], little, sums))
            if struct.unpack_from('>II', label, 16) != sums:
                break
            waiting[u32(label)] = page
            if u32(label, 4):
                self.pages.update(waiting)
                self.size, waiting = u32(label, 4), {}
            before, k = self.data[at + LABEL - TAG:at + LABEL], k + 1
        return k


def read_pages(keys, table, log, path):
    data, key = read(path), keys.subkey(1)
    size = log.size if log.size is not None else len(data) // PAGE
    for number in range(1, size + 1):
        if number in log.pages:
            yield log.pages[number]
            continue
        sealed = data[(number - 1) * PAGE:number * PAGE]
        version = table.version(number)
        if version == NEVER:
            assert not any(sealed), f'page {number} was never written'
            yield bytes(PAGE)
            continue
        assert sealed[TEXT:TEXT + 8] == version, f'page {number} is of another time'
        yield open_sealed(key, sealed, keys.id + struct.pack('>I', number)) + bytes(PAGE - TEXT)


def decrypt(folder, passphrase):
    path = os.path.join(folder, 'vault.db')
    keys = Keys(folder, passphrase)
    table = Table(keys, path)
    log = Log(keys, table, path + '-wal')
    plain = bytearray(b''.join(read_pages(keys, table, log, path)))
    plain[18:20] = b'\1\1'  # no write-ahead log: all of it is in
    return bytes(plain)


def read_block(folder, passphrase, block, version):
    keys = Keys(folder, passphrase)
    at = (block - 1) * (BLOCK + PAGE)
    stored = read(os.path.join(folder, 'vault.db-content'))[at:at + BLOCK + NONCE + TAG + 8]
    assert stored[-8:] == struct.pack('>q', version), f'block {block} is of another time'
    return open_sealed(keys.subkey(5), stored[:-8], keys.id + struct.pack('>I', block) + stored[-8:])


def main():
    folder, passphrase, out = sys.argv[1:]
    plain = decrypt(folder, read(passphrase).split(b'\n')[0].rstrip(b'\r'))
    with open(out, 'wb') as file:
        file.write(plain)


if __name__ == '__main__':
    main()
