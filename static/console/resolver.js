// The conflicts of a proposal by keyboard. Every key does what a button or a link of the page does.

const conflicts = [...document.querySelectorAll("[data-conflict]")];
let current = conflicts.find((each) => `#${each.id}` === location.hash) ?? conflicts.find((each) => "open" in each.dataset) ?? conflicts[0];

function show(conflict) {
  current?.removeAttribute("aria-current");
  current = conflict;
  current.setAttribute("aria-current", "true");
}

function go(step) {
  const next = conflicts[conflicts.indexOf(current) + step];
  if (next) {
    show(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

/** Press the button of a key; of several it is for the person to say which, so they are focused in turn. */
function press(key) {
  const buttons = [...current.querySelectorAll(`[data-key="${key}"]`)];
  if (buttons.length > 1) {
    buttons[(buttons.indexOf(document.activeElement) + 1) % buttons.length].focus();
  } else {
    buttons[0]?.click();
  }
  return buttons.length > 0;
}

function edit() {
  if (press("c")) {
    const editor = current.querySelector("details.custom");
    const field = editor.querySelector("textarea, select");
    if (editor.open) {
      field.focus();
    }
  }
}

document.addEventListener("focusin", (event) => {
  const conflict = event.target.closest("[data-conflict]");
  if (conflict && conflict !== current) {
    show(conflict);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !current) {
    return;
  }
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") {
      current.focus();
    }
    return;
  }
  const act = { j: () => go(1), k: () => go(-1), c: edit }[event.key] ?? ("123smu".includes(event.key) ? () => press(event.key) : null);
  if (act) {
    event.preventDefault();
    act();
  }
});

if (current) {
  show(current);
  if (location.hash === `#${current.id}`) {
    current.focus();
  }
}
