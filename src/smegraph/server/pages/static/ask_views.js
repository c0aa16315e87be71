// What an answer looks like: a table, bars, a graph. Text never becomes markup.

const NUMERIC = /#(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;
const SVG = "http://www.w3.org/2000/svg";
const MOST_BARS = 60, MOST_NODES = 40;

/** Make an element. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function scrolled(content, label = "Rows") {
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, content);
}

export function isNumber(term) {
  return NUMERIC.test(term?.datatype ?? "");
}

/** Return the names of the columns that hold numbers only. */
export function numericOf(names, rows) {
  return new Set(names.filter((name) => {
    const terms = rows.map((row) => row[name]).filter(Boolean);
    return terms.length > 0 && terms.every(isNumber);
  }));
}

/** Return how a term is read: by its label, its short name, or as it is. */
export function textOf(term, naming) {
  if (!term) return "";
  if (term.type === "uri") return naming.text(term.value);
  if (term.type === "bnode") return `_:${term.value}`;
  return term.type === "triple" ? JSON.stringify(term.value) : term.value;
}

function cell(term, numeric, naming) {
  if (!term) return element("td");
  if (term.type === "triple") return element("td", {}, element("code", {}, JSON.stringify(term.value)));
  if (term.type === "uri") {
    const text = naming.text(term.value), address = naming.address(term.value), query = naming.query(term.value);
    if (!address) return element("td", { title: term.value }, text);
    const look = { href: address, title: term.value, class: text === term.value ? "address" : /\s/.test(text) ? "name words" : "name" };
    if (query) look["data-query"] = query;
    else if (/^https?:/.test(address)) look.rel = "noopener noreferrer";
    return element("td", {}, element("a", look, text));
  }
  const made = element("td", numeric ? { class: "number" } : {}, textOf(term, naming));
  if (term["xml:lang"]) made.append(" ", element("small", {}, `@${term["xml:lang"]}`));
  return made;
}

/** Return rows as a table; `sort` is { name, descending, choose(name) }, or null where it cannot be sorted. */
export function table(names, rows, naming, sort) {
  const numeric = numericOf(names, rows);
  const head = names.map((name) => {
    const look = { scope: "col", ...(numeric.has(name) ? { class: "number" } : {}) };
    if (!sort) return element("th", look, name);
    const order = sort.name === name ? (sort.descending ? "descending" : "ascending") : "none";
    const button = element("button", { type: "button", class: "sort" }, name, element("span", { "aria-hidden": "true" }, { none: "↕", ascending: "↑", descending: "↓" }[order]));
    button.addEventListener("click", () => sort.choose(name));
    return element("th", { ...look, "aria-sort": order }, button);
  });
  const body = rows.map((row) => element("tr", {}, ...names.map((name) => cell(row[name], numeric.has(name), naming))));
  return element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
}

/** Sort rows that are all here by a column: numbers by size, the rest as people read it. */
export function sortedRows(rows, { name, descending }, naming) {
  const compared = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const key = (row) => (isNumber(row[name]) ? Number(row[name].value) : textOf(row[name], naming));
  const found = rows.map((row, index) => ({ row, index, key: key(row) }));
  found.sort((a, b) => {
    const order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : compared.compare(String(a.key), String(b.key));
    return (descending ? -order : order) || a.index - b.index;
  });
  return found.map((one) => one.row);
}

/** Say whether rows are one label and one number each, which bars show well. */
export function fitsBars(names, rows) {
  if (names.length !== 2 || rows.length < 2 || rows.length > MOST_BARS) return false;
  const numeric = numericOf(names, rows);
  return numeric.size === 1 && rows.every((row) => names.every((name) => row[name])) &&
    rows.every((row) => Number(row[[...numeric][0]].value) >= 0);
}

/** Return rows of one label and one number as bars. */
export function bars(names, rows, naming) {
  const [number] = numericOf(names, rows), label = names.find((name) => name !== number);
  const most = Math.max(...rows.map((row) => Number(row[number].value)), Number.MIN_VALUE);
  const lines = rows.map((row) => {
    const text = textOf(row[label], naming), value = Number(row[number].value);
    const address = row[label].type === "uri" ? naming.address(row[label].value) : "";
    const named = address ? element("a", { href: address }, text) : text;
    const bar = drawn("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, drawn("rect", { width: String((100 * value) / most), height: "10" }));
    return element("tr", {}, element("th", { scope: "row" }, named), element("td", {}, bar), element("td", { class: "number" }, value.toLocaleString("en")));
  });
  return element("table", { class: "bars" },
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, label), element("td"), element("th", { scope: "col", class: "number" }, number))),
    element("tbody", {}, ...lines));
}

/** Return the statements of N-Triples, those with an IRI or a node at both ends first. */
export function statements(text) {
  const term = /<([^>]*)>|(_:[^\s]+)|"((?:[^"\\]|\\.)*)"(?:\^\^<[^>]*>|@[\w-]+)?/g;
  return text.split("\n").map((line) => [...line.matchAll(term)]).filter((found) => found.length >= 3).map(([s, p, o]) => ({
    subject: s[1] ?? s[2], property: p[1], object: o[1] ?? o[2] ?? o[3], isThing: o[3] === undefined,
  }));
}

/** Return a graph of few things as a drawing; null where there are none, or too many. */
export function graph(found, naming) {
  const links = found.filter((one) => one.isThing && !one.property.endsWith("#type") && one.subject !== one.object);
  const names = [...new Set(links.flatMap((one) => [one.subject, one.object]))];
  if (links.length === 0 || names.length > MOST_NODES || links.length > 3 * MOST_NODES) return null;
  const width = 900, height = Math.max(320, Math.min(900, 60 * Math.sqrt(names.length) * 2));
  const places = laidOut(names, links, width, height);
  const arrow = drawn("marker", { id: "arrow", viewBox: "0 0 10 10", refX: "17", refY: "5", markerWidth: "7", markerHeight: "7", orient: "auto" }, drawn("path", { d: "M0 1 L10 5 L0 9 z" }));
  const svg = drawn("svg", { class: "net", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Graph of ${names.length} things and ${links.length} statements` }, drawn("defs", {}, arrow));
  for (const one of links) {
    const a = places.get(one.subject), b = places.get(one.object);
    svg.append(drawn("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, "marker-end": "url(#arrow)" }, drawn("title", {}, naming.text(one.property))));
    if (links.length <= 25) svg.append(drawn("text", { class: "edge", x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 - 3 }, naming.text(one.property)));
  }
  for (const name of names) {
    const { x, y } = places.get(name), text = naming.text(name), address = naming.address(name);
    const shown = text.length > 34 ? `${text.slice(0, 33)}…` : text;
    const side = x > width * 0.75 ? { x: x - 9, "text-anchor": "end" } : x < width * 0.25 ? { x: x + 9, "text-anchor": "start" } : { x, "text-anchor": "middle" };
    const label = drawn("text", { ...side, y: "text-anchor" in side && side["text-anchor"] === "middle" ? y - 10 : y + 4 }, shown);
    const node = [drawn("circle", { cx: x, cy: y, r: "6" }), label, drawn("title", {}, text)];
    svg.append(address ? drawn("a", { href: address }, ...node) : drawn("g", {}, ...node));
  }
  return svg;
}

/** Return a place for each name: springs along the links, and all pushing each other away. */
function laidOut(names, links, width, height) {
  const at = new Map(names.map((name, index) => {
    const turn = (2 * Math.PI * index) / names.length;
    return [name, { x: Math.cos(turn), y: Math.sin(turn) }];
  }));
  const near = 1.6 / Math.sqrt(names.length);
  for (let step = 0; step < 300; step += 1) {
    const heat = 0.1 * (1 - step / 300), pull = new Map(names.map((name) => [name, { x: 0, y: 0 }]));
    for (const one of names) for (const other of names) {
      if (one === other) continue;
      const a = at.get(one), b = at.get(other), dx = a.x - b.x || 0.001, dy = a.y - b.y || 0.001, far = Math.hypot(dx, dy);
      pull.get(one).x += (dx / far) * (near * near) / far;
      pull.get(one).y += (dy / far) * (near * near) / far;
    }
    for (const { subject, object } of links) {
      const a = at.get(subject), b = at.get(object), dx = a.x - b.x, dy = a.y - b.y, far = Math.hypot(dx, dy) || 0.001;
      const force = (far * far) / near / far;
      pull.get(subject).x -= dx * force; pull.get(subject).y -= dy * force;
      pull.get(object).x += dx * force; pull.get(object).y += dy * force;
    }
    for (const name of names) {
      const { x, y } = pull.get(name), far = Math.hypot(x, y) || 1, move = Math.min(far, heat);
      at.get(name).x += (x / far) * move;
      at.get(name).y += (y / far) * move;
    }
  }
  const xs = [...at.values()].map((p) => p.x), ys = [...at.values()].map((p) => p.y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  for (const place of at.values()) {
    place.x = Math.round(60 + ((place.x - x0) / (x1 - x0 || 1)) * (width - 120));
    place.y = Math.round(40 + ((place.y - y0) / (y1 - y0 || 1)) * (height - 80));
  }
  return at;
}
