// The panel beside the talk: what was understood, which products fit, and the case once there is one.

import { verdictBadge } from "./cards.js";
import { byId, el, icon } from "./dom.js";
import { form, order, productName, valueText } from "./facts.js";
import { typeset } from "./typeset.js";

const CASE_STATES = {
  queued: "已登记，等专员接手",
  claimed: "专员已接手",
  in_review: "专员正在研究",
  waiting_firm: "等您补充",
  submitted: "已提交给机构",
  approved: "机构已通过",
  declined: "机构未通过",
  closed: "已办结",
  withdrawn: "已撤回",
};

/** So many products at first; the rest after a touch. */
const FIRST = 5;

export class Panel {
  #all = false;
  #seen = new Map();
  #texts = new Map();
  #on;

  /** @param {{edit: (fact: string, value: any) => void, check: (product: string) => void}} on */
  constructor(on) {
    this.#on = on;
    this.clear();
  }

  /** Wordings of values that came with a card (they know bounds, such as 不到3%). */
  wordings(items, facts) {
    for (const { fact, value_text: text } of items) {
      this.#texts.set(fact, { value: JSON.stringify(facts[fact]), text });
    }
  }

  /** @param {Record<string, any>} facts */
  facts(facts) {
    const known = order.filter((fact) => Object.hasOwn(facts, fact));
    byId("facts-hint").textContent = known.length ? "点一项可以更正。" : "您说到的情况会列在这里。";
    byId("facts").replaceChildren(
      ...known.map((fact) => {
        const value = facts[fact];
        const key = JSON.stringify(value);
        const fresh = this.#seen.get(fact) !== key;
        this.#seen.set(fact, key);
        const said = this.#texts.get(fact);
        return el(
          "li",
          {},
          el(
            "button",
            { type: "button", class: "fact", "data-fresh": fresh, "data-fact": fact,
              onclick: () => this.#on.edit(fact, value) },
            el("span", { class: "fact-name" }, typeset(form(fact).name)),
            el("span", { class: "fact-value" }, said?.value === key ? said.text : valueText(fact, value)),
            icon("edit"),
          ),
        );
      }),
    );
  }

  /** @param {{product: string, verdict: string}[]} ranking */
  ranking(ranking) {
    byId("ranking-part").hidden = ranking.length === 0;
    const shown = this.#all ? ranking : ranking.slice(0, FIRST);
    byId("ranking-more").hidden = shown.length === ranking.length;
    byId("ranking-more").textContent = `再看其余 ${ranking.length - shown.length} 个产品`;
    byId("ranking-more").onclick = () => {
      this.#all = true;
      this.ranking(ranking);
    };
    byId("ranking").replaceChildren(
      ...shown.map(({ product, verdict }, index) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", class: "ranked", "data-product": product, onclick: () => this.#on.check(product) },
            el("span", { class: "rank" }, String(index + 1)),
            el("span", { class: "ranked-name" }, productName(product)),
            verdictBadge(verdict),
          ),
        ),
      ),
    );
  }

  /** @param {{number: string, status: string}|null} opened */
  case(opened) {
    byId("case-part").hidden = !opened;
    byId("case-part").replaceChildren(
      ...(opened
        ? [
            el(
              "div",
              { class: "case-card" },
              el("h2", { id: "case-title" }, "您的编号，请记下"),
              el("p", { class: "case-number" }, opened.number),
              el("p", { class: "case-state" }, CASE_STATES[opened.status] ?? opened.status),
            ),
          ]
        : []),
    );
  }

  clear() {
    this.#all = false;
    this.#seen.clear();
    this.#texts.clear();
    this.facts({});
    this.ranking([]);
    this.case(null);
  }
}
