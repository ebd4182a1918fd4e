// Makes the form of the SPARQL endpoint an editor that shows answers below it.
// Nothing is stored in the browser, and nothing is asked from any other server.
"use strict";

(() => {
  // A longer table is slow, and nobody reads it.
  const MOST_ROWS = 1000;
  // The terms that the editor completes: those of the ontology.
  const TERMS = "SELECT DISTINCT ?term ?class { ?term a ?class FILTER(STRSTARTS(STR(?term), STR(tip:)))"
    + " FILTER(?class IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty)) } ORDER BY ?term";

  const form = document.getElementById("sparql");
  if (!form || !window.Yasgui) return;
  const { Yasqe, Yasr } = window.Yasgui;
  const field = document.getElementById("query-field");
  const textarea = document.getElementById("query");
  const answer = document.getElementById("answer");
  const endpoint = new URL(form.getAttribute("action"), document.baseURI).href;
  const prefixes = JSON.parse(form.dataset.prefixes);
  // The namespaces of things that have pages here, with the beginning of their addresses.
  const pages = Object.entries(JSON.parse(form.dataset.pages));
  // Without a server, the graph is in the browser.
  const isLocal = typeof graph !== "undefined";

  // Else they would ask prefix.cc and Linked Open Vocabularies.
  Yasqe.defaults.autocompleters = [];
  complete("prefixes", { get: () => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`) });
  complete("variables", {});
  complete("property", { get: (_, token) => terms(token, (name) => name !== "Class") });
  complete("class", { get: (_, token) => terms(token, (name) => name === "Class") });

  const place = document.createElement("div");
  place.className = "editor";
  field.after(place);
  const editor = new Yasqe(place, {
    value: textarea.value,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "17rem",
    requestConfig: { endpoint, method: "POST", acceptHeaderGraph: "text/turtle" },
    extraKeys: {
      "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": false,
      // A reader with a keyboard gets out of the editor.
      "Tab": false, "Shift-Tab": false,
    },
  });
  field.hidden = true;
  const input = editor.getInputField();
  input.setAttribute("aria-label", "Query");
  input.setAttribute("aria-describedby", "editor-help");
  place.before(text("label", "Query", { class: "editor-label" }));
  place.after(text("p", "Ctrl-Enter runs the query. Ctrl-Space completes prefixes, terms and variables. Tab leaves the editor.", { class: "hint", id: "editor-help" }));
  document.querySelector(".editor-label").addEventListener("click", () => editor.focus());
  quietErrors();
  declare();
  editor.on("change", (_, change) => {
    if (change.origin === "paste") declare();
  });

  Yasr.registerPlugin("table", tablePlugin());
  const results = new Yasr(answer, { persistenceId: null, prefixes });
  editor.on("query", () => answer.setAttribute("aria-busy", "true"));
  editor.on("queryResponse", (_, response, duration) => {
    answer.removeAttribute("aria-busy");
    answer.hidden = false;
    results.setResponse(response, duration);
  });
  results.on("drawn", () => {
    for (const area of answer.querySelectorAll("textarea")) area.setAttribute("aria-label", "Response");
  });

  const file = text("button", "Get the answer as a file", { type: "button", class: "second" });
  if (isLocal) {
    // The answer has its own file.
    form.querySelector(".format").hidden = true;
  } else {
    form.querySelector("button").after(" ", file);
  }
  form.querySelector("label[for=accept]").textContent = "Format of the file";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  file.addEventListener("click", () => {
    textarea.value = editor.getValue();
    form.submit();
  });
  form.dataset.state = "ready";

  function run() {
    if (isLocal) {
      runHere();
      return;
    }
    // Its error is shown with the answer.
    editor.query().catch(() => {});
  }

  async function runHere() {
    answer.hidden = false;
    answer.setAttribute("aria-busy", "true");
    answer.querySelector(".problem")?.remove();
    try {
      const { text: data, type: contentType } = await local(editor.getValue());
      results.setResponse({ data, contentType, status: 200 });
    } catch (error) {
      answer.prepend(text("p", error.message, { class: "problem", role: "alert" }));
    }
    answer.removeAttribute("aria-busy");
  }

  // The answer of the graph in the browser, which knows no prefixes.
  function local(query) {
    const declared = Object.entries(prefixes).map(([name, iri]) => `PREFIX ${name}: <${iri}>\n`);
    return graph.ask(declared.join("") + query);
  }

  // The endpoint knows our prefixes; the editor marks them as errors where the query does not declare them.
  function declare() {
    const query = editor.getValue();
    const declared = editor.getPrefixesFromQuery();
    const isMissing = (name) => !(name in declared) && new RegExp(`(^|[^\\w-])${name}:`, "m").test(query);
    const missing = Object.entries(prefixes).filter(([name]) => isMissing(name));
    if (missing.length) editor.addPrefixes(Object.fromEntries(missing));
  }

  async function ask(query) {
    return JSON.parse((await local(query)).text);
  }

  function complete(name, changes) {
    Yasqe.forkAutocompleter(name, { name: `own-${name}`, persistenceId: null, ...changes });
  }

  let known;
  // Terms that continue what is typed, asked for once and when needed.
  async function terms(token, isWanted) {
    known ??= isLocal ? ask(TERMS) : fetch(`${endpoint}?${new URLSearchParams({ query: TERMS })}`, {
      headers: { Accept: "application/sparql-results+json" },
    }).then((found) => (found.ok ? found.json() : { results: { bindings: [] } }));
    const rows = (await known).results.bindings.filter((row) => isWanted(row.class.value.split("#")[1]));
    return rows.map((row) => row.term.value).filter((term) => term.startsWith(token.autocompletionString));
  }

  // The library explains an error in markup with a style, which the policy of the page forbids.
  function quietErrors() {
    for (const type of ["mouseover", "mouseout"]) {
      place.addEventListener(type, (event) => {
        const icon = event.target.closest(".parseErrorIcon");
        if (!icon) return;
        icon.title = "From here on, this is no SPARQL";
        event.stopPropagation();
      }, true);
    }
  }

  // The library's own table adds a style to the page, which the policy forbids, and keeps the widths of
  // columns in the browser's storage.
  function tablePlugin() {
    return class {
      priority = 10;
      label = "Table";

      constructor(yasr) {
        this.yasr = yasr;
      }

      canHandleResults() {
        return Boolean(this.yasr.results?.getVariables()?.length);
      }

      draw() {
        const columns = this.yasr.results.getVariables();
        const rows = this.yasr.results.getBindings() || [];
        this.yasr.resultsEl.append(...table(columns, rows));
      }

      download(name) {
        return {
          getData: () => this.yasr.results.asCsv(),
          contentType: "text/csv",
          title: "Get the answer as a file",
          filename: `${name || "answer"}.csv`,
        };
      }
    };
  }

  function table(columns, rows) {
    if (!rows.length) return [text("p", "The query has no rows.")];
    const drawn = document.createElement("table");
    drawn.createCaption().textContent = "Rows of the answer";
    const head = drawn.createTHead().insertRow();
    for (const name of columns) head.append(text("th", name, { scope: "col" }));
    const body = drawn.createTBody();
    for (const row of rows.slice(0, MOST_ROWS)) {
      const line = body.insertRow();
      for (const name of columns) line.append(cell(row[name]));
    }
    const region = text("div", "", { class: "wide", role: "region", tabindex: "0", "aria-label": "Rows of the answer" });
    region.append(drawn);
    const isLong = rows.length > MOST_ROWS;
    const first = `The first ${MOST_ROWS} of ${rows.length} rows; the file has all.`;
    return [...(isLong ? [text("p", first)] : []), region];
  }

  function cell(term) {
    const made = document.createElement("td");
    if (!term) return made;
    if (term.type === "uri") made.append(link(term.value));
    else made.textContent = term.type === "bnode" ? `_:${term.value}` : term.value;
    if (term["xml:lang"]) made.lang = term["xml:lang"];
    if (/#(integer|decimal|double|float)$/.test(term.datatype || "")) made.className = "number";
    return made;
  }

  // A thing leads to its page here, and any other address to the web.
  function link(iri) {
    const among = (namespaces) => namespaces.find(([namespace]) => iri.startsWith(namespace)) || [];
    const [known, name] = among(Object.entries(prefixes).map(([prefix, namespace]) => [namespace, prefix]));
    const shown = known ? `${name}:${iri.slice(known.length)}` : iri;
    const [namespace, path] = among(pages);
    if (path) return text("a", shown, { href: path + encodeURI(iri.slice(namespace.length)) });
    if (/^https?:/.test(iri)) return text("a", shown, { href: iri, rel: "noreferrer" });
    return document.createTextNode(shown);
  }

  function text(name, content, attributes = {}) {
    const made = document.createElement(name);
    made.textContent = content;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }
})();
