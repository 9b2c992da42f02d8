"""kill -9 of submissions, one broker and the gateway while 16 clients work: nothing acknowledged is lost or doubled.

The short variant of scripts/fault, which does the same with every process and PostgreSQL.
"""
import os
import pathlib
import secrets
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "fault"))

from fault import Run, is_good, table  # noqa: E402

COMMANDS = 300


def test_a_killed_process_loses_and_doubles_nothing():
    build = os.environ.get("VEKHA_TEST_BUILD") or ROOT / "build" / "debug"
    report = Run(secrets.token_hex(4), COMMANDS, ["submissions", "broker-1", "gateway"], build).execute()
    assert is_good(report, COMMANDS), table(report)
