"""What Rasa's own validation lets pass: too few examples, forms that never ask, rules about nothing."""

from collections.abc import Iterator
from pathlib import Path

from bot.core.errors import ContentError
from intents import corpus, sources
from intents.catalogue import Intent, known
from intents.sources import Fault, Part

FEWEST = 60
"""Examples every intent has to have."""
_DOMAIN_KEYS = {"version", "intents", "entities", "slots", "responses", "forms", "actions", "session_config"}
_RULE_KEYS = {"version", "rules"}
_DEFAULT_ACTIONS = {
    "action_listen",
    "action_restart",
    "action_deactivate_loop",
    "action_default_fallback",
    "...",
}
_INTENTS = {intent.value for intent in Intent} | {"nlu_fallback"}


def examine(at: Path) -> list[Fault]:
    """Everything that has to be mended in folder ``at``; what is too broken to read is the only finding."""
    try:
        found = corpus.gather(at)
        domain = sources.read(at / "domain.yml")
        rules = sources.read(at / "rules.yml")
        return [
            *corpus.doubles(found.examples),
            *_examples(found),
            *_domain(domain),
            *_labels(found, domain),
            *_rules(rules, domain),
        ]
    except FileNotFoundError as missing:
        return [Fault(Path(str(missing.filename)).name, 1, "缺少这个文件。")]
    except ContentError as broken:
        file, _, rest = str(broken).partition(" 第")
        line, _, text = rest.partition("行：")
        return [Fault(file, int(line), text) if line.isdecimal() else Fault(at.name, 1, str(broken))]


def _examples(found: corpus.Corpus) -> Iterator[Fault]:
    by_intent = found.by_intent()
    for intent in Intent:
        listed = by_intent.get(intent, [])
        if len(listed) < FEWEST:
            file, line = (listed[0].file, listed[0].line) if listed else ("nlu", 1)
            yield Fault(file, line, f"{intent.value} 只有 {len(listed)} 个例句，至少要 {FEWEST} 个。")


def _domain(domain: Part) -> Iterator[Fault]:
    fields = domain.fields()
    yield from _unknown_keys(domain, _DOMAIN_KEYS)
    declared = _names(fields.get("intents"))
    for name, part in declared.items():
        if known(name) is None:
            yield Fault(part.file, part.line, f"没有意图 {name}。")
    for intent in Intent:
        if intent.value not in declared:
            yield Fault(domain.file, domain.line, f"intents 里缺少 {intent.value}。")
    slots = fields["slots"].fields() if "slots" in fields else {}
    for name, form in (fields["forms"].fields() if "forms" in fields else {}).items():
        yield from _form(name, form, slots, fields["responses"].fields() if "responses" in fields else {})


def _form(name: str, form: Part, slots: dict[str, Part], responses: dict[str, Part]) -> Iterator[Fault]:
    yield from _unknown_keys(form, {"required_slots", "ignored_intents"})
    fields = form.fields()
    for slot, part in _names(fields.get("required_slots")).items():
        if slot not in slots:
            yield Fault(part.file, part.line, f"表单 {name} 的 {slot} 没有在 slots 里声明。")
        if not {f"utter_ask_{name}_{slot}", f"utter_ask_{slot}"} & responses.keys():
            yield Fault(part.file, part.line, f"表单 {name} 的 {slot} 没有问句，请加 utter_ask_{slot}。")
    for intent, part in _names(fields.get("ignored_intents")).items():
        if known(intent) is None:
            yield Fault(part.file, part.line, f"没有意图 {intent}。")


def _labels(found: corpus.Corpus, domain: Part) -> Iterator[Fault]:
    declared = _names(domain.fields().get("entities"))
    for label, part in found.labels.items():
        if label not in declared:
            yield Fault(part.file, part.line, f"实体 {label} 没有在 domain.yml 的 entities 里声明。")


def _rules(rules: Part, domain: Part) -> Iterator[Fault]:
    yield from _unknown_keys(rules, _RULE_KEYS)
    fields = domain.fields()
    forms = set(fields["forms"].fields()) if "forms" in fields else set()
    responses = set(fields["responses"].fields()) if "responses" in fields else set()
    actions = forms | responses | set(_names(fields.get("actions"))) | _DEFAULT_ACTIONS
    listed = rules.fields().get("rules")
    for rule in listed.items() if listed else ():
        for step in rule.fields()["steps"].items() if "steps" in rule.fields() else ():
            yield from _step(step, actions, forms)


def _step(step: Part, actions: set[str], forms: set[str]) -> Iterator[Fault]:
    fields = step.fields()
    if "intent" in fields and (said := fields["intent"].text) not in _INTENTS:
        yield Fault(step.file, step.line, f"规则里的意图 {said} 不存在。")
    if "action" in fields and (done := fields["action"].text) not in actions:
        yield Fault(step.file, step.line, f"规则里的动作 {done} 没有对应的回复或表单。")
    if "active_loop" in fields and (loop := fields["active_loop"].text) not in {*forms, "null"}:
        yield Fault(step.file, step.line, f"规则里的表单 {loop} 不存在。")


def _unknown_keys(part: Part, allowed: set[str]) -> Iterator[Fault]:
    for key in part.keyed():
        if key.text not in allowed:
            yield Fault(key.file, key.line, f"不认识 {key.text}，这里只能写 {'、'.join(sorted(allowed))}。")


def _names(part: Part | None) -> dict[str, Part]:
    return {item.text: item for item in part.items()} if part else {}
