// Drafts and presence: a form that is written in keeps itself on the server, apart from the plan.
// Everything here only helps: without it, the form has a button that keeps a draft.

const QUIET = 2_500; // milliseconds without typing, after which the draft is sent
const LONGEST = 15_000; // even to those who never pause
const HEARTBEAT = 20_000;
const WHYS = new Set(["elsewhere", "full", "long", "saved"]);

const forms = () => document.querySelectorAll("form[data-draft]");
const states = new WeakMap();

const stateOf = (form) => {
  if (!states.has(form)) states.set(form, { timer: 0, since: 0, sent: null, dirty: false });
  return states.get(form);
};

// Which opened form this is: the server tells a second window from this one by it.
const identify = (form) => {
  const sitting = form.elements.sitting;
  if (sitting && !sitting.value) {
    const figures = crypto.getRandomValues(new Uint32Array(4));
    sitting.value = Array.from(figures, (figure) => figure.toString(16)).join("");
  }
};

const token = (form) =>
  /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? form.elements.csrfmiddlewaretoken?.value;

const body = (form, act) => {
  const data = act === "auto" ? new FormData(form) : new FormData();
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("draft", act);
  data.set("csrfmiddlewaretoken", token(form));
  return data;
};

const parts = (form) => form.closest(".lp-edit") ?? form.parentElement;

const say = (form, key, time) => {
  const status = parts(form).querySelector("[data-draft-status]");
  if (!status) return;
  const words = (status.dataset[key] ?? "").replace("%(time)s", time);
  if (status.textContent !== words) status.textContent = words;
  status.classList.toggle("lp-draft--trouble", key !== "kept");
};

const sayWho = (form, words) => {
  const line = parts(form).querySelector("[data-presence-here]");
  if (line && line.textContent !== words) line.textContent = words;
};

const send = async (form, act) => {
  const state = stateOf(form);
  if (act === "auto") {
    clearTimeout(state.timer);
    state.timer = state.since = 0;
    state.dirty = false;
    state.sent?.abort();
    state.sent = new AbortController();
  }
  const { signal } = act === "auto" ? state.sent : new AbortController();
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: body(form, act),
      redirect: "manual",
      signal,
    });
    if (answer.type === "opaqueredirect") return say(form, "out");
    if (!answer.ok) {
      state.dirty ||= act === "auto";
      return say(form, "refused");
    }
    const told = await answer.json();
    sayWho(form, told.here ?? "");
    if (told.kept) {
      say(form, "kept", told.kept);
      if (!state.dirty) form.dispatchEvent(new Event("lupplan:kept", { bubbles: true }));
    } else if (WHYS.has(told.why)) say(form, told.why);
  } catch (error) {
    if (error.name === "AbortError") return;
    state.dirty ||= act === "auto";
    say(form, "lost");
  }
};

// Leaving the page: the browser sends it when the page is gone.
const sendLast = (form, act) => navigator.sendBeacon(form.dataset.draft, body(form, act));

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form || !event.target.name) return;
  const state = stateOf(form);
  const now = Date.now();
  identify(form);
  state.dirty = true;
  state.since ||= now;
  clearTimeout(state.timer);
  const wait = Math.max(0, Math.min(QUIET, state.since + LONGEST - now));
  state.timer = setTimeout(() => send(form, "auto"), wait);
});

// Sent to be saved: no draft of it may come after it. Logged in anew meanwhile: the token is new.
const saving = (form) => {
  const state = stateOf(form);
  identify(form);
  clearTimeout(state.timer);
  state.sent?.abort();
  state.dirty = false;
  const field = form.elements.csrfmiddlewaretoken;
  if (field) field.value = token(form);
};
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-draft]")) saving(event.target);
}, true);

document.addEventListener("visibilitychange", () => {
  for (const form of forms()) {
    if (document.visibilityState === "hidden" && stateOf(form).dirty) send(form, "auto");
    if (document.visibilityState === "visible") send(form, "seen");
  }
});
window.addEventListener("pagehide", () => {
  for (const form of forms()) {
    if (stateOf(form).dirty) sendLast(form, "auto");
    sendLast(form, "left");
  }
});

setInterval(() => {
  if (document.visibilityState !== "visible") return;
  for (const form of forms()) send(form, stateOf(form).dirty && !stateOf(form).timer ? "auto" : "seen");
}, HEARTBEAT);

// On the workbench: who writes what, beside it. An address ends in what it is about.
const ROWS = [
  [/\/tiltak\/([^/]+)\/$/, "measure-", ".lp-row__main"],
  [/\/tekst\/([^/]+)\/$/, "tekst-", ".lp-row__main"],
  [/\/satsingsomrade\/([^/]+)\/$/, "area-", ".lp-focus__head"],
];

const rowOf = (address) => {
  for (const [pattern, prefix, inside] of ROWS) {
    const key = pattern.exec(address)?.[1];
    if (key) return document.getElementById(prefix + key)?.querySelector(inside);
  }
  return null;
};

const place = () => {
  for (const line of document.querySelectorAll(".lp-presence--row")) line.remove();
  for (const here of document.querySelectorAll("#presence [data-presence]")) {
    const line = document.createElement("p");
    line.className = "lp-meta lp-presence lp-presence--row";
    line.textContent = here.querySelector("span").textContent;
    rowOf(here.dataset.presence)?.append(line);
  }
};
document.addEventListener("htmx:afterSettle", place);
place();
