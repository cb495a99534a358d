// Shows a clause over the chat. Its address is a real page: it can be reloaded, shared, and the back key closes it.

/** Opens every link to a clause in the sheet, where the browser has dialogs; elsewhere the links just work. */
export class Sheet {
  constructor(dialog, citationOf) {
    this.dialog = dialog;
    this.body = dialog.querySelector("#sheet-body");
    this.citationOf = citationOf;
    this.title = document.title;
    this.wanted = "";
    if (!dialog.showModal) return;
    document.addEventListener("click", (event) => this.#clicked(event));
    window.addEventListener("popstate", (event) => this.#moved(event.state));
    dialog.querySelector("#sheet-close").addEventListener("click", () => this.#leave());
    dialog.addEventListener("close", () => this.#leave());
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#leave();
    });
    dialog.addEventListener("click", (event) => event.target === dialog && this.#leave());
  }

  #clicked(event) {
    const link = event.target.closest('a[href^="/clause/"]');
    const another = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || another || event.defaultPrevented) return;
    event.preventDefault();
    const address = link.getAttribute("href");
    const move = this.dialog.open ? "replaceState" : "pushState";
    window.history[move]({ clause: address }, "", address);
    this.#show(address, this.citationOf(link));
  }

  #moved(state) {
    if (state?.clause) this.#show(state.clause);
    else this.#close();
  }

  // Closing is going back, once, however it was asked for; the page then closes the sheet.
  #leave() {
    if (!this.wanted) return;
    this.wanted = "";
    window.history.back();
  }

  #close() {
    this.wanted = "";
    document.title = this.title;
    if (this.dialog.open) this.dialog.close();
  }

  async #show(address, citation) {
    this.wanted = address;
    this.body.replaceChildren(line("正在打开……"));
    if (!this.dialog.open) this.dialog.showModal();
    const content = await load(address).catch(() => null);
    if (this.wanted !== address) return;
    this.body.replaceChildren(...(content ? [content.clause] : spare(address, citation)));
    if (content) document.title = content.title;
    this.body.scrollTop = 0;
    this.body.focus();
  }
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { clause: document.adoptNode(page.getElementById("clause")), title: page.title };
}

// Without the server the quotation that came with the answer is shown: it is the full text of the clause.
function spare(address, citation) {
  const again = document.createElement("a");
  again.className = "button";
  again.href = address;
  again.textContent = "再试一次";
  const actions = line("");
  actions.append(again);
  if (!citation) return [line("没有打开，请检查网络后再试。"), actions];
  const law = line(citation.title === citation.article ? "权益手册" : `《${citation.title}》`, "clause__law");
  const title = line(citation.article, "clause__title");
  const text = document.createElement("div");
  text.className = "clause__text";
  text.textContent = citation.quote;
  return [law, title, line(citation.note), text, line("现在连不上服务器，这是答案里带的原文。"), actions];
}

function line(text, name = "clause__chapter") {
  const paragraph = document.createElement("p");
  paragraph.className = name;
  paragraph.textContent = text;
  return paragraph;
}
