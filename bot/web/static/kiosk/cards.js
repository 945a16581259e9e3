// Cards that may come with a reply: the pre-check clause by clause, the ranking, the facts understood.

import { el, icon, shared } from "./dom.js";
import { STATUSES, VERDICTS } from "./facts.js";
import { takeButton } from "./takeaway.js";
import { typeset } from "./typeset.js";

const KINDS = { must: "公布条件", nature: "产品性质" };

/** @param {string} verdict */
export function verdictBadge(verdict) {
  const known = VERDICTS[verdict] ?? VERDICTS.unknown;
  return el("span", { class: "verdict", "data-verdict": verdict }, icon(known.sign), known.text);
}

/** @param {string|string[]|undefined} source */
function sourceText(source) {
  if (!source) return "";
  return typeset(Array.isArray(source) ? source.join(";") : source);
}

function statusMark(status) {
  return el(
    "div",
    { class: "clause-status" },
    el("span", {}, icon(status)),
    STATUSES[status] ?? STATUSES.open,
  );
}

function clauseRow(clause) {
  const status = Object.hasOwn(STATUSES, clause.status) ? clause.status : "open";
  const source = sourceText(clause.source);
  return el(
    "li",
    { "data-status": status },
    statusMark(status),
    el(
      "div",
      {},
      el("p", { class: "clause-text" }, typeset(clause.text)),
      (source || KINDS[clause.kind]) &&
        el(
          "p",
          { class: "clause-source" },
          KINDS[clause.kind] && el("span", { class: "clause-kind" }, KINDS[clause.kind]),
          source && `出处：${source}`,
        ),
    ),
  );
}

/** What decides first: failed, open, met. */
function inOrder(clauses) {
  const order = ["fails", "open", "holds"];
  return clauses.toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
}

/** What the public record does not say, together in one row: it is a list, not a judgement. */
function hiddenRow(clauses) {
  return el(
    "li",
    { "data-status": "undisclosed" },
    statusMark("undisclosed"),
    el("p", { class: "clause-text" }, typeset(clauses.map((clause) => clause.text).join("、"))),
  );
}

function tally(clauses) {
  return el(
    "ul",
    { class: "tally" },
    ...Object.entries(STATUSES).map(([status, word]) => {
      const count = clauses.filter((clause) => clause.status === status).length;
      return el(
        "li",
        { "data-status": status, "data-none": count === 0 },
        el("span", { class: "tally-count" }, icon(status), String(count)),
        word,
      );
    }),
  );
}

function checkCard(card) {
  const clauses = card.clauses ?? [];
  const references = clauses.filter((clause) => clause.kind === "expect");
  const decisive = clauses.filter((clause) => clause.kind !== "expect");
  const hidden = decisive.filter((clause) => clause.status === "undisclosed");
  const foot = [card.limit_text, card.disclaimer].filter(Boolean).join("\n");
  return el(
    "article",
    { class: "card check", "aria-label": `${card.name} 预审` },
    el(
      "header",
      { class: "check-head" },
      el("div", {}, el("p", { class: "card-kicker" }, "对照条件逐条预审"), el("h3", { class: "card-title" }, card.name)),
      verdictBadge(card.verdict),
    ),
    tally(decisive),
    el(
      "ol",
      { class: "clauses" },
      ...inOrder(decisive.filter((clause) => clause.status !== "undisclosed")).map(clauseRow),
      hidden.length > 0 && hiddenRow(hidden),
    ),
    references.length > 0 && el("h4", { class: "clauses-head" }, "参考情况，不作否定依据"),
    references.length > 0 && el("ol", { class: "clauses lesser" }, ...inOrder(references).map(clauseRow)),
    foot && el("p", { class: "card-foot" }, typeset(foot)),
    el("div", { class: "card-take" }, takeButton()),
  );
}

function rankingCard(card, text, say) {
  // The first line of the text form leads in; a last line that belongs to no product closes the card.
  const lines = text.split("\n");
  const lead = card.lead || lines[0] || "匹配结果";
  const last = lines.length > 1 && !/^\d+\. /.test(lines.at(-1)) ? lines.at(-1) : "";
  return el(
    "article",
    { class: "card", "aria-label": "匹配结果" },
    el("header", { class: "card-head" }, el("h3", { class: "card-lead" }, typeset(lead))),
    el(
      "ol",
      { class: "offers" },
      ...(card.items ?? []).map((item, index) =>
        el(
          "li",
          { class: "offer" },
          el("span", { class: "offer-rank" }, String(index + 1)),
          el(
            "div",
            {},
            el(
              "div",
              { class: "offer-head" },
              el("h4", { class: "offer-name" }, item.name),
              verdictBadge(item.verdict),
            ),
            el("ul", { class: "reasons" }, ...(item.reasons ?? []).map((reason) => el("li", {}, typeset(reason)))),
          ),
          el(
            "button",
            {
              type: "button",
              class: "choice",
              onclick: () => say({ payload: `check:${item.product}`, text: `预审${item.name}` }),
            },
            "逐条预审",
            icon("next"),
          ),
        ),
      ),
    ),
    last && el("p", { class: "card-foot" }, typeset(last)),
  );
}

function factsCard(card) {
  return el(
    "div",
    { class: "bubble heard", "aria-label": "我们理解到的情况" },
    el("p", { class: "heard-lead" }, icon("holds"), "记下了"),
    el(
      "dl",
      {},
      ...(card.items ?? []).map((item) =>
        el("div", {}, el("dt", {}, typeset(item.name)), el("dd", {}, typeset(item.value_text))),
      ),
    ),
  );
}

const DOWNLOADS = "/api/v1/chat/export/";

/** A file that is fetched once; the address is of this site and says nothing. */
function linkCard(card, text) {
  if (shared) {
    const words = "这是大家共用的屏幕，文件不在这里保存。请点「带走结果」，在手机上接着谈，再导出一次。";
    return el("div", { class: "bubble" }, words);
  }
  return el(
    "div",
    { class: "files" },
    el("p", {}, typeset(text.replace(card.href, "").replace(/[：:]\s*$/, "。"))),
    el("a", { href: card.href, download: "" }, card.title),
  );
}

/**
 * A card says what the reply's text says; a page that draws it does not also show the text.
 *
 * @param {{kind: string}|null|undefined} card
 * @param {string} text the reply's text form
 * @param {(message: {payload: string, text: string}) => void} say
 * @returns {{element: HTMLElement, payloads: Set<string>}|null} null for a kind this page does not know;
 *   `payloads`: what the card's own buttons already offer
 */
export function renderCard(card, text, say) {
  switch (card?.kind) {
    case "check":
      return { element: checkCard(card), payloads: new Set() };
    case "ranking":
      return {
        element: rankingCard(card, text, say),
        payloads: new Set((card.items ?? []).map((item) => `check:${item.product}`)),
      };
    case "facts":
      return { element: factsCard(card), payloads: new Set() };
    case "link":
      return String(card.href).startsWith(DOWNLOADS)
        ? { element: linkCard(card, text), payloads: new Set() }
        : null;
    default:
      return null;
  }
}
