// The kiosk page: puts the parts together.

import { typing } from "./api.js";
import { Connection } from "./connection.js";
import { byId, shared } from "./dom.js";
import { openEdit } from "./edit.js";
import { Events } from "./events.js";
import { form, isNumeric, productName } from "./facts.js";
import { Idle } from "./idle.js";
import { Log } from "./log.js";
import { Outgoing } from "./outgoing.js";
import { Pad } from "./pad.js";
import { Panel } from "./panel.js";
import { Sending } from "./sending.js";
import { Session } from "./session.js";
import { startSpeech, stopSpeech } from "./speech.js";
import { startStaff } from "./staff.js";
import { Takeaway } from "./takeaway.js";

const TYPING_EVERY_MS = 3000;
const root = document.documentElement;
let human = false;
let toldTyping = 0;
const session = new Session();
const check = (product) => say({ payload: `check:${product}`, text: `预审${productName(product)}` });
const takeaway = new Takeaway(session, root.dataset.place, check);
const log = new Log(byId("log"), byId("log-frame"), byId("below"), say);
const panel = new Panel({
  edit: (fact, value) => openEdit(fact, value, say),
  check,
});
const pad = new Pad(byId("pad"), {
  set: (fact, value, title) => say({ payload: `set:${fact}:${value}`, text: title }),
  skip: (fact) => say({ payload: `skip:${fact}`, text: "不清楚" }),
  why: () => say({ payload: "why", text: "为什么问这个" }),
});
const events = new Events({
  officer: (name, text, files) => log.officer(name, text, files),
  typing: (name, until) => log.officerTyping(name, until),
  bot: (reply, answers) => {
    // What answers a message of this page comes with the answer to its POST, if need be after a retry.
    if (outgoing.knows(answers)) return;
    takeaway.replies([reply]);
    log.bot([reply]);
  },
  system: (text) => log.note(text),
  state: showState,
});
const outgoing = new Outgoing(session, {
  answered: (bubble, answer) => {
    bubble.state(null);
    log.typing(false);
    for (const { card } of answer.replies) {
      if (card?.kind === "facts") panel.wordings(card.items, answer.state.facts);
    }
    takeaway.replies(answer.replies);
    showState(answer.state, answer.replies);
    if (answer.state.engine === "down") connection.look();
    // The privacy notice, once; above the answer, so that what is asked stays at the end.
    if (answer.notice) log.note(answer.notice.text);
    log.bot(answer.replies);
    events.follow(answer.session);
    log.typing(outgoing.waiting > 1);
  },
  refused: (bubble, reason) => {
    bubble.state("没有送出");
    log.typing(false);
    log.note(reason || "这条没有送出，请换个说法再试。");
  },
  held: (bubble) => {
    log.typing(false);
    bubble.state("还没送达，恢复后自动再发");
  },
  lost: () => {
    panel.clear();
    takeaway.clear();
    log.note("刚才的对话已经结束，从这一条开始重新记录。");
    log.typing(true);
  },
  stray: (id) => session.endStray(id),
  trouble: () => connection.look(),
});
const sending = new Sending(root.dataset.kiosk === "", {
  sends: (name) => log.firm(`〔文件〕${name}`),
  answered: (answer) => {
    log.bot(answer.replies);
    showState(answer.state);
  },
});
const connection = new Connection(({ online, engine }) => {
  byId("offline-notice").hidden = online;
  byId("engine-notice").hidden = engine || !online;
  showAway();
  if (online) outgoing.wake();
});

/** What the firm says: typed words, or a button with its payload. */
function say({ text, payload }) {
  show("talk");
  pad.close();
  const bubble = log.firm(text);
  if (!connection.online) bubble.state("还没送达，恢复后自动再发");
  log.typing(connection.online);
  // A button's title goes along: the officer reads what the firm read.
  outgoing.add({ text, payload }, bubble);
}

/** @param {object} state @param {{text?: string}[]} [replies] the last one asks what the state says is asked */
function showState(state, replies = []) {
  if (state.facts) panel.facts(state.facts);
  if (state.ranking) panel.ranking(state.ranking);
  if ("case" in state) panel.case(state.case);
  takeaway.state(state);
  if (state.mode) {
    human = state.mode === "human";
    sending.show(human);
    const taken = state.mode !== "bot";
    byId("human").disabled = taken;
    byId("human").querySelector("span").textContent = taken ? "已转陪跑专员" : "转陪跑专员";
  }
  if ("asking" in state) {
    if (state.asking && isNumeric(state.asking)) {
      pad.open(state.asking, form(state.asking).question || replies.at(-1)?.text || form(state.asking).name);
    } else {
      pad.close();
    }
  }
}

function show(view) {
  document.body.dataset.view = view;
  byId("welcome").hidden = view !== "welcome";
  byId("talk").hidden = view !== "talk";
}

/** Within a talk a line says it: what was said stays in sight. Before it there is nothing to go on with. */
function showAway() {
  const away = !connection.online && document.body.dataset.view === "welcome";
  if (away) closeSheets();
  byId("away").hidden = !away;
}

function closeSheets() {
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
}

function wipe() {
  stopSpeech();
  closeSheets();
  events.stop();
  session.wipe();
  outgoing.clear();
  log.clear();
  panel.clear();
  takeaway.clear();
  pad.close();
  byId("starter").reset();
  byId("composer").reset();
  fitComposer();
  showState({ mode: "bot" });
  for (const [id, name] of Object.entries(TOGGLES)) setToggle(id, name, false);
  show("welcome");
  showAway();
}

// Ways in
const doors = {
  funding: () => say({ payload: "intent:seek_funding", text: "我要融资" }),
  check: () => say({ payload: "intent:check_eligibility", text: "我够不够条件" }),
  human: () => byId("human-sheet").showModal(),
  policy: () => {
    show("talk");
    log.prompt("想了解哪方面的政策？直接写下您的问题，或者点一个常问的。", [
      "科技型中小企业怎么认定？",
      "高新技术企业要满足什么条件？",
      "科企梯度贷的风险谁来分担？",
      "创新积分制是什么？",
    ]);
  },
};
document.querySelectorAll("[data-door]").forEach((door) => {
  door.addEventListener("click", () => doors[door.dataset.door]());
});

function sendFrom(field, event) {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  fitComposer();
  say({ text });
}

const composer = byId("composer-text");

/** The box grows with what is written, up to its limit in the style sheet. */
function fitComposer() {
  composer.style.height = "auto";
  if (composer.value) composer.style.height = `${composer.scrollHeight}px`;
}

byId("starter").addEventListener("submit", (event) => sendFrom(byId("starter-text"), event));
byId("composer").addEventListener("submit", (event) => sendFrom(composer, event));
composer.addEventListener("input", fitComposer);
composer.addEventListener("input", () => {
  // Only a human sees it.
  if (human && composer.value.trim() && Date.now() - toldTyping > TYPING_EVERY_MS) {
    toldTyping = Date.now();
    typing().catch(() => {});
  }
});
composer.addEventListener("keydown", (event) => {
  // While an input method composes, Enter picks a word.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) sendFrom(composer, event);
});

// Header
byId("human").addEventListener("click", () => byId("human-sheet").showModal());
byId("human-yes").addEventListener("click", () => {
  byId("human-sheet").close();
  say({ payload: "human", text: "转陪跑专员" });
});
byId("restart").addEventListener("click", () => byId("restart-sheet").showModal());
byId("restart-yes").addEventListener("click", wipe);
byId("privacy").addEventListener("click", () => {
  // Before anything was said there is nothing to take back or to see.
  for (const id of ["privacy-withdraw", "privacy-data"]) byId(id).hidden = session.get() === null;
  byId("privacy-sheet").showModal();
});
const ABOUT_DATA = {
  "privacy-withdraw": { payload: "consent:withdraw", text: "撤回同意" },
  "privacy-data": { payload: "intent:manage_data", text: "查看或删除我的信息" },
};
for (const [id, message] of Object.entries(ABOUT_DATA)) {
  byId(id).addEventListener("click", () => {
    byId("privacy-sheet").close();
    say(message);
  });
}
startStaff();
startSpeech();
document.querySelectorAll('dialog button[value="close"]').forEach((button) => {
  button.addEventListener("click", () => button.closest("dialog").close());
});

const TOGGLES = { "large-type": "type", "high-contrast": "contrast" };
const ON = { type: "large", contrast: "high" };

function setToggle(id, name, on) {
  byId(id).setAttribute("aria-pressed", String(on));
  if (on) {
    root.dataset[name] = ON[name];
  } else {
    delete root.dataset[name];
  }
}

for (const [id, name] of Object.entries(TOGGLES)) {
  byId(id).addEventListener("click", () => setToggle(id, name, !(name in root.dataset)));
}

// A long touch is no right click.
if (shared) document.addEventListener("contextmenu", (event) => event.preventDefault());

// Nobody there
const idleSheet = byId("idle-sheet");
const idle = new Idle({
  idleS: Number(root.dataset.idle),
  countdownS: Number(root.dataset.countdown),
  armed: () =>
    document.body.dataset.view === "talk" ||
    byId("starter-text").value !== "" ||
    Object.values(TOGGLES).some((name) => name in root.dataset) ||
    document.querySelector("dialog[open]") !== null,
  ask: () => idleSheet.showModal(),
  tick: (left) => {
    byId("countdown").textContent = String(left);
  },
  stay: () => idleSheet.close(),
  wipe,
});
byId("idle-stay").addEventListener("click", () => idle.stay());
byId("idle-wipe").addEventListener("click", wipe);
idleSheet.addEventListener("cancel", () => idle.stay());

// Nothing comes back by Back, Forward or reload.
session.endLeftover();
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
window.addEventListener("pagehide", () => wipe());
