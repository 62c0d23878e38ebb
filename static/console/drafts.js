// What was typed and not committed yet, kept in the browser until it has landed.

const PREFIX = "oms:draft:";
const SUBMITTED = "oms:submitted";

export function draftKey(...parts) {
  return PREFIX + parts.map(encodeURIComponent).join("/");
}

export function readDraft(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function writeDraft(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // The browser's store is full or closed; the page itself still holds what was typed.
  }
}

export function dropDraft(key) {
  localStorage.removeItem(key);
}

/** Remember which draft a form sends, so that it can go once the next page says that it has landed. */
export function markSubmitted(key) {
  sessionStorage.setItem(SUBMITTED, key);
}

export function forgetCommitted() {
  const key = sessionStorage.getItem(SUBMITTED);
  if (key && document.querySelector(".message.committed")) {
    dropDraft(key);
    sessionStorage.removeItem(SUBMITTED);
  }
}
