// Opens and sends dialogs: those of the page, and the bot's forms.

import { act, page, Away, Refused } from "./act.js";
import { refresh } from "./refresh.js";

// openForm shows the form of a message.
export function openForm(id) {
  document.querySelector(`#m${CSS.escape(id)} > .body > dialog`)?.showModal();
}

document.addEventListener("click", (e) => {
  const opener = e.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (e.target.closest("[data-close]")) shut(e.target.closest("dialog"));
  if (e.target.closest("[data-form]")) openForm(e.target.closest(".message").dataset.id);
});

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.dataset.post === undefined && form.dataset.submit === undefined) return;
  e.preventDefault();
  send(form);
});

async function send(form) {
  const problem = form.querySelector(".problem");
  problem.textContent = "";
  const at = document.activeElement;
  form.inert = true;
  const message = form.closest(".message");
  const path = form.dataset.post ?? `/rooms/${page.room}/messages/${message.dataset.id}/submit`;
  try {
    const result = await act(path, new FormData(form));
    form.inert = false;
    shut(form.closest("dialog"));
    await follow(result);
    form.reset();
  } catch (e) {
    form.inert = false;
    if (form.contains(at)) at.focus(); // what is inert loses the focus
    if (e instanceof Refused) problem.textContent = e.message;
    else if (e instanceof Away) problem.textContent = "Boswell does not answer. Send it again when it is back.";
    else throw e;
  }
}

// follow goes where an action leads.
async function follow(result) {
  if (result.room || result.person) {
    location.assign(`/rooms/${result.room || page.room}?as=${result.person || page.as}`);
    return;
  }
  await refresh();
  if (result.form) openForm(result.message);
}

// shut closes a dialog. What had the focus before has it again, but Chromium leaves the caret behind: without it a box that
// has the focus takes no key.
function shut(dialog) {
  dialog.close();
  const at = document.activeElement;
  if (at?.matches("textarea")) at.setSelectionRange(at.selectionStart, at.selectionEnd);
}
