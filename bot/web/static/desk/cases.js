// The list of cases: keys move, claim and open; the list, the offers and the warnings are live.

import { byId } from "../kiosk/dom.js";
import { called, line, personal, showState, spoken, startAlerts } from "./alerts.js";
import { getPage, post } from "./api.js";
import { onKeys } from "./keys.js";
import { follow } from "./stream.js";

const GATHER_MS = 250;
const PARTS = ["tabs", "strips", "cases"];
const links = () => [...document.querySelectorAll("#strips .offer-link, #cases .row-link")];

function step(by) {
  const rows = links();
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement);
  const first = Math.max(0, rows.findIndex((row) => row.matches(".row-link")));
  rows[at === -1 ? first : Math.min(Math.max(at + by, 0), rows.length - 1)].focus();
}

async function claim(number) {
  const answer = await post(`/desk/api/cases/${number}/claim`);
  if (answer.ok) {
    location.assign(`/desk/cases/${number}`);
    return;
  }
  line("warning", answer.body.error ?? "没有接上。");
  refresh();
}

function chosen() {
  const row = document.activeElement?.closest("[data-number]");
  // An offer has no status of its own: it always waits.
  return row && (row.dataset.status ?? "queued") === "queued" ? row.dataset.number : null;
}

onKeys({
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  c: () => {
    const number = chosen();
    if (number) claim(number);
    else line("message", "先选一个等待接手的办件。");
  },
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-claim], [data-pass]");
  if (!button) return;
  button.disabled = true;
  if (button.dataset.claim) {
    await claim(button.dataset.claim);
  } else {
    await post(`/desk/api/cases/${button.dataset.pass}/pass`);
    refresh();
  }
});

let waiting = 0;
let asked = 0;

/** Several events close together are one look at the server. */
function refresh() {
  clearTimeout(waiting);
  waiting = setTimeout(look, GATHER_MS);
}

async function look() {
  const mine = ++asked;
  const fresh = await getPage(location.pathname + location.search);
  if (!fresh || mine !== asked) return;
  const focused = document.activeElement?.getAttribute("href");
  for (const id of PARTS) {
    const part = fresh.getElementById(id);
    if (part && part.innerHTML !== byId(id).innerHTML) byId(id).replaceWith(document.adoptNode(part));
  }
  if (focused && !document.activeElement?.matches("a")) {
    links().find((link) => link.getAttribute("href") === focused)?.focus();
  }
  count();
}

function count() {
  for (const shown of document.querySelectorAll(".countdown")) {
    const left = Math.max(0, Math.round((new Date(shown.dataset.until) - Date.now()) / 1000));
    shown.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "时间到";
  }
}

startAlerts();
count();
setInterval(count, 1000);
follow("/desk/api/events", byId("content").dataset.cursor, {
  state: showState,
  event: (event) => {
    if (event.from === "me") personal(event);
    called(event);
    spoken(event);
    refresh();
  },
});
