# SPDX-License-Identifier: GPL-3.0-or-later
"""No string on the screen that gettext would miss."""
import re
import subprocess
import tree

MARKED = re.compile(r'(?<![A-Za-z0-9_])(?:_|N_|C_|NC_|Q_|ngettext|g_dngettext|g_dgettext)\s*\(\s*(?:NC_)?"')
# Properties of templates, and calls, whose text a person reads or hears.
PROPERTIES = ('label|title|subtitle|tooltip-text|tooltip_text|placeholder-text|placeholder_text|description|body|heading'
              '|comments|text')
BARE_PROPERTY = re.compile(rf'^\s*(?:{PROPERTIES})\s*:\s*"([^"]*)"', re.M)
CALLS = ('gtk_label_new|gtk_label_set_text|gtk_label_set_label|gtk_button_new_with_label|gtk_button_set_label'
         '|gtk_check_button_new_with_label|gtk_widget_set_tooltip_text|gtk_window_set_title|adw_toast_new'
         '|adw_status_page_set_title|adw_status_page_set_description|adw_preferences_row_set_title'
         '|adw_action_row_set_subtitle|adw_message_dialog_add_response|gtk_entry_set_placeholder_text')
BARE_CALL = re.compile(rf'\b(?:{CALLS})\s*\([^;"]*?"([^"]*)"', re.S)
WORDS = re.compile(r'[A-Za-z]{2,}')


def listed():
    path = tree.ROOT / 'po/POTFILES.in'
    return {line.strip() for line in path.read_text().splitlines() if line.strip() and not line.startswith('#')}


def with_strings():
    for name in tree.files('app/*.c', 'app/*/*.c', 'sync/*.c', 'sync/*/*.c', 'ui/*.c', 'ui/*/*.c', '*.blp'):
        if MARKED.search(tree.text(name)):
            yield str(name)


def bare_in_templates():
    for name in tree.files('*.blp'):
        for words in BARE_PROPERTY.findall(tree.text(name)):
            if WORDS.search(words):
                yield f'{name}: "{words}"'


def bare_in_calls():
    for name in tree.files('ui/*.c', 'ui/*/*.c'):
        source = tree.text(name)
        for match in BARE_CALL.finditer(source):
            before = source[match.start():match.start(1)]
            if WORDS.search(match.group(1)) and not re.search(r'\b(_|C_|N_|ngettext)\s*\($', before.rstrip('"').rstrip()) \
                    and '_ (' not in before and 'C_ (' not in before:
                yield f'{name}: "{match.group(1)}"'


# xgettext knows PRId64 and its kin, not GLib's: it would cut the string there, and no catalogue would have it.
CUT = re.compile(r'(?<![A-Za-z0-9_])(?:_|N_|C_|NC_|Q_|ngettext)\s*\(\s*(?:(?:"(?:[^"\\\n]|\\.)*"|,|PRI\w+)\s*)+(G_\w+_FORMAT)')


def cut_strings():
    for name in tree.files('app/*.c', 'app/*/*.c', 'sync/*.c', 'sync/*/*.c', 'ui/*.c', 'ui/*/*.c'):
        for macro in CUT.findall(tree.text(name)):
            yield f'{name}: a marked string with {macro}'


def broken_catalogues():
    for name in tree.files('po/*.po'):
        checked = subprocess.run(['msgfmt', '--check', '-o', '/dev/null', tree.ROOT / name],
                                 capture_output=True, text=True, check=False)
        if checked.returncode:
            yield f'{name}: {checked.stderr.strip()}'


sources = set(with_strings())
tree.report([
    ('every file with strings is in POTFILES.in', sorted(sources - listed())),
    ('POTFILES.in names only files with strings', sorted(name for name in listed() - sources
                                                         if name.endswith(('.c', '.blp')))),
    ('every text of a template is translatable', list(bare_in_templates())),
    ('every text in a call is translatable', list(bare_in_calls())),
    ('no marked string is cut by a macro', list(cut_strings())),
    ('every catalogue is well formed', list(broken_catalogues())),
])
