"""What the lists and reports must show of a model: the cabinet, the queue, histories, reports' counters. No I/O."""
from collections import Counter

import answers
import calendar_of_rounds as days_of

TABS = ("inWork", "rejected", "inReview", "accepted")
PRESSING = ("rejected", "draft_not_sent", "never_logged_in", "not_begun", "not_due_yet", "in_review",
            "already_accepted")
REASON_OF_CELL = {"rejected": "rejected", "draft": "draft_not_sent", "in_review": "in_review",
                  "accepted": "already_accepted"}


def tab(model, a):
    """S2.20-S2.24: a rejected answer stays among the rejected until it is sent again."""
    if a.state in ("in_review", "accepted"):
        return {"in_review": "inReview", "accepted": "accepted"}[a.state]
    if a.rejected:
        return "rejected"
    return "inWork" if a.round.takes_answers(model.now) else "closed"


def cabinet(model, school):
    """Of each item its newest round, and whatever is open or waits for a verdict, in the programme's order."""
    mine = [a for a in model.assignments if a.school == school]
    newest = {}
    for a in mine:
        if a.item not in newest or a.round.opens >= newest[a.item].opens:
            newest[a.item] = a.round
    current = [a for a in mine if a.round.state == "open" or a.state == "in_review" or a.round is newest[a.item]]
    counters = Counter(tab(model, a) for a in current)
    current.sort(key=lambda a: (model.items.index(a.item), -a.round.opens.toordinal(), a.id))
    return current, {"all": len(current), **{name: counters[name] for name in TABS}}


def versions(a):
    names = ("version", "act", "value", "secondValue", "percent", "comment", "resolution", "actorAccountId")
    return [{**dict(zip(names, act)), "documents": [{"documentId": one} for one in act[-1]]}
            for act in reversed(a.history)]


def queue(model, person):
    waiting = [a for a in model.assignments if a.entry and a.entry.state in ("waiting", "opened")]
    states = Counter(a.entry.state for a in waiting)
    return {a.id: model.shown_entry(person, a) for a in waiting}, {"waiting": states["waiting"],
                                                                   "opened": states["opened"]}


def cells(model, round_, school):
    return Counter(a.cell for a in model.assignments if a.round is round_ and a.school == school)


def reason(cell, facts):
    """F10: what happened to the item speaks first."""
    has_logged_in, has_begun, is_due = facts
    if cell in REASON_OF_CELL:
        return REASON_OF_CELL[cell]
    if not has_logged_in and not has_begun:
        return "never_logged_in"
    return "not_due_yet" if has_begun and not is_due else "not_begun"


def facts_of(model, round_, school, silent):
    counted = cells(model, round_, school)
    return school not in silent, counted["empty"] < len(model.items), round_.is_due(model.now)


def provided(model, round_, values, silent):
    """S2.56-S2.59: {school: row} and the counters."""
    wanted = {"new": "in_review", "accepted": "accepted"}[values]
    rows = {}
    for school in model.schools:
        counted = cells(model, round_, school)
        facts = facts_of(model, round_, school, silent)
        reasons = [reason(cell, facts) for cell in counted]
        rows[school] = {"filled": counted[wanted], "total": len(model.items), "drafts": counted["draft"],
                        "rejected": counted["rejected"],
                        "reason": "" if counted[wanted] else min(reasons, key=PRESSING.index)}
    with_data = sum(row["filled"] > 0 for row in rows.values())
    return rows, {"withData": with_data, "withoutData": len(rows) - with_data, "otherWithData": 0,
                  "superiorWithData": 0, "values": values}


def provided_before_today(model):
    """S2.58: an item has data when a value of it was accepted before this day, in whatever round."""
    moment = days_of.begins(model.today())
    counted = Counter(school for (school, _), at in model.first_accepted.items() if at < moment)
    with_data = len(counted)
    return ({school: {"filled": counted[school], "total": len(model.items)} for school in model.schools},
            {"withData": with_data, "withoutData": len(model.schools) - with_data, "values": "as_of"})


def values_of(model, round_, school, values, silent):
    """S2.60, S2.61: [item] with its value or the reason why there is none; a draft's value is nobody's business."""
    wanted = {"new": "in_review", "accepted": "accepted"}[values]
    facts = facts_of(model, round_, school, silent)
    rows = []
    for a in model.assignments:
        if a.round is not round_ or a.school != school:
            continue
        has_data = a.cell == wanted
        answer = a.answer if has_data else answers.NONE
        rows.append({"assignmentId": a.id, "itemCode": a.item.code, "hasData": has_data, "value": answer.value,
                     "secondValue": answer.second, "percent": answer.percent,
                     "reason": "" if has_data else reason(a.cell, facts)})
    return rows


def started(model, silent):
    return {"notStarted": len(silent), "started": len(model.schools) - len(silent), "other": 0}


def statistics(model, round_):
    """F8: all of a round by state, and what happened on which day."""
    mine = [a for a in model.assignments if a.round is round_]
    counted = Counter(a.cell for a in mine)
    unfinished = counted["empty"] + counted["draft"] + counted["rejected"]
    names = {"empty": "empty", "draft": "draft", "inReview": "in_review", "accepted": "accepted",
             "rejected": "rejected"}
    totals = {"total": len(mine), "overdue": unfinished if round_.is_due(model.now) else 0,
              **{name: counted[cell] for name, cell in names.items()}}
    happened = Counter(one for a in mine for one in a.days)
    days = [{"day": str(day), **{what: happened[day, what] for what in ("sent", "accepted", "rejected")}}
            for day in sorted({day for day, _ in happened})]
    return totals, days
