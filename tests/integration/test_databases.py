"""One database and one login role per service: who may read what, whatever a service's code would try."""
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
    password = (stack.folder / "secrets" / f"{service}.pgpass").read_text().strip().rsplit(":", 1)[1]
    for other in [*SERVICES, "postgres", "template1"]:
        if other == service:
            continue
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            psycopg2.connect(host=stack.settings["socket"], user=service, dbname=other, password=password)


def test_password_is_needed(stack):
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=stack.settings["socket"], user="auth", dbname="auth", password="wrong")


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
