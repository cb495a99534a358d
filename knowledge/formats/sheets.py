"""Sheets of rows → headings and paragraphs: questions with their answers, titles with their texts, or rows told one by one."""

from collections.abc import Sequence

from knowledge.formats import grids
from knowledge.formats.blocks import LOWEST_TITLE, Block, lines

Sheet = tuple[str, Sequence[Sequence[str]], frozenset[tuple[int, int]]]
"""Name, rows with merged cells filled, and the places that continue the cell to their left."""
_TITLE, _SHEET, _GROUP, _ROW = 1, LOWEST_TITLE + 1, LOWEST_TITLE + 2, LOWEST_TITLE + 3


def blocks(sheets: Sequence[Sheet]) -> list[Block]:
    """Each sheet under its name where there are several."""
    found: list[Block] = []
    filled = [sheet for sheet in sheets if any(any(row) for row in sheet[1])]
    for title, rows, across in filled:
        told = _sheet(rows, across)
        if len(filled) > 1:
            told = [Block(title, _SHEET), *(_below(block) for block in told)]
        found += told
    return found


def _below(block: Block) -> Block:
    """A sheet's own title stands below the sheet's name when there are several sheets."""
    return Block(block.text) if block.level == _TITLE else block


def _sheet(rows: Sequence[Sequence[str]], across: frozenset[tuple[int, int]]) -> list[Block]:
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    used = [place for place in range(width) if any(row[place] for row in padded)]
    if len(used) == 1:
        return _running([row[used[0]] for row in padded])
    if statute := grids.Grid(padded, across=across).statute():
        return [Block(line) for line in statute]
    return _table(padded, across)


def _running(cells: Sequence[str]) -> list[Block]:
    """A single column is text; a column name above it says nothing."""
    told = [line for cell in cells for line in lines(cell)]
    if len(told) > 1 and told[0].lower() in grids.BODIES:
        told = told[1:]
    return [Block(line) for line in told]


def _table(rows: list[list[str]], across: frozenset[tuple[int, int]]) -> list[Block]:
    places = [place for place, row in enumerate(rows) if any(row)]
    captions = 0
    while captions < min(3, len(places) - 1) and len({cell for cell in rows[places[captions]] if cell}) == 1:
        captions += 1
    told = [
        Block(next(cell for cell in rows[place] if cell), 0 if order else _TITLE)
        for order, place in enumerate(places[:captions])
    ]
    body = [rows[place] for place in places[captions:]]
    moved = {place: order for order, place in enumerate(places[captions:])}
    inside = frozenset((moved[place], column) for place, column in across if place in moved)
    labels = body[0]
    question, answer = grids.column(labels, grids.QUESTIONS), grids.column(labels, grids.ANSWERS)
    if question < 0 or answer < 0:
        question, answer = grids.column(labels, grids.TITLES), grids.column(labels, grids.BODIES)
    if min(question, answer) >= 0 and len(body) > 1:
        return told + _sections(labels, body[1:], question, answer)
    return told + _rows(grids.Grid(body, across=inside))


def _sections(labels: list[str], rows: list[list[str]], heading: int, body: int) -> list[Block]:
    """A question and its answer (or a title and its text) a row; the other columns follow the answer."""
    group_column = grids.column(labels, grids.GROUPS)
    group_column = -1 if group_column in (heading, body) else group_column
    found: list[Block] = []
    group = title = ""
    for row in rows:
        if group_column >= 0 and row[group_column] and row[group_column] != group:
            group = row[group_column]
            title = ""
            found.append(Block(" ".join(lines(group)), _GROUP))
        if row[heading] and row[heading] != title:
            title = row[heading]
            found.append(Block(" ".join(lines(title)), _ROW))
        rest = [
            "" if place in (heading, body, group_column) or grids.is_counter(label) else cell
            for place, (label, cell) in enumerate(zip(labels, row, strict=True))
        ]
        found += [Block(line) for line in lines(row[body])]
        found += [
            Block(grids.row_line([label], [" ".join(lines(cell))]))
            for label, cell in zip(labels, rest, strict=True)
            if cell
        ]
    return found


def _rows(grid: grids.Grid) -> list[Block]:
    """Each row under a name of its own: the words of a column that tells rows apart, or its place."""
    labels, rows = grid.named()
    name = grids.label_column(rows, labels)
    found: list[Block] = []
    for place, row in enumerate(rows, start=1):
        found.append(Block(row[name] if name >= 0 else f"第{place}行", _ROW))
        found.append(Block(grids.row_line(labels, row)))
    return found
