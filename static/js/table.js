// The table of measures: how many are chosen, and "all that match" shown on every row. Without this
// the boxes are ticked one by one, or all of them by the server.

const form = document.querySelector("[data-table]");
const all = form?.querySelector("[name=alle]");
const count = form?.querySelector("[data-table-count]");

if (all && count) {
  const boxes = [...form.querySelectorAll("[name=vel]")];

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = chosen && !all.checked ? count.dataset.text.replace("%(count)s", chosen) : "";
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "vel") return;
    // One that is taken away again: no longer all of them.
    if (!event.target.checked) all.checked = false;
    tell();
  });
  tell();
}
