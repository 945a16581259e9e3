// One case: keys for its three columns, the list and the printer.

const COLUMNS = { 1: "brief", 2: "transcript", 3: "timeline" };

document.getElementById("print").addEventListener("click", () => window.print());

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.matches("input, textarea, select, [contenteditable]")) return;
  if (event.key in COLUMNS) {
    document.getElementById(COLUMNS[event.key]).focus();
  } else if (event.key === "p" || event.key === "P") {
    window.print();
  } else if (event.key === "Escape") {
    document.getElementById("back").click();
  } else {
    return;
  }
  event.preventDefault();
});

// The newest words are what an officer looks for first.
const transcript = document.getElementById("transcript");
transcript.scrollTop = transcript.scrollHeight;
