// The dialogs of a case: each is a form that is posted as JSON, and stays open with the reason if it fails.

import { byId, el } from "../kiosk/dom.js";
import { post } from "./api.js";
import { fillFacts, valueField, valueIn } from "./facts.js";

let number = "";
let done = () => {};

/** @param {string} of the case @param {() => void} after something was done */
export function startSheets(of, after) {
  number = of;
  done = after;
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) openSheet(opener.dataset.dialog, opener.dataset.fact);
    event.target.closest("[data-close]")?.closest("dialog").close();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("dialog form[data-action]")) return;
    event.preventDefault();
    if (event.target.reportValidity()) submit(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-facts]")) showValue(event.target);
  });
}

/** @param {string} name @param {string} [fact] to begin with */
export function openSheet(name, fact = "") {
  const dialog = byId(`dialog-${name}`);
  if (!dialog || dialog.open) return;
  const form = dialog.querySelector("form");
  form.reset();
  form.querySelector(".fault").hidden = true;
  // What the officer sees when they begin is what they decide on.
  form.dataset.caseVersion = byId("case-head").dataset.caseVersion;
  form.dataset.stateRev = byId("case-head").dataset.stateRev;
  if (name === "fact") {
    const select = form.querySelector("[data-facts]");
    fillFacts(select, fact);
    showValue(select);
  }
  if (name === "what-if") {
    byId("assumptions").replaceChildren();
    byId("what-if-result").replaceChildren();
    assume();
    byId("assume-more").onclick = () => assume();
  }
  dialog.showModal();
}

function showValue(select) {
  const holder = select.closest(".assumption")?.querySelector("[data-value]") ?? select.form.querySelector("[data-value]");
  holder.replaceChildren(...[valueField(select.value)].filter(Boolean));
}

function assume() {
  const select = el("select", { "data-facts": true, "aria-label": "哪一项" });
  fillFacts(select);
  byId("assumptions").append(el("div", { class: "assumption" }, select, el("div", { "data-value": true })));
}

function bodyOf(form) {
  const given = Object.fromEntries(new FormData(form));
  const caseVersion = Number(form.dataset.caseVersion);
  switch (form.dataset.action) {
    case "move":
      return { ...given, case_version: caseVersion };
    case "assign":
      return { to: Number(given.to), case_version: caseVersion };
    case "transfer": {
      const [kind, id] = given.to.split(":");
      return { to: kind === "officer" ? Number(id) : id, note: given.note };
    }
    case "fact": {
      const value = valueIn(form.querySelector("[data-value]"));
      return { fact: given.fact, value, reason: given.reason, state_rev: Number(form.dataset.stateRev) };
    }
    case "journey":
      return { ...given, next_contact_on: given.next_contact_on || null };
    case "what-if": {
      const rows = [...form.querySelectorAll(".assumption")].filter((row) => row.querySelector("[data-facts]").value);
      return {
        facts: Object.fromEntries(
          rows.map((row) => [row.querySelector("[data-facts]").value, valueIn(row.querySelector("[data-value]"))]),
        ),
      };
    }
    default:
      return given;
  }
}

async function submit(form) {
  const button = form.querySelector('[type="submit"]');
  button.disabled = true;
  const answer = await post(`/desk/api/cases/${number}/${form.dataset.action}`, bodyOf(form));
  button.disabled = false;
  const fault = form.querySelector(".fault");
  fault.hidden = answer.ok;
  if (!answer.ok) {
    fault.textContent = answer.body.error ?? "没有办成。";
    if (answer.body.stale) done();
  } else if (form.dataset.action === "what-if") {
    showResult(answer.body);
  } else {
    form.closest("dialog").close();
    done();
  }
}

function showResult({ assumed, products }) {
  const lines = assumed.map((one) => el("li", {}, `${one.name}：${one.old} → ${one.new}`));
  const rows = products.map((one) =>
    el(
      "tr",
      { "data-turned": one.before !== one.after },
      el("th", { scope: "row" }, one.name),
      el("td", {}, one.before_text),
      el("td", {}, one.after_text, one.limit ? el("small", {}, one.limit) : null),
    ),
  );
  byId("what-if-result").replaceChildren(
    el("ul", { class: "assumed" }, ...lines),
    el(
      "table",
      { class: "plain" },
      el("thead", {}, el("tr", {}, el("th", {}, "产品"), el("th", {}, "现在"), el("th", {}, "如果这样"))),
      el("tbody", {}, ...rows),
    ),
  );
}
