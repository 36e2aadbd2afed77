// Keeps the page current: it is read again, and what differs is put in place. So nothing can be missed, however long the
// page slept.

import { page } from "./act.js";
import { mend, remember } from "./mend.js";

const scroll = document.getElementById("scroll");
const messages = document.getElementById("messages");
const regions = ["lists", "head", "stretch", "messages", "empty", "closed"];
const listeners = [];

for (const id of regions) remember(document.getElementById(id));

// onRefresh calls a function with the messages that are new, after each time.
export function onRefresh(listener) { listeners.push(listener); }

let running = null;
let queued = null;

// refresh resolves when the page shows what was so when it was called.
export function refresh() {
  if (running) {
    queued ??= running.then(() => {
      queued = null;
      return refresh();
    });
    return queued;
  }
  running = read().finally(() => { running = null; });
  return running;
}

let tag = null;

async function read() {
  const address = `/rooms/${page.room}?as=${page.as}&after=${page.after || "0"}`;
  try {
    const answer = await fetch(address, { cache: "no-cache" });
    if (!answer.ok || answer.redirected) {
      location.assign(`/?as=${page.as}`);
      return;
    }
    if (tag && answer.headers.get("ETag") === tag) return;
    tag = answer.headers.get("ETag");
    put(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (problem) {
    // The stream notices that the server is away, and asks again when it is back.
    if (!(problem instanceof TypeError)) throw problem;
  }
}

function put(fresh) {
  const known = new Set([...messages.querySelectorAll(".message")].map((m) => m.id));
  for (const id of regions) mend(document.getElementById(id), fresh.getElementById(id));
  for (const list of ["#new-direct select", "#bring-in select", "#handles"]) {
    offer(document.querySelector(list), fresh.querySelector(list));
  }
  document.getElementById("composer").hidden = fresh.getElementById("composer").hidden;
  const news = [...messages.querySelectorAll(".message")].filter((m) => !known.has(m.id));
  if (stuck) toEnd();
  for (const listener of listeners) listener(news, stuck);
}

// offer replaces what can be chosen from, and leaves chosen what is.
function offer(old, fresh) {
  if (old.innerHTML === fresh.innerHTML || old.closest("dialog[open]")) return;
  const chosen = old.value;
  old.innerHTML = fresh.innerHTML;
  if (chosen && [...old.children].some((option) => option.value === chosen)) old.value = chosen;
}

// stuck says that the newest message is in sight, and is to stay there.
let stuck = true;

export function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  stuck = true;
}

scroll.addEventListener("scroll", () => {
  stuck = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  if (stuck) document.getElementById("newest").hidden = true;
}, { passive: true });

const growth = new ResizeObserver(() => { if (stuck) toEnd(); });
growth.observe(messages);
growth.observe(scroll);
