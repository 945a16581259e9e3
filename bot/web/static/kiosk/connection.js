// Watches whether the server can be reached and the engine answers, and says so when it changes.

import { probe } from "./api.js";

const CALM_MS = 15000;
const TROUBLED_MS = 2500;

export class Connection {
  #state = { online: true, engine: true };
  #timer = 0;
  #onChange;

  /** @param {(state: {online: boolean, engine: boolean}) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    window.addEventListener("online", () => this.look());
    window.addEventListener("offline", () => this.#set({ ...this.#state, online: false }));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
    this.look();
  }

  get online() {
    return this.#state.online;
  }

  /** Look now, and from then on at the pace that the answer calls for. */
  async look() {
    clearTimeout(this.#timer);
    this.#set(await probe());
    clearTimeout(this.#timer);
    const calm = this.#state.online && this.#state.engine;
    this.#timer = setTimeout(() => this.look(), calm ? CALM_MS : TROUBLED_MS);
  }

  #set(state) {
    const changed = state.online !== this.#state.online || state.engine !== this.#state.engine;
    this.#state = state;
    if (changed) this.#onChange(state);
  }
}
