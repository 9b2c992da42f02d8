"""The whole of a group's state, as its people see it, beside what the model says of it."""
import views
from play import difference
from stage import SILENT

ROUNDS_REPORTED = 2


class Comparison:
    def __init__(self, player):
        self.player = player
        self.model = player.model
        self.people = player.moves.people

    def ask(self, name, path, **options):
        return self.player.client(self.people[name]).get(path, **options)

    def equal(self, what, expected, look, about=None):
        """What look() gives becomes what is expected, soon."""
        self.player.until(lambda: difference(expected, look()), what, about)

    # ---- parts

    def everything(self, histories):
        """What lists and reports show, and every act on so many of the assignments touched (None: on all of them)."""
        for school in set(self.model.schools) - SILENT:
            self.cabinet(school)
        self.queue("operator", {})
        self.queue("operator of the region", {"programme_code": self.model.programme})
        self.forget_news()
        for id_ in list(self.player.dirty)[:histories]:
            self.acts(self.player.dirty.pop(id_))
        opened = [one for one in self.model.rounds if one.has_opened]
        for round_ in opened[-ROUNDS_REPORTED:]:
            self.reports(round_)

    def forget_news(self):
        """The cabinets and the queue have shown that all of it arrived, but for what stands in neither."""
        shown = {a.id for school in self.model.schools for a in views.cabinet(self.model, school)[0]}
        for a in self.model.assignments:
            if a.id in self.player.early and a.id not in shown:
                self.player.settle(a)
        self.player.early.clear()

    def cabinet(self, school):
        current, counters = views.cabinet(self.model, school)
        self.equal(f"cabinet of school {school}",
                   {"assignments": [self.model.shown(a) for a in current], "counters": counters},
                   lambda: self.ask(f"respondent {school}", "/api/v1/assignments", query={"limit": 500}))

    def queue(self, name, query):
        entries, counters = views.queue(self.model, self.people[name])

        def look():
            page = self.ask(name, "/api/v1/queue", query={"limit": 500, **query})
            return {"entries": {one["assignmentId"]: one for one in page["entries"]}, "count": len(page["entries"]),
                    "waiting": page["waiting"], "opened": page["opened"]}
        self.equal(f"queue of the {name}", {"entries": entries, "count": len(entries), **counters}, look)

    def acts(self, a):
        author = self.player.moves.author(a)
        if author is None:
            return
        self.equal("the assignment", self.model.shown(a),
                   lambda: self.ask(author.name, "/api/v1/assignments/{id}", id=a.id), a)
        self.equal("its history", {"versions": views.versions(a)},
                   lambda: self.ask(author.name, "/api/v1/assignments/{id}/versions", id=a.id), a)
        if a.entry is None:
            return
        operator = self.people["operator"]
        self.equal("its entry", self.model.shown_entry(operator, a),
                   lambda: self.ask("operator", "/api/v1/queue/{id}", id=a.id), a)
        reader = (author, operator, self.people["coordinator"])[a.version % 3]
        self.equal(f"its verdicts for the {reader.name}", self.model.read_verdicts(reader, a),
                   lambda: self.ask(reader.name, "/api/v1/assignments/{id}/verdicts", id=a.id), a)

    def reports(self, round_):
        """Those of the municipality's coordinator."""
        model = self.model
        organisations = dict(zip(model.organisations, model.schools))

        def rows_of(reply):
            reply["rows"] = {organisations[row["organisationId"]]: row for row in reply["rows"]}
            return reply

        def report(path, **query):
            return lambda: self.ask("coordinator", "/api/v1/reports/" + path, query={"round_id": round_.id, **query})
        for values in ("new", "accepted"):
            rows, counters = views.provided(model, round_, values, SILENT)
            self.equal(f"report of provided data ({values}) of {round_.name}", {"rows": rows, **counters},
                       lambda values=values: rows_of(report("provided", values=values)()))
        rows, counters = views.provided_before_today(model)
        self.equal(f"report of data accepted before today of {round_.name}", {"rows": rows, **counters},
                   lambda: rows_of(report("provided", as_of=str(model.today()))()))
        self.equal("report of the start", views.started(model, SILENT), report("start"))
        totals, days = views.statistics(model, round_)
        self.equal(f"statistics of {round_.name}", {"all": totals, "days": days}, report("statistics"))
        school = self.player.step % len(model.schools)
        for values in ("new", "accepted"):
            self.equal(f"values ({values}) of school {school} in {round_.name}",
                       views.values_of(model, round_, school, values, SILENT),
                       lambda values=values: [one for section in report(
                           "provided/" + model.organisations[school], values=values)()["sections"]
                           for one in section["values"]])
