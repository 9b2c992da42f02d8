"""Sending for review and accepting, 32 connections, beside pgbench.

submit_c32 and verdict_c32: until the answer, beside the rows of the command's own transaction (limit_submit.sql,
limit_accept.sql). The two _settled: until review, submissions, reporting, files and deadlines have applied everything,
beside all rows of that in one transaction."""
import time

from harness import cpu_per_request, median_of, say
from waiting import eventually

NAME = "acts"
FIGURES = ["submit_c32", "submit_c32_settled", "verdict_c32", "verdict_c32_settled"]
CONNECTIONS = 32
SECONDS_MAX = 4  # answers are used up; there are ROUNDS * ROUND_ITEMS * 84 of them
ROUNDS, ROUND_ITEMS = 2, 200
CELL_STATES = ["empty", "draft", "in_review", "accepted", "rejected"]
CONSUMERS = {"submissions": ["review", "reporting", "deadlines", "files"], "review": ["submissions"]}


def acts_of(bench):
    """The rounds with answers to send: made at the first call."""
    if not hasattr(bench, "acts"):
        bench.acts = Acts(bench)
    return bench.acts


class Acts:
    def __init__(self, bench):
        self.bench = bench
        self.seconds = min(bench.seconds, SECONDS_MAX)
        self.rounds = [bench.open_round(ROUND_ITEMS, f"act-{number}")["roundId"] for number in range(ROUNDS)]
        self.operator = bench.world.operator(bench.region.code)
        self.settle()
        self.fill_queue()

    # ---- the answers, brought to where the acts begin as everybody's earlier acts would have left them

    def fill_queue(self):
        """An entry for every answer, as if each had been sent before."""
        answers = self.bench.stack.rows("submissions", """
            SELECT a.assignment_id::text AS id, a.organisation_id::text AS organisation, a.organisation_path AS path,
              i.round_id::text AS round, i.item_id::text AS item
            FROM assignment a JOIN round_item i USING (round_item_id) WHERE i.round_id = ANY (%s::uuid[])""",
                                        self.rounds)
        columns = [[row[name] for row in answers] for name in ("id", "organisation", "path", "round", "item")]
        self.bench.stack.rows("review", """
            INSERT INTO entry (assignment_id, version, state, programme_code, round_id, item_id, section_title, question,
              value_kind, value, document_ids, document_names, document_sizes, document_pages, organisation_id,
              organisation_path, sent_at, closed_at)
            SELECT id, 0, 'withdrawn', 'bench', round, item, 'Раздел 1', 'Вопрос', 'number', '10', '{}', '{}', '{}', '{}',
              organisation, path, clock_timestamp(), clock_timestamp()
            FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[])
              AS answer (id, organisation, path, round, item)""", *columns)

    def bring_to(self, state):
        """ready: written, not sent. in_review: sent, waiting in the queue."""
        stack = self.bench.stack
        version = 1 + stack.value("submissions", "SELECT max(version) FROM assignment")
        stack.rows("submissions", """
            UPDATE assignment a SET state = %s, value = '10', version = %s, saved_at = clock_timestamp(),
              sent_at = clock_timestamp()
            FROM round_item i WHERE i.round_item_id = a.round_item_id AND i.round_id = ANY (%s::uuid[])""",
                   state, version, self.rounds)
        stack.rows("review", """
            UPDATE entry SET state = CASE WHEN %s = 'ready' THEN 'withdrawn' ELSE 'waiting' END, version = %s,
              sent_at = clock_timestamp(), closed_at = CASE WHEN %s = 'ready' THEN clock_timestamp() END
            WHERE round_id = ANY (%s::uuid[])""", state, version, state, self.rounds)
        cell_state = {"ready": "draft"}.get(state, state)
        counts = ", ".join(f"{name} = {'total' if name == cell_state else 0}" for name in CELL_STATES)
        stack.rows("reporting", f"""
            WITH moved AS (UPDATE cell SET state = '{cell_state}' WHERE round_id = ANY (%s::uuid[]))
            UPDATE counter SET {counts} WHERE round_id = ANY (%s::uuid[])""", self.rounds, self.rounds)
        for service, table in (("submissions", "assignment"), ("review", "entry"), ("reporting", "cell, counter")):
            self.bench.sql(service, f"VACUUM ANALYZE {table}")

    def ready_answers(self):
        return self.bench.write_answers(self.rounds, "ready")

    def waiting_entries(self):
        rows = self.bench.stack.rows("review", """
            SELECT assignment_id::text AS id, version, organisation_path AS path FROM entry WHERE state = 'waiting'
            AND round_id = ANY (%s::uuid[]) ORDER BY assignment_id""", self.rounds)
        return self.bench.write_targets(rows, lambda row: self.operator.token)

    # ---- until everybody has heard of everything

    def lag(self):
        stack = self.bench.stack
        waiting = sum(stack.value(service, "SELECT count(*) FROM outbox") for service in
                      ("submissions", "review", "reporting"))
        for owner, consumers in CONSUMERS.items():
            head = stack.value(owner, "SELECT coalesce(max(first_number + event_count - 1), 0) FROM stream")
            for consumer in consumers:
                heard = stack.value(consumer, "SELECT number FROM inbox_position WHERE stream = %s", owner)
                waiting += head - (heard or 0)
        return waiting

    def settle(self):
        eventually(lambda: self.lag() == 0, within=120, every=0.01, what="all events are applied")

    # ---- slices

    def limit(self, script):
        self.bench.checkpoint()
        return self.bench.pgbench(CONNECTIONS, script, self.seconds)

    def act(self, name, targets):
        self.bench.checkpoint()
        with self.bench.usage() as used:
            result = self.bench.wrk(CONNECTIONS, "act.lua", name, targets, seconds=self.seconds)
            started = time.monotonic()
            self.settle()
            settling = time.monotonic() - started
        result["settled_rate"] = result["requests"] / (result["duration_us"] / 1e6 + settling)
        result["settling_s"] = settling
        result["cpu"] = {**used.cpu, "generator": used.generator_s}
        self.bench.warn_of_strangers(name, used)
        return result

    def prove(self, name, result, done):
        if result["errors"] or done < result["requests"]:
            raise SystemExit(f"{name} slice is not honest: {result}, done {done}; were there too few answers?")

    def submit(self):
        count = "SELECT count(*) FROM history WHERE act = 'sent'"
        self.bring_to("ready")
        targets = self.ready_answers()
        before = self.bench.stack.value("submissions", count)
        result = self.act("submit", targets)
        self.prove("submit", result, self.bench.stack.value("submissions", count) - before)
        return result

    def accept(self):
        count = "SELECT count(*) FROM verdict"
        self.operator.refresh()
        self.bring_to("in_review")
        targets = self.waiting_entries()
        before = self.bench.stack.value("review", count)
        result = self.act("accept", targets)
        self.prove("accept", result, self.bench.stack.value("review", count) - before)
        return result


def add(bench, name, results, target):
    """results: (ours, limit of the command alone, limit of everything) of each round."""
    ours = [mine for mine, _, _ in results]
    bench.add_pairs(name, [(mine["rate"], limit["rate"]) for mine, limit, _ in results], "/s", target,
                    p50_us=median_of(ours, "p50_us"), p99_us=median_of(ours, "p99_us"), cpu_us=cpu_per_request(ours),
                    settling_s=median_of(ours, "settling_s"))
    bench.add_pairs(f"{name}_settled", [(mine["settled_rate"], limit["rate"]) for mine, _, limit in results], "/s", "")


def measure(bench):
    bench.refresh_tokens()
    acts = acts_of(bench)
    sent, judged = [], []
    for _ in range(bench.pairs):
        bench.refresh_tokens()
        sent.append((acts.limit("limit_submit.sql"), acts.submit(), acts.limit("limit_submit_settled.sql")))
        judged.append((acts.limit("limit_accept.sql"), acts.accept(), acts.limit("limit_accept_settled.sql")))
        for name, (limit, mine, all_rows) in (("submit", sent[-1]), ("verdict", judged[-1])):
            say(f"{name}_c32 {mine['rate']:.0f} / {limit['rate']:.0f} per s, p99 {mine['p99_us']} us;"
                f" settled {mine['settled_rate']:.0f} / {all_rows['rate']:.0f}")
    add(bench, "submit_c32", [(mine, limit, everything) for limit, mine, everything in sent], ">= 0.7")
    add(bench, "verdict_c32", [(mine, limit, everything) for limit, mine, everything in judged], ">= 0.7")
