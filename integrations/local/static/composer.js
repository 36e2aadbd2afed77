// The box that people write in: sends, edits, answers, and keeps what could not be sent.

import { act, newKey, page, Away, Refused, toast, tell } from "./act.js";
import { refresh, toEnd } from "./refresh.js";
import { openForm } from "./dialogs.js";

const form = document.getElementById("composer");
const context = document.getElementById("context");
const list = document.getElementById("attached");
const chooser = document.getElementById("files");
export const box = document.getElementById("box");

const draft = `draft/${page.as}/${page.room}`;
let about = null; // { kind: "edit" | "reply" | "command", id, name }
let files = [];
let again = null; // what could not be sent, with the key that it was sent under

const messagePath = (id) => `/rooms/${page.room}/messages/${id}`;

// write puts people into the box: to edit a message, to answer it, or to use it in a command.
export function write(kind, message) {
  about = { kind, id: kind === "reply" ? message.dataset.thread : message.dataset.id };
  const what = { edit: "Editing your message", reply: `Answering ${message.dataset.author}`, command: `With the message of ${message.dataset.author}` }[kind];
  const says = message.querySelector(".text")?.textContent.trim() ?? "";
  context.querySelector("span").textContent = `${what}: ${says}`;
  context.hidden = false;
  if (kind === "edit") box.value = message.dataset.raw;
  if (kind === "command" && !box.value) box.value = `${page.slash} `;
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
  grown();
}

// leave goes back to writing something new.
export function leave() {
  if (about?.kind === "edit") box.value = "";
  about = null;
  context.hidden = true;
  grown();
}

export const occupied = () => about !== null;

// grown fits the box to its text and keeps the draft.
export function grown() {
  if (!CSS.supports("field-sizing", "content")) {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }
  if (about?.kind !== "edit") sessionStorage.setItem(draft, box.value);
}

function attach(more) {
  files = [...files, ...more].slice(0, 10);
  list.hidden = files.length === 0;
  list.replaceChildren(...files.map((file, i) => {
    const item = document.createElement("li");
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "✕";
    remove.ariaLabel = `Leave out ${file.name}`;
    remove.addEventListener("click", () => {
      files.splice(i, 1);
      attach([]);
      box.focus();
    });
    item.append(file.name, " ", remove);
    return item;
  }));
}

// A letter is what is sent at once, so that more can be written meanwhile.
function seal() {
  const letter = { text: box.value, about, files, key: newKey() };
  if (again && same(again, letter)) letter.key = again.key;
  box.value = "";
  files = [];
  attach([]);
  leave();
  return letter;
}

const same = (a, b) => a.text === b.text && a.about?.id === b.about?.id && a.about?.kind === b.about?.kind && a.files.length === b.files.length && a.files.every((f, i) => f === b.files[i]);

// unseal puts a letter back that could not be sent.
function unseal(letter) {
  again = letter;
  box.value = box.value ? `${letter.text}\n${box.value}` : letter.text;
  attach(letter.files);
  about = letter.about;
  context.hidden = about === null;
  grown();
}

async function post(letter) {
  if (letter.about?.kind === "edit") return act(`${messagePath(letter.about.id)}/edit`, { text: letter.text }, letter.key);
  const body = new FormData();
  body.set("text", letter.text);
  if (letter.about?.kind === "reply") body.set("thread", letter.about.id);
  if (letter.about?.kind === "command") body.set("on", letter.about.id);
  for (const file of letter.files) body.append("files", file);
  return act(`/rooms/${page.room}/messages`, body, letter.key);
}

let line = Promise.resolve(); // letters are sent in the order in which they were written

async function deliver(letter) {
  try {
    const result = await post(letter);
    again = null;
    await refresh();
    if (!letter.about || letter.about.kind === "command") toEnd();
    if (result.form) openForm(result.message);
  } catch (problem) {
    unseal(letter);
    if (problem instanceof Away) toast("Boswell does not answer. Your text is kept in the box; send it again when it is back.");
    else if (problem instanceof Refused) toast(problem.message);
    else throw problem;
  }
}

export function submit() {
  if (!box.value.trim() && files.length === 0) return;
  const letter = seal();
  line = line.then(() => deliver(letter));
}

form.addEventListener("submit", (e) => {
  e.preventDefault();
  submit();
});
box.addEventListener("input", grown);
context.querySelector("button").addEventListener("click", () => { leave(); box.focus(); });
document.getElementById("attach").addEventListener("click", () => chooser.click());
chooser.addEventListener("change", () => { attach([...chooser.files]); chooser.value = ""; box.focus(); });
box.addEventListener("paste", (e) => {
  if (e.clipboardData.files.length) {
    e.preventDefault();
    attach([...e.clipboardData.files]);
  }
});

const talk = document.getElementById("talk");
talk.addEventListener("dragover", (e) => {
  if (!e.dataTransfer.types.includes("Files")) return;
  e.preventDefault();
  form.classList.add("over");
});
talk.addEventListener("dragleave", () => form.classList.remove("over"));
talk.addEventListener("drop", (e) => {
  e.preventDefault();
  form.classList.remove("over");
  attach([...e.dataTransfer.files]);
});

document.addEventListener("click", (e) => {
  if (e.target.id === "unarchive") act(`/rooms/${page.room}/archive`, { open: "yes" }).then(refresh, tell);
});

box.value ||= sessionStorage.getItem(draft) ?? ""; // who types faster than the page loads keeps what is typed
grown();
