// What the browser remembers: the conversation for this tab, the unsent draft for this device.

const HISTORY = "niangjia.history";
const PENDING = "niangjia.pending";
const DRAFT = "niangjia.draft";
const LONGEST_HISTORY = 40;

// A browser may forbid storage, or have none left: the chat then works without a memory.
function read(store, key) {
  try {
    return JSON.parse(store().getItem(key));
  } catch {
    return null;
  }
}

function write(store, key, value) {
  try {
    if (value === null || value === "") store().removeItem(key);
    else store().setItem(key, JSON.stringify(value));
  } catch {
    // see above
  }
}

const tab = () => window.sessionStorage;
const device = () => window.localStorage;

/** Everything said in this tab, oldest first: {me: text} or {reply}. */
export function history() {
  const said = read(tab, HISTORY);
  return Array.isArray(said) ? said : [];
}

/** Add what was said. */
export function remember(...said) {
  write(tab, HISTORY, history().concat(said).slice(-LONGEST_HISTORY));
}

/** The question that was under way when the page went away, or null. */
export const pending = () => read(tab, PENDING);

/** Keep, or with null drop, the question under way. */
export const keepPending = (question) => write(tab, PENDING, question);

/** The unsent text. */
export function draft() {
  const text = read(device, DRAFT);
  return typeof text === "string" ? text : "";
}

/** Keep the unsent text. */
export const keepDraft = (text) => write(device, DRAFT, text);

/** Forget everything. */
export function forget() {
  write(tab, HISTORY, null);
  write(tab, PENDING, null);
  write(device, DRAFT, null);
}
