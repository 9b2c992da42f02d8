# shellcheck shell=bash disable=SC2154
# Starting, watching and stopping the stack's processes by pid. Sourced by scripts/stack.

# The pid of a running process of this stack, or nothing. A number from before a reboot is not taken for it.
pid_of() {
    local pid
    [ -s "$folder/pid/$1" ] || return 0
    read -r pid <"$folder/pid/$1"
    [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder/etc/$1.conf" && echo "$pid"
    return 0
}

# Begun, and over. pid_of does not know a process yet that has only just been begun and still runs this script.
has_died() {
    local pid state=gone
    [ -s "$folder/pid/$1" ] || return 0
    read -r pid <"$folder/pid/$1"
    { read -r _ _ state _ <"/proc/$pid/stat"; } 2>/dev/null || state=gone
    [ "$state" = gone ] || [ "$state" = Z ]
}

is_ready() { curl -sf -o /dev/null --max-time 2 "http://127.0.0.1:$(health_port_of "$1")/readyz"; }

start_process() {
    local process=$1 binary
    [ -z "$(pid_of "$process")" ] || return 0
    binary=$(binary_of "$process")
    [ -x "$binary" ] || stop_with "$binary is not there; build first: cmake --build --preset release"
    # fd 9 is the stack's lock: no process may inherit it. The file is for tests/fault; other builds do not look at it.
    VEKHA_CRASH_FILE=$folder/crash/$process setsid "$binary" "$folder/etc/$process.conf" >>"$folder/log/$process.log" 2>&1 </dev/null 9>&- &
    echo $! >"$folder/pid/$process"
    disown
}

# wait_ready SECONDS PROCESS...: polls /readyz of each. A process that has died is told at once; the others may only
# be waiting for it.
wait_ready() {
    local deadline=$((SECONDS + $1)) process dead waiting
    shift
    waiting=("$@")
    while [ ${#waiting[@]} -gt 0 ]; do
        is_ready "${waiting[0]}" && waiting=("${waiting[@]:1}") && continue
        dead=
        for process in "${waiting[@]}"; do
            ! has_died "$process" || dead=$process
        done
        if [ -n "$dead" ] || [ "$SECONDS" -ge "$deadline" ]; then
            process=${dead:-${waiting[0]}}
            echo "$process $([ -n "$dead" ] && echo 'has stopped' || echo 'is not ready'); the end of $folder/log/$process.log:" >&2
            tail -n 20 "$folder/log/$process.log" >&2
            return 1
        fi
        sleep 0.02
    done
}

# stop_processes SECONDS PROCESS...: SIGTERM to all, then SIGKILL to those that outlive the deadline.
stop_processes() {
    local deadline=$((SECONDS + $1)) process pid slow=0
    shift
    local -A pids=()
    for process in "$@"; do
        pid=$(pid_of "$process")
        [ -z "$pid" ] || { pids[$process]=$pid && kill -TERM "$pid" 2>/dev/null; } || true
    done
    for process in "${!pids[@]}"; do
        while [ -n "$(pid_of "$process")" ] && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.02; done
        if [ -n "$(pid_of "$process")" ]; then
            echo "$process did not stop in time: killed" >&2
            kill -KILL "${pids[$process]}" 2>/dev/null || true
            slow=1
        fi
        rm -f "$folder/pid/$process"
    done
    return $slow
}

kill_process() {
    local pid
    pid=$(pid_of "$1")
    [ -n "$pid" ] || stop_with "$1 is not running"
    kill -KILL "$pid"
    while [ -e "/proc/$pid/exe" ] && readlink "/proc/$pid/exe" >/dev/null 2>&1; do sleep 0.01; done
    rm -f "$folder/pid/$1"
}

# Of what runs: older than its binary or its configuration.
is_outdated() {
    [ "$(binary_of "$1")" -nt "$folder/pid/$1" ] || [ "$folder/etc/$1.conf" -nt "$folder/pid/$1" ]
}

start_mail_catcher() {
    [ "${setting[mail_catcher]:-}" = on ] || return 0
    setting[mail]=smtp://127.0.0.1:$((setting[port] + 9))
    local pid=
    [ -s "$folder/pid/mail" ] && read -r pid <"$folder/pid/mail"
    if [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder/mail"; then return 0; fi
    mkdir -p "$folder/mail"
    setsid /usr/bin/python3 "$root/tests/support/smtp.py" $((setting[port] + 9)) "$folder/mail" \
        >>"$folder/log/mail.log" 2>&1 </dev/null 9>&- &
    echo $! >"$folder/pid/mail"
    disown
}

stop_mail_catcher() {
    local pid
    [ -s "$folder/pid/mail" ] || return 0
    read -r pid <"$folder/pid/mail"
    if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder/mail"; then
        kill -TERM "$pid" 2>/dev/null || true
        while [ -e "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$folder/mail"; do sleep 0.02; done
    fi
    rm -f "$folder/pid/mail"
}
