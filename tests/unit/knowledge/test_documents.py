"""Files turned into documents."""

from pathlib import Path

import pytest

from bot.core.errors import ContentError, DocumentError
from knowledge import catalogue, documents
from knowledge.catalogue import Catalogue, Law
from knowledge.documents import Document

STATUTE = "# 示例省示例条例\n\n2020年1月2日 通过\n\n<!-- INFO END -->\n\n第一条 甲。\n\n第二条 乙。\n"
HANDBOOK = "# 员工手册\n\n前言。\n\n## 考勤\n\n早九晚五。\n\n## 休假\n\n### 年假\n\n按规定。\n"


def parse(
    content: bytes, name: str, known: Catalogue, manifest: dict[str, str] | None = None, region: str = ""
) -> Document:
    """The only document in a file."""
    (document,) = documents.parse_all(content, name, known, manifest, region)
    return document


KNOWN = Catalogue([Law("示例省示例条例", "示例条例", "地方性法规", region="示例", aliases=("条例示例",))])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_same_statute_in_every_encoding_is_the_same_document(encoding: str) -> None:
    """Encoding and line ends change nothing, not even the fingerprint."""
    plain = parse(STATUTE.encode(), "a.md", KNOWN)
    other = parse(STATUTE.replace("\n", "\r\n").encode(encoding), "b.txt", KNOWN)
    assert other.passages == plain.passages
    assert other.digest == plain.digest
    assert (plain.kind, plain.articles, plain.law.short, plain.law.region) == (
        "statute",
        2,
        "示例条例",
        "示例",
    )


def test_a_handbook_is_split_by_heading() -> None:
    """Each section keeps its heading path as address."""
    document = parse(HANDBOOK.encode(), "手册.md", KNOWN, region="浙江")
    assert document.kind == "handbook"
    assert document.law.region == "浙江"
    assert [(p.heading, p.address, p.text) for p in document.passages] == [
        ("", "员工手册", "前言。"),
        ("员工手册", "考勤", "早九晚五。"),
        ("员工手册 休假", "年假", "按规定。"),
    ]


def test_a_plain_text_handbook_is_split_by_numbered_headings() -> None:
    """Without Markdown, 一、二、 are headings; a long section is continued."""
    text = "服务指南\n一、入会\n" + "带身份证。\n" * 200 + "二、帮扶\n到职工服务中心。"
    document = parse(text.encode(), "指南.txt", KNOWN)
    addresses = [p.address for p in document.passages]
    assert addresses[0] == "一、入会"
    assert addresses[1] == "一、入会（续1）"
    assert addresses[-1] == "二、帮扶"


def test_an_official_notice_is_one_passage() -> None:
    """A notice without articles is cited as a whole."""
    text = "# 关于示例的通知\n\n示例发〔2005〕12号\n\n<!-- INFO END -->\n\n各单位：\n\n一、做这个。\n\n二、做那个。"
    document = parse(text.encode(), "通知.md", KNOWN)
    assert (document.kind, [p.number for p in document.passages]) == ("notice", ["0"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空文件"),
        (b" \n ", "空文件"),
        (b"\xff\xff\xff\x80", "编码"),
        (b"\xff\xfe\x00", "编码"),
        (b"abc\x00def", "不是文本"),
        ("# 标题\n".encode(), "没有可以导入"),
    ],
)
def test_an_unreadable_file_gets_one_sentence(content: bytes, sentence: str) -> None:
    """The sentence names the file and says what to do."""
    with pytest.raises(DocumentError, match=f"坏文件.*{sentence}"):
        documents.parse_all(content, "坏文件.md", KNOWN)


def test_a_manifest_beside_the_file_names_an_unknown_law() -> None:
    """An operator may add short name, level, region and a note for laws we do not know."""
    row = {"title": "某某办法", "short": "某办法", "level": "地方政府规章（示例）", "note": "旧版"}
    document = parse(STATUTE.encode(), "a.md", Catalogue([]), row)
    law = document.law
    assert (law.title, law.short, law.level, law.region, law.note) == (
        "某某办法",
        "某办法",
        "地方政府规章",
        "示例",
        "旧版",
    )
    assert parse(STATUTE.encode(), "a.md", KNOWN, {"title": "示例条例"}).law.short == "示例条例"


def test_levels_and_regions_follow_from_a_title() -> None:
    """An unknown law is described by the words of its title."""
    table = {
        "中华人民共和国示例法": ("示例法", "法律", "全国"),
        "示例管理条例": ("示例管理条例", "行政法规", "全国"),
        "示例实施办法": ("示例实施办法", "部门规章", "全国"),
        "最高人民法院关于示例的解释": ("关于示例的解释", "司法解释", "全国"),
        "江苏省示例条例": ("江苏省示例条例", "地方性法规", "江苏"),
        "江苏省示例办法（2020修订）": ("江苏省示例办法", "地方政府规章", "江苏"),
    }
    for title, expected in table.items():
        law = catalogue.derive(title)
        assert (law.short, law.level, law.region) == expected


def test_a_broken_catalogue_is_named(tmp_path: Path) -> None:
    """A typing error in laws.yml gets one sentence with the file's name."""
    for content in ("laws:\n- short: [", "laws:\n- title: x\n", "other: 1"):
        (tmp_path / "laws.yml").write_text(content, encoding="utf-8")
        with pytest.raises(ContentError, match=r"laws\.yml"):
            catalogue.load(tmp_path / "laws.yml")


def test_a_manifest_is_told_from_other_tables() -> None:
    """Only a table with file and title columns describes its neighbours."""
    assert catalogue.read_manifest("file,title\na.md,甲\n") == {"a.md": {"file": "a.md", "title": "甲"}}
    assert catalogue.read_manifest("姓名,电话\n甲,1\n") == {}
    assert catalogue.read_manifest("") == {}
