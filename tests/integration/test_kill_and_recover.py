"""A few cells of the fault matrix: processes die at points where something could get lost, and nothing does.

The whole matrix is scripts/fault.
"""
import os
import pathlib
import secrets
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "fault"))

import cells  # noqa: E402
import crash_points  # noqa: E402
from fault import Run, is_good, table  # noqa: E402

CELLS = ["command:before_commit@submissions", "command:before_reply@submissions", "inbox:before_position@reporting",
         "publisher:before_publish@review", "broker:before_reply@broker-1", "gateway:before_answer@gateway",
         "mail:before_mark@deadlines"]


def test_a_process_that_dies_at_a_bad_moment_loses_and_doubles_nothing():
    build = pathlib.Path(os.environ.get("VEKHA_TEST_BUILD") or ROOT / "build" / "asan")
    if not crash_points.are_in(build):
        pytest.skip("this build has no crash points: use the presets asan or fault")
    report = Run(secrets.token_hex(4), cells.choose(CELLS), build, per_cell=90, client_count=8).execute()
    assert is_good(report, in_time=False), table(report)


def test_what_is_delivered_has_no_crash_points():
    release = ROOT / "build" / "release"
    if not (release / "bin" / "vekha-submissions").exists():
        pytest.skip("there is no release build here")
    assert not crash_points.are_in(release)
