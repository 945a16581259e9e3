// The list of cases: arrow keys move, and the list keeps itself up to date.

const PACE_MS = 20000;
const frame = () => document.getElementById("cases");
const links = () => [...frame().querySelectorAll(".row-link")];

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  const rows = links();
  if (step === undefined || rows.length === 0) return;
  const at = rows.indexOf(document.activeElement);
  const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[next].focus();
  event.preventDefault();
});

async function refresh() {
  const response = await fetch(location.href, { cache: "no-store" });
  // A login that has ended leads to the login page: go there rather than show a stale list.
  if (response.redirected) {
    location.reload();
    return;
  }
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("cases");
  if (!fresh || fresh.innerHTML === frame().innerHTML) return;
  const focused = document.activeElement?.getAttribute("href");
  frame().replaceWith(document.adoptNode(fresh));
  document.querySelector(".tabs").replaceWith(document.adoptNode(page.querySelector(".tabs")));
  links().find((link) => link.getAttribute("href") === focused)?.focus();
}

setInterval(() => {
  if (!document.hidden) refresh().catch(() => {});
}, PACE_MS);
