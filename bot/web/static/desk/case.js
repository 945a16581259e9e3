// The page of one case: live, by keyboard, three columns.

import { byId } from "../kiosk/dom.js";
import { alertOfficer, called, line, personal, showState, spoken, startAlerts } from "./alerts.js";
import { getPage, post } from "./api.js";
import { Composer } from "./composer.js";
import { onKeys } from "./keys.js";
import { openSheet, startSheets } from "./sheets.js";
import { follow } from "./stream.js";
import { Talk } from "./talk.js";

const GATHER_MS = 200;
const PARTS = ["case-head", "brief", "side-body", "notes", "composer-state", "dialogs"];
const COLUMNS = { 1: "brief", 2: "transcript", 3: "side" };

const main = byId("content");
const number = main.dataset.number;
const talk = new Talk(number);
const composer = new Composer(number, { sent: () => changed(), stale: () => changed() });

let waiting = 0;
let asked = 0;

/** Something about the case changed: several events close together are one look at the server. */
function changed() {
  clearTimeout(waiting);
  waiting = setTimeout(look, GATHER_MS);
}

async function look() {
  const mine = ++asked;
  talk.catchUp();
  const fresh = await getPage(location.pathname);
  if (!fresh || mine !== asked) return;
  for (const id of PARTS) {
    const [here, there] = [byId(id), fresh.getElementById(id)];
    // Somebody works in an open dialog: it keeps what it was opened with.
    if (!there || (id === "dialogs" && document.querySelector("dialog[open]"))) continue;
    if (here.outerHTML === there.outerHTML) continue;
    const [top, focused] = [here.scrollTop, here === document.activeElement];
    here.replaceWith(document.adoptNode(there));
    byId(id).scrollTop = top;
    if (focused) byId(id).focus();
  }
  const [composerNow, composerThen] = [fresh.getElementById("composer"), byId("composer")];
  composerThen.dataset.files = composerNow.dataset.files;
  composerThen.dataset.longest = composerNow.dataset.longest;
  composer.refresh();
}

async function act(action) {
  const answer = await post(`/desk/api/cases/${number}/${action}`);
  if (!answer.ok) line("warning", answer.body.error ?? "没有办成。");
  await look();
  if (answer.ok && action === "claim") composer.focus();
}

async function happened(event) {
  if (event.from === "me") {
    personal(event);
    changed();
    return;
  }
  called(event);
  spoken(event, number);
  if (event.from !== "case") return;
  if (event.kind === "typing") {
    talk.typing(event.until);
  } else if (event.kind === "delivery") {
    await talk.catchUp(event.seq);
  } else if (event.kind === "talk") {
    const fresh = await talk.catchUp();
    const firm = fresh.find((message) => message.dataset.author === "firm");
    if (firm && byId("case-head").dataset.mine === "1") alertOfficer("message", `${number} 的企业来了新消息`, number);
    changed();
  } else {
    changed();
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-post], [data-retry], #print");
  if (!button) return;
  if (button.id === "print") {
    window.print();
  } else if (button.dataset.post) {
    button.disabled = true;
    await act(button.dataset.post);
  } else if (!button.dataset.twice || window.confirm("这条可能已经送到了，再发一次企业可能收到两遍。还要重发吗？")) {
    button.disabled = true;
    const answer = await post(`/desk/api/cases/${number}/retry`, { seq: Number(button.dataset.retry) });
    if (!answer.ok) line("warning", answer.body.error ?? "没有办成。");
    await talk.catchUp(Number(button.dataset.retry));
  }
});

byId("note-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = byId("note");
  if (!field.value.trim()) return;
  const answer = await post(`/desk/api/cases/${number}/note`, { text: field.value });
  if (answer.ok) field.value = "";
  else line("warning", answer.body.error ?? "没有记下。");
  changed();
});

const columns = Object.fromEntries(
  Object.entries(COLUMNS).map(([key, id]) => [key, () => byId(id).focus({ preventScroll: true })]),
);
onKeys({
  ...columns,
  c: () => byId("claim")?.click(),
  r: () => composer.focus(),
  n: () => byId("note")?.focus(),
  m: () => openSheet("move"),
  t: () => openSheet("transfer"),
  p: () => window.print(),
  Escape: () => byId("back").click(),
});

startSheets(number, changed);
startAlerts();
follow(`/desk/api/cases/${number}/events`, main.dataset.cursor, {
  state: (state) => {
    showState(state);
    if (state === "gone") changed();
  },
  event: happened,
});
