// Sends queries to the worker that has the graph, and shows answers as a table and as files.
"use strict";

const graph = (() => {
  const TEXTS = {
    openedFromFile: "This page was opened from a file, and browsers run no queries there. Put the folder on a web server, for example with “python3 -m http.server” in it.",
    notLoaded: "The graph could not be loaded.",
    tooLong: "The query took more than {seconds} seconds and was ended.",
    yes: "Yes",
    no: "No",
    triples: "Triples",
    row: "{number} row as",
    rows: "{number} rows as",
    caption: "Rows",
    first: "The first {number} rows. The files have all.",
    asked: "The graph is loaded and asked …",
  };
  const { element, link, address, filled } = site;
  const texts = site.texts("site-graph", TEXTS);
  const SECONDS = 60;
  const SHOWN = 500;
  let worker = null;
  let count = 0;

  /** The answer to a query: { rows }, { boolean } or { triples }; without one, what there is. */
  function ask(query = "") {
    if (location.protocol === "file:") {
      return Promise.reject(new Error(texts.openedFromFile));
    }
    worker ||= new Worker(`${site.root}-/scripts/site-worker.js`, { type: "module" });
    const number = (count += 1);
    return new Promise((resolve, reject) => {
      const end = (message) => {
        clearTimeout(timer);
        worker.removeEventListener("message", answered);
        worker.removeEventListener("error", failed);
        if (message) {
          reject(new Error(message));
        }
      };
      const answered = ({ data }) => {
        if (data.number === number) {
          end(data.error);
          resolve(data);
        }
      };
      const failed = () => end(texts.notLoaded);
      const timer = setTimeout(() => {
        worker.terminate();
        worker = null;
        end(filled(texts.tooLong, { seconds: SECONDS }));
      }, SECONDS * 1000);
      worker.addEventListener("message", answered);
      worker.addEventListener("error", failed);
      worker.postMessage({ number, query });
    });
  }

  /** The labels of the things in some rows, by IRI; of a passage that of its sentence. */
  async function labels(rows) {
    const iris = new Set();
    for (const row of rows) {
      Object.values(row).forEach((term) => term.type === "uri" && iris.add(`<${term.value}>`));
    }
    const found = await ask(
      `SELECT ?thing ?label { VALUES ?thing { ${[...iris].join(" ")} }` +
        " ?thing rdfs:label|skos:prefLabel|tip:sentence/rdfs:label ?label } ORDER BY (LANG(?label) = 'en') ?label",
    );
    return new Map(found.rows.map(({ thing, label }) => [thing.value, label.value]));
  }

  /** The rows as CSV (RFC 4180), as the command writes it. */
  function csv(columns, rows) {
    const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = rows.map((row) => columns.map((name) => quoted(row[name]?.value ?? "")));
    return [columns.map(quoted), ...lines].map((line) => `${line.join(",")}\r\n`).join("");
  }

  /** The rows in the format of SPARQL 1.1 for JSON. */
  function json(columns, rows) {
    const string = "http://www.w3.org/2001/XMLSchema#string";
    const bindings = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, { type, value, language, datatype }]) => {
          const term = { type, value };
          if (language) {
            term["xml:lang"] = language;
          } else if (datatype && datatype !== string) {
            term.datatype = datatype;
          }
          return [name, term];
        }),
      ),
    );
    return JSON.stringify({ head: { vars: columns }, results: { bindings } }, null, 2);
  }

  function download(label, name, type, content) {
    const file = URL.createObjectURL(new Blob([content], { type }));
    return element("a", { href: file, download: name }, label);
  }

  /** The answer as elements: its files, and a table of its first rows. */
  async function shown(name, columns, answer) {
    if ("boolean" in answer) {
      return [element("p", {}, answer.boolean ? texts.yes : texts.no)];
    }
    if (answer.triples) {
      return [element("pre", { tabindex: "0", role: "region", "aria-label": texts.triples }, answer.triples.join("\n"))];
    }
    const { rows, about } = answer;
    const names = columns.length ? columns : [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const files = element(
      "p",
      { class: "downloads" },
      `${filled(rows.length === 1 ? texts.row : texts.rows, { number: rows.length })} `,
      download("CSV", `${name}.csv`, "text/csv", csv(names, rows)),
      ", ",
      download("JSON", `${name}.json`, "application/sparql-results+json", json(names, rows)),
    );
    const some = rows.slice(0, SHOWN);
    const known = some.length ? await labels(some) : new Map();
    const head = element("tr", {}, ...names.map((each) => element("th", { scope: "col" }, each.replaceAll("_", " "))));
    const body = some.map((row) => element("tr", {}, ...names.map((each) => cell(row[each], known, about.prefixes))));
    const table = element(
      "table",
      {},
      element("caption", { id: "rows" }, texts.caption),
      element("thead", {}, head),
      element("tbody", {}, ...body),
    );
    const region = element("div", { class: "wide", role: "region", tabindex: "0", "aria-labelledby": "rows" }, table);
    const rest = rows.length > SHOWN ? [element("p", { class: "remark" }, filled(texts.first, { number: SHOWN }))] : [];
    return [files, ...rest, region];
  }

  function cell(term, known, prefixes) {
    if (!term) {
      return element("td");
    }
    if (term.type !== "uri") {
      const isNumber = /#(integer|decimal|double)$/.test(term.datatype || "");
      return element("td", isNumber ? { class: "number" } : {}, term.value);
    }
    const label = known.get(term.value);
    const page = label && address(term.value, prefixes);
    return element("td", {}, page ? element("a", { href: link(page) }, label) : label || term.value);
  }

  /** Run what gives an answer, and put it, or what is wrong, into an element. */
  async function answerInto(place, name, columns, asking) {
    place.replaceChildren(element("p", { role: "status" }, texts.asked));
    try {
      place.replaceChildren(...(await shown(name, columns, await asking())));
    } catch (error) {
      place.replaceChildren(element("p", { class: "problem", role: "alert" }, error.message));
    }
  }

  return { ask, answerInto };
})();
