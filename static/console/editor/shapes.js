// What the shapes of the meta-model mean for a value: where it starts, and which names it holds.

/** The least that a new value of `shape` starts from. */
export function initial(shape) {
  switch (shape.sort) {
    case "Record":
      return blank(shape);
    case "LocalisedText":
    case "MapOf":
      return {};
    case "SetOf":
    case "ListOf":
      return [];
    case "Boolean":
      return true;
    case "Choice":
      return shape.default ?? shape.values[0];
    case "Integer":
      return shape.minimum;
    case "TypeExpression":
      return taggedBlank(shape, "string");
    case "Tagged":
      return taggedBlank(shape, Object.keys(shape.cases)[0]);
    default:
      return "";
  }
}

function blank(record) {
  const needed = Object.keys(record.fields).filter((name) => record.required.includes(name));
  if (record.one_of.length > 0 && needed.length === 0) {
    needed.push(record.one_of[0]);
  }
  return Object.fromEntries(needed.map((name) => [name, initial(record.fields[name])]));
}

/** The least that the case `name` of a tagged object or a type starts from. */
export function taggedBlank(shape, name) {
  return { [shape.tag]: name, ...blank(shape.cases[name]) };
}

/** Give every reference in `value` to the member `before` of the map `of` its new name, in place. */
export function followRename(shape, value, of, before, after) {
  const follow = (part, inner) => (isReference(part, of) && inner === before ? after : inner);
  const into = (holder, key, part) => {
    holder[key] = follow(part, holder[key]);
    followRename(part, holder[key], of, before, after);
  };
  if (value === null || typeof value !== "object") {
    return;
  }
  switch (shape.sort) {
    case "Record":
      for (const key of Object.keys(value)) {
        if (shape.fields[key]) {
          into(value, key, shape.fields[key]);
        }
      }
      break;
    case "Tagged":
      followRename(shape.cases[value[shape.tag]] ?? { sort: "FreeJson" }, value, of, before, after);
      break;
    case "ListOf":
      for (const place of value.keys()) {
        into(value, place, shape.item);
      }
      break;
    case "MapOf":
      for (const key of Object.keys(value)) {
        into(value, key, shape.value);
      }
      break;
    default:
  }
}

function isReference(shape, of) {
  return shape.sort === "MemberReference" && shape.of === of;
}

/** `holder` with the key `before` called `after`, in the same place. */
export function renamedKey(holder, before, after) {
  return Object.fromEntries(Object.entries(holder).map(([key, value]) => [key === before ? after : key, value]));
}

export function pointer(path) {
  return path.map((token) => `/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
