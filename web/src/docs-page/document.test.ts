import { expect, test } from "vitest";
import { type ApiDocument, commandOf, type Entry, fieldsOf, groupsOf, kindOf } from "./document";

const create: Entry = {
  method: "POST",
  path: "/v1/rooms",
  operation: {
    operationId: "rooms_create_room",
    summary: "Make a room",
    tags: ["rooms"],
    requestBody: { content: { "application/json": { schema: {}, example: { name: "ward" } } } },
    responses: {},
  },
};

const sample: ApiDocument = {
  info: { title: "Vestibule" },
  servers: [{ url: "https://video.clinic.example" }],
  tags: [{ name: "rooms", description: "Places." }],
  paths: { "/v1/rooms": { post: create.operation } },
  components: {
    schemas: {
      Room: { type: "object", required: ["name"], properties: { name: { type: "string" }, exp: { type: "integer" } } },
    },
    responses: {},
    securitySchemes: {},
  },
};

test("operations stand in their group", () => {
  expect(groupsOf(sample).map(({ name, entries }) => [name, entries])).toEqual([["rooms", [create]]]);
});

test.each([
  [{ anyOf: [{ type: "integer", minimum: 1, maximum: 100 }, { type: "null" }] }, "integer, 1 to 100"],
  [{ enum: ["public", "private"] }, '"public" · "private"'],
  [{ type: "array", items: { $ref: "#/components/schemas/Room" } }, "list of object"],
  [{}, "anything"],
])("%j is called %s", (schema, said) => {
  expect(kindOf(sample, schema)).toBe(said);
});

test("the fields of a list's entries are found, with what must be there", () => {
  const room = { $ref: "#/components/schemas/Room" };
  const fields = [
    ["name", { type: "string" }, true],
    ["exp", { type: "integer" }, false],
  ];
  for (const schema of [room, { type: "array", items: room }, { anyOf: [room, { type: "null" }] }]) {
    expect(fieldsOf(sample, schema)).toEqual(fields);
  }
  expect(fieldsOf(sample, { type: "string" })).toEqual([]);
});

test("a command asks with a key and the example's body", () => {
  expect(commandOf(sample, create)).toBe(
    'curl -X POST "https://video.clinic.example/v1/rooms" \\\n  -H "Authorization: Bearer $API_KEY" \\\n' +
      "  -H \"Content-Type: application/json\" \\\n  -d '{\n  \"name\": \"ward\"\n}'",
  );
});
