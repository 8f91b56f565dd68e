// Reorders lists by dragging, with mouse, pen or finger. The keyboard has the item's own buttons.
//
// <ol data-reorder data-reorder-message="Moved to position %(position)s of %(total)s">
//   <li data-reorder-item> <span data-reorder-handle hidden> … <form data-reorder-form> with
//   <input type="hidden" name="position" disabled data-reorder-position>
// Dropping sends the form with position, counted from 1. Lists with the same data-reorder-group
// take each other's items; then <input … data-reorder-target> gets the list's data-reorder-id.

const EDGE = 60; // px from the window's edge where the page begins to scroll

const itemsOf = (list) => [...list.children].filter((child) => child.matches("[data-reorder-item]"));

const listsFor = (list) => {
  const group = list.dataset.reorderGroup;
  return group ? [...document.querySelectorAll(`[data-reorder-group="${CSS.escape(group)}"]`)] : [list];
};

// The list under the pointer, or the nearest one.
const listAt = (lists, y) => {
  const distance = (list) => {
    const box = list.getBoundingClientRect();
    return y < box.top ? box.top - y : Math.max(0, y - box.bottom);
  };
  return lists.reduce((nearest, list) => (distance(list) < distance(nearest) ? list : nearest));
};

// Puts the item among the others by where the pointer is.
const place = (item, lists, y) => {
  const list = listAt(lists, y);
  const after = itemsOf(list).find((other) => {
    const box = other.getBoundingClientRect();
    return other !== item && y < box.top + box.height / 2;
  });
  if (after) {
    if (item.nextElementSibling !== after) after.before(item);
  } else if (list.lastElementChild !== item) {
    list.append(item);
  }
};

const say = (list, position, total) => {
  let live = document.querySelector("[data-reorder-live]");
  if (!live) {
    live = document.createElement("p");
    live.className = "ds-sr-only";
    live.setAttribute("role", "status");
    live.dataset.reorderLive = "";
    document.body.append(live);
  }
  live.textContent = (list.dataset.reorderMessage ?? "")
    .replace("%(position)s", position).replace("%(total)s", total);
};

const send = (item) => {
  const list = item.closest("[data-reorder]");
  const form = item.querySelector("[data-reorder-form]");
  const position = form.querySelector("[data-reorder-position]");
  const target = form.querySelector("[data-reorder-target]");
  const order = itemsOf(list);
  position.value = order.indexOf(item) + 1;
  position.disabled = false;
  if (target) {
    target.value = list.dataset.reorderId;
    target.disabled = false;
  }
  say(list, position.value, order.length);
  form.requestSubmit();
};

const drag = (down) => {
  const handle = down.target.closest?.("[data-reorder-handle]");
  const item = handle?.closest("[data-reorder-item]");
  if (!item || down.button !== 0) return;
  down.preventDefault();
  const home = { parent: item.parentElement, next: item.nextElementSibling };
  const lists = listsFor(home.parent);
  item.dataset.dragging = "";

  const move = (event) => {
    place(item, lists, event.clientY);
    if (event.clientY < EDGE) window.scrollBy(0, -12);
    else if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 12);
  };
  const stop = (moved) => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", drop);
    document.removeEventListener("pointercancel", cancel);
    document.removeEventListener("keydown", escape);
    delete item.dataset.dragging;
    const changed = item.parentElement !== home.parent || item.nextElementSibling !== home.next;
    if (!changed) return;
    if (moved) send(item);
    else home.parent.insertBefore(item, home.next);
  };
  const drop = () => stop(true);
  const cancel = () => stop(false);
  const escape = (event) => { if (event.key === "Escape") cancel(); };

  // On the document: an element that moves in the tree loses the pointer.
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", cancel);
  document.addEventListener("keydown", escape);
};

const showHandles = (scope) => {
  for (const handle of scope.querySelectorAll("[data-reorder] [data-reorder-handle]")) {
    handle.hidden = false;
  }
};

document.addEventListener("pointerdown", drag);
document.addEventListener("htmx:afterSettle", () => showHandles(document));
showHandles(document);
