// Fills the list of a field with what matches the words typed so far. Without it, the field takes
// a name as it is; the page explains a wrong one.
"use strict";

const PAUSE = 150;

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = input.list;
  let timer = 0;
  let asked = "";

  async function suggest() {
    const text = input.value.trim();
    if (text === asked || [...list.options].some((option) => option.value === text)) return;
    asked = text;
    if (text.length < 2) {
      list.replaceChildren();
      return;
    }
    const answer = await fetch(`${input.dataset.suggest}&q=${encodeURIComponent(text)}`);
    // Another answer may have been asked for meanwhile.
    if (!answer.ok || text !== asked) return;
    const found = await answer.json();
    list.replaceChildren(
      ...found.map(({ value, label }) => {
        const option = document.createElement("option");
        option.value = value;
        option.label = label;
        return option;
      }),
    );
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => suggest().catch(() => {}), PAUSE);
  });
}
