// Copies what a button points at, and says so. Without it the field can still be selected by hand.
const said = document.querySelector("[data-said]");

for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    let done = true;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // No permission, or no secure context: the field is selected, and its keys work.
      done = false;
    }
    if (done) button.textContent = button.dataset.done;
    if (said) said.textContent = done ? said.dataset.done : said.dataset.selected;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

for (const field of document.querySelectorAll("input[readonly], textarea[readonly]")) {
  field.addEventListener("focus", () => field.select());
}
