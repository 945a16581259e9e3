// What the officer writes to the firm: the draft stays in this tab until it was really sent.

import { byId, el, icon } from "../kiosk/dom.js";
import { post, upload } from "./api.js";
import { Slash } from "./slash.js";

const TYPING_EVERY_MS = 3000;

export class Composer {
  #base;
  #field = byId("reply");
  #held = byId("held");
  #chips = byId("chips");
  #files = [];
  #key;
  #typed = 0;
  #sending = false;
  #on;

  /** @param {string} number of the case @param {{sent: () => void, stale: () => void}} on */
  constructor(number, on) {
    this.#base = `/desk/api/cases/${number}`;
    this.#key = `peipao-draft-${number}`;
    this.#on = on;
    this.#field.value = sessionStorage.getItem(this.#key) ?? "";
    new Slash(number, this.#field, () => this.#changed());
    this.#field.addEventListener("input", () => this.#changed());
    this.#field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.send();
      }
    });
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", () => this.#attach([...byId("file").files]));
    this.#field.addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      if (files.length && byId("attach").disabled === false) {
        event.preventDefault();
        this.#attach(files);
      }
    });
    this.refresh();
  }

  /** After the state beside the field has changed: may be written now? */
  refresh() {
    const may = byId("composer-state").dataset.write === "1";
    this.#field.disabled = !may;
    byId("send").disabled = !may || this.#sending;
    byId("attach").disabled = !may || byId("composer").dataset.files !== "1";
    byId("attach").title = byId("composer").dataset.files === "1" ? "添加文件" : "这个渠道收不到文件";
    byId("composer").hidden = false;
    byId("composer").dataset.may = may ? "1" : "0";
    if (!may && this.#field.value.trim()) this.#hold("这里现在不能写。您的草稿还留在这个页面里。");
  }

  focus() {
    this.#field.focus();
  }

  #changed() {
    sessionStorage.setItem(this.#key, this.#field.value);
    this.#grow();
    const longest = Number(byId("composer").dataset.longest);
    if (longest && this.#field.value.length > longest) {
      this.#hold(`这个渠道一条约 ${longest} 字，会分成几条送出。`);
    } else {
      this.#held.hidden = true;
    }
    if (this.#field.value.trim() && Date.now() - this.#typed > TYPING_EVERY_MS) {
      this.#typed = Date.now();
      post(`${this.#base}/typing`);
    }
  }

  #grow() {
    const lines = Math.min(8, Math.max(2, this.#field.value.split("\n").length));
    this.#field.rows = lines;
  }

  async send() {
    const text = this.#field.value.trim();
    if (this.#sending || this.#field.disabled || (!text && this.#files.length === 0)) return;
    this.#sending = true;
    byId("send").disabled = true;
    const version = Number(byId("case-head").dataset.version);
    const answer = await post(`${this.#base}/write`, { version, text, files: this.#files.map((one) => one.key) });
    this.#sending = false;
    if (answer.ok) {
      this.#field.value = "";
      sessionStorage.removeItem(this.#key);
      this.#files = [];
      this.#showFiles();
      this.#held.hidden = true;
      this.#grow();
      this.#on.sent();
    } else if (answer.body.stale) {
      this.#hold("情况有变化，这条没有发出。草稿留在这里，看过最新情况再决定发不发。");
      this.#on.stale();
    } else {
      this.#hold(`${answer.body.error ?? "没有发出。"}草稿留在这里。`);
      // The network may have failed after the server took it: look whether it is there.
      this.#on.stale();
    }
    byId("send").disabled = this.#field.disabled;
  }

  #hold(words) {
    this.#held.textContent = words;
    this.#held.hidden = false;
  }

  async #attach(files) {
    byId("file").value = "";
    for (const file of files) {
      const answer = await upload(`${this.#base}/files`, file);
      if (answer.ok) {
        this.#files.push(answer.body);
      } else {
        this.#hold(`${file.name}：${answer.body.error ?? "没有传上去。"}`);
      }
    }
    this.#showFiles();
  }

  #showFiles() {
    this.#chips.hidden = this.#files.length === 0;
    this.#chips.replaceChildren(
      ...this.#files.map((file, place) => {
        const drop = () => {
          this.#files.splice(place, 1);
          this.#showFiles();
        };
        const button = el("button", { type: "button", "aria-label": `去掉${file.name}`, onclick: drop }, icon("fails"));
        return el("li", {}, icon("file"), el("span", {}, file.name), button);
      }),
    );
  }
}
