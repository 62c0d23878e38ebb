// The structured editor over a resource's JSON. The text area stays the truth that is sent.

import { dropDraft, draftKey, markSubmitted, readDraft, writeDraft } from "../drafts.js";
import { Checker } from "./check.js";
import { el, filled } from "./dom.js";
import { showFaults } from "./faults.js";
import { record } from "./form.js";
import { shapeOf } from "./schema.js";
import { followRename, isObject, pointer } from "./shapes.js";

const form = document.querySelector("[data-editor]");
const data = JSON.parse(document.getElementById("editor-data").textContent);
const shape = shapeOf(data.schema);
const textarea = form.elements.content;
const panel = form.querySelector("[data-panel=form]");
const status = form.querySelector("[data-status]");
const faults = form.querySelector("[data-faults]");
const foreseen = form.querySelector("[data-foreseen]");
const staleness = form.querySelector("[data-stale]");
const notice = form.querySelector("[data-notice]");
const key = draftKey(form.dataset.repository, form.dataset.branch, form.dataset.kind, form.dataset.original);

let content = null;
let violations = data.violations;
let warnings = [];
const open = new WeakSet();

// --- The content, by path ---

function parse() {
  try {
    content = JSON.parse(textarea.value);
    return null;
  } catch (error) {
    content = null;
    return error;
  }
}

function holderOf(path) {
  return path.slice(0, -1).reduce((holder, token) => holder[token], content);
}

const context = {
  languages: data.languages,
  text: (name) => data.texts[name],
  label: (name) => data.labels[name] ?? String(name),
  pointer,
  nameOf: (path) => path.map((token) => context.label(token)).join(", "),
  get: (path) => path.reduce((holder, token) => holder[token], content),
  set(path, value) {
    holderOf(path)[path.at(-1)] = value;
    written();
  },
  remove(path) {
    delete holderOf(path)[path.at(-1)];
    written();
  },
  renamed: (of, before, after) => {
    followRename(shape, content, of, before, after);
    written();
  },
  restructure(change, focus) {
    change();
    build(focus);
  },
  isOpen: (value) => open.has(value),
  toggle(value) {
    const opened = !open.has(value);
    open[opened ? "add" : "delete"](value);
    return opened;
  },
  async names(referring, search) {
    if (referring.sort === "MemberReference") {
      return Object.keys(content[referring.of] ?? {});
    }
    const query = new URLSearchParams({ ref: form.dataset.branch, search });
    for (const kind of referring.kinds) {
      query.append("kind", kind);
    }
    const response = await fetch(`${form.dataset.names}?${query}`);
    return response.ok && !response.redirected ? (await response.json()).names : [];
  },
};

/** The form changed the content: the text follows. */
function written() {
  textarea.value = JSON.stringify(content, null, 2);
  changed();
}

function changed() {
  keepDraft();
  checker.later();
}

function build(focus) {
  panel.replaceChildren(record(context, shape, [], content));
  showViolations();
  if (focus) {
    const part = panel.querySelector(`[data-pointer="${CSS.escape(pointer(focus))}"]`) ?? panel;
    const input = [...part.querySelectorAll("input, select, textarea")].find((each) => each.offsetParent);
    input?.focus();
  }
}

// --- The two views ---

const tabs = [...form.querySelectorAll("[role=tab]")];

function show(view) {
  const error = view === "form" ? parse() : null;
  if (error || (view === "form" && !isObject(content))) {
    showNotice(filled(data.texts.not_json, { message: error?.message ?? "" }), "error");
    show("json");
    return;
  }
  for (const tab of tabs) {
    const chosen = tab.dataset.view === view;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    form.querySelector(`[data-panel=${tab.dataset.view}]`).hidden = !chosen;
  }
  if (view === "form") {
    build();
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", () => show(tab.dataset.view));
  tab.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const other = tabs.find((each) => each !== tab);
      show(other.dataset.view);
      other.focus();
    }
  });
}

function lead(target) {
  if (panel.hidden && panel.contains(target)) {
    show("form");
  }
  target.scrollIntoView({ block: "center" });
  target.focus();
}

function showNotice(text, sort = "", ...more) {
  notice.className = `note ${sort}`;
  notice.replaceChildren(el("div", {}, text, ...more));
  notice.hidden = false;
}

// --- Checking while one types ---

function showViolations() {
  showFaults({ form, panel, list: faults, violations, warnings, lead });
}

/** Errors block and come first; what is only told does not look like one. */
function showStatus() {
  const [sort, text, count] = violations.length
    ? ["faulty", data.texts.faults, violations.length]
    : warnings.length
      ? ["warned", data.texts.warnings, warnings.length]
      : ["sound", data.texts.sound, 0];
  status.textContent = filled(text, { count });
  status.className = `status ${sort}`;
}

let told = "";

/** What the commit would break, drawn by the server; left alone where it is the same, so that what is open stays open. */
function showForeseen(html) {
  if (html !== told) {
    foreseen.innerHTML = html;
    foreseen.hidden = !html;
    told = html;
  }
}

const checker = new Checker(form, {
  asking() {
    status.textContent = data.texts.checking;
  },
  answer(found) {
    ({ violations, warnings } = found);
    showViolations();
    showStatus();
    showForeseen(found.foreseen.trim());
    staleness.innerHTML = found.stale;
    staleness.hidden = !found.stale;
  },
  signedOut() {
    const link = el("a", { href: form.dataset.login }, form.dataset.loginText);
    showNotice(data.texts.signed_out, "warning", " ", link);
    status.textContent = "";
  },
  failed() {
    status.textContent = data.texts.offline;
    status.className = "status faulty";
  },
});

// --- Drafts ---

function keepDraft() {
  const { name, message, expected_head: head } = form.elements;
  writeDraft(key, { text: textarea.value, name: name.value, message: message.value, head: head.value, at: Date.now() });
}

function restoreDraft() {
  const draft = readDraft(key);
  if (!draft || form.dataset.fresh === undefined || (draft.text === textarea.value && draft.name === form.elements.name.value)) {
    return;
  }
  textarea.value = draft.text;
  form.elements.name.value = draft.name;
  form.elements.message.value = draft.message;
  form.elements.expected_head.value = draft.head;
  const discard = () => {
    dropDraft(key);
    window.location.reload();
  };
  const time = new Date(draft.at).toLocaleString(document.documentElement.lang);
  const button = el("button", { type: "button", class: "button small", onclick: discard }, data.texts.discard);
  showNotice(filled(data.texts.draft, { time }), "", " ", button);
  checker.now();
}

textarea.addEventListener("input", changed);
form.elements.name.addEventListener("input", changed);
form.elements.message.addEventListener("input", keepDraft);
form.addEventListener("submit", () => {
  keepDraft();
  markSubmitted(key);
});

const isTyped = [textarea, form.elements.name].some((input) => input.value !== input.defaultValue);
if (!isTyped) {
  restoreDraft();
}
form.querySelector("[data-tabs]").hidden = false;
show("form");
if (isTyped || form.dataset.fresh === undefined) {
  changed(); // somebody typed before this script was there, or the server has sent back what was typed
}
