// Correcting one fact: the pad for a number, buttons for a choice, a line of text for the rest.

import { byId, el, icon } from "./dom.js";
import { form, isNumeric, valueText } from "./facts.js";
import { Pad } from "./pad.js";

/**
 * @param {string} fact @param {any} value what we hold now
 * @param {(message: {payload?: string, text: string}) => void} say
 */
export function openEdit(fact, value, say) {
  const sheet = byId("edit-sheet");
  const spec = form(fact);
  const done = (message) => {
    sheet.close();
    say(message);
  };
  const skip = () => done({ payload: `skip:${fact}`, text: `${spec.name}：不清楚` });
  sheet.replaceChildren(
    el("h2", { id: "edit-title" }, `更正「${spec.name}」`),
    el("p", {}, `现在记的是：${valueText(fact, value)}`),
  );
  const cancel = el("button", { type: "button", class: "action", onclick: () => sheet.close() }, "不改了");
  const unsure = el("button", { type: "button", class: "action", onclick: skip }, "不清楚");
  if (isNumeric(fact)) {
    const box = el("section", { class: "pad", id: "edit-pad", hidden: true });
    sheet.append(box, el("div", { class: "sheet-actions" }, cancel));
    new Pad(box, {
      set: (id, number, title) => done({ payload: `set:${id}:${number}`, text: `${spec.name}：${title}` }),
      skip,
    }).open(fact, "改为");
  } else if (spec.choices) {
    sheet.append(
      el(
        "div",
        { class: "choices" },
        ...spec.choices.map((choice) =>
          el(
            "button",
            {
              type: "button",
              class: "choice",
              "aria-pressed": String(String(value) === choice.value),
              onclick: () => done({ payload: `set:${fact}:${choice.value}`, text: `${spec.name}：${choice.title}` }),
            },
            choice.title,
          ),
        ),
      ),
      el("div", { class: "sheet-actions" }, cancel, unsure),
    );
  } else {
    const input = el("input", { type: "text", maxlength: "60", autocomplete: "off", "aria-label": spec.name });
    sheet.append(
      el(
        "form",
        {
          onsubmit: (event) => {
            event.preventDefault();
            const words = input.value.trim();
            if (words) done({ text: `更正一下，${spec.name}是${words}` });
          },
        },
        el(
          "div",
          { class: "field" },
          input,
          el("button", { type: "submit", class: "send", "aria-label": "确定" }, icon("holds")),
        ),
      ),
      el("div", { class: "sheet-actions" }, cancel, unsure),
    );
  }
  sheet.showModal();
}
