# shellcheck shell=bash disable=SC2154
# What a stack is made of: its processes, their ports, their configuration files. Sourced by scripts/stack.

readonly database_services=(auth submissions review files reporting deadlines)
readonly process_kinds=(broker-1 broker-2 gateway "${database_services[@]}")

stop_with() {
    echo "scripts/stack: $*" >&2
    exit 1
}

# Settings survive between calls in <folder>/settings, one key=value a line.
load_settings() {
    declare -gA setting=([port]="${VEKHA_PORT:-8074}" [build]="$root/build/release" [fsync]=on [level]=info [mail]="")
    declare -gA replicas=() extra=()
    local key value
    [ -f "$folder/settings" ] || return 0
    while IFS='=' read -r key value; do
        case $key in
            replicas.*) replicas[${key#replicas.}]=$value ;;
            extra.*) extra[${key#extra.}]=$value ;;
            *) setting[$key]=$value ;;
        esac
    done <"$folder/settings"
}

save_settings() {
    local key
    {
        for key in "${!setting[@]}"; do echo "$key=${setting[$key]}"; done
        for key in "${!replicas[@]}"; do echo "replicas.$key=${replicas[$key]}"; done
        for key in "${!extra[@]}"; do echo "extra.$key=${extra[$key]}"; done
    } | sort >"$folder/settings.new"
    mv "$folder/settings.new" "$folder/settings"
}

# All processes in the order they start: brokers, services with their replicas, gateway last.
list_processes() {
    local kind number
    for kind in broker-1 broker-2; do echo "$kind"; done
    for kind in "${database_services[@]}" gateway; do
        echo "$kind"
        for ((number = 2; number <= ${replicas[$kind]:-1}; number++)); do echo "$kind.$number"; done
    done
}

# submissions.2 -> submissions; broker-1 -> broker
kind_of() {
    local kind=${1%%.*}
    echo "${kind%-[12]}"
}

binary_of() { echo "${setting[build]}/bin/vekha-$(kind_of "$1")"; }

# Ports from <port> on: gateway +0, brokers +1..+6, the feed +7 and +8, mail catcher +9, health +10 (replica 2: +20, and so on).
health_port_of() {
    local process=$1 slot=0 replica=1 kind
    [ "${process%.*}" = "$process" ] || replica=${process##*.}
    for kind in "${process_kinds[@]}"; do
        [ "$kind" = "${process%%.*}" ] && break
        slot=$((slot + 1))
    done
    echo $((setting[port] + 10 * replica + slot))
}

gateway_port_of() {
    local replica=1
    [ "${1%.*}" = "$1" ] || replica=${1##*.}
    # Replicas of the gateway listen beside the health ports: +19 for the second, +29 for the third.
    [ "$replica" -eq 1 ] && echo "${setting[port]}" || echo $((setting[port] + 10 * replica - 1))
}

broker_list() { echo "127.0.0.1:$((setting[port] + 1)),127.0.0.1:$((setting[port] + 4))"; }

# Of all replicas (reporting.KEY) or of this one (reporting.2.KEY).
write_extras() {
    local key
    for key in "${!extra[@]}"; do
        case $key in
            "$2".[a-z]*) echo "${key#"$2".} = ${extra[$key]}" ;;
            "$1".[a-z]*) echo "${key#"$1".} = ${extra[$key]}" ;;
        esac
    done | sort
}

# The cabinet that scripts/build-web has built beside the binaries; its folder's name changes with its content.
print_web_folder() {
    local web
    for web in "$(dirname "${setting[build]}")"/web/*/; do
        [ ! -e "$web/index.html" ] || echo "web_folder = ${web%/}"
    done | tail -n 1
}

# The door for regional dashboards, of the first two replicas.
print_feed() {
    local replica=1
    [ "${setting[feed]:-}" = on ] || return 0
    [ "${1%.*}" = "$1" ] || replica=${1##*.}
    [ "$replica" -gt 2 ] || echo "feed_listen = 127.0.0.1:$((setting[port] + 6 + replica))"
}

print_config() {
    local process=$1 kind
    kind=$(kind_of "$process")
    echo "keys_folder = $folder/keys"
    echo "health_port = $(health_port_of "$process")"
    echo "log_level = ${setting[level]}"
    case $kind in
        broker)
            echo "listen = 127.0.0.1:$((setting[port] + 1 + 3 * (${process#broker-} - 1)))"
            echo "clock_offset_file = $folder/clock"
            ;;
        gateway)
            echo "brokers = $(broker_list)"
            echo "clock_offset_file = $folder/clock"
            echo "listen = 127.0.0.1:$(gateway_port_of "$process")"
            echo "token_key = $folder/keys/public/token.pub"
            print_web_folder
            ;;
        *)
            echo "brokers = $(broker_list)"
            echo "clock_offset_file = $folder/clock"
            echo "token_key = $folder/keys/public/token.pub"
            echo "dsn = host='$(socket_folder)' dbname=$kind user=$kind"
            ;;
    esac
    case $kind in
        auth)
            echo "token_secret = $folder/keys/token.secret"
            echo "bootstrap_file = $folder/secrets/administrator"
            ;;
        files) echo "blob_folder = $folder/blobs" ;;
        reporting) print_feed "$process" ;;
        deadlines)
            echo "cabinet_address = http://127.0.0.1:${setting[port]}"
            [ -z "${setting[mail]}" ] || echo "smtp_url = ${setting[mail]}"
            ;;
    esac
    write_extras "$kind" "$process"
}

# Leaves an unchanged file alone: a newer configuration than its process means a restart.
write_config() {
    local file=$folder/etc/$1.conf
    print_config "$1" >"$file.new"
    if cmp -s "$file.new" "$file"; then rm "$file.new"; else mv "$file.new" "$file"; fi
}
