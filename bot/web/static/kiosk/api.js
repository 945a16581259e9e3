// The chat API: one talk with the server, from its first message to its end.

const CHAT = "/api/v1/chat";
const TIMEOUT_MS = 20000;

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
    headers: { "Content-Type": "application/json", "X-Peipao-Channel": "kiosk" },
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
