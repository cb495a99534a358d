// The chat page with script: asks without reloading, keeps history and draft, opens clauses in place.

import * as memory from "./memory.js";
import { Sheet } from "./sheet.js";
import * as talk from "./talk.js";
import { View } from "./view.js";

const IME_KEY = 229;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

class Chat {
  constructor(page) {
    this.page = page;
    this.view = new View(page);
    this.field = page.querySelector("#text");
    this.send = page.querySelector("#send");
    this.typing = page.querySelector("#typing");
    this.trouble = page.querySelector("#trouble");
    this.retry = page.querySelector("#retry");
    this.longest = Number(page.dataset.longest);
    this.waiting = false;
    this.failed = null;
    this.conversation = 0;
    page.classList.add("page_scripted");
    this.#listen();
    this.#restore();
    new Sheet(document.querySelector("#sheet"), (link) => this.view.citationOf(link));
  }

  #listen() {
    this.page.addEventListener("click", (event) => this.#picked(event));
    this.page.querySelector("#writer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sendTyped();
    });
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => this.#typed());
    // Without the fragment in the address: going back to it later would take the focus away from where it was.
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.field.focus();
    });
    this.retry.addEventListener("click", () => this.#again());
    window.addEventListener("online", () => this.#again());
    this.page.querySelector("#clear").addEventListener("click", (event) => this.#confirmClear(event));
  }

  // A page that was left while a question was under way asks it again: the same id gets the same answer.
  #restore() {
    const said = memory.history();
    this.view.log.setAttribute("aria-live", "off");
    this.view.log.prepend(...said.map(({ me, reply }) => (reply ? this.view.theirs(reply) : this.view.mine(me))));
    const rests = this.view.log.querySelectorAll(".choice_more");
    [...rests].slice(0, -1).forEach((stale) => stale.closest("form").remove());
    if (!this.field.value) this.field.value = memory.draft();
    this.#fit();
    this.#settle();
    const last = [...this.view.log.querySelectorAll(".message_mine")].pop();
    if (last) last.scrollIntoView({ block: "start" });
    setTimeout(() => {
      this.view.log.setAttribute("aria-live", "polite");
      const pending = memory.pending();
      if (pending) this.#exchange(pending, this.#say(pending));
    });
    if (finePointer()) this.field.focus({ preventScroll: true });
  }

  #picked(event) {
    const button = event.target.closest('button[name="text"]');
    if (!button) return;
    event.preventDefault();
    const label = button.querySelector(".choice__label").textContent;
    this.#ask({ text: button.value, label, id: talk.newId() });
    // A button that goes away would take the keyboard's place on the page with it.
    if (event.detail === 0 && button.matches(".chip, .choice_more")) this.field.focus({ preventScroll: true });
  }

  // Enter that picks a word of a Chinese input method belongs to the input method.
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === IME_KEY) return;
    event.preventDefault();
    this.#sendTyped();
  }

  #typed() {
    memory.keepDraft(this.field.value);
    this.field.removeAttribute("aria-invalid");
    this.#fit();
  }

  #sendTyped() {
    const text = this.field.value.trim();
    if (this.waiting) return;
    if (!text) {
      this.field.focus();
      return;
    }
    if ([...text].length > this.longest) {
      this.#complain(`这段话有${[...text].length}个字，一次最多${this.longest}个字。请分几次发，先说最要紧的事。`, false);
      this.#blame();
      return;
    }
    if (this.failed?.question.text === text) {
      this.#again();
      return;
    }
    this.#ask({ text, typed: true, id: talk.newId() });
  }

  #ask(question) {
    if (this.waiting) return;
    this.failed = null;
    this.#exchange(question, this.#say(question));
  }

  #say(question) {
    return this.view.append(this.view.mine(said(question)));
  }

  async #exchange(question, bubble) {
    const conversation = this.conversation;
    this.#wait(true);
    memory.keepPending(question);
    this.#mark(bubble, false);
    if (question.typed && this.field.value.trim() === question.text) this.#setField("");
    this.#show(bubble);
    const { replies, failure } = await talk.ask(question).then(
      (replies) => ({ replies }),
      (failure) => ({ failure }),
    );
    if (conversation !== this.conversation) return;
    memory.keepPending(null);
    this.#wait(false);
    if (failure) this.#fail(question, bubble, failure);
    else this.#answered(question, replies);
    this.#show(bubble);
  }

  #answered(question, replies) {
    this.failed = null;
    memory.remember({ me: said(question) }, ...replies.map((reply) => ({ reply })));
    for (const reply of replies) this.view.append(this.view.theirs(reply));
  }

  #fail(question, bubble, failure) {
    this.failed = failure.again ? { question, bubble } : null;
    this.#mark(bubble, true);
    if (question.typed && !this.field.value.trim()) this.#setField(question.text);
    this.#complain(failure.message, failure.again);
    if (!failure.again) this.#blame();
  }

  #again() {
    if (!this.failed || this.waiting) return;
    const { question, bubble } = this.failed;
    const atButton = document.activeElement === this.retry;
    this.#exchange(question, bubble);
    if (atButton && finePointer()) this.field.focus({ preventScroll: true });
  }

  #mark(bubble, failed) {
    bubble.classList.toggle("message_failed", failed);
    bubble.querySelector(".message__state").hidden = !failed;
  }

  #complain(sentence, again) {
    this.trouble.querySelector("#trouble-text").textContent = sentence;
    this.retry.hidden = !again;
    this.trouble.hidden = false;
    this.trouble.scrollIntoView({ block: "nearest" });
  }

  #blame() {
    this.field.setAttribute("aria-invalid", "true");
    this.field.setAttribute("aria-describedby", "trouble-text hint");
    this.field.focus();
  }

  #wait(waiting) {
    this.waiting = waiting;
    this.typing.hidden = !waiting;
    this.send.setAttribute("aria-disabled", String(waiting));
    if (waiting) {
      this.trouble.hidden = true;
      this.field.removeAttribute("aria-invalid");
      this.field.setAttribute("aria-describedby", "hint");
    }
    this.#settle();
  }

  #settle() {
    this.page.classList.toggle("page_talking", this.view.log.childElementCount > 0);
  }

  // The question goes to the top: a long answer is read from its beginning.
  #show(bubble) {
    bubble.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }

  #setField(text) {
    this.field.value = text;
    memory.keepDraft(text);
    this.#fit();
  }

  // Browsers that size a field by its content need no help.
  #fit() {
    if (CSS.supports("field-sizing", "content")) return;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  #confirmClear(event) {
    const dialog = document.querySelector("#confirm");
    if (!dialog.showModal) {
      memory.forget();
      return;
    }
    event.preventDefault();
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && this.#clear(), { once: true });
    dialog.showModal();
  }

  #clear() {
    memory.forget();
    this.conversation += 1;
    this.failed = null;
    this.#wait(false);
    this.trouble.hidden = true;
    this.view.log.replaceChildren();
    this.#setField("");
    this.#settle();
    window.scrollTo({ top: 0 });
    if (finePointer()) this.field.focus({ preventScroll: true });
    talk.forget().catch(() => {
      // Offline: nothing is left here to be seen, and the cookie ends with the browser session.
    });
  }
}

// On a touch screen a focused field would open the keyboard over the answer.
const finePointer = () => window.matchMedia("(hover: hover) and (pointer: fine)").matches;
const said = (question) => question.label ?? question.text;

new Chat(document.querySelector("#chat"));
