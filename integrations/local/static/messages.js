// Lets people walk through the messages and do something with one: by its tools, its menu, or a key.

import { act, page, tell, toast } from "./act.js";
import { refresh, onRefresh, toEnd } from "./refresh.js";
import { box, write } from "./composer.js";
import { openForm } from "./dialogs.js";

const messages = document.getElementById("messages");
const menu = document.getElementById("menu");
const picker = document.getElementById("picker");
const newest = document.getElementById("newest");
const news = document.getElementById("news");
const dismissed = new Set(JSON.parse(localStorage.getItem("dismissed") ?? "[]"));
let subject = null; // the id of the message that the menu is about
let current = null; // the id of the one message that Tab leads to

const all = () => [...messages.querySelectorAll(".message:not(.dismissed)")];
const path = (id, what) => `/rooms/${page.room}/messages/${id}/${what}`;
const own = (message, selector) => [...message.querySelectorAll(selector)].filter((e) => e.closest(".message") === message);

// settle lets Tab lead to one message, and within it to what can be pressed.
function settle() {
  const there = all();
  const chosen = document.getElementById(current) ?? there.at(-1);
  for (const message of there) {
    const index = message === chosen ? 0 : -1;
    message.tabIndex = index;
    for (const inner of own(message, "a, button, summary")) inner.tabIndex = index;
  }
}

function go(message) {
  if (!message) return;
  current = message.id;
  settle();
  message.focus({ preventScroll: true });
  message.scrollIntoView({ block: "nearest" });
}

// toMessages leads from the box to the newest message.
export function toMessages() { go(document.getElementById(current) ?? all().at(-1)); }

function step(by) {
  const there = all();
  const at = there.findIndex((m) => m.id === current);
  if (at + by >= there.length) box.focus();
  else go(there[Math.max(0, at + by)]);
}

const does = {
  timeline: (m) => call(m, "timeline"),
  supporting: (m) => call(m, "supporting"),
  reply: (m) => write("reply", m),
  edit: (m) => { if (m.dataset.mine !== undefined) write("edit", m); },
  command: (m) => write("command", m),
  pin: (m) => run(act(path(m.dataset.id, "pin"), { set: m.dataset.pinned === undefined ? "yes" : "no" })),
  delete: (m) => remove(m),
  copy: (m) => navigator.clipboard.writeText(m.dataset.raw ?? m.querySelector(".text")?.innerText ?? "").catch(() => toast("The browser does not let the page copy. Select the text and copy it yourself.")),
  picker: (m) => openAt(picker, m),
  menu: (m) => openMenu(m),
  dismiss: (m) => dismiss(m),
};

async function run(doing) {
  try {
    const result = await doing;
    await refresh();
    if (result.form) openForm(result.message);
  } catch (problem) {
    tell(problem);
  }
}

function call(message, action) { run(act(path(message.dataset.id, "call"), { action })); }

// react sets one's own emoji, or takes it back.
function react(message, emoji) {
  const mine = own(message, ".reaction").some((r) => r.dataset.emoji === emoji && r.ariaPressed === "true");
  run(act(path(message.dataset.id, "react"), { emoji, set: mine ? "no" : "yes" }));
}

function remove(message) {
  step(-1);
  run(act(path(message.dataset.id, "delete")));
}

function dismiss(message) {
  step(1);
  dismissed.add(message.id);
  localStorage.setItem("dismissed", JSON.stringify([...dismissed].slice(-500)));
  message.classList.add("dismissed");
}

// openAt shows a menu beside a message and leads into it.
function openAt(panel, message) {
  subject = message.id;
  panel.showPopover();
  const row = (own(message, "[data-do=menu]")[0] ?? message).getBoundingClientRect();
  const anchor = row.height ? row : message.getBoundingClientRect();
  const top = Math.min(anchor.bottom + 4, innerHeight - panel.offsetHeight - 8);
  const left = Math.min(anchor.right - panel.offsetWidth, innerWidth - panel.offsetWidth - 8);
  panel.style.top = `${Math.max(8, top)}px`;
  panel.style.left = `${Math.max(8, left)}px`;
  panel.querySelector("button:not([hidden])").focus();
}

function openMenu(message) {
  if (message.dataset.whisper !== undefined) return;
  for (const item of menu.querySelectorAll("[data-own]")) item.hidden = message.dataset.mine === undefined;
  menu.querySelector("[data-do=pin] span").textContent = message.dataset.pinned === undefined ? "Pin to the room" : "Unpin from the room";
  openAt(menu, message);
}

function choose(button, message) {
  if (button.dataset.quick) react(message, button.dataset.quick);
  else if (button.dataset.emoji) react(message, button.dataset.emoji);
  else if (button.dataset.press !== undefined) run(act(path(message.dataset.id, "press"), { action: button.dataset.press, value: button.dataset.value }));
  else does[button.dataset.do]?.(message);
}

messages.addEventListener("click", (e) => {
  const button = e.target.closest("button");
  const message = e.target.closest(".message");
  if (button && message && !button.closest("dialog")) choose(button, message);
});
messages.addEventListener("focusin", (e) => {
  const message = e.target.closest(".message");
  if (message && message.id !== current) {
    current = message.id;
    settle();
  }
});

const keys = { p: (m) => react(m, "📌"), s: (m) => react(m, "📎"), r: does.reply, e: does.edit, "+": does.picker, Enter: does.menu };
const steps = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -1e6 };

messages.addEventListener("keydown", (e) => {
  const message = e.target.closest(".message");
  if (e.target.closest("dialog") || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape" || e.key === "End") {
    e.preventDefault();
    e.key === "End" ? go(all().at(-1)) : box.focus();
  } else if (e.key in steps) {
    e.preventDefault();
    step(steps[e.key]);
  } else if (e.target === message && e.key in keys) {
    if (message.dataset.whisper !== undefined) return;
    e.preventDefault();
    keys[e.key](message);
  }
});

// Menus: arrow keys go round, a letter is nothing, Escape leads back.
for (const panel of [menu, picker]) {
  const columns = panel === picker ? 7 : 1;
  panel.addEventListener("keydown", (e) => {
    const items = [...panel.querySelectorAll("button:not([hidden])")];
    const by = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (by === undefined) return;
    e.preventDefault();
    items[(items.indexOf(document.activeElement) + by + items.length) % items.length].focus();
  });
  panel.addEventListener("click", (e) => {
    const button = e.target.closest("button");
    const message = document.getElementById(subject);
    if (!button || !message) return;
    panel.hidePopover();
    go(message);
    choose(button, message);
  });
  panel.addEventListener("toggle", (e) => {
    if (e.newState === "closed" && (document.activeElement === document.body || panel.contains(document.activeElement))) {
      document.getElementById(subject)?.focus({ preventScroll: true });
    }
  });
}

newest.addEventListener("click", () => { toEnd(); newest.hidden = true; });

function hideDismissed() {
  for (const message of all()) message.classList.toggle("dismissed", dismissed.has(message.id));
}

onRefresh((fresh, stuck) => {
  hideDismissed();
  settle();
  const others = fresh.filter((m) => m.dataset.mine === undefined && !m.classList.contains("dismissed"));
  if (!others.length) return;
  newest.hidden = stuck;
  news.textContent = others.map((m) => `${m.dataset.author}: ${m.querySelector(".text")?.innerText ?? ""}`).join(". ");
});

hideDismissed();
settle();
if (page.chosen) {
  const message = document.getElementById(`m${page.chosen}`);
  message?.classList.add("chosen");
  go(message);
  message?.scrollIntoView({ block: "center" });
} else {
  toEnd();
}
