"""Is a PDF tagged as it says? Reads it by qpdf's JSON: the tree of elements, and what every page draws outside of it."""
import base64
import json
import re
import subprocess
import tempfile

STRINGS = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>", re.S)
DRAWING = {b"Tj", b"TJ", b"'", b'"', b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh", b"Do"}
PARENTS = {"TR": {"Table"}, "TH": {"TR"}, "TD": {"TR"}, "LI": {"L"}, "LBody": {"LI"}, "Table": {"Document"}, "L": {"Document"},
           "H1": {"Document"}, "H2": {"Document"}, "P": {"Document"}, "Document": {None}}


class Tagged:
    def __init__(self, content):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(content)
            file.flush()
            read = subprocess.run(["qpdf", "--json=2", "--json-stream-data=inline", "--decode-level=generalized", file.name],
                                  capture_output=True, check=True)
            self.text = subprocess.run(["pdfinfo", "-struct-text", file.name], capture_output=True, check=True).stdout.decode()
        self.objects = json.loads(read.stdout)["qpdf"][1]
        self.root = self.get(self.objects["trailer"]["value"]["/Root"])
        self.pages = list(self.walk_pages(self.get(self.root["/Pages"])))

    def get(self, value):
        if isinstance(value, str) and re.fullmatch(r"\d+ \d+ R", value):
            entry = self.objects[f"obj:{value}"]
            return entry["stream"] if "stream" in entry else entry["value"]
        return value

    def walk_pages(self, node):
        for kid in self.get(node["/Kids"]):
            page = self.get(kid)
            yield from self.walk_pages(page) if page["/Type"] == "/Pages" else [(kid, page)]

    def marks(self, page):
        """(numbers of the page's marked parts, operators that draw outside of any mark)."""
        stream = self.get(page["/Contents"])
        tokens = STRINGS.sub(b" ", base64.b64decode(stream["data"])).split()
        numbers, outside, open_marks = [], [], []
        for place, token in enumerate(tokens):
            if token in (b"BDC", b"BMC"):
                open_marks.append(token)
                if tokens[place - 3] == b"/MCID":
                    numbers.append(int(tokens[place - 2]))
                else:
                    # Inside a part, what its letters stand for.
                    assert tokens[place - 1] == b"/Artifact" or len(open_marks) > 1 and b"/ActualText" in tokens[place - 3:place], tokens[place - 5:place]
            elif token == b"EMC":
                open_marks.pop()
            elif token in DRAWING and not open_marks:
                outside.append(token)
        assert not open_marks
        return numbers, outside

    def elements(self, reference=None, parent=None):
        """(role, parent's role, element) of the whole tree, in reading order."""
        kids = self.get(self.root["/StructTreeRoot"]) if reference is None else self.get(reference)
        role = kids["/S"][1:] if reference is not None else None
        if role:
            yield role, parent, kids
        below = kids.get("/K", [])
        for kid in below if isinstance(below, list) else [below]:
            if isinstance(kid, str):
                yield from self.elements(kid, role)

    def check(self):
        """Raises what is wrong; else the rows of its tables, each a list of the roles of its cells."""
        assert self.root["/MarkInfo"] == {"/Marked": True} and self.root["/ViewerPreferences"]["/DisplayDocTitle"] is True
        assert self.get(self.objects["trailer"]["value"]["/Info"])["/Title"] not in ("", "u:")
        self.check_fonts()
        owned, rows = {}, []
        for role, parent, element in self.elements():
            assert parent in PARENTS[role], (role, parent)
            if role == "TH":
                assert element["/A"] == {"/O": "/Table", "/Scope": "/Column"}, element
            if role == "TR":
                rows.append([])
            if role in ("TH", "TD"):
                rows[-1].append(role)
            for number in [element["/K"]] if isinstance(element.get("/K"), int) else [k for k in element.get("/K", []) if isinstance(k, int)]:
                owned.setdefault(element["/Pg"], []).append(number)
        for reference, page in self.pages:
            numbers, outside = self.marks(page)
            assert not outside, outside
            assert sorted(numbers) == sorted(owned.pop(reference, [])), "a mark without element, or an element without mark"
        assert not owned
        return rows

    def check_fonts(self):
        fonts = [entry["value"] for entry in self.objects.values() if isinstance(entry.get("value"), dict)
                 and entry["value"].get("/Type") == "/FontDescriptor"]
        assert fonts and all("/FontFile2" in font or "/FontFile3" in font for font in fonts)

    @property
    def language(self):
        return self.root["/Lang"].removeprefix("u:")

    @property
    def title(self):
        return self.get(self.objects["trailer"]["value"]["/Info"])["/Title"].removeprefix("u:")

    @property
    def sizes(self):
        return {tuple(round(float(side)) for side in page["/MediaBox"][2:]) for _, page in self.pages}

    def cells(self):
        """Texts of the table's rows as a reader hears them."""
        rows = []
        for line in self.text.splitlines():
            word = line.strip()
            if word == "TR":
                rows.append([])
            elif re.match(r"T[HD]\b", word) and rows:
                rows[-1].append("")
            elif word.startswith('"') and rows and rows[-1]:
                rows[-1][-1] += word[1:-1]
        return rows
