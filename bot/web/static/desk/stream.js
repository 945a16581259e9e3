// One connection for everything the page must learn. The server numbers events; after any break the page asks
// from the number it saw last, so it gets exactly what it missed.

const AGAIN_MS = 3000;

/**
 * @param {string} path without the place to begin at
 * @param {string} cursor how far the page itself goes
 * @param {{event: (data: any) => void, state: (state: "live"|"broken"|"gone") => void}} on
 */
export function follow(path, cursor, on) {
  let place = cursor;
  let source = null;

  function open() {
    source = new EventSource(`${path}?after=${place}`);
    source.onmessage = (event) => {
      if (event.lastEventId) place = event.lastEventId;
      const data = JSON.parse(event.data);
      if (data.kind === "gone") {
        source.close();
        on.state("gone");
      } else if (data.kind === "hello") {
        on.state("live");
      } else {
        on.event(data);
      }
    };
    source.onerror = () => {
      on.state("broken");
      // The browser comes back by itself unless the server refused; then we do, from where we were.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MS);
    };
  }

  open();
  addEventListener("pagehide", () => source.close());
}
