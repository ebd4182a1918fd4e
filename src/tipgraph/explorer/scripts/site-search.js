// Searches what data/search.js has, in the browser.
"use strict";

// Called by data/search.js, a script and no JSON, since browsers load no other file from a file.
function searchable(data) {
  const { documents, texts, spellings, weights, kinds, between, named, functions, few, most, stated, placed, actors, stating, common, persons, counted, nationality } = data;
  const { root } = document.documentElement.dataset;
  const rules = spellings.map(([pattern, text]) => [new RegExp(pattern, "u"), text]);

  /** The word without diacritics and in one spelling, as search/index.py has it. */
  function canonical(word) {
    const folded = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    return rules.reduce((each, [pattern, text]) => each.replace(pattern, text), folded);
  }

  const isYear = (word) => /^[12]\d{3}$/.test(word);
  const split = (text) => text.match(/[\p{L}\p{N}]+/gu) || [];
  documents.forEach((each, number) => {
    each.number = number;
    for (const name of Object.keys(weights).filter((name) => Array.isArray(each[name]))) {
      each[name] = each[name].map((text) => texts[text]).join(between);
    }
  });
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
  const { text, speaker } = bySpeaker(given.get("q"));
  const limited = limits(text);
  const hits = search(text, limited);
  show(text, limited, askedOn(text, limited, hits.full.length), hits);

  /** The text without a word such as "state" after a speaker's name, and the speaker, as search/question.py finds them. */
  function bySpeaker(text) {
    const typed = split(text);
    for (let at = 1; at < typed.length; at++) {
      for (let start = 0; start < at && stating.includes(typed[at].toLowerCase()); start++) {
        const words = content(typed.slice(start, at).join(" "));
        const actor = documents.find((each) => each.kind === "actor" && isNamed(each, words));
        if (actor && documents.some((each) => isBy(each, actor.number))) {
          return { text: typed.toSpliced(at, 1).join(" "), speaker: actor.number };
        }
      }
    }
    return { text };
  }

  function isBy({ speakers }, number) {
    return speakers?.includes(number);
  }

  /** The countries whose name the words make up, those with an edition if any, and the other words, as search/question.py finds them. */
  function limits(text) {
    const typed = new Set(split(text).map(canonical));
    const words = content(text);
    const isTyped = (name) => split(name).every((each) => typed.has(canonical(each)));
    const named = countries.filter((each) => each.called.some(isTyped));
    const known = named.filter(({ code }) => code);
    const unread = known.length ? [] : named;
    const { found, people } = nationals(text, known, isTyped);
    const used = [...found, ...unread].flatMap((each) => each.called.filter(isTyped).flatMap(content));
    const subject = words.filter((word) => !used.includes(word) || people.has(word));
    const isLimited = found.length > 0 && !subject.every(isYear);
    return { found, unread, words, subject: isLimited ? withoutCommon(subject) : subject, isLimited, people };
  }

  /** The countries to search, and the words for nationals that others have statements on, as search/question.py finds them. */
  function nationals(text, known, isTyped) {
    const people = new Map();
    let found = known;
    for (const each of known) {
      for (const name of each.called.filter((name) => isTyped(name) && content(name).length === 1)) {
        const isFrom = new RegExp(`\\bfrom ${name}\\b`, "i").test(text);
        const isLabel = content(each.label).includes(content(name)[0]);
        const isOwn = !isLabel && isTyped(each.label);
        const others = isLabel && !isFrom ? [] : found.filter((other) => other !== each || isOwn);
        const forms = ["", " citizen", " citizens"].map((form) => `${form} (${nationality})`);
        const labels = each.called.flatMap((own) => (isOwn ? forms : [""]).map((form) => (own + form).toLowerCase()));
        const isNamedIn = ({ label }) => labels.some((own) => label.toLowerCase().includes(own));
        const isOnOthers = (thing) => thing.kind === "statement" && others.some(({ code }) => thing.areas?.includes(code));
        const isIn = others.some((other) => other.called.some((own) => new RegExp(`\\bin (the )?${own}\\b`, "i").test(text)));
        if (others.length && (isOwn || isFrom || isIn || documents.some((thing) => isOnOthers(thing) && isNamedIn(thing)))) {
          people.set(content(name)[0], isNamedIn);
          found = isOwn ? found : others.filter((other) => other !== each);
        }
      }
    }
    return { found, people };
  }

  /** The words without those for what all statements are on, as search/question.py leaves them out. */
  function withoutCommon(words) {
    const isPart = (...pair) => documents.some((each) => each.kind === "part" && isNamed(each, pair));
    const left = words.filter((word, n) => !common.includes(word) || isPart(words[n - 1], word) || isPart(word, words[n + 1]));
    const isOther = (word) => !isYear(word) && !persons.includes(word);
    return left.some(isOther) ? left : [...left.filter(isYear), canonical("victims")];
  }

  /** The pages of stored queries that are named beside a country, as search/answer.py finds them. */
  function askedOn(text, { found, subject }, hasFull) {
    const single = [...subject, ...split(text).map(canonical).filter((word) => actors.includes(word))];
    const isAsked = (each) => isNamed(each, subject) || isAskedByForm(each, text) || (!hasFull && single.some((word) => isNamed(each, [word])));
    const asked = subject.length ? documents.filter((each) => each.on && isAsked(each)) : [];
    const byForm = asked.filter((each) => isAskedByForm(each, text));
    const pages = [...new Set([...byForm, ...asked])].flatMap((query) =>
      found.map((country) => ({ ...onCountry(query, country), isByForm: byForm.includes(query) })));
    const filled = pages.filter(({ hasRows, isByForm }) => hasRows || isByForm);
    return hasFull || filled.length ? filled : pages;
  }

  /** Whether the words have a name of a query that is of words such as "can" and "get" alone. */
  function isAskedByForm({ names = "" }, text) {
    const typed = split(text).map((each) => each.toLowerCase()).filter((each) => functions.includes(each));
    return names.split(between).map(split).some((name) => name.length > 1 && name.every((each) => typed.includes(each)));
  }

  /** The page of a query on a country: one of its own, or that of all countries, which filters its rows. */
  function onCountry({ question, address, on, rows, page = address }, { code, label }) {
    const own = on.includes(code) ? page.replace(".html", `/${code}.html`) : `${page}?area=${code}`;
    const hasRows = !rows || rows.includes(code);
    return { label: `${question} (${label})${hasRows ? "" : ": not found in what was read"}`, address: own, hasRows };
  }

  /** What must match: all words but those such as "how", where there are others. */
  function content(words) {
    const typed = split(words);
    const counted = typed.filter((each) => !functions.includes(each.toLowerCase()));
    return [...new Set((counted.length ? counted : typed).map(canonical))];
  }

  function isOn(number, area) {
    return documents[number].areas?.includes(area);
  }

  /** The hits with all words, and the hits without some, as search/answer.py finds them. */
  function search(text, { found, unread, subject, words: all, isLimited, people }) {
    const words = isLimited ? subject : all;
    const years = new Set(words.filter(isYear).map(Number));
    const filter = ({ id }) =>
      (!given.get("kind") || documents[id].kind === given.get("kind")) &&
      (!given.get("area") || isOn(id, given.get("area"))) &&
      (!isLimited || found.some(({ code }) => isOn(id, code)));
    // Nationals are those in a label, by any of the names of their country; men are counted as male.
    const wordings = (word) => people.has(word) ? MiniSearch.wildcard : counted[word] ? { combineWith: "OR", queries: [word, counted[word]] } : word;
    const asQuery = (each) => (typeof each === "string" ? wordings(each) : each);
    const any = { combineWith: "OR", queries: (subject.length ? subject : words).filter((word) => !people.has(word)).map(asQuery) };
    const matching = (...needed) =>
      ordered(index.search({ combineWith: "AND", queries: needed.map(asQuery) }, { filter }), words, years, isLimited, all, people)
        .filter(({ without }) => !needed.some((each) => without.includes(each)));
    let full = matching(...words);
    if (isLimited && !full.some(({ kind, ahead }) => stated.includes(kind) || ahead)) {
      full = [];
    }
    if (full.length >= few || full.some((hit) => isNamed(hit, words))) {
      return { full, partial: [] };
    }
    const isStated = ({ kind }) => stated.includes(kind);
    let some = matching(...(isLimited ? [] : all.filter((each) => !subject.includes(each))), any);
    if (isLimited && actors.includes(canonical(split(text)[0]))) {
      // What is done matters more than to whom.
      const done = ordered(index.search({ combineWith: "OR", queries: [words[0], any] }, { filter }), words, years, true)
        .filter((hit) => isStated(hit) && !hit.without.includes(words[0]));
      some = done.length ? done : some;
    }
    if (isLimited && !some.some(isStated)) {
      // None of the words: the first statements on the country.
      const first = ordered(index.search(MiniSearch.wildcard, { filter }), [], years, true);
      return { full, partial: first.map((hit) => ({ ...hit, without: words })) };
    }
    if (!full.length) {
      return { full, partial: some.length || unread.length ? some : matching(any) };
    }
    const known = new Set(full.map(({ group }) => group));
    const partial = some.filter(({ group, without }) => !known.has(group) && 2 * without.length < words.length);
    return { full, partial: partial.slice(0, most) };
  }

  /** Whether the words are a whole name of a thing. */
  function isNamed({ label, names = "" }, words) {
    return [label, ...names.split(between)].some((name) => content(name).join(" ") === words.join(" "));
  }

  /** Whether the words, in any order, have a whole name of an edition or a document, with its country. */
  function isSource({ kind, label, names = "" }, words) {
    const isTyped = (name) => /\p{L}/u.test(name) && content(name).every((word) => words.includes(word));
    return ["edition", "document"].includes(kind) && [label, ...names.split(between)].some(isTyped);
  }

  /** How far a document comes before others: by its whole name, or as a query with all words in its names. */
  function ahead(thing, match, words) {
    if (named.includes(thing.kind) && isNamed(thing, words)) {
      return 2;
    }
    const inNames = Object.values(match).filter((fields) => fields.includes("names"));
    return Number(thing.kind === "query" && inNames.length >= words.length);
  }

  /** The hits, the best first, with the words that each does not have; one of each series. */
  function ordered(found, words, years, isLimited, all = words, people = new Map()) {
    const isAPart = (...name) => documents.some((each) => each.kind === "part" && isNamed(each, name));
    // "Identified victims" are victims identified before they are a part of those assisted.
    const isCount = (...name) => documents.some((each) => each.kind === "indicator" && isNamed(each, name));
    const pairs = words.slice(1).map((word, n) => [words[n], word]).filter(([one, other]) => isAPart(one, other) && !isCount(other, one));
    const names = [...pairs, ...words.filter((word) => !pairs.flat().includes(word)).map((word) => [word])];
    const parts = documents.filter((each) => each.kind === "part" && names.some((name) => isNamed(each, name)));
    const has = ({ label }, word) => content(label).includes(word);
    const isOfUnit = (hit) => hit.units?.some((number) => words.some((word) => isNamed(documents[number], [word])));
    const rankOf = (hit) => hit.rankAside !== undefined && !isOfUnit(hit) ? hit.rankAside : hit.rank;
    const isOfPart = (hit) => hit.parts?.some((number) => parts.includes(documents[number]))
      || (hit.figure && words.some((word) => counted[word] && has(hit, counted[word])));
    /** Whether a thing that matches a word is on it: one by sex is not on sex trafficking. */
    const isAbout = (thing, word, { queryTerms, match }) => {
      if (people.has(word)) {
        return people.get(word)(thing);
      }
      const fields = Object.keys(match).filter((each) => each.startsWith(word)).flatMap((each) => match[each]);
      // A note that names a year compares with it, and that of a figure may be on what it does not count.
      const aside = [
        (isYear(word) || (isLimited && thing.figure)) && "note",
        pairs.flat().includes(word) && !isOfPart(thing) && "related",
      ];
      const isAside = fields.length > 0 && fields.every((each) => aside.includes(each));
      return (queryTerms.includes(word) || queryTerms.includes(counted[word])) && !isAside;
    };
    // A year is the edition's, or the period's, and need not be in a label.
    const inLabel = words.filter((word) => !isYear(word) && !people.has(word));
    const isInLabel = ({ label }) => inLabel.every((word) => content(label).some((each) => each.startsWith(word)));
    const step = Math.max(...found.map(({ score }) => score)) / 4;
    const hits = found.map(({ id, score, ...matched }) => ({
      ...documents[id],
      level: Math.ceil(score / step),
      ahead: isLimited ? Number(isSource(documents[id], all) || (placed.includes(documents[id].kind) && isNamed(documents[id], words))) : ahead(documents[id], matched.match, words),
      group: !documents[id].series ? `thing ${id}` : documents[id].series,
      without: words.filter((each) => !isAbout(documents[id], each, matched)),
    }));
    const isByOther = (hit) => speaker !== undefined && !isBy(hit, speaker);
    const rank = ({ kind }) => kinds.indexOf(kind);
    // What ranking.py compares where the editions on a country are searched.
    const places = (hit) => [
      !stated.includes(hit.kind) && !hit.ahead, isByOther(hit), hit.without.length, -hit.ahead, hit.figure && !parts.length && !hit.without.length && !isInLabel(hit),
      years.size > 0 && !years.has(hit.year), parts.length > 0 && !isOfPart(hit), parts.length ? hit.rankOnPart : rankOf(hit),
    ].map(Number);
    const compare = (one, other) => one.map((each, n) => each - other[n]).find((each) => each) || 0;
    const key = new Map(isLimited ? hits.map((hit) => [hit, places(hit)]) : []);
    hits.sort((one, other) => isLimited ? compare(key.get(one), key.get(other)) : isByOther(one) - isByOther(other) ||
      one.without.length - other.without.length || other.ahead - one.ahead || other.level - one.level
      || rank(one) - rank(other) || (other.newest || 0) - (one.newest || 0));
    const groups = new Map();
    for (const hit of hits) {
      groups.set(hit.group, [...(groups.get(hit.group) || []), hit]);
    }
    // Of a series, a figure on exactly a year that is searched for comes first.
    return [...groups.values()].map((series) => {
      const first = series.find(({ year }) => years.has(year)) || series[0];
      return { ...first, similar: series.filter((each) => each !== first) };
    });
  }

  function isStatedOn(word, found) {
    const filter = ({ id }) => documents[id].kind === "statement" && found.some(({ code }) => isOn(id, code));
    return index.search(word, { filter }).length > 0;
  }

  function show(text, { found, unread, subject, isLimited }, asked, { full, partial }) {
    const answer = document.getElementById("answer");
    answer.append(...asked.map((each) => element("p", {}, linked(each))));
    const years = subject.filter(isYear);
    const hits = full.length ? full : partial;
    if (isLimited && years.length && hits[0]?.figure && !hits.some(({ label, year }, place) => years.includes(`${year}`) || (!place && years.some((each) => label.includes(each))))) {
      answer.append(element("p", { class: "remark" }, `No figure with these words is on ${years.join(" or ")} alone; the first is of another period.`));
    }
    const names = (countries) => countries.map(({ label }) => label).join(" and ");
    if (unread.length) {
      answer.append(element("p", { class: "remark" }, `No edition or document on ${names(unread)} is here.`));
    }
    const lacking = isLimited && !full.length ? subject.filter((word) => !isStatedOn(word, found)) : [];
    if (lacking.length) {
      const typed = split(text).filter((each) => lacking.includes(canonical(each))).join(" or ");
      answer.append(element("p", { class: "remark" }, `No statement on ${names(found)} has the word ${typed}.`));
    }
    let summary = `${full.length} found`;
    if (!full.length) {
      summary = partial.length ? `Nothing has all the words. ${partial.length} have some of them` : "Nothing found.";
    }
    answer.append(element("h2", {}, summary), ...listed(full));
    if (full.length && partial.length) {
      answer.append(element("h2", {}, `${partial.length} without some of the words`));
    }
    answer.append(...listed(partial));
  }

  function listed(hits) {
    const shown = 50;
    const list = element("ol", { class: "hits" }, ...hits.slice(0, shown).map(item));
    if (hits.length > shown) {
      return [element("p", { class: "remark" }, `The first ${shown} of them:`), list];
    }
    return hits.length ? [list] : [];
  }

  function item(hit) {
    const shown = element("li", {}, linked(hit), element("p", { class: "facts" }, hit.facts));
    if (hit.caveats) {
      shown.append(element("p", { class: "caveat" }, `Caveat: ${hit.caveats}`));
    }
    if (hit.snippet) {
      shown.append(element("p", {}, hit.snippet));
    }
    if (hit.without.length) {
      shown.append(element("p", {}, `Without: ${hit.without.join(", ")}`));
    }
    if (hit.similar.length) {
      const others = hit.similar.map((each) => element("li", {}, linked(each), ` · ${each.facts}`));
      const summary = `${hit.similar.length} more like it, of other editions or periods`;
      shown.append(element("details", {}, element("summary", {}, summary), element("ul", {}, ...others)));
    }
    return shown;
  }

  function linked({ address, label }) {
    return element("a", { href: root + address }, label);
  }

  /** An element with attributes, and texts or elements in it. No text is read as HTML. */
  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content.map((each) => (typeof each === "string" ? visible(each) : each)));
    return made;
  }

  /** The text with controls that would reorder or break it written out (text.py, visible). */
  function visible(text) {
    const controls = /\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
    return text.replace(controls, (each) => {
      const code = each.charCodeAt(0).toString(16);
      return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
    });
  }
}
