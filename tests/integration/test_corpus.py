"""The whole statute corpus: counts, addresses and texts."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import app
from bot.core.clock import SystemClock
from bot.settings import load_settings
from handlers import curation
from handlers.curation import Imported
from knowledge import documents

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[app.Parts, list[Imported], Path]]:
    """A deployment with all statutes imported once."""
    from tests.conftest import CORPUS
    from tests.requirements import need

    need(CORPUS.exists(), "the statute corpus is not beside this checkout")
    parts = app.assemble(load_settings(data_dir=tmp_path_factory.mktemp("corpus")), SystemClock())
    results = curation.import_files(parts.database, parts.catalogue, [CORPUS / "laws"], parts.clock.now())
    app.rebuild(parts)
    yield parts, results, CORPUS / "laws"
    parts.close()


def _manifest(folder: Path) -> dict[str, dict[str, str]]:
    rows = csv.DictReader((folder / "manifest.csv").read_text(encoding="utf-8").splitlines())
    return {row["file"]: row for row in rows if row["folder"] == "laws"}


def test_every_file_is_imported_with_its_articles(imported: tuple[app.Parts, list[Imported], Path]) -> None:
    """Article counts and short names equal the manifest's for each of the 97 files; a second import changes nothing."""
    parts, results, folder = imported
    manifest = _manifest(folder)
    assert {r.file: (r.short, r.articles) for r in results} == {
        name: (row["short"], int(row["articles"])) for name, row in manifest.items()
    }
    again = curation.import_files(parts.database, parts.catalogue, [folder], parts.clock.now())
    assert {r.status for r in again} == {"unchanged"}


def test_every_article_is_found_in_five_spellings_and_reads_as_the_file(
    imported: tuple[app.Parts, list[Imported], Path],
) -> None:
    """Any article of any law, in any ordinary spelling, with the file's own text."""
    parts, results, folder = imported
    book = parts.follower.library.book
    texts = {r.short: _articles((folder / r.file).read_text(encoding="utf-8")) for r in results}
    asked = 0
    for chunk in parts.follower.library.chunks:
        if chunk.kind != "statute" or not chunk.number:
            continue
        law = parts.catalogue.laws[chunk.short]
        numeral = chunk.address.removeprefix("第").removesuffix("条")
        nickname = (law.aliases or (law.short,))[0]
        for spelling in (
            f"{law.short}{chunk.address}",
            f"《{law.short}》{chunk.number}条",
            f"{law.short} {numeral}",
            f"{law.title}{chunk.address}",
            f"{nickname}第{chunk.number}条",
        ):
            assert [found.key for found in book.find(spelling)] == [chunk.key], spelling
            asked += 1
        assert chunk.text == texts[chunk.short][chunk.address], chunk.key
    assert asked == 5 * sum(r.articles for r in results)


def test_what_is_superseded_is_marked(imported: tuple[app.Parts, list[Imported], Path]) -> None:
    """Articles that newer law replaced are found by number but never current."""
    library = imported[0].follower.library
    for key in ("劳动法#62", "劳动法#82", "社会保险费征缴暂行条例#13", "河南省工会条例#1"):
        chunk = library.get(key)
        assert chunk is not None
        assert not chunk.in_force
        assert chunk.note


def test_every_cited_article_of_the_handbook_exists(imported: tuple[app.Parts, list[Imported], Path]) -> None:
    """No entry cites an article that is not there, or one that is no longer in force."""
    parts, _, folder = imported
    library = parts.follower.library
    general = {
        f"{document.law.short}#{passage.number}"
        for path in (folder.parent / "laws_general").glob("*.md")
        for document in documents.parse_all(path.read_bytes(), path.name, parts.catalogue)
        for passage in document.passages
    }
    entries = [chunk for chunk in library.chunks if chunk.kind == "entry"]
    assert len(entries) >= 60
    for entry in entries:
        for key in entry.cites:
            if key in general:
                continue
            cited = library.get(key)
            assert cited is not None, f"{entry.key} cites {key}"
            assert cited.in_force, f"{entry.key} cites {key}: {cited.note}"


def _articles(text: str) -> dict[str, str]:
    """Articles by address, read in the plainest possible way, for comparison."""
    import re

    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.partition("<!-- INFO END -->")[2].splitlines():
        stripped = line.strip()
        start = re.match(r"(第[零一二三四五六七八九十百千]+条)[ \u3000]", stripped)
        if start:
            current = found.setdefault(start[1], [])
        elif stripped.startswith(("#", "附录")):
            current = None
        if current is not None and stripped:
            current.append(stripped)
    return {address: "\n".join(lines) for address, lines in found.items()}
