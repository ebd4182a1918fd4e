// The graph in the browser: answers queries beside the page, so that a long one can be ended.
import init, { Store } from "../vendor/oxigraph/web.js";

const ready = open();

/** The store with the graph, which comes compressed. */
async function open() {
  await init();
  const response = await fetch("../data/graph.nq.gz");
  const unpacked = response.body.pipeThrough(new DecompressionStream("gzip"));
  const store = new Store();
  store.load(await new Response(unpacked).text(), {
    format: "application/n-quads",
    lenient: true,
    no_transaction: true,
  });
  const about = await (await fetch("../data/site.json")).json();
  return { store, about };
}

/** A term as the page can have it. */
function plain(term) {
  if (term.termType === "Literal") {
    return { type: "literal", value: term.value, language: term.language, datatype: term.datatype.value };
  }
  return { type: term.termType === "NamedNode" ? "uri" : "bnode", value: term.value };
}

function answered({ store, about }, query) {
  const prefixes = Object.entries(about.prefixes).map(([name, iri]) => `PREFIX ${name}: <${iri}>\n`);
  const found = store.query(prefixes.join("") + query, { use_default_graph_as_union: true });
  if (typeof found === "boolean" || typeof found === "string") {
    return { boolean: found };
  }
  if (found.length && !(found[0] instanceof Map)) {
    return { triples: found.map((quad) => `${quad.subject} ${quad.predicate} ${quad.object} .`) };
  }
  return {
    rows: found.map((row) => Object.fromEntries([...row].map(([name, term]) => [name, plain(term)]))),
  };
}

addEventListener("message", async ({ data: { number, query } }) => {
  try {
    const open = await ready;
    postMessage({ number, about: open.about, ...(query ? answered(open, query) : {}) });
  } catch (error) {
    postMessage({ number, error: String(error.message || error) });
  }
});
