# shellcheck shell=bash disable=SC2154
# Calls of the HTTP interface with curl and jq. Sourced by scripts/demo-load and scripts/walk; needs $address.

token=

# api VERB PATH [JSON or @FILE] [curl options]: prints the answer's body; an answer of 4xx or 5xx ends the script.
api() {
    local verb=$1 path=$2 body=${3:-} answer code
    shift $(($# < 3 ? $# : 3))
    local options=(-sS --max-time 60 -X "$verb" -H "Accept-Language: ru")
    [ -z "$token" ] || options+=(-H "Authorization: Bearer $token")
    [ "$verb" = GET ] || options+=(-H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)")
    [ -z "$body" ] || options+=(-H "Content-Type: application/json" --data-binary "$body")
    answer=$(curl "${options[@]}" "$@" -w '\n%{http_code}' "$address$path") || return 1
    code=${answer##*$'\n'}
    answer=${answer%$'\n'*}
    if [ "$code" -ge 400 ]; then
        echo "$verb $path: $code $(jq -r '[.code, .detail, (.violations // [] | map("\(.field): \(.message)") | join("; "))]
            | join(" ")' <<<"$answer" 2>/dev/null || echo "$answer")" >&2
        return 1
    fi
    printf '%s\n' "$answer"
}

take_session() { token=$(jq -er .accessToken <<<"$1"); }

# log_in LOGIN PASSWORD
log_in() {
    local reply
    token=
    reply=$(api POST /api/v1/session "$(jq -nc --arg l "$1" --arg p "$2" '{login: $l, password: $p}')") || return 1
    take_session "$reply"
}

# change_password OLD NEW
change_password() {
    local reply
    reply=$(api POST /api/v1/session:changePassword \
        "$(jq -nc --arg o "$1" --arg n "$2" '{currentPassword: $o, newPassword: $n}')") || return 1
    take_session "$reply"
}

# save_profile FAMILY GIVEN MIDDLE POSITION PHONE EMAIL
save_profile() {
    local reply
    reply=$(api PUT /api/v1/profile "$(jq -nc '$ARGS.positional | {familyName: .[0], givenName: .[1],
        middleName: .[2], position: .[3], phone: .[4], email: .[5]}' --args "$@")") || return 1
    take_session "$reply"
}

random_password() { printf 'Demo-%s\n' "$(head -c 9 /dev/urandom | base64 | tr '+/' '-_')"; }
