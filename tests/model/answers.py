"""What the text of an answer means (S2.26-S2.29, F5, F14). No I/O."""
import re
from collections import namedtuple
from decimal import ROUND_HALF_UP, Decimal

SPACES = " \u00a0\u202f"
NUMBER = re.compile(r"(-?)([0-9]+)(?:[.,]([0-9]+))?")
WHOLE_DIGITS, DECIMALS = 15, 6

# kind: number, yes_no, percent. decimals: digits after the point that are really used.
Answer = namedtuple("Answer", "kind value second percent decimals")
NONE = Answer("", "", "", "", 0)


class Refused(Exception):
    """A rule's no: the HTTP status, the code of the problem (of 422: of its first violation) and the field at fault."""

    def __init__(self, status, code, field=""):
        super().__init__(f"{status} {code} {field}".strip())
        self.status, self.code, self.field = status, code, field

    def __eq__(self, other):
        return isinstance(other, Refused) and vars(self) == vars(other)

    __hash__ = None


def read_decimal(text, field):
    found = NUMBER.fullmatch(text.translate({ord(space): None for space in SPACES}))
    minus, whole, fraction = found.groups(default="") if found else ("", "", "")
    whole, fraction = whole.lstrip("0") or whole[:1], fraction.rstrip("0")
    if not found or len(whole) > WHOLE_DIGITS or len(fraction) > DECIMALS:
        raise Refused(422, "not_decimal", field)
    if minus and (whole != "0" or fraction):
        raise Refused(422, "negative", field)
    return whole + ("." + fraction if fraction else ""), len(fraction)


def read(typed, typed_second="", confirmed=False):
    """The kind follows from the text: yes or no; two values; else a number."""
    if not typed.strip(SPACES):
        raise Refused(422, "required", "value")
    is_pair = bool(typed_second.strip(SPACES))
    if not is_pair and typed in ("yes", "no"):
        return Answer("yes_no", typed, "", "", 0)
    value, decimals = read_decimal(typed, "value")
    if not is_pair:
        return Answer("number", value, "", "", decimals)
    second, more = read_decimal(typed_second, "secondValue")
    part, whole = Decimal(value), Decimal(second)
    if whole == 0 and part > 0:
        raise Refused(422, "part_of_nothing", "secondValue")
    if part > whole and not confirmed:
        raise Refused(422, "part_over_whole", "confirmPartOverWhole")
    percent = str((part / whole * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)) if whole else ""
    return Answer("percent", value, second, percent, max(decimals, more))


def means_nothing(answer):
    """«Нет», 0, or 0 as the first value of a percent: needs no evidence (S2.31, F6)."""
    return answer.value in ("no", "0")


def in_one_line(answer):
    return f"{answer.value} / {answer.second}" if answer.second else answer.value
