// Shows rows as a table: with labels, links to pages and sources, and values in words, as
// render/answer_document.py has them.
"use strict";

const tables = (() => {
  const TEXTS = {
    rows: "Rows",
    source: "source",
    shared: "In each row of “{title}”:",
    notes: "Notes to “{title}”, by the numbers in its column {column}:",
    notesTo: "Notes to {title}",
    meanings: "What the columns of “{title}” contain",
  };
  const { element, link, quoted, filled } = site;
  const texts = TEXTS;
  // From here on a cell and a list of notes are long, as in render/templates/blocks.html.
  const LONG = 60;
  const LONG_NOTES = 12;
  const SEPARATOR = " | ";

  /** What cells show of the things in some rows, by IRI. */
  async function known(rows) {
    const { about } = await graph.ask();
    const iris = new Set(rows.flatMap((row) => Object.values(row).filter(({ type }) => type === "uri").map(({ value }) => value)));
    const [described, labels, places, passages] = await Promise.all(
      ["described", "labels", "places", "passages"].map((name) => graph.lookup(name, [...iris])),
    );
    const byIri = (rows, value) => rows.map((row) => [row.iri, value(row)]);
    const several = new Set(places.map(({ edition }) => edition)).size > 1;
    const place = (row) => (several ? `${row.place} ${row.edition.replace(/^.*\//, "").replace(/^tip-/, "")}` : row.place);
    return {
      about,
      described: new Set([...described.map(({ iri }) => iri), ...passages.map(({ sentence }) => sentence)]),
      names: new Map([...labels.map(({ thing, label }) => [thing, label]), ...byIri(places, place)]),
      links: new Map([...about.editions.map(({ iri, page }) => [iri, page]), ...byIri(passages, opened)]),
      // The place of a passage is its sentence.
      sentences: new Map(byIri(passages, ({ sentence }) => sentence)),
    };
  }

  /** The address of the page at the quote of a passage (lookup/passages.py, text_fragment). */
  function opened({ page, sentence, exact, prefix = "", suffix = "" }) {
    if (!sentence || !exact) {
      return page;
    }
    const part = (text) => quoted(text.trim()).replaceAll("-", "%2D");
    const before = prefix.trim() ? [`${part(prefix)}-`] : [];
    const after = suffix.trim() ? [`-${part(suffix)}`] : [];
    return `${page}${page.includes("#") ? "" : "#"}:~:text=${[...before, part(exact), ...after].join(",")}`;
  }

  const isNumber = (term) => /#(integer|decimal|double|float)$/.test(term.datatype || "");
  const isOfWeb = (address = "") => /^https?:\/\//.test(address);

  /** The text of a term: of a thing its label, of a value its words (render/document.py, Cell). */
  function shown(term, { about, names }) {
    const { type, value } = term;
    if (type === "uri") {
      return names.get(value) || site.shortened(value, about.prefixes);
    }
    if (isNumber(term) && Math.abs(Number(value)) >= about.longNumber) {
      return value.replace(/^[+-]?\d+(?=\.|$)/, (whole) => whole.replace(/\d(?=(\d{3})+$)/g, "$&,"));
    }
    const [, number, unit] = value.match(/^P(\d+)([YMD])$/) || [];
    const duration = unit && `${Number(number)} ${about.units[unit]}${Number(number) === 1 ? "" : "s"}`;
    return about.words[value] || duration || value;
  }

  /** A cell: its text, the thing that it names, and the address of its source. */
  function cell(term, all) {
    if (!term) {
      return { text: "" };
    }
    const text = shown(term, all);
    if (term.type !== "uri") {
      return { text, isNumber: isNumber(term) };
    }
    return { text, iri: all.sentences.get(term.value) || term.value, source: all.links.get(term.value) || "" };
  }

  /** A cell of a row, a number with what the source says of it (render/answer_document.py, _qualified). */
  function qualified(name, row, all) {
    const plain = cell(row[name], all);
    if (name !== "value" && name !== "amount") {
      return plain;
    }
    const approximate = row.approximate?.value === "true" ? "approximately" : "";
    const qualifier = cell(row.number_qualifier, all).text || approximate;
    const sign = row.unit?.value === `${all.about.prefixes.code}percent` ? "%" : "";
    return { ...plain, text: [qualifier, plain.text, sign].filter(Boolean).join(" ") };
  }

  /** The content of a cell: it leads to the page of the thing, with the source beside it, or to the source. */
  function linked({ text, iri = "", source = "" }, { about, described }) {
    const isOurs = iri.startsWith(about.prefixes.id.slice(0, -"id/".length));
    const own = described.has(iri) && site.address(iri, about.prefixes);
    const page = own ? link(own) : !isOurs && isOfWeb(iri) && iri;
    const beside = isOfWeb(source) ? source : "";
    if (!page) {
      return [beside ? element("a", { href: beside }, text) : text];
    }
    return [
      element("a", { href: page }, text),
      ...(beside ? [" ", element("a", { class: "source", href: beside }, texts.source)] : []),
    ];
  }

  /** The rows in tables: one, or one for each run of rows with the same text in a column. */
  function runs({ title, columns, rows }, column) {
    const position = columns.indexOf(column);
    if (position < 0) {
      return [{ title, columns, rows }];
    }
    const without = (row) => row.toSpliced(position, 1);
    const found = [];
    for (const row of rows) {
      const { text } = row[position];
      if (found.at(-1)?.title !== text) {
        found.push({ title: text, columns: without(columns), rows: [] });
      }
      found.at(-1).rows.push(without(row));
    }
    return found;
  }

  /** A table without the columns that are the same in all rows, and with numbers for its notes. */
  function condensed({ title, columns, rows }, column) {
    const isShared = (position) =>
      rows.length > 1 && new Set(rows.map((row) => JSON.stringify([row[position].text, row[position].source]))).size === 1;
    const positions = [...columns.keys()];
    const rest = positions.filter((each) => !isShared(each));
    const shared = positions.filter(isShared).map((each) => [columns[each], rows[0][each]]);
    const separate = ({ text }) => text.split(SEPARATOR).filter(Boolean);
    const place = rest.map((each) => columns[each]).indexOf(column);
    const kept = rows.map((row) => rest.map((each) => row[each]));
    const notes = place < 0 ? [] : [...new Set(kept.flatMap((row) => separate(row[place])))];
    const marks = (cell) => separate(cell).map((each) => notes.indexOf(each) + 1);
    const numbered = (row) => row.with(place, { text: marks(row[place]).map((each) => `[${each}]`).join(" "), marks: marks(row[place]) });
    return { title, shared, notes, columns: rest.map((each) => columns[each]), rows: place < 0 ? kept : kept.map(numbered) };
  }

  const named = (column) => column.replaceAll("_", " ");

  /** What all rows share, and the notes, above a table. */
  function above({ title, shared, notes }, id, column, all) {
    const cells = shared.filter(([, { text }]) => text);
    const listed = cells.flatMap(([name, each], number) => [number ? "; " : " ", `${named(name)}: `, ...linked(each, all)]);
    const list = element("ol", { class: "notes" }, ...notes.map((each, number) => element("li", { id: `note-${id}-${number + 1}` }, each)));
    const label = filled(texts.notesTo, { title });
    const isLong = notes.length > LONG_NOTES;
    return [
      ...(cells.length ? [element("p", {}, filled(texts.shared, { title }), ...listed, ".")] : []),
      ...(notes.length ? [element("p", {}, filled(texts.notes, { title, column: named(column) }))] : []),
      ...(isLong ? [element("div", { class: "long-notes", role: "region", tabindex: "0", "aria-label": label }, list)] : []),
      ...(notes.length && !isLong ? [list] : []),
    ];
  }

  /** The table itself. */
  function grid({ title, columns, rows }, id, all) {
    const isOfNumbers = columns.map((_, position) => {
      const cells = rows.map((row) => row[position]).filter(({ text }) => text);
      return cells.length > 0 && cells.every((each) => each.isNumber);
    });
    const mark = (number) => element("a", { href: `#note-${id}-${number}` }, `[${number}]`);
    const content = (cell) => (cell.marks ? cell.marks.flatMap((each, number) => [number ? " " : "", mark(each)]) : linked(cell, all));
    const kind = (text, position) => (isOfNumbers[position] ? "number" : text.length > LONG ? "long" : "");
    const classed = (name) => (name ? { class: name } : {});
    const head = columns.map((each, position) => element("th", { scope: "col", ...classed(kind("", position)) }, named(each)));
    const body = rows.map((row) =>
      element("tr", {}, ...row.map((each, position) => element("td", classed(kind(each.text, position)), ...content(each)))));
    const table = element(
      "table",
      {},
      element("caption", { id }, title),
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...body),
    );
    return element("div", { class: "wide", role: "region", tabindex: "0", "aria-labelledby": id }, table);
  }

  function explained(title, meanings) {
    const terms = meanings.flatMap(([column, text]) => [element("dt", {}, named(column)), element("dd", {}, text)]);
    return element("details", {}, element("summary", {}, filled(texts.meanings, { title })), element("dl", {}, ...terms));
  }

  /** The rows as they are, in one table. */
  async function plain(columns, rows) {
    const all = await known(rows);
    const cells = rows.map((row) => columns.map((name) => cell(row[name], all)));
    return [grid({ title: texts.rows, columns, rows: cells }, "rows", all)];
  }

  /**
   * The rows of a stored query as its page has them: caveats are notes above the table, and so is
   * what all rows share. `columns` are names with meanings, `inOrder` those names, and `tables` is the column whose values
   * are tables of their own, if any.
   */
  async function ofQuery({ title, columns, inOrder, tables, notes }, rows) {
    const all = await known(rows);
    const cells = rows.map((row) => inOrder.map((name) => qualified(name, row, all)));
    const meanings = columns.filter(([name]) => name !== tables);
    return runs({ title, columns: inOrder, rows: cells }, tables).flatMap((each, number) => {
      const [table, id] = [condensed(each, notes), `rows-${number + 1}`];
      return [...above(table, id, notes, all), grid(table, id, all), explained(each.title, meanings)];
    });
  }

  return { plain, ofQuery };
})();
