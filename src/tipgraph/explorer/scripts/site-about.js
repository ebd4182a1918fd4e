// What a page says about the answer in it, for the parameters that its form was sent with: the
// command and the line of Python that give the same, the citation, and the report of a mistake.
"use strict";

const about = (() => {
  const { quoted } = site;

  /** The line that runs a stored query in a shell (queries/catalogue.py, command). */
  function command(query, given) {
    return `tipgraph query ${query.name}${parameters(given)}`;
  }

  /** The parameters of a command. */
  function parameters(given) {
    const pairs = Object.entries(given).map(([name, value]) => `${name}=${value}`);
    return pairs.map((pair) => ` -p ${inShell(pair)}`).join("");
  }

  /** The text as one word of a shell, as Python's shlex.quote has it. */
  function inShell(text) {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
  }

  /** The line of Python that gives the same answer (explorer/questions.py, python). */
  function python(query, given) {
    const named = Object.entries(given).map(([name, value]) => `, ${name}=${inPython(value)}`);
    return `tipgraph.open().query(${inPython(query.name)}${named.join("")})`;
  }

  /** The text as a literal of Python, as its function `repr` has it. */
  function inPython(text) {
    const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
    const short = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", [mark]: `\\${mark}` };
    const inside = text.replace(/[\\'"\p{C}\p{Z}]/gu, (each) => short[each] || (/['" ]/.test(each) ? each : escaped(each)));
    return mark + inside + mark;
  }

  function escaped(character) {
    const code = character.codePointAt(0);
    const [letter, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
    return `\\${letter}${code.toString(16).padStart(digits, "0")}`;
  }

  // How each format of a citation writes a text.
  const escapes = {
    text: (text) => text,
    bibtex: (text, { latex }) => text.replace(/[\\{}$&#%_~^]/g, (each) => latex[each]),
    "csl-json": (text) => JSON.stringify(text).slice(1, -1),
  };

  /** Write the citation in each format, with the command and the editions that the answer draws on. */
  function cite({ cited }, line, sources) {
    const key = line.replace(/^tipgraph /, "").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    const named = sources.slice(0, cited.most);
    const more = sources.length - named.length;
    if (more) {
      named.push((more === 1 ? cited.others.one : cited.others.many).replace("@number@", more));
    }
    const values = { key, command: line, sources: named.join("; ") };
    for (const place of document.querySelectorAll("[data-citation]")) {
      const format = place.dataset.citation;
      const text = cited.formats[format][sources.length ? 1 : 0];
      place.textContent = site.visible(text.replace(/@(\w+)@/g, (_, name) => escapes[format](values[name].replace(/\s+/g, " ").trim(), cited)));
    }
  }

  /** Make the page one about a query with these parameters, whose answer draws on these sources. */
  function show(query, given, sources = []) {
    const line = command(query, given);
    document.getElementById("same-command").textContent = site.visible(line);
    document.getElementById("same-python").textContent = site.visible(python(query, given));
    cite(query, line, sources);
    // As Python's urlencode has it.
    const form = (text) => quoted(text).replaceAll("%20", "+");
    const pairs = Object.entries(given).map((pair) => pair.map(form).join("="));
    document.getElementById("mistake").href = query.mistake + quoted(`/query/${query.name}?${pairs.join("&")}`);
  }

  return { command, parameters, show };
})();
