// Showing what is wrong at the fields that it is about.

import { el } from "./dom.js";

function nearest(panel, pointer) {
  for (let place = pointer; ; place = place.slice(0, place.lastIndexOf("/"))) {
    const found = panel.querySelector(`[data-pointer="${CSS.escape(place)}"]`);
    if (found || place === "") {
      return found;
    }
  }
}

function reveal(element) {
  for (let body = element.closest(".member-body[hidden]"); body; body = body.parentElement.closest(".member-body[hidden]")) {
    body.hidden = false;
    body.parentElement.querySelector("[aria-expanded]").setAttribute("aria-expanded", "true");
  }
}

function clear(form) {
  for (const note of form.querySelectorAll("[data-fault]")) {
    note.remove();
  }
  for (const input of form.querySelectorAll("[data-faulty]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("data-faulty");
    input.removeAttribute("aria-describedby");
  }
}

function showAt(element, fault, number) {
  const id = `fault-${number}`;
  element.append(el("div", { id, class: fault.blocks ? "errorlist" : "warning-text", "data-fault": true }, fault.message));
  const input = element.querySelector("input, select, textarea");
  if (input) {
    if (fault.blocks) {
      input.setAttribute("aria-invalid", "true");
    }
    input.setAttribute("data-faulty", "");
    input.setAttribute("aria-describedby", id);
  }
  if (fault.blocks) {
    reveal(element);
  }
  return input ?? element;
}

/** Show `violations`, which block, and `warnings`, which do not, in the form's panel and as a list that leads there. */
export function showFaults({ form, panel, list, violations, warnings, lead }) {
  clear(form);
  const faults = [
    ...violations.map((each) => ({ ...each, blocks: true })),
    ...warnings.map((each) => ({ ...each, blocks: false })),
  ];
  list.replaceChildren(
    ...faults.map((fault, number) => {
      const element = fault.place === "name" ? form.querySelector("[data-name-field]") : nearest(panel, fault.pointer);
      const target = element && fault.place !== "other" ? showAt(element, fault, number) : null;
      const where = fault.pointer.slice(1).split("/").join(" › ");
      const text = [where ? el("code", {}, where) : null, " ", fault.message];
      const sort = fault.blocks ? "fault" : "fault warning";
      const go = () => {
        reveal(target);
        lead(target);
      };
      return el("li", {}, target ? el("button", { type: "button", class: sort, onclick: go }, ...text) : el("span", { class: sort }, ...text));
    }),
  );
}
