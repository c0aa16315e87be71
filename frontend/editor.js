// The editor of the page /ask: CodeMirror 6 in a shadow root, whose styles are constructed sheets,
// so that the Content-Security-Policy keeps `style-src 'self'`. Without it the text area serves.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const look = EditorView.theme({
  "&": { backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: ".5rem", fontSize: "14.4px" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "7rem", maxHeight: "min(24rem, 42vh)", overflow: "auto" },
  ".cm-content": { padding: ".6rem 0", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--quiet)", border: "none" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selection)" },
  ".cm-tooltip": { backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: ".4rem", maxWidth: "calc(100vw - 2rem)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "16rem", maxWidth: "min(36rem, calc(100vw - 2rem))" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".25rem .6rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { marginLeft: ".8em", fontStyle: "normal", opacity: ".85" },
  ".cm-completionInfo": { padding: ".5rem .7rem", maxWidth: "22rem" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--error)", textDecorationSkipInk: "none", textUnderlineOffset: ".2em" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecoration: "underline dotted var(--gap) 2px", textDecorationSkipInk: "none", textUnderlineOffset: ".2em" },
  ".cm-lintPoint-error::after": { borderBottomColor: "var(--error)" },
  ".cm-diagnostic": { fontFamily: "system-ui, sans-serif", padding: ".4rem .7rem" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.standard(tags.variableName), color: "var(--code-keyword)" },
  { tag: tags.local(tags.variableName), color: "var(--code-variable)" },
  { tag: tags.atom, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: tags.meta, color: "var(--quiet)" },
]);

const KEYWORDS = (
  "SELECT DISTINCT WHERE FILTER OPTIONAL UNION GRAPH VALUES BIND MINUS SERVICE CONSTRUCT DESCRIBE ASK PREFIX FROM NAMED " +
  "EXISTS ORDER GROUP HAVING LIMIT OFFSET COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT COALESCE CONTAINS LCASE UCASE STRSTARTS REGEX LANG"
).split(" ");

/** Return what is wanted where the cursor stands: a class after `a`, a property after `;` or a subject. */
function wantedAt(before) {
  if (/(^|[\s;])a\s+$/.test(before)) return "class";
  if (/;\s*$/.test(before) || /[.{]\s*[?$]?[\w:-]+\s+$/.test(before) || /^\s*[?$]\w+\s+$/.test(before)) return "property";
  return "";
}

/** Return the prefixes that a query declares. */
function declared(text) {
  return new Set([...text.matchAll(/\bPREFIX\s+([\w.-]*):/gi)].map((found) => found[1]));
}

/** Put a term in the place of what was typed, and declare its prefix where nobody knows it. */
function insert(view, term, known, from, to) {
  const changes = [{ from, to, insert: term.insert }];
  if (term.prefix && !known.has(term.prefix) && !declared(view.state.doc.toString()).has(term.prefix)) {
    changes.push({ from: 0, insert: `PREFIX ${term.prefix}: <${term.namespace}>\n` });
  }
  const moved = changes.length > 1 ? changes[1].insert.length : 0;
  view.dispatch({ changes, selection: { anchor: from + term.insert.length + moved }, userEvent: "input.complete" });
}

/** Complete variables and keywords of the query itself, and terms by what the service says. */
function source({ terms, prefixes }) {
  const known = new Set(Object.keys(prefixes));
  return async (context) => {
    const word = context.matchBefore(/[?$]?[\p{L}\p{N}_:-]*$/u);
    const text = word ? word.text : "";
    const line = context.state.doc.lineAt(context.pos);
    const before = context.state.sliceDoc(Math.max(0, line.from - 200), word ? word.from : context.pos);
    if (/(#[^\n>]*|<[^>\s]*)$/.test(line.text.slice(0, context.pos - line.from)) || (!text && !context.explicit)) return null;
    if (/^[?$]/.test(text)) {
      const all = context.state.doc.toString().match(/[?$][\p{L}\p{N}_]+/gu) ?? [];
      return { from: word.from, options: [...new Set(all)].filter((name) => name !== text).map((label) => ({ label, type: "variable" })) };
    }
    if (text.length < 2 && !context.explicit) return null;
    const abort = new AbortController();
    context.addEventListener("abort", () => abort.abort());
    const found = await terms(text, wantedAt(before), abort.signal).catch(() => []);
    if (context.aborted) return null;
    const options = found.map((term, index) => ({
      label: term.label, detail: `${term.insert} · ${term.kind}`, info: term.definition || undefined, boost: 99 - index,
      apply: (view, completion, from, to) => insert(view, term, known, from, to),
    }));
    for (const name of KEYWORDS) if (text && name.startsWith(text.toUpperCase())) options.push({ label: name, type: "keyword" });
    for (const [name, start] of Object.entries(prefixes)) if (text && `${name}:`.startsWith(text)) options.push({ label: `${name}:`, detail: start });
    return { from: word ? word.from : context.pos, options, filter: false };
  };
}

/**
 * Replace what is selected by what is typed. A browser that does so itself keeps the look of what
 * was there by inline styles, which the Content-Security-Policy refuses.
 */
const replaceSelected = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || !event.data || view.composing || event.isComposing) return false;
    const chosen = view.root.getSelection?.();
    let { from, to } = view.state.selection.main;
    if (chosen?.anchorNode && view.contentDOM.contains(chosen.anchorNode) && !chosen.isCollapsed) {
      const ends = [view.posAtDOM(chosen.anchorNode, chosen.anchorOffset), view.posAtDOM(chosen.focusNode, chosen.focusOffset)];
      [from, to] = [Math.min(...ends), Math.max(...ends)];
    }
    if (from === to && !event.data.includes("\n")) return false;
    event.preventDefault();
    view.dispatch({ changes: { from, to, insert: event.data }, selection: { anchor: from + event.data.length }, userEvent: "input.type" });
    return true;
  },
});

/**
 * Open an editor before a text area, which it hides and keeps filled with what it holds.
 * `options`: changed(text), run(), terms(word, kind, signal) and prefixes (name to namespace).
 */
export function openEditor(area, options) {
  const host = document.createElement("div");
  host.className = "editor";
  area.before(host);
  const root = host.attachShadow({ mode: "open" });
  const extensions = [
    lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), EditorView.lineWrapping,
    StreamLanguage.define(sparql), syntaxHighlighting(colours), look, replaceSelected,
    autocompletion({ override: [source(options)], icons: false, maxRenderedOptions: 40 }),
    EditorView.contentAttributes.of({ "aria-label": "SPARQL query", "aria-describedby": "", autocapitalize: "off", tabindex: "0", spellcheck: "false" }),
    keymap.of([
      { key: "Mod-Enter", run: () => (options.run(), true) },
      { key: "Alt-/", run: startCompletion },
      ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      area.value = update.state.doc.toString();
      options.changed(area.value);
    }),
  ];
  const view = new EditorView({ state: EditorState.create({ doc: area.value, extensions }), parent: root, root });
  area.hidden = true;
  return {
    set text(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
    /** Mark places, each { from, to, severity, message }; `at` is where the cursor goes. */
    mark(places, at) {
      const most = view.state.doc.length;
      const kept = places.map((one) => ({ ...one, from: Math.min(one.from, most), to: Math.min(one.to, most) }));
      view.dispatch(setDiagnostics(view.state, kept));
      if (at !== undefined) {
        view.dispatch({ selection: { anchor: Math.min(at, most) }, scrollIntoView: true });
        view.focus();
      }
    },
  };
}
