// Opens the query of a link on the page where one asks; without a script the link answers in CSV.

const home = new URL("../", import.meta.url).pathname;

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("a[data-query]");
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.assign(home + "#" + new URLSearchParams({ query: chosen.dataset.query }));
});
