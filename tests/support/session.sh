#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a command inside a throw-away desktop: its own home, X server, session bus and accessibility bus. Only the
# accessibility service may be started on the bus, so no portal, keyring or settings daemon of the host can leak into a
# test. SCREEN is its size; LANGUAGE, and the variables listed below, are passed on.
set -eu

home=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; rm -rf "$home"' EXIT

mkdir -m 700 "$home/run" "$home/services"
mkdir -p "$home/.config/gtk-4.0"
printf '[Settings]\ngtk-cursor-blink=false\ngtk-enable-animations=false\n' > "$home/.config/gtk-4.0/settings.ini"
cp /usr/share/dbus-1/services/org.a11y.Bus.service "$home/services"
cat > "$home/bus.conf" <<CONF
<busconfig>
  <type>session</type>
  <listen>unix:dir=$home/run</listen>
  <servicedir>$home/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF

# The server picks a free display itself, so that any number of these run at once.
mkfifo "$home/display"
Xvfb -displayfd 3 -screen 0 "${SCREEN-1280x800}x24" -nolisten tcp 3> "$home/display" > "$home/server.log" 2>&1 &
server=$!
read -r display < "$home/display"

for name in ADW_DEBUG_COLOR_SCHEME ADW_DEBUG_HIGH_CONTRAST ASAN_OPTIONS GDK_SCALE G_DEBUG G_SLICE GSETTINGS_SCHEMA_DIR \
            GTK_A11Y GTK_EXE_PREFIX LSAN_OPTIONS MALLOC_CHECK_ MERESTONE_LOCALE_DIR MERESTONE_TEST_DEEP PYTHONDONTWRITEBYTECODE \
            UBSAN_OPTIONS; do
  eval "value=\${$name-}"
  [ -z "$value" ] || set -- "$name=$value" "$@"
done

# What the services of the bus say goes to standard error: standard output is the command's own.
env -i PATH="$PATH" HOME="$home" XDG_RUNTIME_DIR="$home/run" LANG=C.UTF-8 LANGUAGE="${LANGUAGE-en}" DISPLAY=":$display" \
  GSK_RENDERER=cairo GDK_BACKEND=x11 GDK_DEBUG=gl-disable GSETTINGS_BACKEND=memory GIO_USE_VFS=local \
  ADW_DISABLE_PORTAL=1 ${SESSION_ENV-} \
  dbus-run-session --config-file="$home/bus.conf" -- sh -c 'exec env "$@" >&4 4>&-' sh "$@" 4>&1 >&2
