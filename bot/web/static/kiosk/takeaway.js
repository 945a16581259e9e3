// Taking the result along: a QR code and a typed code by which the talk goes on elsewhere, and a printed slip.

import { link } from "./api.js";
import { byId, el, icon } from "./dom.js";
import { clearSlip, fillSlip, printSlip } from "./slip.js";

const SVG = "http://www.w3.org/2000/svg";

/** @param {string[]} rows from top to bottom, one `1` for each dark field, with the quiet border */
function qrCode(rows, title) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  svg.setAttribute("class", "qr");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${title}二维码`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const dark = rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`));
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", dark.join(""));
  svg.append(path);
  return svg;
}

export class Takeaway {
  #session;
  #place;
  #result = { check: null, ranking: [], opened: null };
  #facts = "";
  #checkedFacts = "";
  #asked = 0;
  #ends = 0;
  #ticks = 0;

  /**
   * @param {{get: () => string|null}} session
   * @param {string} place where the kiosk stands, or empty
   * @param {(product: string) => void} check asks for a pre-check
   */
  constructor(session, place, check) {
    this.#session = session;
    this.#place = place;
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-take]")) this.#open();
    });
    byId("take-again").addEventListener("click", () => this.#fetch());
    byId("take-print").addEventListener("click", () => {
      fillSlip({ ...this.#result, place: this.#place, stale: this.#stale });
      printSlip();
    });
    byId("take-recheck").addEventListener("click", () => {
      byId("take-sheet").close();
      check(this.#result.check.product);
    });
    byId("take-sheet").addEventListener("close", () => this.#forgetCode());
    this.#show();
  }

  /** What was answered: the newest pre-check is what is taken along. @param {{card?: object}[]} replies */
  replies(replies) {
    const check = replies.findLast(({ card }) => card?.kind === "check")?.card;
    if (check) {
      this.#result.check = check;
      this.#checkedFacts = "";
    }
    this.#show();
  }

  /** @param {{facts?: object, ranking?: object[], case?: object|null}} state of the same answer, afterwards */
  state(state) {
    if (state.facts) {
      this.#facts = JSON.stringify(state.facts);
      this.#checkedFacts ||= this.#facts;
    }
    if (state.ranking?.length) this.#result.ranking = state.ranking;
    if ("case" in state) this.#result.opened = state.case;
    this.#show();
  }

  clear() {
    this.#result = { check: null, ranking: [], opened: null };
    this.#facts = this.#checkedFacts = "";
    this.#forgetCode();
    clearSlip();
    this.#show();
  }

  #show() {
    const { check, ranking, opened } = this.#result;
    byId("take").hidden = !check && ranking.length === 0 && !opened;
  }

  /** The firm has said more since the pre-check. */
  get #stale() {
    return this.#result.check !== null && this.#facts !== this.#checkedFacts;
  }

  #open() {
    byId("take-stale").hidden = !this.#stale;
    byId("take-sheet").showModal();
    this.#fetch();
  }

  async #fetch() {
    const mine = ++this.#asked;
    this.#forgetCode(mine);
    byId("take-wait").hidden = false;
    byId("take-again").hidden = true;
    byId("take-wait").textContent = "正在取接续码…";
    let answer;
    try {
      answer = await link(this.#session.get() ?? "");
    } catch {
      answer = { status: 0, body: {}, lastsS: 0 };
    }
    // Closed or wiped meanwhile: the code is shown to nobody, and ends by itself.
    if (mine !== this.#asked || !byId("take-sheet").open) return;
    if (answer.status !== 200) {
      this.#say("现在取不到接续码，可以先打印小票，稍后再取。");
      return;
    }
    const { code, ways } = answer.body;
    if (ways.length === 0) {
      this.#say("这里还没有接通公众号等渠道，请打印小票带走。", false);
      return;
    }
    byId("take-wait").hidden = true;
    byId("take-ways").replaceChildren(
      ...ways.map((way) => el("li", {}, qrCode(way.qr, way.title), el("p", {}, "用手机扫码，", el("br"), "在", el("b", {}, way.title), "接着谈"))),
    );
    byId("take-code").textContent = code;
    byId("take-code-part").hidden = false;
    this.#ends = Date.now() + answer.lastsS * 1000;
    this.#ticks = setInterval(() => this.#tick(), 500);
    this.#tick();
  }

  #say(words, again = true) {
    byId("take-wait").hidden = false;
    byId("take-wait").textContent = words;
    byId("take-again").hidden = !again;
  }

  #tick() {
    const left = Math.ceil((this.#ends - Date.now()) / 1000);
    if (left <= 0) {
      this.#forgetCode(this.#asked);
      this.#say("接续码已经过期。");
      return;
    }
    byId("take-left").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }

  /** @param {number} [asked] the request that goes on; without it, what is still on its way is dropped */
  #forgetCode(asked = this.#asked + 1) {
    this.#asked = asked;
    clearInterval(this.#ticks);
    byId("take-ways").replaceChildren();
    byId("take-code").textContent = "";
    byId("take-code-part").hidden = true;
  }
}

/** The button under a result. */
export function takeButton() {
  return el("button", { type: "button", class: "choice", "data-take": true }, icon("take"), "带走结果");
}
