// Runs the stored query of a page with the parameters of its form, as the command does.
"use strict";

(() => {
  const TEXTS = {
    needed: "{query} needs {name}: {expected}",
    unfit: "{name}: “{value}” does not fit; {expected}",
    unknown: "{name}: unknown name “{value}”",
    others: "{name}: unknown name “{value}”; {expected}",
    ambiguous: "{name}: “{value}” is ambiguous: {names}",
    unknownArea: "unknown area “{value}”",
    unknownEdition: "unknown edition “{value}”, or one that is not on the country",
  };
  const texts = site.texts("site-query", TEXTS);
  const query = JSON.parse(document.getElementById("query-data").textContent);
  const form = document.querySelector("form.fields");
  const place = document.getElementById("answer");
  const given = Object.fromEntries(
    [...new URLSearchParams(location.search)].filter(([, value]) => value.trim()),
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
    graph.answerInto(place, query.name, query.columns, async () => {
      const values = await clauses();
      return graph.ask(query.head + values.join("") + query.rest);
    });
  }

  /** The VALUES that bind the parameters. Throws an error for a value that does not fit. */
  async function clauses() {
    const found = [];
    const things = [];
    for (const parameter of query.parameters) {
      const { name, unless, required } = parameter;
      const value = given[name] ?? (unless && given[unless] ? null : parameter.default);
      if (value === null || value === undefined) {
        if (required) {
          throw problem(texts.needed, { query: query.name, name, expected: parameter.expected });
        }
        continue;
      }
      const clause = await bound(parameter, value.trim());
      found.push(clause);
      things.push(...(clause.match(/<[^<>]*>/g) || []));
    }
    return [...found, ...(query.editions === "none" ? [] : await scope(things))];
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

  /** The VALUES of the editions and the area that the answer draws on (lookup/editions.py, scope). */
  async function scope(things) {
    const { about } = await graph.ask();
    const within = about.editions.filter((each) => !given.area || [each.code, each.area].includes(given.area));
    if (!within.length) {
      throw problem(texts.unknownArea, { value: given.area });
    }
    const area = given.area ? [` VALUES (?area) { (<${within[0].area}>) }`] : [];
    const editions = (those) => [` VALUES (?edition) { ${those.map((each) => `(<${each.iri}>)`).join(" ")} }`, ...area];
    if (given.edition && given.edition !== "all") {
      const chosen = within.filter((each) => [each.slug, each.iri].includes(given.edition));
      if (!chosen.length) {
        throw problem(texts.unknownEdition, { value: given.edition });
      }
      return editions(chosen);
    }
    if (given.edition === "all" || query.editions !== "newest") {
      return area;
    }
    const own = things.length
      ? await graph.ask(
          `SELECT DISTINCT ?edition { VALUES ?thing { ${things.join(" ")} }` +
            " ?thing tip:edition|tip:ofText/tip:edition ?edition }",
        )
      : { rows: [] };
    const named = new Set(own.rows.map((row) => row.edition.value));
    const those = within.filter((each) => named.has(each.iri));
    return editions(those.length ? those : within.filter((each) => each.newest));
  }

  function problem(text, values) {
    return new Error(site.filled(text, values));
  }

  function literal(text) {
    const escapes = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r" };
    return `"${text.replace(/[\\"\n\r]/g, (each) => escapes[each])}"`;
  }
})();
