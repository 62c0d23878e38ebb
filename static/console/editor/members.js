// Maps of members as a table: a row each with name, type and whether it is required; all else is folded below.

import { choice, control } from "./controls.js";
import { el, filled, freshId, iconButton } from "./dom.js";
import { parameters, record } from "./form.js";
import { heldName, newName } from "./names.js";
import { initial, isObject, taggedBlank } from "./shapes.js";

/** The fields that say what a member takes, or leads to; a row shows the first that it has. */
const SOURCES = ["type", "value_type", "shared_property", "target"];

const STEPS = { ArrowUp: -1, ArrowDown: 1, Enter: 1 };

export function members(context, shape, path, value) {
  const given = isObject(value) ? value : {};
  const fields = shape.value.fields;
  const columns = { source: SOURCES.find((name) => name in fields), required: "required" in fields };
  const headings = [context.text("name"), columns.source && context.label(columns.source), columns.required && context.label("required")];
  const onkeydown = (event) => walk(event, context, path);
  return el(
    "table",
    { class: "members", "data-table": context.pointer(path), onkeydown },
    el("thead", {}, el("tr", {}, headings.filter(Boolean).map((heading) => el("th", { scope: "col" }, heading)), el("td"))),
    Object.entries(given).map(([name, each]) => member(context, shape.value, [...path, name], each, columns)),
    el("tfoot", {}, adder(context, shape, path, given, columns)),
  );
}

function member(context, shape, path, value, columns) {
  const [name, given] = [path.at(-1), isObject(value) ? value : {}];
  const source = SOURCES.find((each) => each in given && each in shape.fields);
  const isOpen = isObject(value) && context.isOpen(value);
  const body = el("tr", { class: "member-body", hidden: !isOpen });
  const toggle = iconButton("chevron", filled(context.text("fields_of"), { name }), () => {
    body.hidden = !context.toggle(given);
    toggle.setAttribute("aria-expanded", String(!body.hidden));
  });
  toggle.setAttribute("aria-expanded", String(isOpen));
  const { input, fault } = heldName(context, path);
  const cells = [
    el("td", { "data-pointer": context.pointer(path) }, el("div", { class: "member-name" }, toggle, input), fault),
    columns.source ? el("td", {}, sourceOf(context, shape, path, given, source)) : null,
    columns.required ? el("td", pointed(context, [...path, "required"], "member-required"), required(context, path, given)) : null,
    el("td", {}, iconButton("trash", filled(context.text("remove"), { name }), (event) => removed(event, context, path))),
  ].filter(Boolean);
  body.append(el("td", { colspan: cells.length }, record(context, shape, path, value, [source, "required"])));
  return el("tbody", { class: "member" }, el("tr", { class: "member-head" }, cells), body);
}

function pointed(context, path, name) {
  return { class: name, "data-pointer": context.pointer(path), "data-label": context.label(path.at(-1)) };
}

function removed(event, context, path) {
  const place = rows(event.target.closest("table")).indexOf(event.target.closest("tr"));
  context.restructure(() => context.remove(path));
  enter(context, path.slice(0, -1), place, 0);
}

function required(context, path, value) {
  const here = [...path, "required"];
  const onchange = (event) => (event.target.checked ? context.set(here, true) : context.remove(here));
  const box = el("input", { id: freshId(), type: "checkbox", "aria-label": context.nameOf(here), onchange });
  box.checked = value.required === true;
  return box;
}

// --- What a member takes: a type, or a reference in its place ---

function sourceOf(context, shape, path, value, source) {
  if (!shape.fields.type) {
    return referenceOf(context, shape, path, value, SOURCES.find((name) => name in shape.fields));
  }
  const given = typeof value.type === "string" ? { type: value.type } : isObject(value.type) ? value.type : {};
  const here = [...path, "type"];
  const onchange = (event) => {
    const field = take(shape, value, source, event.target.value);
    context.restructure(() => context.set(path, value), [...path, field]);
  };
  const chosen = source === "type" ? given.type : source;
  return el(
    "div",
    { class: "type", "data-pointer": context.pointer(here) },
    choice(context, here, chosen ?? "", options(shape), onchange, (name) => optionLabel(context, name)),
    source === "type" ? parameters(context, shape.fields.type, here, given) : null,
    source && source !== "type" ? referenceOf(context, shape, path, value, source) : null,
  );
}

function options(shape) {
  return [...Object.keys(shape.fields.type.cases).sort(), ...SOURCES.slice(1).filter((name) => name in shape.fields)];
}

function optionLabel(context, name) {
  return SOURCES.includes(name) ? `${context.label(name)} …` : name;
}

function referenceOf(context, shape, path, value, name) {
  const here = [...path, name];
  return el("div", pointed(context, here, "reference"), control(context, shape.fields[name], here, value[name] ?? ""));
}

/** Have `value` take `chosen`, a type or a field that refers to one, in place of what its field `source` says. */
function take(shape, value, source, chosen) {
  const field = SOURCES.includes(chosen) ? chosen : "type";
  if (source && source !== field) {
    delete value[source];
  }
  if (field === "type") {
    value.type = taggedBlank(shape.fields.type, chosen);
  } else {
    value[field] ??= initial(shape.fields[field]);
  }
  return field;
}

// --- Adding ---

/** The last row: a name and a type; Enter adds the member and waits for the next. */
function adder(context, shape, path, given, columns) {
  const label = filled(context.text("add_member"), { field: context.label(path.at(-1)) });
  const add = (name) => {
    const value = initial(shape.value);
    if (typed) {
      take(shape.value, value, "type", typed.value);
    }
    context.restructure(() => context.set([...path, name], value));
    enter(context, path, -1, 0);
  };
  const { input, fault, button, onkeydown } = newName(context, given, label, add);
  const typed = columns.source === "type" ? typeOfNew(context, shape.value, label, onkeydown) : null;
  return el(
    "tr",
    { class: "adder" },
    el("td", {}, input, fault),
    columns.source ? el("td", {}, typed) : null,
    el("td", { colspan: columns.required ? 2 : 1 }, button),
  );
}

function typeOfNew(context, shape, label, onkeydown) {
  return el(
    "select",
    { "aria-label": `${label}, ${context.label("type")}`, onkeydown },
    options(shape).map((name) => el("option", { value: name, selected: name === "string" }, optionLabel(context, name))),
  );
}

// --- The keyboard: up and down within a column, Enter as down ---

function walk(event, context, path) {
  const [cell, row] = [event.target.closest("td"), event.target.closest("tr")];
  const isOurs = event.target.matches("input:not([list])") && row.matches(".member-head, .adder");
  if (!(event.key in STEPS) || !isOurs || event.defaultPrevented || row.closest("table") !== event.currentTarget) {
    return;
  }
  event.preventDefault();
  const place = rows(event.currentTarget).indexOf(row) + STEPS[event.key];
  event.target.blur(); // a name that was typed is taken first, which may build the table anew
  enter(context, path, Math.max(place, 0), cell.cellIndex);
}

function rows(table) {
  return [...table.querySelectorAll(":scope > tbody > .member-head, :scope > tfoot > .adder")];
}

/** Go to a row of the table of the members at `path`, and there to a column, else to its name. */
function enter(context, path, place, column) {
  const row = rows(document.querySelector(`[data-table="${CSS.escape(context.pointer(path))}"]`)).at(place);
  const inputs = [row?.cells[column], row?.cells[0]].flatMap((cell) => [...(cell?.querySelectorAll("input, select") ?? [])]);
  inputs[0]?.focus();
}
