// Pictures and documents for the officer. Only while one has the talk, and never at a kiosk in a hall: its
// file dialog would open somebody else's disk.

import { sendFile } from "./api.js";
import { byId } from "./dom.js";

export class Sending {
  #button = byId("attach");
  #field = byId("attach-file");
  #allowed;

  /**
   * @param {boolean} allowed whether this page is a person's own
   * @param {{sends: (name: string) => {state: (text: string|null) => void}, answered: (answer: object) => void}} on
   */
  constructor(allowed, on) {
    this.#allowed = allowed;
    this.#button.addEventListener("click", () => this.#field.click());
    this.#field.addEventListener("change", async () => {
      const files = [...this.#field.files];
      this.#field.value = "";
      for (const file of files) {
        const bubble = on.sends(file.name);
        const { ok, body } = await sendFile(file);
        bubble.state(ok ? null : body.error || "没有送出");
        if (ok) on.answered(body);
      }
    });
  }

  /** @param {boolean} human whether an officer has the talk */
  show(human) {
    this.#button.hidden = !(human && this.#allowed);
  }
}
