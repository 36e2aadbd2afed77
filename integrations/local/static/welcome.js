// Asks a newcomer for a name.

import { act } from "./act.js";

const form = document.getElementById("welcome");

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  try {
    const result = await act("/people", new FormData(form));
    location.assign(`/rooms/${result.room}?as=${result.person}`);
  } catch (problem) {
    document.getElementById("problem").textContent = problem.message;
  }
});
