// Runs the query box on the page: asks the endpoint, shows tables, texts and faults.

const SHOWN_ROWS = 500;
const TABLE_FORMATS = { csv: "CSV", tsv: "TSV", json: "JSON", xml: "XML" };
const GRAPH_FORMATS = { turtle: "Turtle", ntriples: "N-Triples", rdfxml: "RDF/XML", jsonld: "JSON-LD" };
const NUMERIC = /#(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;

// The scripts lie below the address of the service, wherever a proxy has put it.
const endpoint = new URL("../sparql", import.meta.url).pathname;
const home = new URL("../", import.meta.url).pathname;
const at = (id) => document.getElementById(id);
const form = at("form"), box = at("query"), format = at("format");
const status = at("status"), hints = at("hints"), fault = at("error"), result = at("result");
const { prefixes, base, pages } = JSON.parse(at("data").textContent);
const namespaces = Object.entries(prefixes).sort((a, b) => b[1].length - a[1].length);
let running = null;

/** Make an element; text never becomes markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Shorten an IRI to a prefixed name that SPARQL would read, where there is one. */
function shorten(iri) {
  for (const [prefix, start] of namespaces) {
    const rest = iri.slice(start.length);
    if (iri.startsWith(start) && /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u.test(rest)) return `${prefix}:${rest}`;
  }
  return null;
}

function addressOf(query, name) {
  return `${endpoint}?` + new URLSearchParams({ query, format: name });
}

/** Return the page on a name of this graph; the page of a term stands for its hash IRI. */
function pageOf(iri) {
  const [path, fragment] = iri.slice(base.length).split("#");
  if (path === "ontology" && fragment) return `${home}ontology/terms/${encodeURIComponent(fragment)}`;
  return home + path.split("/").map(encodeURIComponent).join("/") + (fragment ? `#${fragment}` : "");
}

/** Link a name of this graph to its page, or where there are none to a query, and others to themselves. */
function link(iri) {
  const short = shorten(iri);
  const text = short ?? iri, look = { title: iri, class: short ? "name" : "address" };
  if (iri.startsWith(base) && pages) return element("a", { href: pageOf(iri), ...look }, text);
  if (iri.startsWith(base)) {
    const query = `SELECT ?property ?value\nWHERE { <${iri}> ?property ?value }\nORDER BY ?property ?value\n`;
    return element("a", { href: addressOf(query, "csv"), "data-query": query, ...look }, text);
  }
  if (!/^https?:\/\//i.test(iri)) return text;
  return element("a", { href: iri, rel: "noopener noreferrer", ...look }, text);
}

function isNumber(term) {
  return NUMERIC.test(term.datatype ?? "");
}

function cell(term, numeric) {
  if (!term) return element("td");
  if (term.type === "uri") return element("td", {}, link(term.value));
  if (term.type === "bnode") return element("td", {}, `_:${term.value}`);
  if (term.type === "triple") return element("td", {}, element("code", {}, JSON.stringify(term.value)));
  const made = element("td", numeric ? { class: "number" } : {}, term.value);
  if (term["xml:lang"]) made.append(" ", element("small", {}, `@${term["xml:lang"]}`));
  return made;
}

function table(names, rows) {
  const shown = rows.slice(0, SHOWN_ROWS);
  const numeric = new Set(names.filter((name) => {
    const terms = shown.map((row) => row[name]).filter(Boolean);
    return terms.length > 0 && terms.every(isNumber);
  }));
  const head = names.map((name) => element("th", numeric.has(name) ? { scope: "col", class: "number" } : { scope: "col" }, name));
  const body = shown.map((row) => element("tr", {}, ...names.map((name) => cell(row[name], numeric.has(name)))));
  return element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
}

function scrolled(content) {
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Rows" }, content);
}

function downloads(query, formats) {
  const links = Object.entries(formats).map(([name, label]) =>
    element("a", { href: addressOf(query, name), download: `smegraph.${name}` }, label));
  return element("p", { class: "downloads" }, "Download", ...links);
}

/** Show a result; returns the sentence for the status line. */
function show(query, type, text) {
  result.hidden = false;
  const isGraph = /turtle|n-triples|rdf\+xml|ld\+json/.test(type);
  const links = downloads(query, isGraph ? GRAPH_FORMATS : TABLE_FORMATS);
  if (format.value || isGraph) {
    result.replaceChildren(scrolled(element("pre", { class: "text" }, text)), links);
    return `${text.length.toLocaleString("en")} characters`;
  }
  const found = JSON.parse(text);
  if ("boolean" in found) {
    result.replaceChildren(element("p", { class: "verdict" }, found.boolean ? "Yes" : "No"), links);
    return found.boolean ? "The pattern holds." : "The pattern does not hold.";
  }
  const rows = found.results.bindings;
  result.replaceChildren(...(rows.length ? [scrolled(table(found.head.vars, rows)), links] : [links]));
  const count = `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "row" : "rows"}`;
  return rows.length > SHOWN_ROWS ? `${count}, the first ${SHOWN_ROWS} shown; downloads hold all` : count;
}

/** Return the strings of a structured field; those in %"" are not all ASCII (RFC 9651). */
function strings(field) {
  return [...(field ?? "").matchAll(/%"([^"]*)"|"((?:[^"\\]|\\.)*)"/g)].map(([, display, plain]) =>
    display === undefined ? plain.replace(/\\(.)/g, "$1") : decodeURIComponent(display));
}

/** Show sentences beside the answer; what stands between backticks is code. */
function hint(sentences) {
  hints.replaceChildren(...sentences.map((sentence) => element("p", {}, element("strong", {}, "Hint: "),
    ...sentence.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part)))));
}

/** Say what was wrong, and set the cursor where it is. */
function complain(query, problem) {
  result.hidden = true;
  fault.hidden = false;
  fault.replaceChildren(element("p", {}, element("strong", {}, problem.title), problem.detail));
  if (!problem.line) return;
  const lines = query.split("\n");
  const line = lines[problem.line - 1] ?? "";
  const before = [...line].slice(0, problem.column - 1).join("");
  fault.append(element("pre", { "aria-hidden": "true" }, `${line}\n${before.replace(/[^\t]/gu, " ")}^`));
  const start = lines.slice(0, problem.line - 1).join("\n").length + (problem.line > 1 ? 1 : 0) + before.length;
  box.focus();
  box.setSelectionRange(start, start + (problem.found?.length ?? 0));
}

async function run() {
  running?.abort();
  const asked = (running = new AbortController());
  const query = box.value;
  fault.hidden = true;
  status.textContent = "Running …";
  const began = performance.now();
  const body = new URLSearchParams({ query });
  if (format.value) body.set("format", format.value);
  try {
    const response = await fetch(endpoint, {
      method: "POST", body, signal: asked.signal,
      headers: { Accept: "application/sparql-results+json, text/turtle;q=0.9" },
    });
    const text = await response.text();
    const took = Math.round(performance.now() - began);
    hint(response.ok ? strings(response.headers.get("Smegraph-Hint")) : []);
    if (response.ok) {
      status.textContent = `${show(query, response.headers.get("Content-Type") ?? "", text)} · ${took} ms`;
    } else {
      status.textContent = "";
      complain(query, problemOf(response, text));
    }
    history.replaceState(null, "", "#" + new URLSearchParams({ query }));
  } catch (error) {
    if (error.name === "AbortError") return;
    status.textContent = "";
    hint([]);
    complain(query, { title: "The service did not answer", detail: String(error.message) });
  }
}

function problemOf(response, text) {
  if (response.headers.get("Content-Type")?.startsWith("application/problem+json")) return JSON.parse(text);
  return { title: `The service answered ${response.status}`, detail: response.statusText };
}

function load(query) {
  box.value = query;
  format.value = "";
  box.rows = Math.min(24, Math.max(6, query.split("\n").length));
  run();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("a[data-query]");
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".questions a[aria-current]")) other.removeAttribute("aria-current");
  if (chosen.closest(".questions")) chosen.setAttribute("aria-current", "true");
  load(chosen.dataset.query);
  box.scrollIntoView({ block: "nearest" });
});

const given = new URLSearchParams(location.hash.slice(1)).get("query");
if (given) load(given);
