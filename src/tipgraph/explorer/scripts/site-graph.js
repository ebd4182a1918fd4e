// Sends queries to the worker that has the graph.
"use strict";

const graph = (() => {
  const SECONDS = 60;
  let worker = null;
  let count = 0;

  /** The answer to a query, as text with its media type. */
  function ask(query) {
    if (location.protocol === "file:") {
      return Promise.reject(new Error("This page was opened from a file, and browsers run no queries there. Put the folder on a web server, for example with “python3 -m http.server” in it."));
    }
    worker ||= new Worker(`${document.documentElement.dataset.root}-/scripts/site-worker.js`, { type: "module" });
    const asked = worker;
    const number = (count += 1);
    return new Promise((resolve, reject) => {
      const end = (message) => {
        clearTimeout(timer);
        for (const [name, listener] of Object.entries(listeners)) asked.removeEventListener(name, listener);
        if (message) reject(new Error(message));
      };
      // Whatever waits for a worker that is ended ends with it.
      const stop = (message) => {
        asked.terminate();
        if (worker === asked) worker = null;
        asked.dispatchEvent(new CustomEvent("stop", { detail: message }));
      };
      const listeners = {
        message: ({ data }) => {
          if (data.number !== number) return;
          end(data.error);
          resolve(data);
        },
        error: () => stop("The graph could not be loaded."),
        stop: ({ detail }) => end(detail),
      };
      const timer = setTimeout(() => stop(`The query took more than ${SECONDS} seconds and was ended.`), SECONDS * 1000);
      for (const [name, listener] of Object.entries(listeners)) asked.addEventListener(name, listener);
      asked.postMessage({ number, query });
    });
  }

  return { ask };
})();
