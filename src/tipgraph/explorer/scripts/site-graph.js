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

  return { ask };
})();
