// One control for each sort of value that has no parts of its own.

import { el, filled, freshId, iconButton } from "./dom.js";

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const INTEGER = /^-?\d{1,15}$/;

function labelled(context, path, attributes) {
  return { id: freshId(), "aria-label": context.nameOf(path), ...attributes };
}

function textInput(context, path, value, read, attributes = {}) {
  const shown = value === null || value === undefined ? "" : String(value);
  const oninput = (event) => context.set(path, read(event.target.value));
  return el("input", labelled(context, path, { value: shown, autocomplete: "off", spellcheck: "false", oninput, ...attributes }));
}

function area(value, attributes) {
  const text = el("textarea", { rows: Math.min(12, Math.max(2, value.split("\n").length)), ...attributes });
  text.value = value;
  return text;
}

function numberOr(pattern) {
  return (text) => (pattern.test(text) ? Number(text) : text);
}

export function choice(context, path, value, values, onchange, labelOf = context.label) {
  const options = values.includes(value) ? values : [value, ...values];
  return el(
    "select",
    labelled(context, path, { onchange }),
    options.map((each) => el("option", { value: each, selected: each === value }, labelOf(each))),
  );
}

function checkbox(context, path, value) {
  const onchange = (event) => context.set(path, event.target.checked);
  const box = el("input", labelled(context, path, { type: "checkbox", onchange }));
  box.checked = value === true;
  return box;
}

/** A text in one language each; a bare text stays one until it is given languages. */
function localised(context, shape, path, value) {
  const write = shape.prose ? area : (text, attributes) => el("input", { value: text, ...attributes });
  if (typeof value === "string" && value !== "") {
    const attributes = labelled(context, path, { oninput: (event) => context.set(path, event.target.value) });
    const split = () => context.restructure(() => context.set(path, { [context.languages[0]]: context.get(path) }), path);
    const button = el("button", { type: "button", class: "button small quiet", onclick: split }, context.text("by_language"));
    return el("div", { class: "stack tight" }, write(value, attributes), el("div", {}, button));
  }
  const texts = typeof value === "object" && value !== null ? value : {};
  const languages = [...new Set([...context.languages, ...Object.keys(texts)])];
  return el("div", { class: "languages" }, languages.map((language) => oneLanguage(context, path, texts, language, write)));
}

function oneLanguage(context, path, texts, language, write) {
  const oninput = (event) => {
    const given = { ...context.get(path), [language]: event.target.value };
    if (event.target.value === "") {
      delete given[language];
    }
    context.set(path, given);
  };
  const id = freshId();
  const attributes = { id, lang: language, oninput, "aria-label": `${context.nameOf(path)}, ${language}` };
  return el(
    "div",
    { class: "language", "data-pointer": context.pointer([...path, language]) },
    el("label", { class: "tag", for: id }, language),
    write(texts[language] ?? "", attributes),
  );
}

/** Any JSON, typed as JSON; what cannot be read is said and not taken. */
function freeJson(context, path, value) {
  const fault = el("div", { class: "errorlist", role: "status" });
  const text = value === "" ? "" : JSON.stringify(value, null, 2);
  const oninput = (event) => {
    try {
      context.set(path, event.target.value.trim() === "" ? "" : JSON.parse(event.target.value));
      fault.textContent = "";
    } catch (error) {
      fault.textContent = filled(context.text("not_json"), { message: error.message });
    }
  };
  const attributes = labelled(context, path, { class: "code", spellcheck: "false", oninput });
  const input = text.includes("\n") ? area(text, attributes) : area(text, { ...attributes, rows: 1 });
  return el("div", {}, input, fault);
}

/** `input` with a list of the names that may stand there: resources' as one types, members' at once. */
function withNames(context, shape, input) {
  const list = freshId();
  const names = el("datalist", { id: list });
  const offer = async () => {
    const found = await context.names(shape, input.value);
    names.replaceChildren(...found.map((name) => el("option", { value: name })));
  };
  if (shape.sort === "Reference" || shape.sort === "MemberReference") {
    input.setAttribute("list", list);
    input.addEventListener("focus", offer);
    input.addEventListener("input", offer);
  }
  return el("div", { class: "grow" }, input, names);
}

/** Chips that can be taken away, and an input that adds one with Enter. */
function setOf(context, shape, path, value) {
  const items = Array.isArray(value) ? value : [];
  const put = (next) => context.restructure(() => context.set(path, next), path);
  const add = (input) => {
    const item = input.value.trim();
    if (item !== "" && !items.includes(item)) {
      put([...items, item]);
    }
  };
  const chips = items.map((item, place) =>
    el(
      "span",
      { class: "chip removable", "data-pointer": context.pointer([...path, place]) },
      String(item),
      iconButton("cross", filled(context.text("remove"), { name: item }), () => put(items.filter((other) => other !== item))),
    ),
  );
  const onkeydown = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add(event.target);
    }
  };
  const onchange = (event) => add(event.target);
  const attributes = { placeholder: context.text("add_item"), autocomplete: "off", spellcheck: "false", onkeydown, onchange };
  const input = el("input", labelled(context, path, attributes));
  return el("div", { class: "chips editable" }, chips, withNames(context, shape.item, input));
}

/** The control for `value` of `shape` at `path`; undefined where the shape has parts. */
export function control(context, shape, path, value) {
  switch (shape.sort) {
    case "Boolean":
      return checkbox(context, path, value);
    case "Choice":
      return choice(context, path, value, shape.values, (event) => context.set(path, event.target.value));
    case "LocalisedText":
      return localised(context, shape, path, value);
    case "FreeJson":
      return freeJson(context, path, value);
    case "SetOf":
      return setOf(context, shape, path, value);
    case "Integer":
      return textInput(context, path, value, numberOr(INTEGER), { inputmode: "numeric" });
    case "Bound": {
      const read = typeof value === "string" && value !== "" ? (text) => text : numberOr(NUMBER);
      return textInput(context, path, value, read);
    }
    case "Date":
      return textInput(context, path, value, (text) => text, { type: "date" });
    case "Reference":
    case "MemberReference":
      return withNames(context, shape, textInput(context, path, value, (text) => text, { class: "code" }));
    case "Text":
      return textInput(context, path, value, (text) => text);
    default:
      return undefined;
  }
}
