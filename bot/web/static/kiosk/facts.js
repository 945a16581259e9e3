// Facts and products as people read them, from the part of the catalog embedded in the page.

const data = JSON.parse(document.getElementById("page-data").textContent);
const NUMERIC = new Set(["money", "percent", "count", "number", "year", "months", "years"]);

/** Fact ids in the catalog's order. */
export const order = Object.keys(data.facts);

/**
 * @param {string} fact
 * @returns {{type: string, name: string, unit: string, question?: string, help?: string,
 *   choices?: {value: string, title: string}[], range?: number[], range_reason?: string}|undefined}
 */
export function form(fact) {
  return Object.hasOwn(data.facts, fact) ? data.facts[fact] : undefined;
}

export function isNumeric(fact) {
  return NUMERIC.has(form(fact)?.type);
}

export function productName(product) {
  return Object.hasOwn(data.products, product) ? data.products[product] : product;
}

/** A number without needless decimals. @param {number} value */
export function plain(value) {
  return String(Number(value.toFixed(4)));
}

/**
 * @param {string} fact
 * @param {boolean|number|string|null} value as the API gives it: null = declined, "n/a" = not applicable
 */
export function valueText(fact, value) {
  const spec = form(fact);
  if (value === null) return "不清楚";
  if (value === "n/a") return "不适用";
  if (typeof value === "number") {
    if (spec?.type === "year") return `${value}年`;
    if (spec?.type === "money" && Math.abs(value) >= 10000) return `${plain(value / 10000)}亿元`;
    return `${plain(value)}${spec?.unit ?? ""}`;
  }
  const known = spec?.choices?.find((choice) => choice.value === String(value));
  return known ? known.title : String(value);
}

export const VERDICTS = {
  eligible: { sign: "holds", text: "符合" },
  meets_published: { sign: "holds", text: "满足已公布条件" },
  unknown: { sign: "open", text: "待确认" },
  ineligible: { sign: "fails", text: "不满足" },
};

export const STATUSES = {
  holds: "满足",
  fails: "不满足",
  open: "待确认",
  undisclosed: "未公开",
};
