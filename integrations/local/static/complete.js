// Shows what could follow in a command that is being typed. Arrow keys choose, Tab takes, Escape closes.

import { page } from "./act.js";
import { box, grown } from "./composer.js";

const panel = document.getElementById("suggest");
const usage = document.getElementById("usage");
const list = document.getElementById("choices");
let choices = [];
let at = 0;
let asked = 0; // counts what was asked, so that a late answer to an old question is dropped
let moved = false; // somebody went through the list, so Enter takes from it

export const showing = () => !panel.hidden && choices.length > 0;
export const chosen = () => showing() && moved;

export function close() {
  asked++;
  panel.hidden = true;
  choices = [];
  box.ariaExpanded = "false";
  box.removeAttribute("aria-activedescendant");
}

// look asks what could follow what stands before the caret.
export async function look() {
  const text = box.value.slice(0, box.selectionStart);
  if (!text.startsWith("/") || box.selectionEnd !== box.value.length || text.includes("\n")) return close();
  if (text !== page.slash && page.slash.startsWith(text) || text === page.slash) {
    return show({ choices: [{ value: page.slash, label: "ask the bot" }] });
  }
  if (!text.startsWith(`${page.slash} `)) return close();
  const question = ++asked;
  const line = encodeURIComponent(text.slice(page.slash.length + 1));
  try {
    const answer = await fetch(`/rooms/${page.room}/complete?as=${page.as}&line=${line}`);
    const found = answer.ok && await answer.json();
    if (found && question === asked) show(found);
  } catch {
    close(); // the server is away, which is shown elsewhere
  }
}

function show(found) {
  choices = found.choices ?? [];
  moved = false;
  usage.replaceChildren();
  if (found.usage) {
    const shape = document.createElement("code");
    shape.textContent = found.usage;
    usage.append(shape, found.help ? ` – ${found.help}` : "");
  }
  list.replaceChildren(...choices.map(item));
  panel.hidden = choices.length === 0 && !found.usage;
  box.ariaExpanded = String(choices.length > 0);
  select(0);
}

function item(choice, i) {
  const row = document.createElement("li");
  row.id = `choice-${i}`;
  row.role = "option";
  const value = document.createElement("span");
  value.className = "value";
  value.textContent = choice.value;
  const about = document.createElement("span");
  about.className = "about";
  about.textContent = aboutOf(choice);
  row.append(value, about);
  row.addEventListener("mousedown", (e) => {
    e.preventDefault();
    select(i);
    take();
  });
  return row;
}

// aboutOf is what a label says beyond the value.
function aboutOf(choice) {
  if (choice.label === choice.value) return "";
  return choice.label.startsWith(`${choice.value} – `) ? choice.label.slice(choice.value.length + 3) : choice.label;
}

function select(i) {
  at = choices.length ? (i + choices.length) % choices.length : 0;
  [...list.children].forEach((row, n) => { row.ariaSelected = String(n === at); });
  if (!choices.length) return;
  box.setAttribute("aria-activedescendant", `choice-${at}`);
  list.children[at].scrollIntoView({ block: "nearest" });
}

export function move(by) {
  moved = true;
  select(at + by);
}

// take puts the chosen value in the place of the last word.
export function take() {
  const value = choices[at].value;
  box.value = box.value.slice(0, lastWord(box.value)) + value + (value.endsWith(":") ? "" : " ");
  grown();
  look();
}

// lastWord is where the last word begins. Blanks within double quotes do not end one.
function lastWord(text) {
  let quoted = false;
  let from = 0;
  [...text].reduce((i, c) => {
    if (c === '"') quoted = !quoted;
    if (c === " " && !quoted) from = i + 1;
    return i + c.length;
  }, 0);
  return from;
}

box.addEventListener("input", look);
box.addEventListener("blur", close);
