// Replies as page elements, cloned from the templates of the page; text only ever becomes text.

const MOST_SOURCES = 3;
const BASIS = /^依据：(.+)$/;
const NAMED = /《[^》]*》[^、]*/g;

/** Builds what the log shows. */
export class View {
  constructor(page) {
    this.log = page.querySelector("#log");
    this.phones = new RegExp(page.dataset.phones, "g");
    this.labels = new RegExp(page.dataset.labels);
    this.quotes = new WeakMap();
  }

  /** The bubble of what the worker asked. */
  mine(text) {
    const message = clone("mine");
    message.querySelector(".bubble").textContent = text;
    return message;
  }

  /** The bubble of a reply, complete, so that it is announced once. */
  theirs(reply) {
    const message = clone("theirs");
    const { text, sources } = this.#basis(reply);
    this.#fillAnswer(message.querySelector(".answer"), text);
    this.#fillSources(message.querySelector(".message__sources"), sources);
    this.#fillChoices(message.querySelector(".choices"), reply);
    return message;
  }

  /** Append to the log; only the newest reply still has more to show. */
  append(message) {
    if (message.matches(".message_theirs")) {
      for (const stale of this.log.querySelectorAll(".choice_more")) stale.closest("form").remove();
    }
    this.log.append(message);
    return message;
  }

  /** The citation a link stands for, for reading it without the server. */
  citationOf(link) {
    return this.quotes.get(link);
  }

  // The line 依据：… is shown as the list of sources; a law whose text is not in the library stays as a name, last.
  #basis(reply) {
    const lines = reply.text.split("\n");
    const line = lines[lines.length - 1].match(BASIS);
    const named = line ? (line[1].match(NAMED) ?? []) : [];
    const linked = new Set(reply.citations.map(shortName));
    const names = named.filter((name) => !linked.has(name)).map((name) => ({ name }));
    const cited = reply.citations.map((citation) => ({ citation, name: shownName(citation) }));
    const laws = cited.filter(({ citation }) => isLaw(citation));
    const others = cited.filter(({ citation }) => !isLaw(citation));
    const whole = named.length === 0;
    return { text: (whole ? lines : lines.slice(0, -1)).join("\n"), sources: [...laws, ...others, ...names] };
  }

  #fillAnswer(answer, text) {
    const lines = text.split("\n");
    lines.forEach((line, place) => {
      if (place) answer.append("\n");
      const row = answer.appendChild(document.createElement("div"));
      row.className = "answer__line";
      const label = line.match(this.labels);
      if (label) {
        row.appendChild(document.createElement("b")).textContent = label[0];
        if (place) answer.classList.add("answer_parted");
      }
      this.#appendWithPhones(row, label ? line.slice(label[0].length) : line);
    });
  }

  #appendWithPhones(row, text) {
    let end = 0;
    for (const found of text.matchAll(this.phones)) {
      const number = found[2] ?? found[4];
      const after = found.index + found[0].length;
      row.append(text.slice(end, after - number.length));
      const link = row.appendChild(document.createElement("a"));
      link.href = `tel:${number}`;
      link.textContent = number;
      end = after;
    }
    row.append(text.slice(end));
  }

  #fillSources(section, sources) {
    if (!sources.length) {
      section.remove();
      return;
    }
    const [first, rest] = section.querySelectorAll(".sources");
    // One source more than fits is shown rather than hidden behind a line of its own.
    const shown = sources.length <= MOST_SOURCES + 1 ? sources.length : MOST_SOURCES;
    first.append(...sources.slice(0, shown).map((source) => this.#source(source)));
    rest.append(...sources.slice(shown).map((source) => this.#source(source)));
    const hidden = section.querySelector(".sources-rest");
    hidden.querySelector("summary").textContent = `还有${sources.length - shown}条依据`;
    if (sources.length === shown) hidden.remove();
  }

  #source({ citation, name }) {
    const row = clone("source");
    const link = row.querySelector(".source");
    const state = row.querySelector(".source__state");
    row.querySelector(".source__name").textContent = name;
    if (!citation) {
      const plain = document.createElement("span");
      plain.className = "source";
      plain.append(...link.childNodes);
      link.replaceWith(plain);
      state.textContent = "原文还没有收进来";
      return row;
    }
    link.href = citation.url;
    state.textContent = citation.in_force ? citation.note : citation.note || "不再作为现行依据";
    row.classList.toggle("source_gone", !citation.in_force);
    this.quotes.set(link, citation);
    return row;
  }

  #fillChoices(list, reply) {
    if (reply.more) list.append(choice("更多", "更多", "", "choice_more"));
    reply.choices.forEach(({ label, send }, place) => list.append(choice(label, send, place + 1)));
  }
}

function choice(label, send, number, extra) {
  const form = clone("choice");
  const button = form.querySelector("button");
  button.value = send;
  button.querySelector(".choice__number").textContent = number;
  button.querySelector(".choice__label").textContent = label;
  if (extra) button.classList.add(extra);
  return form;
}

const isLaw = (citation) => citation.key.includes("#");
const shortName = (citation) => `《${citation.key.split("#")[0]}》${citation.article}`;
const shownName = (citation) => (isLaw(citation) ? shortName(citation) : `权益手册：${citation.title}`);

function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}
