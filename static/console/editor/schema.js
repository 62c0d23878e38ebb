// The JSON Schema of a kind, read as the shapes that the form draws.

/** The shape of the contents that `document` describes; what refers to itself is one shape that holds itself. */
export function shapeOf(document) {
  const shapes = new Map();
  const resolved = (node) => (node.$ref ? document.$defs[node.$ref.slice("#/$defs/".length)] : node);
  const shape = (node) => {
    const target = resolved(node);
    if (!shapes.has(target)) {
      const made = { default: target.default };
      shapes.set(target, made);
      Object.assign(made, described(target, shape, resolved));
    }
    return shapes.get(target);
  };
  return shape(document);
}

function described(node, shape, resolved) {
  const meaning = node["x-oms"] ?? {};
  if (meaning.identity) {
    return { sort: "Identity" };
  } else if (meaning.reference) {
    return { sort: "Reference", kinds: meaning.reference };
  } else if (meaning.member_of) {
    return { sort: "MemberReference", of: meaning.member_of };
  } else if (meaning.localised) {
    return { sort: "LocalisedText", prose: meaning.localised === "prose" };
  } else if (meaning.tag) {
    return tagged(meaning.tag, node.oneOf.map(resolved), shape);
  } else if (node.properties) {
    return record(node, shape);
  } else if (node.enum) {
    return { sort: "Choice", values: node.enum };
  }
  return byType(node, meaning, shape);
}

function byType(node, meaning, shape) {
  switch (String(node.type)) {
    case "object":
      return { sort: "MapOf", value: shape(node.additionalProperties) };
    case "array":
      return { sort: meaning.set ? "SetOf" : "ListOf", item: shape(node.items) };
    case "boolean":
      return { sort: "Boolean" };
    case "integer":
      return { sort: "Integer", minimum: node.minimum };
    case "number,string":
      return { sort: "Bound" };
    case "string":
      return { sort: node.format === "date" ? "Date" : "Text" };
    default:
      return { sort: "FreeJson" };
  }
}

function record(node, shape) {
  return {
    sort: "Record",
    fields: Object.fromEntries(Object.entries(node.properties).map(([name, field]) => [name, shape(field)])),
    required: node.required ?? [],
    one_of: (node.anyOf ?? []).map((each) => each.required[0]),
  };
}

/** An object whose field `tag` says which of its cases it is; where a bare text will do, it is a type. */
function tagged(tag, branches, shape) {
  const cases = {};
  for (const branch of branches.filter((each) => each.properties)) {
    const { [tag]: told, ...properties } = branch.properties;
    const fields = record({ ...branch, properties, required: branch.required.filter((name) => name !== tag) }, shape);
    for (const name of told.enum ?? [told.const]) {
      cases[name] = fields;
    }
  }
  return { sort: branches.some((each) => each.type === "string") ? "TypeExpression" : "Tagged", tag, cases };
}
