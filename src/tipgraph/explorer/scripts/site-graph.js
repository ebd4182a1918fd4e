// Sends queries to the worker that has the graph.
"use strict";

const graph = (() => {
  const SECONDS = 60;
  // The most IRIs of a lookup, as in lookup/passages.py.
  const AT_ONCE = 500;
  let worker = null;
  let count = 0;

  /** The answer to a query: { rows }, { boolean } or { triples }; without one, what there is. */
  function ask(query = "") {
    if (location.protocol === "file:") {
      return Promise.reject(new Error("This page was opened from a file, and browsers run no queries there. Put the folder on a web server, for example with “python3 -m http.server” in it."));
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
      const failed = () => end("The graph could not be loaded.");
      const timer = setTimeout(() => {
        worker.terminate();
        worker = null;
        end(`The query took more than ${SECONDS} seconds and was ended.`);
      }, SECONDS * 1000);
      worker.addEventListener("message", answered);
      worker.addEventListener("error", failed);
      worker.postMessage({ number, query });
    });
  }

  /** The rows that a query of `lookups` in data/site.json has for some IRIs, with their values. */
  async function lookup(name, iris) {
    const { about } = await ask();
    const found = [];
    for (let first = 0; first < iris.length; first += AT_ONCE) {
      const some = iris.slice(first, first + AT_ONCE).map((iri) => `<${iri}>`).join(" ");
      const { rows } = await ask(about.lookups[name].replaceAll("{iris}", () => some));
      found.push(...rows);
    }
    return found.map((row) => Object.fromEntries(Object.entries(row).map(([column, { value }]) => [column, value])));
  }

  return { ask, lookup };
})();
