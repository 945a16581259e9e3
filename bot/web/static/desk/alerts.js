// Tells the officer that something came: a line on the page, a sound, and a desktop notice where it is allowed.

import { byId, el } from "../kiosk/dom.js";

const SHOWN_MS = 8000;
// Somebody stands at a kiosk and waits: seen also after a look away from the screen.
const CALL_SHOWN_MS = 120000;
const MUTED = "peipao-desk-muted";
let audio = null;

/** @param {"offer"|"message"|"warning"|"call"} kind @param {string} text @param {string} [number] of the case */
export function alertOfficer(kind, text, number) {
  line(kind, text, number);
  sound(kind);
  if (document.hidden && "Notification" in window && Notification.permission === "granted") {
    const notice = new Notification("陪跑工作台", { body: text, tag: `${kind}-${number ?? ""}` });
    notice.onclick = () => {
      window.focus();
      if (number) location.assign(`/desk/cases/${number}`);
    };
  }
}

/** A line at the top of the page. @param {string} kind @param {string} text @param {string} [number] */
export function line(kind, text, number) {
  const words = number ? el("a", { href: `/desk/cases/${number}` }, text) : el("span", {}, text);
  const shown = el("p", { "data-kind": kind }, words);
  byId("alerts").append(shown);
  setTimeout(() => shown.remove(), kind === "call" ? CALL_SHOWN_MS : SHOWN_MS);
}

/** The switches at the foot of the page. Sound begins with the first key or click: browsers want it so. */
export function startAlerts() {
  const button = byId("sound");
  const show = () => {
    const on = localStorage.getItem(MUTED) !== "1";
    button.setAttribute("aria-pressed", String(on));
    button.textContent = `提示音：${on ? "开" : "关"}`;
  };
  button.addEventListener("click", () => {
    localStorage.setItem(MUTED, localStorage.getItem(MUTED) === "1" ? "0" : "1");
    show();
  });
  show();
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { once: true });
  const allow = byId("allow-notices");
  allow.hidden = !("Notification" in window) || Notification.permission !== "default";
  allow.addEventListener("click", async () => {
    await Notification.requestPermission();
    allow.hidden = Notification.permission !== "default";
  });
}

function wake() {
  audio ??= new AudioContext();
  audio.resume();
}

const TUNES = { offer: [660, 880, 1100], message: [880], warning: [520, 420], call: [880, 660, 880, 660] };

function sound(kind) {
  if (!audio || audio.state !== "running" || localStorage.getItem(MUTED) === "1") return;
  TUNES[kind].forEach((pitch, place) => {
    const start = audio.currentTime + place * 0.16;
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, start);
    loud.gain.exponentialRampToValueAtTime(0.18, start + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, start + 0.15);
    tone.connect(loud).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.16);
  });
}

/** Whether the page is live, in words. @param {"live"|"broken"|"gone"} state */
export function showState(state) {
  const shown = byId("live");
  shown.dataset.state = state;
  const words = { live: "实时更新", broken: "连接断了，正在重连", gone: "这里不再更新" };
  shown.querySelector(".live-text").textContent = words[state];
}

const TARGETS = { first_reply: "首次回复", opinion: "给出意见" };

/** Somebody at a kiosk asks for a person to come: everybody at the desk learns it. @param {any} event */
export function called(event) {
  if (event.kind !== "kiosk_call") return;
  alertOfficer("call", `${event.place || "自助机"}有人请工作人员过去`);
}

/** The firm wrote in a talk that is this officer's. @param {any} event @param {string} [here] the case shown */
export function spoken(event, here = "") {
  if (event.from === "desk" && event.kind === "talk" && event.mine && event.number !== here) {
    alertOfficer("message", `${event.number} 的企业来了新消息`, event.number);
  }
}

/** What concerns this officer alone, whichever page is open. @param {any} event */
export function personal(event) {
  const number = event.number;
  if (event.kind === "offer") alertOfficer("offer", `新办件 ${number}，请您接手`, number);
  if (event.kind === "claimed" || event.kind === "assigned") alertOfficer("offer", `${number} 指派给您了`, number);
  if (event.kind === "transferred") alertOfficer("offer", `${number} 转给您了`, number);
  if (event.kind === "wanted") alertOfficer("message", `${number} 的企业请您回来谈`, number);
  if (event.kind === "complaint") alertOfficer("warning", "有企业反映问题", number);
  if (event.kind === "warning") {
    alertOfficer("warning", `${number} 的${TARGETS[event.target]}时限用去 ${event.percent}%`, number);
  }
}
