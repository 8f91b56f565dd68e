// What every page has. Everything here only helps: each page works without it.

const root = document.documentElement;

// --- Faulty form: put the focus on its summary -------------------------------------------------
// The attribute autofocus does it when a page loads; this does it for answers that htmx swaps in.
document.addEventListener("htmx:afterSettle", (event) => {
  event.target.querySelector?.("[data-error-summary]")?.focus();
});

// --- Unsaved text: ask before the page is left ---------------------------------------------------
const dirty = new Set();

const unsavedForm = (element) => element.closest?.("form[data-unsaved]");

document.addEventListener("input", (event) => {
  const form = unsavedForm(event.target);
  if (form && event.target.name) dirty.add(form);
});
// A form that came back with errors holds what was typed, and none of it is saved.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  if (form.querySelector("[data-error-summary]")) dirty.add(form);
}
document.addEventListener("submit", (event) => dirty.delete(event.target));
document.addEventListener("lupplan:kept", (event) => dirty.delete(event.target)); // as a draft
window.addEventListener("beforeunload", (event) => {
  const open = [...dirty].some((form) => form.isConnected);
  if (open) event.preventDefault();
});

// --- Pressed twice: sent once ------------------------------------------------------------------------
// A second press within moments is no second wish. htmx sees to its own forms.
const MOMENT = 3000; // milliseconds
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "now";
  setTimeout(() => delete form.dataset.sent, MOMENT);
});

// --- A request of htmx that failed: say so, keep the text -----------------------------------------
const toast = document.querySelector(".lp-toast");

const failed = (text) => (event) => {
  const form = unsavedForm(event.target);
  if (form) dirty.add(form);
  toast.textContent = text;
};
if (toast) {
  document.addEventListener("htmx:sendError", failed(toast.dataset.lost));
  document.addEventListener("htmx:timeout", failed(toast.dataset.lost));
  document.addEventListener("htmx:responseError", failed(toast.dataset.refused));
  document.addEventListener("htmx:beforeRequest", () => { toast.textContent = ""; });
}

// --- Colour scheme: as the device, light or dark ----------------------------------------------------
const KEY = "lupplan-scheme"; // scheme.js reads it before the first paint
const scheme = document.querySelector("[data-scheme]");

const show = (chosen) => {
  root.dataset.colorScheme = chosen;
  for (const button of scheme.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
};
if (scheme) {
  show(root.dataset.colorScheme);
  scheme.hidden = false;
  scheme.addEventListener("click", (event) => {
    const chosen = event.target.closest("button")?.value;
    if (!chosen) return;
    show(chosen);
    try {
      if (chosen === "auto") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, chosen);
    } catch {
      // No storage: it holds for this page.
    }
  });
}

// Paper is white.
let beforePrint = "";
window.addEventListener("beforeprint", () => {
  beforePrint = root.dataset.colorScheme;
  root.dataset.colorScheme = "light";
});
window.addEventListener("afterprint", () => { root.dataset.colorScheme = beforePrint; });
