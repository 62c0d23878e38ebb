// Forms that a passkey fills in: the server says what is asked for, the authenticator answers, the form is sent.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    tell(form, "");
    try {
      await fillIn(form);
      form.submit();
    } catch (error) {
      tell(form, wordsFor(form, error));
    } finally {
      button.disabled = false;
    }
  });
}

async function fillIn(form) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    throw new Refusal(form.dataset.unsupported);
  }
  const { ceremony, options } = await begin(form);
  form.dataset.host = options.rpId ?? options.rp.id;
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  form.elements.ceremony.value = ceremony;
  form.elements.credential.value = JSON.stringify(credential.toJSON());
}

async function begin(form) {
  const response = await fetch(form.dataset.begin, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    redirect: "error",
  });
  const body = await response.json();
  if (body.type === "urn:oms:problem:fresh-authentication-required") {
    location.reload(); // the page itself asks for it
  }
  if (!response.ok) {
    throw new Refusal(body.detail);
  }
  return body;
}

/** Something that is told as it is. */
class Refusal extends Error {}

function wordsFor(form, error) {
  if (error instanceof Refusal) {
    return error.message;
  }
  switch (error.name) {
    case "NotAllowedError":
    case "AbortError":
      return form.dataset.cancelled;
    case "InvalidStateError":
      return form.dataset.known;
    case "SecurityError":
      return form.dataset.elsewhere.replace("{host}", form.dataset.host);
    case "NotSupportedError":
    case "ConstraintError":
      return form.dataset.unsupported;
    default:
      return form.dataset.failed;
  }
}

function tell(form, words) {
  const place = form.querySelector("[data-passkey-problem]");
  place.textContent = words;
}
