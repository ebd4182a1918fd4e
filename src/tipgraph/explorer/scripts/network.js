// Draws the actor network above its table, and shows the statements of what is selected.
// Their places depend on the network alone, so that it always looks the same.
"use strict";

(() => {
  // The size of a party, and of the space around all of them, in pixels at full size.
  const WIDTH = 196, HEIGHT = 44, MARGIN = 16, TALLEST = 1100;
  // Below this scale labels cannot be read; the reader moves the drawing instead.
  const SMALLEST = 0.7;
  const ZOOM = 1.3;
  // The distances between two columns, two parties of one, and slots in which lines cross a column, each with how
  // far from its middle it begins.
  const ACROSS = 310, DOWN = 58, SLOT = 14, BESIDE = 104;
  // Columns are centred, but where one has more parties than this all begin at the top: the middle would be off the screen.
  const TALL = 30;
  const SWEEPS = 8;
  const LONGEST = 62;
  // The dashes of the lines of each family, as in the legend.
  const DASHES = [null, [10, 4], [12, 4, 3, 4], [3, 4], [6, 3]];

  const figure = document.getElementById("network");
  if (!figure || !window.cytoscape) return;
  const drawing = document.getElementById("drawing");
  const panel = document.getElementById("statements");
  figure.hidden = false;

  load()
    .then((network) => {
      if (network.connections.length) draw(placed(network));
      else figure.hidden = true;
    })
    .catch(() => {
      figure.hidden = false;
      figure.replaceChildren(element("p", { class: "problem" }, "The drawing cannot be loaded. The table has the same content."));
    });

  // A page without a server has the network in it, and filters it here.
  async function load() {
    const embedded = document.getElementById("network-data");
    if (embedded) return filtered(JSON.parse(embedded.textContent));
    const answer = await fetch(figure.dataset.source);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }

  // The connections of the kind and the party that the address names, as network.py selects them.
  function filtered(network) {
    const given = new URLSearchParams(location.search);
    const kind = given.get("connection"), actor = given.get("actor");
    if (!kind && !actor) return network;
    const fields = document.querySelector("form.fields").elements;
    fields.connection.value = kind || "";
    fields.actor.value = actor || "";
    for (const link of document.querySelectorAll(".pager a")) link.search = location.search;
    const connections = network.connections.filter(
      ({ name, source, target }) => (!kind || name === kind) && (!actor || [source, target].includes(actor)));
    figure.before(element("p", { class: "remark", role: "status" }, `Connections of this kind and party: ${connections.length} of ${network.connections.length}`));
    filterTable(network, connections);
    const ends = new Set(connections.flatMap(({ source, target }) => [source, target]));
    const parties = network.parties.filter(({ id }) => ends.has(id));
    return { ...network, connections, parties };
  }

  // A column that is the same in all rows is not in the table.
  function filterTable(network, connections) {
    const labels = new Map(network.parties.map(({ id, label }) => [id, label]));
    const kept = connections.map(({ source, relation, target }) =>
      ({ subject: labels.get(source), relation, object: labels.get(target) }));
    for (const table of document.querySelectorAll("main table")) {
      const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
      for (const row of table.tBodies[0].rows) {
        row.hidden = !kept.some((connection) =>
          names.every((name, number) => !(name in connection) || connection[name] === row.cells[number].textContent));
      }
    }
  }

  // The columns, sorted by the mean height of what each entry is joined to (the barycentre heuristic of layered
  // drawings), a few times over, so that few lines cross. In a column between its ends, a line has a slot among the
  // parties, so that it never runs behind one.
  function placed(network) {
    const entry = (column, id, size) => ({ column, id, size, near: new Set(), y: 0 });
    const numbers = [...new Set(network.parties.map(({ column }) => column))].sort();
    const columns = numbers.map(() => []);
    const add = (made) => {
      columns[made.column].push(made);
      return made;
    };
    const entries = new Map(network.parties.map(({ id, column }) => [id, add(entry(numbers.indexOf(column), id, DOWN))]));
    const isTall = columns.some(({ length }) => length > TALL);
    const ways = network.connections.map(({ id, source, target }) => {
      const from = entries.get(source), to = entries.get(target), step = Math.sign(to.column - from.column);
      const slots = [];
      for (let at = from.column + step; step && at !== to.column; at += step) slots.push(add(entry(at, id, SLOT)));
      const way = [from, ...slots, to];
      way.slice(1).forEach((each, number) => {
        each.near.add(way[number]);
        way[number].near.add(each);
      });
      return slots.flatMap((of) => [-step * BESIDE, step * BESIDE].map((side) => ({ of, side })));
    });
    const lengthOf = (column) => column.reduce((sum, { size }) => sum + size, 0);
    const stack = (column, top) => column.reduce((y, each) => {
      each.y = y + each.size / 2;
      return y + each.size;
    }, top);
    for (const column of columns) {
      column.sort((one, other) => (one.id < other.id ? -1 : 1));
      stack(column, -lengthOf(column) / 2);
    }
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      for (const column of columns) {
        for (const each of column) each.mean = [...each.near].reduce((sum, { y }) => sum + y / each.near.size, 0);
        column.sort((one, other) => one.mean - other.mean || (one.id < other.id ? -1 : 1));
        stack(column, -lengthOf(column) / 2);
      }
    }
    if (isTall) columns.forEach((column) => stack(column, -Math.max(...columns.map(lengthOf)) / 2));
    const place = ({ column, y }, side = 0) => ({ x: column * ACROSS + side, y });
    return {
      columns: numbers.map((number) => network.columns[number]),
      parties: network.parties.map((party) => ({ ...party, ...place(entries.get(party.id)) })),
      connections: network.connections.map((each, number) => ({ ...each, through: ways[number].map(({ of, side }) => place(of, side)) })),
    };
  }

  function draw(network) {
    const cy = cytoscape({
      container: drawing,
      elements: elements(network),
      layout: { name: "preset", fit: false },
      style: style(),
      autoungrabify: true,
      boxSelectionEnabled: false,
      selectionType: "single",
      // The wheel scrolls the page; buttons and keys zoom.
      userZoomingEnabled: false,
      minZoom: 0.1,
      maxZoom: 3,
    });
    fit(cy);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(style()));
    window.addEventListener("resize", () => fit(cy));
    cy.on("tap", (event) => {
      if (event.target === cy) unselect(cy);
      else if (!event.target.hasClass("heading")) select(cy, event.target);
    });
    cy.on("mouseover", "node.party, edge", () => { drawing.style.cursor = "pointer"; });
    cy.on("mouseout", "node.party, edge", () => { drawing.style.cursor = ""; });
    tools(cy);
    keys(cy);
    cy.one("render", () => { figure.dataset.state = "drawn"; });
  }

  function elements(network) {
    const parties = network.parties.map((party) => ({
      data: { ...party, shown: shortened(party.label) },
      position: { x: party.x, y: party.y },
      classes: "party",
    }));
    const slots = network.connections.flatMap(({ through }) => through);
    const top = Math.min(...[...network.parties, ...slots].map(({ y }) => y)) - 54;
    const headings = network.columns.map((name, number) => ({
      data: { id: `heading ${number}`, shown: name },
      position: { x: ACROSS * number, y: top },
      classes: "heading",
      selectable: false,
    }));
    const place = new Map(network.parties.map((party) => [party.id, party]));
    const lines = network.connections.map((connection) => {
      const from = place.get(connection.source), to = place.get(connection.target);
      const aside = from.x === to.x;
      const way = Math.sign(to.x - from.x);
      return {
        data: {
          ...connection,
          ...bends(connection.through, { x: from.x + way * WIDTH / 2, y: from.y }, { x: to.x - way * WIDTH / 2, y: to.y }),
          width: 1 + Math.min(connection.statements.length, 5) * 0.7,
          // The lines of a column go around the parties between their ends.
          bulge: (to.y > from.y ? -1 : 1) * (24 + Math.min(70, Math.abs(to.y - from.y) * 0.16)),
          start: `${aside ? 50 : 50 * way}% 0`,
          end: `${aside ? 50 : -50 * way}% 0`,
        },
        classes: `family-${connection.family}${aside ? " aside" : ""}${connection.through.length ? " routed" : ""}`,
      };
    });
    return [...headings, ...parties, ...lines];
  }

  // Places as cytoscape has them: how far along the straight line between the ends, and how far from it.
  function bends(places, start, end) {
    const x = end.x - start.x, y = end.y - start.y, length = Math.hypot(x, y);
    return {
      weights: places.map((each) => ((each.x - start.x) * x + (each.y - start.y) * y) / length ** 2),
      distances: places.map((each) => ((each.y - start.y) * x - (each.x - start.x) * y) / length),
    };
  }

  function style() {
    const declared = getComputedStyle(document.documentElement);
    const colour = (name) => declared.getPropertyValue(`--${name}`).trim();
    const families = DASHES.map((dashes, number) => ({
      selector: `edge.family-${number}`,
      style: {
        "line-color": colour(`family-${number}`),
        "target-arrow-color": colour(`family-${number}`),
        ...(dashes ? { "line-style": "dashed", "line-dash-pattern": dashes } : {}),
      },
    }));
    return [
      {
        selector: "node",
        style: {
          "label": "data(shown)",
          "color": colour("text"),
          "font-family": declared.fontFamily || "sans-serif",
          "font-size": 12,
          "text-wrap": "wrap",
          "text-max-width": WIDTH - 14,
          "text-valign": "center",
          "width": WIDTH,
          "height": HEIGHT,
          "shape": "round-rectangle",
          "background-color": colour("party"),
          "border-width": 1,
          "border-color": colour("party-line"),
          "overlay-opacity": 0,
        },
      },
      {
        selector: "node.heading",
        style: {
          "background-opacity": 0, "border-width": 0, "font-weight": "bold", "font-size": 14, "events": "no",
          "text-max-width": WIDTH + 60,
        },
      },
      {
        selector: "edge",
        style: {
          "width": "data(width)",
          "curve-style": "bezier",
          "source-endpoint": "data(start)",
          "target-endpoint": "data(end)",
          "target-arrow-shape": "triangle",
          "arrow-scale": 0.9,
          "overlay-opacity": 0,
        },
      },
      {
        selector: "edge.aside",
        style: {
          "curve-style": "unbundled-bezier", "control-point-distances": "data(bulge)", "edge-distances": "endpoints",
        },
      },
      {
        // Through the slots in the columns between its ends.
        selector: "edge.routed",
        style: {
          "curve-style": "segments", "segment-weights": "data(weights)", "segment-distances": "data(distances)",
          "edge-distances": "endpoints",
        },
      },
      ...families,
      { selector: "edge.faded", style: { "opacity": 0.14 } },
      { selector: "node.faded", style: { "text-opacity": 0.45, "border-opacity": 0.4 } },
      { selector: "node:selected", style: { "border-width": 3, "border-color": colour("accent") } },
      {
        selector: "edge:selected, edge.near",
        style: {
          "label": "data(relation)",
          "color": colour("text"),
          "font-size": 11,
          "text-background-color": colour("page"),
          "text-background-opacity": 1,
          "text-background-padding": 2,
          "z-index": 10,
          "z-index-compare": "manual",
        },
      },
      { selector: "edge:selected", style: { "width": 5, "font-weight": "bold" } },
    ];
  }

  // As large as the page is wide, but never so small that nobody can read it.
  function fit(cy) {
    const box = cy.elements().boundingBox({ includeOverlays: false });
    const zoom = Math.min(1.15, Math.max(SMALLEST, (drawing.clientWidth - 2 * MARGIN) / box.w));
    const tallest = Math.min(TALLEST, window.innerWidth < 640 ? window.innerHeight * 0.7 : TALLEST);
    drawing.style.height = `${Math.min(tallest, box.h * zoom + 2 * MARGIN)}px`;
    cy.resize();
    const spare = Math.max(MARGIN, (drawing.clientWidth - box.w * zoom) / 2);
    cy.viewport({ zoom, pan: { x: spare - box.x1 * zoom, y: MARGIN - box.y1 * zoom } });
  }

  function select(cy, target) {
    cy.elements().unselect().removeClass("near");
    target.select();
    const around = target.isNode() ? target.closedNeighborhood() : target.union(target.connectedNodes());
    around.edges().addClass("near");
    cy.elements().addClass("faded");
    around.union(cy.nodes(".heading")).removeClass("faded");
    show(cy, target.isNode() ? partyFacts(cy, target) : connectionFacts(target));
    const { x1, y1, x2, y2 } = target.renderedBoundingBox();
    const isSeen = x1 >= 0 && y1 >= 0 && x2 <= cy.width() && y2 <= cy.height();
    if (!isSeen && target.isNode()) cy.center(target);
  }

  function unselect(cy) {
    cy.elements().unselect().removeClass("near faded");
    panel.hidden = true;
    panel.replaceChildren();
  }

  function show(cy, content) {
    const close = element("button", { type: "button", class: "close" }, "Close");
    close.addEventListener("click", () => {
      unselect(cy);
      drawing.focus();
    });
    panel.replaceChildren(close, ...content);
    panel.hidden = false;
    panel.scrollTop = 0;
  }

  function partyFacts(cy, node) {
    const items = node.connectedEdges().map((edge) => {
      const text = `${edge.source().data("label")} ${edge.data("relation")} ${edge.target().data("label")}`;
      const go = element("button", { type: "button", class: "go" }, text);
      go.addEventListener("click", () => select(cy, edge));
      return element("li", {}, go);
    });
    return [
      element("h2", {}, page(node.data())),
      element("p", { class: "facts" }, node.data("kind")),
      element("h3", {}, "Connections"),
      element("ul", {}, ...items),
    ];
  }

  function connectionFacts(edge) {
    const ends = [page(edge.source().data()), ` ${edge.data("relation")} `, page(edge.target().data())];
    return [element("h2", {}, ...ends), ...edge.data("statements").flatMap(statementFacts)];
  }

  function statementFacts(statement) {
    const facts = [statement.kind, ...(statement.hedge ? [`“${statement.hedge}”`] : [])].join(", ");
    const speakers = statement.speakers.flatMap((each, number) => [...(number ? ["; "] : []), page(each)]);
    const sentences = statement.sentences.map((each) =>
      element("p", { class: "passage" },
        page(each), ...(each.quote ? [" ", element("q", {}, each.quote)] : []), ...source(each.link)));
    return [
      element("h3", {}, page(statement)),
      element("p", { class: "facts" }, `${facts}, stated by `, ...speakers, ", ", page(statement.edition)),
      ...sentences,
      ...statement.caveats.map((each) => element("p", { class: "caveat" }, `Caveat: ${each}`)),
    ];
  }

  // The name of a thing, which leads to its page.
  function page(thing) {
    if (!thing.address) return document.createTextNode(thing.label);
    // Without a server, addresses are below the first folder.
    const root = document.documentElement.dataset.root || "";
    return element("a", { href: root + thing.address }, thing.label);
  }

  function source(link) {
    return /^https?:/.test(link || "") ? [" ", element("a", { href: link, class: "source" }, "source")] : [];
  }

  function tools(cy) {
    const does = { closer: () => zoom(cy, ZOOM), further: () => zoom(cy, 1 / ZOOM), all: () => all(cy) };
    for (const button of figure.querySelectorAll("[data-does]")) {
      button.addEventListener("click", does[button.dataset.does]);
    }
  }

  function zoom(cy, factor) {
    const middle = { x: cy.width() / 2, y: cy.height() / 2 };
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: middle });
  }

  function all(cy) {
    cy.fit(undefined, MARGIN);
  }

  // Up and down go through the parties by column, left and right through the lines of one.
  function keys(cy) {
    const parties = cy.nodes(".party").sort((a, b) => a.data("x") - b.data("x") || a.data("y") - b.data("y"));
    let party = -1, line = -1;
    cy.on("select", "node.party", (event) => {
      party = parties.toArray().indexOf(event.target);
      line = -1;
    });
    const next = (number, step, length) => (number < 0 && step < 0 ? length - 1 : (number + step + length) % length);
    const toParty = (step) => {
      party = next(party, step, parties.length);
      select(cy, parties[party]);
    };
    const toLine = (step) => {
      if (party < 0) return toParty(1);
      const lines = parties[party].connectedEdges();
      line = next(line, step, lines.length);
      return select(cy, lines[line]);
    };
    const does = {
      ArrowDown: () => toParty(1),
      ArrowUp: () => toParty(-1),
      ArrowRight: () => toLine(1),
      ArrowLeft: () => toLine(-1),
      Enter: () => panel.hidden || panel.focus(),
      Escape: () => unselect(cy),
      "+": () => zoom(cy, ZOOM),
      "-": () => zoom(cy, 1 / ZOOM),
    };
    drawing.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !does[event.key]) return;
      event.preventDefault();
      does[event.key]();
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      unselect(cy);
      drawing.focus();
    });
  }

  function shortened(label) {
    return label.length > LONGEST ? `${label.slice(0, LONGEST - 1).trimEnd()}…` : label;
  }

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }
})();
