// The number pad for an amount, a share, a count or a year, with its unit in sight.

import { el, icon } from "./dom.js";
import { form, plain, valueText } from "./facts.js";
import { typeset } from "./typeset.js";

const MOST_DIGITS = 9;
const WHOLE = new Set(["count", "year", "months"]);
const BELOW_ZERO = { money: "亏损", percent: "下降" };

export class Pad {
  #root;
  #digits = "";
  #negative = false;
  #fact = "";
  #spec;
  #parts = {};

  /**
   * @param {HTMLElement} root
   * @param {{set: (fact: string, value: number, title: string) => void, skip: (fact: string) => void,
   *   why?: () => void}} on `why`: asks why this is asked; without it there is no such button
   */
  constructor(root, on) {
    this.#root = root;
    this.on = on;
  }

  /** @param {string} fact a fact with a number @param {string} [label] the question it answers */
  open(fact, label) {
    if (this.#fact === fact && !this.#root.hidden) return;
    this.#fact = fact;
    this.#spec = form(fact);
    this.#digits = "";
    this.#negative = false;
    this.#build(label ?? this.#spec.name);
    this.#root.hidden = false;
    this.#show();
  }

  close() {
    this.#root.hidden = true;
    this.#root.replaceChildren();
    this.#fact = "";
  }

  #build(label) {
    const unit = this.#spec.type === "year" ? "年" : this.#spec.unit;
    const below = this.#spec.range?.[0] < 0 ? BELOW_ZERO[this.#spec.type] : undefined;
    this.#parts.figure = el("output", { class: "pad-figure", "aria-live": "polite" });
    this.#parts.hint = el("p", { class: "pad-hint" });
    this.#parts.done = el(
      "button",
      { type: "button", class: "action strong", onclick: () => this.#done() },
      "确定",
    );
    this.#parts.sign = below
      ? el(
          "button",
          { type: "button", class: "key word", "aria-pressed": "false", onclick: () => this.#flip() },
          below,
        )
      : null;
    const point = WHOLE.has(this.#spec.type) ? this.#key("00") : this.#key(".");
    const erase = el(
      "button",
      { type: "button", class: "key", "aria-label": "删除一位", onclick: () => this.#erase() },
      icon("erase"),
    );
    this.#root.replaceChildren(
      el(
        "div",
        { class: "pad-side" },
        el("p", { class: "pad-label", id: `${this.#root.id}-question` }, typeset(label)),
        el("div", { class: "pad-value" }, this.#parts.figure, el("span", { class: "pad-unit" }, unit)),
        this.#parts.sign,
        this.#parts.hint,
        el(
          "div",
          { class: "pad-actions" },
          this.on.why && el("button", { type: "button", class: "action", onclick: this.on.why }, "为什么问"),
          el("button", { type: "button", class: "action", onclick: () => this.on.skip(this.#fact) }, "不清楚"),
          this.#parts.done,
        ),
      ),
      el(
        "div",
        { class: "keys", role: "group", "aria-label": "数字键盘" },
        ...[..."123456789"].map((digit) => this.#key(digit)),
        point,
        this.#key("0"),
        erase,
      ),
    );
  }

  #key(digit) {
    return el("button", { type: "button", class: "key", onclick: () => this.#press(digit) }, digit);
  }

  #press(digit) {
    if (digit === "." && this.#digits.includes(".")) return;
    if (this.#digits.replace(".", "").length + digit.length > MOST_DIGITS) return;
    const next = `${this.#digits === "" && digit === "." ? "0" : this.#digits}${digit}`;
    this.#digits = next.replace(/^0+(?=\d)/, "");
    this.#show();
  }

  #erase() {
    this.#digits = this.#digits.slice(0, -1);
    this.#show();
  }

  #flip() {
    this.#negative = !this.#negative;
    this.#parts.sign.setAttribute("aria-pressed", String(this.#negative));
    this.#show();
  }

  get #value() {
    return this.#digits === "" ? null : Number(this.#digits) * (this.#negative ? -1 : 1);
  }

  /** Why the number cannot be right, or null. */
  get #fault() {
    const value = this.#value;
    const range = this.#spec.range;
    if (value === null || !range?.length) return null;
    // A year is typed from its first digit on: complain only once it is whole.
    if (this.#spec.type === "year" && this.#digits.length < 4) return null;
    return value < range[0] || value > range[1] ? this.#spec.range_reason || "这个数字不太对，请再看一下" : null;
  }

  #show() {
    const value = this.#value;
    const fault = this.#fault;
    this.#parts.figure.textContent = `${this.#negative && this.#digits ? "−" : ""}${this.#digits}`;
    this.#parts.hint.toggleAttribute("data-fault", fault !== null);
    if (fault !== null) {
      this.#parts.hint.textContent = typeset(fault);
    } else if (this.#spec.type === "money" && value !== null && Math.abs(value) >= 10000) {
      this.#parts.hint.textContent = `即 ${plain(value / 10000)} 亿元`;
    } else {
      this.#parts.hint.textContent = typeset(this.#spec.help ?? "");
    }
    const whole = this.#spec.type !== "year" || this.#digits.length === 4;
    this.#parts.done.disabled = value === null || fault !== null || !whole;
  }

  #done() {
    const value = this.#value;
    this.on.set(this.#fact, value, valueText(this.#fact, value));
  }
}
