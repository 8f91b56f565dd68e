// A long list of checkboxes ([data-chooser]): find by name or number, tick many at once, count.
// Without this the buttons submit and the server ticks.

const MARKS = /\p{Diacritic}/gu;
const LETTERS = { æ: "ae", ø: "o", đ: "d", ŋ: "n", ŧ: "t" }; // have no mark to take away

// "Alesund" finds Ålesund, "more" finds Møre.
const plain = (text) =>
  text.toLowerCase().normalize("NFD").replace(MARKS, "").replace(/[æøđŋŧ]/g, (letter) => LETTERS[letter]);

const wire = (chooser) => {
  if (chooser.dataset.wired) return;
  chooser.dataset.wired = "true";
  const boxes = [...chooser.querySelectorAll('.lp-chooser__list input[type="checkbox"]')];
  const items = boxes.map((box) => ({ box, row: box.parentElement, text: plain(box.parentElement.textContent) }));
  const search = chooser.querySelector("[data-chooser-search]");
  const field = search.querySelector("input");
  const status = chooser.querySelector("[data-chooser-status]");

  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    const found = items.some(({ row }) => !row.hidden);
    status.textContent = (found ? "" : `${status.dataset.none}. `)
      + status.dataset.text.replace("%(count)s", chosen).replace("%(total)s", boxes.length);
  };
  const filter = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    for (const { row, text } of items) row.hidden = !words.every((word) => text.includes(word));
    count();
  };
  const tick = (wanted) => {
    for (const box of boxes) if (!box.disabled) box.checked = wanted(box);
    boxes[0]?.dispatchEvent(new Event("input", { bubbles: true })); // the form now has unsaved changes
    count();
  };

  chooser.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="choose"]');
    if (!button) return;
    event.preventDefault();
    const { choose, members } = button.dataset;
    if (choose) tick(() => choose === "all");
    else {
      const wanted = new Set(members.split(","));
      tick((box) => box.checked || wanted.has(box.value));
    }
  });
  chooser.addEventListener("change", count);
  field.addEventListener("input", filter);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would press the form's first button
  });
  search.hidden = false;
  count();
};

const wireAll = () => document.querySelectorAll("[data-chooser]").forEach(wire);

document.addEventListener("htmx:afterSettle", wireAll);
wireAll();
