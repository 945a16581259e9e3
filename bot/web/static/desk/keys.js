// Keys of the desk's pages. Letters mean something only outside of fields.

import { byId } from "../kiosk/dom.js";

/** @param {Record<string, (event: KeyboardEvent) => void>} keys by `event.key`, lower case for letters */
export function onKeys(keys) {
  const all = {
    "/": () => byId("search-words").focus(),
    "?": () => byId("help")?.showModal(),
    ...keys,
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const done = all[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!done) return;
    event.preventDefault();
    done(event);
  });
}
