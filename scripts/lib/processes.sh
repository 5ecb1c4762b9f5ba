# Starts processes on a core of their own and ends exactly those again. Sourced after say.sh; expects $WORK, a directory.
# shellcheck shell=bash

started_pids=()

# start NAME CORE COMMAND…: in the background; its output is $WORK/NAME.out and .err, its process id $pid.
start() {
    local name=$1 core=$2
    shift 2
    # Here and now: otherwise what the last one printed may be taken for its own.
    : >"$WORK/$name.out"
    taskset --cpu-list "$core" "$@" >"$WORK/$name.out" 2>"$WORK/$name.err" </dev/null &
    pid=$!
    started_pids+=("$pid")
}

# stop PID: and waits for its end, so that the core is free for the next.
stop() {
    kill -TERM "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
    local kept=() one
    for one in "${started_pids[@]}"; do
        [ "$one" = "$1" ] || kept+=("$one")
    done
    started_pids=("${kept[@]}")
}

stop_all() {
    local one
    for one in "${started_pids[@]}"; do
        stop "$one"
    done
}
trap stop_all EXIT
trap 'exit 130' INT TERM

# wait_until WHAT PID COMMAND…: tries the command for 60 s at most, as long as the process lives.
wait_until() {
    local what=$1 process=$2 tries=0
    shift 2
    until "$@" >/dev/null 2>&1; do
        kill -0 "$process" 2>/dev/null || die "$what: the process has ended; see $WORK/*.err"
        [ $((tries += 1)) -le 600 ] || die "$what: still not so after 60 s; see $WORK/*.err"
        sleep 0.1
    done
}

# cpu_ticks PID: processor time it has used, in clock ticks.
cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# resident_kib PID
resident_kib() { awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"; }
