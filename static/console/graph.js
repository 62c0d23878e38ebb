// The picture of an ontology: moving about in it, finding types, following ties. The server draws it.

const STEP = 1.25;
const CLOSEST = 260; // units of the picture across the view at the closest
const FURTHEST = 1.15; // of the whole
const LARGEST = 1.15; // pixels a unit up to which a small picture is enlarged to fill the view
const LEGIBLE = 0.75; // pixels a unit from which on names of links can be read
const SMALL = 0.55; // pixels a unit below which a neighbourhood is not shown whole at first
const DRAGGED = 4; // pixels from which on a press is no click

const figure = document.querySelector("[data-graph]");
if (figure) {
  start(figure, figure.querySelector("[data-picture]"));
}

function start(frame, picture) {
  const whole = { ...box(picture.viewBox.baseVal) };
  const nodes = [...picture.querySelectorAll("[data-node]")];
  const ties = [...picture.querySelectorAll("[data-from]")];
  const wholeLink = document.querySelector("[data-graph-whole]");
  let view = whole;

  // --- The view ---

  function size() {
    const { width, height } = picture.getBoundingClientRect();
    return { width: width || 1, height: height || 1 };
  }

  function show({ x, y, width }) {
    const pixels = size();
    const height = (width * pixels.height) / pixels.width;
    view = { x, y, width, height };
    picture.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    picture.classList.toggle("close", pixels.width / width >= LEGIBLE);
  }

  function fitting() {
    const pixels = size();
    const width = Math.max(whole.width, (whole.height * pixels.width) / pixels.height, pixels.width / LARGEST);
    const height = (width * pixels.height) / pixels.width;
    return { x: whole.x + (whole.width - width) / 2, y: whole.y + (whole.height - height) / 2, width, height };
  }

  const fit = () => show(fitting());

  /** The whole; where that is too small to read, what is around the focus. */
  function begin() {
    fit();
    const focus = picture.querySelector(".focus");
    if (focus && size().width / view.width < SMALL) {
      const at = middle(bounds(focus));
      const width = size().width / LEGIBLE;
      const height = size().height / LEGIBLE;
      show({ x: at.x - width / 2, y: at.y - height / 2, width });
    }
  }

  /** Zoom by `factor` about a point of the picture, what has the focus or else the middle unless one is given. */
  function zoom(factor, about = middle(focused() ? bounds(focused()) : view)) {
    const width = Math.min(Math.max(view.width / factor, CLOSEST), fitting().width * FURTHEST);
    const scale = width / view.width;
    show({ x: about.x - (about.x - view.x) * scale, y: about.y - (about.y - view.y) * scale, width });
  }

  function pan(pixelsX, pixelsY) {
    const unit = view.width / size().width;
    show({ x: view.x - pixelsX * unit, y: view.y - pixelsY * unit, width: view.width });
  }

  function place(event) {
    const at = picture.getBoundingClientRect();
    const unit = view.width / size().width;
    return { x: view.x + (event.clientX - at.left) * unit, y: view.y + (event.clientY - at.top) * unit };
  }

  function focused() {
    return document.activeElement?.closest("[data-node]");
  }

  function bring(node) {
    const at = bounds(node);
    const x = Math.min(Math.max(view.x, at.x + at.width + 20 - view.width), at.x - 20);
    const y = Math.min(Math.max(view.y, at.y + at.height + 20 - view.height), at.y - 20);
    show({ x, y, width: view.width });
  }

  // --- Ties of what one looks at ---

  function trace(node) {
    const number = node?.dataset.node;
    const near = new Set([number]);
    for (const tie of ties) {
      const { from, to } = tie.dataset;
      const traced = number !== undefined && (from === number || to === number);
      tie.classList.toggle("traced", traced);
      if (traced) {
        near.add(from).add(to);
      }
    }
    for (const each of nodes) {
      each.classList.toggle("traced", near.has(each.dataset.node));
    }
    picture.classList.toggle("tracing", number !== undefined);
  }

  for (const node of nodes) {
    node.addEventListener("pointerenter", () => trace(node));
    node.addEventListener("pointerleave", () => trace(focused()));
    node.addEventListener("blur", () => trace());
    node.addEventListener("focus", () => {
      trace(node);
      bring(node);
    });
  }

  // --- Keys ---

  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /** To the next box in a direction, rather straight on than near; without one to start from, to the middle one. */
  function step([dx, dy]) {
    const from = focused();
    const here = middle(from ? bounds(from) : view);
    const ranked = nodes.map((node) => {
      const at = middle(bounds(node));
      const [x, y] = [at.x - here.x, (at.y - here.y) * 2]; // boxes are wide: a row below is as far as a box beside
      const [along, across] = [x * dx + y * dy, Math.abs(x * dy + y * dx)];
      return from ? { node, along, far: along + 2 * across } : { node, along: Infinity, far: Math.hypot(x, y) };
    });
    const there = ranked.filter(({ along, far }) => along > 1 && far - along < 4 * along);
    there.sort((one, other) => one.far - other.far)[0]?.node.focus();
  }

  function escape() {
    if (wholeLink) {
      wholeLink.click();
      return;
    }
    document.activeElement?.blur();
    fit();
  }

  const KEYS = { "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), Escape: escape };

  document.addEventListener("keydown", (event) => {
    const elsewhere = event.target !== document.body && !frame.contains(event.target);
    if (elsewhere || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const action = DIRECTIONS[event.key] ? () => step(DIRECTIONS[event.key]) : KEYS[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });

  // --- Pointers: one pans, two zoom ---

  const pointers = new Map();
  let travelled = 0;

  picture.addEventListener("pointerdown", (event) => {
    if (event.button === 0) {
      pointers.set(event.pointerId, event);
      travelled = 0;
    }
  });
  picture.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      return;
    }
    pointers.set(event.pointerId, event);
    const dx = event.clientX - before.clientX;
    const dy = event.clientY - before.clientY;
    travelled += Math.abs(dx) + Math.abs(dy);
    if (travelled < DRAGGED) {
      return;
    }
    if (!picture.hasPointerCapture(event.pointerId)) {
      picture.setPointerCapture(event.pointerId);
    }
    const other = [...pointers.values()].find((each) => each.pointerId !== event.pointerId);
    if (other) {
      zoom(distance(event, other) / (distance(before, other) || 1), place(other));
    } else {
      pan(dx, dy);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    picture.addEventListener(end, (event) => pointers.delete(event.pointerId));
  }
  picture.addEventListener(
    "click",
    (event) => {
      if (travelled >= DRAGGED) {
        event.preventDefault();
      }
      travelled = 0;
    },
    { capture: true },
  );
  picture.addEventListener("dragstart", (event) => event.preventDefault()); // links are not dragged away
  picture.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(STEP ** (-event.deltaY / 60), place(event));
      }
    },
    { passive: false },
  );

  // --- Search: what matches while one types ---

  const search = document.querySelector("[data-graph-search] input[type=search]");
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const node of nodes) {
      node.classList.toggle("match", wanted !== "" && node.dataset.name.toLowerCase().includes(wanted));
    }
    picture.classList.toggle("searching", wanted !== "");
  });

  // --- Buttons ---

  const BUTTONS = { in: () => zoom(STEP), out: () => zoom(1 / STEP), fit };
  for (const button of frame.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", BUTTONS[button.dataset.zoom]);
  }
  for (const tools of frame.querySelectorAll("[data-graph-tools]")) {
    tools.hidden = false;
  }
  new ResizeObserver(begin).observe(picture);
  picture.querySelector(".focus")?.focus({ preventScroll: true });
}

function box({ x, y, width, height }) {
  return { x, y, width, height };
}

/** Where a node is in the picture. */
function bounds(node) {
  return box(node.querySelector("rect").getBBox());
}

function middle({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

function distance(one, other) {
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
}
