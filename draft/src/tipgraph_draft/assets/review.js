// Keys for the review. A key does what the element with its `data-key`
// does, of the selected row where rows have one. No key does anything while one types in a field,
// nor while a form is open, in which something may not be saved yet; but Escape cancels the form.
"use strict";

const FIELDS = "input, select, textarea, [contenteditable]";
const rows = [...document.querySelectorAll(".row")];
let selected = rows.find((row) => row.classList.contains("selected"));
const cancel = document.querySelector(".review .cancel");
const isFormOpen = cancel !== null;
let isSent = false;

function select(row) {
  for (const each of rows) each.classList.toggle("selected", each === row);
  selected = row;
  row.focus({ preventScroll: true });
  reveal(row);
}

// All of a row, or its beginning where it is higher than the page.
function reveal(row) {
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("h3").scrollIntoView({ block: "nearest" });
}

function step(count) {
  if (rows.length) select(rows.at((rows.indexOf(selected) + count) % rows.length));
}

function showKeys() {
  const keys = document.getElementById("keys");
  keys.open = true;
  keys.querySelector("summary").focus();
}

// The elements that a key is for: of the selected row, or outside of rows.
function targets(key) {
  const found = document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  return [...found].filter((each) => [selected, null].includes(each.closest(".row")));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (isSent) return;
  if (event.key === "Escape") cancel?.click();
  // Enter in a list goes where the button beside it leads.
  if (event.key === "Enter" && event.target.matches("#go")) event.target.form.requestSubmit();
  if (isFormOpen || event.target.closest(FIELDS)) return;
  // With Caps Lock on, a key without Shift is still a small letter.
  const key = event.shiftKey ? event.key : event.key.toLowerCase();
  const steps = { n: 1, p: -1 };
  const [element] = targets(key);
  if (key in steps) step(steps[key]);
  else if (key === "?") showKeys();
  else if (element?.matches("select")) element.focus();
  else if (element) element.click();
  else return;
  event.preventDefault();
});

// Neither a second click nor a further key is sent before the page has changed.
document.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault();
  isSent = true;
});
window.addEventListener("pageshow", () => {
  isSent = false;
});

function showKey(element, key, text = key) {
  element.setAttribute("aria-keyshortcuts", key);
  if (element.matches("select")) return;
  const hint = document.createElement("kbd");
  hint.textContent = text;
  hint.ariaHidden = "true";
  element.append(" ", hint);
}

if (isFormOpen) showKey(cancel, "Escape", "Esc");
else for (const each of document.querySelectorAll("[data-key]")) showKey(each, each.dataset.key);
document.getElementById("keys").hidden = isFormOpen;
const hasProblem = document.getElementById("problem") !== null;
if (selected && !isFormOpen && !hasProblem) reveal(selected);
