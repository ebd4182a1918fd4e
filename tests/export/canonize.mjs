// Prints the JSON-LD of a file as canonical N-Quads, by jsonld.js in .tools/. Fetches no context.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(new URL("../../.tools/", import.meta.url));
const { canonize } = require("jsonld");

const documentLoader = (url) => {
  throw new Error(`${url} is fetched`);
};
const document = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const options = { algorithm: "URDNA2015", format: "application/n-quads", documentLoader };
process.stdout.write(await canonize(document, options));
