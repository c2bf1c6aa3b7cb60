# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a test's headquarters keeps what it has: a vault, or the PostgreSQL that cluster.py has started."""
import os

STORE = os.environ.get('MERESTONE_TEST_STORE')


def options(vault):
    """The options of merestone-hq for a headquarters in @vault, or for that of the database, with its folder there."""
    return ['--store', STORE, '--folder', str(vault)] if STORE else ['--vault', str(vault)]
