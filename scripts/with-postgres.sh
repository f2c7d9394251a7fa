#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own: `scripts/with-postgres.sh cargo test`.
#
# The cluster lives in a temporary folder, listens on a free port of the loopback interface and is gone afterwards, however
# the command ends. Its address is in SETASIDE_TEST_POSTGRES. If that is set already, the given server is used instead.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: $0 COMMAND…" >&2; exit 2; }
if [ -n "${SETASIDE_TEST_POSTGRES:-}" ]; then exec "$@"; fi

# The newest installed version; Debian keeps the server's programs off the PATH.
programs="$(command -v initdb >/dev/null && dirname "$(readlink -f "$(command -v initdb)")" || true)"
if [ -z "$programs" ]; then
  programs="$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)"
fi
[ -x "$programs/initdb" ] || { echo "with-postgres: no PostgreSQL server programs found; run scripts/setup.sh test" >&2; exit 1; }

folder="$(mktemp -d "${TMPDIR:-/tmp}/setaside-postgres.XXXXXX")"
# PostgreSQL refuses to run as root.
as_postgres() { "$@"; }
if [ "$(id -u)" -eq 0 ]; then
  chown postgres "$folder"
  as_postgres() { runuser -u postgres -- "$@"; }
fi

free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 12000))
    # A port that refuses the connection has nobody behind it.
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  echo "with-postgres: no free port" >&2
  return 1
}

stop() {
  local status=$?
  trap - EXIT
  as_postgres "$programs/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$folder"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Other users of this machine can reach the port too, so there is a password.
password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
printf '%s' "$password" | as_postgres sh -c "umask 077 && cat >'$folder/password'"

cd "$folder"
as_postgres "$programs/initdb" -D "$folder/data" -A scram-sha-256 -U setaside --pwfile "$folder/password" -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1 \
  || { cat "$folder/log" >&2; exit 1; }
started=
for _ in 1 2 3; do
  port="$(free_port)"
  # A test database may lose everything in a crash, and is much faster for it.
  if as_postgres "$programs/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -s -w -t 30 -o "-p $port -k $folder -c listen_addresses=127.0.0.1 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" start >/dev/null 2>&1; then
    started=yes
    break
  fi
done
[ -n "$started" ] || { cat "$folder/data/server.log" >&2; exit 1; }
cd "$OLDPWD"

export SETASIDE_TEST_POSTGRES="postgres://setaside:$password@127.0.0.1:$port/postgres"
"$@"
