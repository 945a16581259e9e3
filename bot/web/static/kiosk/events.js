// The officer's words and changes of state, pushed by the server while a session is open.

const EVENTS = "/api/v1/chat/events";

export class Events {
  #source = null;
  #session = null;
  #on;

  /** @param {{officer: (name: string, text: string, files: object[]) => void, bot: (reply: object, answers: string) => void,
   *   system: (text: string) => void, state: (state: object) => void,
   *   typing: (name: string, until: string) => void}} on */
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
    this.#source.addEventListener("typing", (event) => {
      const { name, until } = JSON.parse(event.data);
      this.#on.typing(name, until);
    });
    this.#source.addEventListener("status", (event) => this.#on.state(JSON.parse(event.data)));
  }

  stop() {
    this.#source?.close();
    this.#source = null;
    this.#session = null;
  }

  #message(event) {
    // Some servers send a sign of life as an empty event.
    if (!event.data) return;
    const { author, name, text, buttons, card, files, reply_to: answers } = JSON.parse(event.data);
    if (author === "officer") {
      this.#on.officer(name, text, files ?? []);
    } else if (author === "bot" || buttons?.length > 0) {
      // The service's own words with choices, such as the stars after closing, are drawn like the bot's.
      this.#on.bot({ text, buttons, card }, answers);
    } else {
      this.#on.system(text);
    }
  }
}
