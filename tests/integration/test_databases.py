"""One database and one login role per service: who may read what, whatever a service's code would try."""
import os
import subprocess

import psycopg2
import pytest
from stack import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_role_has_no_power_beyond_its_database(stack, service):
    role = stack.rows("postgres", "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
                      " FROM pg_roles WHERE rolname = %s", service)[0]
    assert not any(role.values())
    assert stack.value("postgres", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s",
                       service) == service


@pytest.mark.parametrize("service", SERVICES)
def test_other_databases_are_closed(stack, service):
    for other in [*SERVICES, "postgres", "template1"]:
        if other == service:
            continue
        with pytest.raises(psycopg2.OperationalError, match="permission denied|no pg_hba.conf entry"):
            psycopg2.connect(host=stack.settings["socket"], user=service, dbname=other)


def test_another_user_of_the_machine_does_not_come_in(stack):
    """Not even through the socket's folder; through it, the kernel's word for who asks would be refused."""
    become = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else ["sudo", "-n", "-u", "nobody"]
    psql = ["psql", "-h", stack.settings["socket"], "-U", "auth", "-d", "auth", "-c", "SELECT 1"]
    assert subprocess.run(psql, capture_output=True, check=False).returncode == 0
    refused = subprocess.run(become + psql, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "Permission denied" in refused.stderr or "Peer authentication failed" in refused.stderr, refused.stderr


# Read before anybody is known, or common to all territories: the login, the programmes, participants by their codes.
WITHOUT_WALL = {"auth": {"account"}, "submissions": {"programme", "organisation"}}


@pytest.mark.parametrize("service", SERVICES)
def test_rows_with_a_territory_have_a_second_wall(stack, service):
    """Every table that carries a path has row-level security, forced for its owner too."""
    tables = stack.rows(service, """
        SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS walled
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public' AND EXISTS (
            SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
            AND a.attname IN ('path', 'organisation_path', 'territory_path'))""")
    open_tables = {table["name"] for table in tables if not table["walled"]}
    assert open_tables <= WITHOUT_WALL.get(service, set()), open_tables


@pytest.mark.parametrize("service", SERVICES)
def test_without_a_scope_nothing_is_seen(stack, world, service):
    """The wall itself: the service's own role, no scope set, no row of any walled table."""
    world.region(schools=1)
    connection = stack.as_service(service)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                           " WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public' AND c.relforcerowsecurity")
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                assert cursor.fetchone()[0] == 0, table
    finally:
        connection.close()


def test_pages_carry_checksums(stack):
    assert stack.value("postgres", "SHOW data_checksums") == "on"
    assert stack.value("postgres", "SHOW listen_addresses") == ""


@pytest.mark.parametrize("path, scope, is_inside", [
    ("74.12", "*", True), ("74.12", "74", True), ("74", "74", True), ("741.2", "74", False), ("74", "74.12", False),
    ("74.12", "", False),
    # Of several callers whose commands are carried out together.
    ("74.12.0345", ",74.12.0345,74.13,", True), ("74.13.0001", ",74.12.0345,74.13,", True),
    ("74.13", ",74.12.0345,74.13,", True), ("74.12", ",74.12.0345,74.13,", False), ("74.130", ",74.12,74.13,", False),
    ("74.12.03", ",74.12.0345,74.13,", False), ("4.13", ",74.12,74.13,", False), ("75", ",74.12,74.13,", False),
])
def test_the_wall_knows_what_lies_inside(stack, path, scope, is_inside):
    assert stack.value("submissions", "SELECT vekha_in_scope(%s, %s)", path, scope) is is_inside
