#!/usr/bin/python3
"""Shows that the matrix can fail: takes one guard after another out of a copy of the source, and looks for the figure.

tests/fault/guards.py [--only NAME,...] [--list]. Each: a build of a copy with the preset fault, then a cell or two; fails
when the column that must not be zero is. Not part of the test run: it takes minutes.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from source_copy import choose, copy_source, put_back, take_out  # noqa: E402


@dataclass(frozen=True)
class Guard:
    name: str
    column: str
    cells: str
    edits: tuple  # (file, what stands there, what stands there instead)


INBOX = "common/service/inbox_thread.c"
POSITION_FIRST = """    if (count > 0 && first + count - 1 > position &&
        runtime_move_position(inbox->db, stream->name, first + count - 1) == STATUS_OK &&
        db_commit(inbox->db) == STATUS_OK && db_begin(inbox->db) != STATUS_OK)
        return STATUS_LOST;
    crash_point("inbox:before_effect");
"""
BATCH = "common/service/batch.c"
COMMIT_LATER = """    if (db_in_transaction(db) && db_commit(db) != STATUS_OK)
        db_rollback(db);
    enum status status = db_begin(db);
"""
COMMIT_OF_SAVES_LATER = """        status = strcmp(calls[0]->contract->name, "submissions.SaveValue") == 0 ? STATUS_OK : db_commit(db);
"""
COMMIT_AT_LAST = """    crash_point("command:replied");
    if (db_in_transaction(worker->db) && db_commit(worker->db) != STATUS_OK)
        db_rollback(worker->db);
"""
COLUMNS = ["lost", "doubled", "phantom", "out_of_order", "rights_violations", "reports_differ", "answers_differ",
           "unexplained", "wordless"]
RECORD = "AS record (key, account_id, request, reply)"
GUARDS = [
    Guard("position-before-effect", "lost", "inbox:before_position@submissions",
          ((INBOX, '    crash_point("inbox:before_effect");\n', POSITION_FIRST),)),
    Guard("position-before-effect-of-reports", "reports_differ", "inbox:before_position@reporting",
          ((INBOX, '    crash_point("inbox:before_effect");\n', POSITION_FIRST),)),
    Guard("commit-before-reply", "lost", "command:replied@submissions",
          ((BATCH, "    enum status status = db_begin(db);\n", COMMIT_LATER),
           (BATCH, "        status = db_commit(db);\n", COMMIT_OF_SAVES_LATER),
           ("common/service/worker_thread.c", '    crash_point("command:replied");\n', COMMIT_AT_LAST))),
    Guard("record-with-effect", "doubled", "command:before_reply@auth",
          (("common/service/runtime_store.c", RECORD, RECORD + " WHERE false"),)),
    Guard("answer-of-the-record", "phantom", "command:before_reply@submissions",
          ((BATCH, "if (strcmp(found[i].request_hex, held->request_hex) != 0)",
            "if (strcmp(found[i].request_hex, held->request_hex) == 0)"),)),
    Guard("numbers-in-order", "out_of_order", "freeze:publisher:before_commit@submissions",
          (("common/service/runtime_store.c", "sum(event_count) OVER (ORDER BY position)",
            "sum(event_count) OVER (ORDER BY position DESC)"),)),
    Guard("scope-of-the-caller", "rights_violations", "kill@submissions",
          (("common/service/call.c", "        return call->principal->organisation_path;\n", '        return "*";\n'),)),
    Guard("words-of-a-failure", "wordless", "gateway:request_sent@gateway,stop@postgresql",
          (("services/gateway/problem.c", '"detail"', '"details"'),)),
]


def build(folder):
    targets = [f"vekha-{name}" for name in ("keys", "pdf-check", "broker", "gateway", "auth", "submissions", "review",
                                            "files", "reporting", "deadlines")]
    for line in (["cmake", "--preset", "fault"], ["cmake", "--build", "--preset", "fault", "--target", *targets]):
        done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(done.stdout[-3000:] + done.stderr)


def play(folder, guard):
    report = folder / "fault.json"
    done = subprocess.run([sys.executable, "-B", str(ROOT / "tests" / "fault" / "fault.py"), "--only", guard.cells,
                           "--build", str(folder / "build" / "fault"), "--report", str(report)],
                          capture_output=True, text=True, check=False)
    if not report.exists():
        raise SystemExit(done.stdout + done.stderr)
    figures = json.loads(report.read_text(encoding="utf-8"))
    return figures, done.returncode


def is_seen(folder, guard):
    take_out(folder, guard.edits)
    build(folder)
    figures, code = play(folder, guard)
    for name, _, _ in guard.edits:
        put_back(folder, name)
    seen = figures[guard.column] > 0 and code != 0
    counts = ", ".join(f"{name} {figures[name]}" for name in COLUMNS if figures[name])
    print(f"without {guard.name}, {guard.cells}: {counts or 'nothing found'}"
          f"{'' if seen else '   <- ' + guard.column + ' IS ZERO'}", flush=True)
    if figures["not_run"]:
        print(f"    not run: {', '.join(figures['not_run'])}", flush=True)
    if figures["findings"]:
        print(f"    {figures['findings'][0]['kind']}: {figures['findings'][0]['text']}", flush=True)
    return seen


def main():
    chosen = choose(GUARDS, __doc__.splitlines()[0], lambda guard: f"{guard.name}: {guard.column} in {guard.cells}")
    if not chosen:
        return
    with tempfile.TemporaryDirectory(prefix="vekha-guards-") as temporary:
        copy_source(pathlib.Path(temporary))
        unseen = [guard.name for guard in chosen if not is_seen(pathlib.Path(temporary), guard)]
    sys.exit(1 if unseen else 0)


if __name__ == "__main__":
    main()
