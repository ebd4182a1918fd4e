// The editions that an answer draws on, as lookup/editions.py selects them.
"use strict";

const scope = (() => {
  const TEXTS = {
    unknownArea: "unknown area “{value}”",
    noEdition: "no edition is on {value}",
    unknownEdition: "unknown edition “{value}”",
    notOnArea: "edition “{value}” is not on {area}; leave out one of the two",
    newest: "The newest editions.",
    editions: "Editions.",
    full: "Read in full: {editions}.",
    part: "Read in part: {editions}.",
    number: "{number} editions",
  };
  const { filled } = site;
  const texts = TEXTS;
  const ALL = "all";
  // The most editions that the line names.
  const SHOWN = 6;

  const folded = (text) => text.trim().replace(/^[<>]+|[<>]+$/g, "").toLowerCase();

  /**
   * The editions for what was given, else for the default of the query and the things it is about.
   * A query need not be bound to all editions. Throws an error for a wrong edition or area.
   */
  async function select(standard, { edition, area }, things) {
    const { about } = await graph.ask();
    const within = area ? onArea(about, area) : about.editions;
    const country = area ? within[0].area : "";
    if (edition) {
      const isBound = folded(edition) !== ALL;
      return { editions: isBound ? named(about, edition, area, within) : within, country, isBound };
    }
    if (standard !== "newest") {
      return { editions: within, country };
    }
    const own = await editionsOf(things);
    const those = within.filter(({ iri }) => own.has(iri));
    const newest = within.filter((each) => each.newest);
    const editions = those.length ? those : newest;
    return { editions, country, isBound: editions.length > 0, isDefault: !those.length && newest.length < within.length };
  }

  function onArea({ editions, countries }, area) {
    const country = countries[folded(area)];
    if (!country) {
      throw new Error(filled(texts.unknownArea, { value: area }));
    }
    const found = editions.filter((each) => each.area === country);
    if (!found.length) {
      throw new Error(filled(texts.noEdition, { value: area }));
    }
    return found;
  }

  /** The editions of a name: of an edition, a year, or a country, which stands for its newest one. */
  function named({ editions, countries }, value, area, within) {
    const text = folded(value);
    const readings = [
      () => editions.filter(({ names }) => names.includes(text)),
      () => within.filter(({ year }) => /^\d{4}$/.test(text) && year === Number(text)),
      () => editions.filter((each) => each.newest && each.area && each.area === countries[text]),
    ];
    const found = readings.map((read) => read()).find((each) => each.length);
    if (!found) {
      throw new Error(filled(texts.unknownEdition, { value }));
    }
    if (found.some((each) => !within.includes(each))) {
      throw new Error(filled(texts.notOnArea, { value, area }));
    }
    return found;
  }

  /** The IRIs of the editions that things, such as a statement, belong to. */
  async function editionsOf(things) {
    if (!things.length) {
      return new Set();
    }
    const { rows } = await graph.ask(
      `SELECT DISTINCT ?edition { VALUES ?thing { ${things.join(" ")} }` +
        " ?thing tip:edition|tip:ofText/tip:edition ?edition }",
    );
    return new Set(rows.map((row) => row.edition.value));
  }

  /** The VALUES that bind a query to the editions and the country. */
  function clauses({ editions, country, isBound }) {
    const values = (name, iris) => ` VALUES (?${name}) { ${iris.map((iri) => `(<${iri}>)`).join(" ")} }`;
    const bound = isBound ? [values("edition", editions.map(({ iri }) => iri))] : [];
    return country ? [...bound, values("area", [country])] : bound;
  }

  /** The editions in a line, as explorer/questions.py, scope_line, has it; empty where there are none. */
  function line({ editions, isDefault }) {
    const listed = (some) => (some.length > SHOWN ? filled(texts.number, { number: some.length }) : some.map(({ label }) => label).join("; "));
    const full = editions.filter(({ complete }) => complete);
    const part = editions.filter(({ complete }) => !complete);
    const lines = editions.length ? [isDefault ? texts.newest : texts.editions] : [];
    for (const [text, some] of [[texts.full, full], [texts.part, part]]) {
      if (some.length) {
        lines.push(filled(text, { editions: listed(some) }));
      }
    }
    return lines.join(" ");
  }

  /** The editions in the rows, or those asked where no row has one. */
  async function sources(rows, { editions = [] }) {
    const { about } = await graph.ask();
    const iris = new Set(rows.flatMap((row) => Object.values(row).map(({ value }) => value)));
    const found = (editions.length ? editions : about.editions).filter(({ iri }) => iris.has(iri));
    return found.length ? found : editions;
  }

  return { select, clauses, line, sources };
})();
