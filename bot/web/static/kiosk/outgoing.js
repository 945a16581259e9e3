// Sends what the firm says, one message after the other in the order it was said. A message stays at
// the head of the line, under the same id, until the server has answered it: a lost connection
// therefore neither loses nor doubles anything.

import { newMessageId, post } from "./api.js";

const FIRST_PAUSE_MS = 800;
const LONGEST_PAUSE_MS = 10000;

export class Outgoing {
  #line = [];
  #ids = new Set();
  #running = false;
  #wake = () => {};
  #session;
  #events;

  /**
   * @param {{get: () => string|null, set: (session: string|null) => void, generation: () => number}} session
   * @param {{answered: Function, refused: Function, held: Function, lost: Function, stray: Function,
   *   trouble: Function}} events
   */
  constructor(session, events) {
    this.#session = session;
    this.#events = events;
  }

  /** Messages not yet answered; the one just answered still counts while its event runs. */
  get waiting() {
    return this.#line.length;
  }

  /** @param {{text?: string, payload?: string}} message @param {object} tag handed back with each event */
  add(message, tag) {
    const id = newMessageId();
    this.#ids.add(id);
    this.#line.push({ ...message, id, tag, attempts: 0 });
    if (!this.#running) this.#run();
  }

  /** Was this message sent from here? @param {string} id */
  knows(id) {
    return this.#ids.has(id);
  }

  /** Try the waiting message again at once. */
  wake() {
    this.#wake();
  }

  /** Forget everything not yet answered. */
  clear() {
    this.#line = [];
    this.#ids.clear();
    this.#wake();
  }

  async #run() {
    this.#running = true;
    while (this.#line.length > 0) {
      const message = this.#line[0];
      const settled = await this.#attempt(message);
      if (settled && this.#line[0] === message) this.#line.shift();
    }
    this.#running = false;
  }

  /** @returns {Promise<boolean>} whether the message is done with */
  async #attempt(message) {
    const generation = this.#session.generation();
    let answer;
    try {
      answer = await post({ ...message, session: this.#session.get() });
    } catch {
      answer = { status: 0, body: {}, retryAfter: 0 };
    }
    if (generation !== this.#session.generation()) {
      // The talk was wiped meanwhile: whatever the server opened for it must not stay open.
      if (answer.body.session) this.#events.stray(answer.body.session);
      return true;
    }
    if (answer.status >= 200 && answer.status < 300) {
      this.#session.set(answer.body.session);
      this.#events.answered(message.tag, answer.body);
      return true;
    }
    if (answer.status === 404 && this.#session.get() !== null) {
      this.#session.set(null);
      message.id = newMessageId();
      this.#ids.add(message.id);
      this.#events.lost(message.tag);
      return false;
    }
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
      this.#events.refused(message.tag, answer.body.error);
      return true;
    }
    message.attempts += 1;
    this.#events.held(message.tag);
    if (answer.status === 0) this.#events.trouble();
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (message.attempts - 1), LONGEST_PAUSE_MS);
    await this.#pause(Math.max(pause, answer.retryAfter * 1000));
    return false;
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
