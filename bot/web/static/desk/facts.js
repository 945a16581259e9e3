// Fields for a fact's value, made from the catalog: what can be chosen, what is typed, and «不清楚».

import { byId, el } from "../kiosk/dom.js";

const data = JSON.parse(byId("facts-data").textContent);

/** Fills a `<select>` with all facts. @param {HTMLSelectElement} select @param {string} [chosen] */
export function fillFacts(select, chosen = "") {
  const options = Object.entries(data.facts).map(([id, fact]) => el("option", { value: id }, fact.name));
  select.replaceChildren(el("option", { value: "" }, "请选择"), ...options);
  select.value = chosen;
}

/** The field for the value of `fact`, set to what is known. @param {string} fact */
export function valueField(fact) {
  const form = data.facts[fact];
  if (!form) return null;
  const known = data.known[fact];
  if (form.choices) {
    const options = form.choices.map((one) => el("option", { value: one.value }, one.title));
    const select = el("select", { "aria-label": form.name, "data-type": form.type }, ...options);
    select.append(el("option", { value: "" }, "不清楚"));
    if (known !== undefined && known !== null) select.value = String(known);
    return select;
  }
  const numeric = form.range !== undefined || ["number", "count", "money", "year"].includes(form.type);
  const input = el("input", {
    type: "text",
    inputmode: numeric ? "decimal" : "text",
    "aria-label": form.name,
    placeholder: form.unit ? `单位：${form.unit}；空着就是不清楚` : "空着就是不清楚",
    value: known === undefined || known === null ? "" : String(known),
    autocomplete: "off",
  });
  return el("span", { class: "with-unit" }, input, form.unit ? el("span", {}, form.unit) : null);
}

/** What the field says; null for «不清楚». @param {Element} holder */
export function valueIn(holder) {
  const text = holder.querySelector("select, input").value.trim();
  return text === "" ? null : text;
}
