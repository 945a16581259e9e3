// The result on paper: what an 80 mm printer prints. Built from what the page showed, and from nothing else.

import { byId, el } from "./dom.js";
import { STATUSES, VERDICTS, productName } from "./facts.js";
import { typeset } from "./typeset.js";

const SIGNS = { holds: "✓", fails: "✗", open: "？", undisclosed: "○" };
const MM_PER_PX = 25.4 / 96;
// Below the last line, for the cutter.
const TAIL_MM = 8;
const APPROVAL = "预审不等于审批，是否办成、额度和利率由银行、担保机构或基金决定。";
let size = null;

/** Numbers the sources of one slip in the order in which they are first named. */
class Sources {
  #numbers = new Map();

  mark(source) {
    const texts = (Array.isArray(source) ? source : [source]).filter(Boolean);
    return texts.map((text) => `〔${this.#number(typeset(text))}〕`).join("");
  }

  #number(text) {
    if (!this.#numbers.has(text)) this.#numbers.set(text, this.#numbers.size + 1);
    return this.#numbers.get(text);
  }

  get list() {
    return [...this.#numbers.keys()].map((text, place) => el("p", { class: "slip-source" }, `〔${place + 1}〕${text}`));
  }
}

function head(title) {
  return el("h3", {}, title);
}

function clauseLine(clause, sources) {
  const status = Object.hasOwn(STATUSES, clause.status) ? clause.status : "open";
  return el(
    "li",
    {},
    el("span", { class: "slip-sign" }, SIGNS[status]),
    el("span", {}, el("b", {}, `${STATUSES[status]} `), typeset(clause.text), sources.mark(clause.source)),
  );
}

function checkParts(card, stale) {
  const sources = new Sources();
  const clauses = card.clauses ?? [];
  const judged = clauses.filter((clause) => clause.kind !== "expect" && clause.status !== "undisclosed");
  const lesser = clauses.filter((clause) => clause.kind === "expect");
  const hidden = clauses.filter((clause) => clause.status === "undisclosed");
  const missing = judged.filter((clause) => clause.status === "open");
  const rows = [
    el("h2", {}, card.name),
    el("p", { class: "slip-verdict" }, `预审结果：${(VERDICTS[card.verdict] ?? VERDICTS.unknown).text}`),
    stale && el("p", {}, "这是您补充情况之前的对照；补充以后的判断，请重新预审一次。"),
    card.limit_text && el("p", {}, typeset(card.limit_text)),
    head("逐条对照"),
    el("ol", {}, ...judged.map((clause) => clauseLine(clause, sources))),
    lesser.length > 0 && head("参考情况，不作否定依据"),
    lesser.length > 0 && el("ol", {}, ...lesser.map((clause) => clauseLine(clause, sources))),
    head("还缺什么"),
    missing.length > 0
      ? el("ol", {}, ...missing.map((clause) => el("li", {}, el("span", {}, "·"), el("span", {}, typeset(clause.text)))))
      : el("p", {}, "已公布的条件都问到了。"),
    hidden.length > 0 && head("没有公开，请向办理方问清"),
    hidden.length > 0 && el("p", {}, typeset(hidden.map((clause) => clause.text).join("、"))),
  ];
  return [...rows, ...(sources.list.length ? [head("出处"), ...sources.list] : [])];
}

function rankingParts(ranking) {
  return [
    el("h2", {}, "合适的产品"),
    el(
      "ol",
      {},
      ...ranking.map(({ product, verdict }, place) =>
        el(
          "li",
          {},
          el("span", {}, `${place + 1}.`),
          el("span", {}, `${productName(product)}：`, el("b", {}, (VERDICTS[verdict] ?? VERDICTS.unknown).text)),
        ),
      ),
    ),
  ];
}

/**
 * Puts the slip together; it is seen on paper only.
 * @param {{check: object|null, ranking: {product: string, verdict: string}[],
 *   opened: {number: string}|null, place: string, stale: boolean}} result `check`: the newest pre-check;
 *   `stale`: the firm has said more since
 */
export function fillSlip({ check, ranking, opened, place, stale }) {
  const at = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit",
  }).format(new Date());
  byId("slip").replaceChildren(
    ...[
      el("p", { class: "slip-brand" }, "陪跑 · 科技企业融资"),
      el("p", { class: "slip-meta" }, [at, place].filter(Boolean).join(" · ")),
      opened && el("p", { class: "slip-number" }, "编号 ", el("b", {}, opened.number)),
      ...(check ? checkParts(check, stale) : rankingParts(ranking)),
      el("p", { class: "slip-disclaimer" }, check?.disclaimer ? typeset(check.disclaimer) : APPROVAL),
    ].filter(Boolean),
  );
}

/** Prints it on one piece of paper, as long as it needs. */
export function printSlip() {
  const slip = byId("slip");
  const height = Math.ceil(slip.getBoundingClientRect().height * MM_PER_PX) + TAIL_MM;
  // Into a sheet of our own: the page's policy allows no styles in the document.
  const sheet = [...document.styleSheets].find((one) => one.href?.endsWith("/slip.css"));
  if (size !== null) sheet.deleteRule(size);
  size = sheet.insertRule(`@page { size: 80mm ${height}mm; margin: 0; }`, sheet.cssRules.length);
  window.print();
}

export function clearSlip() {
  byId("slip").replaceChildren();
}
