// What the page that describes the APIs says around the document, in English.

export const docs = {
  product: "Vestibule",
  title: "API reference",
  contents: "Contents",
  loading: "Loading the description of the API…",
  unreachable: "The description of the API cannot be loaded right now. Please load the page again.",
  file: "OpenAPI file",
  base: "Address",
  keys: "Keys",
  address: "In the address",
  body: "Body",
  "body.none": "No body.",
  optional: "optional",
  required: "required",
  answer: "Answer",
  failures: "Failures",
  "example.request": "Example",
  "example.answer": "Answer {status}",
  "fields.more": "{count} fields",
} as const;

export type DocsKey = keyof typeof docs;
