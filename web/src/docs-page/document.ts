// The parts of an OpenAPI document that the page shows, and how it reads them. No DOM here.

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: Schema | boolean;
  required?: readonly string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
}

export interface Content {
  schema?: Schema;
  example?: unknown;
}

export interface Answer {
  $ref?: string;
  description?: string;
  content?: Readonly<Record<string, Content>>;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema: Schema;
}

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: readonly string[];
  parameters?: readonly Parameter[];
  requestBody?: { required?: boolean; content: Readonly<Record<string, Content>> };
  responses: Readonly<Record<string, Answer>>;
}

export interface ApiDocument {
  info: { title: string; summary?: string; description?: string };
  servers: readonly { url: string }[];
  tags: readonly { name: string; description: string }[];
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: {
    schemas: Readonly<Record<string, Schema>>;
    responses: Readonly<Record<string, Answer>>;
    securitySchemes: Readonly<Record<string, { description?: string }>>;
  };
}

/** One thing that can be asked. */
export interface Entry {
  method: string;
  path: string;
  operation: Operation;
}

export interface Group {
  name: string;
  id: string;
  description: string;
  entries: readonly Entry[];
}

const JSON_TYPE = "application/json";

/** The operations by group, in the order of the document's tags. */
export function groupsOf(document: ApiDocument): Group[] {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return document.tags.map(({ name, description }) => ({
    name,
    id: `group-${name.replace(/\W+/g, "-")}`,
    description,
    entries: entries.filter(({ operation }) => operation.tags[0] === name),
  }));
}

/** What a reference stands for; itself, if it is none. */
export function schemaOf(document: ApiDocument, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  const found = name === undefined ? undefined : document.components.schemas[name];
  return found === undefined ? schema : { ...found, ...withoutReference(schema) };
}

function withoutReference({ $ref: _, ...rest }: Schema): Schema {
  return rest;
}

export function answerOf(document: ApiDocument, answer: Answer): Answer {
  const name = answer.$ref?.split("/").at(-1);
  return (name === undefined ? undefined : document.components.responses[name]) ?? answer;
}

export function jsonOf(part: { content?: Readonly<Record<string, Content>> } | undefined): Content | undefined {
  return part?.content?.[JSON_TYPE];
}

/** The alternatives of a shape but `null`, which can stand for the default nearly everywhere. */
function alternatives(schema: Schema): readonly Schema[] {
  return (schema.anyOf ?? [schema]).filter(({ type }) => type !== "null");
}

/** What a value may be, in a few words. */
export function kindOf(document: ApiDocument, schema: Schema): string {
  const kinds = alternatives(schema).map((each) => plainKindOf(document, each));
  return [...new Set(kinds)].join(" or ");
}

function plainKindOf(document: ApiDocument, schema: Schema): string {
  const found = schemaOf(document, schema);
  if (found.anyOf) return kindOf(document, found);
  if (found.const !== undefined) return JSON.stringify(found.const);
  if (found.enum) return found.enum.map((value) => JSON.stringify(value)).join(" · ");
  if (found.type === "array") return found.items ? `list of ${kindOf(document, found.items)}` : "list";
  return [found.type ?? "anything", found.format, limits(found)].filter(Boolean).join(", ");
}

function limits({ minimum, maximum, maxLength }: Schema): string {
  const parts = [];
  if (minimum !== undefined && maximum !== undefined) parts.push(`${minimum} to ${maximum}`);
  else if (minimum !== undefined) parts.push(`from ${minimum}`);
  else if (maximum !== undefined) parts.push(`up to ${maximum}`);
  if (maxLength !== undefined) parts.push(`at most ${maxLength} characters`);
  return parts.join(", ");
}

/** The fields of a shape, of what is in its list, or of its first alternative that has any. */
export function fieldsOf(document: ApiDocument, schema: Schema): [string, Schema, boolean][] {
  for (const each of alternatives(schema)) {
    const found = schemaOf(document, each);
    if (found.properties) {
      const required = found.required ?? [];
      return Object.entries(found.properties).map(([name, field]) => [name, field, required.includes(name)]);
    }
    const inner = found.items ?? (found.anyOf ? found : undefined);
    const fields = inner && inner !== schema ? fieldsOf(document, inner) : [];
    if (fields.length > 0) return fields;
  }
  return [];
}

/** A command for a terminal that asks this. */
export function commandOf(document: ApiDocument, { method, path, operation }: Entry): string {
  const server = document.servers[0]?.url ?? "";
  const key = path.startsWith("/v1/organizations") ? "$TOKEN" : "$API_KEY";
  const lines = [`curl -X ${method} "${server}${path}"`, `-H "Authorization: Bearer ${key}"`];
  const body = jsonOf(operation.requestBody)?.example;
  if (body !== undefined) {
    lines.push(`-H "Content-Type: application/json"`, `-d '${JSON.stringify(body, null, 2)}'`);
  }
  return lines.join(" \\\n  ");
}
