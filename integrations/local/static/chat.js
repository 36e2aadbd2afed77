// The page of the chat: wires its parts together, and remembers what people look at.

import { act, page, tell } from "./act.js";
import { refresh, onRefresh } from "./refresh.js";
import { listen } from "./stream.js";
import { box, leave, occupied, submit } from "./composer.js";
import * as complete from "./complete.js";
import { toMessages } from "./messages.js";

const app = document.getElementById("app");

// The server shows times in the zone of the browser, which it learns from here.
const zone = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
if (!document.cookie.split("; ").includes(zone)) {
  document.cookie = `${zone}; path=/; max-age=31536000; samesite=strict`;
  refresh();
}

box.addEventListener("keydown", (e) => {
  if (e.isComposing) return;
  if (complete.showing()) {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") return done(e, () => complete.move(e.key === "ArrowDown" ? 1 : -1));
    if (e.key === "Tab" && !e.shiftKey || e.key === "Enter" && complete.chosen()) return done(e, complete.take);
  }
  if (e.key === "Enter" && !e.shiftKey) done(e, () => { complete.close(); submit(); });
  else if (e.key === "ArrowUp" && !box.value) done(e, toMessages);
  else if (e.key === "Escape") escape(e);
});

function done(e, what) {
  e.preventDefault();
  what();
}

// escape closes what is open, the smallest first.
function escape(e) {
  if (complete.showing()) done(e, complete.close);
  else if (occupied()) done(e, leave);
}

// What stands beside the chat: tabs on a wide screen, views on a narrow one.
const tabs = [...document.querySelectorAll("[role=tab]")];

function showTab(name) {
  app.dataset.tab = name;
  for (const tab of tabs) {
    tab.ariaSelected = String(tab.dataset.tab === name);
    tab.tabIndex = tab.dataset.tab === name ? 0 : -1;
  }
  document.getElementById("part").setAttribute("aria-labelledby", `tab-${name}`);
}

function showView(name) {
  app.dataset.show = name;
  if (name !== "chat") showTab(name);
  for (const button of document.querySelectorAll("[data-view]")) {
    button.ariaPressed = String(button.dataset.view === name);
    if (button.dataset.view === name) button.classList.remove("news");
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", () => showTab(tab.dataset.tab));
  tab.addEventListener("keydown", (e) => {
    if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return;
    const other = tabs.find((t) => t !== tab);
    showTab(other.dataset.tab);
    other.focus();
  });
}
for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => showView(button.dataset.view));

document.addEventListener("part-read", (e) => {
  hint.hidden ||= e.target.querySelector(".entry") !== null; // whoever has a timeline knows how
  if (e.detail.fresh.length && app.dataset.show === "chat") document.querySelector("[data-view=timeline]")?.classList.add("news");
});

// The rooms, on a narrow screen, slide in.
function slide(open) {
  app.classList.toggle("side-open", open);
  document.getElementById("burger").ariaExpanded = String(open);
}

document.addEventListener("click", (e) => {
  if (e.target.closest("#burger")) slide(!app.classList.contains("side-open"));
  else if (!e.target.closest("#side")) slide(false);
  for (const drop of document.querySelectorAll("details.drop[open]")) drop.open = drop.contains(e.target) && !e.target.closest("button");
  const what = e.target.closest("[data-room-do]")?.dataset.roomDo;
  if (what) act(`/rooms/${page.room}/${what}`).then(refresh, tell);
  const link = e.target.closest("a[href]");
  if (link) lead(link);
});
// lead opens other sites beside the chat, and keeps people who they are on the way to a message.
function lead(link) {
  if (link.origin !== location.origin) {
    link.target = "_blank";
    link.rel = "noreferrer";
  } else if (link.pathname.startsWith("/rooms/") && !new URL(link.href).searchParams.has("as")) {
    link.search = `?as=${page.as}`;
  }
}

document.addEventListener("keydown", (e) => {
  const drop = e.key === "Escape" && document.querySelector("details.drop[open]");
  if (drop) {
    drop.open = false;
    drop.querySelector("summary").focus();
  } else if (e.key === "Escape" && app.classList.contains("side-open")) {
    slide(false);
    document.getElementById("burger").focus();
  }
});

// Rooms where something was said since they were last looked at.
const seenKey = `seen/${page.as}`;

function markRooms() {
  const seen = JSON.parse(localStorage.getItem(seenKey) ?? "{}");
  for (const row of document.querySelectorAll("#lists a[data-room]")) {
    if (row.dataset.room === page.room && !document.hidden) seen[page.room] = row.dataset.last;
    row.classList.toggle("news", row.dataset.room !== page.room && row.dataset.last > (seen[row.dataset.room] ?? ""));
  }
  localStorage.setItem(seenKey, JSON.stringify(seen));
}
onRefresh(markRooms);
markRooms();

// While nobody looks, the title counts what was said.
const title = document.title;
let unread = 0;
onRefresh((fresh) => {
  if (!document.hidden) return;
  unread += fresh.length;
  if (unread) document.title = `(${unread}) ${title}`;
});
document.addEventListener("visibilitychange", () => {
  unread = 0;
  document.title = title;
});

// One line for somebody who is here for the first time.
const hint = document.getElementById("first-hint");
hint.hidden = localStorage.getItem("hint") === "seen" || document.querySelector(".intro") !== null;
hint.querySelector("button").addEventListener("click", () => {
  localStorage.setItem("hint", "seen");
  hint.hidden = true;
  box.focus();
});

listen();
app.ariaBusy = "false";
