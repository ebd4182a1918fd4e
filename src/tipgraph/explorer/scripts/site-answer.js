// Shows an answer of the graph: its rows as files and as a table, its triples, or yes or no.
"use strict";

const answers = (() => {
  const { element } = site;
  const SHOWN = 500;

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

  /** The number of rows, with links to them as files. */
  function files(name, columns, rows) {
    return element(
      "p",
      { class: "downloads" },
      `${rows.length} ${rows.length === 1 ? "row" : "rows"} as `,
      download("CSV", `${name}.csv`, "text/csv", csv(columns, rows)),
      ", ",
      download("JSON", `${name}.json`, "application/sparql-results+json", json(columns, rows)),
    );
  }

  /** The first rows, and a line where there are more. */
  function first(rows) {
    const rest = rows.length > SHOWN ? [element("p", { class: "remark" }, `The first ${SHOWN} rows. The files have all.`)] : [];
    return [rows.slice(0, SHOWN), rest];
  }

  /** The answer to any query as elements. */
  async function shown(name, answer) {
    if ("boolean" in answer) {
      return [element("p", {}, answer.boolean ? "Yes" : "No")];
    }
    if (answer.triples) {
      return [element("pre", { tabindex: "0", role: "region", "aria-label": "Triples" }, answer.triples.join("\n"))];
    }
    const columns = [...new Set(answer.rows.flatMap((row) => Object.keys(row)))];
    const [rows, rest] = first(answer.rows);
    return [files(name, columns, answer.rows), ...rest, ...(rows.length ? await tables.plain(columns, rows) : [])];
  }

  /** Put the elements that a function makes of an answer, or what is wrong, into an element. */
  async function into(place, making) {
    place.replaceChildren(element("p", { role: "status" }, "The graph is loaded and asked …"));
    try {
      place.replaceChildren(...(await making()));
    } catch (error) {
      place.replaceChildren(element("p", { class: "problem", role: "alert" }, error.message));
    }
  }

  return { into, shown, files, first };
})();
