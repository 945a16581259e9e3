// Replies kept ready: a slash at the beginning of the field opens the list, letters narrow it down.

import { byId, el } from "../kiosk/dom.js";
import { getJson } from "./api.js";

const SHOWN = 8;

export class Slash {
  #path;
  #field;
  #list = byId("slash");
  #changed;
  #replies = null;
  #found = [];
  #at = 0;

  /** @param {string} number @param {HTMLTextAreaElement} field @param {() => void} changed */
  constructor(number, field, changed) {
    this.#path = `/desk/api/cases/${number}/canned`;
    this.#field = field;
    this.#changed = changed;
    // Fetched before the first slash is typed.
    field.addEventListener("focus", () => this.#load(), { once: true });
    field.addEventListener("input", () => this.#look());
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("blur", () => {
      this.#list.hidden = true;
    });
  }

  #load() {
    this.#replies ??= getJson(this.#path).then((answer) => (answer.ok ? answer.body : []));
    return this.#replies;
  }

  async #look() {
    const typed = this.#field.value.match(/^\/(\S*)$/);
    if (!typed) {
      this.#list.hidden = true;
      return;
    }
    const replies = await this.#load();
    const words = typed[1].toLowerCase();
    const fits = (one) => one.short.toLowerCase().startsWith(words) || one.title.includes(words);
    this.#found = replies.filter(fits).slice(0, SHOWN);
    this.#at = 0;
    this.#show();
  }

  #show() {
    const options = this.#found.map((one, place) =>
      el(
        "li",
        {
          role: "option",
          "aria-selected": String(place === this.#at),
          // Before the field loses its focus, which closes the list.
          onmousedown: (event) => {
            event.preventDefault();
            this.#take(one);
          },
        },
        el("b", {}, `/${one.short}`),
        el("span", {}, one.title),
        el("small", {}, one.text),
      ),
    );
    this.#list.replaceChildren(...options);
    this.#list.hidden = options.length === 0;
  }

  #key(event) {
    if (this.#list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#show();
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.#take(this.#found[this.#at]);
    } else if (event.key === "Escape") {
      this.#list.hidden = true;
      event.stopPropagation();
    } else {
      return;
    }
    event.preventDefault();
  }

  #take(reply) {
    this.#field.value = reply.text;
    this.#list.hidden = true;
    this.#changed();
    this.#field.focus();
  }
}
