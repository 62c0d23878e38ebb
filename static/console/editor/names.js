// Names that people give to members and entries: a new one, and another for one that is there.

import { el, icon } from "./dom.js";
import { renamedKey } from "./shapes.js";

function refusal(context, name, holder) {
  if (name === "") {
    return context.text("empty_name");
  }
  return name in holder ? context.text("name_taken") : "";
}

function nameInput(label, attributes) {
  return el("input", { class: "code", "aria-label": label, spellcheck: "false", autocomplete: "off", ...attributes });
}

/** An input for a name that is not in `holder` yet, its fault, and a button; `add` gets the name. */
export function newName(context, holder, label, add) {
  const fault = el("div", { class: "errorlist", role: "alert" });
  const submit = () => {
    const name = input.value.trim();
    fault.textContent = refusal(context, name, holder);
    if (fault.textContent === "") {
      add(name);
    } else {
      input.focus();
    }
  };
  const onkeydown = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      submit();
    }
  };
  const input = nameInput(label, { placeholder: context.text("name"), onkeydown });
  const button = el("button", { type: "button", class: "button small", onclick: submit }, icon("plus"), context.text("add"));
  return { input, fault, button, onkeydown };
}

/** The name of what is at `path` in its holder; what refers to it follows. Escape takes back what was typed. */
export function heldName(context, path) {
  const [holderPath, name] = [path.slice(0, -1), path.at(-1)];
  const fault = el("div", { class: "errorlist", role: "alert" });
  const onchange = (event) => {
    const next = event.target.value.trim();
    const holder = context.get(holderPath);
    fault.textContent = next === name ? "" : refusal(context, next, holder);
    if (next === name || fault.textContent !== "") {
      event.target.value = name;
      return;
    }
    context.restructure(() => {
      context.set(holderPath, renamedKey(holder, name, next));
      context.renamed(holderPath.at(-1), name, next);
    }, [...holderPath, next]);
  };
  const onkeydown = (event) => {
    if (event.key === "Escape") {
      event.target.value = name;
    }
  };
  const input = nameInput(`${context.text("name")}: ${context.nameOf(path)}`, { value: name, onchange, onkeydown });
  return { input, fault };
}
