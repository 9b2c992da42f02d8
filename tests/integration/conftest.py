"""One running system for all tests of a session, and one of their own for those that break things."""
import os
import pathlib
import sys
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from builders import World  # noqa: E402
from stack import Stack  # noqa: E402


def first_port():
    return int(os.environ.get("VEKHA_PORT", "8074")) + 100


@pytest.fixture(scope="session")
def stack():
    """The one that ctest keeps running (VEKHA_TEST_STACK), else one for this session alone."""
    folder = os.environ.get("VEKHA_TEST_STACK")
    if folder:
        running = Stack(folder)
        yield running
        running.close()
        return
    with tempfile.TemporaryDirectory(prefix="vekha-test-") as temporary:
        running = Stack.create(pathlib.Path(temporary) / "stack", first_port())
        try:
            yield running
        finally:
            running.remove()


@pytest.fixture(scope="module")
def own_stack():
    """A fresh system for one file: to kill, to fill, to move its clock."""
    with tempfile.TemporaryDirectory(prefix="vekha-test-") as temporary:
        running = Stack.create(pathlib.Path(temporary) / "stack", first_port() + 100)
        try:
            yield running
        finally:
            running.remove()


@pytest.fixture(scope="session")
def world(stack):
    made = World(stack)
    yield made
    made.close()


@pytest.fixture(scope="module")
def own_world(own_stack):
    made = World(own_stack)
    yield made
    made.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows the end of every process's log; a sanitizer's report fails the test it came in."""
    outcome = yield
    report = outcome.get_result()
    if report.when != "call":
        return
    running = item.funcargs.get("own_stack") or item.funcargs.get("stack")
    if running is None:
        return
    trouble = running.trouble()
    if trouble and report.passed:
        report.outcome = "failed"
        report.longrepr = "written to the logs by sanitizers:\n" + "\n".join(trouble)
    if report.failed:
        for path in sorted((running.folder / "log").glob("*.log")):
            if path.stem in ("initdb", "keys"):
                continue
            lines = path.read_text(errors="replace").splitlines()[-25:]
            report.sections.append((f"end of {path.name}", "\n".join(lines)))
