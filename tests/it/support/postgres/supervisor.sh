#!/bin/sh
# Supervises one throwaway PostgreSQL cluster for the test process at the other end of standard
# input. It makes the cluster's folder, obeys one order a line (start, stop, pause, resume), answers
# each with one line, and takes the cluster and its folder away when standard input ends: at the
# normal end of the tests, after a panic and after kill -9 alike. It is not a way to run PostgreSQL
# for anything that must be kept: nothing is flushed to the disk.
#
# Arguments: the folder of initdb and postgres, the folder in which to make the cluster's own.
# Answers: "made FOLDER" once, then "done" for each order; or "failed", the log and the end.
set -u
programs=$1
parent=$2
postmaster=
# Neither an answer that nobody reads any more may end the script before it has cleaned up, nor the
# hang-up that the kernel sends to it when the test process ends and leaves a paused cluster.
trap '' PIPE HUP

# Prints the postmaster and its children. PostgreSQL gives each child a process group of its own, so
# a signal to the postmaster's group would reach the postmaster only.
processes() {
  echo "$postmaster"
  if [ -r /proc/self/stat ]; then
    for stat in /proc/[0-9]*/stat; do
      { read -r line <"$stat"; } 2>/dev/null || continue
      # "pid (name) state parent …": the name may hold spaces and brackets.
      rest=${line##*) }
      rest=${rest#? }
      [ "${rest%% *}" = "$postmaster" ] && echo "${line%% *}"
    done
  else
    ps -A -o pid= -o ppid= | while read -r pid parent_pid; do
      [ "$parent_pid" = "$postmaster" ] && echo "$pid"
    done
  fi
}

# Sends a signal to every process of the cluster. One that ended meanwhile is no fault.
signal_all() {
  # shellcheck disable=SC2046 # One word for each process is what is wanted.
  kill "-$1" $(processes) 2>/dev/null
}

# Ends the postmaster by the signal of a fast (INT) or an immediate (QUIT) shutdown. It is never
# killed outright, because it would leave its shared memory behind.
end() {
  [ -n "$postmaster" ] || return 0
  signal_all CONT
  kill "-$1" "$postmaster" 2>/dev/null
  wait "$postmaster"
  postmaster=
}

leave() {
  end QUIT
  cd / && rm -rf "$folder"
  exit "$1"
}

fail() {
  echo failed
  echo "$1"
  cat "$folder/log"
  leave 1
}

start() {
  [ -z "$postmaster" ] || return 0
  "$programs/postgres" -D "$folder/data" -k "$folder" -p 5432 \
    -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
    -c max_connections=400 -c shared_buffers=32MB \
    </dev/null >>"$folder/log" 2>&1 &
  postmaster=$!
  waits=0
  until grep -q '^ready' "$folder/data/postmaster.pid" 2>/dev/null; do
    kill -0 "$postmaster" 2>/dev/null || fail "postgres ended while it was starting"
    waits=$((waits + 1))
    [ "$waits" -le 1200 ] || fail "postgres was not ready within a minute"
    sleep 0.05
  done
}

if ! folder=$(mktemp -d "$parent/cities-pg.XXXXXX" 2>&1); then
  echo failed
  echo "$folder"
  exit 1
fi
# Text in the order of a language, as a production database has it: a query that forgets COLLATE "C"
# must answer differently here.
"$programs/initdb" -D "$folder/data" --username=postgres --auth=trust --encoding=UTF8 --no-sync \
  --locale=C --locale-provider=icu --icu-locale=en-US </dev/null >"$folder/log" 2>&1 ||
  fail "initdb refused"
echo "made $folder"

while read -r order; do
  case $order in
  start) start ;;
  stop) end INT ;;
  pause)
    [ -n "$postmaster" ] || fail "there is nothing to pause: the cluster is stopped"
    # The postmaster first, so that it starts no further child meanwhile.
    kill -STOP "$postmaster"
    signal_all STOP
    ;;
  resume)
    [ -n "$postmaster" ] || fail "there is nothing to resume: the cluster is stopped"
    signal_all CONT
    ;;
  *) fail "unknown order: $order" ;;
  esac
  echo "done"
done
leave 0
