# shellcheck shell=bash disable=SC2154
# The stack's private PostgreSQL cluster: Unix socket only, one database and one login role per service.
# Sourced by scripts/stack.

postgres_programs() {
    local candidate
    for candidate in /usr/lib/postgresql/*/bin; do [ -x "$candidate/initdb" ] && found=$candidate; done
    [ -n "${found:-}" ] || stop_with "PostgreSQL is not installed; run scripts/install"
    echo "$found"
}

# PostgreSQL refuses to run as root; then it runs as the packaged user. fd 9 is the stack's lock: not for servers.
as_database_user() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups -- env HOME=/tmp "$@" 9>&-)
    else
        "$@" 9>&-
    fi
}

# Where the cluster lives: in the stack's folder when the database user can get there, else under /var/tmp.
choose_cluster_folder() {
    [ -n "${setting[cluster]:-}" ] && return 0
    local name
    name=vekha-$(printf '%s' "$folder" | sha256sum | cut -c1-12)
    if as_database_user test -x "$folder" 2>/dev/null && [ "${#folder}" -le 80 ]; then
        setting[cluster]=$folder/postgres
        setting[socket]=$folder/socket
    else
        setting[cluster]=/var/tmp/$name/postgres
        setting[socket]=/var/tmp/$name/socket
    fi
    mkdir -p "$(dirname "${setting[cluster]}")" "${setting[cluster]}" "${setting[socket]}"
    chmod 711 "$(dirname "${setting[cluster]}")"
    chmod 700 "${setting[cluster]}"
    if [ "$(id -u)" -eq 0 ]; then chown postgres: "${setting[cluster]}" "${setting[socket]}"; fi
    save_settings
}

socket_folder() { echo "${setting[socket]}"; }

# A superuser's session on the cluster, for setting up and for tests' oracles: stack_sql DATABASE [psql options]
stack_sql() {
    local database=$1
    shift
    psql -X -q -v ON_ERROR_STOP=1 -h "${setting[socket]}" -U postgres -d "$database" "$@"
}

create_cluster() {
    [ -s "${setting[cluster]}/PG_VERSION" ] && return 0
    echo "creating the database cluster"
    as_database_user "$programs/initdb" --pgdata="${setting[cluster]}" --username=postgres --auth=reject \
        --data-checksums --encoding=UTF8 --locale=C.UTF-8 --no-instructions >"$folder/log/initdb.log" ||
        stop_with "initdb failed; see $folder/log/initdb.log"
    as_database_user tee "${setting[cluster]}/pg_hba.conf" >/dev/null <<'HBA'
local all postgres peer map=owner
local sameuser all peer map=services
HBA
    # "unit" is a role that scripts/test alone makes, for the database library's own tests.
    as_database_user tee "${setting[cluster]}/pg_ident.conf" >/dev/null <<IDENT
owner postgres postgres
owner $(id -un) postgres
$(printf "services $(id -un) %s\n" "${database_services[@]}" unit)
IDENT
    as_database_user tee -a "${setting[cluster]}/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '${setting[socket]}'
max_connections = 200
shared_buffers = 128MB
random_page_cost = 1.1
max_wal_size = 2GB
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
lc_messages = 'C'
include = 'vekha.conf'
CONF
    as_database_user touch "${setting[cluster]}/vekha.conf"
}

start_cluster() {
    programs=$(postgres_programs)
    choose_cluster_folder
    create_cluster
    as_database_user "$programs/pg_ctl" status -D "${setting[cluster]}" >/dev/null 2>&1 && return 0
    # Without fsync only tests run: what a killed process leaves is the same, a power cut is not tested there.
    as_database_user tee "${setting[cluster]}/vekha.conf" >/dev/null <<CONF
fsync = ${setting[fsync]}
full_page_writes = ${setting[fsync]}
CONF
    as_database_user "$programs/pg_ctl" start --silent --wait --timeout=60 -D "${setting[cluster]}" \
        -l "${setting[cluster]}/server.log" ||
        stop_with "PostgreSQL did not start; see ${setting[cluster]}/server.log"
}

# stop_cluster [fast|immediate]
stop_cluster() {
    [ -n "${setting[cluster]:-}" ] && [ -s "${setting[cluster]}/PG_VERSION" ] || return 0
    programs=$(postgres_programs)
    as_database_user "$programs/pg_ctl" status -D "${setting[cluster]}" >/dev/null 2>&1 || return 0
    as_database_user "$programs/pg_ctl" stop --silent --wait --timeout=60 --mode="${1:-fast}" -D "${setting[cluster]}"
}

# The owner of a database is its service: it may change its own tables, and sees no other database. The socket is for one
# user of this machine, whom the kernel names: no password that could be lost. The comment says that all was done.
create_databases() {
    local service made
    made=$(stack_sql postgres -At -c "SELECT datname FROM pg_database WHERE shobj_description(oid, 'pg_database') = 'made'")
    for service in "${database_services[@]}"; do
        [[ $'\n'$made$'\n' == *$'\n'$service$'\n'* ]] && continue
        stack_sql postgres <<SQL
SET client_min_messages = warning;
DROP DATABASE IF EXISTS $service;
DROP ROLE IF EXISTS $service;
CREATE ROLE $service LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
CREATE DATABASE $service OWNER $service;
REVOKE ALL ON DATABASE $service FROM PUBLIC;
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
COMMENT ON DATABASE $service IS 'made';
SQL
    done
}
