// Runs the stored query of a page with the parameters of its form, as the command does.
"use strict";

(() => {
  const TEXTS = {
    needed: "{query} needs {name}: {expected}",
    unfit: "{name}: “{value}” does not fit; {expected}",
    unknown: "{name}: unknown name “{value}”",
    others: "{name}: unknown name “{value}”; {expected}",
    ambiguous: "{name}: “{value}” is ambiguous: {names}",
    noParameter: "{query} has no parameter “{name}”",
    rows: "Rows",
    more: "What is known instead, by a command:",
    files: "Markdown and XLSX, by a command",
    chart: "Markdown, XLSX and the chart, if the rows fit one, by a command",
    sources: "Sources",
  };
  const { element } = site;
  const texts = TEXTS;
  const query = JSON.parse(document.getElementById("query-data").textContent);
  const form = document.querySelector("form.fields");
  const place = document.getElementById("answer");
  const given = Object.fromEntries(
    [...new URLSearchParams(location.search)].filter(([name, value]) => value.trim() && name !== "page"),
  );
  if (form && Object.keys(given).length) {
    for (const [name, value] of Object.entries(given)) {
      const field = form.elements[name];
      if (field?.tagName === "SELECT" && ![...field.options].some((each) => each.value === value)) {
        field.add(new Option(value, value));
      }
      if (field) {
        field.value = value;
      }
    }
    about.show(query, given);
    answers.into(place, answered);
  }

  /** The answer as elements, below the editions that it draws on and above those it is from. */
  async function answered() {
    const values = await clauses();
    const drawnOn = query.editions === "none" ? {} : await scope.select(query.editions, given, values.flatMap(things));
    const bound = [...values, ...(query.editions === "none" ? [] : scope.clauses(drawnOn))];
    const answer = await graph.ask(query.head + bound.join("") + query.rest);
    const sources = await scope.sources(answer.rows, drawnOn);
    about.show(query, given, sources.map(({ source, page }) => `${source} ${page}`.trim()));
    const line = drawnOn.editions ? scope.line(drawnOn) : "";
    const [rows, rest] = answers.first(answer.rows);
    return [
      ...(line ? [element("p", { class: "scope" }, line)] : []),
      answers.files(query.name, query.columns.map(([name]) => name), answer.rows),
      elsewhere(),
      ...rest,
      section("rows", texts.rows, ...(rows.length ? await tables.ofQuery(query, rows) : noRows())),
      ...listed(sources),
    ];
  }

  /** What the browser does not make, with the commands that do. */
  function elsewhere() {
    const line = about.command(query, given);
    const charts = query.charts.map((name) => `tipgraph chart ${name}${about.parameters(given)} --output ${name}.svg`);
    const commands = [...["md", "xlsx"].map((extension) => `${line} --output ${query.name}.${extension}`), ...charts];
    const text = charts.length ? texts.chart : texts.files;
    const lines = element("pre", { tabindex: "0", role: "region", "aria-label": text }, commands.join("\n"));
    return element("details", {}, element("summary", {}, text), lines);
  }

  /** That no rows is not zero, and what may explain it. */
  function noRows() {
    const line = element("code", {}, about.command(query, given));
    return [element("p", {}, query.noRows), element("p", { class: "remark" }, `${texts.more} `, line)];
  }

  function section(id, title, ...content) {
    return element("section", { "aria-labelledby": id }, element("h2", { id }, title), ...content);
  }

  function listed(sources) {
    const items = sources.map(({ source, page }) => element("li", {}, page ? element("a", { href: page }, source) : source));
    return items.length ? [section("sources", texts.sources, element("ul", {}, ...items))] : [];
  }

  /** The things that a clause binds. */
  function things(clause) {
    return clause.match(/<[^<>]*>/g) || [];
  }

  /** The VALUES that bind the parameters. Throws an error for a value that does not fit. */
  async function clauses() {
    const unknown = Object.keys(given).find((name) => !query.names.includes(name));
    if (unknown) {
      throw problem(texts.noParameter, { query: query.name, name: unknown });
    }
    const found = [];
    for (const parameter of query.parameters) {
      const { name, unless, required } = parameter;
      const value = given[name] ?? (unless && given[unless] ? null : parameter.default);
      if (value === null || value === undefined) {
        if (required) {
          throw problem(texts.needed, { query: query.name, name, expected: parameter.expected });
        }
        continue;
      }
      found.push(await bound(parameter, value.trim()));
    }
    return found;
  }

  async function bound({ name, datatype, pattern, clauses, belongs, expected }, value) {
    if (datatype) {
      if (!new RegExp(`^(?:${pattern})$`, "su").test(value)) {
        throw problem(texts.unfit, { name, value, expected });
      }
      return ` VALUES (?${name}) { (${literal(value)}^^<${datatype}>) }`;
    }
    if (clauses) {
      if (!(value in clauses)) {
        throw problem(texts.others, { name, value, expected });
      }
      return clauses[value];
    }
    return ` VALUES (?${name}) { (<${await resolved(name, belongs, value)}>) }`;
  }

  /** The IRI of the thing with this IRI, short name or label. */
  async function resolved(name, belongs, value) {
    const { about } = await graph.ask();
    const [prefix, local] = value.split(/:(.*)/s);
    const start = about.prefixes[prefix];
    const spelled = [value.replace(/^<|>$/g, ""), ...(start && local ? [start + local] : [])];
    const slugs = ["id", "code", "tip"].map((each) => about.prefixes[each] + value);
    const is = (iris) => `STR(?thing) IN (${iris.map(literal).join(", ")})`;
    const text = literal(value.toLowerCase());
    for (const match of [
      `FILTER(${is(spelled)})`,
      `FILTER(${is(slugs)})`,
      `FILTER(REPLACE(LCASE(STR(?thing)), "^.*[/#]", "") = ${text})`,
      `?thing ${about.names} ?name FILTER(LCASE(STR(?name)) = ${text})`,
    ]) {
      const { rows } = await graph.ask(`SELECT DISTINCT ?thing { ?thing ${belongs} . ${match} }`);
      if (rows.length > 1) {
        throw problem(texts.ambiguous, { name, value, names: rows.map((row) => row.thing.value).join(", ") });
      }
      if (rows.length) {
        return rows[0].thing.value;
      }
    }
    throw problem(texts.unknown, { name, value });
  }

  function problem(text, values) {
    return new Error(site.filled(text, values));
  }

  function literal(text) {
    const escapes = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r" };
    return `"${text.replace(/[\\"\n\r]/g, (each) => escapes[each])}"`;
  }
})();
