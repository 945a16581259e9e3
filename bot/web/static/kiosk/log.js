// The conversation on the screen.

import { renderCard } from "./cards.js";
import { el, icon, shared } from "./dom.js";
import { aloudButton } from "./speech.js";
import { typeset } from "./typeset.js";

const QUIET = /^(skip:|human$|restart$|why$)/;

const FILES = "/api/v1/chat/files";
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

/** So little below the edge is nothing to point at. */
const SLACK_PX = 48;

/** What was said, with the button that reads it aloud. */
function said(shown, text) {
  return el("div", { class: "said" }, shown, text && aloudButton(text));
}

export class Log {
  #list;
  #frame;
  #below;
  #say;
  #typing = el("li", { class: "turn", "data-who": "bot" });
  #writes = el("li", { class: "turn writes", "data-who": "officer", "aria-live": "polite" });
  #writesEnds = 0;

  /**
   * @param {HTMLOListElement} list
   * @param {HTMLElement} frame the element that scrolls
   * @param {HTMLButtonElement} below shown while there is more under its edge; goes there
   * @param {(message: {payload?: string, text: string}) => void} say what a button does
   */
  constructor(list, frame, below, say) {
    this.#list = list;
    this.#frame = frame;
    this.#below = below;
    below.addEventListener("click", () => this.#scroll(this.#end));
    frame.addEventListener("scroll", () => this.#point(), { passive: true });
    const watch = new ResizeObserver(() => this.#point());
    watch.observe(frame);
    watch.observe(list);
    this.#say = say;
    this.#typing.append(
      el("div", { class: "bubble typing", role: "img", "aria-label": "正在回复" }, el("i"), el("i"), el("i")),
    );
  }

  /**
   * What the firm said.
   * @returns {{state: (text: string|null) => void}} `state`: a line under the bubble, or none
   */
  firm(text) {
    this.#list.querySelectorAll(".choices").forEach((choices) => choices.remove());
    const line = el("p", { class: "sending", hidden: true });
    const turn = el("li", { class: "turn", "data-who": "firm" }, el("div", { class: "bubble" }, text), line);
    this.#append([turn]);
    return {
      state: (words) => {
        line.hidden = words === null;
        line.replaceChildren(...(words === null ? [] : [icon("clock"), words]));
      },
    };
  }

  /** @param {{text?: string, buttons?: {title: string, payload: string}[], card?: object}[]} replies */
  bot(replies) {
    this.#append(replies.map((reply) => this.#reply(reply)));
  }

  /**
   * Words of an officer.
   * @param {string} name as firms see it @param {string} text
   * @param {{key: string, name: string, media_type: string}[]} files that came along
   */
  officer(name, text, files = []) {
    this.#writes.remove();
    const links = files.map((file) => {
      const href = `${FILES}/${file.key}`;
      const picture = file.media_type?.startsWith("image/");
      const shown = picture ? el("img", { src: href, alt: file.name }) : icon("file");
      const name = el("span", {}, file.name);
      if (shared) return el("span", { class: "file" }, shown, name, picture ? null : "（请在手机上打开）");
      return el("a", { href, target: "_blank", rel: "noopener" }, shown, name);
    });
    this.#append([
      el(
        "li",
        { class: "turn", "data-who": "officer" },
        el("p", { class: "who" }, icon("person"), name || "陪跑专员"),
        text && said(el("div", { class: "bubble" }, text), text),
        links.length > 0 && el("div", { class: "files" }, ...links),
      ),
    ]);
  }

  /** An officer is typing. @param {string} name @param {string} until when it is over if nothing comes */
  officerTyping(name, until) {
    const left = new Date(until) - Date.now();
    if (left <= 0) return;
    this.#writes.textContent = `${name}正在输入…`;
    if (!this.#writes.isConnected) this.#append([this.#writes], false);
    clearTimeout(this.#writesEnds);
    this.#writesEnds = setTimeout(() => this.#writes.remove(), left);
  }

  /** Words of the page itself. @param {string} text */
  note(text) {
    this.#append([el("li", { class: "turn", "data-who": "page" }, el("div", { class: "bubble note" }, text))]);
  }

  /** A prompt of the page with things one may say. @param {string} text @param {string[]} samples */
  prompt(text, samples) {
    const buttons = samples.map((sample) => ({ title: sample, text: sample }));
    this.#append([this.#reply({ text, buttons })]);
  }

  typing(on) {
    if (on) {
      this.#append([this.#typing], false);
    } else {
      this.#typing.remove();
    }
  }

  clear() {
    this.#list.replaceChildren();
  }

  #reply(reply) {
    const card = renderCard(reply.card, reply.text ?? "", this.#say);
    const shown = card ? card.element : reply.text && el("div", { class: "bubble" }, typeset(reply.text));
    const buttons = (reply.buttons ?? []).filter((button) => !card?.payloads.has(button.payload));
    return el(
      "li",
      { class: "turn", "data-who": "bot" },
      shown && said(shown, typeset(reply.text ?? "")),
      buttons.length > 0 && el("div", { class: "choices" }, ...buttons.map((button) => this.#choice(button))),
    );
  }

  #choice({ title, payload, text }) {
    return el(
      "button",
      {
        type: "button",
        class: QUIET.test(payload ?? "") ? "choice quiet" : "choice",
        onclick: () => this.#say(payload === undefined ? { text } : { payload, text: title }),
      },
      typeset(title),
    );
  }

  #append(turns, mayScrollToTop = true) {
    if (turns.length === 0) return;
    const typing = this.#typing.isConnected && turns[0] !== this.#typing;
    if (typing) {
      this.#typing.before(...turns);
    } else {
      this.#list.append(...turns);
    }
    // Show the newest, but never scroll the beginning of a long answer out of sight.
    const start = turns[0].offsetTop - this.#list.offsetTop - 16;
    this.#scroll(mayScrollToTop ? Math.min(this.#end, start) : this.#end);
  }

  get #end() {
    return this.#frame.scrollHeight - this.#frame.clientHeight;
  }

  #scroll(top) {
    this.#frame.scrollTo({ top, behavior: CALM.matches ? "instant" : "smooth" });
    this.#point();
  }

  #point() {
    this.#below.hidden = this.#end - this.#frame.scrollTop < SLACK_PX;
    const asks = this.#list.lastElementChild?.querySelector(".bubble")?.textContent.trimEnd().endsWith("？");
    this.#below.querySelector("span").textContent = asks ? "往下看，还有一个问题" : "往下看";
  }
}
