// The session's key. It lives in memory; the tab's storage holds a copy for one purpose: a page that was
// reloaded starts empty and ends the talk it finds there, so that Back and reload bring nothing out again.

import { end } from "./api.js";

const KEY = "peipao.session";

export class Session {
  #id = null;
  #generation = 0;

  get = () => this.#id;

  /** Grows with each wipe: an answer to an older generation is nobody's. */
  generation = () => this.#generation;

  set = (id) => {
    this.#id = id;
    if (id === null) {
      sessionStorage.removeItem(KEY);
    } else {
      sessionStorage.setItem(KEY, id);
    }
  };

  /** Forget the talk here and end it on the server. */
  wipe() {
    const id = this.#id;
    this.#generation += 1;
    this.#id = null;
    sessionStorage.clear();
    localStorage.clear();
    if (id !== null) this.endStray(id);
  }

  /** End what an earlier page in this tab left open. */
  endLeftover() {
    const id = sessionStorage.getItem(KEY);
    sessionStorage.clear();
    if (id !== null) this.endStray(id);
  }

  /** Tries again while the network is away; the server's own expiry is the last resort. */
  endStray(id, attempt = 0) {
    end(id).catch(() => {
      if (attempt < 20) setTimeout(() => this.endStray(id, attempt + 1), 5000);
    });
  }
}
