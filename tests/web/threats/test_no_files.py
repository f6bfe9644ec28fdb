import re
from io import BytesIO
from pathlib import Path

from pos.paths import HOME
from tests.web.pages import read

ROOT = Path(__file__).parents[3]
ADDRESS = re.compile(r"""(?:https?:)?//[\w.-]+\.\w+|url\(\s*["']?(?:https?:|//)|@import""")
NAMES_ONLY = re.compile(r"https?://www\.w3\.org/[\w./#-]*|https?://(pay|hook)\.example\S*")
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def test_no_form_takes_a_file_and_nothing_here_reads_one():
    for page in (HOME / "templates").rglob("*.html"):
        assert not re.search(r'type="?file|enctype|multipart', page.read_text()), page
    for source in (ROOT / "pos").rglob("*.py"):
        assert not re.search(r"request\.files|\.save\(\s*request", source.read_text()), source


def test_a_file_that_is_sent_all_the_same_is_kept_nowhere(till, books, settings):
    def kept():
        return {path for path in settings.instance.rglob("*") if not path.name.startswith("pos.db")}

    files, before = kept(), books()
    token = read(till.browser.get("/till")).form("Charge").fields["csrf_token"]
    for name in ("logo.svg", "../../x.py", "a.html", "\0"):
        for field in ("amount", "file", "logo"):
            sent = {"csrf_token": token, field: (BytesIO(SCRIPT), name)}
            answer = till.browser.post("/till/charge", data=sent)
            assert (answer.status_code, b"<script>alert" in answer.data) == (422, False), name
    assert (kept(), books()) == (files, before)


def test_no_page_sheet_or_script_of_ours_names_another_site():
    ours = [HOME / "templates", *(HOME / "static" / it for it in ("css", "js"))]
    for path in (path for folder in ours for path in folder.rglob("*.*")):
        text = NAMES_ONLY.sub("", path.read_text())
        found = [line for line in text.splitlines() if ADDRESS.search(line)]
        assert [line for line in found if not line.lstrip().startswith(("//", "/*", "*"))] == [], (
            path
        )
