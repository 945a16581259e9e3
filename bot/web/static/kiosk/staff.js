// Calls somebody of the staff to the kiosk: asked once, said when it is done, and not again for a while.

import { callStaff } from "./api.js";
import { byId } from "./dom.js";

const ASK = ["请工作人员过来？", "会告诉工作台有人在这里等。您写的内容不会一起发过去。"];
const DONE = ["已呼叫工作人员", "请在这里稍等，工作人员会过来。"];
const FAILED = ["现在呼叫不到", "请直接到服务台找工作人员。"];

export function startStaff() {
  const button = byId("staff");
  const sheet = byId("staff-sheet");
  const yes = byId("staff-yes");

  const show = ([title, words], mayCall) => {
    byId("staff-title").textContent = title;
    byId("staff-words").textContent = words;
    yes.hidden = !mayCall;
    byId("staff-close").textContent = mayCall ? "不用了" : "知道了";
  };
  const setCalled = (called) => {
    button.querySelector("span").textContent = called ? "已呼叫" : "呼叫工作人员";
    button.toggleAttribute("data-called", called);
    button.disabled = called;
  };

  button.addEventListener("click", () => {
    show(ASK, true);
    sheet.showModal();
  });
  yes.addEventListener("click", async () => {
    yes.disabled = true;
    try {
      const { again_s: seconds } = await callStaff();
      show(DONE, false);
      setCalled(true);
      setTimeout(() => setCalled(false), seconds * 1000);
    } catch {
      show(FAILED, false);
    } finally {
      yes.disabled = false;
    }
  });
}
