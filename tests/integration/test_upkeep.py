"""What a service does for itself: says when its database is away, and forgets the replies nobody will ask for again."""
from builders import item
from stack import SERVICES
from waiting import eventually, never


def test_a_service_without_its_database_is_not_ready(own_stack):
    own_stack.run("stop-database", "immediate")
    try:
        eventually(lambda: not any(own_stack.is_ready(service) for service in SERVICES), what="not ready")
        assert own_stack.is_ready("broker-1")
    finally:
        own_stack.run("start-database")
    eventually(lambda: all(own_stack.is_ready(service) for service in SERVICES), what="ready again")


def test_old_replies_are_forgotten_and_young_ones_kept(own_stack, own_world):
    region = own_world.region(schools=1)
    own_world.open_round(region, [item("one")], organisations=1)
    author = own_world.respondent(region.schools[0])
    own_world.save(author, own_world.assignment(author, "one"), "5")
    kept = own_stack.value("submissions", "SELECT count(*) FROM idempotency")
    assert kept > 0
    # More than one slice of old ones.
    own_stack.rows("submissions", """INSERT INTO idempotency (key, account_id, request_sha256, reply, created_at)
        SELECT gen_random_uuid(), gen_random_uuid(), '', '', now() - interval '31 days' FROM generate_series(1, 4500)""")
    own_stack.stop("submissions")
    own_stack.start("submissions")
    eventually(lambda: own_stack.value("submissions", "SELECT count(*) FROM idempotency") == kept, what="forgotten")
    never(lambda: own_stack.value("submissions", "SELECT count(*) FROM idempotency") < kept)
