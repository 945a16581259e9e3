// The chat API: one talk with the server, from its first message to its end.

const CHAT = "/api/v1/chat";
const CALL = "/api/v1/kiosk/call";
const TIMEOUT_MS = 20000;
// A header's date has whole seconds and may be a moment old.
const DATE_S = 2;
const kiosk = document.documentElement.dataset.kiosk;
// Which of the kiosks this is; a page that is none of them says nothing.
const WHERE = kiosk ? { "X-Peipao-Kiosk": kiosk } : {};

/** A key for one message; `randomUUID` needs https or localhost, a kiosk may have neither. */
export function newMessageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {{session: string|null, id: string, text?: string, payload?: string}} message
 * @returns {Promise<{status: number, body: any, retryAfter: number}>} rejects where the network fails
 */
export async function post({ session, id, text, payload }) {
  const body = { session, message_id: id };
  if (payload !== undefined) {
    body.payload = payload;
  }
  if (text !== undefined) {
    body.text = text;
  }
  const response = await fetch(CHAT, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Peipao-Channel": "kiosk", ...WHERE },
    body: JSON.stringify(body),
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = await response.json().catch(() => ({}));
  return { status: response.status, body: answer, retryAfter: Number(response.headers.get("Retry-After")) || 0 };
}

/** Ends a session on the server; still sent while the page goes away. @param {string} session */
export async function end(session) {
  await fetch(CHAT, {
    method: "DELETE",
    headers: { "X-Peipao-Session": session },
    keepalive: true,
    cache: "no-store",
  });
}

/** Sends a picture or document. @param {File} file @returns {Promise<{ok: boolean, body: any}>} */
export async function sendFile(file) {
  const form = new FormData();
  form.append("file", file);
  try {
    const response = await fetch(`${CHAT}/files`, { method: "POST", body: form, cache: "no-store" });
    return { ok: response.ok, body: await response.json().catch(() => ({})) };
  } catch {
    return { ok: false, body: {} };
  }
}

/** Tells the officer that somebody is typing. The session's cookie says who. */
export async function typing() {
  await fetch(`${CHAT}/typing`, { method: "POST", cache: "no-store" });
}

/**
 * Is the server there, and does the engine answer?
 * @returns {Promise<{online: boolean, engine: boolean}>}
 */
export async function probe() {
  try {
    const response = await fetch("/readyz", { cache: "no-store", signal: AbortSignal.timeout(6000) });
    return { online: true, engine: response.status !== 503 };
  } catch {
    return { online: false, engine: true };
  }
}

/**
 * A one-time code by which this talk goes on elsewhere.
 * @param {string} session
 * @returns {Promise<{status: number, body: any, lastsS: number}>} `lastsS`: by the server's clock, as the
 *   kiosk's own may be wrong; rejects where the network fails
 */
export async function link(session) {
  const response = await fetch(`${CHAT}/link`, {
    method: "POST",
    headers: { "X-Peipao-Session": session },
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = await response.json().catch(() => ({}));
  const said = Date.parse(response.headers.get("Date") ?? "") || Date.now();
  return { status: response.status, body, lastsS: (Date.parse(body.expires_at) - said) / 1000 - DATE_S };
}

/**
 * Calls somebody of the staff to this kiosk.
 * @returns {Promise<{again_s: number}>} rejects where nobody was called
 */
export async function callStaff() {
  const response = await fetch(CALL, {
    method: "POST",
    headers: WHERE,
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}
