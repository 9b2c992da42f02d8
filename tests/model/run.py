#!/usr/bin/python3
"""Random moves of many people on a working system, each answer compared with a model of the rules (scripts/model).

Several groups, each a municipality with its schools, its people and a model of its own, play at the same time; between
the phases of a run the clock moves. What is played follows from the seed alone; steps are numbered through all groups.
Writes <reports>/model.json; fails on the first difference and says how to see it again.
"""
import argparse
import datetime
import itertools
import json
import pathlib
import random
import secrets
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "model")]

from calendar_of_rounds import DAY, ZONE, begins  # noqa: E402
from compare import Comparison  # noqa: E402
from play import Difference  # noqa: E402
from stage import Stage  # noqa: E402

STEPS = 100_000
GROUPS = 12
PHASE_STEPS = 500       # of one group, between two moves of the clock
PHASES_BETWEEN_DAYS = 5  # hours pass at the other moves of the clock; days end every session
COMPARE_STEPS = 125     # of one group, between two looks at its whole state
HISTORIES = 5           # read at such a look: of what was touched longest ago; at the end all that was touched
START = datetime.datetime(2020, 9, 10, 10, 0, tzinfo=ZONE)
# From the opening to the due day and to the last day of a group's first round: days, a week, the letter's month.
SHAPES = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 3), (4, 6), (15, 20)]


def moments(seed):
    """When each phase begins: hours later, at the next midnight, now and then days later. Sessions outlive hours, and
    opened entries are held for less; shortly before midnight no phase begins, so that it stays within its day."""
    chance = random.Random(f"{seed}/clock")
    now = START
    for number in itertools.count(1):
        yield now
        midnight = begins(now.date() + DAY)
        if number % PHASES_BETWEEN_DAYS == 0:
            now = midnight + datetime.timedelta(days=chance.randint(0, 12), hours=10)
        elif now.hour >= 13 and chance.random() < 0.6:
            now = midnight + datetime.timedelta(seconds=1)
        else:
            now += datetime.timedelta(minutes=chance.randint(60, 600))
            now = min(now, begins(now.date() + DAY) - datetime.timedelta(minutes=50))


class Group:
    """One of the sequences: number of a step in the run = own step * groups + own number."""

    def __init__(self, number, groups, stage, seed, last_step):
        self.number = number
        self.groups = groups
        self.last_step = last_step
        self.random = random.Random(f"{seed}/{number}")
        self.player = stage.player(number, groups, self.random, START)
        self.comparison = Comparison(self.player)
        self.failure = None

    def first_round(self):
        due, until = self.random.choice(SHAPES)
        opens = self.player.model.today()
        move = self.player.moves.create_round()
        days = [opens, opens + due * DAY, opens + until * DAY]
        move.arguments = (*days, True)
        move.person = self.player.moves.people["administrator"]
        move.body |= dict(zip(("opensOn", "dueOn", "closedUntil"), map(str, days)), repeats=True)
        self.player.do_create_round(move)

    def phase(self, now, tokens, last_step, stop):
        """Up to own step last_step."""
        player = self.player
        try:
            Stage.hand_out(player, tokens)
            player.last = None
            player.model.now = now
            if not player.model.rounds:
                self.first_round()
            player.settle_rounds()
            while player.step < last_step and not stop():
                player.play()
                if player.step % COMPARE_STEPS == 0:
                    self.comparison.everything(HISTORIES)
            if not stop():
                self.comparison.everything(HISTORIES if self.last_step > last_step else None)
        except Exception as error:
            self.failure = error

    def knock(self, now, tokens):
        """The clock has moved: what ended with the day is closed at once, before it is cleared away."""
        model, moves = self.player.model, self.player.moves
        try:
            Stage.hand_out(self.player, tokens)
            model.now = now
            for round_ in model.rounds:
                workable = [a for a in model.assignments if a.round is round_ and moves.author(a)]
                if round_.state != "open" or round_.takes_answers(now) or not workable:
                    continue
                for a in self.random.sample(workable, 2):
                    move = moves.saving(moves.author(a), a, a.version, moves.good_value(a.item))
                    move.kind = "knock"
                    self.player.counts["knock"] += 1
                    self.player.perform(move)
        except Exception as error:
            self.failure = error

    def explain(self):
        """What went wrong, after which moves, and how to see it again."""
        step = self.player.step * self.groups + self.number
        lines = [f"step {step} (group {self.number}, its step {self.player.step}): {self.failure}"]
        about = getattr(self.failure, "about", None)
        if not isinstance(self.failure, Difference):
            lines += traceback.format_exception(self.failure)
        if about is not None:
            lines += [f"the last moves on {about.id}, school {about.school}, {about.item.code}, {about.round.name}:",
                      *self.player.log[about.id]]
        return step, "\n".join(lines)


class Run:
    def __init__(self, options, say=print):
        self.options = options
        self.say = say
        self.only = None if options.until is None else options.until % options.groups
        self.last_step = -(-options.steps // options.groups) if self.only is None \
            else options.until // options.groups
        self.stage = Stage(options.stack, options.build)
        self.groups = []

    def execute(self):
        started = time.monotonic()
        try:
            self.prepare(started)
            self.play(started)
            return self.report(time.monotonic() - started)
        finally:
            self.stage.close(self.options.keep)

    def prepare(self, started):
        count = self.options.groups
        playing = range(count) if self.only is None else [self.only]
        self.stage.open(count, START)
        self.stage.people(sorted({one for number in playing for one in (number, (number + 1) % count)}))
        self.groups = [Group(number, count, self.stage, self.options.seed, self.last_step) for number in playing]
        self.say(f"seed {self.options.seed}: {len(self.groups)} groups ready after"
                 f" {time.monotonic() - started:.1f} s")

    def play(self, started):
        for number, now in enumerate(moments(self.options.seed)):
            done = number * PHASE_STEPS
            if done >= self.last_step or self.failed():
                return
            with ThreadPoolExecutor(2) as entering, ThreadPoolExecutor(len(self.groups)) as playing:
                with self.stage.rounds_held():
                    self.stage.stack.set_clock(now)
                    tokens = self.stage.enter(entering)
                    # Days later too many have to log in first: the rest of the groups would wait for them.
                    if number % PHASES_BETWEEN_DAYS:
                        wait([playing.submit(group.knock, now, tokens) for group in self.groups])
                for group in self.groups:
                    playing.submit(group.phase, now, tokens, min(done + PHASE_STEPS, self.last_step), self.failed)
            self.say(f"{now:%d.%m.%Y %H:%M:%S}: {sum(group.player.step for group in self.groups)} steps,"
                     f" {time.monotonic() - started:.1f} s")

    def failed(self):
        return any(group.failure for group in self.groups)

    def report(self, seconds):
        moves = sum((group.player.counts for group in self.groups), Counter())
        failures = [group.explain() for group in self.groups if group.failure]
        return {"steps": sum(group.player.step for group in self.groups), "differences": len(failures),
                "seed": self.options.seed, "seconds": round(seconds, 1), "moves": dict(sorted(moves.items())),
                "sanitizers": self.stage.stack.trouble(), "found": [{"step": step, "text": text}
                                                                    for step, text in failures]}


def parse():
    parser = argparse.ArgumentParser(prog="scripts/model", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default=None, help="of a run to play again (default: a new one)")
    parser.add_argument("--steps", type=int, default=STEPS, help="of all groups together (default %(default)s)")
    parser.add_argument("--until", type=int, help="play only the group of this step, up to it")
    parser.add_argument("--groups", type=int, default=GROUPS, help="that play at the same time (default %(default)s)")
    parser.add_argument("--stack", type=pathlib.Path, help="folder of a running system (default: one of its own)")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--report", type=pathlib.Path, default=ROOT / "build" / "reports" / "model.json")
    parser.add_argument("--keep", action="store_true", help="leave the system running afterwards")
    options = parser.parse_args()
    options.seed = options.seed or secrets.token_hex(4)
    return options


def main():
    options = parse()
    report = Run(options).execute()
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for found in report["found"]:
        print(found["text"])
        groups = "" if options.groups == GROUPS else f" --groups {options.groups}"
        print(f"again: scripts/model --seed {options.seed} --until {found['step']}{groups}\n")
    print("\n".join(report["sanitizers"]))
    print(f"{report['steps']} steps, {report['differences']} differences, {report['seconds']} s, seed {report['seed']}")
    sys.exit(0 if not report["differences"] and not report["sanitizers"] else 1)


if __name__ == "__main__":
    main()
