// Searches what data/search.js has, in the browser.
"use strict";

// Called by data/search.js, a script and no JSON, since browsers load no other file from a file.
function searchable({ documents, spellings, weights, kinds }) {
  const TEXTS = {
    found: "{number} found",
    none: "Nothing found.",
    some: "Nothing has all the words. {number} have some of them",
    first: "The first {number} of them:",
    similar: "{number} more like it, of other editions or periods",
    caveat: "Caveat",
  };
  const texts = site.texts("site-search", TEXTS);
  const rules = spellings.map(([pattern, text]) => [new RegExp(pattern, "u"), text]);

  /** The word without diacritics and in one spelling, as lookup/search_index.py has it. */
  function canonical(word) {
    const folded = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    return rules.reduce((each, [pattern, text]) => each.replace(pattern, text), folded);
  }

  const split = (text) => text.match(/[\p{L}\p{N}]+/gu) || [];
  const countries = documents.filter(({ kind }) => kind === "country");
  const index = new MiniSearch({
    fields: Object.keys(weights),
    idField: "number",
    processTerm: canonical,
    tokenize: split,
    searchOptions: { boost: weights, prefix: (term) => term.length > 3 },
  });
  index.addAll(documents);

  const form = document.querySelector("form.fields");
  const given = new URLSearchParams(location.search);
  for (const field of form.elements) {
    if (field.name) {
      field.value = given.get(field.name) || "";
    }
  }
  if (!given.get("q")?.trim()) {
    return;
  }
  const { hits, all } = search(given.get("q"));
  show(hits, all);

  /** The words that make up the name of a country, as lookup/search_terms.py finds them. */
  function countryIn(words) {
    const typed = new Set(split(words).map(canonical));
    const named = countries.map(({ label }) => split(label)).filter((name) => name.every((each) => typed.has(canonical(each))));
    return named.flat();
  }

  /** The documents that have all words, else some, with the country among them; of a series the newest, with the others' number. */
  function search(words) {
    const filter = ({ id }) =>
      (!given.get("kind") || documents[id].kind === given.get("kind")) &&
      (!given.get("area") || documents[id].areas.includes(given.get("area")));
    const all = index.search(words, { filter, combineWith: "AND" });
    const country = countryIn(words);
    const near = all.length || !country.length ? [] : index.search(
      { combineWith: "AND", queries: [...country, { combineWith: "OR", queries: split(words) }] }, { filter });
    const found = [all, near].find((each) => each.length) || index.search(words, { filter, combineWith: "OR" });
    const rank = (hit) => kinds.indexOf(documents[hit.id].kind);
    const step = (found[0]?.score || 1) / 4;
    const level = (hit) => Math.ceil(hit.score / step);
    const newness = (hit) => documents[hit.id].newest;
    found.sort((one, other) => level(other) - level(one) || rank(one) - rank(other) || newness(other) - newness(one));
    const bySeries = new Map();
    for (const { id } of found) {
      const { series } = documents[id];
      const key = series === null ? `thing ${id}` : series;
      const first = bySeries.get(key);
      bySeries.set(key, first ? { ...first, similar: first.similar + 1 } : { ...documents[id], similar: 0 });
    }
    return { hits: [...bySeries.values()], all: all.length > 0 };
  }

  function show(hits, all) {
    const { element, link, filled } = site;
    const answer = document.getElementById("answer");
    const most = 50;
    let summary = filled(texts.found, { number: hits.length });
    if (!hits.length) {
      summary = texts.none;
    } else if (!all) {
      summary = filled(texts.some, { number: hits.length });
    }
    answer.append(element("h2", {}, summary));
    if (hits.length > most) {
      answer.append(element("p", { class: "remark" }, filled(texts.first, { number: most })));
    }
    const list = element("ol", { class: "hits" });
    for (const hit of hits.slice(0, most)) {
      const item = element("li", {}, element("a", { href: link(hit.address) }, hit.label));
      item.append(element("p", { class: "facts" }, hit.facts));
      if (hit.caveats) {
        item.append(element("p", { class: "caveat" }, `${texts.caveat}: ${hit.caveats}`));
      }
      if (hit.snippet) {
        item.append(element("p", {}, hit.snippet));
      }
      if (hit.similar) {
        item.append(element("p", {}, filled(texts.similar, { number: hit.similar })));
      }
      list.append(item);
    }
    answer.append(list);
  }
}
