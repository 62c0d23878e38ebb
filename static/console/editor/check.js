// Asking the server, while one types, what a commit would meet.

const PAUSE = 450;

/** Calls `answer` with what the server says of the form, at most one question at a time. */
export class Checker {
  constructor(form, { asking, answer, signedOut, failed }) {
    this.form = form;
    this.hooks = { asking, answer, signedOut, failed };
    this.timer = null;
    this.running = null;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE);
  }

  async now() {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.hooks.asking();
    try {
      const response = await fetch(this.form.dataset.check, {
        method: "POST",
        body: new FormData(this.form),
        signal: running.signal,
      });
      if (response.redirected || response.status === 403) {
        this.hooks.signedOut();
      } else if (response.ok) {
        this.hooks.answer(await response.json());
      } else {
        this.hooks.failed();
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        this.hooks.failed();
      }
    }
  }
}
