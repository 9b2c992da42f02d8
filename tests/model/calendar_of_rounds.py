"""The calendar of rounds: one follows the other without a gap (S2.3, S2.44, F13). No I/O."""
import calendar
import datetime
import zoneinfo

ZONE = zoneinfo.ZoneInfo("Asia/Yekaterinburg")
DAY = datetime.timedelta(days=1)
MONTHS = ["Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь",
          "Декабрь"]


def begins(day):
    return datetime.datetime.combine(day, datetime.time(), ZONE)


def ends(day):
    """The last second of a day counts: «до 25 сентября»."""
    return begins(day + DAY) - datetime.timedelta(seconds=1)


def months_of(day):
    return day.year * 12 + day.month - 1


def last_of_month(year, month):
    return calendar.monthrange(year, month)[1]


def plus_months(day, count):
    """The last day of a month stays the last day."""
    total = months_of(day) + count
    last = last_of_month(total // 12, total % 12 + 1)
    is_last = day.day == last_of_month(day.year, day.month)
    return datetime.date(total // 12, total % 12 + 1, last if is_last else min(day.day, last))


def following(opens, due, until):
    """Days and name of the next round: a monthly one keeps its day of the month, a shorter one its length."""
    next_opens = until + DAY
    months = months_of(next_opens) - months_of(opens)
    is_week = months_of(until) > months_of(opens) and (next_opens - opens).days < 28
    if months and not is_week and plus_months(due, months) >= next_opens:
        next_due, next_until = plus_months(due, months), plus_months(until, months)
        if months_of(next_opens) == months_of(next_until):
            return next_opens, next_due, next_until, f"{MONTHS[next_opens.month - 1]} {next_opens.year}"
    else:
        next_due, next_until = next_opens + (due - opens), next_opens + (until - opens)
    return next_opens, next_due, next_until, f"{next_opens:%d.%m.%Y} – {next_until:%d.%m.%Y}"


def problem_of_days(opens, due, until):
    """(code, field) or None."""
    if due < opens:
        return "due_too_early", "dueOn"
    if until < due:
        return "closed_too_early", "closedUntil"
    return ("too_long", "closedUntil") if until.year - opens.year > 1 else None
