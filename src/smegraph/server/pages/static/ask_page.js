// The page to ask from: runs a query, shows its answer in pages and views, keeps what was written.

import { formOf, ownLimit, packed, windowOf } from "./ask_window.js";
import { bars, element, fitsBars, graph, scrolled, sortedRows, statements, table } from "./ask_views.js";

const ON_A_PAGE = 100, MOST_TEXT = 200_000, MOST_DRAWN = 20_000, MOST_KEPT = 50;
const HISTORY = "smegraph-asked", LABELS = "smegraph-labels";
const TABLE_TYPE = "application/sparql-results+json";

// The scripts lie below the address of the service, wherever a proxy has put it.
const endpoint = new URL("../sparql", import.meta.url).pathname;
const home = new URL("../", import.meta.url).pathname;
const at = (id) => document.getElementById(id);
const form = at("form"), box = at("query"), format = at("format"), stop = at("stop");
const status = at("status"), hints = at("hints"), fault = at("error"), result = at("result"), tools = at("tools");
const known = JSON.parse(at("data").textContent);
const namespaces = Object.entries(known.prefixes).sort((a, b) => b[1].length - a[1].length);
const labels = new Map();
let running = null, editor = null, asked = null;

// What things are called, and where they are told of

/** Shorten an IRI to a prefixed name that SPARQL would read, where there is one. */
function shorten(iri) {
  for (const [prefix, start] of namespaces) {
    const rest = iri.slice(start.length);
    if (iri.startsWith(start) && /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u.test(rest)) return `${prefix}:${rest}`;
  }
  return null;
}

/** Return the page on a name of this graph; the page of a term stands for its hash IRI. */
function pageOf(iri) {
  const [path, fragment] = iri.slice(known.base.length).split("#");
  if (path === "ontology" && fragment) return `${home}ontology/terms/${encodeURIComponent(fragment)}`;
  return home + path.split("/").map(encodeURIComponent).join("/") + (fragment ? `#${fragment}` : "");
}

const naming = {
  text: (iri) => (showsLabels() && labels.get(iri)) || (shorten(iri) ?? iri),
  address(iri) {
    if (iri.startsWith("_:")) return "";
    if (iri.startsWith(known.base) && known.pages) return pageOf(iri);
    if (known.things) return home + known.things.replace(/^\//, "") + encodeURIComponent(iri);
    if (iri.startsWith(known.base)) return `${home}ask#` + new URLSearchParams({ query: this.query(iri) });
    return /^https?:\/\//i.test(iri) ? iri : "";
  },
  query(iri) {
    if (!iri.startsWith(known.base) || known.pages || known.things) return "";
    return `SELECT ?property ?value\nWHERE { <${iri}> ?property ?value }\nORDER BY ?property ?value\n`;
  },
};

function stored(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? fallback;
  } catch {
    return fallback;
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch { /* A full or forbidden store keeps nothing; the page works without. */ }
}

const showsLabels = () => stored(LABELS, true);

/** Ask for the labels of things that are not known yet. */
async function learn(iris, signal) {
  const missing = [...new Set(iris)].filter((iri) => !labels.has(iri) && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|^`\\]+$/i.test(iri)).slice(0, 600);
  if (missing.length === 0) return;
  const response = await fetch(`${home}ask/labels`, { method: "POST", body: missing.join("\n"), headers: { "Content-Type": "text/plain" }, signal });
  if (!response.ok) return;
  const found = (await response.json()).labels;
  for (const iri of missing) labels.set(iri, found[iri] ?? "");
}

// The query that is written: never lost

/** Return the query that the address holds; null where it holds none. */
function linked() {
  // The link that skips to the text area leaves `#query`, which states no query.
  return new URLSearchParams(location.hash.slice(1)).get("query") || null;
}

function keepDraft(text) {
  history.replaceState({ ...history.state, draft: text }, "");
}

function write(text) {
  box.value = text;
  if (editor) editor.text = text;
  else box.rows = Math.min(20, Math.max(6, text.split("\n").length));
}

/** Offer only the formats that the form of the query has. */
function offerFormats() {
  const offered = /CONSTRUCT|DESCRIBE/.test(formOf(box.value)) ? known.graphs : known.tables;
  for (const option of format.options) option.hidden = option.disabled = option.value !== "" && !(option.value in offered);
  if (format.selectedOptions[0]?.disabled) format.value = "";
}

function changed(text) {
  keepDraft(text);
  offerFormats();
}

function remember(query) {
  const kept = stored(HISTORY, []).filter((one) => one.query !== query);
  store(HISTORY, [{ query, when: Date.now() }, ...kept].slice(0, MOST_KEPT));
}

// Running

function setRunning(controller) {
  running = controller;
  stop.hidden = !controller;
}

async function send(text, accept, name, signal) {
  const body = new URLSearchParams({ query: text });
  if (name) body.set("format", name);
  return fetch(endpoint, { method: "POST", body, signal, headers: { Accept: accept } });
}

/** Read the text of a response, and no more than is shown. */
async function readSome(response, most) {
  const reader = response.body.getReader(), decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += done ? decoder.decode() : decoder.decode(value, { stream: true });
    if (done) return { text, whole: true };
    if (text.length > most) {
      await reader.cancel();
      return { text: text.slice(0, most), whole: false };
    }
  }
}

/** Run what is written; `push` says whether Back leads to the query before. */
async function run({ push = true } = {}) {
  const query = box.value;
  if (!query.trim()) return;
  remember(query);
  const address = `${home}ask#` + new URLSearchParams({ query });
  const before = linked();
  // Back leads to the query before as it was run; what was written since belongs to this one.
  if (push && before !== null) history.replaceState({ draft: before }, "");
  history[push && before !== query ? "pushState" : "replaceState"]({ draft: query }, "", address);
  asked = { query, page: 0, order: null, view: null };
  await answer();
}

/** Ask for the page of rows that is wanted now, and show it. */
async function answer() {
  running?.abort();
  const controller = new AbortController(), { query, page, order } = asked, name = format.value;
  setRunning(controller);
  fault.hidden = true;
  status.textContent = "Running …";
  const began = performance.now();
  try {
    const isTable = /SELECT|ASK/.test(formOf(query)) && !name;
    const text = isTable ? windowOf(query, page * ON_A_PAGE, ON_A_PAGE + 1, order) : query;
    let response = await send(text, `${TABLE_TYPE}, application/n-triples;q=0.9`, name, controller.signal);
    // What is wrong is told of the query as it was written.
    if (!response.ok && text !== query) {
      await response.text();
      response = await send(query, TABLE_TYPE, name, controller.signal);
    }
    const told = strings(response.headers.get("Smegraph-Hint"));
    if (!response.ok) {
      const problem = problemOf(response, await response.text());
      status.textContent = "";
      mark(query, [], problem);
      return;
    }
    const type = response.headers.get("Content-Type") ?? "";
    if (name || !type.startsWith(TABLE_TYPE)) await showText(query, response, name, told, controller.signal);
    else await showRows(await response.json(), told, controller.signal);
    status.append(` · ${Math.round(performance.now() - began)} ms`);
    mark(query, told, null);
    intoView();
  } catch (error) {
    status.textContent = error.name === "AbortError" && running === controller ? "Stopped." : "";
    if (error.name === "AbortError") return;
    hint([]);
    complain(query, { title: "The service did not answer", detail: String(error.message) });
  } finally {
    if (running === controller) setRunning(null);
  }
}

/** Bring the answer into view, with the query above it where there is room for both. */
function intoView() {
  const room = window.innerHeight;
  if (status.getBoundingClientRect().top < 0.6 * room && status.getBoundingClientRect().top > 0) return;
  const wanted = form.getBoundingClientRect().height < 0.6 * room ? form : status;
  wanted.scrollIntoView({ block: "start" });
}

/** Show what was found with its hints, at once: nothing moves below them afterwards. */
function show(found, said, told) {
  asked.found = found;
  status.textContent = said;
  hint(told);
  paint();
}

async function showRows(found, told, signal) {
  if ("boolean" in found) {
    return show({ verdict: found.boolean }, found.boolean ? "The pattern holds." : "The pattern does not hold.", told);
  }
  const all = found.results.bindings, rows = all.slice(0, ON_A_PAGE);
  await learn(rows.flatMap((row) => Object.values(row)).filter((term) => term.type === "uri").map((term) => term.value), signal);
  const shown = { names: found.head.vars, rows, more: all.length > ON_A_PAGE };
  show(shown, counted(asked.page, shown), told);
}

function counted(page, { rows, more }) {
  const write = (number) => number.toLocaleString("en");
  if (page === 0 && !more) return `${write(rows.length)} ${rows.length === 1 ? "row" : "rows"}`;
  const first = page * ON_A_PAGE + 1, last = page * ON_A_PAGE + rows.length;
  return `Rows ${write(first)} to ${write(last)}${more ? "; there are more, and downloads hold all" : ` of ${write(last)}`}`;
}

async function showText(query, response, name, told, signal) {
  let { text, whole } = await readSome(response, MOST_TEXT);
  let drawing = null;
  if (!name) {
    // N-Triples to draw from; people read Turtle.
    const found = whole && text.length < MOST_DRAWN ? statements(text) : [];
    await learn(found.flatMap((one) => [one.subject, one.property, one.object]), signal);
    drawing = found.length > 0 ? found : null;
    const turtle = await send(query, "text/turtle", "", signal);
    ({ text, whole } = whole ? { text: await turtle.text(), whole } : await readSome(turtle, MOST_TEXT));
  }
  const said = whole ? `${text.length.toLocaleString("en")} characters` : `The first ${MOST_TEXT.toLocaleString("en")} characters; downloads hold all`;
  show({ text, drawing }, said, told);
}

// Showing

function button(text, act, look = {}) {
  const made = element("button", { type: "button", class: "second", ...look }, text);
  made.addEventListener("click", act);
  return made;
}

/** Show what was found in the view that is chosen. */
function paint() {
  const { query, found, page } = asked;
  result.hidden = false;
  const views = viewsOf(found);
  const names = Object.keys(views);
  const chosen = names.includes(asked.view) ? asked.view : names[0];
  const bar = element("div", { class: "views" });
  if (names.length > 1) for (const name of names) bar.append(button(name, () => { asked.view = name; paint(); }, { "aria-pressed": String(name === chosen) }));
  if (found.rows?.length || found.drawing) bar.append(labelSwitch());
  const parts = [bar, views[chosen]?.() ?? element("p", { class: "empty" }, "Nothing in the graph fits.")];
  if (found.rows && (page > 0 || found.more)) parts.push(pager(page, found.more));
  parts.push(downloads(query, found));
  result.replaceChildren(...parts.filter((part) => part.childNodes.length > 0));
  paintTools(query);
}

function viewsOf(found) {
  if ("verdict" in found) return { Answer: () => element("p", { class: "verdict" }, found.verdict ? "Yes" : "No") };
  if (!("rows" in found)) {
    const text = () => scrolled(element("pre", { class: "text" }, found.text), "Text");
    const drawn = found.drawing && graph(found.drawing, naming);
    return drawn ? { Graph: () => scrolled(graph(found.drawing, naming), "Graph"), Turtle: text } : { Text: text };
  }
  if (found.rows.length === 0) return {};
  const views = { Table: () => scrolled(table(found.names, shownRows(), naming, sorting())) };
  if (asked.page === 0 && !found.more && fitsBars(found.names, found.rows)) views.Bars = () => scrolled(bars(found.names, shownRows(), naming), "Bars");
  return views;
}

const isWhole = () => asked.page === 0 && !asked.found.more;

function shownRows() {
  const { found, local } = asked;
  return isWhole() && local ? sortedRows(found.rows, local, naming) : found.rows;
}

/** Sort here what is all here; else ask anew, unless a limit of the query's own forbids it. */
function sorting() {
  if (!isWhole() && ownLimit(asked.query) !== null) return null;
  const now = (isWhole() && asked.local) || asked.order;
  return {
    ...now,
    choose(name) {
      const order = { name, descending: now?.name === name && !now.descending };
      if (isWhole()) {
        asked.local = order;
        paint();
      } else {
        Object.assign(asked, { order, page: 0 });
        answer().then(() => focusOn(name));
      }
      focusOn(name);
    },
  };
}

function focusOn(name) {
  [...result.querySelectorAll("button.sort")].find((one) => one.firstChild.textContent === name)?.focus();
}

function labelSwitch() {
  const input = element("input", { type: "checkbox" });
  input.checked = showsLabels();
  input.addEventListener("change", () => {
    store(LABELS, input.checked);
    paint();
    result.querySelector(".views input")?.focus();
  });
  return element("label", { class: "switch" }, input, " Labels");
}

function pager(page, more) {
  const nav = element("nav", { class: "pages", "aria-label": "Pages of rows" });
  const turn = (step) => { asked.page += step; answer().then(() => result.focus({ preventScroll: true })); };
  if (page > 0) nav.append(button("Previous 100", () => turn(-1)));
  if (more) nav.append(button("Next 100", () => turn(1)));
  return nav;
}

function downloads(query, found) {
  const offered = "text" in found && !format.value ? known.graphs : /SELECT|ASK/.test(formOf(query)) ? known.tables : known.graphs;
  const links = Object.entries(offered).map(([name, label]) =>
    element("a", { href: `${endpoint}?` + new URLSearchParams({ query, format: name }), download: `smegraph.${name}` }, label));
  return element("p", { class: "downloads" }, "Download", ...links);
}

// Sharing: a short link, and programs that ask the same

function programs(query) {
  const address = new URL(endpoint, location.href).href, isTable = /SELECT|ASK/.test(formOf(query));
  const type = isTable ? "text/csv" : "text/turtle";
  const python = query.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
  const quoted = `'${query.replaceAll("'", "'\\''")}'`, r = query.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return {
    curl: `curl -H 'Accept: ${type}' --data-urlencode query=${quoted} '${address}'\n`,
    Python: `from urllib.parse import urlencode\nfrom urllib.request import Request, urlopen\n\nquery = """\n${python}"""\nrequest = Request("${address}", urlencode({"query": query}).encode(), {"Accept": "${type}"})\nwith urlopen(request) as response:\n    print(response.read().decode())\n`,
    R: isTable
      ? `query <- "\n${r}"\naddress <- paste0("${address}?format=csv&query=", URLencode(query, reserved = TRUE))\nfound <- read.csv(address)\nprint(found)\n`
      : `query <- "\n${r}"\naddress <- paste0("${address}?format=turtle&query=", URLencode(query, reserved = TRUE))\ncat(readLines(address), sep = "\\n")\n`,
  };
}

/** Return how to cite the answer to a query: what was asked of which release, when, and where. */
function citation(query, link) {
  const title = /^#\s*title:\s*(.+)$/m.exec(query)?.[1] ?? "the answer to a SPARQL query.";
  const state = known.version ? `, ${known.version[0].toLowerCase()}${known.version.slice(1)}` : "";
  return `smegraph${state}: ${title} Asked on ${new Date().toISOString().slice(0, 10)}. ${link}\n`;
}

async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = "Copied.";
  } catch {
    told.textContent = "Select the text and copy it.";
  }
}

function paintTools(query) {
  const told = element("span", { class: "quiet", role: "status" }), shown = element("pre", { class: "text program", tabindex: "0" });
  shown.hidden = true;
  const show = (text) => { shown.textContent = text; shown.hidden = false; copy(text, told); };
  const link = async () => new URL(`${home}ask?q=${await packed(query)}`, location.href).href;
  const line = element("p", { class: "share" }, "Copy",
    button("Link", async () => show(await link())),
    button("Citation", async () => show(citation(query, await link()))),
    ...Object.entries(programs(query)).map(([name, text]) => button(name, () => show(text))), told);
  tools.replaceChildren(line, shown, history_());
  tools.hidden = false;
}

function history_() {
  const kept = stored(HISTORY, []);
  const list = element("ol", {}, ...kept.map(({ query, when }) => {
    const first = query.split("\n").filter((line) => line.trim() && !/^\s*prefix\b/i.test(line)).join(" ").slice(0, 90);
    return element("li", {}, button(first, () => load(query), { class: "past", title: query }), element("small", {}, new Date(when).toLocaleString("en-GB", { dateStyle: "short", timeStyle: "short" })));
  }));
  const clear = button("Forget all", () => { store(HISTORY, []); tools.querySelector(".history").replaceWith(history_()); });
  const made = element("details", { class: "history" }, element("summary", {}, `Asked before (${kept.length})`), list, clear);
  made.hidden = kept.length === 0;
  return made;
}

// Faults and hints

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

/** Say what was wrong; returns the place in the query, where one is known. */
function complain(query, problem) {
  result.hidden = true;
  fault.hidden = false;
  fault.replaceChildren(element("p", {}, element("strong", {}, problem.title), problem.detail));
  if (!problem.line) return null;
  const lines = query.split("\n"), line = lines[problem.line - 1] ?? "";
  const before = [...line].slice(0, problem.column - 1).join("");
  fault.append(element("pre", { "aria-hidden": "true" }, `${line}\n${before.replace(/[^\t]/gu, " ")}^`));
  const from = lines.slice(0, problem.line - 1).join("\n").length + (problem.line > 1 ? 1 : 0) + before.length;
  return { from, to: from + (problem.found?.length ?? 0) };
}

/** Mark in the query what was wrong, or which of its terms a hint is on. */
function mark(query, told, problem) {
  if (problem) {
    hint([]);
    const place = complain(query, problem);
    if (!place) return editor?.mark([]);
    if (editor) return editor.mark([{ ...place, severity: "error", message: problem.detail }], place.from);
    box.focus();
    return box.setSelectionRange(place.from, place.to);
  }
  const places = told.flatMap((sentence) => {
    const name = sentence.split("`")[1], from = name ? query.indexOf(name) : -1;
    return from < 0 ? [] : [{ from, to: from + name.length, severity: "info", message: sentence.replaceAll("`", "") }];
  });
  editor?.mark(places);
}

function problemOf(response, text) {
  if (response.headers.get("Content-Type")?.startsWith("application/problem+json")) return JSON.parse(text);
  return { title: `The service answered ${response.status}`, detail: response.statusText };
}

// What people do

function load(query) {
  write(query);
  format.value = "";
  offerFormats();
  return run();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});

stop.addEventListener("click", () => running?.abort());
box.addEventListener("input", () => changed(box.value));
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("a.skip") && editor) {
    event.preventDefault();
    editor.focus();
  }
  const chosen = event.target.closest("a[data-query]");
  if (!chosen) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".questions a[aria-current]")) other.removeAttribute("aria-current");
  if (chosen.closest(".questions")) chosen.setAttribute("aria-current", "true");
  load(chosen.dataset.query);
});

/** Come to a state of the page: by a link, by Back, or after a reload with what was written last. */
async function arrive() {
  const query = linked(), draft = history.state?.draft;
  if (query !== null && draft !== undefined && draft !== query) write(draft);
  else if (query !== null) {
    write(query);
    offerFormats();
    await run({ push: false });
    return;
  } else if (draft !== undefined) write(draft);
  offerFormats();
}

window.addEventListener("popstate", arrive);

async function openEditor() {
  if (!known.editor) return;
  try {
    const { openEditor: open } = await import("./bundled/editor.js");
    const isWritten = document.activeElement === box;
    editor = open(box, {
      changed, run, prefixes: known.prefixes,
      async terms(word, kind, signal) {
        const response = await fetch(`${home}ask/terms?` + new URLSearchParams({ q: word, kind }), { signal });
        return response.ok ? (await response.json()).terms : [];
      },
    });
    document.querySelector(".editing").hidden = false;
    if (isWritten) editor.focus();
  } catch { /* Without the editor the text area serves. */ }
}

format.options[0].textContent = "table";
await openEditor();
if (history.state?.draft === undefined && known.asked) await run({ push: false });
else await arrive();
if (tools.hidden) {
  tools.replaceChildren(history_());
  tools.hidden = false;
}
