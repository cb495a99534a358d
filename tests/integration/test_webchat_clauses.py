"""Clause pages over real HTTP, and how answers are set where there is no script."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from bot import app
from bot.channels.webchat.pages import lines
from tests.integration import chat_site


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[app.Parts]:
    """One deployment for all tests of this file."""
    with chat_site.deploy(tmp_path_factory.mktemp("clauses")) as assembled:
        yield assembled


@pytest.fixture(scope="module")
def site(parts: app.Parts) -> Iterator[str]:
    """Its server's address."""
    with chat_site.visit(parts) as base:
        yield base


def shown(page: str) -> str:
    """The clause's text as a browser reads it from the page."""
    found = re.search(r'<div class="clause__text" id="clause-text">(.*?)</div>', page, re.S)
    assert found
    return html.unescape(found[1])


def test_every_clause_page_shows_the_stored_text(site: str, parts: app.Parts) -> None:
    """Byte for byte, for every entry and article of the library."""
    chunks = parts.follower.library.chunks
    assert len(chunks) > 50
    with httpx.Client(base_url=site) as client:
        for chunk in chunks:
            page = client.get(f"/clause/{quote(chunk.key, safe='')}")
            assert page.status_code == 200, chunk.key
            assert shown(page.text) == chunk.text, chunk.key


def test_a_clause_page_says_what_it_is(site: str) -> None:
    """Title, address, chapter, region, standing, neighbours and the way back, with nothing unescaped."""
    page = httpx.get(f"{site}/clause/{quote('江城市职工茶歇办法#2', safe='')}").text
    for said in ("《江城市职工茶歇办法》", "第二条", "第一章", "总则", "现行有效", "适用地区：江城"):
        assert said in page
    assert '<a class="button" href="/">回到聊天</a>' in page
    before, after = (
        re.search(r'rel="prev" href="([^"]+)"', page),
        re.search(r'rel="next" href="([^"]+)"', page),
    )
    assert before
    assert after
    assert "第一条" in httpx.get(site + before[1]).text
    last = httpx.get(site + after[1]).text
    assert "&lt;不扣工资&gt;" in last
    assert 'rel="next"' not in last


def test_an_entry_links_the_articles_it_rests_on(corpus: Path, tmp_path: Path) -> None:
    """A handbook entry has a page too, with its sources; a law that is no longer current says so and why."""
    laws = tuple((corpus / "laws").glob("*劳动法(*")) + tuple((corpus / "laws").glob("*劳动合同法(*"))
    with chat_site.deploy(tmp_path, laws) as parts, chat_site.visit(parts) as base:
        entry = httpx.get(f"{base}/clause/H041").text
        assert "权益手册" in entry
        assert f"/clause/{quote('劳动合同法#30', safe='')}" in entry
        gone = httpx.get(f"{base}/clause/{quote('劳动法#82', safe='')}").text
    assert "不再作为现行依据" in gone
    assert "《劳动争议调解仲裁法》第二十七条" in gone
    assert "现行有效" not in gone


@pytest.mark.parametrize("key", ["没有这部法#1", "劳动合同法", "../..", "%00", "a/b/c", "<script>"])
def test_an_unknown_clause_is_a_page_with_a_way_back(site: str, key: str) -> None:
    """A link that leads nowhere any more says so, and repeats nothing it was given."""
    answer = httpx.get(f"{site}/clause/{quote(key, safe='')}")
    assert answer.status_code == 404
    assert "没有找到这一条" in answer.text
    assert 'href="/"' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("打12351（工会职工服务热线）或12333（人社服务热线）问一问", ["12351", "12333"]),
        ("12348、12356都可以。", ["12348", "12356"]),
        ("先报警、打120，或者拨110", ["120", "110"]),
        ("急事打110、119", ["110", "119"]),
        ("打区号电话010-12345678问", ["010-12345678"]),
        ("补发12351元，12333.5元，12351人", []),
        ("第120条、120天、110%，打120元的折", []),
        ("编号0123511、123511、12.12351", []),
    ],
)
def test_only_hotlines_become_calls(text: str, numbers: list[str]) -> None:
    """Numbers to call are links; amounts, articles and days are not."""
    shown_line = "".join(next(lines(text)))
    assert re.findall(r'href="tel:([^"]+)"', shown_line) == numbers
    assert re.sub(r"<[^>]+>", "", shown_line) == text


def test_an_answers_lines_stay_lines() -> None:
    """Each line is a line of its own, labels set off, markup harmless."""
    found = ["".join(line) for line in lines("可以。\n下一步：打12351。\n\n<i>依据：无")]
    assert found == [
        "可以。",
        '<b>下一步：</b>打<a href="tel:12351">12351</a>。',
        "",
        "&lt;i&gt;依据：无",
    ]
