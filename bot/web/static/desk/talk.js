// The talk of a case: new messages are put in by their number, changed ones replaced, none twice.

import { byId } from "../kiosk/dom.js";
import { getPage } from "./api.js";

const NEAR_PX = 80;

export class Talk {
  #path;
  #list = byId("messages");
  #frame = byId("transcript");
  #newer = byId("newer");
  #typing = byId("typing");
  #typingEnds = 0;
  #follows = true;
  #asking = Promise.resolve();

  /** @param {string} number of the case */
  constructor(number) {
    this.#path = `/desk/cases/${number}/talk`;
    this.#newer.addEventListener("click", () => this.toEnd());
    this.#frame.addEventListener("scroll", () => {
      this.#follows = this.#atEnd();
      if (this.#follows) this.#newer.hidden = true;
    });
    // The field below grows, pictures arrive: whoever reads the end goes on reading it.
    const resized = new ResizeObserver(() => {
      if (this.#follows) this.toEnd();
    });
    for (const one of [this.#frame, this.#list]) resized.observe(one);
    this.toEnd();
  }

  get last() {
    return Number(this.#list.lastElementChild?.dataset.seq ?? 0);
  }

  /**
   * Asks for what came after the last message, or from `seq` on; one question after the other.
   * @param {number} [seq]
   * @returns {Promise<Element[]>} the messages that were not there before
   */
  catchUp(seq = Infinity) {
    this.#asking = this.#asking.then(() => this.#ask(seq));
    return this.#asking;
  }

  async #ask(seq) {
    const page = await getPage(`${this.#path}?after=${Math.max(0, Math.min(this.last, seq - 1))}`);
    if (!page) return [];
    const stays = this.#atEnd();
    const fresh = [];
    for (const message of page.querySelectorAll("li[data-seq]")) {
      const here = byId(message.id);
      const adopted = document.adoptNode(message);
      if (here) {
        here.replaceWith(adopted);
      } else {
        this.#place(adopted);
        fresh.push(adopted);
      }
    }
    if (fresh.some((message) => message.dataset.author === "firm")) this.#typing.hidden = true;
    if (stays) this.toEnd();
    else if (fresh.length > 0) this.#newer.hidden = false;
    return fresh;
  }

  #place(message) {
    const number = Number(message.dataset.seq);
    const after = [...this.#list.children].find((one) => Number(one.dataset.seq) > number);
    this.#list.insertBefore(message, after ?? null);
  }

  /** The firm is typing until the moment that the server named. @param {string} until */
  typing(until) {
    const left = new Date(until) - Date.now();
    if (left <= 0) return;
    const stays = this.#atEnd();
    this.#typing.hidden = false;
    clearTimeout(this.#typingEnds);
    this.#typingEnds = setTimeout(() => {
      this.#typing.hidden = true;
    }, left);
    if (stays) this.toEnd();
  }

  toEnd() {
    this.#follows = true;
    this.#frame.scrollTop = this.#frame.scrollHeight;
    this.#newer.hidden = true;
  }

  #atEnd() {
    return this.#frame.scrollHeight - this.#frame.scrollTop - this.#frame.clientHeight < NEAR_PX;
  }
}
