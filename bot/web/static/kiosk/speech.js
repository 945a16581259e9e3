// Reads an answer aloud when somebody asks for it, where the browser has a Chinese voice.

import { el, icon } from "./dom.js";

// Browsers break off in long utterances: sentences are spoken one by one.
const SENTENCE = /[^。！？；\n]+[。！？；]?/gu;
// Signs that stand for a word which is there as well, marks of sources, and where to find them.
const UNSPOKEN = /〔[\d、,，]+〕|https?:\/\/[\w./?=&%#~:+-]+|[✓✗✔✘○●【】「」]|^\s*[？?](?=\s)/gmu;
const SOURCES = /\n?出处[：:][\s\S]*$/u;
const engine = "speechSynthesis" in window ? window.speechSynthesis : null;
let reading = null;

function voice() {
  const chinese = engine?.getVoices().filter(({ lang }) => /^(zh|cmn)/i.test(lang)) ?? [];
  return chinese.find(({ lang }) => /CN|Hans/i.test(lang)) ?? chinese[0] ?? null;
}

/** The buttons are seen only where there is a voice; browsers load theirs late. */
export function startSpeech() {
  const look = () => document.documentElement.toggleAttribute("data-speaks", voice() !== null);
  engine?.addEventListener?.("voiceschanged", look);
  look();
}

export function stopSpeech() {
  engine?.cancel();
  reading?.setAttribute("aria-pressed", "false");
  reading = null;
}

/** @param {string} text as it is written; exported for the tests @returns {string[]} */
export function spoken(text) {
  const words = text.replace(SOURCES, "").replace(UNSPOKEN, " ");
  return (words.match(SENTENCE) ?? []).map((part) => part.trim()).filter((part) => /[\p{L}\p{N}]/u.test(part));
}

/** The button that reads `text`, or stops doing so. @param {string} text */
export function aloudButton(text) {
  const button = el(
    "button",
    { type: "button", class: "aloud", "aria-pressed": "false", "aria-label": "朗读这段回答",
      onclick: () => (reading === button ? stopSpeech() : read(button, text)) },
    icon("aloud"),
    el("span", {}, "朗读"),
  );
  return button;
}

function read(button, text) {
  stopSpeech();
  const parts = spoken(text);
  if (parts.length === 0) return;
  reading = button;
  button.setAttribute("aria-pressed", "true");
  parts.forEach((part, place) => {
    const words = new SpeechSynthesisUtterance(part);
    words.voice = voice();
    words.lang = "zh-CN";
    const over = () => {
      if (reading === button) stopSpeech();
    };
    if (place === parts.length - 1) words.onend = over;
    words.onerror = over;
    engine.speak(words);
  });
}
