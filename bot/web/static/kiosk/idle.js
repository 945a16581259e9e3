// Nobody there: after a while ask, count down, then wipe. Measured by the clock rather than by one long
// timer, because a sleeping machine stops timers but not the person walking away.

const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "input", "touchstart"];

export class Idle {
  #last = Date.now();
  #asking = false;
  #options;

  /**
   * @param {{idleS: number, countdownS: number, armed: () => boolean, ask: () => void,
   *   tick: (left: number) => void, stay: () => void, wipe: () => void}} options
   *   `armed`: is there anything on the page that must not stay; `tick`: whole seconds left
   */
  constructor(options) {
    this.#options = options;
    for (const name of SIGNS_OF_LIFE) {
      document.addEventListener(name, () => this.#alive(), { capture: true, passive: true });
    }
    setInterval(() => this.#look(), 500);
  }

  /** Somebody said so: go on. */
  stay() {
    this.#asking = false;
    this.#last = Date.now();
    this.#options.stay();
  }

  #alive() {
    // While the question is on the screen only its own buttons count; a sleeve on the glass does not.
    if (!this.#asking) this.#last = Date.now();
  }

  #look() {
    const { idleS, countdownS, armed, ask, tick, wipe } = this.#options;
    if (!armed()) {
      this.#asking = false;
      this.#last = Date.now();
      return;
    }
    const idle = (Date.now() - this.#last) / 1000;
    if (idle >= idleS + countdownS) {
      this.#asking = false;
      this.#last = Date.now();
      wipe();
    } else if (idle >= idleS) {
      if (!this.#asking) {
        this.#asking = true;
        ask();
      }
      tick(Math.ceil(idleS + countdownS - idle));
    }
  }
}
