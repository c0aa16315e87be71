// Opens the query of a link on the page where one asks, and old links to a query there. Without a
// script the link leads to a page with the answer.

const home = new URL("../", import.meta.url).pathname;

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("a[data-query]");
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.assign(`${home}ask#` + new URLSearchParams({ query: chosen.dataset.query }));
});

// `/#query=…`, as links were before the page moved to /ask.
if (location.pathname === home && location.hash.startsWith("#query=")) location.replace(`${home}ask${location.hash}`);
