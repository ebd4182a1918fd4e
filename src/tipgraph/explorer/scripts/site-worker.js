// The graph in the browser: answers queries beside the page, so that a long one can be ended.
import init, { Store } from "../vendor/oxigraph/web.js";

const ready = open();

/** The content of a file that comes compressed. */
async function unpacked(address, type) {
  const response = await fetch(address);
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": type } });
}

/** The store with the graph. */
async function open() {
  await init({ module_or_path: unpacked("../vendor/oxigraph/web_bg.wasm.gz", "application/wasm") });
  const graph = await unpacked("../data/graph.nq.gz", "application/n-quads");
  const store = new Store();
  store.load(await graph.text(), {
    format: "application/n-quads",
    lenient: true,
    no_transaction: true,
  });
  return store;
}

/** A term as SPARQL 1.1 Query Results JSON has it. */
function json(term) {
  if (term.termType !== "Literal") {
    return { type: term.termType === "NamedNode" ? "uri" : "bnode", value: term.value };
  }
  const kind = term.language ? { "xml:lang": term.language } : { datatype: term.datatype.value };
  return { type: "literal", value: term.value, ...kind };
}

/** The answer as text, with its media type. */
function answered(store, query) {
  const found = store.query(query, { use_default_graph_as_union: true });
  if (Array.isArray(found) && found.length && !(found[0] instanceof Map)) {
    const lines = found.map((quad) => `${quad.subject} ${quad.predicate} ${quad.object} .\n`);
    return { type: "application/n-triples", text: lines.join("") };
  }
  const isRows = Array.isArray(found);
  const bindings = isRows ? found.map((row) => Object.fromEntries([...row].map(([name, term]) => [name, json(term)]))) : [];
  const vars = [...new Set(bindings.flatMap((row) => Object.keys(row)))];
  const result = isRows ? { head: { vars }, results: { bindings } } : { head: {}, boolean: found };
  return { type: "application/sparql-results+json", text: JSON.stringify(result) };
}

addEventListener("message", async ({ data: { number, query } }) => {
  try {
    postMessage({ number, ...answered(await ready, query) });
  } catch (error) {
    postMessage({ number, error: String(error.message || error) });
  }
});
