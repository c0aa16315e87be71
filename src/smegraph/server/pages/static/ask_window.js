// A page of a query's rows, asked with the query's own limits kept to. The same as ask_window.py.

const TOKEN = /"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|<[^\x00-\x20<>"{}|^`\\]*>|#[^\n\r]*|[?$@]?[\p{L}\p{N}_](?:[\p{L}\p{N}_.:·-]*[\p{L}\p{N}_:])?|:[\p{L}\p{N}_-]*|[^\s]/gsu;
const FORM = /^(select|ask|construct|describe)$/i;

function tokens(query) {
  return [...query.matchAll(TOKEN)].map((found) => ({ text: found[0], start: found.index, end: found.index + found[0].length }));
}

/** Return the tokens that stand in no bracket. */
function outer(query) {
  let depth = 0;
  return tokens(query).filter(({ text }) => {
    if (/^[})\]]$/.test(text)) depth -= 1;
    const kept = depth === 0 && !text.startsWith("#");
    if (/^[{([]$/.test(text)) depth += 1;
    return kept;
  });
}

/** Return the form of a query in capitals; nothing where it has none. */
export function formOf(query) {
  return tokens(query).find(({ text }) => FORM.test(text))?.text.toUpperCase() ?? "";
}

/** Return the LIMIT that a query has itself; null without one. */
export function ownLimit(query) {
  const found = outer(query);
  const place = found.findIndex(({ text }) => /^limit$/i.test(text));
  const number = place < 0 ? NaN : Number(found[place + 1]?.text);
  return Number.isInteger(number) ? number : null;
}

/** Return a query for `size` rows behind `skip`, sorted by { name, descending } where that is given. */
export function windowOf(query, skip, size, order = null) {
  if (formOf(query) !== "SELECT") return query;
  const found = outer(query);
  let limit = null, offset = 0, cut = query;
  found.forEach(({ text, start }, index) => {
    const number = found[index + 1];
    if (!/^(limit|offset)$/i.test(text) || !/^\d+$/.test(number?.text ?? "")) return;
    if (/^limit$/i.test(text)) limit = Number(number.text);
    else offset = Number(number.text);
    cut = cut.slice(0, start) + " ".repeat(number.end - start) + cut.slice(number.end);
  });
  const rows = limit === null ? size : Math.max(0, Math.min(size, limit - skip));
  const place = found.find(({ text }) => /^values$/i.test(text))?.start ?? cut.length;
  let sorted = "";
  if (order) {
    const key = `${order.descending ? "DESC" : "ASC"}(?${order.name}) `;
    const own = found.findIndex(({ text }, index) => /^order$/i.test(text) && /^by$/i.test(found[index + 1]?.text ?? ""));
    if (own < 0) sorted = `\nORDER BY ${key}`;
    else {
      const at = found[own + 1].end;
      return `${cut.slice(0, at)} ${key}${cut.slice(at, place)}\nLIMIT ${rows} OFFSET ${offset + skip}\n${cut.slice(place)}`;
    }
  }
  return `${cut.slice(0, place)}${sorted}\nLIMIT ${rows} OFFSET ${offset + skip}\n${cut.slice(place)}`;
}

/** Return a query as a short address holds it: raw DEFLATE in base64url. */
export async function packed(query) {
  const stream = new Blob([query]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
