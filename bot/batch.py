"""JSON-lines in, JSON-lines out: what ``--batch IN --out OUT`` of the command line does."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bot.core.errors import ContentError, NiangjiaError, UnknownArticleError
from bot.core.messages import Reply
from knowledge.chunks import Chunk, Hit
from knowledge.library import Library

Answer = Callable[[str], dict[str, Any]]


def run(source: Path, target: Path, answer: Answer) -> int:
    """Answer every ``{qid, question}`` line of ``source`` into ``target``; returns how many."""
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        done = 0
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                qid, question = row["qid"], str(row["question"])
            except (ValueError, KeyError, TypeError) as wrong:
                raise ContentError(
                    f'{source.name} 第{number}行要像 {{"qid": "q1", "question": "…"}}。'
                ) from wrong
            out.write(json.dumps({"qid": qid, **answer(question)}, ensure_ascii=False) + "\n")
            done += 1
    return done


def reply_row(reply: Reply, elapsed_ms: float) -> dict[str, Any]:
    """The object ``ask --json`` prints."""
    return {
        "kind": reply.kind.value,
        "text": reply.text,
        "more": reply.more,
        "citations": [
            {
                "key": citation.key,
                "title": citation.title,
                "article": citation.article,
                "quote": citation.quote,
                "in_force": citation.in_force,
                "note": citation.note,
                "url": citation.url,
            }
            for citation in reply.citations
        ],
        "confidence": reply.confidence,
        "choices": [{"label": choice.label, "send": choice.send} for choice in reply.choices],
        "elapsed_ms": round(elapsed_ms, 2),
    }


def hit_rows(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """The objects ``search --json`` prints."""
    return [
        {
            "rank": hit.rank,
            "score": round(hit.score, 4),
            "coverage": round(hit.coverage, 4),
            "key": hit.chunk.key,
            "title": hit.chunk.title,
            "article": hit.chunk.address,
            "text": hit.chunk.text,
            "source": hit.chunk.kind,
            "in_force": hit.chunk.in_force,
            "region": hit.chunk.region,
            "cites": list(hit.chunk.cites),
        }
        for hit in hits
    ]


def article_row(library: Library, text: str) -> dict[str, Any]:
    """The object ``article --json`` prints; an unknown one is described, not raised."""
    try:
        found = library.book.find(text)
    except UnknownArticleError as unknown:
        return {
            "error": str(unknown),
            "valid_range": unknown.valid_range,
            "suggestions": list(unknown.suggestions),
        }
    except NiangjiaError as wrong:
        return {"error": str(wrong), "valid_range": "", "suggestions": []}
    first = found[0]
    row = {"keys": [chunk.key for chunk in found], **_article(first)}
    if len(found) > 1:
        row["articles"] = [_article(chunk) for chunk in found]
    return row


def _article(chunk: Chunk) -> dict[str, Any]:
    return {
        "key": chunk.key,
        "title": chunk.title,
        "article": chunk.address,
        "text": chunk.text,
        "in_force": chunk.in_force,
        "note": chunk.note,
        "region": chunk.region,
    }
