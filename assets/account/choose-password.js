// Sends the chosen password to the address of the page, which is the mailed link.
"use strict";

const form = document.querySelector("form");
const told = document.querySelector("[role=status]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [password, again] = form.querySelectorAll("input");
  if (password.value !== again.value) {
    told.textContent = form.dataset.different;
    return;
  }
  const button = form.querySelector("button");
  button.disabled = true;
  told.textContent = "";
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify({ [form.dataset.field]: password.value }),
    });
    if (answer.ok) {
      form.hidden = true;
      told.textContent = form.dataset.done;
      return;
    }
    const problem = await answer.json();
    const reasons = (problem.errors ?? []).map((error) => error.message);
    told.textContent = reasons.length > 0 ? reasons.join(" ") : problem.detail;
  } catch {
    told.textContent = form.dataset.away;
  }
  button.disabled = false;
});
