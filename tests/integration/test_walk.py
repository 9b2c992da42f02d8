"""The documented way in: demonstration data over HTTP, then the README's walk through a whole round with curl."""
import subprocess

from stack import ROOT


def run(script, folder):
    done = subprocess.run([ROOT / "scripts" / script, folder], capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_demonstration_and_walk(own_stack):
    """S2.5-S2.8, S2.63: the campaign of September 2020 with the region's organisations; then the main job."""
    own_stack.set_clock("2020-09-16T10:00:00+05:00")
    loaded = run("demo-load", own_stack.folder)
    assert "2360 in the file, 2360 new" in loaded
    assert "round: Сентябрь 2020, 2314 organisations" in loaded
    for role in ["respondent", "respondent-authority", "operator", "coordinator-municipal", "coordinator-regional",
                 "coordinator-federal", "administrator"]:
        assert f"\n{role} " in loaded
    assert "messages: a letter, a consultation and an announcement of Leningrad region" in loaded
    walked = run("walk", own_stack.folder)
    assert "the document is what was sent, byte for byte" in walked
    assert "6: accepted" in walked
    assert walked.rstrip().endswith("== done")
    # Once more: nothing is loaded twice, and the next indicator goes the same way.
    assert "0 new, 0 changed" in run("demo-load", own_stack.folder)
    assert run("walk", own_stack.folder).rstrip().endswith("== done")
