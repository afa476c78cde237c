import { Described } from "./described";
import { type ApiDocument, fieldsOf, kindOf, type Schema, schemaOf } from "./document";
import { say } from "./say";

const DEEPEST = 4; // levels of objects in objects; nobody reads on

/** The fields of a shape, or what it is if it has none. */
export function Fields({
  api,
  schema,
  depth = 0,
  isAnswer = false,
}: {
  api: ApiDocument;
  schema: Schema;
  depth?: number;
  isAnswer?: boolean;
}) {
  const fields = fieldsOf(api, schema);
  if (fields.length === 0) {
    return (
      <p class="field-kind">
        <Described text={schemaOf(api, schema).description ?? kindOf(api, schema)} />
      </p>
    );
  }
  return (
    <dl class="fields">
      {fields.map(([name, field, required]) => (
        <Field
          key={name}
          api={api}
          name={name}
          schema={field}
          required={required && !isAnswer}
          depth={depth}
          isAnswer={isAnswer}
        />
      ))}
    </dl>
  );
}

/** One field or parameter; the fields inside it open on demand. */
export function Field({
  api,
  name,
  schema,
  required,
  depth = 0,
  isAnswer = false,
}: {
  api: ApiDocument;
  name: string;
  schema: Schema;
  required: boolean;
  depth?: number;
  isAnswer?: boolean;
}) {
  const inner = depth < DEEPEST ? fieldsOf(api, schema) : [];
  const description = schemaOf(api, schema).description;
  return (
    <div class="named-field">
      <dt>
        <code>{name}</code> <span class="field-kind">{kindOf(api, schema)}</span>{" "}
        {required && <span class="field-required">{say("required")}</span>}
      </dt>
      <dd>
        {description && <Described text={description} />}
        {inner.length > 0 && (
          <details>
            <summary>{say("fields.more", { count: inner.length })}</summary>
            <Fields api={api} schema={schema} depth={depth + 1} isAnswer={isAnswer} />
          </details>
        )}
      </dd>
    </div>
  );
}
