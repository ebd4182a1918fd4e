// Filters and sorts the rows of an answer, and selects its columns. Without it, the page has all of them.
"use strict";

(() => {
  // A column with more values has no list of them.
  const MOST_VALUES = 60;
  // The milliseconds between the last key and the filter.
  const PAUSE = 150;

  const answer = document.getElementById("answer");
  const tables = [...answer.querySelectorAll(".grid")].map(read);
  if (!tables.length) return;
  const columns = [...new Set(tables.flatMap(({ names, shared }) => [...names, ...shared.keys()]))];
  const filters = new Map();
  // What follows the mark in the part of an address that no server gets: the filters and columns of a reader.
  const STATE = "#rows?";
  const status = element("p", { role: "status", class: "remark" });
  answer.querySelector(".grid").before(panel(), status);
  if (!("unsorted" in answer.dataset)) tables.forEach(addSorting);
  fromFragment();
  // A server has bound the parameters of an address; a file has the rows of all values.
  if (document.documentElement.dataset.root) fromAddress();

  /** A table with its rows, the names of its columns, and the cells that all rows share. */
  function read(grid) {
    const table = grid.querySelector("table");
    const names = [...table.tHead.rows[0].cells].map((cell) => nameOf(cell.textContent));
    const shared = new Map([...grid.querySelectorAll("[data-column]")].map((cell) => [cell.dataset.column, cell]));
    return { grid, table, names, shared, rows: [...table.tBodies[0].rows] };
  }

  /** A field for each column: its filter, and whether it is shown. */
  function panel() {
    const form = element("form", { class: "fields" }, ...columns.map(field));
    let timer = 0;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(apply, PAUSE);
    });
    return element("details", { class: "filter" }, element("summary", {}, "Filter the rows, and select columns"), form);
  }

  function field(column) {
    const id = `filter-${column}`;
    const input = element("input", { id, type: "search", autocomplete: "off" });
    const shown = element("input", { type: "checkbox", id: `show-${column}` });
    shown.checked = isDefault(column);
    filters.set(column, { input, shown });
    const values = valuesOf(column);
    const list = values.length ? [element("datalist", { id: `${id}-values` }, ...values.map((value) => element("option", { value })))] : [];
    if (list.length) input.setAttribute("list", list[0].id);
    return element(
      "div", { class: "field" },
      element("label", { for: id }, labelOf(column)), input, ...list,
      element("label", { class: "choice", for: shown.id }, shown, " show the column"),
    );
  }

  /** Whether the page shows a column before a reader selects any. */
  function isDefault(column) {
    return !tables.some(({ table }) => table.dataset.optional?.split(" ").includes(column));
  }

  function valuesOf(column) {
    const values = new Set(tables.flatMap((table) => table.rows.map((row) => textOf(cellOf(table, row, column)))));
    return values.size > MOST_VALUES ? [] : [...values].filter(Boolean).sort();
  }

  /** Show the rows and columns that the fields select. */
  function apply() {
    const wanted = [...filters].map(([column, { input }]) => [column, input.value.trim().toLowerCase()]).filter(([, text]) => text);
    let shown = 0;
    for (const table of tables) {
      const before = shown;
      for (const row of table.rows) {
        row.hidden = !wanted.every(([column, text]) => fits(cellOf(table, row, column), text));
        shown += row.hidden ? 0 : 1;
      }
      table.grid.hidden = wanted.length > 0 && shown === before;
      table.names.forEach((column, place) => hide(table, place, !filters.get(column).shown.checked));
    }
    const all = tables.reduce((sum, { rows }) => sum + rows.length, 0);
    const where = document.querySelector(".pager") ? " of this page" : "";
    status.textContent = wanted.length ? `${shown} of ${all} rows${where}` : "";
    toFragment(wanted);
  }

  /** Keep the filters and columns in the address, so that it can be passed on. */
  function toFragment(wanted) {
    const state = new URLSearchParams(wanted);
    const chosen = [...filters].filter(([, { shown }]) => shown.checked).map(([column]) => column);
    if (chosen.join() !== columns.filter(isDefault).join()) state.set("columns", chosen.join());
    history.replaceState(null, "", `${state}` ? `${STATE}${state}` : location.pathname + location.search);
  }

  function fromFragment() {
    if (!location.hash.startsWith(STATE)) return;
    const state = new URLSearchParams(location.hash.slice(STATE.length));
    const chosen = state.get("columns")?.split(",");
    for (const [column, { input, shown }] of filters) {
      input.value = state.get(column) ?? "";
      if (chosen) shown.checked = chosen.includes(column);
    }
    apply();
    answer.querySelector(".filter").open = true;
  }

  function hide(table, place, isHidden) {
    for (const row of [table.table.tHead.rows[0], ...table.rows]) row.cells[place].hidden = isHidden;
  }

  /** The cell of a row in a column; that of all rows where the column is not in the table. */
  function cellOf({ names, shared }, row, column) {
    const place = names.indexOf(column);
    return place < 0 ? shared.get(column) : row.cells[place];
  }

  /** Whether a cell has the text, or leads to the page of the thing with this short name. */
  function fits(cell, text) {
    if (!cell) return false;
    if (textOf(cell).toLowerCase().includes(text)) return true;
    const paths = [...cell.querySelectorAll("a")].map((link) => link.pathname.toLowerCase().replace(/\.html$/, ""));
    return paths.some((path) => path.endsWith(`/${encodeURI(text).toLowerCase()}`));
  }

  /** Filter by the parameters of the address, and name those that no column shows. */
  function fromAddress() {
    // The page of a file has the rows of all editions.
    const given = [...new URLSearchParams(location.search)].filter(([name, value]) => value.trim() && `${name}=${value}` !== "edition=all");
    const [known, others] = [true, false].map((is) => given.filter(([name]) => filters.has(name) === is));
    for (const [name, value] of known) filters.get(name).input.value = value;
    if (known.length) apply();
    if (others.length) {
      const names = others.map(([name]) => name).join(", ");
      status.after(element("p", { class: "problem", role: "alert" }, `No column shows ${names}: these are the rows for all values. A command, below, selects some.`));
    }
    if (given.length) answer.querySelector(".filter").open = true;
  }

  /** Buttons in the heads of columns: up, down, and the order of the page. */
  function addSorting({ table, rows }) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = element("button", { type: "button", class: "sort" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const order = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")] ?? "ascending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        if (order) head.setAttribute("aria-sort", order);
        const compare = head.classList.contains("number") ? byNumber : byText;
        const sign = order === "descending" ? -1 : 1;
        const sorted = order ? [...rows].sort((one, other) => compare(one.cells[place], other.cells[place], sign)) : rows;
        table.tBodies[0].append(...sorted);
      });
    });
  }

  function byText(one, other, sign) {
    return emptyLast(textOf(one), textOf(other)) ?? sign * textOf(one).localeCompare(textOf(other), "en");
  }

  function byNumber(one, other, sign) {
    const number = (cell) => Number(textOf(cell).replace(/[^\d.-]/g, ""));
    return emptyLast(textOf(one), textOf(other)) ?? sign * (number(one) - number(other));
  }

  function emptyLast(one, other) {
    return one && other ? null : Number(!one) - Number(!other);
  }

  function textOf(cell) {
    const link = cell?.querySelector("a:not(.source)");
    return (link || cell)?.textContent.trim() ?? "";
  }

  function nameOf(label) {
    return label.trim().replaceAll(" ", "_");
  }

  function labelOf(column) {
    return column.replaceAll("_", " ");
  }

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }
})();
