// The form over a content: records, maps, lists, types and tagged objects, down to the simple controls.

import { choice, control } from "./controls.js";
import { el, filled, icon, iconButton } from "./dom.js";
import { members } from "./members.js";
import { newName } from "./names.js";
import { initial, isObject, taggedBlank } from "./shapes.js";

const UNKNOWN = { sort: "FreeJson" };

/** Any value of `shape`. */
function part(context, shape, path, value) {
  switch (shape.sort) {
    case "Record":
      return record(context, shape, path, value);
    case "MapOf":
      return shape.value.sort === "Record" ? members(context, shape, path, value) : entries(context, shape, path, value);
    case "ListOf":
      return list(context, shape, path, value);
    case "TypeExpression":
      return type(context, shape, path, value);
    case "Tagged":
      return tagged(context, shape, path, value);
    default:
      return control(context, shape, path, value);
  }
}

/** The fields that are there, each with its control, and a choice of those that are not. */
export function record(context, shape, path, value, elsewhere = []) {
  const given = isObject(value) ? value : {};
  const hidden = (name) => elsewhere.includes(name) || shape.fields[name]?.sort === "Identity";
  const known = Object.keys(shape.fields).filter((name) => name in given);
  const unknown = Object.keys(given).filter((name) => !(name in shape.fields));
  const absent = Object.keys(shape.fields).filter((name) => !(name in given) && !hidden(name));
  return el(
    "div",
    { class: "record" },
    [...known, ...unknown].filter((name) => !hidden(name)).map((name) => field(context, shape, path, name, given[name])),
    absent.length > 0 ? addField(context, shape, path, absent) : null,
  );
}

function field(context, shape, path, name, value) {
  const here = [...path, name];
  const remove = () => context.restructure(() => context.remove(here), path);
  const label = context.label(name);
  return el(
    "div",
    { class: "part", "data-pointer": context.pointer(here) },
    el("div", { class: "part-label" }, label),
    el("div", { class: "part-value" }, part(context, shape.fields[name] ?? UNKNOWN, here, value)),
    shape.required.includes(name) ? el("span") : iconButton("cross", filled(context.text("remove"), { name: label }), remove),
  );
}

function addField(context, shape, path, absent) {
  const onchange = (event) => {
    const name = event.target.value;
    context.restructure(() => context.set([...path, name], initial(shape.fields[name])), [...path, name]);
  };
  const prompt = context.text("add_field");
  return el(
    "div",
    { class: "add-field" },
    el(
      "select",
      { "aria-label": path.length > 0 ? `${prompt}: ${context.nameOf(path)}` : prompt, onchange },
      el("option", { value: "" }, `${prompt} …`),
      absent.map((name) => el("option", { value: name }, context.label(name))),
    ),
  );
}

/** A map of free JSON. */
function entries(context, shape, path, value) {
  const given = isObject(value) ? value : {};
  const rows = Object.entries(given).map(([name, each]) => {
    const here = [...path, name];
    const remove = () => context.restructure(() => context.remove(here), path);
    return el(
      "div",
      { class: "part", "data-pointer": context.pointer(here) },
      el("div", { class: "part-label code" }, name),
      el("div", { class: "part-value" }, part(context, shape.value, here, each)),
      iconButton("cross", filled(context.text("remove"), { name }), remove),
    );
  });
  const label = filled(context.text("add_member"), { field: context.label(path.at(-1)) });
  const add = (name) => context.restructure(() => context.set([...path, name], initial(shape.value)), [...path, name]);
  const { input, fault, button } = newName(context, given, label, add);
  return el("div", { class: "record" }, rows, el("div", { class: "adder" }, input, button), fault);
}

// --- Lists, whose order means something ---

function list(context, shape, path, value) {
  const items = Array.isArray(value) ? value : [];
  const put = (next, focus) => context.restructure(() => context.set(path, next), focus);
  const swap = (place, other) => {
    const next = [...items];
    [next[place], next[other]] = [next[other], next[place]];
    put(next, [...path, other]);
  };
  const add = () => put([...items, initial(shape.item)], [...path, items.length]);
  const rows = items.map((item, place) => {
    const here = [...path, place];
    const up = iconButton("up", context.text("move_up"), () => swap(place, place - 1));
    const down = iconButton("down", context.text("move_down"), () => swap(place, place + 1));
    up.disabled = place === 0;
    down.disabled = place === items.length - 1;
    const remove = () => put(items.filter((_, other) => other !== place), path);
    return el(
      "li",
      { class: "item", "data-pointer": context.pointer(here) },
      el("div", { class: "grow" }, part(context, shape.item, here, item)),
      up,
      down,
      iconButton("cross", filled(context.text("remove"), { name: String(place + 1) }), remove),
    );
  });
  const button = el("button", { type: "button", class: "button small", onclick: add }, icon("plus"), context.text("add_item"));
  return el("div", { class: "stack tight" }, el("ol", { class: "items" }, rows), el("div", {}, button));
}

// --- Types, and objects whose tag says what they are ---

function type(context, shape, path, value) {
  const given = typeof value === "string" ? { type: value } : isObject(value) ? value : {};
  const onchange = (event) => context.restructure(() => context.set(path, taggedBlank(shape, event.target.value)), path);
  return el(
    "div",
    { class: "type" },
    choice(context, path, given.type ?? "", Object.keys(shape.cases).sort(), onchange, (name) => name),
    parameters(context, shape, path, given),
  );
}

/** The parameters of the type `given`, each with its control. */
export function parameters(context, shape, path, given) {
  return Object.entries(shape.cases[given.type]?.fields ?? {}).map(([name, parameter]) =>
    el(
      "div",
      { class: "type-parameter", "data-pointer": context.pointer([...path, name]) },
      el("span", { class: "soft small" }, context.label(name)),
      part(context, parameter, [...path, name], given[name] ?? ""),
    ),
  );
}

function tagged(context, shape, path, value) {
  const given = isObject(value) ? value : {};
  const tag = given[shape.tag] ?? "";
  const onchange = (event) =>
    context.restructure(() => context.set(path, taggedBlank(shape, event.target.value)), path);
  const fields = shape.cases[tag];
  return el(
    "div",
    { class: "tagged" },
    choice(context, path, tag, Object.keys(shape.cases), onchange),
    fields ? record(context, fields, path, given, [shape.tag]) : null,
  );
}
