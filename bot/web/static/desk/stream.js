// One connection for everything the page must learn. The server numbers events; after any break the page asks
// from the number it saw last, so it gets exactly what it missed.

const AGAIN_MS = 3000;
// The server says something every 15 seconds: silence means a line that nobody closed and that carries nothing.
const SILENT_MS = 40000;

/**
 * @param {string} path without the place to begin at
 * @param {string} cursor how far the page itself goes
 * @param {{event: (data: any) => void, state: (state: "live"|"broken"|"gone") => void}} on
 */
export function follow(path, cursor, on) {
  let place = cursor;
  let source = null;
  let timer = 0;
  let over = false;

  function open() {
    if (over) return;
    source?.close();
    source = new EventSource(`${path}?after=${place}`);
    source.onmessage = heard;
    source.onerror = () => {
      on.state("broken");
      // The browser comes back by itself unless the server refused; then we do, from where we were.
      if (source.readyState === EventSource.CLOSED) later(AGAIN_MS);
    };
    later(SILENT_MS);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      on.state("broken");
      open();
    }, pause);
  }

  function heard(event) {
    if (event.lastEventId) place = event.lastEventId;
    later(SILENT_MS);
    const data = JSON.parse(event.data);
    if (data.kind === "gone") {
      end();
      on.state("gone");
    } else if (data.kind === "hello" || data.kind === "beat") {
      on.state("live");
    } else {
      on.event(data);
    }
  }

  function end() {
    over = true;
    clearTimeout(timer);
    source.close();
  }

  open();
  addEventListener("offline", () => {
    source.close();
    on.state("broken");
  });
  addEventListener("online", open);
  addEventListener("pagehide", end);
}
