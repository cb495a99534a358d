"""Tables whose rows can be understood one by one: each cell is told with the name of its column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.formats.blocks import lines

_ARTICLE = re.compile(
    r"^第\s*[零〇○一二三四五六七八九十百千\d]{1,9}\s*条(?:之[一二三四五六七八九十]{1,3})?(?=\s|[：:]|$)"
)
_DIVISION = re.compile(r"^第\s*[零〇○一二三四五六七八九十百千\d]{1,9}\s*(?:分编|编|章|节)")
_NUMERIC = re.compile(r"^[-+]?[\d,.，．]+\s*[%％元天日月年个人次倍]?$")
_SPOKEN = re.compile(r"[。；！？;!?]$")
_LABELS = re.compile(
    r"^(?:序号|编号|项目|内容|标准|金额|数额|说明|名称|条件|材料|时间|期限|地点|地址|电话|联系方式|部门|单位|备注|类别|类型|分类|"
    r"地区|区域|档次|比例|天数|条号|条文|章节|标题|正文|问题?|答案?|回答|依据|办法|流程|步骤|要求|对象|范围|情形|处理方式|"
    r"item|content|name|value|question|answer)$",
    re.I,
)
_LONGEST_LABEL = 25
QUESTIONS = frozenset(
    ["问题", "问", "标准问", "标准问题", "常见问题", "提问", "用户问题", "咨询问题", "question", "q"]
)
ANSWERS = frozenset(["答案", "答", "回答", "解答", "答复", "标准答案", "回复", "回复内容", "answer", "a"])
TITLES = frozenset(["标题", "主题", "条目", "题目", "小标题", "事项"])
BODIES = frozenset(["内容", "正文", "说明", "详情", "具体内容", "文本", "text", "content"])
GROUPS = frozenset(["分类", "类别", "类型", "模块", "栏目", "所属分类", "专题", "大类", "章", "章节"])
_TELLING = BODIES | {"备注", "金额", "标准"}
_NUMBERS = frozenset(["序号", "编号", "no", "no.", "id", "#"])


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells; a merged cell is written into each place it covers."""

    rows: Sequence[Sequence[str]]
    header: int | None = None
    """How many rows are known to be the header; None when that has to be found out."""
    across: frozenset[tuple[int, int]] = frozenset()
    """Places that continue the cell to their left."""

    def lines(self) -> list[str]:
        """Each row as one line, with the names of its columns; what stands above the header as it is."""
        rows, _ = self._filled()
        captions = _captions(rows) if self.header is None else 0
        labels, told = self.named()
        return [
            *(next(cell for cell in row if cell) for row in rows[:captions]),
            *(line for row in told if (line := _line(labels, row))),
        ]

    def statute(self) -> list[str]:
        """The lines of a statute kept as a table (章 | 条号 | 条文); empty when it is none."""
        told: list[str] = []
        division, before, articles = "", "", 0
        for place, row in enumerate(self.rows):
            once = (cell for column, cell in enumerate(row) if (place, column) not in self.across)
            cells = [line for cell in once for line in lines(cell)]
            if cells and _DIVISION.match(cells[0]):
                told += cells[:1] if cells[0] != division else []
                division, cells = cells[0], cells[1:]
            if cells and _ARTICLE.fullmatch(cells[0]) and len(cells) > 1:
                label, *cells = cells
                if label != before:
                    cells[0] = f"{label} {cells[0]}"
                before = label
            articles += sum(1 for cell in cells if _ARTICLE.match(cell))
            told += cells
        return told if articles > 1 else []

    def named(self) -> tuple[list[str], list[list[str]]]:
        """The names of the columns and the rows below them; no names when the table has no header."""
        rows, places = self._filled()
        captions = _captions(rows) if self.header is None else 0
        rows, places = rows[captions:], places[captions:]
        depth = self._header_depth(rows, places)
        told = [
            ["" if (place, column) in self.across else cell for column, cell in enumerate(row)]
            for row, place in zip(rows[depth:], places[depth:], strict=True)
        ]
        return _labels(rows[:depth]), told

    def _filled(self) -> tuple[list[list[str]], list[int]]:
        """Rows and columns that hold anything, all rows equally long, with the places the rows had."""
        width = max((len(row) for row in self.rows), default=0)
        padded = [
            (place, [*(" ".join(lines(cell)) for cell in row), *[""] * (width - len(row))])
            for place, row in enumerate(self.rows)
        ]
        kept = [(place, row) for place, row in padded if any(row)]
        return [row for _, row in kept], [place for place, _ in kept]

    def _header_depth(self, rows: list[list[str]], places: list[int]) -> int:
        if self.header is not None:
            return min(self.header, len(rows))
        if len(rows) < 2 or not is_header(rows[0]):
            return 0
        spread = any((places[0], column) in self.across for column in range(len(rows[0])))
        return 2 if spread and len(rows) > 2 and is_header(rows[1]) else 1


def is_header(row: Sequence[str]) -> bool:
    """Whether a row names columns rather than telling something."""
    cells = [cell for cell in row if cell]
    if len(cells) < 2 or len(cells) * 2 < len(row):
        return False
    if any(len(cell) > _LONGEST_LABEL or _NUMERIC.match(cell) or _SPOKEN.search(cell) for cell in cells):
        return False
    return len(cells) > 2 or any(_LABELS.match(cell) for cell in cells[1:])


def column(labels: Sequence[str], names: frozenset[str]) -> int:
    """Where the column of one of these names is; -1 when there is none."""
    wanted = [re.sub(r"[\s（(*].*$", "", label.strip()).lower() for label in labels]
    return next((place for place, label in enumerate(wanted) if label in names), -1)


def row_line(labels: Sequence[str], row: Sequence[str]) -> str:
    """A row as 列名：值；列名：值."""
    return _line(list(labels), list(row))


def label_column(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> int:
    """The column whose short and unique words can stand for a row; -1 when none can."""
    named = list(labels) or [""] * max(map(len, rows), default=0)
    for place, label in enumerate(named[:3]):
        cells = [row[place] for row in rows]
        if is_counter(label) or label in _TELLING or not all(cells) or len(set(cells)) < len(cells):
            continue
        if all(len(cell) <= 40 and "\n" not in cell and not _NUMERIC.match(cell) for cell in cells):
            return place
    return -1


def is_counter(label: str) -> bool:
    """Whether a column only counts its rows."""
    return label.strip().lower() in _NUMBERS


def _captions(rows: list[list[str]]) -> int:
    """How many rows at the top hold one thing only, although the table has several columns."""
    if not rows or len(rows[0]) < 2:
        return 0
    count = next((place for place, row in enumerate(rows) if len({cell for cell in row if cell}) > 1), 0)
    return min(count, 3)


def _labels(header: list[list[str]]) -> list[str]:
    return [" ".join(dict.fromkeys(cell for cell in cells if cell)) for cells in zip(*header, strict=True)]


def _line(labels: list[str], row: list[str]) -> str:
    if not labels and len(row) == 2 and all(row):
        return f"{row[0].rstrip('：:')}：{row[1]}"
    told = []
    for place, cell in enumerate(row):
        if cell:
            label = labels[place] if place < len(labels) else ""
            told.append(f"{label.rstrip('：:')}：{cell}" if label else cell)
    return "；".join([*(part.rstrip("；;。") for part in told[:-1]), *told[-1:]])
