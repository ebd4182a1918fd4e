// What every page of the site of files shares: the file of an address, and elements with texts.
"use strict";

const site = (() => {
  const root = document.documentElement.dataset.root;
  const rdf = [".ttl", ".jsonld", ".nt"];
  const files = ["/-/style.css", "/-/scripts/", "/-/vendor/", "/-/data/"];
  // The parameters that are a part of the name of a file, as in static/paths.py.
  const named = {
    "/-/compare": ["earlier", "later"],
    "/-/entitlements": ["edition"],
    "/-/network": ["edition", "area"],
  };

  /** The link from this page to the page of an address: /query/funding?area=BEL. */
  function link(address) {
    const [, path, query = "", anchor = ""] = address.match(/^([^?#]*)(\?[^#]*)?(#.*)?$/);
    const given = new URLSearchParams(query);
    if (files.some((each) => path.startsWith(each)) || rdf.some((each) => path.endsWith(each))) {
      return root + path.slice(1) + anchor;
    }
    const names = named[path] || [];
    let parts = names.map((name) => given.get(name)).filter(Boolean);
    if (path === "/-/network" && parts.length > 1) {
      // One file has the editions of a country, and one each of them.
      parts = [given.get(given.get("edition") === "all" ? "area" : "edition")];
    }
    names.forEach((name) => given.delete(name));
    let file = [path.slice(1), ...parts].join("/");
    if (path.endsWith("/")) {
      file += "index";
    } else if (/^-\/.*\/[A-Z][a-z][^/]*$/.test(file)) {
      file += "_";
    }
    [...given].forEach(([name, value]) => value || given.delete(name));
    const rest = given.toString();
    return `${root}${file}.html${rest ? `?${rest}` : ""}${anchor}`;
  }

  /** The address of the page for an IRI; empty where there can be none. */
  function address(iri, prefixes) {
    for (const [prefix, page] of [["tip", "/ns"], ["tipsh", "/shapes"]]) {
      if (iri.startsWith(prefixes[prefix])) {
        return `${page}#${encode(iri.slice(prefixes[prefix].length))}`;
      }
    }
    const ours = prefixes.id.slice(0, -"id/".length);
    if (iri.startsWith(ours)) {
      return `/${encode(iri.slice(ours.length))}`;
    }
    const short = shortened(iri, prefixes);
    const [prefix, local] = short.split(/:(.*)/s);
    return short === iri ? "" : `/-/${prefix}/${encode(local)}`;
  }

  /** The prefixed name for an IRI where a prefix fits, else the IRI. */
  function shortened(iri, prefixes) {
    const found = Object.entries(prefixes)
      .filter(([, start]) => iri.startsWith(start))
      .sort(([, one], [, other]) => other.length - one.length)[0];
    return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
  }

  const encode = (path) => path.split("/").map(encodeURIComponent).join("/");

  /** An element with attributes, and texts or elements in it. No text is read as HTML. */
  function element(name, attributes = {}, ...content) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...content.map((each) => (typeof each === "string" ? visible(each) : each)));
    return made;
  }

  /** The text with controls that would reorder or break it written out (escape.py, visible). */
  function visible(text) {
    const controls = /\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
    return text.replace(controls, (each) => {
      const code = each.charCodeAt(0).toString(16);
      return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
    });
  }

  /** The text with all but unreserved characters percent-encoded (RFC 3986, section 2.3). */
  function quoted(text) {
    return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  }

  /** A text with values in the places of their names, which are in braces. */
  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  return { root, named, link, address, shortened, element, visible, quoted, filled };
})();
