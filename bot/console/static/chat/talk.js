// Asks the server. The same id is sent again after a broken line, so that nothing is answered twice.

const ADDRESS = "/api/chat";
const SILENCE_MS = 45_000;
const PAUSES_MS = [400, 1200];
const OFFLINE = "没有连上服务器，请检查网络后重试。你写的内容还在。";
const TOO_FAST = 429;

/** Why there is no answer: one sentence for people, whether they may try again, whether we should not by ourselves. */
export class Refused extends Error {
  constructor(sentence, again, final = false) {
    super(sentence);
    this.again = again;
    this.final = final;
  }
}

/** The replies to a question {text, id}: by stream, by stream again, and without one when both broke. */
export async function ask(question) {
  const seen = { replies: [], id: 0 };
  let sentence = OFFLINE;
  for (const [attempt, way] of [stream, stream, plain].entries()) {
    try {
      return await way(question, seen);
    } catch (failure) {
      if (failure instanceof Refused && failure.final) throw failure;
      if (failure instanceof Refused) sentence = failure.message;
    }
    if (attempt < PAUSES_MS.length) await pause(PAUSES_MS[attempt]);
  }
  throw new Refused(sentence, true);
}

/** A new id for a question; the browser's own generator needs https, this does not. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Forget this browser on the server. */
export async function forget() {
  await fetch("/chat/clear", { method: "POST", redirect: "manual" });
}

async function stream(question, seen) {
  const watch = watchdog();
  try {
    const answer = await post(question, "text/event-stream", watch, { "Last-Event-ID": String(seen.id) });
    for await (const event of events(answer.body, watch)) {
      if (event.name === "reply") {
        seen.replies.push(event.data);
        seen.id = Number(event.id);
      }
      if (event.name === "error") throw new Refused(event.data.error, true);
      if (event.name === "done") return seen.replies;
    }
    throw new Error("the stream ended early");
  } finally {
    watch.stop();
  }
}

async function plain(question) {
  const watch = watchdog();
  try {
    const answer = await post(question, "application/json", watch);
    return (await answer.json()).replies;
  } finally {
    watch.stop();
  }
}

async function post(question, accept, watch, more = {}) {
  const answer = await fetch(ADDRESS, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept, ...more },
    body: JSON.stringify({ text: question.text, message_id: question.id }),
    signal: watch.signal,
  });
  if (answer.ok) return answer;
  throw await refusal(answer);
}

async function refusal(answer) {
  let sentence = "服务器现在答不上来，请稍后重试。你写的内容还在。";
  try {
    sentence = (await answer.json()).error ?? sentence;
  } catch {
    // A proxy's own error page: the sentence above stands.
  }
  const ourFault = answer.status >= 500;
  return new Refused(sentence, ourFault || answer.status === TOO_FAST, !ourFault);
}

async function* events(body, watch) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    watch.alive();
    const blocks = (waiting + decoder.decode(value, { stream: true })).split("\n\n");
    waiting = blocks.pop();
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

function parse(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
  }
  return fields.event ? { name: fields.event, id: fields.id, data: JSON.parse(fields.data) } : null;
}

// The server shows a sign of life every 15 seconds; longer silence means the line is dead.
function watchdog() {
  const control = new AbortController();
  let timer;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(), SILENCE_MS);
  };
  alive();
  return { signal: control.signal, alive, stop: () => clearTimeout(timer) };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
