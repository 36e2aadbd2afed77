// Hears from the server when something changed, and shows when it is away.

import { refresh } from "./refresh.js";

const away = document.getElementById("away");
const sleepAfter = 5 * 60 * 1000; // a hidden page lets go of its connection; browsers have few
let source = null;
let showAway;
let sleep;

function open() {
  source?.close();
  source = new EventSource("/events");
  source.addEventListener("changed", refresh);
  source.addEventListener("beside", readBeside);
  source.addEventListener("open", back);
  source.addEventListener("error", lost);
}

// back reads what was missed: between the page and its stream, or while the server was away.
function back() {
  clearTimeout(showAway);
  showAway = undefined;
  away.hidden = true;
  refresh();
  readBeside();
}

function lost() {
  showAway ??= setTimeout(() => { away.hidden = false; }, 600);
  if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000);
}

function readBeside() { document.dispatchEvent(new Event("part-changed")); }

document.addEventListener("visibilitychange", () => {
  clearTimeout(sleep);
  if (document.hidden) {
    sleep = setTimeout(() => { source.close(); source = null; }, sleepAfter);
  } else if (source === null) {
    open();
  } else {
    back();
  }
});
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (e) => { if (e.persisted) open(); });

export { open as listen };
