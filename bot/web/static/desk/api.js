// Asks the desk's own routes. What comes back is never trusted to be there: a login may have ended.

const csrf = () => document.querySelector('meta[name="csrf"]').content;
const LOGIN = "/desk/login";

/** A login that has ended leads to the login page rather than to a page that is dead. */
function checked(response) {
  if (response.status === 401 || (response.redirected && response.url.endsWith(LOGIN))) {
    location.assign(LOGIN);
  }
  return response;
}

/**
 * @param {string} path
 * @param {object} [body] sent as JSON
 * @returns {Promise<{ok: boolean, status: number, body: any}>} status 0: the network failed
 */
export async function post(path, body = {}) {
  const headers = { "Content-Type": "application/json", "x-csrf-token": csrf() };
  return answered(fetch(path, { method: "POST", headers, body: JSON.stringify(body), cache: "no-store" }));
}

/** Sends one file. @param {string} path @param {File} file */
export async function upload(path, file) {
  const body = new FormData();
  body.append("file", file);
  return answered(fetch(path, { method: "POST", headers: { "x-csrf-token": csrf() }, body, cache: "no-store" }));
}

/** @param {string} path */
export async function getJson(path) {
  return answered(fetch(path, { cache: "no-store" }));
}

/** A page or a piece of one as a document. @param {string} path @returns {Promise<Document|null>} */
export async function getPage(path) {
  try {
    const response = checked(await fetch(path, { cache: "no-store" }));
    return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  } catch {
    return null;
  }
}

async function answered(asked) {
  try {
    const response = checked(await asked);
    const body = await response.json().catch(() => ({}));
    return { ok: response.ok, status: response.status, body };
  } catch {
    return { ok: false, status: 0, body: { error: "网络不通，没有办成。" } };
  }
}
