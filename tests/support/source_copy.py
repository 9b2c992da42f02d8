"""A copy of the source in which a guard can be taken out, to see that its test fails."""
import argparse
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def copy_source(folder):
    """What is in the working tree now; files that did not change keep their times, so that a build goes on."""
    names = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"], check=True,
                           capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        put_back(folder, name)


def put_back(folder, name):
    source, copy = ROOT / name, folder / name
    if not source.is_file() or (copy.is_file() and copy.read_bytes() == source.read_bytes()):
        return
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, copy)
    shutil.copymode(source, copy)


def unfit(edits):
    """What of the edits does not stand exactly once where they say."""
    return [f"{name} does not have this exactly once:\n{old}" for name, old, _ in edits
            if (ROOT / name).read_text(encoding="utf-8").count(old) != 1]


def take_out(folder, edits):
    """edits: (file, what stands there, what stands there instead), ..."""
    for name, old, new in edits:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise SystemExit(f"{name} does not have this exactly once:\n{old}")
        path.write_text(text.replace(old, new), encoding="utf-8")


def choose(guards, description, line_of):
    """Those that the command line names, all without; with --list their lines are printed and none is chosen."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--only", default=",".join(guard.name for guard in guards))
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(line_of(guard) for guard in guards))
        return []
    return [guard for guard in guards if guard.name in options.only.split(",")]
