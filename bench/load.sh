#!/usr/bin/env bash
# Measures what the six operations in queries/ cost: processor seconds of the server and of
# PostgreSQL for each 1000 requests, beside requests a second. It does not start or fill anything;
# README.md says how.
set -euo pipefail

usage() {
  cat >&2 <<'TEXT'
usage: load.sh --server PID [options] [q1 … q6]
  --server PID      process of the service
  --postmaster PID  first process of PostgreSQL; without it only the service is measured (SQLite)
  --url URL         where the service listens      (http://127.0.0.1:8080)
  --requests N      how many of each operation     (2000)
  --connections C   how many at the same time      (16)
  --page P          which page of q4 to ask for    (200)
LOAD_EMAIL and LOAD_PASSWORD name an account that may see and record payments; without them the
operations are sent anonymously, which only q1 allows.
TEXT
  exit 2
}

fail() {
  echo "load.sh: $*" >&2
  exit 1
}

url=http://127.0.0.1:8080 server='' postmaster='' requests=2000 connections=16 page=200
operations=()
while [ $# -gt 0 ]; do
  case $1 in
  --url | --server | --postmaster | --requests | --connections | --page)
    [ $# -ge 2 ] || usage
    declare "${1#--}=$2"
    shift 2
    ;;
  q[1-6])
    operations+=("$1")
    shift
    ;;
  *) usage ;;
  esac
done
[ -n "$server" ] || usage
[ ${#operations[@]} -gt 0 ] || operations=(q1 q2 q3 q4 q5 q6)
[[ $requests =~ ^[1-9][0-9]*$ && $connections =~ ^[1-9][0-9]*$ && $page =~ ^[1-9][0-9]*$ ]] || usage
for tool in curl jq wrk; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done
for process in "$server" ${postmaster:+"$postmaster"}; do
  [ -r "/proc/$process/stat" ] || fail "there is no process $process"
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ticks_per_second=$(getconf CLK_TCK)
run=load-$(date +%s)-$$
token=''

# Sends {query, variables} from standard input and prints the answer, or ends the script with it.
ask() {
  local answer header=()
  [ -z "$token" ] || header=(-H "Authorization: Bearer $token")
  answer=$(curl -sS --max-time 30 -H 'Content-Type: application/json' \
    "${header[@]}" --data-binary @- "$url/graphql") || fail "$url/graphql does not answer"
  jq -e '(has("errors") or ([.data[]? | objects | .userErrors? // [] | length] | add // 0) > 0) | not' \
    >/dev/null 2>&1 <<<"$answer" || fail "$url/graphql answered: ${answer:0:500}"
  printf '%s\n' "$answer"
}

sign_in() {
  [ -n "${LOAD_EMAIL:-}" ] || return 0
  [ -n "${LOAD_PASSWORD:-}" ] || fail "LOAD_PASSWORD is not set"
  local answer
  answer=$(jq -n '{email: env.LOAD_EMAIL, password: env.LOAD_PASSWORD}' |
    curl -sS --max-time 30 -H 'Content-Type: application/json' --data-binary @- \
      "$url/api/v1/session") || fail "$url/api/v1/session does not answer"
  token=$(jq -er .accessToken <<<"$answer") || fail "cannot sign in as $LOAD_EMAIL: $answer"
}

# Prints the ids of up to a hundred cities, one a line.
cities() {
  jq -n '{query: "{ cities(first: 100) { nodes { id } } }"}' | ask | jq -r '.data.cities.nodes[].id'
}

# Prints the cursor after which page $page of the overdue invoices begins, or the last page where
# there are fewer. Which page that is goes to standard error.
overdue_cursor() {
  local number=1 after=null answer
  while [ "$number" -lt "$page" ]; do
    answer=$(jq -n --argjson after "$after" '{variables: {$after}, query:
      "query ($after: String) { overdueInvoices(first: 100, after: $after) { pageInfo { hasNextPage endCursor } } }"
    }' | ask)
    [ "$(jq .data.overdueInvoices.pageInfo.hasNextPage <<<"$answer")" = true ] || break
    after=$(jq .data.overdueInvoices.pageInfo.endCursor <<<"$answer")
    number=$((number + 1))
  done
  echo "q4 asks for page $number of the overdue invoices" >&2
  echo "$after"
}

# Writes the bodies of an operation, one a line.
write_bodies() {
  local operation=$1 ids cursor
  case $operation in
  q2 | q6)
    ids=$(cities)
    [ -n "$ids" ] || fail "there are no cities"
    jq -cR --rawfile query "$here/queries/$operation.graphql" --arg operation "$operation" \
      --arg today "$(date -u +%F)" '{$query, variables: (
        if $operation == "q2" then {id: .}
        else {cityId: ., receivedOn: $today, idempotencyKey: "@key@"} end)}' <<<"$ids"
    ;;
  q4)
    cursor=$(overdue_cursor)
    jq -cn --rawfile query "$here/queries/q4.graphql" --argjson after "$cursor" \
      '{$query, variables: {$after}}'
    ;;
  *) jq -cn --rawfile query "$here/queries/$operation.graphql" '{$query}' ;;
  esac >"$work/$operation.bodies"
}

# Prints the ticks that a process has used, with its ended children where "$2" is family.
ticks_of() {
  local line fields
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || { echo 0; return; }
  # After the name, which may hold spaces, the state is field 0: utime 11, stime, cutime, cstime.
  read -ra fields <<<"${line##*) }"
  if [ "${2:-}" = family ]; then
    echo $((fields[11] + fields[12] + fields[13] + fields[14]))
  else
    echo $((fields[11] + fields[12]))
  fi
}

# Prints the ticks of PostgreSQL: of the postmaster, of its living children, and of those that have
# ended, which the postmaster has inherited.
postgres_ticks() {
  [ -n "$postmaster" ] || { echo 0; return; }
  local sum stat line fields
  sum=$(ticks_of "$postmaster" family)
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    read -ra fields <<<"${line##*) }"
    [ "${fields[1]}" = "$postmaster" ] || continue
    sum=$((sum + fields[11] + fields[12] + fields[13] + fields[14]))
  done
  echo "$sum"
}

# Runs wrk for so many answers and prints its line of results without the first word.
load() {
  local operation=$1 count=$2 key=$3
  # The long time is only a limit: load.lua stops when the answers are there.
  LOAD_BODIES=$work/$operation.bodies LOAD_REQUESTS=$count LOAD_TOKEN=$token LOAD_RUN=$run-$key \
    wrk --threads 1 --connections "$connections" --duration 9m --timeout 30s \
    --script "$here/load.lua" "$url/graphql" >"$work/wrk" 2>&1 || fail "wrk: $(cat "$work/wrk")"
  sed -n 's/^RESULT //p' "$work/wrk" | grep . || fail "wrk: $(cat "$work/wrk")"
}

measure() {
  local operation=$1 bytes result answered rate p50 p99 failed reason before after memory
  # A token lives ten minutes, so each operation gets its own.
  sign_in
  write_bodies "$operation"
  bytes=$(sed "1!d; s/@key@/$run-$operation-probe/" "$work/$operation.bodies" | ask | wc -c)
  # Statements are prepared and pages are read before the clock runs.
  load "$operation" $((requests / 10 + connections)) "$operation-warm" >/dev/null
  before=("$(ticks_of "$server")" "$(postgres_ticks)")
  result=$(load "$operation" "$requests" "$operation")
  after=("$(ticks_of "$server")" "$(postgres_ticks)")
  read -r answered rate p50 p99 failed reason <<<"$result"
  [ "$failed" -eq 0 ] || fail "$operation: $failed of $answered requests failed; the first: $reason"
  [ "$answered" -ge "$requests" ] || fail "$operation: only $answered of $requests in nine minutes"
  memory=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$server/status")
  awk -v operation="$operation" -v n="$answered" -v rate="$rate" -v p50="$p50" -v p99="$p99" \
    -v server=$((after[0] - before[0])) -v database=$((after[1] - before[1])) \
    -v hz="$ticks_per_second" -v memory="$memory" -v bytes="$bytes" \
    -v measured="${postmaster:+yes}" 'BEGIN {
      of_server = server / hz / n * 1000
      of_database = database / hz / n * 1000
      printf "| %s | %d | %.0f | %.1f | %.1f | %.3f | %s | %.3f | %.1f | %d |\n", operation, n, rate,
        p50, p99, of_server, measured ? sprintf("%.3f", of_database) : "in the server",
        of_server + of_database, memory / 1024, bytes
    }'
}

echo "| operation | requests | requests/s | p50 ms | p99 ms | server CPU s/1000 | database CPU s/1000 | sum | anonymous MiB | answer bytes |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
for operation in "${operations[@]}"; do
  measure "$operation"
done
