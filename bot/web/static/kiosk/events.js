// The officer's words and changes of state, pushed by the server while a session is open.

const EVENTS = "/api/v1/chat/events";

export class Events {
  #source = null;
  #session = null;
  #on;

  /** @param {{officer: (text: string) => void, state: (state: object) => void}} on */
  constructor(on) {
    this.#on = on;
  }

  /** Follow a session (once); the browser resumes with the last id it saw. @param {string} session */
  follow(session) {
    if (this.#session === session) return;
    this.stop();
    this.#session = session;
    this.#source = new EventSource(EVENTS);
    this.#source.addEventListener("message", (event) => this.#message(event));
    this.#source.addEventListener("status", (event) => this.#on.state(JSON.parse(event.data)));
  }

  stop() {
    this.#source?.close();
    this.#source = null;
    this.#session = null;
  }

  #message(event) {
    const message = JSON.parse(event.data);
    if (message.text) this.#on.officer(message.text);
  }
}
